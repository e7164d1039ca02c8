"""The editors of values in a real browser: what is typed or pressed is what is sent."""

from __future__ import annotations

from typing import Any

import harness as h
import pytest
from bench import Bench, Json, edit, put
from playwright.sync_api import expect

browser = pytest.mark.browser
pytestmark = browser


@pytest.mark.parametrize(
    ("rule", "typed", "values"),
    [
        (h.field("email", "is", "a"), "b@x.org", ["b@x.org"]),
        (h.field("email", "matches", "a"), r"@(gmx|web)\.de$", [r"@(gmx|web)\.de$"]),
        (h.field("email", "length_at_least", 3), "12", [12]),
        (h.field("interests", "item_contains", "a"), "win", ["win"]),
        (h.field("interests", "size_equals", 3), "0", [0]),
        (h.field("age", "in_top", 5), "2.5", [2.5]),
        (h.field("age", "equals", 5), "-1", [-1]),
        (h.field("created", "after", "2026-01-01"), "2026-02-28", ["2026-02-28"]),
        (h.field("email", "length_at_least", 3), "", []),
    ],
    ids=lambda value: value["op"] if isinstance(value, dict) else None,
)
def test_one_value_is_typed_as_what_the_operator_takes(
    bench: Bench, rule: Json, typed: str, values: list[Any]
) -> None:
    bench.start(rule)
    bench.named("Value, row 1").fill(typed)
    bench.waits_for(put(rule | {"values": values}, typing=True))


def test_a_count_that_is_no_whole_number_counts_as_none(bench: Bench) -> None:
    rule = h.field("interests", "size_at_least", 3)
    bench.start(rule)
    bench.named("Value, row 1").fill("2.5")
    bench.waits_for(put(rule | {"values": []}, typing=True))


def test_a_list_offers_the_values_that_occur(bench: Bench) -> None:
    rule = h.field("interests", "has_all_of", "tea")
    bench.start(rule)
    bench.named("Values, row 1").click()
    bench.options("wine").click()
    bench.waits_for(put(rule | {"values": ["tea", "wine"]}))


def test_weekdays_and_months_are_pressed_and_stay_in_their_order(bench: Bench) -> None:
    rule = h.field("created", "weekday_is", "friday", "someday")
    bench.start(rule, h.field("birthday", "month_is", "december"))
    expect(bench.named("Friday, row 1")).to_have_attribute("aria-pressed", "true")
    bench.named("Monday, row 1").click()
    bench.named("Someday, row 1").click()
    bench.named("Friday, row 1").click()
    bench.named("December, row 2").click()
    bench.waits_for(
        put(rule | {"values": ["monday", "friday", "someday"]}),
        put(rule | {"values": ["monday", "friday"]}),
        put(rule | {"values": ["monday"]}),
        edit("put", [1], node=h.field("birthday", "month_is")),
    )


def test_hours_are_chosen_from_midnight_to_midnight(bench: Bench) -> None:
    rule = h.field("created", "hour_between")
    bench.start(rule)
    bench.named("From, row 1").select_option("22:00")
    bench.named("To, row 1").select_option("24:00")
    bench.waits_for(put(rule | {"values": [22, ""]}), put(rule | {"values": [22, 24]}))


def test_a_field_is_compared_with_another_that_fits_and_with_a_value_again(bench: Bench) -> None:
    rule = h.field("last_order", "after", "2026-01-01")
    bench.start(rule, h.field("age", "at_least", 5), h.field("birthday", "in_last"))
    # Nothing fits an age here, and a length of time has no field in its place.
    expect(bench.page.get_by_role("radio", name="Another field")).to_have_count(1)
    bench.named("Another field, row 1").check()
    other = {key: value for key, value in rule.items() if key != "values"}
    bench.waits_for(put(other | {"other": "birthday"}))
    box = bench.named("Other field, row 1")
    expect(box).to_be_focused()
    assert box.locator("option").all_inner_texts() == ["Birthday", "Created at"]
    box.select_option("created")
    bench.named("A value, row 1").check()
    expect(bench.named("Value, row 1")).to_be_focused()
    bench.page.wait_for_function("model.sent.length === 3")
    assert [each["node"] for each in bench.sent[1:]] == [other | {"other": "created"}, other]
