"""What each engine makes of the edges: open and closed ends, ties, one instant, one number."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from both import NOON, doing, having, held

from segbench.engine.memory import Contact
from segbench.model.ask import did, field, in_order, measure, not_followed, sample
from segbench.model.rules import Comparison, FieldRule, MeasureRule
from segbench.model.windows import Last

ORDER, CART, VISIT, CLICK = "order_placed", "cart_updated", "page_visited", "email_clicked"


def paying(key: str, *amounts: float) -> Contact:
    return doing(key, *((ORDER, n + 1, {"amount": each}) for n, each in enumerate(amounts)))


PAYERS = (
    paying("minus", -5.0, -5.0),
    paying("nothing", 0.0),
    paying("nine", 9.0),
    paying("ten", 4.0, 6.0),
    paying("eleven", 5.0, 6.0),
    doing("without", (ORDER, 1)),
    Contact("nobody"),
)
ZERO = {"nothing", "without", "nobody"}


@pytest.mark.parametrize(
    ("op", "values", "keys"),
    [
        ("at_least", (10,), {"ten", "eleven"}),
        ("greater_than", (10,), {"eleven"}),
        ("at_most", (10,), {"minus", "nine", "ten", *ZERO}),
        ("less_than", (10,), {"minus", "nine", *ZERO}),
        ("between", (9, 10), {"nine", "ten"}),
        ("between", (-10, 0), {"minus", *ZERO}),
        ("equals", (0,), ZERO),
        ("does_not_equal", (10,), {"minus", "nine", "eleven", *ZERO}),
        ("less_than", (0,), {"minus"}),
        ("at_least", (0,), {"nine", "ten", "eleven", *ZERO}),
    ],
)
def test_a_sum_is_compared_at_both_its_ends(op: str, values: Any, keys: set[str]) -> None:
    assert held(MeasureRule(ORDER, "sum", Comparison(op, values), "amount"), *PAYERS) == keys


@pytest.mark.parametrize(
    ("op", "values", "keys"),
    [
        ("at_least", (5,), {"nine", "ten", "eleven"}),
        ("greater_than", (5,), {"nine", "eleven"}),
        ("at_most", (5,), {"minus", "nothing", "ten"}),
        ("less_than", (5,), {"minus", "nothing"}),
        ("between", (5, 5.5), {"ten", "eleven"}),
        ("equals", (-5,), {"minus"}),
        ("is_not_empty", (), {"minus", "nothing", "nine", "ten", "eleven"}),
    ],
)
def test_an_average_is_compared_at_both_its_ends(op: str, values: Any, keys: set[str]) -> None:
    assert held(MeasureRule(ORDER, "average", Comparison(op, values), "amount"), *PAYERS) == keys


def test_the_smallest_and_the_largest_are_not_each_other() -> None:
    people = (paying("low", 1.0, 2.0), paying("high", 2.0, 3.0))
    assert held(measure("smallest", ORDER, "amount") >= 2, *people) == {"high"}
    assert held(measure("largest", ORDER, "amount") <= 2, *people) == {"low"}


def test_a_share_is_compared_at_both_its_ends() -> None:
    gift, other = {"gift": True}, {"gift": False}
    people = (
        doing("half", (ORDER, 1, gift), (ORDER, 2, other)),
        doing("third", (ORDER, 1, gift), (ORDER, 2, other), (ORDER, 3, {})),
        doing("all", (ORDER, 1, gift)),
        doing("none", (ORDER, 1, other)),
        Contact("nobody"),
    )
    share = measure("share", did(ORDER).matching(field("gift").is_true()))
    assert held(share >= 50, *people) == {"half", "all"}
    assert held(share > 50, *people) == {"all"}
    assert held(share < 50, *people) == {"third", "none"}
    assert held(share.between(33, 34), *people) == {"third"}
    assert held(share.equals(100), *people) == {"all"}


def test_equal_values_are_one_and_blank_ones_none() -> None:
    people = (
        doing("zeros", (ORDER, 1, {"amount": 0.0}), (ORDER, 2, {"amount": -0.0})),
        doing("two", (ORDER, 1, {"amount": 1.0}), (ORDER, 2, {"amount": 2.0}), (ORDER, 3)),
        doing("texts", (ORDER, 1, {"currency": "EUR"}), (ORDER, 2, {"currency": " eur "})),
        doing("blank", (ORDER, 1, {"currency": " "}), (ORDER, 2, {"currency": "usd"})),
    )
    assert held(measure("distinct", ORDER, "amount").equals(1), *people) == {"zeros"}
    assert held(measure("distinct", ORDER, "amount").equals(2), *people) == {"two"}
    assert held(measure("distinct", ORDER, "currency").equals(1), *people) == {"texts", "blank"}


def test_the_first_value_is_the_earliest_and_the_last_the_latest() -> None:
    person = doing("a", (ORDER, 3), (ORDER, 2, {"amount": 1.0}), (ORDER, 1, {"amount": 5.0}))
    for figure, value in (("first_value", 1), ("last_value", 5)):
        assert held(measure(figure, ORDER, "amount").equals(value), person) == {"a"}
        assert held(measure(figure, ORDER, "amount").equals(6 - value), person) == set()


@pytest.mark.parametrize(("week_start", "weeks"), [(0, 2), (6, 1), (1, 1), (5, 1)])
def test_a_week_begins_where_it_is_said_to(week_start: int, weeks: int) -> None:
    # A Sunday and the Monday after it.
    days = (dt.datetime(2026, 10, 18, 12), dt.datetime(2026, 10, 19, 12))
    person = doing("a", *((VISIT, day) for day in days))
    rule = measure("active_weeks", VISIT).equals(weeks)
    assert held(rule, person, week_start=week_start) == {"a"}


def test_months_of_two_years_are_two_months() -> None:
    person = doing("a", (VISIT, dt.datetime(2025, 10, 1)), (VISIT, dt.datetime(2026, 10, 1)))
    assert held(measure("active_months", VISIT).equals(2), person) == {"a"}
    assert held(measure("active_days", VISIT).equals(2), person) == {"a"}
    near = doing("a", (VISIT, dt.datetime(2026, 9, 1)), (VISIT, dt.datetime(2026, 10, 1)))
    assert held(measure("active_months", VISIT).equals(2), near) == {"a"}


def test_exactly_so_many_times_is_neither_more_nor_less() -> None:
    people = [doing(str(n), *((VISIT, hour) for hour in range(1, n + 1))) for n in range(4)]
    assert held(did(VISIT).at_least(2), *people) == {"2", "3"}
    assert held(did(VISIT).at_least(1), *people) == {"1", "2", "3"}
    assert held(did(VISIT).exactly(2), *people) == {"2"}


def test_four_steps_must_come_in_this_order_the_last_in_time() -> None:
    steps = tuple(did(each) for each in (CLICK, VISIT, CART, ORDER))
    people = (
        doing("in order", (CLICK, 9), (VISIT, 8), (CART, 7), (ORDER, 6)),
        doing("one late start", (CLICK, 30), (CLICK, 9), (VISIT, 8), (CART, 7), (ORDER, 6)),
        doing("a step missing", (CLICK, 9), (VISIT, 8), (ORDER, 6)),
        doing("two swapped", (CLICK, 9), (CART, 8), (VISIT, 7), (ORDER, 6)),
        doing("at once", (CLICK, 9), (VISIT, 8), (CART, 8), (ORDER, 6)),
        doing("late", (CLICK, 9), (VISIT, 8), (CART, 7), (ORDER, 5)),
    )
    ordered = {"in order", "one late start", "late"}
    assert held(in_order(*steps), *people) == ordered
    assert held(in_order(*steps, hours=3), *people) == ordered - {"late"}
    assert held(in_order(*steps, hours=2), *people) == set()


def test_two_steps_happened_and_the_third_did_not_follow_in_time() -> None:
    rule = not_followed(did(VISIT), did(CART), did(ORDER), hours=2)
    people = (
        doing("left", (VISIT, 9), (CART, 8)),
        doing("bought just in time", (VISIT, 9), (CART, 8), (ORDER, 6)),
        doing("bought too late", (VISIT, 9), (CART, 8), (ORDER, 5.99)),
        doing("bought before", (VISIT, 9), (ORDER, 8), (CART, 8)),
        doing("time just over", (VISIT, 9), (CART, 2)),
        doing("time not over", (VISIT, 9), (CART, 1.99)),
        doing("cart alone", (CART, 8)),
    )
    wanted = {"left", "bought too late", "bought before", "time just over"}
    assert held(rule, *people) == wanted
    recent = replace(rule, window=Last(8, "hours"))
    again = doing("again", (VISIT, 7), (CART, 6))
    assert held(recent, *people, again) == {"again"}


def test_only_what_is_later_than_the_last_of_the_others_counts() -> None:
    rule = did(VISIT).at_least(1).after_last(did(CLICK), did(ORDER))
    people = (
        doing("after both", (CLICK, 9), (ORDER, 8), (VISIT, 7)),
        doing("between", (CLICK, 9), (VISIT, 8), (ORDER, 7)),
        doing("at once", (CLICK, 9), (VISIT, 9)),
        doing("after none", (VISIT, 9)),
    )
    assert held(rule, *people) == {"after both", "after none"}


def test_a_list_is_counted_without_its_blank_items_and_never_0() -> None:
    people = (
        Contact("two", {"interests": ("a", " ", "b")}),
        Contact("one", {"interests": ("a",)}),
        Contact("blank", {"interests": (" ",)}),
        Contact("none"),
    )
    assert held(FieldRule("interests", "size_at_least", (2,)), *people) == {"two"}
    assert held(FieldRule("interests", "size_at_least", (1,)), *people) == {"two", "one"}
    assert held(FieldRule("interests", "size_at_most", (1,)), *people) == {"one"}


@pytest.mark.parametrize(
    ("op", "keys"),
    [
        ("less_than", {"less"}),
        ("at_most", {"less", "equal"}),
        ("equals", {"equal"}),
        ("at_least", {"equal", "more"}),
        ("greater_than", {"more"}),
        ("does_not_equal", {"less", "more", "half"}),
    ],
)
def test_two_numbers_of_a_contact_are_compared(op: str, keys: set[str]) -> None:
    people = (
        Contact("less", {"age": 1, "goal": 2}),
        Contact("equal", {"age": 2, "goal": 2}),
        Contact("more", {"age": 3, "goal": 2}),
        Contact("half", {"age": 3}),
    )
    assert held(FieldRule("age", op, other="goal"), *people) == keys


def test_a_share_of_the_contacts_is_counted_from_the_right_end() -> None:
    people = having(score=[1.0, 2.0, 3.0, 4.0])
    assert held(field("score").in_top(25), *people) == {"4.0"}
    assert held(field("score").in_top(25.0001), *people) == {"4.0", "3.0"}
    assert held(field("score").in_bottom(50), *people) == {"1.0", "2.0"}


def test_what_happens_at_this_instant_has_happened_and_a_moment_later_has_not() -> None:
    tick = dt.timedelta(microseconds=1)
    people = (doing("now", (VISIT, NOON)), doing("next", (VISIT, NOON + tick)))
    assert held(did(VISIT), *people) == {"now"}
    assert held(measure("last_time", VISIT).is_not_empty(), *people) == {"now"}


def test_a_contact_whose_hash_lies_on_an_edge_belongs_to_the_part_above_it() -> None:
    # Of this key, the hash is the very first at 61.94 per cent.
    person = Contact("154541")
    assert held(sample(61.94, 61.95), person) == {"154541"}
    assert held(sample(61.93, 61.94), person) == set()
