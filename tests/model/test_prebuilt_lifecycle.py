"""Whose moment it is, said by hand: sign-ups, birthdays, carts and product pages left."""

from __future__ import annotations

import datetime as dt

import pytest
from crm_people import EVENTS, FIELDS, TICK, ago, catalog_of, event, held, person, without
from population import AS_OF, ZONE

from segbench.engine.memory import Event, MemoryEngine
from segbench.errors import RuleError
from segbench.model.prebuilt import prebuilt
from segbench.model.rules import Params
from segbench.model.vocabulary import STANDARD, Vocabulary
from segbench.plan.lower import Context, lower

HOUR = 1 / 24


def test_new_subscribers_subscribed_lately_and_are_not_suppressed() -> None:
    people = [
        person("in", created_at=ago(14) + TICK, email_consent=True),
        person("just out", created_at=ago(14), email_consent=True),
        person("tomorrow", created_at=ago(-1), email_consent=True),
        person("no consent", created_at=ago(1)),
        person("complained", created_at=ago(1), email_consent=True, email_status="complained"),
        person("bounced", created_at=ago(1), email_consent=True, email_status="bounced"),
        person("do not disturb", created_at=ago(1), email_consent=True, do_not_disturb=True),
        person("date unknown", email_consent=True),
    ]
    assert held("new_subscribers", people) == {"in"}
    assert held("new_subscribers", people, days=15) == {"in", "just out"}


def test_the_day_of_subscription_is_the_field_that_the_workspace_names() -> None:
    catalog = catalog_of({**FIELDS, "opted_in": "date"}, EVENTS)
    today = AS_OF.date()
    people = [
        person("13 days", opted_in=today - dt.timedelta(13), email_consent=True),
        person("14 days", opted_in=today - dt.timedelta(14), email_consent=True),
        person("created", created_at=ago(1), email_consent=True),
    ]
    words = Vocabulary(subscribed="opted_in")
    assert held("new_subscribers", people, catalog, words) == {"13 days"}


def test_birthdays_come_after_today_up_to_the_last_day() -> None:
    people = [
        person("today", birthday=dt.date(1990, 10, 26)),
        person("tomorrow", birthday=dt.date(1990, 10, 27)),
        person("in 7 days", birthday=dt.date(2010, 11, 2)),
        person("in 8 days", birthday=dt.date(2010, 11, 3)),
        person("unknown"),
    ]
    assert held("birthday_next", people) == {"tomorrow", "in 7 days"}
    assert held("birthday_next", people, days=366) == {
        *("today", "tomorrow", "in 7 days", "in 8 days")
    }


@pytest.mark.parametrize(
    ("now", "days", "wanted"),
    [
        (dt.datetime(2026, 12, 30, 12), 7, {"new year"}),
        (dt.datetime(2026, 2, 25, 12), 3, set()),
        (dt.datetime(2026, 2, 25, 12), 4, {"leap day", "1 March"}),
        (dt.datetime(2028, 2, 25, 12), 4, {"leap day"}),
        (dt.datetime(2028, 2, 29, 12), 1, {"1 March"}),
    ],
)
def test_birthdays_wrap_the_year_and_move_to_march(
    now: dt.datetime, days: int, wanted: set[str]
) -> None:
    people = [
        person("new year", birthday=dt.date(1980, 1, 6)),
        person("leap day", birthday=dt.date(2004, 2, 29)),
        person("1 March", birthday=dt.date(2004, 3, 1)),
    ]
    catalog = catalog_of(FIELDS, EVENTS)
    group = prebuilt("birthday_next").expand(Params(days=days), catalog, STANDARD)
    members = MemoryEngine(people).members(lower(group, Context(now, ZONE, catalog)).root)
    assert {people[ordinal].key for ordinal in members.ids()} == wanted


def cart(hours: float, later: dt.timedelta = dt.timedelta(0), name: str = "cart_updated") -> Event:
    return event(name, hours * HOUR, later)


def bought(hours: float, later: dt.timedelta = dt.timedelta(0)) -> Event:
    return cart(hours, later, "order_placed")


CARTS = [
    person("in", cart(5)),
    person("on the edge", cart(72, TICK)),
    person("too old", cart(72)),
    person("ordered after", cart(5), bought(4)),
    person("ordered before", cart(5), bought(6)),
    person("ordered between", cart(6), bought(5), cart(4)),
    person("orders tomorrow", cart(5), bought(-24)),
    person("old cart, late order", cart(100), bought(1)),
    person("checkout", cart(5, name="checkout_started")),
    person("order only", bought(5)),
    person("nothing"),
]
LEFT = {"in", "on the edge", "ordered before", "ordered between", "orders tomorrow"}


def test_cart_abandoners_ordered_nothing_after_the_last_cart() -> None:
    assert held("cart_abandoner", CARTS) == LEFT
    assert held("cart_abandoner", CARTS, hours=73) == LEFT | {"too old"}


def test_a_checkout_counts_as_a_cart_where_there_are_checkouts() -> None:
    both = catalog_of(FIELDS, {**EVENTS, "checkout_started": {}})
    assert held("cart_abandoner", CARTS, both) == LEFT | {"checkout"}
    only = catalog_of(FIELDS, {"checkout_started": {}, "order_placed": {}})
    assert held("cart_abandoner", CARTS, only) == {"checkout"}


def test_cart_abandoners_need_orders_to_be_known() -> None:
    with pytest.raises(RuleError, match="stands for order"):
        held("cart_abandoner", CARTS, without("order_placed"))


def view(days: float, page: str = "/products/shoes") -> Event:
    return event("page_visited", days, page=page)


VIEWERS = [
    person("in", view(1), view(2)),
    person("one view", view(1)),
    person("other pages", view(1, "/"), view(2, "/products"), view(3)),
    person("one too old", view(1), view(7)),
    person("on the edge", view(1), event("page_visited", 7, TICK, page="https://x/PRODUCTS/1")),
    person("cart after", view(1), view(2), event("cart_updated", 0.5)),
    person("order after", view(1), view(2), event("order_placed", 0.5)),
    person("cart before the last", view(1), event("cart_updated", 1.5), view(2)),
    person("other page after the cart", view(2), view(3), event("cart_updated", 1), view(0.5, "/")),
]


def test_browse_abandoners_viewed_products_and_neither_carted_nor_ordered() -> None:
    wanted = {"in", "on the edge", "cart before the last"}
    assert held("browse_abandoner", VIEWERS) == wanted
    assert held("browse_abandoner", VIEWERS, views=1) == wanted | {
        *("one view", "one too old", "other pages")
    }


def test_a_checkout_after_the_last_view_is_no_leaving() -> None:
    both = catalog_of(FIELDS, {**EVENTS, "checkout_started": {}})
    people = [*VIEWERS, person("checkout", view(1), view(2), event("checkout_started", 0.5))]
    assert held("browse_abandoner", people, both) == held("browse_abandoner", VIEWERS)
    assert "checkout" in held("browse_abandoner", people)


def test_every_view_counts_where_no_page_is_a_product_page() -> None:
    wanted = {"in", "on the edge", "cart before the last", "other pages"}
    late = {"other page after the cart"}
    words = Vocabulary(product_page="")
    assert held("browse_abandoner", VIEWERS, vocabulary=words) == wanted | late
    pageless = catalog_of(FIELDS, {**EVENTS, "page_visited": {}})
    assert held("browse_abandoner", VIEWERS, pageless) == wanted | late
