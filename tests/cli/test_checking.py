"""`segbench check`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from segbench.files import schema
from segbench.model.ask import did, field, in_segment, tag
from segbench.model.codec import to_json
from segbench.model.rules import Group
from segbench.model.segment import Segment


def put(here: Path, name: str, text: str) -> Path:
    path = here / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def yaml(name: str, rules: str) -> str:
    lines = "".join(f"  {line}\n" for line in rules.splitlines())
    return f"segbench: segment\nformat: 2\nname: {name}\ngroup: |\n{lines}"


def test_a_sound_file_is_quiet(run: Any, here: Path) -> None:
    result = run("check", put(here, "a.yaml", yaml("a", 'anything is "x"\nand tag is "y"')))
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "1 file checked.\n"


def test_a_finding_is_a_line_with_file_row_level_and_code(run: Any, here: Path) -> None:
    group = Group(rules=(tag("a"), tag("b") | Group(rules=(field("age").between(5, 1),))))
    put(here, "a.json", to_json(Segment("a", group)))
    result = run("check", "a.json")
    assert result.exit_code == 1
    assert result.stdout.startswith("a.json:row 2.2.1: error swapped-bounds: The first value")


def test_what_cannot_be_read_has_line_and_column(run: Any, here: Path) -> None:
    put(here, "a.yaml", yaml("a", 'tag is "x"\nand orders hapened'))
    put(here, "b.json", "{")
    put(here, "c.segment", "tag is")
    result = run("check", "a.yaml", "b.json", "c.segment")
    assert result.exit_code == 1
    a, b, c = result.stdout.splitlines()
    assert a.startswith("a.yaml:6:14: error format: ")
    assert b.startswith("b.json:1:2: error format: ")
    assert c.startswith("c.segment:1:7: error format: ")


def test_warnings_fail_only_where_that_is_asked_for(run: Any, here: Path) -> None:
    put(here, "a.segment", 'tag is "x" and tag is "x"')
    assert "warning repeated" in run("check", "a.segment").stdout
    assert run("check", "a.segment").exit_code == 0
    assert run("check", "a.segment", "--strict").exit_code == 1


def test_unfinished_rows_fail_unless_they_are_switched_off(run: Any, here: Path) -> None:
    open_row = field("age").between(5, 5)
    unfinished = Group(rules=(tag("x"), type(open_row)("", "")))
    put(here, "on.json", to_json(Segment("on", unfinished)))
    off = Group(rules=(tag("x"), type(open_row)("", "", enabled=False)))
    put(here, "off.json", to_json(Segment("off", off)))
    assert run("check", "on.json").exit_code == 1
    assert run("check", "off.json", "--strict").exit_code == 0


def test_a_folder_is_searched_for_files_that_are_meant(run: Any, here: Path) -> None:
    put(here, "segments/a.yaml", yaml("a", 'tag is "x"'))
    put(here, "segments/b.json", to_json(Segment("b", Group(rules=(in_segment("a"),)))))
    put(here, "segments/c.segment", "tag is")
    put(here, "segments/package.json", "{}")
    put(here, "segments/notes.txt", "just words")
    put(here, ".git/d.segment", "tag is")
    result = run("check", ".")
    assert result.stderr.startswith("3 files checked")
    assert [line.split(":")[0] for line in result.stdout.splitlines()] == ["segments/c.segment"]


def test_a_segment_of_another_file_is_looked_into_and_a_strange_one_is_not(
    run: Any, here: Path
) -> None:
    put(here, "a.segment", 'segment is "b" and segment is "stranger"')
    put(here, "b.segment", "age between 5 and 1")
    assert run("check", "a.segment", "--strict").exit_code == 0
    assert "broken-segment" in run("check", "a.segment", "b.segment").stdout


def test_a_loop_of_files_is_told(run: Any, here: Path) -> None:
    put(here, "a.segment", 'segment is "b"')
    put(here, "b.segment", 'segment is "a"')
    assert "error cycle" in run("check", "a.segment", "b.segment").stdout


def test_two_files_cannot_have_one_name(run: Any, here: Path) -> None:
    put(here, "a.yaml", yaml("same", 'tag is "x"'))
    put(here, "b.yaml", yaml("same", 'tag is "y"'))
    result = run("check", "a.yaml", "b.yaml")
    assert result.exit_code == 1
    assert "same name" in result.stdout


def test_with_a_workspace_names_must_exist(run: Any, here: Path, demo: Path) -> None:
    group = Group(rules=(field("contry").is_any_of("DE"), did("order_placed")))
    put(here, "a.json", to_json(Segment("a", group)))
    assert run("check", "a.json").exit_code == 0
    result = run("check", "a.json", "-w", demo)
    assert result.exit_code == 1
    assert "a.json:row 1: error unknown-name" in result.stdout
    assert "'country'" in result.stdout


def test_findings_for_a_machine(run: Any, here: Path) -> None:
    put(here, "a.segment", "tag is")
    put(here, "b.segment", 'tag is "x" and tag is "x"')
    result = run("check", ".", "--json")
    assert result.exit_code == 1
    found = json.loads(result.stdout)
    assert found["files"] == 2
    assert [(i["file"], i["line"], i["row"], i["code"]) for i in found["issues"]] == [
        ("a.segment", 1, "", "format"),
        ("b.segment", None, "2", "repeated"),
    ]


def test_the_schema_is_printed(run: Any) -> None:
    result = run("check", "--schema")
    assert result.exit_code == 0
    assert json.loads(result.stdout) == json.loads(json.dumps(schema()))


@pytest.mark.parametrize("words", [(), ("nothing-here",)])
def test_nothing_to_check_is_told(words: tuple[str, ...], run: Any) -> None:
    result = run("check", *words)
    assert result.exit_code in (1, 2)
    assert "segment files" in result.stderr or "no file or folder" in result.stderr


def test_an_empty_folder_is_told(refused: Any, here: Path) -> None:
    assert refused("check", ".") == "There is no segment file in '.'."
