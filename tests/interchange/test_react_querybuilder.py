from __future__ import annotations

import datetime as dt
import json
import os
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from population import AS_OF

from segbench.engine.memory import Contact, Event, MemoryEngine
from segbench.errors import FormatError
from segbench.interchange.react_querybuilder_in import from_react_querybuilder
from segbench.interchange.report import Imported
from segbench.model.ask import field
from segbench.model.catalog import Catalog, EventType, Field, Property, ValueType
from segbench.model.check import require_sound
from segbench.model.rules import EventRule, FieldRule, Group
from segbench.plan.lower import Context, lower

BESIDE = Path(__file__).resolve().parents[3] / "shared" / "conformance"
FOLDER = Path(os.environ.get("SEGBENCH_CONFORMANCE") or BESIDE) / "react-querybuilder"

TYPES: dict[str, ValueType] = {
    "firstName": "text",
    "lastName": "text",
    "enhanced": "boolean",
    "madeUpName": "text",
    "nickname": "text",
    "powerUpAge": "number",
    "nicknames": "list",
    "birthdate": "date",
    "created_at": "datetime",
    "born": "date",
}
EVENTS: dict[str, dict[str, ValueType]] = {
    "earlyPencilers": {"firstName": "text", "lastName": "text", "generationalSuffix": "text"}
}
CATALOG = Catalog(
    4,
    tuple(Field(name, kind) for name, kind in TYPES.items()),
    events=tuple(
        EventType(name, properties=tuple(Property(p, kind) for p, kind in properties.items()))
        for name, properties in EVENTS.items()
    ),
)
REPORTED = {
    "f2f <": "texts have no order here",
    'strings: "atLeast" integer': "counts of the items that match have no operator for lists",
    'strings: "atMost" integer': "counts of the items that match have no operator for lists",
    'strings: "exactly" integer': "counts of the items that match have no operator for lists",
    'strings: "all"': "that all items match has no operator for lists",
    "relativeBetween": "the first day of a period cannot be told from the others",
    "relativeBetweenMixed": "the first day of a period cannot be told from the others",
}
"""Cases that cannot be said here: each is reported, and never answered in silence."""
REPORTED |= {
    f'{what}: "{mode}" decimal': "a share of the items cannot be asked for"
    for what in ("strings", "objects")
    for mode in ("atLeast", "atMost", "exactly")
}


def cases(name: str) -> list[Any]:
    path = FOLDER / name
    if not path.is_file():
        return []
    found = json.loads(path.read_text(encoding="utf-8"))
    return [(case, tuple(found["rows"]), found["row_key"]) for case in found["cases"]]


CASES = [
    *cases("dbquery_core.json"),
    *cases("dbquery_match_modes.json"),
    *cases("dbquery_datetime.json"),
]


def read(query: Any) -> Imported:
    return from_react_querybuilder(query, TYPES, events=EVENTS)


def contact(row: dict[str, Any], key: str) -> Contact:
    values = {name: row[name] for name in TYPES if name in row}
    if "birthdate" in row:
        values["birthdate"] = dt.date.fromisoformat(row["birthdate"])
    if "created_at" in row:
        values["created_at"] = AS_OF
    events = tuple(Event("earlyPencilers", AS_OF, item) for item in row.get("earlyPencilers", ()))
    return Contact(row[key], values, events=events)


def answered(group: Group, contacts: list[Contact]) -> list[str]:
    require_sound(group, CATALOG)
    context = Context(AS_OF, ZoneInfo("UTC"), CATALOG)
    return [
        contacts[i].key for i in MemoryEngine(contacts).members(lower(group, context).root).ids()
    ]


@pytest.mark.skipif(not CASES, reason=f"the conformance cases of others are not at {FOLDER}")
def test_the_cases_of_others_are_all_there() -> None:
    assert len(CASES) == 24 + 22 + 6
    assert {case["name"] for case, _, _ in CASES} >= set(REPORTED)


@pytest.mark.parametrize(("case", "rows", "key"), CASES, ids=[case["name"] for case, _, _ in CASES])
def test_an_imported_query_gives_their_rows_or_is_reported(
    case: dict[str, Any], rows: tuple[Any, ...], key: str
) -> None:
    imported = read(case["query"])
    left_out = [e for e in imported.report if e.effect in ("wider", "narrower", "nobody")]
    assert bool(left_out) == (case["name"] in REPORTED)
    expected = [row[key] for row in rows] if case["expected"] == "all" else case["expected"]
    if case["name"] == "preserveValueOrder":
        # Bounds in the wrong order are put in order, as they are where nothing else is asked for.
        expected = ["Captain America", "Spider-Man", "Superman"]
    if not left_out:
        assert answered(imported.group, [contact(row, key) for row in rows]) == expected


def only(query: Any) -> Any:
    imported = read({"combinator": "and", "rules": [query]})
    assert [entry.why for entry in imported.report if entry.effect != "none"] == []
    return imported.group.rules[0]


def rule(name: str, op: str, value: Any, **more: Any) -> dict[str, Any]:
    return {"field": name, "operator": op, "value": value, **more}


def relative(anchor: str, offset: int, unit: str) -> dict[str, Any]:
    return {"mode": "relative", "anchor": anchor, "offset": offset, "unit": unit}


A, B, C = (rule("firstName", "=", letter) for letter in "ABC")
a, b, c = (FieldRule("firstName", "is", (letter,), match_case=True) for letter in "ABC")


def test_and_binds_tighter_than_or_between_rules() -> None:
    assert read({"rules": [A, "or", B, "and", C]}).group == Group("or", (a, Group("and", (b, c))))
    assert read({"rules": [A, "and", B, "or", C]}).group == Group("or", (Group("and", (a, b)), c))
    assert read({"rules": [A, "and", B]}).group == Group("and", (a, b))
    assert read({"rules": [A, "OR", B]}).group == Group("or", (a, b))


@pytest.mark.parametrize("rules", [[A, B], ["and", A, B], [A, "and"], [A, "and", "or"]])
def test_rules_and_combinators_must_alternate(rules: list[Any]) -> None:
    with pytest.raises(FormatError, match="must alternate"):
        read({"rules": rules})


def test_muted_is_disabled_and_disabled_is_locked() -> None:
    imported = read({"combinator": "and", "rules": [{**A, "muted": True, "disabled": True}]})
    assert not imported.group.rules[0].enabled
    assert imported.group.rules[0].locked
    assert not imported.report
    muted = read({"combinator": "or", "not": True, "muted": True, "rules": [A]}).group
    assert muted == Group("or", (a,), negated=True, enabled=False)


def test_names_are_translated() -> None:
    names = {"vorname": "firstName", "nachname": "lastName"}
    query = {"combinator": "and", "rules": [rule("vorname", "=", "nachname", valueSource="field")]}
    found = from_react_querybuilder(query, TYPES, names=names).group.rules[0]
    assert found == FieldRule("firstName", "is", other="lastName", match_case=True)


@pytest.mark.parametrize(
    ("given", "found"),
    [
        (
            rule("powerUpAge", "in", "1,2"),
            (field("powerUpAge").equals(1) | field("powerUpAge").equals(2)),
        ),
        (rule("powerUpAge", "=", "1.5"), field("powerUpAge").equals(1.5)),
        (rule("enhanced", "!=", "true"), ~field("enhanced").is_true()),
        (rule("birthdate", "<", "2026-01-01"), field("birthdate").before("2026-01-01")),
        (rule("birthdate", "!=", "2026-01-01"), ~field("birthdate").on("2026-01-01")),
        (
            rule("created_at", ">", "2026-01-01"),
            FieldRule("created_at", "after", ("2026-01-01T00:00:00",)),
        ),
        (
            rule("lastName", "in", "a\\,b, c"),
            field("lastName", match_case=True).is_any_of("a,b", "c"),
        ),
    ],
)
def test_a_rule_is_read_as_what_it_means(given: Any, found: Any) -> None:
    assert only(given) == found


@pytest.mark.parametrize(
    ("given", "holds"),
    [
        (rule("created_at", ">", relative("now", -30, "day")), [29, 0, -5]),
        (rule("created_at", "<=", relative("now", -30, "day")), [31, 30]),
        (rule("created_at", ">", relative("now", 4, "day")), [-5]),
        (rule("created_at", "<=", relative("now", 4, "day")), [31, 30, 29, 0]),
        (rule("birthdate", "<", relative("startOfDay", -29, "day")), [31, 30]),
        (rule("birthdate", "<=", relative("startOfDay", -29, "day")), [31, 30, 29]),
        (rule("birthdate", ">", relative("endOfDay", 0, "day")), [-5]),
        (rule("birthdate", "<=", relative("now", 0, "day")), [31, 30, 29, 0]),
        (rule("birthdate", ">", relative("now", 0, "day")), [-5]),
    ],
)
def test_a_relative_date_holds_the_days_it_means_and_none_without_a_date(
    given: Any, holds: list[int]
) -> None:
    imported = read({"combinator": "and", "rules": [given]})
    assert {entry.effect for entry in imported.report} <= {"differs"}
    contacts = [Contact("none")]
    for days in (31, 30, 29, 0, -5):
        at = AS_OF - dt.timedelta(days=days)
        contacts.append(Contact(str(days), {"created_at": at, "birthdate": at.date()}))
    assert answered(imported.group, contacts) == [str(days) for days in holds]


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (rule("firstname", "=", "x"), "did you mean 'firstName'"),
        (rule("firstName", "<", "x"), "no meaning for a text field"),
        (rule("firstName", "=", ""), "Enter a value"),
        (rule("firstName", "=", 1), "not with a number"),
        (rule("powerUpAge", "=", "x"), "'x' is not a number"),
        (rule("powerUpAge", "in", ""), "at least one number"),
        (rule("enhanced", "=", None), "True or false is needed"),
        (rule("created_at", "=", "2026-01-01"), "whole day is meant or its first instant"),
        (rule("birthdate", "=", "soon"), "A date is needed"),
        (rule("birthdate", ">", relative("startOfYear", 0, "day")), "first day of a period"),
        (rule("birthdate", ">", relative("startOfYear", -1, "month")), "another unit"),
        (rule("nicknames", "=", "x"), "no meaning for a list field"),
        (rule("firstName", "=", "x", valueSource="moon"), "no such source"),
        (rule("firstName", "=", "powerUpAge", valueSource="field"), "not of the same type"),
    ],
)
def test_a_rule_without_a_meaning_stands_disabled_in_its_place(given: Any, why: str) -> None:
    imported = read({"combinator": "or", "rules": [A, given]})
    (entry,) = imported.report
    assert why in entry.why
    assert (entry.path, entry.effect) == ("rules.1", "narrower")
    row = imported.group.rules[1]
    assert isinstance(row, FieldRule)
    assert not row.enabled
    assert entry.why in row.note
    assert json.loads(row.note.split("Original: ")[1]) == given


def test_events_match_as_many_objects_as_were_asked_for() -> None:
    query = {"combinator": "and", "rules": [rule("lastName", "beginsWith", "K")]}
    given = rule("earlyPencilers", "=", query, match={"mode": "atLeast", "threshold": 2})
    where = FieldRule("lastName", "starts_with", ("K",), match_case=True)
    assert only(given) == EventRule("earlyPencilers", "at_least", (2,), where=(where,))


@pytest.mark.parametrize("value", [None, {}, {"kind": "group"}, {"kind": "tag", "op": 1}])
def test_a_broken_rule_of_ours_is_a_format_error_with_its_place(value: Any) -> None:
    with pytest.raises(FormatError, match=r"At rules\.0\.value"):
        read({"combinator": "and", "rules": [rule("segbench", "tag", value)]})
