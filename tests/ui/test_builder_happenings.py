"""Figures, sequences and their events in a real browser."""

from __future__ import annotations

from typing import Any

import harness as h
import pytest
from bench import Bench, Json, edit, put
from playwright.sync_api import expect

browser = pytest.mark.browser
pytestmark = browser


def window(kind: str, **more: Any) -> Json:
    return {"kind": kind, **more}


def event(name: str = "order_placed", **more: Any) -> Json:
    return {"kind": "event", "event": name, **more}


def measure(op: str, compare: Json, **more: Any) -> Json:
    return {"kind": "measure", "event": "order_placed", "op": op, "compare": compare, **more}


def test_an_event_turns_into_a_figure_by_its_operator(bench: Bench) -> None:
    bench.start(h.ORDERED, answers=False)
    bench.named("Operator, row 1").select_option("sum of")
    bench.waits_for(edit("operator", [0], op="sum", subject="measure"))
    expect(bench.named("Property, row 1")).to_have_value("amount")
    expect(bench.named("Operator, figure of row 1")).to_have_value("at_least")
    expect(bench.named("Length of time, row 1")).to_have_value("30")
    expect(bench.named("Value, condition 1 of row 1")).to_have_value("50")


def test_a_figure_that_the_event_cannot_have_is_switched_off(bench: Bench) -> None:
    bench.start(event("cart_updated"))
    box = bench.named("Operator, row 1")
    options = {each.inner_text(): each.is_disabled() for each in box.locator("option").all()}
    assert options["sum of"]
    assert not options["number of different days"]
    assert not options["happened"]


def test_a_figure_is_compared_as_its_type_says(bench: Bench) -> None:
    rule = measure("sum", {"op": "at_least", "values": [100]}, property="amount")
    bench.start(rule)
    bench.named("Value, figure of row 1").fill("250")
    bench.waits_for(put(rule | {"compare": {"op": "at_least", "values": [250]}}, typing=True))
    bench.named("Operator, figure of row 1").select_option("between")
    bench.page.wait_for_function("model.sent.length === 2")
    assert bench.sent[1] == put(rule | {"compare": {"op": "between"}})
    assert "is empty" not in bench.named("Operator, figure of row 1").inner_text()


def test_another_property_keeps_the_comparison_only_where_it_fits(bench: Bench) -> None:
    rule = measure("last_value", {"op": "between", "values": [1, 2]}, property="amount")
    bench.start(rule)
    bench.named("Property, row 1").select_option("Channel")
    bench.waits_for(put(rule | {"property": "channel", "compare": {"op": "is_any_of"}}))
    bench.named("Values, figure of row 1").click()
    expect(bench.options("web")).to_be_visible()


def test_a_time_is_compared_with_a_window_of_its_own(bench: Bench) -> None:
    rule = measure("last_time", {"op": "in_last", "window": h.LAST_MONTH})
    bench.start(rule)
    bench.named("Unit of time, figure of row 1").select_option("months")
    months = window("last", amount=30, unit="months")
    bench.named("When, row 1").select_option("in the last")
    bench.waits_for(
        put(rule | {"compare": {"op": "in_last", "window": months}}),
        put(rule | {"compare": {"op": "in_last", "window": months}, "window": h.LAST_MONTH}),
    )


def test_case_and_missing_figures_are_set_in_the_menu(bench: Bench) -> None:
    rule = measure("last_value", {"op": "is", "values": ["web"]}, property="channel")
    bench.start(rule)
    bench.menu("row 1", "Match case")
    bench.menu("row 1", "Include them")
    cased = {"op": "is", "values": ["web"], "match_case": True}
    bench.waits_for(
        put(rule | {"compare": cased}), put(rule | {"compare": cased | {"unknown": "include"}})
    )
    expect(bench.page.locator(".sb-badge")).to_have_text(["match case", "empty included"])


def test_a_figure_that_is_never_missing_has_no_settings_for_missing_ones(bench: Bench) -> None:
    bench.start(measure("sum", {"op": "at_least", "values": [1]}, property="amount"))
    bench.button("More for row 1").click()
    expect(bench.page.get_by_role("menu")).to_contain_text("Add a note")
    expect(bench.page.get_by_text("Contacts without a figure")).to_have_count(0)


def test_other_events_are_counted_together_with_the_first(bench: Bench) -> None:
    bench.start(event())
    bench.button("Or another event, row 1").click()
    bench.waits_for(put(event(also=[""])))
    box = bench.named("Other event 1, row 1")
    expect(box).to_be_focused()
    box.select_option("Cart updated")
    bench.button("Delete other event 1, row 1").click()
    bench.waits_for(put(event(also=[""])), put(event(also=["cart_updated"])), put(event()))
    assert bench.focused() == "Or another event, row 1"


def test_it_counts_since_the_last_of_other_events_with_conditions(bench: Bench) -> None:
    bench.start(event())
    bench.button("Since the last…, row 1").click()
    bench.named("Event, since 1 of row 1").select_option("E-mail opened")
    bench.menu("since 1 of row 1", "Add condition")
    assert bench.focused() == "Property, condition 1 of since 1 of row 1"
    bench.menu("since 1 of row 1", "Or another event")
    bench.button("Delete since 1 of row 1").click()
    opened = {"event": "email_opened"}
    machine = {"kind": "field", "field": "machine_open", "op": "is_true"}
    bench.waits_for(
        put(event(since=[{"event": ""}])),
        put(event(since=[opened])),
        put(event(since=[opened | {"where": [machine]}])),
        put(event(since=[opened | {"where": [machine], "also": [""]}])),
        put(event()),
    )


CART, ORDER = {"event": "cart_updated"}, {"event": "order_placed"}
SEQUENCE: Json = {"kind": "sequence", "steps": [CART, ORDER]}


def test_an_event_turns_into_a_sequence_by_its_operator(bench: Bench) -> None:
    bench.start(event("cart_updated"), answers=False)
    bench.named("Operator, row 1").select_option("… and then did not happen")
    bench.waits_for(edit("operator", [0], op="not_followed", subject="sequence"))
    expect(bench.named("Event, step 1 of row 1")).to_have_value("cart_updated")
    step = bench.page.get_by_label("step 2 of row 1", exact=True)
    expect(step).to_contain_text("but then no")
    expect(bench.named("Event, step 2 of row 1")).to_have_value("")


def test_a_sequence_is_picked_and_its_steps_are_added_moved_and_removed(bench: Bench) -> None:
    bench.start(h.UNFINISHED, answers=False)
    bench.named("Subject, row 1: Choose a filter…").click()
    bench.page.keyboard.type("sequence")
    bench.page.keyboard.press("Enter")
    bench.waits_for(edit("choose", [0], subject="sequence", name=""))
    bench.named("Event, step 1 of row 1").select_option("Order placed")
    bench.named("Event, step 2 of row 1").select_option("Cart updated")
    bench.menu("step 2 of row 1", "Earlier")
    assert bench.focused() == "More for step 1 of row 1"
    bench.button("Add step, row 1").click()
    assert bench.focused() == "Event, step 3 of row 1"
    bench.button("Delete step 2 of row 1").click()
    nodes = [each["node"]["steps"] for each in bench.sent[1:]]
    assert nodes == [
        [ORDER, {"event": ""}],
        [ORDER, CART],
        [CART, ORDER],
        [CART, ORDER, {"event": ""}],
        [CART, {"event": ""}],
    ]


def test_a_step_has_conditions_and_a_sequence_has_a_limit(bench: Bench) -> None:
    bench.start(SEQUENCE)
    bench.menu("step 2 of row 1", "Add condition")
    bench.named("Value, condition 1 of step 2 of row 1").fill("50")
    bench.named("How soon, row 1").select_option("within")
    bench.named("Length of time, within, row 1").fill("72")
    units = bench.named("Unit of time, within, row 1")
    assert units.locator("option").all_inner_texts() == ["minutes", "hours", "days", "weeks"]
    units.select_option("hours")
    bench.named("When, row 1").select_option("in the last")
    bench.page.wait_for_function("model.sent.at(-1).node.window")
    condition = h.field("amount", "at_least", 50)
    assert bench.sent[-1]["node"] == SEQUENCE | {
        "steps": [CART, ORDER | {"where": [condition]}],
        "within": window("last", amount=72, unit="hours"),
        "window": h.LAST_MONTH,
    }


def test_a_sequence_takes_no_more_steps_than_it_may_have(bench: Bench) -> None:
    bench.start(SEQUENCE | {"steps": [CART] * 8})
    add = bench.button("Add step, row 1")
    expect(add).to_have_attribute("aria-disabled", "true")
    add.click(force=True)
    assert bench.sent == []
