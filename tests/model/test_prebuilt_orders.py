"""Who buys and who stopped, said by hand, on the edges of each window."""

from __future__ import annotations

import datetime as dt

import pytest
from crm_people import TICK, ago, catalog_of, event, held, person, without

from segbench.engine.memory import Event
from segbench.errors import RuleError
from segbench.model.vocabulary import Vocabulary


def order(days: float, later: dt.timedelta = dt.timedelta(0), amount: float = 10.0) -> Event:
    return event("order_placed", days, later, amount=amount)


def months_ago(month: int, year: int = 2026) -> dt.datetime:
    # The clock is 26 October 2026, 12:30 in Berlin, already in winter time.
    summer = 3 < month < 11
    return dt.datetime(year, month, 26, 10 if summer and month != 10 else 11, 30, 0, 123456)


FOUR, THIRTEEN = months_ago(6), months_ago(9, 2025)


def at(moment: dt.datetime, later: dt.timedelta = dt.timedelta(0), amount: float = 10.0) -> Event:
    return Event("order_placed", moment + later, {"amount": amount})


BUYERS = [
    person("none"),
    person("one, 29 days", order(29)),
    person("one, 30 days", order(30)),
    person("one, just within", order(30, TICK)),
    person("one, tomorrow", order(-1)),
    person("two, new", order(1), order(29)),
    person("two, old and new", order(1), order(300)),
    person("two at once", order(1), order(1)),
    person("two, old", order(200), order(300)),
]


def test_new_customers_ordered_for_the_first_time_and_once() -> None:
    assert held("new_customer", BUYERS) == {"one, 29 days", "one, just within"}


def test_recent_customers_ordered_in_the_window() -> None:
    twos = {"two, new", "two, old and new", "two at once"}
    assert held("recent_customer", BUYERS) == {"one, 29 days", "one, just within", *twos}


def test_repeat_customers_ordered_often_enough_ever() -> None:
    twos = {contact.key for contact in BUYERS if contact.key.startswith("two")}
    assert held("repeat_customer", BUYERS) == twos
    assert held("repeat_customer", BUYERS, orders=3) == set()


def test_one_and_done_ordered_once_and_long_ago() -> None:
    people = [
        person("60 days", order(60)),
        person("just within", order(60, TICK)),
        person("long ago", order(600)),
        person("twice", order(600), order(601)),
        person("again tomorrow", order(600), order(-1)),
        person("never"),
    ]
    assert held("one_and_done", people) == {"60 days", "long ago", "again tomorrow"}


def test_lapsed_customers_ordered_but_not_in_the_last_months() -> None:
    people = [
        person("four months", at(FOUR)),
        person("just within", at(FOUR, TICK)),
        person("old and new", order(400), order(2)),
        person("never"),
        person("not yet", order(-1)),
    ]
    assert held("lapsed", people) == {"four months"}
    assert held("lapsed", people, months=3) == {"four months", "just within"}


def test_those_who_never_purchased_are_subscribed() -> None:
    people = [
        person("in", email_consent=True),
        person("bought", order(900), email_consent=True),
        person("never asked"),
        person("declined", email_consent=False),
        person("left", email_consent=True, email_status="Unsubscribed "),
        person("left, no status", event("email_unsubscribed", 9), email_consent=True),
        person(
            "back again",
            event("email_unsubscribed", 9),
            email_consent=True,
            email_status="valid",
        ),
        person("asked for peace", email_consent=True, do_not_disturb=True),
        person("soft bounce", event("email_bounced", 1, bounce_type="soft"), email_consent=True),
        person("hard bounce", event("email_bounced", 1, bounce_type="hard"), email_consent=True),
        person("orders tomorrow", order(-1), email_consent=True),
    ]
    assert held("never_purchased", people) == {"in", "back again", "soft bounce", "orders tomorrow"}


def test_without_consent_as_a_field_those_who_did_not_leave_are_subscribed() -> None:
    people = [person("in"), person("left", event("email_unsubscribed", 1))]
    catalog = without("email_consent", "email_status")
    assert held("never_purchased", people, catalog) == {"in"}


def test_subscription_must_be_known_somehow() -> None:
    shop = catalog_of({}, {"order_placed": {}})
    with pytest.raises(RuleError, match=r"stands for email_consent .* or do_not_disturb .*; set"):
        held("never_purchased", [], shop)


def test_vips_order_often_lately_and_much() -> None:
    people = [
        person("in", at(FOUR, TICK, 300.0), order(400, amount=1.0), order(500, amount=1.0)),
        person("not lately", at(FOUR, amount=300.0), order(400, amount=300.0), order(500)),
        person("two orders", order(1, amount=900.0), order(2, amount=900.0)),
        person("exactly 100", *(order(n, amount=100.0) for n in (1, 2, 3))),
        person("a cent more", *(order(n, amount=100.0) for n in (1, 2)), order(3, amount=100.01)),
        person("amounts unknown", *(event("order_placed", n) for n in (1, 2, 3))),
        person("one known", order(1, amount=200.0), event("order_placed", 2), order(3, amount=1)),
    ]
    assert held("vip", people) == {"in", "a cent more", "one known"}
    assert held("vip", people, average=100.005) == {"in", "one known"}
    assert "two orders" in held("vip", people, orders=2)


def test_churn_risks_ordered_often_and_last_some_months_ago() -> None:
    twice = (order(700), order(800))
    people = [
        person("4 months", at(FOUR), twice),
        person("less than 4", at(FOUR, TICK), twice),
        person("within 13 months", at(THIRTEEN, TICK), twice),
        person("13 months", at(THIRTEEN), twice),
        person("two orders", at(FOUR), order(700)),
        person("one of them there", at(FOUR), order(1), order(700)),
    ]
    assert held("churn_risk", people) == {"4 months", "within 13 months"}
    assert "two orders" in held("churn_risk", people, orders=2)


def test_the_months_of_a_churn_risk_must_rise() -> None:
    with pytest.raises(RuleError, match="A last order 13 to 13 months ago: the first must be few"):
        held("churn_risk", [], from_months=13)


def test_win_backs_lapsed_and_show_interest() -> None:
    visit = event("page_visited", 89)
    people = [
        person("in", at(FOUR), visit),
        person("opened", at(FOUR), event("email_opened", 5, machine_open=False)),
        person("machine", at(FOUR), event("email_opened", 5, machine_open=True)),
        person("silent", at(FOUR), event("page_visited", 90)),
        person("not lapsed", at(FOUR, TICK), visit),
        person("never bought", visit),
    ]
    assert held("win_back", people) == {"in", "opened"}
    assert held("win_back", people, opens="all") == {"in", "opened", "machine"}
    assert held("win_back", people, opens="none") == {"in"}


def test_orders_are_what_the_workspace_calls_so() -> None:
    shop = catalog_of({}, {"purchase": {}, "order_placed": {}})
    people = [person("purchase", event("purchase", 1)), person("order", order(1))]
    words = Vocabulary(order="purchase")
    assert held("recent_customer", people, shop, words) == {"purchase"}


def test_the_clock_of_these_tests_is_the_right_one() -> None:
    assert months_ago(10) == ago(0)
