from __future__ import annotations

from typing import Any

import pytest

from segbench.errors import FormatError
from segbench.interchange.klaviyo import from_klaviyo
from segbench.model.ask import did, field, in_segment
from segbench.model.rules import (
    Comparison,
    FieldRule,
    Group,
    MeasureRule,
    RuleOrGroup,
    SegmentRule,
)
from segbench.model.windows import Ago, Last, Next


def prop(kind: str, op: str, **entries: Any) -> dict[str, Any]:
    given = {"type": kind, "operator": op, **entries}
    return {"type": "profile-property", "property": "properties['p']", "filter": given}


def metric(op: str, value: float, frame: Any = None, **more: Any) -> dict[str, Any]:
    return {
        "type": "profile-metric",
        "metric_id": "M",
        "measurement": "count",
        "measurement_filter": {"type": "numeric", "operator": op, "value": value},
        "timeframe_filter": frame or {"type": "date", "operator": "alltime"},
        **more,
    }


def member(*ids: str, within: bool = True) -> dict[str, Any]:
    return {"type": "profile-group-membership", "is_member": within, "group_ids": list(ids)}


def definition(*groups: list[Any]) -> dict[str, Any]:
    return {"condition_groups": [{"conditions": group} for group in groups]}


def only(condition: Any) -> RuleOrGroup:
    imported = from_klaviyo(definition([condition]))
    assert imported.report == ()
    group = imported.group.rules[0]
    assert isinstance(group, Group)
    return group.rules[0]


def ask(op: str, *values: Any, **more: Any) -> FieldRule:
    return FieldRule("p", op, values, **more)


LAST_30 = {"type": "date", "operator": "in-the-last", "unit": "day", "quantity": 30}
BETWEEN = {"type": "date", "operator": "between", "unit": "day", "start": 10, "end": 20}


@pytest.mark.parametrize(
    ("given", "found"),
    [
        (prop("string", "equals", value="a"), ask("is", "a", match_case=True)),
        (
            prop("string", "not-equals", value="a"),
            ask("is_not", "a", match_case=True, unknown="exclude"),
        ),
        (prop("string", "in", value=["a", "b"]), ask("is_any_of", "a", "b", match_case=True)),
        (prop("numeric", "greater-than-or-equal", value=3), ask("at_least", 3)),
        (prop("numeric", "not-equals", value=3), ask("does_not_equal", 3, unknown="exclude")),
        (prop("numeric", "between", start=1, end=2), ask("between", 1, 2)),
        (prop("boolean", "equals", value=False), ask("is_false")),
        (prop("existence", "not-set"), ask("is_empty")),
        (prop("list", "contains", value="a"), ask("has_any_of", "a", match_case=True)),
        (prop("list", "length-greater-than", value=2), ask("size_at_least", 3)),
        (
            prop("date", "in-the-next", unit="week", quantity=2),
            ask("in_next", window=Next(2, "weeks")),
        ),
        (
            prop("date", "at-least", unit="day", quantity=9),
            ask("more_than_ago", window=Last(9, "days")),
        ),
        (
            prop("date", "between", unit="day", start=10, end=20),
            ask("between_ago", window=Ago(10, 20)),
        ),
        (
            prop("date", "after", date="2026-01-01T00:00:00+00:00"),
            ask("after", "2026-01-01T00:00:00+00:00"),
        ),
        (metric("greater-than", 2), did("M").at_least(3)),
        (metric("less-than", 1), did("M").at_most(0)),
        (metric("not-equals", 2.0), ~did("M").exactly(2)),
        (metric("equals", 0, LAST_30), did("M").exactly(0).within(days=30)),
        (metric("equals", 1, BETWEEN), did("M").exactly(1).within(Ago(10, 20))),
        (
            metric(
                "equals",
                1,
                metric_filters=[
                    {k: v for k, v in prop("string", "equals", value="x").items() if k != "type"}
                ],
            ),
            did("M").exactly(1).matching(ask("is", "x", match_case=True)),
        ),
        (
            metric("greater-than", 9.5, measurement="sum"),
            MeasureRule("M", "sum", Comparison("greater_than", (9.5,)), "$value"),
        ),
        (member("G"), in_segment("G")),
        (member("G", within=False), SegmentRule("G", "is_not_in")),
    ],
)
def test_a_condition_is_read_as_what_it_means(given: Any, found: RuleOrGroup) -> None:
    assert only(given) == found


@pytest.mark.parametrize(
    ("given", "found"),
    [
        (prop("date", "calendar-month", value=2), ask("month_is", "february")),
        (prop("date", "anniversary"), ask("anniversary_today")),
    ],
)
def test_days_of_an_instant_are_reported_to_be_those_of_another_zone(
    given: Any, found: FieldRule
) -> None:
    imported = from_klaviyo(definition([given]))
    assert imported.group == Group("and", (Group("or", (found,)),))
    assert [entry.effect for entry in imported.report] == ["differs"]
    assert from_klaviyo(definition([given]), types={"p": "date"}).report == ()


def test_groups_are_joined_by_and_and_their_conditions_by_or() -> None:
    a, b, c = (prop("numeric", "equals", value=value) for value in (1, 2, 3))
    one, two, three = (field("p").equals(value) for value in (1, 2, 3))
    imported = from_klaviyo(definition([a, b], [c]))
    assert imported.group == Group("and", (Group("or", (one, two)), Group("or", (three,))))


def test_a_segment_of_the_api_is_taken_as_it_comes_and_names_are_translated() -> None:
    given = {"data": {"attributes": {"name": "x", "definition": definition([metric("equals", 1)])}}}
    found = from_klaviyo(given, names={"M": "order_placed"}).group
    assert found == Group("and", (Group("or", (did("order_placed").exactly(1),)),))


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (prop("string", "regex", value="a"), "'regex'"),
        (prop("string", "phone-country-code-in", value=["1"]), "phone-country-code-in"),
        (prop("string", "equals", value=" "), "Enter a text"),
        (prop("date", "anniversary-month"), "'anniversary-month'"),
        (prop("date", "before", date="2026-01-01"), "An instant is needed"),
        (prop("date", "in-the-last", unit="day", quantity=0), "at least 1"),
        (prop("list", "contains", value=3), "are texts here"),
        (prop("list", "not-contains-all", value=["a"]), "not-contains-all"),
        (metric("equals", 1.5), "whole number"),
        (metric("equals", -1), "0 to 1,000,000,000"),
        (metric("equals", 1, {"type": "date", "operator": "after", "date": "x"}), "'after'"),
        (metric("equals", 1, measurement="unique"), "'unique'"),
        (member("a", "b"), "any or all"),
        ({**member("a"), "timeframe_filter": LAST_30}, "'timeframe_filter'"),
        ({"type": "profile-marketing-consent", "consent": {}}, "profile-marketing-consent"),
        ({"type": "profile-region", "in_region": True, "region": "european_union"}, "region"),
    ],
)
def test_what_has_no_exact_meaning_is_reported_in_its_place(given: Any, why: str) -> None:
    known = prop("existence", "is-set")
    imported = from_klaviyo(definition([known, given]))
    (entry,) = imported.report
    assert why in entry.why
    assert (entry.path, entry.effect) == ("condition_groups.0.conditions.1", "narrower")


def test_a_wrong_type_is_a_format_error_with_its_place() -> None:
    with pytest.raises(FormatError, match=r"conditions\.0\.filter\.value: a number is needed"):
        from_klaviyo(definition([prop("numeric", "equals", value="3")]))
