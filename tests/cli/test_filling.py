"""`segbench demo` and `segbench import`: a whole workspace, or none."""

from __future__ import annotations

import csv
import datetime as dt
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from segbench.lake.importing import import_files
from segbench.model.ask import did, engaged, field, tag
from segbench.workbench.workbench import Workbench

CONTACTS = """\
Contact ID,Name,Country,Score,Signed up
1,Anna,DE,10,2026-01-05 10:00
2,Ben,FR,,2026-02-05 10:00
3,"=cmd()",DE,30,2026-03-05 10:00
"""
TAGS = "contact_id,tag\n1,vip\n2,vip\n2,press\n"
EVENTS = """\
contact_id,event,at,amount
1,order_placed,2026-10-01T12:00:00Z,19.5
1,order_placed,2026-10-02T12:00:00Z,5
3,order_placed,2026-10-03T12:00:00Z,7
"""
BAD_ROWS = "Contact ID,Name\n4,Dora\n4,Dora again\n,nobody\n"


@pytest.fixture
def files(here: Path) -> dict[str, Path]:
    texts = {"contacts": CONTACTS, "tags": TAGS, "events": EVENTS, "bad": BAD_ROWS}
    for name, text in texts.items():
        (here / f"{name}.csv").write_text(text, "utf-8")
    (here / "wrong.csv").write_text("x,y\n1,2\n", "utf-8")
    return {name: here / f"{name}.csv" for name in (*texts, "wrong")}


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


# demo


def test_a_demo_is_a_workspace_with_segments(run: Any, here: Path) -> None:
    words = ("--contacts", 1_000, "--seed", 3, "--until", "2026-05-01T06:00:00")
    result = run("demo", "-w", "sub/new", *words, "--json")
    assert result.exit_code == 0
    told = json.loads(result.stdout)
    assert told["workspace"] == str((here / "sub" / "new").resolve())
    assert (told["contacts"], told["as_of"]) == (1_000, "2026-05-01T06:00:00Z")
    with Workbench.open(here / "sub" / "new") as workbench:
        assert workbench.contacts_total == 1_000
        assert workbench.settings.about == told["about"]
        assert sorted(told["segments"], key=str.lower) == list(workbench.library.groups())
        assert workbench.engine.snapshot.id == told["snapshot"]
    assert names(here / "sub") == {"new"}


@pytest.mark.parametrize("kind", ["workspace", "folder", "file"])
def test_a_demo_never_touches_what_is_there(kind: str, refused: Any, here: Path) -> None:
    if kind == "file":
        (here / "taken").write_text("mine")
    else:
        (here / "taken").mkdir()
    if kind == "workspace":
        (here / "taken" / "workspace.json").write_text("mine")
    told = refused("demo", "-w", "taken", "--contacts", "1000")
    assert told.endswith("exists already; delete it or name another folder.")
    assert names(here) == {"taken"}
    assert kind != "workspace" or (here / "taken" / "workspace.json").read_text() == "mine"


@pytest.mark.parametrize("until", ["0001-01-01", "9999-12-31"])
def test_a_demo_at_the_end_of_the_calendar_is_refused(until: str, refused: Any, here: Path) -> None:
    told = refused("demo", "-w", "new", "--contacts", "1000", "--until", until)
    assert "1900" in told
    assert names(here) == set()


def test_a_demo_that_is_interrupted_leaves_nothing(here: Path) -> None:
    command = [str(Path(sys.executable).with_name("segbench")), "demo", "--contacts", "2000000"]
    process = subprocess.Popen([*command, "-w", "new"], cwd=here, stderr=subprocess.PIPE)
    try:
        deadline = time.monotonic() + 60
        while not (lakes := [*here.glob(".new.*/*/lake/catalog.sqlite")]):
            assert time.monotonic() < deadline
            time.sleep(0.05)
        assert len(lakes) == 1
        time.sleep(0.5)
        assert not (here / "new").exists()
        os.kill(process.pid, signal.SIGINT)
        _, told = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 1
    assert b"Traceback" not in told
    assert names(here) == set()


@pytest.mark.parametrize(
    "option", [("--contacts", "1000"), ("--seed", "7"), ("--until", "2026-05-01")]
)
def test_the_retail_data_takes_no_options_of_the_generated_data(
    option: tuple[str, str], run: Any, here: Path
) -> None:
    result = run("demo", "-w", "new", "--data", "complete-journey", *option)
    assert result.exit_code == 2
    assert f"it takes no {option[0]}." in result.stderr
    assert names(here) == set()


# import


def test_files_become_a_workspace(run: Any, files: dict[str, Path], here: Path) -> None:
    words = [w for name in ("contacts", "tags", "events") for w in (f"--{name}", files[name])]
    result = run("import", "-w", "shop", *words, "--time-zone", "Europe/Berlin")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "Contacts: 3 added, 0 updated, 0 unchanged." in result.stdout
    assert "Tags: 3 added. Events: 3 added, 0 there already." in result.stdout
    assert "signed_up (datetime)" in result.stdout
    with Workbench.open(here / "shop") as workbench:
        assert workbench.settings.name == "shop"
        assert str(workbench.zone) == "Europe/Berlin"
        assert workbench.contacts_total == 3
        assert workbench.count(field("country").is_any_of("DE") & did("order_placed")) == 2
        assert workbench.count(tag("vip")) == 2
        assert workbench.count(did("order_placed").matching(field("amount") >= 7)) == 2
        # Times without an offset are in the time zone that was given.
        assert workbench.count(field("signed_up").before("2026-01-05T09:00:00+00:00")) == 0
        assert workbench.count(field("signed_up").before("2026-01-05T09:00:01+00:00")) == 1
    assert names(here / "shop") == {"workspace.json", "lake", "library.sqlite"}


def test_a_second_import_updates_what_is_there(
    run: Any, files: dict[str, Path], here: Path
) -> None:
    run("import", "-w", "shop", "--contacts", files["contacts"])
    files["contacts"].write_text("Contact ID,Country\n1,AT\n9,AT\n", "utf-8")
    result = run("import", "-w", "shop", "--contacts", files["contacts"], "--json")
    told = json.loads(result.stdout)
    assert (told["added"], told["updated"], told["unchanged"]) == (1, 1, 0)
    with Workbench.open(here / "shop") as workbench:
        assert workbench.count(field("country").is_any_of("AT")) == 2
        assert workbench.engine.snapshot.id == told["snapshot"]
    again = json.loads(
        run("import", "-w", "shop", "--contacts", files["contacts"], "--json").stdout
    )
    assert (again["unchanged"], again["snapshot"]) == (2, None)


def test_a_workspace_keeps_its_time_zone(run: Any, files: dict[str, Path], here: Path) -> None:
    run("import", "-w", "shop", "--contacts", files["contacts"], "--time-zone", "Asia/Tokyo")
    run("import", "-w", "shop", "--contacts", files["contacts"], "--time-zone", "Europe/Berlin")
    with Workbench.open(here / "shop") as workbench:
        assert str(workbench.zone) == "Asia/Tokyo"


def test_rejected_rows_are_told_and_written(run: Any, files: dict[str, Path], here: Path) -> None:
    result = run("import", "-w", "shop", "--contacts", files["bad"], "--rejects", "rejects.csv")
    assert result.exit_code == 0
    assert "Contacts: 1 added" in result.stdout
    assert "Rejected 2 rows:" in result.stdout
    assert result.stdout.endswith("All rejected rows are in rejects.csv.\n")
    with (here / "rejects.csv").open(encoding="utf-8-sig", newline="") as text:
        rows = list(csv.DictReader(text))
    assert [row["row"] for row in rows] == ["2", "3"]
    assert all(row["file"] == "bad.csv" for row in rows)


def test_a_rejects_file_in_no_folder_is_refused_before_anything_is_imported(
    refused: Any, files: dict[str, Path], here: Path
) -> None:
    words = ("import", "-w", "shop", "--contacts", files["bad"], "--rejects", "no/where.csv")
    assert "no folder for --rejects no/where.csv" in refused(*words)
    assert "shop" not in names(here)


def test_the_report_is_shown_even_where_the_rejects_cannot_be_written(
    run: Any, files: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr("segbench.lake.report.ImportReport.write_rejects", full)
    result = run("import", "-w", "shop", "--contacts", files["bad"], "--rejects", "rejects.csv")
    assert result.exit_code == 1
    assert "Contacts: 1 added" in result.stdout
    assert "All rejected rows" not in result.stdout
    assert "the disk is full" in result.stderr


def test_a_strict_refusal_tells_how_to_see_all_rejects(
    run: Any, refused: Any, files: dict[str, Path], here: Path
) -> None:
    words = ("import", "-w", "shop", "--contacts", files["bad"])
    assert "--dry-run --rejects FILE" in refused(*words, "--strict")
    assert run(*words, "--dry-run", "--rejects", "rejects.csv").exit_code == 0
    assert len((here / "rejects.csv").read_text("utf-8").splitlines()) == 3


def test_own_event_names_can_count_as_engagement(
    run: Any, refused: Any, files: dict[str, Path], here: Path
) -> None:
    files["events"].write_text(EVENTS.replace("order_placed", "bought"), "utf-8")
    both = ("--contacts", files["contacts"], "--events", files["events"])
    words = ("import", "-w", "shop", *both, "--engagement", "bought", "--engagement", "seen")
    assert run(*words).exit_code == 0
    clock = dt.datetime(2026, 10, 10)
    with Workbench.open(here / "shop", as_of=clock) as workbench:
        assert workbench.settings.engagement_events == ("bought", "seen")
        assert workbench.count(engaged(days=30)) == 2
    told = refused(*words)
    assert "--engagement is for a new workspace" in told
    assert "workspace.json" in told


def test_a_new_workspace_can_have_its_own_week_and_the_contacts_time_zones(
    run: Any, refused: Any, files: dict[str, Path], here: Path
) -> None:
    files["contacts"].write_text("id,Local Zone\n1,Asia/Tokyo\n2,\n", "utf-8")
    words = ("import", "-w", "shop", "--contacts", files["contacts"])
    own = {"--week-start": "Sunday", "--contact-time-zone": "local_zone"}
    result = run(*words, *[word for pair in own.items() for word in pair])
    assert (result.exit_code, result.stderr) == (0, "")
    with Workbench.open(here / "shop") as workbench:
        assert workbench.settings.week_start == "sunday"
        assert workbench.settings.contact_time_zone == "local_zone"
    for option, value in own.items():
        told = refused(*words, option, value)
        assert f"{option} is for a new workspace" in told
        assert option.removeprefix("--").replace("-", "_") in told
    assert "Contacts: 0 added" in run(*words).stdout


def test_a_new_workspace_has_the_usual_week_and_one_time_zone(
    run: Any, files: dict[str, Path], here: Path
) -> None:
    run("import", "-w", "shop", "--contacts", files["contacts"])
    with Workbench.open(here / "shop") as workbench:
        assert workbench.settings.week_start == "monday"
        assert workbench.settings.contact_time_zone == ""


@pytest.mark.parametrize("dry", [(), ("--dry-run",)])
@pytest.mark.parametrize(
    ("field", "why"),
    [
        ("Country", "there is no 'Country'; did you mean 'country'"),
        ("zone", "Their fields: name, country, score, signed_up."),
        ("score", "needs a field of text such as Europe/Berlin; 'score' is number."),
    ],
)
def test_contacts_time_zones_need_a_field_of_text(
    field: str, why: str, dry: tuple[str, ...], refused: Any, files: dict[str, Path], here: Path
) -> None:
    before = names(here)
    words = ("--contacts", files["contacts"], "--contact-time-zone", field, *dry)
    assert why in refused("import", "-w", "shop", *words)
    assert names(here) == before


def test_an_unknown_day_is_wrong_usage(run: Any, files: dict[str, Path], here: Path) -> None:
    before = names(here)
    words = ("--contacts", files["contacts"], "--week-start", "caturday")
    result = run("import", "-w", "shop", *words)
    assert result.exit_code == 2
    assert "'monday'" in result.stderr
    assert names(here) == before


def test_a_list_is_told_with_its_separator(run: Any, files: dict[str, Path], here: Path) -> None:
    files["contacts"].write_text('id,Likes,Old=New\n1,"a, b",7\n2,b;c,\n', "utf-8")
    words = ("import", "-w", "shop", "--contacts", files["contacts"])
    types = ("--type", "likes=list", "--type", "Old=New=text")
    told = json.loads(run(*words, *types, "--list-separator", ",", "--json").stdout)
    assert told["types"]["contacts"] == {"likes": "list", "old_new": "text"}
    with Workbench.open(here / "shop") as workbench:
        assert workbench.engine.snapshot.rows("SELECT likes FROM contacts ORDER BY ordinal") == [
            (["a", "b"],),
            (["b;c"],),
        ]


def test_a_type_on_the_command_line_goes_over_the_mapping_file(
    run: Any, files: dict[str, Path], here: Path
) -> None:
    mapping = {"types": {"score": "text", "country": "list"}}
    (here / "mapping.json").write_text(json.dumps(mapping), "utf-8")
    words = ("--contacts", files["contacts"], "--mapping", "mapping.json", "--type", "score=number")
    told = json.loads(run("import", "-w", "shop", *words, "--json").stdout)
    assert told["types"]["contacts"]["score"] == "number"
    assert told["types"]["contacts"]["country"] == "list"


def test_times_of_tags_are_told_and_only_become_later(
    run: Any, files: dict[str, Path], here: Path
) -> None:
    files["tags"].write_text("contact_id,tag,at\n1,vip,2026-05-01\n2,vip,\n", "utf-8")
    words = ("import", "-w", "shop", "--contacts", files["contacts"], "--tags", files["tags"])
    assert "Tags: 2 added. Events" in run(*words).stdout
    files["tags"].write_text("contact_id,tag,at\n1,vip,2026-04-01\n2,vip,2026-06-01\n", "utf-8")
    assert "Tags: 0 added, 1 given later. Events" in run(*words).stdout
    with Workbench.open(here / "shop") as workbench:
        assert workbench.catalog.tag_times
        assert workbench.engine.snapshot.rows('SELECT "at" FROM tags ORDER BY ordinal') == [
            (dt.datetime(2026, 5, 1),),
            (dt.datetime(2026, 6, 1),),
        ]


def test_a_letter_with_its_accent_apart_is_found_as_one(
    run: Any, files: dict[str, Path], here: Path
) -> None:
    files["contacts"].write_text("id,name\n1,Rene\u0301\n2,Rene\n", "utf-8")
    files["tags"].write_text("id,tag\n1,cafe\u0301\n", "utf-8")
    run("import", "-w", "shop", "--contacts", files["contacts"], "--tags", files["tags"])
    with Workbench.open(here / "shop") as workbench:
        for name in ("Ren\u00e9", "Rene\u0301"):
            assert workbench.count(field("name").is_any_of(name)) == 1
            assert workbench.count(field("name").contains(name[3:])) == 1
        for name in ("caf\u00e9", "cafe\u0301"):
            assert workbench.count(tag(name)) == 1


def test_a_mapping_says_which_column_is_what(run: Any, files: dict[str, Path], here: Path) -> None:
    mapping = {"contacts": {"key": "Name", "skip": ["Signed up"]}, "types": {"score": "text"}}
    (here / "mapping.json").write_text(json.dumps(mapping), "utf-8")
    words = ("--contacts", files["contacts"], "--mapping", "mapping.json")
    result = run("import", "-w", "shop", *words, "--map", "contacts.key=Contact ID", "--json")
    assert result.exit_code == 0, result.stderr
    with Workbench.open(here / "shop") as workbench:
        types = {each.name: each.type for each in workbench.catalog.fields}
        assert types == {"name": "text", "country": "text", "score": "text"}
        assert workbench.contacts(tag("vip") | field("name").is_any_of("Ben"))["key"][0] == "2"


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--contacts", "wrong.csv"), "looks like the key"),
        (("--contacts", "bad.csv", "--strict"), "2 rows were rejected"),
        (("--contacts", "contacts.csv", "--map", "contacts"), "TABLE.ROLE=COLUMN"),
        (("--contacts", "contacts.csv", "--map", "key=Name"), "TABLE.ROLE=COLUMN"),
        (("--contacts", "contacts.csv", "--map", "contacts.key=ID"), "has no column 'ID'"),
        (("--contacts", "contacts.csv", "--map", "contacts.fields=Name"), "--mapping"),
        (("--contacts", "contacts.csv", "--map", "contacts.skip=Name"), "--mapping"),
        (("--contacts", "contacts.csv", "--map", "contcts.key=Name"), "'contcts'"),
        (("--contacts", "contacts.csv", "--time-zone", "Mars/Base"), "no time zone 'Mars/Base'"),
        (("--contacts", "contacts.csv", "--mapping", "wrong.csv"), "cannot be read"),
        (("--contacts", "contacts.csv", "--type", "score"), "NAME=TYPE"),
        (("--contacts", "contacts.csv", "--type", "=list"), "NAME=TYPE"),
        (("--contacts", "contacts.csv", "--type", "score=int"), "the types are text, number"),
        (("--contacts", "contacts.csv", "--type", "scor=list"), "did you mean 'Score'"),
        (("--events", "events.csv"), "rejected"),
        ((), "Nothing to import"),
    ],
)
def test_a_refused_import_leaves_no_new_workspace(
    words: tuple[str, ...], why: str, refused: Any, files: dict[str, Path], here: Path
) -> None:
    before = names(here)
    strict = ("--strict",) if "events.csv" in words else ()
    assert why in refused("import", "-w", "shop", *words, *strict)
    assert names(here) == before


def test_a_refused_import_changes_nothing_in_a_workspace(
    run: Any, refused: Any, files: dict[str, Path], here: Path
) -> None:
    run("import", "-w", "shop", "--contacts", files["contacts"])
    refused("import", "-w", "shop", "--contacts", files["bad"], "--strict")
    with Workbench.open(here / "shop") as workbench:
        assert workbench.contacts_total == 3
        assert len(workbench.lake.snapshots()) == 2


def test_a_dry_run_reports_and_leaves_no_new_workspace(
    run: Any, files: dict[str, Path], here: Path
) -> None:
    before = names(here)
    words = ("import", "-w", "shop", "--contacts", files["contacts"], "--dry-run")
    result = run(*words)
    assert (result.exit_code, result.stderr) == (0, "")
    assert "Contacts: 3 added" in result.stdout
    assert "Dry run: nothing was written." in result.stdout
    assert names(here) == before
    told = json.loads(run(*words, "--json").stdout)
    assert (told["dry_run"], told["snapshot"], told["added"]) == (True, None, 3)
    assert names(here) == before


def test_a_dry_run_on_a_workspace_changes_nothing(
    run: Any, files: dict[str, Path], here: Path
) -> None:
    run("import", "-w", "shop", "--contacts", files["contacts"])
    result = run("import", "-w", "shop", "--contacts", files["bad"], "--dry-run")
    assert "Contacts: 1 added" in result.stdout
    with Workbench.open(here / "shop") as workbench:
        assert workbench.contacts_total == 3


def test_an_import_that_breaks_leaves_no_new_workspace(
    run: Any, files: dict[str, Path], here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    before = names(here)
    monkeypatch.setattr("segbench.cli.filling.import_files", broken)
    assert run("import", "-w", "shop", "--contacts", files["contacts"]).exit_code != 0
    assert names(here) == before


@pytest.mark.parametrize("place", [".", "there"])
def test_a_workspace_can_be_made_in_a_folder_that_is_there(
    place: str, run: Any, files: dict[str, Path], here: Path
) -> None:
    (here / "there").mkdir(exist_ok=True)
    (here / place / "notes.txt").write_text("mine")
    result = run("import", "-w", place, "--contacts", files["contacts"])
    assert result.exit_code == 0, result.stderr
    assert (here / place / "notes.txt").read_text() == "mine"
    assert names(here / place) >= {"notes.txt", "workspace.json", "lake"}
    assert not [name for name in names(here) | names(here / place) if name.startswith(".")]
    with Workbench.open(here / place) as workbench:
        assert workbench.contacts_total == 3


def test_a_crash_in_a_folder_that_is_there_leaves_all_of_the_workspace_or_nothing(
    run: Any, files: dict[str, Path], here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Crash(BaseException):
        pass

    replace, words = os.replace, ("import", "-w", ".", "--contacts", files["contacts"])

    def crashing(source: Path, target: Path) -> None:
        # The last move of all: the settings, from the lake that is in its place.
        if Path(target).parent == here.resolve():
            raise Crash
        replace(source, target)

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", crashing)
        with pytest.raises(Crash):
            run(*words, "--time-zone", "Asia/Tokyo")
    with Workbench.open(here) as workbench:
        assert workbench.contacts_total == 3
        assert str(workbench.zone) == "Asia/Tokyo"
    assert "3 unchanged" in run(*words).stdout


def test_a_folder_with_something_else_named_lake_is_left_alone(
    refused: Any, files: dict[str, Path], here: Path
) -> None:
    (here / "there" / "lake").mkdir(parents=True)
    (here / "there" / "lake" / "fish.txt").write_text("mine")
    told = refused("import", "-w", "there", "--contacts", files["contacts"])
    assert told.endswith("lake' exists already, but is no workspace; name another folder.")
    assert names(here / "there") == {"lake"}
    assert names(here / "there" / "lake") == {"fish.txt"}


def test_what_the_command_imports_is_what_the_library_imports(
    run: Any, files: dict[str, Path], here: Path
) -> None:
    told = json.loads(run("import", "-w", "shop", "--contacts", files["contacts"], "--json").stdout)
    with Workbench.open(here / "shop") as workbench:
        report = import_files(workbench.lake, contacts=files["contacts"], dry_run=True)
    assert report.unchanged == told["added"] == 3
    assert told["types"] == {"contacts": report.types["contacts"]}
