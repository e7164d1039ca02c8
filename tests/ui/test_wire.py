"""What goes down to the builder is what docs/builder-protocol.md says, as plain JSON."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import workbenches

from segbench.model.ask import did, engaged, field, in_segment, tag
from segbench.model.catalog import Catalog
from segbench.model.codec import DEEPEST, MOST_RULES, from_data
from segbench.model.operators import OPERATORS
from segbench.model.prebuilt import PREBUILT
from segbench.model.rules import EventRule, FieldRule, Group, TagRule
from segbench.model.segment import Segment
from segbench.model.windows import Between, Calendar, Last
from segbench.ui.edits import UNFINISHED
from segbench.ui.history import Page
from segbench.ui.session import Session
from segbench.ui.wire import catalog_data, key, moment_text, state_data
from segbench.workbench.workbench import Workbench

PROTOCOL = Path(__file__).parents[2] / "docs" / "builder-protocol.md"
TREE = Group(
    "or",
    (
        field("country").is_any_of("DE"),
        Group(rules=(tag("VIP"), UNFINISHED), negated=True),
        did("order_placed").at_least(2).within(days=90).matching(field("amount") >= 10),
        TagRule("has_any_of", ("compliant",), enabled=False),
        in_segment("Customers"),
        engaged(days=7),
        field("contry").is_any_of("DE"),
    ),
)


def promised(heading: str) -> set[str]:
    """The names that the protocol's sketch under a heading promises, innermost ones too."""
    section = PROTOCOL.read_text("utf-8").partition(heading)[2]
    sketch = section.split("```")[1]
    plain = re.sub(r"//.*|\[\[.*?\].*?\]", "", re.sub(r'"[^"]*"', '""', sketch))
    return set(re.findall(r"(?<=[{,\n])\s*([a-z_]+)\??\s*(?=[:,}])", plain))


def names_in(data: Any) -> set[str]:
    """Every name in JSON data, at any depth."""
    if isinstance(data, dict):
        return set(data).union(*map(names_in, data.values()))
    return set().union(*map(names_in, data)) if isinstance(data, list) else set()


def strict(data: Any) -> Any:
    """The data as a browser gets it; fails on NaN and on what JSON does not have."""
    back = json.loads(json.dumps(data, allow_nan=False))
    assert back == data, "tuples and names that are no text come back as something else"
    return back


@pytest.fixture(scope="module")
def workbench() -> Workbench:
    return workbenches.opened()


def state_of(tree: Group, workbench: Workbench) -> dict[str, Any]:
    session = Session(workbench, Page(tree))
    try:
        return strict(state_data(session.wait(), workbench))
    finally:
        session.close()


@pytest.fixture(scope="module")
def catalog(workbench: Workbench) -> dict[str, Any]:
    saved = tuple(entry.segment for entry in workbench.library.segments())
    return strict(catalog_data(workbench.catalog, saved))


def test_the_catalogue_has_what_the_protocol_promises(catalog: dict[str, Any]) -> None:
    dynamic = {"field", "tag", "event", "measure", "sequence", "segment", "prebuilt", "sample"}
    dynamic |= {"", "text", "number", "boolean", "date", "datetime", "list"}
    assert names_in(catalog) - dynamic == promised("## Down: `catalog`") - dynamic
    assert set(catalog) == {
        *("contacts", "fields", "tags", "events", "prebuilt", "segments", "operators"),
        *("units", "periods", "weekdays", "months", "happened", "limits"),
        *("tag_times", "contact_zone"),
    }
    assert catalog["limits"]["deepest"] == DEEPEST
    assert catalog["limits"]["rules"] == MOST_RULES


def test_the_catalogue_has_every_operator_once_per_type(catalog: dict[str, Any]) -> None:
    subjects = {subject for subject, _ in OPERATORS} - {"field"}
    assert set(catalog["operators"]) == subjects | {"field"}
    for subject in subjects:
        keys = [op["key"] for op in catalog["operators"][subject]]
        assert keys == [row.key for row in OPERATORS.values() if row.subject == subject]
    for kind, ops in catalog["operators"]["field"].items():
        fitting = [r for r in OPERATORS.values() if r.subject == "field" and kind in r.types]
        assert [op["key"] for op in ops] == [row.key for row in fitting]
        assert [op["shape"] for op in ops] == [row.shape for row in fitting]
        assert [op["negative"] for op in ops] == [bool(row.negates) for row in fitting]
        assert [op["takes"] for op in ops] == [row.takes for row in fitting]
        assert [tuple(op["windows"]) for op in ops] == [row.windows for row in fitting]
        assert [op["by_field"] for op in ops] == [row.by_field for row in fitting]
        assert [op["ranked"] for op in ops] == [row.ranked for row in fitting]
        assert all(op["label"] for op in ops)


def test_the_catalogue_is_that_of_the_contacts(
    catalog: dict[str, Any], workbench: Workbench
) -> None:
    assert catalog["contacts"] == workbenches.CONTACTS
    fields = {each["name"]: each for each in catalog["fields"]}
    assert fields["country"]["type"] == "text"
    assert ["DE", workbench.count(field("country").is_any_of("DE"))] in fields["country"]["choices"]
    assert fields["email"]["choices"] == []
    assert ["VIP", workbench.count(tag("VIP"))] in catalog["tags"]
    events = {each["name"]: each for each in catalog["events"]}
    assert events["order_placed"]["contacts"] == workbench.count(did("order_placed"))
    amount = {each["name"]: each for each in events["order_placed"]["properties"]}["amount"]
    assert amount["type"] == "number"
    assert [each["name"] for each in catalog["segments"]] == list(workbench.library.groups())
    assert {each["key"] for each in catalog["prebuilt"]} == set(PREBUILT)


def test_the_catalogue_says_whether_times_of_tags_and_time_zones_are_known() -> None:
    data = strict(catalog_data(Catalog(0, tag_times=True), (), "zone"))
    assert (data["tag_times"], data["contact_zone"]) == (True, "zone")
    data = strict(catalog_data(Catalog(0), ()))
    assert (data["tag_times"], data["contact_zone"]) == (False, "")


def test_names_stand_in_for_labels_that_are_missing() -> None:
    from segbench.model.catalog import EventType, Field, Property

    bare = Catalog(
        1, (Field("a", "text"),), (), (EventType("e", "", "", (Property("p", "text"),)),)
    )
    data = strict(catalog_data(bare, (Segment("S", Group(), "why"),)))
    assert data["fields"][0]["label"] == "a"
    assert data["events"][0]["label"] == "e"
    assert data["events"][0]["properties"][0]["label"] == "p"
    assert data["segments"] == [{"name": "S", "description": "why"}]


def test_the_state_has_what_the_protocol_promises(workbench: Workbench) -> None:
    data = state_of(TREE, workbench)
    sketched = promised("## Down: `state`")
    assert set(data) <= sketched
    assert set(data) == {
        *("revision", "shape", "tree", "nodes", "counted", "total", "contacts", "status"),
        *("message", "sentence", "as_of", "issues", "can_undo", "can_redo", "heard", "news"),
        "spans",
    }
    assert all(set(node) == {"alone", "after"} for node in data["nodes"].values())
    assert all(set(issue) == {"path", "level", "code", "message"} for issue in data["issues"])
    assert {issue["level"] for issue in data["issues"]} == {"hint", "error"}


def test_moving_windows_come_with_the_days_that_they_mean(workbench: Workbench) -> None:
    visited = FieldRule("last_visit_at", "in_last", window=Last(30))
    quarter = EventRule("order_placed", window=Calendar("quarter", -1))
    fixed = EventRule("order_placed", window=Between("2026-01-01", "2026-01-31"))
    far = TagRule("has_any_of", ("VIP",), window=Last(10**9, "years"))
    tree = Group(rules=(visited, Group(rules=(quarter, fixed)), far, FieldRule("gone", "in_last")))
    assert state_of(tree, workbench)["spans"] == {
        "0": "since 23 Sep 2026",
        "1.0": "1 Jul 2026 to 30 Sep 2026",
    }


def test_the_tree_leaves_out_what_is_at_its_default_and_reads_back(workbench: Workbench) -> None:
    tree = state_of(TREE, workbench)["tree"]
    assert from_data(tree) == TREE
    assert tree["combinator"] == "or"
    assert tree["rules"][1] == {
        "kind": "group",
        "rules": [
            {"kind": "tag", "op": "has_any_of", "tags": ["VIP"]},
            {"kind": "field", "field": "", "op": ""},
        ],
        "negated": True,
    }
    assert tree["rules"][2]["window"] == {"kind": "last", "amount": 90}
    assert tree["rules"][4] == {"kind": "segment", "segment": "Customers"}


def test_the_numbers_are_by_path_and_missing_for_rows_that_do_not_count(
    workbench: Workbench,
) -> None:
    data = state_of(TREE, workbench)
    assert set(data["nodes"]) == {"", "0", "1", "1.0", "2", "4", "5"}
    assert data["nodes"]["0"]["alone"] == workbench.count(field("country").is_any_of("DE"))
    assert data["nodes"][""]["alone"] == data["total"] == data["nodes"]["5"]["after"]
    assert (data["counted"], data["status"]) == (data["revision"], "ready")
    assert [issue["path"] for issue in data["issues"]] == [[1, 1], [6]]


def test_before_the_first_count_there_are_no_numbers(
    workbench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Session, "_count", lambda *_: None)
    monkeypatch.setattr(Session, "_store", lambda *_: None)
    data = state_of_unfinished(workbench)
    assert (data["counted"], data["total"], data["nodes"]) == (-1, 0, {})


def state_of_unfinished(workbench: Workbench) -> dict[str, Any]:
    session = Session(workbench, Page(TREE))
    session.close()
    return strict(state_data(session.state, workbench))


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
def test_a_number_that_json_does_not_have_is_marked_and_never_sent(
    value: float, workbench: Workbench
) -> None:
    data = state_of(Group(rules=(FieldRule("lead_score", "at_least", (value,)),)), workbench)
    assert data["issues"][0]["level"] == "error"


def test_the_moment_of_evaluation_is_in_the_workspaces_zone(workbench: Workbench) -> None:
    assert moment_text(workbench.as_of, workbench) == "23 Oct 2026, 02:00 (Europe/Berlin)"


@pytest.mark.parametrize(("path", "text"), [((), ""), ((3,), "3"), ((1, 0, 12), "1.0.12")])
def test_a_path_is_its_numbers_with_dots(path: tuple[int, ...], text: str) -> None:
    assert key(path) == text
