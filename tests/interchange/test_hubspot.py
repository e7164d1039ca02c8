from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from population import AS_OF

from segbench.engine.memory import Contact, MemoryEngine
from segbench.errors import FormatError
from segbench.interchange.hubspot import from_hubspot
from segbench.interchange.report import Imported
from segbench.model.ask import did, did_not, field, in_segment
from segbench.model.catalog import Catalog, Field, ValueType
from segbench.model.check import require_sound
from segbench.model.rules import EventRule, FieldRule, Group, RuleOrGroup, SegmentRule
from segbench.model.windows import Ago, Last, Next
from segbench.plan.lower import Context, lower


def asked(kind: str, op: str, empties: bool = False, **entries: Any) -> dict[str, Any]:
    operation = {"operationType": kind, "operator": op, "includeObjectsWithNoValueSet": empties}
    return {"filterType": "PROPERTY", "property": "p", "operation": operation | entries}


def branch(*filters: Any, kind: str = "AND", **more: Any) -> dict[str, Any]:
    return {"filterBranchType": kind, "filterBranches": [], "filters": list(filters), **more}


def read(*filters: Any, types: dict[str, ValueType] | None = None) -> Imported:
    return from_hubspot(branch(*filters), types=types)


def only(given: Any) -> RuleOrGroup:
    imported = read(given)
    assert imported.report == ()
    return imported.group.rules[0]


def ask(op: str, *values: Any, **more: Any) -> FieldRule:
    return FieldRule("p", op, values, **more)


@pytest.mark.parametrize(
    ("given", "found"),
    [
        (asked("MULTISTRING", "IS_EQUAL_TO", values=["a", "b"]), ask("is_any_of", "a", "b")),
        (
            asked("MULTISTRING", "IS_NOT_EQUAL_TO", values=["a"]),
            ask("is_none_of", "a", unknown="exclude"),
        ),
        (asked("MULTISTRING", "IS_NOT_EQUAL_TO", True, values=["a"]), ask("is_none_of", "a")),
        (
            asked("MULTISTRING", "IS_EQUAL_TO", True, values=["a"]),
            ask("is_any_of", "a", unknown="include"),
        ),
        (
            asked("MULTISTRING", "CONTAINS", values=["a", "b"]),
            Group("or", (ask("contains", "a"), ask("contains", "b"))),
        ),
        (
            asked("MULTISTRING", "DOES_NOT_CONTAIN", True, values=["a", "b"]),
            Group("and", (ask("does_not_contain", "a"), ask("does_not_contain", "b"))),
        ),
        (asked("STRING", "STARTS_WITH", value="a"), ask("starts_with", "a")),
        (asked("NUMBER", "IS_GREATER_THAN_OR_EQUAL_TO", value=3), ask("at_least", 3)),
        (asked("NUMBER_RANGED", "IS_BETWEEN", lowerBound=1, upperBound=2), ask("between", 1, 2)),
        (asked("BOOL", "IS_EQUAL_TO", value=True), ask("is_true")),
        (asked("BOOL", "IS_NOT_EQUAL_TO", value=True), ask("is_false")),
        (asked("BOOL", "IS_NOT_EQUAL_TO", True, value=True), ask("is_false", unknown="include")),
        (asked("ENUMERATION", "IS_ANY_OF", values=["a"]), ask("is_any_of", "a")),
        (asked("ALL_PROPERTY", "IS_UNKNOWN"), ask("is_empty")),
        (asked("ALL_PROPERTY", "IS_KNOWN"), ask("is_not_empty")),
        (
            asked("ROLLING_DATE_RANGE", "IS_LESS_THAN_X_DAYS_AGO", numberOfDays=7),
            ask("in_last", window=Last(7, "days")),
        ),
        (
            asked("ROLLING_DATE_RANGE", "IS_MORE_THAN_X_DAYS_FROM_NOW", numberOfDays=7),
            ask("more_than_ahead", window=Next(7, "days")),
        ),
        (
            asked("COMPARATIVE_DATE", "IS_AFTER", comparisonPropertyName="q"),
            ask("after", other="q"),
        ),
        ({"filterType": "IN_LIST", "listId": "7", "operator": "IN_LIST"}, in_segment("7")),
        (
            {"filterType": "IN_LIST", "listId": "7", "operator": "NOT_IN_LIST"},
            SegmentRule("7", "is_not_in"),
        ),
        (
            {"filterType": "FORM_SUBMISSION", "formId": "f", "operator": "FILLED_OUT"},
            did("FORM_SUBMISSION").matching(FieldRule("formId", "is", ("f",))),
        ),
        (
            {"filterType": "EMAIL_EVENT", "emailId": "1", "operator": "SENT_BUT_NOT_RECEIVED"},
            Group(
                rules=tuple(
                    rule.matching(FieldRule("emailId", "is", ("1",)))
                    for rule in (did("SENT"), did_not("RECEIVED"))
                )
            ),
        ),
    ],
)
def test_a_filter_is_read_as_what_it_means(given: Any, found: RuleOrGroup) -> None:
    assert only(given) == found


def test_several_choices_of_a_list_field_are_items_of_it() -> None:
    types: dict[str, ValueType] = {"p": "list"}
    given = asked("ENUMERATION", "CONTAINS_ALL", values=["a", "b"])
    assert read(given, types=types).group.rules[0] == ask("has_all_of", "a", "b")
    assert len(read(given).report) == 1


def test_events_are_counted_in_their_period() -> None:
    offsets = [{"amount": days, "offsetDirection": "PAST", "timeUnit": "DAYS"} for days in (30, 10)]
    events = branch(
        {**asked("NUMBER", "IS_GREATER_THAN", value=5)},
        kind="UNIFIED_EVENTS",
        eventTypeId="6-1",
        operator="HAS_NOT_COMPLETED",
        pruningRefineBy={
            "type": "RELATIVE_RANGED",
            "rangeType": "BETWEEN",
            "lowerBoundOffset": offsets[0],
            "upperBoundOffset": offsets[1],
        },
        coalescingRefineBy={"type": "NUM_OCCURRENCES", "minOccurrences": 2},
    )
    imported = from_hubspot({"filterBranchType": "OR", "filterBranches": [events], "filters": []})
    counted = EventRule("6-1", "at_least", (2,), Ago(10, 30), (ask("greater_than", 5),))
    assert imported == Imported(Group("or", (~counted,)))


def test_branches_nest_and_a_list_of_the_api_is_taken_as_it_comes() -> None:
    inner = branch(asked("NUMBER", "IS_EQUAL_TO", value=1), kind="NOT_ANY")
    root = {"list": {"name": "x", "filterBranch": branch(kind="OR", filterBranches=[inner])}}
    assert from_hubspot(root).group == Group(
        "or", (Group("or", (field("p").equals(1),), negated=True),)
    )


def test_names_are_translated() -> None:
    names = {"p": "age", "7": "Buyers"}
    given = branch(
        asked("NUMBER", "IS_EQUAL_TO", value=1),
        {"filterType": "IN_LIST", "listId": "7", "operator": "IN_LIST"},
    )
    assert from_hubspot(given, names=names).group == field("age").equals(1) & in_segment("Buyers")


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (asked("MULTISTRING", "HAS_EVER_BEEN_EQUAL_TO", values=["a"]), "no meaning here"),
        (asked("MULTISTRING", "IS_EQUAL_TO", values=[]), "Choose at least one value"),
        (asked("NUMBER", "IS_EQUAL_TO", value=1, defaultValue="0"), "'defaultValue'"),
        (asked("CALENDAR_DATE", "IN", timeUnit="MONTH"), "'CALENDAR_DATE'"),
        (asked("NUMBER_RANGED", "IS_BETWEEN", lowerBound=2, upperBound=1), "swap them"),
        ({"filterType": "CONSTANT", "shouldAccept": True}, "'CONSTANT'"),
        (
            {
                "filterType": "IN_LIST",
                "listId": "7",
                "operator": "IN_LIST",
                "metadata": {"id": "1"},
            },
            "'metadata'",
        ),
        (
            {
                "filterType": "FORM_SUBMISSION",
                "operator": "FILLED_OUT",
                "coalescingRefineBy": {"type": "NUM_OCCURRENCES", "maxOccurrences": 2},
            },
            "never happened",
        ),
    ],
)
def test_what_has_no_exact_meaning_is_reported_in_its_place(given: Any, why: str) -> None:
    imported = from_hubspot(branch(asked("ALL_PROPERTY", "IS_KNOWN"), given))
    (entry,) = imported.report
    assert why in entry.why
    assert (entry.path, entry.effect) == ("filters.1", "wider")
    assert not imported.group.rules[1].enabled


@pytest.mark.parametrize("kind", ["ASSOCIATION", "PROPERTY_ASSOCIATION", "RESTRICTED"])
def test_a_branch_about_other_objects_is_set_aside_as_a_whole(kind: str) -> None:
    inner = branch(asked("ALL_PROPERTY", "IS_KNOWN"), kind=kind)
    imported = from_hubspot(branch(kind="OR", filterBranches=[inner]))
    assert [(e.path, e.effect) for e in imported.report] == [("filterBranches.0", "nobody")]


def test_a_wrong_type_is_a_format_error_with_its_place() -> None:
    with pytest.raises(FormatError, match=r"At filters\.0\.operation\.value: a number is needed"):
        read(asked("NUMBER", "IS_EQUAL_TO", value="three"))


def point(reference: str, **offset: int) -> dict[str, Any]:
    index = {"referenceType": reference}
    return {"timeType": "INDEXED", "zoneId": "UTC", "indexReference": index, "offset": offset}


def ranged(low: Any, high: Any, op: str = "IS_BETWEEN") -> dict[str, Any]:
    ends = {"lowerBoundTimePoint": low, "upperBoundTimePoint": high}
    both = {"lowerBoundEndpointBehavior": "INCLUSIVE", "upperBoundEndpointBehavior": "INCLUSIVE"}
    return asked("TIME_RANGED", op, **ends, **both)


def date(day: int, **clock: int) -> dict[str, Any]:
    moment = {"year": 2026, "month": 10, "day": day, **clock}
    return {"timeType": "DATE", "zoneId": "Europe/Berlin", **moment}


@pytest.mark.parametrize(
    ("given", "holds"),
    [
        (ranged(point("TODAY", days=-15), point("NOW")), [15, 1, 0]),
        (ranged(point("TODAY", days=-15), point("NOW"), "IS_NOT_BETWEEN"), [40, 16, -3]),
        (asked("TIME_POINT", "IS_BEFORE", timePoint=point("MONTH")), [40]),
        (asked("TIME_POINT", "IS_AFTER", timePoint=point("NOW", days=2)), [-3]),
        (asked("TIME_POINT", "IS_BEFORE", timePoint=date(25, hour=12)), [40, 16, 15]),
        (asked("TIME_POINT", "IS_AFTER", timePoint=date(25, hour=12)), [1, 0, -3]),
    ],
)
def test_points_in_time_hold_the_days_they_mean_and_none_without_a_date(
    given: Any, holds: list[int]
) -> None:
    imported = read(given)
    assert {entry.effect for entry in imported.report} <= {"differs"}
    catalog = Catalog(1, (Field("p", "datetime"),))
    contacts = [Contact("none")] + [
        Contact(str(days), {"p": AS_OF - dt.timedelta(days=days)})
        for days in (40, 16, 15, 1, 0, -3)
    ]
    require_sound(imported.group, catalog)
    logic = lower(imported.group, Context(AS_OF, ZoneInfo("UTC"), catalog)).root
    found = [contacts[i].key for i in MemoryEngine(contacts).members(logic).ids()]
    assert found == [str(days) for days in holds]


def test_a_day_whose_own_place_is_not_said_is_reported() -> None:
    imported = read(asked("TIME_POINT", "IS_AFTER", timePoint=date(25)))
    assert "whether the day itself counts" in imported.report[0].why
    days = read(asked("TIME_POINT", "IS_AFTER", timePoint=date(25)), types={"p": "date"})
    assert days.group.rules == (field("p").after("2026-10-25"),)
