"""The atoms that a comparison of a field becomes: exact bounds, values and zones."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from plan.edges import DAY, HERE, NOON, TODAY, atom, logic
from segbench.errors import RuleError
from segbench.model.ask import field, sample, tag
from segbench.model.moments import Bounds
from segbench.model.rules import FieldRule, TagRule
from segbench.model.windows import Ago, Calendar, Last, Next
from segbench.plan.atoms import (
    Compared,
    HasTag,
    InShare,
    ItemHas,
    ItemIs,
    Items,
    Known,
    PartIn,
    Sampled,
    TextHas,
    TextIs,
    TextLength,
    TextMatches,
    Truth,
    Within,
)
from segbench.plan.logic import Leaf, Not, Nothing, all_of, any_of, atoms, complement

BORN: list[tuple[Any, Bounds]] = [
    (field("birthday").on("2026-10-20"), Bounds(dt.date(2026, 10, 20), dt.date(2026, 10, 20))),
    (field("birthday").before("2026-10-20"), Bounds(high=dt.date(2026, 10, 20), high_open=True)),
    (field("birthday").after("2026-10-20"), Bounds(low=dt.date(2026, 10, 20), low_open=True)),
    (
        field("birthday").between("2026-10-01", "2026-10-20"),
        Bounds(dt.date(2026, 10, 1), dt.date(2026, 10, 20)),
    ),
    # An instant is compared by the local day that it lies in.
    (
        field("birthday").on("2026-10-20T23:30Z"),
        Bounds(dt.date(2026, 10, 21), dt.date(2026, 10, 21)),
    ),
    (field("birthday").in_last(days=3), Bounds(TODAY - 3 * DAY, TODAY, low_open=True)),
    (field("birthday").in_next(days=3), Bounds(TODAY, TODAY + 3 * DAY, low_open=True)),
    (FieldRule("birthday", "more_than_ago", window=Last(3)), Bounds(high=TODAY - 3 * DAY)),
    (
        FieldRule("birthday", "more_than_ahead", window=Next(3)),
        Bounds(low=TODAY + 3 * DAY, low_open=True),
    ),
    (
        FieldRule("birthday", "between_ago", window=Ago(3, 5)),
        Bounds(TODAY - 5 * DAY, TODAY - 3 * DAY, low_open=True),
    ),
    (
        FieldRule("birthday", "in_period", window=Calendar("week")),
        Bounds(TODAY - DAY, TODAY + 5 * DAY),
    ),
    (
        FieldRule("birthday", "before_period", window=Calendar("week")),
        Bounds(high=TODAY - DAY, high_open=True),
    ),
    (
        FieldRule("birthday", "after_period", window=Calendar("week")),
        Bounds(low=TODAY + 5 * DAY, low_open=True),
    ),
]
MIDNIGHT = dt.datetime(2026, 10, 19, 22)
SUNDAY = dt.datetime(2026, 10, 24, 22)
NEXT_SUNDAY = dt.datetime(2026, 10, 31, 23)
AT = dt.datetime(2026, 10, 20, 8)
SEEN: list[tuple[Any, Bounds]] = [
    (field("last_seen").on("2026-10-20"), Bounds(MIDNIGHT, MIDNIGHT + DAY, high_open=True)),
    (field("last_seen").on("2026-10-20T10:00"), Bounds(MIDNIGHT, MIDNIGHT + DAY, high_open=True)),
    (field("last_seen").before("2026-10-20"), Bounds(high=MIDNIGHT, high_open=True)),
    (field("last_seen").before("2026-10-20T10:00"), Bounds(high=AT, high_open=True)),
    (field("last_seen").after("2026-10-20"), Bounds(low=MIDNIGHT + DAY)),
    (field("last_seen").after("2026-10-20T10:00"), Bounds(low=AT, low_open=True)),
    (
        field("last_seen").between("2026-10-20", "2026-10-20"),
        Bounds(MIDNIGHT, MIDNIGHT + DAY, high_open=True),
    ),
    (field("last_seen").between("2026-10-20", "2026-10-20T10:00"), Bounds(MIDNIGHT, AT)),
    (field("last_seen").in_last(days=3), Bounds(NOON - 3 * DAY, NOON, low_open=True)),
    (field("last_seen").in_next(days=3), Bounds(NOON, NOON + 3 * DAY, low_open=True)),
    (FieldRule("last_seen", "more_than_ago", window=Last(3)), Bounds(high=NOON - 3 * DAY)),
    (
        FieldRule("last_seen", "more_than_ahead", window=Next(3)),
        Bounds(low=NOON + 3 * DAY, low_open=True),
    ),
    (
        FieldRule("last_seen", "in_period", window=Calendar("week")),
        Bounds(SUNDAY, NEXT_SUNDAY, high_open=True),
    ),
    (
        FieldRule("last_seen", "before_period", window=Calendar("week")),
        Bounds(high=SUNDAY, high_open=True),
    ),
    (FieldRule("last_seen", "after_period", window=Calendar("week")), Bounds(low=NEXT_SUNDAY)),
]
AGED: list[tuple[Any, Bounds]] = [
    (field("age") >= 5, Bounds(low=5)),
    (field("age") <= 5, Bounds(high=5)),
    (field("age") > 5, Bounds(low=5, low_open=True)),
    (field("age") < 5, Bounds(high=5, high_open=True)),
    (field("age").equals(5), Bounds(5, 5)),
    (field("age").between(5, 6), Bounds(5, 6)),
]
BOUNDED = [
    *((rule, Within("birthday", "date", bounds)) for rule, bounds in BORN),
    *((rule, Within("last_seen", "datetime", bounds)) for rule, bounds in SEEN),
    *((rule, Within("age", "number", bounds)) for rule, bounds in AGED),
]


@pytest.mark.parametrize(("rule", "wanted"), BOUNDED, ids=[str(n) for n in range(len(BOUNDED))])
def test_a_comparison_has_these_bounds(rule: Any, wanted: Within) -> None:
    assert logic(rule) == Leaf(wanted)


ASKED: list[tuple[Any, Any]] = [
    (field("name").is_("Ann "), TextIs("name", ("ann",))),
    (field("name", match_case=True).is_("Ann"), TextIs("name", ("Ann",), True)),
    (field("name").is_any_of("b", "A", " "), TextIs("name", ("a", "b"))),
    (field("name").contains("A"), TextHas("name", "anywhere", "a")),
    (field("name").starts_with("A"), TextHas("name", "start", "a")),
    (field("name", match_case=True).ends_with("A"), TextHas("name", "end", "A", True)),
    (field("name", match_case=True).matches("^A"), TextMatches("name", "^A", True)),
    (field("name").length_at_least(3), TextLength("name", Bounds(low=3))),
    (field("name").length_at_most(3), TextLength("name", Bounds(high=3))),
    (FieldRule("name", "length_equals", (3,)), TextLength("name", Bounds(3, 3))),
    (field("interests").has_any_of("B", "a"), ItemIs("interests", ("a", "b"))),
    (
        FieldRule("interests", "item_contains", ("B",), match_case=True),
        ItemHas("interests", "B", True),
    ),
    (FieldRule("interests", "size_at_least", (2,)), Items("interests", Bounds(low=2))),
    (FieldRule("interests", "size_at_most", (2,)), Items("interests", Bounds(high=2))),
    (FieldRule("interests", "size_equals", (2,)), Items("interests", Bounds(2, 2))),
    (field("subscribed").is_true(), Truth("subscribed", True)),
    (field("subscribed").is_false(), Truth("subscribed", False)),
    (field("name").is_not_empty(), Known("name", "text")),
    (field("score").in_top(2.5), InShare("score", 25_000, True)),
    (field("score").in_bottom(0.0001), InShare("score", 1, False)),
    (
        field("birthday").weekday_is("sunday", "monday"),
        PartIn("birthday", "date", "weekday", (0, 6), ""),
    ),
    (
        field("last_seen").month_is("december", "january"),
        PartIn("last_seen", "datetime", "month", (1, 12), "Europe/Berlin"),
    ),
    (
        field("last_seen").hour_between(22, 2),
        PartIn("last_seen", "datetime", "hour", (0, 1, 22, 23), "Europe/Berlin"),
    ),
    (
        field("last_seen").hour_between(9, 11),
        PartIn("last_seen", "datetime", "hour", (9, 10), "Europe/Berlin"),
    ),
    (
        FieldRule("birthday", "anniversary_today"),
        PartIn("birthday", "date", "month_day", (1_026,), ""),
    ),
    (
        FieldRule("birthday", "anniversary_last", window=Last(2)),
        PartIn("birthday", "date", "month_day", (1_025, 1_026), ""),
    ),
    (
        FieldRule("birthday", "anniversary_next", window=Next(2)),
        PartIn("birthday", "date", "month_day", (1_027, 1_028), ""),
    ),
    (
        FieldRule("age", "greater_than", other="goal"),
        Compared("age", "number", ">", "goal", "number", False, ""),
    ),
    (
        FieldRule("name", "starts_with", match_case=True, other="country"),
        Compared("name", "text", "starts", "country", "text", True, ""),
    ),
    (
        FieldRule("last_seen", "before", other="last_order"),
        Compared("last_seen", "datetime", "<", "last_order", "datetime", False, ""),
    ),
    (
        FieldRule("last_seen", "on", other="last_order"),
        Compared("last_seen", "datetime", "on", "last_order", "datetime", False, "Europe/Berlin"),
    ),
    (
        FieldRule("birthday", "on", other="joined"),
        Compared("birthday", "date", "on", "joined", "date", False, ""),
    ),
    (
        FieldRule("birthday", "after", other="last_order"),
        Compared("birthday", "date", ">", "last_order", "datetime", False, "Europe/Berlin"),
    ),
    (tag(" vip "), HasTag(("vip",))),
    (tag("vip").given(days=1), HasTag(("vip",), Bounds(NOON - DAY, NOON, low_open=True))),
    (
        TagRule("has_any_of", ("a",), window=Calendar("week")),
        HasTag(("a",), Bounds(SUNDAY, NOON)),
    ),
    (sample(0, 50, salt="s"), Sampled("s", "00000000", "80000000")),
    (sample(0.01, 100), Sampled("", "00068db9", "")),
]


@pytest.mark.parametrize(("rule", "wanted"), ASKED, ids=[str(n) for n in range(len(ASKED))])
def test_a_positive_rule_is_this_one_atom(rule: Any, wanted: Any) -> None:
    assert logic(rule) == Leaf(wanted)


def test_a_window_without_an_inside_holds_nobody() -> None:
    for window in (Ago(3, 3), Ago(4, 3)):
        for name in ("birthday", "last_seen"):
            assert logic(FieldRule(name, "between_ago", window=window)) == Nothing()
    assert logic(FieldRule("last_seen", "between", ("2026-10-02", "2026-10-01"))) == Nothing()


def test_a_leap_day_has_its_anniversary_on_the_first_of_march_of_common_years() -> None:
    today = FieldRule("birthday", "anniversary_today")
    days = {
        dt.datetime(2026, 3, 1, 9): (229, 301),
        dt.datetime(2028, 3, 1, 9): (301,),
        dt.datetime(2028, 2, 29, 9): (229,),
        dt.datetime(2026, 2, 28, 9): (228,),
    }
    for as_of, wanted in days.items():
        (found,) = atoms(logic(today, replace(HERE, as_of=as_of)))
        assert found.values == wanted


def test_a_long_anniversary_window_has_every_day_of_the_year() -> None:
    rule = FieldRule("birthday", "anniversary_next", window=Next(1_000, "years"))
    assert len(atom(rule).values) == 366
    rule = FieldRule("birthday", "anniversary_next", window=Next(364))
    assert len(atom(rule).values) == 365


@pytest.mark.parametrize(
    ("unknown", "wanted"),
    [
        (
            "include",
            any_of((Leaf(InShare("score", 10_000, True)), Not(Leaf(Known("score", "number"))))),
        ),
        ("exclude", all_of((Leaf(InShare("score", 10_000, True)), Leaf(Known("score", "number"))))),
    ],
)
def test_contacts_without_a_number_to_rank_go_where_the_rule_says(
    unknown: Any, wanted: Any
) -> None:
    assert logic(FieldRule("score", "in_top", (1,), unknown=unknown)) == wanted


def test_two_fields_have_a_value_only_where_both_have() -> None:
    both = all_of((Leaf(Known("age", "number")), Leaf(Known("goal", "number"))))
    compared = Leaf(Compared("age", "number", "=", "goal", "number", False, ""))
    rule = FieldRule("age", "does_not_equal", other="goal")
    assert logic(rule) == Not(compared)
    assert logic(replace(rule, unknown="exclude")) == all_of((Not(compared), both))
    included = any_of((compared, complement(both)))
    assert logic(FieldRule("age", "equals", other="goal", unknown="include")) == included


@pytest.mark.parametrize(
    ("name", "op", "values"),
    [
        ("name", "at_least", ("1",)),
        ("interests", "is", ("a",)),
        ("age", "is", (1,)),
        ("age", "between", (1,)),
        ("birthday", "is", ("2026-10-01",)),
        ("last_seen", "on", ("2026-10-01", "2026-10-02")),
    ],
)
def test_an_operator_without_a_meaning_for_its_values_is_refused(
    name: str, op: str, values: Any
) -> None:
    with pytest.raises(RuleError) as caught:
        logic(FieldRule(name, op, values))
    assert str(caught.value) == f"Operator {op!r} does not fit field {name!r} and its values."


def test_an_operator_is_refused_with_the_wrong_window_and_one_field_with_another() -> None:
    with pytest.raises(RuleError, match="'in_last' does not fit field 'birthday'"):
        logic(FieldRule("birthday", "in_last", window=Next(1)))
    with pytest.raises(RuleError, match="Operator 'matches' does not compare one field with"):
        logic(FieldRule("name", "matches", other="country"))


def test_a_no_break_space_is_a_tag_and_a_blank_one_is_none() -> None:
    assert atom(TagRule("has_any_of", ("\u00a0", " "))) == HasTag(("\u00a0",))
