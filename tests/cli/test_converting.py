"""`segbench convert` and `segbench sql`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb
import pytest
import sqlglot
import workbenches

from segbench.cli.converting import SOURCES, TARGETS
from segbench.engine.sql import DIALECTS
from segbench.files import SegmentFile, read, read_text, write
from segbench.model.ask import field, tag
from segbench.model.rules import Group
from segbench.model.segment import Segment

RULES = Group(rules=(field("country").is_any_of("DE"), tag("VIP")))


@pytest.fixture
def file(here: Path) -> Path:
    write(SegmentFile(Segment("Mine", RULES)), here / "Mine.json")
    return here / "Mine.json"


@pytest.mark.parametrize("target", ["json", "yaml", "text"])
def test_our_own_formats_say_the_same(target: Any, file: Path, run: Any) -> None:
    result = run("convert", file, "--to", target)
    assert (result.exit_code, result.stderr) == (0, "")
    assert read_text(result.stdout, target, "Mine") == read(file)


def test_what_a_text_has_no_place_for_is_told(here: Path, run: Any) -> None:
    write(SegmentFile(Segment("Mine", RULES, "Why.")), here / "a.yaml")
    result = run("convert", "a.yaml", "--to", "text")
    assert result.exit_code == 3
    assert "description" in result.stderr
    assert result.stdout.startswith("country is any of")


def test_a_query_of_another_tool_goes_in_and_out(here: Path, demo: Path, run: Any) -> None:
    query = {
        "combinator": "and",
        "rules": [{"field": "country", "operator": "=", "value": "DE"}],
    }
    (here / "theirs.json").write_text(json.dumps(query), "utf-8")
    words = ("convert", "theirs.json", "--from", "react-querybuilder", "--to", "yaml")
    assert "no field 'country'" in run(*words).stderr
    into = run(*words, "-w", demo)
    assert into.exit_code == 0, into.stderr
    assert "name: theirs\n" in into.stdout
    assert 'country is "DE"' in into.stdout
    (here / "ours.yaml").write_text(into.stdout, "utf-8")
    back = run("convert", "ours.yaml", "--to", "react-querybuilder")
    assert json.loads(back.stdout)["rules"][0]["value"] == "DE"


def test_what_does_not_map_is_told_and_gives_exit_code_3(file: Path, here: Path, run: Any) -> None:
    result = run("convert", file, "--to", "jsonlogic", "--output", "out.json")
    assert (result.exit_code, result.stdout) == (3, "")
    assert result.stderr.startswith("Not everything maps:\n")
    assert json.loads((here / "out.json").read_text("utf-8"))


@pytest.mark.parametrize("source", sorted(set(SOURCES) - {"text"}))
def test_a_file_of_another_format_is_refused(source: str, here: Path, refused: Any) -> None:
    (here / "a.bin").write_bytes(b"\xff\xfe[")
    assert "UTF-8" in refused("convert", "a.bin", "--from", source, "--to", "yaml")


def test_there_are_formats_to_choose_from() -> None:
    assert {"json", "yaml", "text", "react-querybuilder", "hubspot", "klaviyo"} == set(SOURCES)
    assert {"json", "yaml", "text", "react-querybuilder", "jsonlogic"} == set(TARGETS)


def test_a_segment_as_sql_holds_its_contacts(file: Path, demo: Path, run: Any) -> None:
    query = run("sql", file, "-w", demo).stdout
    assert query.startswith("-- Segment 'Mine' as of 2026-10-23 00:00:00 UTC\n-- Contacts where ")
    workbench = workbenches.opened()
    data = duckdb.connect()
    for name in ("contacts", "tags", "events"):
        data.register(name, workbench.engine.snapshot.table(name).to_pyarrow())
    keys = {key for (key,) in data.execute(query).fetchall()}
    assert keys == set(workbench.contacts(RULES, ["key"])["key"])
    assert keys


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_saved_segment_as_sql_of_any_dialect(dialect: str, demo: Path, run: Any) -> None:
    query = run("sql", "Customers", "-w", demo, "--dialect", dialect).stdout
    assert sqlglot.parse_one(query, dialect=DIALECTS[dialect][1])


@pytest.mark.parametrize("name", ["mine.yaml", "mine.json", "mine.txt", "mine.segment"])
def test_a_file_stands_for_a_saved_segment(name: str, here: Path, demo: Path, run: Any) -> None:
    write(SegmentFile(Segment("mine", RULES)), here / name)
    wanted = f"{workbenches.opened().count(RULES):,}\n"
    assert run("count", name, "-w", demo).stdout == wanted
    assert "Country is" in run("describe", name, "-w", demo).stdout
    assert "mine" in run("overlap", name, "Customers", "-w", demo).stdout
    assert wanted.strip() != "0"
