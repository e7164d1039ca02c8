"""docs/ux.md, accessibility inside the widget."""

from __future__ import annotations

import re

import harness as h
import pytest
from axe_playwright_python.sync_playwright import Axe
from bench import Bench
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
WCAG = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}
CONTROLS = "#builder :is(button, input, select, textarea):visible"
WHOLE = {"Undo", "Redo", "Clear", "Add filter", "Add group"}
PLACE = re.compile(r"(row|group) \d+(\.\d+)*( |:|,|$)|the segment$")


def test_ux_65_every_control_has_a_name_of_its_own_with_its_row(bench: Bench) -> None:
    bench.start(tree=h.group(*h.EVERY_KIND, h.NESTED))
    names = bench.page.evaluate(
        """() => [...document.querySelectorAll("#builder :is(button, input, select, textarea)")]
            .map((el) => el.getAttribute("aria-label"))"""
    )
    assert all(names)
    assert len(names) == len(set(names))
    assert [name for name in names if name not in WHOLE and not PLACE.search(name)] == []
    assert {"Operator, row 3", "Locked, row 3", "Select or drag, row 3"} <= set(names)


def test_ux_66_tab_goes_in_reading_order_shows_a_ring_and_leaves(bench: Bench) -> None:
    bench.start(h.AGE, h.group(h.EMAIL, h.CONSENT), h.COUNTRY)
    bench.page.evaluate("document.activeElement.blur()")
    order: list[str] = []
    for _ in range(150):
        bench.page.keyboard.press("Tab")
        name = bench.focused()
        if name == "BODY":
            break
        ringed = bench.page.evaluate(
            """() => {
                const ringed = (el) => el && getComputedStyle(el).outlineStyle !== "none"
                    && parseFloat(getComputedStyle(el).outlineWidth) >= 2;
                const el = document.activeElement;
                return ringed(el) || ringed(el.closest("label, .sb-chips"));
            }"""
        )
        assert ringed, name
        order.append(name)
    else:
        pytest.fail("Tab never left the widget")
    assert len(order) == len(set(order))
    inside = bench.page.locator(CONTROLS).evaluate_all(
        "all => all.map((el) => el.getAttribute('aria-label'))"
    )
    # Of radio buttons Tab reaches the one that is on.
    assert order == [name for name in inside if name in set(order)]
    assert {name for name in inside if name not in order} <= {
        name for name in inside if name.startswith(("Any of", "Another field", "A value"))
    }


@pytest.mark.parametrize("theme", ["", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
def test_axe_finds_nothing_where_rows_are_locked_or_selected(
    bench: Bench, theme: str, width: int
) -> None:
    bench.page.set_viewport_size({"width": width, "height": 900})
    bench.page.evaluate("theme => { document.body.className = theme }", theme)
    locked = h.group(h.AGE, h.ORDERED | {"note": "agreed"}, locked=True)
    bench.start(h.COUNTRY, h.AGE, locked, h.CREATED, spans={"3": "since 23 Oct 2026"})
    bench.named("Select or drag, row 1").click()
    result = Axe().run(bench.page, context="#builder", options=WCAG)
    assert result.violations_count == 0, result.generate_report()


@pytest.mark.parametrize("width", [360, 390, 768, 1440])
def test_what_is_locked_or_selected_needs_no_horizontal_scrolling(bench: Bench, width: int) -> None:
    bench.page.set_viewport_size({"width": width, "height": 800})
    deep = h.group(h.AGE, h.group(h.COUNTRY, h.group(h.ORDERED)), locked=True)
    bench.start(h.COUNTRY, h.AGE, deep)
    bench.named("Select or drag, row 1").click()
    root = "document.documentElement"
    assert bench.page.evaluate(f"{root}.scrollWidth - {root}.clientWidth") <= 0


def test_a_lock_that_comes_from_elsewhere_leaves_the_focus_with_the_row(bench: Bench) -> None:
    bench.start(h.COUNTRY, h.AGE, answers=False)
    bench.named("Operator, row 2").focus()
    bench.push(revision=13, tree=h.group(h.COUNTRY, h.AGE | {"locked": True}))
    expect(bench.named("Locked, row 2")).to_be_focused()
