"""docs/ux.md: switching off, locking, copying and deleting."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import harness as h
import pytest
from bench import Bench, edit
from live import Live
from playwright.sync_api import Locator, expect

from segbench.model.ask import did, field, tag
from segbench.model.rules import Group

pytestmark = pytest.mark.browser
GERMANS, VIP, ORDERED = field("country").is_any_of("DE"), tag("VIP"), did("order_placed")
LOCKED = h.group(h.AGE, h.ORDERED, h.group(h.EMAIL), locked=True)


def usable(place: Locator) -> list[str]:
    """The names of the controls inside that react."""
    names: list[str] = place.locator("button, input, select, textarea").evaluate_all(
        "all => all.filter((el) => !el.disabled).map((el) => el.getAttribute('aria-label'))"
    )
    return names


def test_ux_23_a_disabled_row_is_greyed_left_out_edited_and_kept(
    live: Live, tmp_path: Path
) -> None:
    live.open(GERMANS, VIP)
    live.named("Enabled, row 2").click()
    row = live.page.get_by_label("Row 2", exact=True)
    expect(row).to_have_class("sb-row sb-off")
    expect(row.locator(".sb-numbers")).to_have_text("off")
    expect(live.page.locator(".sb-big")).to_have_text(f"{live.workbench.count(GERMANS):,}")
    live.named("NOT, row 2").click()
    assert live.tree.rules[1] == replace(VIP, enabled=False, negated=True)
    live.open(group=live.saved_and_loaded(tmp_path))
    expect(live.named("Enabled, row 2")).to_have_attribute("aria-checked", "false")
    assert live.total == live.workbench.count(GERMANS)


def test_ux_24_rows_of_a_disabled_group_look_so_and_keep_their_own_switch(bench: Bench) -> None:
    bench.start(h.COUNTRY, h.group(h.AGE, h.EMAIL | {"enabled": False}))
    stripes = "el => getComputedStyle(el).backgroundImage"
    inner = bench.page.get_by_label("Row 2.1", exact=True)
    assert inner.evaluate(stripes) == "none"
    bench.named("Enabled, group 2").click()
    expect(bench.page.get_by_label("Group 2", exact=True)).to_have_class(
        "sb-group sb-is-and sb-off"
    )
    assert "gradient" in inner.evaluate(stripes)
    expect(bench.named("Enabled, row 2.1")).to_have_attribute("aria-checked", "true")
    expect(bench.named("Enabled, row 2.2")).to_have_attribute("aria-checked", "false")
    bench.waits_for(edit("enable", [1], on=False))


def test_ux_25_nothing_in_what_is_locked_reacts_but_its_lock(bench: Bench) -> None:
    bench.start(h.COUNTRY | {"note": "agreed"}, h.group(h.AGE, h.ORDERED))
    for where, place in (("row 1", "Row 1"), ("group 2", "Group 2")):
        inside = bench.page.get_by_label(place, exact=True)
        lock = bench.named(f"Locked, {where}")
        lock.click()
        expect(lock).to_have_attribute("aria-pressed", "true")
        expect(lock).to_be_focused()
        free = {f"Locked, {where}"} | ({"Collapse group 2"} if where == "group 2" else set())
        assert set(usable(inside)) == free
        expect(bench.named(f"Delete {where}")).to_be_disabled()
        expect(bench.named(f"Select or drag, {where}")).to_be_disabled()
    locks = [edit("lock", [0], on=True), edit("lock", [1], on=True)]
    bench.waits_for(*locks)
    bench.page.get_by_label("Row 2.1", exact=True).locator(".sb-word").first.click()
    handle = bench.named("Select or drag, row 1").bounding_box()
    assert handle
    bench.page.mouse.move(handle["x"] + 10, handle["y"] + 10)
    bench.page.mouse.down()
    bench.page.mouse.move(handle["x"] + 10, handle["y"] + 300, steps=4)
    expect(bench.page.locator(".sb-ghost")).to_have_count(0)
    bench.page.mouse.up()
    bench.named("Locked, row 1").focus()
    for key in ("Alt+ArrowDown", "Delete", "Alt+ArrowUp"):
        bench.page.keyboard.press(key)
    bench.waits_for(*locks)
    bench.named("Locked, row 1").click()
    expect(bench.named("Operator, row 1")).to_be_enabled()
    bench.waits_for(*locks, edit("lock", [0], on=False))


def test_ux_26_rows_of_a_locked_group_are_not_unlocked_one_by_one(live: Live) -> None:
    group = Group("or", (replace(VIP, locked=True), ORDERED), locked=True)
    live.open(GERMANS, group)
    for row in ("2.1", "2.2"):
        lock = live.named(f"Locked, row {row}")
        expect(lock).to_be_disabled()
        expect(lock).to_have_attribute("aria-pressed", "true")
        expect(lock).to_have_attribute("title", "Locked with group 2")
    shape = live.session.state.shape
    forged = {"edit": "lock", "path": [1, 0], "on": False, "shape": shape}
    live.page.evaluate("message => model.send(message)", forged)
    expect(live.page.get_by_role("alert")).to_have_text("Group 2 is locked: unlock it first.")
    assert live.tree.rules[1] == group
    live.named("Locked, group 2").click()
    expect(live.named("Locked, row 2.1")).to_be_enabled()
    expect(live.named("Locked, row 2.2")).to_have_attribute("aria-pressed", "false")


def test_ux_27_a_lock_keeps_the_count_and_is_kept_itself(live: Live, tmp_path: Path) -> None:
    live.open(GERMANS, VIP)
    before = live.total
    live.named("Locked, row 2").click()
    assert live.tree.rules[1] == replace(VIP, locked=True)
    assert live.total == before
    live.open(group=live.saved_and_loaded(tmp_path))
    expect(live.named("Locked, row 2")).to_have_attribute("aria-pressed", "true")
    assert live.total == before
    live.named("Locked, row 2").click()
    live.named("Enabled, row 2").click()
    expect(live.page.locator(".sb-big")).not_to_have_text(f"{before:,}")


def test_what_holds_something_locked_is_not_deleted_but_moves(bench: Bench) -> None:
    bench.start(h.COUNTRY, h.group(h.group(h.AGE, h.EMAIL | {"locked": True}), h.CONSENT))
    inside, anything = "Holds something locked", "Something is locked"
    for name, why in (("Delete group 2", inside), ("Clear", anything)):
        button = bench.button(name)
        expect(button).to_have_attribute("aria-disabled", "true")
        expect(button).to_have_attribute("title", f"{why}: unlock it first")
        button.click(force=True)
    assert bench.sent == []
    bench.menu("group 2", "Move up")
    bench.waits_for(edit("move", [1], parent=[], index=0))


def test_nothing_moves_into_a_locked_group(bench: Bench) -> None:
    bench.start(h.COUNTRY, LOCKED, h.CONSENT)
    bench.named("Operator, row 1").focus()
    bench.page.keyboard.press("Alt+ArrowDown")
    bench.waits_for(edit("move", [0], parent=[], index=2))
    expect(bench.named("Subject, row 2: Country")).to_be_visible()


def test_ux_28_a_copy_lies_directly_below_and_has_a_life_of_its_own(live: Live) -> None:
    live.open(GERMANS, Group("or", (VIP, ORDERED)))
    live.menu("group 2", "Duplicate")
    expect(live.named("Collapse group 3")).to_be_focused()
    live.menu("row 1", "Duplicate")
    expect(live.page.get_by_role("button", name="Subject, row 2:")).to_be_focused()
    ids = live.page.locator("[data-node]").evaluate_all("all => all.map((el) => el.dataset.node)")
    assert len(ids) == len(set(ids)) == 9
    live.named("Operator, row 2").select_option("is_none_of")
    live.named("NOT, row 4.1").click()
    both = Group("or", (VIP, ORDERED))
    changed = Group("or", (~VIP, ORDERED))
    assert live.tree.rules == (GERMANS, field("country").is_none_of("DE"), both, changed)


def test_ux_29_one_undo_brings_a_deleted_group_back(live: Live) -> None:
    group = Group("or", (VIP, ORDERED), negated=True, note="agreed")
    live.open(GERMANS, group)
    before = live.total
    live.button("Delete group 2").click()
    expect(live.page.locator(".sb-row")).to_have_count(1)
    live.page.keyboard.press("Control+z")
    expect(live.page.locator(".sb-row")).to_have_count(3)
    assert live.tree.rules == (GERMANS, group)
    assert live.total == before
