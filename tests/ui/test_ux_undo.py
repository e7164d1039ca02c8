"""docs/ux.md, undo."""

from __future__ import annotations

import harness as h
import pytest
from bench import LUMINO, Bench, edit
from live import Live
from playwright.sync_api import expect

from segbench.model.ask import field, tag
from segbench.model.rules import FieldRule

pytestmark = pytest.mark.browser


def test_ux_37_undo_goes_back_by_words_and_fifty_steps(live: Live) -> None:
    email = FieldRule("email", "contains", ("a",))
    live.open(email, tag("VIP"))
    box = live.named("Value, row 1")
    box.press("End")
    box.press_sequentially("nna", delay=15)
    assert live.tree.rules[0] == FieldRule("email", "contains", ("anna",))
    live.page.keyboard.press("Control+z")
    expect(box).to_have_value("a")
    live.page.keyboard.press("Control+Shift+Z")
    expect(box).to_have_value("anna")
    live.button("Undo").click()
    expect(box).to_have_value("a")
    live.button("Redo").click()
    expect(box).to_have_value("anna")
    for _ in range(50):
        live.named("NOT, row 2").click()
    assert live.tree.rules[1] == tag("VIP")
    sent = len(live.sent)
    for _ in range(51):
        live.page.keyboard.press("Control+z")
    live.page.wait_for_function(f"model.sent.length === {sent + 51}")
    assert live.tree.rules == (email, tag("VIP"))
    expect(live.button("Undo")).to_have_attribute("aria-disabled", "true")


def test_ux_38_undo_in_the_widget_is_not_undo_in_the_notebook(bench: Bench) -> None:
    bench.start(h.EMAIL, h.group(h.AGE))
    bench.page.evaluate(LUMINO)
    bench.page.locator("h1").evaluate("el => { el.tabIndex = 0; el.focus(); }")
    bench.page.keyboard.press("z")
    assert bench.page.evaluate("shortcuts") == ["z"]
    controls = bench.page.locator("#builder :is(button, input, select, textarea):visible")
    for index in range(controls.count()):
        controls.nth(index).focus()
        bench.page.keyboard.press("Control+z")
    assert bench.page.evaluate("shortcuts") == ["z"]
    assert set(map(str, (message["edit"] for message in bench.sent))) <= {"undo"}


def test_undo_reaches_over_a_lock(live: Live) -> None:
    live.open(field("country").is_any_of("DE"))
    live.named("NOT, row 1").click()
    live.named("Locked, row 1").click()
    live.page.keyboard.press("Control+z")
    expect(live.named("Locked, row 1")).to_have_attribute("aria-pressed", "false")
    live.page.keyboard.press("Control+z")
    expect(live.page.locator(".sb-not-mark")).to_have_count(0)
    assert live.tree.rules == (field("country").is_any_of("DE"),)


def test_undo_is_sent_without_a_place(bench: Bench) -> None:
    bench.start(h.COUNTRY)
    bench.named("Operator, row 1").focus()
    bench.page.keyboard.press("Control+z")
    bench.waits_for(edit("undo"))
