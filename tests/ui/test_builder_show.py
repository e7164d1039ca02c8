"""A row that something else on the page speaks of is shown: unfolded, in view, with the focus."""

from __future__ import annotations

from typing import Any

import harness as h
import pytest
from bench import Bench
from playwright.sync_api import expect

from segbench.ui.builder import SegmentBuilder

pytestmark = pytest.mark.browser
SHOWN = ".sb-shown"
INNER = h.group(h.EMAIL, h.group(h.COUNTRY, h.CONSENT))


def show(bench: Bench, *path: Any) -> None:
    bench.page.evaluate("path => model.focus(path)", list(path))


def test_a_row_gets_the_focus_is_marked_and_announced_and_nothing_is_sent(bench: Bench) -> None:
    bench.start(h.AGE, h.COUNTRY)
    show(bench, 1)
    assert bench.focused() == "Select or drag, row 2"
    expect(bench.page.locator(SHOWN)).to_have_attribute("aria-label", "Row 2")
    expect(bench.page.locator("[aria-live=polite]")).to_have_text("Row 2")
    assert bench.sent == []


def test_the_mark_goes_by_itself_and_moves_to_the_next_row(bench: Bench) -> None:
    bench.page.clock.install()
    bench.start(h.AGE, h.COUNTRY)
    show(bench, 1)
    bench.page.clock.run_for(3_000)
    show(bench, 0)
    bench.page.clock.run_for(3_000)
    expect(bench.page.locator(SHOWN)).to_have_attribute("aria-label", "Row 1")
    bench.page.clock.run_for(2_000)
    expect(bench.page.locator(SHOWN)).to_have_count(0)


def test_folded_groups_around_it_are_unfolded_and_it_is_in_view(bench: Bench) -> None:
    bench.page.set_viewport_size({"width": 900, "height": 500})
    bench.start(*[h.AGE] * 12, INNER)
    bench.button("Collapse group 13.2").click()
    bench.button("Collapse group 13").click()
    bench.page.evaluate("scrollTo(0, 0)")
    show(bench, 12, 1, 0)
    assert bench.focused() == "Select or drag, row 13.2.1"
    expect(bench.page.locator(SHOWN)).to_be_in_viewport(ratio=1)


def test_a_group_and_what_is_locked_can_be_shown(bench: Bench) -> None:
    bench.start(h.AGE, INNER, h.group(h.COUNTRY, locked=True), h.EMAIL | {"locked": True})
    show(bench, 1)
    assert bench.focused() == "Select or drag, group 2"
    show(bench, 2, 0)
    assert bench.focused() == "Locked, group 3"
    show(bench, 3)
    assert bench.focused() == "Locked, row 4"


@pytest.mark.parametrize("path", [[], [7], [0, 0], ["<b>"]])
def test_what_is_not_there_is_not_shown(bench: Bench, path: list[Any]) -> None:
    bench.start(h.AGE, answers=False)
    show(bench, *path)
    expect(bench.page.locator(SHOWN)).to_have_count(0)


def test_python_sends_the_path(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[object] = []
    widget = SegmentBuilder({}, {}, lambda _: None)
    monkeypatch.setattr(widget, "send", told.append)
    widget.focus((1, 0))
    assert told == [{"focus": [1, 0]}]
