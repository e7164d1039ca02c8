"""What counts, figures and sequences of events mean, by both engines."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from both import doing, held

from segbench.model.ask import did, did_not, field, in_order, measure, not_followed
from segbench.model.rules import EventRule
from segbench.model.windows import Ago, Calendar, Since, Until

ORDER, CART, VISIT, CLICK = "order_placed", "cart_updated", "page_visited", "email_clicked"


def test_several_events_are_counted_together() -> None:
    rule = EventRule(CLICK, "at_least", (2,), also=(VISIT,))
    people = (doing("both", (CLICK, 1), (VISIT, 1)), doing("one", (CLICK, 1)), doing("none"))
    assert held(rule, *people) == {"both"}


def test_since_counts_only_what_came_after_the_last_of_those_events() -> None:
    people = (
        doing("three since", (CLICK, 10), (VISIT, 9), (VISIT, 8), (VISIT, 7)),
        doing("two since", (VISIT, 11), (CLICK, 10), (VISIT, 9), (VISIT, 8)),
        doing("never clicked", (VISIT, 3), (VISIT, 2), (VISIT, 1)),
        doing("at the same instant", (VISIT, 10), (CLICK, 10), (VISIT, 9), (VISIT, 8)),
        doing("clicks ahead", (VISIT, 3), (VISIT, 2), (VISIT, 1), (CLICK, -1)),
    )
    ignored = did(VISIT).at_least(3).after_last(did(CLICK))
    assert held(ignored, *people) == {"three since", "never clicked", "clicks ahead"}
    assert "two since" in held(did(VISIT).at_most(2).after_last(did(CLICK)), *people)


def test_what_ends_a_count_can_be_several_events_with_conditions() -> None:
    human = did("email_opened").matching(field("machine_open").is_false())
    people = (
        doing("machine", (VISIT, 3), ("email_opened", 1, {"machine_open": True})),
        doing("human", (VISIT, 3), ("email_opened", 1, {"machine_open": False})),
        doing("click", (VISIT, 3), (CLICK, 2)),
    )
    assert held(did(VISIT).after_last(human, did(CLICK)), *people) == {"machine"}


def test_windows_of_events_may_lie_in_the_past() -> None:
    day = 24
    people = (
        doing("30", (ORDER, 30 * day)),
        doing("31", (ORDER, 31 * day)),
        doing("60", (ORDER, 60 * day)),
    )
    assert held(did(ORDER).within(Ago(30, 60)), *people) == {"30", "31"}
    assert held(did(ORDER).within(Since("2026-09-26")), *people) == {"30"}
    assert held(did(ORDER).within(Until("2026-09-25")), *people) == {"31", "60"}
    assert held(did(ORDER).within(Calendar("month", -1)), *people) == {"30", "31"}


def test_a_period_that_is_not_over_holds_nothing_after_now() -> None:
    people = (doing("ahead", (ORDER, -1)), doing("now", (ORDER, 0)))
    assert held(did(ORDER).within(Calendar("day")), *people) == {"now"}


SPENT = (
    doing("30", (ORDER, 1, {"amount": 10.0}), (ORDER, 2, {"amount": 20.0})),
    doing("no amounts", (ORDER, 1)),
    doing("minus", (ORDER, 1, {"amount": -5.0})),
    doing("nobody"),
)


def test_a_sum_is_0_where_nothing_happened() -> None:
    total = measure("sum", ORDER, "amount")
    assert held(total >= 30, *SPENT) == {"30"}
    assert held(total < 30, *SPENT) == {"no amounts", "minus", "nobody"}
    assert held(total.equals(0), *SPENT) == {"no amounts", "nobody"}
    assert held(total.between(-5, 0), *SPENT) == {"no amounts", "minus", "nobody"}
    assert held(~(total >= 30), *SPENT) == held(total < 30, *SPENT)


def test_average_smallest_and_largest_have_no_value_where_there_is_none() -> None:
    for figure in ("average", "smallest", "largest"):
        asked = measure(figure, ORDER, "amount")
        assert held(asked.is_empty(), *SPENT) == {"no amounts", "nobody"}
        assert held(asked < 1_000, *SPENT) == {"30", "minus"}
    assert held(measure("average", ORDER, "amount").equals(15), *SPENT) == {"30"}
    assert held(measure("smallest", ORDER, "amount").equals(10), *SPENT) == {"30"}
    assert held(measure("largest", ORDER, "amount").equals(20), *SPENT) == {"30"}


def test_sums_and_averages_are_exact_in_millionths_in_any_order() -> None:
    people = (
        doing("tenths", *((ORDER, n, {"amount": 0.1}) for n in range(10))),
        doing("mixed", *((ORDER, n, {"amount": a}) for n, a in enumerate((1e12, 0.3, -1e12)))),
        doing("third", *((ORDER, n, {"amount": a}) for n, a in enumerate((0.0, 0.0, 1.0)))),
    )
    assert held(measure("sum", ORDER, "amount").equals(1), *people) == {"tenths", "third"}
    assert held(measure("sum", ORDER, "amount").equals(0.3), *people) == {"mixed"}
    assert held(measure("average", ORDER, "amount").equals(0.1), *people) == {"tenths", "mixed"}
    assert held(measure("average", ORDER, "amount") > 0.333333, *people) == {"third"}
    assert held(measure("average", ORDER, "amount") >= 0.333334, *people) == set()


def test_numbers_beyond_a_trillion_count_as_a_trillion_in_a_sum() -> None:
    people = (
        doing("endless", (ORDER, 1, {"amount": float("inf")})),
        doing("nan", (ORDER, 1, {"amount": float("nan")})),
    )
    assert held(measure("sum", ORDER, "amount").equals(10**12), *people) == {"endless"}
    assert held(measure("sum", ORDER, "amount").equals(0), *people) == {"nan"}


def test_different_values_are_counted_as_they_are_compared() -> None:
    people = (
        doing("same", (ORDER, 1, {"currency": "EUR"}), (ORDER, 2, {"currency": " eur"})),
        doing("two", (ORDER, 1, {"currency": "EUR"}), (ORDER, 2, {"currency": "USD"})),
        doing("blank", (ORDER, 1, {"currency": " "})),
    )
    different = measure("distinct", ORDER, "currency")
    assert held(different.equals(1), *people) == {"same"}
    assert held(different.equals(2), *people) == {"two"}
    assert held(different.equals(0), *people) == {"blank"}


def test_days_weeks_and_months_are_local_ones_and_counted_once() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    # In Berlin one Monday, 19 October; in UTC a Sunday and a Monday.
    evening, morning = dt.datetime(2026, 10, 18, 22, 30), dt.datetime(2026, 10, 19, 8)
    people = (doing("p", (VISIT, evening), (VISIT, morning), (VISIT, morning)),)
    for figure in ("active_days", "active_weeks"):
        assert held(measure(figure, VISIT).equals(1), *people, zone=berlin) == {"p"}
        assert held(measure(figure, VISIT).equals(2), *people) == {"p"}
    sundays = measure("active_weeks", VISIT).equals(1)
    assert held(sundays, *people, week_start=6) == {"p"}
    assert held(measure("active_months", VISIT).equals(1), *people) == {"p"}
    assert held(measure("active_days", VISIT).equals(0), doing("none")) == {"none"}


def test_first_and_most_recent_time_are_instants_to_compare() -> None:
    people = (doing("p", (VISIT, 24 * 40), (VISIT, 24 * 5)), doing("none"))
    assert held(measure("first_time", VISIT).more_than_ago(days=30), *people) == {"p"}
    assert held(measure("last_time", VISIT).in_last(days=7), *people) == {"p"}
    assert held(measure("first_time", VISIT).not_in_last(days=7), *people) == {"p", "none"}
    recent = measure("first_time", did(VISIT).within(days=30)).in_last(days=7)
    assert held(recent, *people) == {"p"}


def test_the_most_recent_value_is_that_of_the_latest_event_that_has_one() -> None:
    people = (
        doing("eur", (ORDER, 3, {"currency": "USD"}), (ORDER, 2, {"currency": "EUR"}), (ORDER, 1)),
        doing("tie", (ORDER, 1, {"currency": "A"}), (ORDER, 1, {"currency": "B"})),
        doing("none", (ORDER, 1, {"currency": " "})),
    )
    latest = measure("last_value", ORDER, "currency")
    assert held(latest.is_("eur"), *people) == {"eur"}
    # Of several at the same instant it is the greatest.
    assert held(latest.is_("b"), *people) == {"tie"}
    assert held(latest.is_empty(), *people) == {"none"}
    assert held(measure("first_value", ORDER, "currency").is_("usd"), *people) == {"eur"}


def test_a_share_is_of_all_the_events() -> None:
    machine = did("email_opened").matching(field("machine_open").is_true())
    opened = "email_opened"
    people = (
        doing("half", (opened, 1, {"machine_open": True}), (opened, 2, {"machine_open": False})),
        doing("unknown", (opened, 1)),
        doing("none"),
    )
    assert held(measure("share", machine) >= 50, *people) == {"half"}
    assert held(measure("share", machine) < 50, *people) == {"unknown"}
    assert held(measure("share", machine).is_empty(), *people) == {"none"}


def test_steps_come_one_after_another_and_never_at_the_same_instant() -> None:
    people = (
        doing("in order", (VISIT, 5), (CART, 4), (ORDER, 3)),
        doing("other order", (ORDER, 5), (CART, 4), (VISIT, 3)),
        doing("same instant", (VISIT, 5), (CART, 5), (ORDER, 5)),
        doing("again", (ORDER, 6), (VISIT, 5), (CART, 4), (ORDER, 3)),
        doing("ahead", (VISIT, 5), (CART, 4), (ORDER, -1)),
    )
    rule = in_order(did(VISIT), did(CART), did(ORDER))
    assert held(rule, *people) == {"in order", "again"}
    twice = in_order(did(ORDER), did(ORDER))
    assert held(twice, *people) == {"again"}


@pytest.mark.parametrize(("hours", "keys"), [(2, {"close"}), (3, {"close", "edge"}), (1, set())])
def test_a_sequence_within_a_time_is_measured_from_first_to_last(
    hours: int, keys: set[str]
) -> None:
    people = (
        # The last visit before the cart counts, not the first one.
        doing("close", (VISIT, 50), (VISIT, 5), (CART, 4), (ORDER, 3)),
        doing("edge", (VISIT, 6), (CART, 4), (ORDER, 3)),
        doing("late", (VISIT, 20), (CART, 4), (ORDER, 3)),
    )
    assert held(in_order(did(VISIT), did(CART), did(ORDER), hours=hours), *people) == keys


def test_not_followed_waits_until_the_time_is_over() -> None:
    people = (
        doing("abandoned", (CART, 100)),
        doing("ordered", (CART, 100), (ORDER, 99)),
        doing("ordered on the edge", (CART, 100), (ORDER, 28)),
        doing("ordered too late", (CART, 100), (ORDER, 27)),
        doing("still has time", (CART, 71)),
        doing("just over", (CART, 72)),
        doing("order at the same instant", (CART, 100), (ORDER, 100)),
        doing("second cart", (CART, 100), (ORDER, 99), (CART, 90)),
    )
    rule = not_followed(did(CART), did(ORDER), hours=72)
    assert held(rule, *people) == {
        *("abandoned", "ordered too late", "just over", "order at the same instant", "second cart")
    }


def test_not_followed_without_a_time_means_not_until_now() -> None:
    people = (
        doing("waits", (CART, 1)),
        doing("ordered", (CART, 10), (ORDER, 1)),
        doing("orders ahead", (CART, 10), (ORDER, -1)),
        doing("never", (VISIT, 1)),
    )
    assert held(not_followed(did(CART), did(ORDER)), *people) == {"waits", "orders ahead"}
    three = not_followed(did(VISIT), did(CART), did(ORDER))
    assert held(three, doing("p", (VISIT, 3), (CART, 2)), doing("q", (CART, 3), (VISIT, 2))) == {
        "p"
    }


def test_the_window_of_a_sequence_holds_the_steps_that_happened() -> None:
    rule = replace(not_followed(did(CART), did(ORDER)), window=Ago(1, 2))
    people = (
        doing("in", (CART, 30)),
        doing("ordered today", (CART, 30), (ORDER, 1)),
        doing("too early", (CART, 60)),
    )
    assert held(rule, *people) == {"in"}
    both = replace(in_order(did(CART), did(ORDER)), window=Ago(1, 2))
    assert held(
        both, doing("out", (CART, 30), (ORDER, 1)), doing("in", (CART, 30), (ORDER, 25))
    ) == {"in"}


def test_did_not_with_conditions_is_the_complement_of_did() -> None:
    rule = did_not(ORDER).matching(field("amount") > 10)
    people = (doing("big", (ORDER, 1, {"amount": 11.0})), doing("small", (ORDER, 1)), doing("none"))
    assert held(rule, *people) == {"small", "none"}
