"""What one atom says about another one, and what it only seems to say."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from population import AS_OF, MONTH, TICK

from segbench.model.moments import Bounds
from segbench.plan.atoms import (
    After,
    Compared,
    Events,
    Happened,
    HasTag,
    InShare,
    ItemHas,
    ItemIs,
    Items,
    Known,
    Measured,
    PartIn,
    Sampled,
    Sequence,
    TextHas,
    TextIs,
    TextLength,
    TextMatches,
    Truth,
    Within,
)
from segbench.plan.logic import Everyone, Leaf, all_of, any_of, complement
from segbench.plan.proof import implies

EVENTS = Events(("order_placed",), Everyone())
LAST = Bounds(AS_OF - MONTH, AS_OF, low_open=True)


def measured(measure: Any, test: Any, prop: str = "amount") -> Measured:
    return Measured(EVENTS, measure, prop, "number", test, LAST, None, "")


def number(low: Any = None, high: Any = None, **ends: bool) -> Within:
    return Within("", "number", Bounds(low, high, **ends))


def happened(times: int, bounds: Bounds = LAST, *, where: Any = None, names: Any = None) -> Any:
    return Happened(Events(names or EVENTS.names, where or Everyone()), times, bounds)


OLDER = Bounds(AS_OF - 2 * MONTH, AS_OF)
AMOUNT = Leaf(Within("amount", "number", Bounds(low=50)))
LESS = Leaf(Within("amount", "number", Bounds(low=10)))
OPENED, SEEN = Events(("email_opened",), Everyone()), Events(("page_visited",), Everyone())
BIG = Events(("order_placed",), AMOUNT)


def steps(*done: Events, missing: Events | None = None, days: int = 0, until: int = 0) -> Sequence:
    within = dt.timedelta(days) if days else None
    return Sequence(done, LAST, within, missing, AS_OF + until * TICK)


def since(*last: Events, until: int = 0) -> Happened:
    return Happened(EVENTS, 1, LAST, After(last, AS_OF + until * TICK))


def compared(
    how: Any, *, match_case: bool = False, kind: Any = "number", zone: str = ""
) -> Compared:
    return Compared("a", kind, how, "b", kind, match_case, zone)


FIVE = PartIn("d", "date", "month", (5,), "")

IMPLIED: list[tuple[Any, Any]] = [
    (Within("d", "date", Bounds(low=dt.date(2026, 1, 1), low_open=True)),
     Within("d", "date", Bounds(low=dt.date(2026, 1, 2)))),
    (Within("d", "datetime", Bounds(low=AS_OF + TICK)),
     Within("d", "datetime", Bounds(low=AS_OF, low_open=True))),
    (Within("d", "date", Bounds(dt.date(2026, 5, 3), dt.date(2026, 5, 9))), FIVE),
    (Within("d", "date", Bounds(dt.date(2026, 5, 4), dt.date(2026, 5, 5))),
     PartIn("d", "date", "weekday", (0, 1), "")),
    (PartIn("d", "date", "month_day", (501, 531), ""), FIVE),
    (TextIs("t", ("abc",), True), TextIs("t", ("abc", "x"))),
    (TextIs("t", ("17",)), TextIs("t", ("17",), True)),
    (TextIs("t", ("abc", "abd")), TextHas("t", "start", "ab")),
    (TextIs("t", ("de",)), TextMatches("t", "^D", False)),
    (TextIs("t", ("abc",)), TextLength("t", Bounds(3, 3))),
    (TextHas("t", "start", "abc"), TextHas("t", "anywhere", "b")),
    (TextHas("t", "end", "ABC", True), TextHas("t", "end", "bc")),
    (TextHas("t", "anywhere", "abc"), TextLength("t", Bounds(low=2))),
    (HasTag(("a",)), HasTag(("a", "b"))),
    (HasTag(("a",), LAST), HasTag(("a", "b"), OLDER)),
    (HasTag(("a",), LAST), HasTag(("a", "b"))),
    (InShare("n", 5, True), InShare("n", 7, True)),
    (InShare("n", 5, True), Known("n", "number")),
    (Sampled("s", "20000000", "30000000"), Sampled("s", "10000000", "30000000")),
    (happened(3), happened(2, OLDER)),
    (happened(1, where=AMOUNT), happened(1, where=LESS)),
    (happened(1), happened(1, names=("order_placed", "page_visited"))),
    (measured("sum", number(low=100)), measured("sum", number(low=50))),
    (measured("sum", number(low=100)), happened(1)),
    (measured("distinct", Known("", "number")), measured("distinct", number(low=0.5))),
    (happened(1), measured("active_days", number(low=1), "")),
    (measured("distinct", number(low=2, low_open=True)), happened(3)),
    (steps(EVENTS, OPENED), steps(OPENED)),
    (steps(BIG, OPENED, days=1), steps(EVENTS, OPENED, days=7)),
    (steps(EVENTS, SEEN, OPENED, days=7), steps(EVENTS, OPENED)),
    (steps(EVENTS, EVENTS), happened(2)),
    (steps(EVENTS, missing=OPENED, days=7), steps(EVENTS, missing=OPENED, days=1)),
    (steps(OPENED, missing=EVENTS), steps(OPENED, missing=BIG)),
    (since(OPENED), happened(1)),
    (since(EVENTS, OPENED), since(OPENED)),
    (since(EVENTS), since(BIG)),
    (compared("<"), compared("<=")),
    (compared("on", kind="date"), compared("<=", kind="date")),
    (compared("is", kind="text"), compared("ends", kind="text")),
    (compared("is", match_case=True, kind="text"), compared("contains", kind="text")),
    (ItemIs("l", ("abc",), True), ItemHas("l", "bc")),
    (ItemIs("l", ("abc",)), Items("l", Bounds(low=1))),
    (Measured(EVENTS, "last_time", "", "datetime", Within("", "datetime", LAST), OLDER, None, ""),
     happened(1)),
]  # fmt: skip
"""One atom and another one that it implies."""


@pytest.mark.parametrize(("one", "other"), IMPLIED, ids=lambda atom: type(atom).__name__)
def test_one_implies_the_other(one: Any, other: Any) -> None:
    assert implies(Leaf(one), Leaf(other)).proven


NOT_IMPLIED: list[tuple[Any, Any]] = [
    (TextIs("t", ("abc",)), TextIs("t", ("abc",), True)),
    (TextHas("t", "end", "bc"), TextHas("t", "end", "ABC", True)),
    (TextIs("t", ("de",)), TextHas("t", "start", "d", True)),
    (TextMatches("t", "[^a]", True), TextMatches("t", "[^a]", False)),
    (HasTag(("a", "b")), HasTag(("a",))),
    (HasTag(("a",)), HasTag(("a",), Bounds())),
    (Sampled("s", "20000000", "30000000"), Sampled("t", "10000000", "30000000")),
    (happened(2, OLDER), happened(2)),
    (happened(1, where=LESS), happened(1, where=AMOUNT)),
    # Both ends are rounded to millionths: 0.1 and the number just above it are the same there.
    (measured("sum", number(low=0.1 + 1e-9)), measured("sum", number(low=0.1, low_open=True))),
    (Within("d", "date", Bounds(dt.date(2026, 5, 3), dt.date(2026, 6, 1))), FIVE),
    (measured("average", Known("", "number")), measured("average", number(low=0))),
    (happened(1, Bounds(low=AS_OF)), happened(1, Bounds(low=AS_OF, low_open=True))),
    (happened(1, Bounds(high=AS_OF)), happened(1, Bounds(high=AS_OF, high_open=True))),
    (happened(1), happened(2)),
    (happened(2, names=("a", "b")), happened(2, names=("a",))),
    (TextHas("t", "start", "ab"), TextHas("t", "start", "ab", True)),
    (TextHas("t", "start", "ab"), TextHas("t", "end", "ab")),
    (ItemIs("l", ("abc",)), ItemHas("l", "abc", True)),
    (ItemHas("l", "abc"), ItemHas("l", "abc", True)),
    (Within("d", "date", Bounds(dt.date(2026, 4, 30), dt.date(2026, 5, 9))), FIVE),
    # At 0:01 on that Sunday clocks in St John's went back to 23:01 on Saturday.
    (Within("d", "datetime",
            Bounds(dt.datetime(2010, 11, 7, 2, 30, 30), dt.datetime(2010, 11, 7, 2, 45))),
     PartIn("d", "datetime", "weekday", (6,), "America/St_Johns")),
    (steps(EVENTS, OPENED), steps(OPENED, EVENTS)),
    (steps(EVENTS, OPENED, days=7), steps(EVENTS, OPENED, days=1)),
    (steps(EVENTS, OPENED), steps(EVENTS, OPENED, days=1)),
    (steps(EVENTS, missing=OPENED, days=1), steps(EVENTS, missing=OPENED, days=7)),
    (steps(EVENTS, missing=OPENED, days=1), steps(EVENTS, missing=OPENED)),
    (steps(EVENTS, missing=OPENED), steps(EVENTS, missing=OPENED, days=1)),
    (steps(OPENED, missing=BIG), steps(OPENED, missing=EVENTS)),
    (steps(EVENTS, missing=OPENED), steps(EVENTS, missing=OPENED, until=-1)),
    (steps(EVENTS, OPENED, missing=SEEN), steps(EVENTS, missing=SEEN)),
    (steps(EVENTS, OPENED, missing=SEEN), steps(EVENTS, OPENED, days=1)),
    (steps(EVENTS), steps(EVENTS, missing=OPENED)),
    (happened(1), since(OPENED)),
    (since(OPENED), since(EVENTS)),
    (since(OPENED), since(EVENTS, OPENED)),
    (since(BIG), since(EVENTS)),
    (since(OPENED), since(OPENED, until=-1)),
    (compared("<="), compared("<")),
    (compared("on", kind="datetime", zone="UTC"), compared("=", kind="datetime")),
    (compared("is", kind="text"), compared("is", match_case=True, kind="text")),
    (compared("starts", kind="text"), compared("ends", kind="text")),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), NOT_IMPLIED, ids=lambda atom: type(atom).__name__)
def test_one_does_not_imply_the_other(one: Any, other: Any) -> None:
    assert not implies(Leaf(one), Leaf(other)).proven


EXCLUDED: list[tuple[Any, Any]] = [
    (Within("n", "number", Bounds(high=1)), Within("n", "number", Bounds(low=1, low_open=True))),
    (Truth("b", True), Truth("b", False)),
    (TextIs("t", ("a", "b")), TextIs("t", ("c",))),
    (TextIs("t", ("A",), True), TextIs("t", ("a",), True)),
    (TextHas("t", "start", "ab"), TextHas("t", "start", "b")),
    (TextHas("t", "end", "ab"), TextIs("t", ("abc",))),
    (TextHas("t", "anywhere", "abc"), TextLength("t", Bounds(high=2))),
    (PartIn("d", "date", "weekday", (0,), ""), PartIn("d", "date", "weekday", (1, 2), "")),
    (PartIn("d", "date", "month_day", (229,), ""), FIVE),
    (Sampled("s", "00000000", "40000000"), Sampled("s", "40000000", "")),
]


@pytest.mark.parametrize(("one", "other"), EXCLUDED, ids=lambda atom: type(atom).__name__)
def test_both_are_never_true(one: Any, other: Any) -> None:
    assert implies(Leaf(one), complement(Leaf(other))).proven


NOT_EXCLUDED: list[tuple[Any, Any]] = [
    (TextHas("t", "anywhere", "a"), TextHas("t", "anywhere", "b")),
    (TextHas("t", "start", "a"), TextHas("t", "end", "b")),
    (TextHas("t", "start", "A", True), TextHas("t", "start", "ab")),
    (TextIs("t", ("A",), True), TextIs("t", ("a",))),
    (TextIs("t", ("de",)), TextMatches("t", "D", True)),
    (HasTag(("a",)), HasTag(("b",))),
    (ItemIs("l", ("a",)), ItemIs("l", ("b",))),
    (InShare("n", 1, True), InShare("n", 1, False)),
    (PartIn("d", "date", "weekday", (0,), ""), FIVE),
    (compared("<="), compared(">=")),
    (Within("d", "date", Bounds(dt.date(2026, 4, 29), dt.date(2026, 5, 1))), FIVE),
]


@pytest.mark.parametrize(("one", "other"), NOT_EXCLUDED, ids=lambda atom: type(atom).__name__)
def test_both_may_be_true(one: Any, other: Any) -> None:
    assert not implies(Leaf(one), complement(Leaf(other))).proven


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Within("n", "number", Bounds(high=5)), Known("n", "number")),
        (ItemIs("l", ("a",)), Known("l", "list")),
        (ItemHas("l", "ABC", True), ItemHas("l", "BC", True)),
    ],
    ids=["number", "list", "item"],
)
def test_what_a_value_says_of_itself_is_found(one: Any, other: Any) -> None:
    assert implies(Leaf(one), Leaf(other)).proven


def test_comparisons_of_different_fields_say_nothing_of_each_other() -> None:
    here = compared("is", kind="text")
    for how in ("is", "contains"):
        there = replace(compared(how, kind="text"), field="c", other="d")
        assert not implies(Leaf(here), Leaf(there)).proven


def test_an_item_in_capitals_is_another_one_where_case_matters() -> None:
    capitals, small = ItemHas("l", "ABC", True), ItemHas("l", "abc", True)
    assert not implies(Leaf(capitals), Leaf(small)).proven


def test_a_first_time_may_lie_late_in_the_time_that_is_asked_about() -> None:
    late = Within("", "datetime", Bounds(low=AS_OF - dt.timedelta(days=3)))
    first = Measured(EVENTS, "first_time", "", "datetime", late, LAST, None, "")
    assert not implies(Leaf(happened(1)), complement(Leaf(first))).proven
    before = happened(1, replace(LAST, high=late.bounds.low, high_open=True))
    assert implies(Leaf(before), complement(Leaf(first))).proven


@pytest.mark.parametrize(
    "beside",
    [happened(1), HasTag(("a",)), InShare("m", 5, True), Sampled("s", "20000000", "30000000")],
    ids=lambda atom: type(atom).__name__,
)
def test_what_is_so_of_a_field_is_so_beside_all_else(beside: Any) -> None:
    five, one = (Leaf(Within("n", "number", Bounds(low=n))) for n in (5, 1))
    assert implies(all_of((five, Leaf(beside))), one).proven


def test_a_long_value_has_its_parts_beside_a_pattern() -> None:
    # Its spellings are too many to try.
    value, pattern = TextIs("t", ("abcdefgh",)), TextMatches("t", "x", False)
    part = TextHas("t", "start", "abc")
    assert implies(all_of((Leaf(value), Leaf(pattern))), Leaf(part)).proven


@pytest.mark.parametrize(
    ("made", "known"),
    [
        (lambda n: PartIn("d", "date", "weekday", (n,), ""), Known("d", "date")),
        (lambda n: TextIs("t", (f"{n}",)), None),
    ],
    ids=["weekdays", "texts"],
)
def test_of_seven_values_each_excludes_all_the_others(made: Any, known: Any) -> None:
    several = [Leaf(made(n)) for n in range(7)]
    for place, each in enumerate(several):
        others = any_of(several[:place] + several[place + 1 :])
        assert implies(each, complement(others)).proven
        assert known is None or not implies(Leaf(known), others).proven
    assert known is None or implies(Leaf(known), any_of(several)).proven
