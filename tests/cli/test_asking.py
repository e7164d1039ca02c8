"""`segbench count`, `describe` and `overlap`."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import workbenches

from segbench.model.ask import did, field, in_segment, tag
from segbench.model.codec import fingerprint, to_data, to_json
from segbench.model.rules import Group
from segbench.model.segment import Segment
from segbench.workbench.workbench import Workbench

RULES = Group(rules=(field("country").is_any_of("DE"), tag("compliant"), did("order_placed")))


@pytest.fixture
def workbench() -> Workbench:
    return workbenches.opened()


@pytest.fixture
def file(here: Path) -> Path:
    """A segment in a file."""
    path = here / "mine.json"
    path.write_text(to_json(Segment("Mine", RULES)), "utf-8")
    return path


def test_a_count_is_one_number(run: Any, demo: Path, workbench: Workbench) -> None:
    result = run("count", "CUSTOMERS", "-w", demo)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == f"{workbench.count(in_segment('Customers')):,}\n"


def test_a_count_for_a_machine_has_its_steps(ask: Any, file: Path, workbench: Workbench) -> None:
    found = ask("count", file)
    falls = workbench.waterfall(RULES)
    assert found["segment"] == "Mine"
    assert found["count"] == workbench.count(RULES)
    assert (found["contacts"], found["snapshot"]) == (1_000, workbench.engine.snapshot.id)
    assert found["as_of"] == "2026-10-23T00:00:00Z"
    assert found["combinator"] == "and"
    assert found["steps"] == [
        {"row": s.label, "alone": s.alone, "left": s.left, "change": s.change} for s in falls.steps
    ]


def test_steps_show_what_every_row_leaves(
    run: Any, file: Path, demo: Path, workbench: Workbench
) -> None:
    lines = run("count", file, "--steps", "-w", demo).stdout.splitlines()
    assert lines[0].split() == ["left", "change", "row"]
    assert lines[1].split() == ["1,000", "all", "contacts"]
    left = [int(line.split()[0].replace(",", "")) for line in lines[1:]]
    assert left[1:] == [step.left for step in workbench.waterfall(RULES).steps]
    assert "Country is “DE”" in lines[2]


def test_the_steps_of_rows_with_or_between_start_at_nobody(
    run: Any, ask: Any, here: Path, demo: Path
) -> None:
    either = Group("or", (field("country").is_any_of("DE"), tag("VIP")))
    (here / "either.json").write_text(to_json(Segment("Either", either)), "utf-8")
    lines = run("count", "either.json", "--steps", "-w", demo).stdout.splitlines()
    assert lines[1].split() == ["0", "nobody"]
    assert "+" in lines[2]
    assert "all contacts" not in "\n".join(lines)
    assert ask("count", "either.json")["combinator"] == "or"


@pytest.mark.parametrize("fault", ["gone", "damaged"])
@pytest.mark.parametrize("command", [("count", "Customers"), ("describe",)])
def test_a_file_of_the_lake_that_cannot_be_read_is_told(
    command: tuple[str, ...], fault: str, refused: Any, own: Path
) -> None:
    # What was counted before stays known without the file.
    shutil.rmtree(own / "lake" / "kept", ignore_errors=True)
    for path in own.glob("lake/data/main/events/*.parquet"):
        path.unlink() if fault == "gone" else path.write_bytes(b"PAR1 no more PAR1")
    told = refused(*command, "-w", own)
    assert "cannot be read" in told
    assert str(own / "lake") in told
    assert "put it back from a copy" in told


@pytest.mark.parametrize(
    ("given", "utc"),
    [
        ("2026-06-01", "2026-06-01T00:00:00Z"),
        ("2026-06-01T02:00:00", "2026-06-01T02:00:00Z"),
        ("2026-06-01T02:00:00+0200", "2026-06-01T00:00:00Z"),
    ],
)
def test_the_clock_can_be_given(given: str, utc: str, ask: Any) -> None:
    assert ask("count", "Lapsed buyers", "--as-of", given)["as_of"] == utc


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "not JSON"),
        ("[]", "no segment"),
        ('{"segbench": "segment", "format": 9}', "format 9 is not readable"),
        (to_json(Segment("S", RULES)).replace("is_any_of", "is_any"), "no field operator 'is_any'"),
        (to_json(Segment("S", RULES)).replace("country", "contry"), "Row 1: There is no field"),
    ],
)
def test_a_file_that_is_no_segment_is_refused(
    text: str, why: str, refused: Any, demo: Path, here: Path
) -> None:
    (here / "wrong.json").write_text(text, "utf-8")
    assert why in refused("count", "wrong.json", "-w", demo)


def test_a_file_that_is_not_there_is_refused(refused: Any, demo: Path) -> None:
    assert refused("count", "gone.json", "-w", demo) == "There is no file 'gone.json'."


@pytest.mark.parametrize("command", ["count", "describe", "overlap"])
def test_an_unknown_segment_is_refused_with_near_names(
    command: str, refused: Any, demo: Path
) -> None:
    assert refused(command, "Custmers", "-w", demo) == (
        "There is no saved segment 'Custmers'; did you mean 'Customers'?"
    )


def test_a_segment_is_described_in_a_sentence(run: Any, demo: Path, file: Path) -> None:
    result = run("describe", "Compliant in DACH", "-w", demo)
    assert result.stdout == (
        "Contacts where Country is any of “DE”, “AT”, “CH” and tag is “compliant”.\n"
    )


def test_a_segment_is_described_for_a_machine(ask: Any, file: Path, workbench: Workbench) -> None:
    assert ask("describe", file) == {
        "segment": "Mine",
        "sentence": workbench.describe(RULES),
        "rules": to_data(RULES),
        "rules_sha256": fingerprint(RULES),
    }


def test_a_workspace_is_described(run: Any, demo: Path, workbench: Workbench) -> None:
    result = run("describe", "-w", demo)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith("Demo CRM: 1,000 contacts. Generated people")
    for name in ("country", "email_opened", *workbench.library.groups()):
        assert name in result.stdout


def test_a_workspace_is_described_for_a_machine(ask: Any, workbench: Workbench) -> None:
    found = ask("describe")
    assert found["contacts"] == 1_000
    assert found["time_zone"] == "Europe/Berlin"
    assert found["fields"] == {each.name: each.type for each in workbench.catalog.fields}
    assert found["tags"]["VIP"] == workbench.count(tag("VIP"))
    assert set(found["events"]) == {event.name for event in workbench.catalog.events}
    assert found["segments"] == list(workbench.library.groups())


def test_an_overlap_is_a_table_of_regions(
    run: Any, demo: Path, file: Path, workbench: Workbench
) -> None:
    result = run("overlap", "Customers", "Lapsed buyers", file, "-w", demo)
    assert (result.exit_code, result.stderr) == (0, "")
    found = workbench.overlap(["Customers", "Lapsed buyers", Segment("Mine", RULES)])
    for region in found.regions:
        assert f"{region.count:,}  {found.label(region)}\n" in result.stdout
    assert f"{found.outside:,}  (none of them)\n" in result.stdout


def test_an_overlap_for_a_machine_sums_to_all_contacts(ask: Any, file: Path) -> None:
    found = ask("overlap", "Customers", file)
    assert sum(region["count"] for region in found["regions"]) == found["union"]
    assert found["union"] + found["outside"] == found["contacts"] == 1_000
    assert list(found["segments"]) == ["Customers", "Mine"]


def test_an_overlap_with_itself_or_of_too_many_is_refused(
    refused: Any, demo: Path, here: Path
) -> None:
    told = refused("overlap", "Customers", "customers", "-w", demo)
    assert told == "The segment 'Customers' is compared with itself."
    files = [here / f"{number}.json" for number in range(21)]
    for number, path in enumerate(files):
        path.write_text(to_json(Segment(f"S{number}", RULES)), "utf-8")
    assert "1 to 20 segments, not 21" in refused("overlap", *files, "-w", demo)


def test_what_is_asked_changes_nothing_in_the_workspace(ask: Any, demo: Path) -> None:
    def state() -> dict[str, bytes]:
        files = [path for path in demo.rglob("*") if path.suffix in (".parquet", ".json")]
        return {str(path): path.read_bytes() for path in files}

    before = state()
    ask("count", "Customers")
    ask("describe")
    assert state() == before
    assert json.loads((demo / "workspace.json").read_text())["name"] == "Demo CRM"
