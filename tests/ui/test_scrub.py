"""Dragging a number: the count follows, and it is one step to undo."""

from __future__ import annotations

from live import Live
from playwright.sync_api import expect

from segbench.model.ask import did, field
from segbench.model.rules import EventRule


def drag(live: Live, name: str, *steps: int, let_go: bool = True) -> None:
    """Drag the handle of a number by so many pixels, one after the other."""
    box = live.named(name)
    handle = live.page.locator(".sb-scrubbed").filter(has=box).locator(".sb-scrub")
    area = handle.bounding_box()
    assert area
    x, y = area["x"] + area["width"] / 2, area["y"] + area["height"] / 2
    live.page.mouse.move(x, y)
    live.page.mouse.down()
    for step in steps:
        x += step
        live.page.mouse.move(x, y)
        live.page.wait_for_timeout(120)
    if let_go:
        live.page.mouse.up()


def test_the_count_follows_while_a_window_is_dragged(live: Live) -> None:
    live.open(did("email_opened").within(days=30))
    shown = live.page.locator(".sb-big")
    before = live.total
    live.page.evaluate("model.sent.length = 0")
    drag(live, "Length of time, row 1", 40, 40, let_go=False)
    expect(live.named("Length of time, row 1")).to_have_value("50")
    expect(shown).not_to_have_text(f"{before:,}")
    live.page.mouse.up()
    (row,) = live.tree.rules
    assert isinstance(row, EventRule)
    assert row.window
    assert row.window.amount == 50
    assert live.total == live.workbench.count(did("email_opened").within(days=50))
    assert [edit["node"]["window"]["amount"] for edit in live.sent] == [40, 50]
    live.button("Undo").click()
    assert live.total == before


def test_a_number_stays_within_its_limits_and_follows_its_size(live: Live) -> None:
    live.open(did("email_opened").at_least(3).within(days=30), field("lead_score") >= 40)
    drag(live, "Times, row 1", -400)
    expect(live.named("Times, row 1")).to_have_value("0")
    drag(live, "Value, row 2", 8)
    expect(live.named("Value, row 2")).to_have_value("42")
    assert live.total == live.workbench.count(live.tree)


def test_what_is_locked_cannot_be_dragged(live: Live) -> None:
    live.open(field("lead_score") >= 40)
    live.button("Locked, row 1").click()
    expect(live.page.locator(".sb-scrub")).to_be_hidden()
