"""docs/ux.md, reorder: by hand, by key, by button and by finger."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import harness as h
import pytest
from bench import Bench, edit
from live import Live
from playwright.sync_api import Browser, expect

from segbench.model.ask import did, field, tag
from segbench.model.rules import Group

pytestmark = pytest.mark.browser
GERMANS, VIP, ORDERED = field("country").is_any_of("DE"), tag("VIP"), did("order_placed")


@contextmanager
def dragging(bench: Bench, where: str) -> Iterator[None]:
    """The row or group is in the hand."""
    box = bench.named(f"Select or drag, {where}").bounding_box()
    assert box
    bench.page.mouse.move(box["x"] + 12, box["y"] + 12)
    bench.page.mouse.down()
    bench.page.mouse.move(box["x"] + 20, box["y"] + 20)
    yield
    bench.page.mouse.up()


def over(bench: Bench, place: str, part: float) -> None:
    """The hand is over the row or group, at that part of its height."""
    box = bench.page.get_by_label(place, exact=True).bounding_box()
    assert box
    bench.page.mouse.move(box["x"] + 80, box["y"] + part * box["height"], steps=3)


def cursor(bench: Bench) -> str:
    """The cursor that the analyst sees while something is dragged."""
    shown: str = bench.page.locator("[data-dragging] .sb-handle").first.evaluate(
        "el => getComputedStyle(el).cursor"
    )
    return shown


def test_ux_30_a_row_is_dragged_in_its_group_and_stays_there(live: Live, tmp_path: Path) -> None:
    live.open(GERMANS, VIP, ORDERED)
    before = live.total
    with dragging(live, "row 3"):
        over(live, "Row 1", 0.1)
    expect(live.named("Select or drag, row 1")).to_be_focused()
    assert live.tree.rules == (ORDERED, GERMANS, VIP)
    assert live.total == before
    live.open(group=live.saved_and_loaded(tmp_path))
    expect(live.page.get_by_role("button", name="Subject, row 1: Order")).to_be_visible()
    assert live.total == before


def test_ux_31_a_row_is_dragged_into_a_group_and_out_again(bench: Bench) -> None:
    bench.start(h.COUNTRY, h.AGE, h.group(h.EMAIL, h.CONSENT))
    line, target = bench.page.locator(".sb-drop-line"), bench.page.locator("[data-drop]")
    with dragging(bench, "row 1"):
        over(bench, "Row 3.2", 0.2)
        expect(target).to_have_attribute("aria-label", "Group 3")
        first = bench.page.get_by_label("Row 3.1", exact=True).bounding_box()
        second = bench.page.get_by_label("Row 3.2", exact=True).bounding_box()
        shown = line.bounding_box()
        assert first
        assert second
        assert shown
        assert first["y"] + first["height"] <= shown["y"] + 2 <= second["y"]
        assert cursor(bench) == "grabbing"
    expect(bench.named("Subject, row 2.2: Country")).to_be_visible()
    expect(bench.page.get_by_role("status")).to_have_text("Row 2 of 3 in group 2")
    expect(line).to_have_count(0)
    expect(target).to_have_count(0)
    with dragging(bench, "row 2.2"):
        over(bench, "Row 1", 0.1)
        expect(target).to_have_attribute("aria-label", "Segment")
    expect(bench.named("Subject, row 1: Country")).to_be_visible()
    bench.waits_for(
        edit("move", [0], parent=[2], index=1),
        edit("move", [1, 1], shape=5, parent=[], index=0),
    )


def test_ux_32_a_group_is_not_dropped_into_itself(bench: Bench) -> None:
    bench.start(h.COUNTRY, h.group(h.AGE, h.group(h.EMAIL, h.CONSENT)), h.group(h.AGE, locked=True))
    with dragging(bench, "group 2"):
        for place in ("Row 2.2.1", "Row 2.1"):
            over(bench, place, 0.6)
            assert cursor(bench) == "not-allowed"
            expect(bench.page.locator(".sb-ghost")).to_have_text("A group cannot go into itself")
            expect(bench.page.locator(".sb-drop-line")).to_be_hidden()
        over(bench, "Row 3.1", 0.6)
        expect(bench.page.locator(".sb-ghost")).to_have_text("Group 3 is locked")
        over(bench, "Row 2.2.2", 0.6)
    expect(bench.page.locator(".sb-ghost")).to_have_count(0)
    expect(bench.named("Operator, row 2.2.2")).to_be_visible()
    assert bench.sent == []


def test_a_group_is_dragged_with_all_that_is_in_it(bench: Bench) -> None:
    bench.start(h.COUNTRY, h.group(h.AGE), h.group(h.EMAIL, h.CONSENT))
    with dragging(bench, "group 2"):
        over(bench, "Row 3.1", 0.8)
        expect(bench.page.locator("[data-drop]")).to_have_attribute("aria-label", "Group 3")
    expect(bench.named("Subject, row 2.2.1: Age")).to_be_visible()
    bench.waits_for(edit("move", [1], parent=[2], index=1))


def test_ux_33_escape_leaves_what_is_dragged_where_it_was(bench: Bench) -> None:
    bench.start(h.COUNTRY, h.AGE, h.EMAIL)
    with dragging(bench, "row 1"):
        over(bench, "Row 3", 0.9)
        expect(bench.page.locator(".sb-drop-line")).to_be_visible()
        bench.page.keyboard.press("Escape")
        expect(bench.page.locator(".sb-drop-line")).to_have_count(0)
        expect(bench.page.get_by_role("status")).to_have_text("Row 1 stays where it is")
        over(bench, "Row 2", 0.9)
        expect(bench.page.locator("[data-dragging]")).to_have_count(0)
    with dragging(bench, "row 1"):
        bench.page.mouse.move(600, 890)
        expect(bench.page.locator(".sb-ghost")).to_contain_text("let go here to leave it")
    expect(bench.named("Select or drag, row 1")).to_have_attribute("aria-pressed", "false")
    assert bench.sent == []


def test_ux_35_buttons_move_a_row_and_are_off_at_the_ends(bench: Bench) -> None:
    bench.page.set_viewport_size({"width": 390, "height": 900})
    bench.start(h.COUNTRY, h.AGE, h.group(h.EMAIL))
    expect(bench.button("Move up, row 1")).to_have_attribute("aria-disabled", "true")
    expect(bench.button("Move down, group 3")).to_have_attribute("aria-disabled", "true")
    bench.button("Move up, row 1").click(force=True)
    assert bench.sent == []
    bench.button("Move up, row 2").click()
    expect(bench.named("Subject, row 1: Age")).to_be_visible()
    expect(bench.button("Move up, row 1")).to_be_focused()
    expect(bench.button("Move up, row 1")).to_have_attribute("aria-disabled", "true")
    bench.waits_for(edit("move", [1], parent=[], index=0))


def test_where_fingers_are_used_the_buttons_are_there_at_any_width(
    chromium: Browser, address: str
) -> None:
    context = chromium.new_context(
        viewport={"width": 1200, "height": 900}, has_touch=True, is_mobile=True
    )
    page = context.new_page()
    page.goto(address)
    page.wait_for_function("window.ready")
    bench = Bench(page).start(h.COUNTRY, h.AGE)
    bench.button("Move down, row 1").tap()
    expect(bench.named("Subject, row 2: Country")).to_be_visible()
    handle = bench.named("Select or drag, row 1")
    assert handle.evaluate("el => getComputedStyle(el).touchAction") == "none"
    context.close()


def test_ux_36_alt_drag_copies_and_the_menu_does_too(bench: Bench) -> None:
    bench.start(h.COUNTRY, h.group(h.EMAIL))
    with dragging(bench, "row 1"):
        over(bench, "Row 2.1", 0.9)
        bench.page.keyboard.down("Alt")
        assert cursor(bench) == "copy"
        expect(bench.page.locator(".sb-ghost")).to_have_text("Copy of row 1")
    bench.page.keyboard.up("Alt")
    expect(bench.named("Subject, row 2.2: Country")).to_be_visible()
    expect(bench.named("Subject, row 1: Country")).to_be_visible()
    expect(bench.named("Select or drag, row 2.2")).to_be_focused()
    bench.menu("row 2.2", "Duplicate")
    expect(bench.named("Subject, row 2.3: Country")).to_be_visible()
    bench.waits_for(edit("copy", [0], parent=[1], index=1), edit("clone", [1, 1], shape=5))


def test_a_drag_ends_where_the_rows_change_meanwhile(bench: Bench) -> None:
    bench.start(h.COUNTRY, h.AGE, h.EMAIL, answers=False)
    with dragging(bench, "row 1"):
        over(bench, "Row 3", 0.9)
        bench.push(total=77)
        expect(bench.page.locator(".sb-drop-line")).to_be_visible()
        bench.push(revision=13, shape=5, tree=h.group(h.AGE, h.COUNTRY))
        expect(bench.page.locator(".sb-drop-line")).to_have_count(0)
    assert bench.sent == []


def test_a_page_longer_than_the_window_scrolls_while_something_is_dragged(bench: Bench) -> None:
    bench.start(*[h.COUNTRY] * 30)
    with dragging(bench, "row 1"):
        bench.page.mouse.move(400, 890, steps=3)
        bench.page.wait_for_function("document.scrollingElement.scrollTop > 400")
        bench.page.keyboard.press("Escape")


def test_group_moved_by_python_keeps_the_same_members(live: Live) -> None:
    live.open(GERMANS, Group("or", (VIP, ORDERED)))
    with dragging(live, "group 2"):
        over(live, "Row 1", 0.1)
    assert live.tree.rules == (Group("or", (VIP, ORDERED)), GERMANS)
