"""The views “Profile” and “Compare” of the card “Explore”, in a real browser."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any

import pytest
from chromium import watched_page
from dashboard import Dashboard, whole
from explore_card import HEIGHT, axe_faults, opened
from playwright.sync_api import Browser, Locator, expect
from served import Server

from segbench.model.ask import in_segment
from segbench.model.rules import Group
from segbench.workbench.profiling import profile_segment
from segbench.workbench.workbench import Workbench

pytestmark = pytest.mark.browser

TRACE = """(name) => {
  const charts = [...document.querySelectorAll(".sbp-linked .js-plotly-plot")];
  for (const chart of charts) {
    const trace = (chart._fullData || []).find((one) => one.name === name && one.visible === true);
    if (trace) return { x: Array.from(trace.x), picks: Array.from(trace.customdata || []) };
  }
  return { x: [], picks: [] };
}"""


@pytest.fixture(scope="module")
def board(chromium: Browser, voila: Server) -> Iterator[Dashboard]:
    """One page, with a saved segment open."""
    with watched_page(chromium, HEIGHT) as page:
        board = Dashboard(page, voila.address)
        page.get_by_label("Saved segments").select_option(label="Customers")
        board.button("Open").click()
        board.settle()
        yield board


def trace(board: Dashboard, name: str) -> dict[str, Any]:
    found: dict[str, Any] = board.page.evaluate(TRACE, name)
    return found


def unfold(card: Locator, title: str) -> Locator:
    details = card.locator("details", has=card.page.locator(f"summary:text-is('{title}')"))
    if details.get_attribute("open") is None:
        details.locator("summary").click()
    return details


def sound(board: Dashboard) -> None:
    """Nothing that axe finds, and nothing to scroll sideways on a phone."""
    assert axe_faults(board) == ""
    board.page.set_viewport_size({"width": 360, "height": 1400})
    wide = "document.scrollingElement.scrollWidth <= window.innerWidth"
    board.page.wait_for_function(wide)
    board.page.set_viewport_size({"width": 1280, "height": 1400})


def test_a_profile_has_the_numbers_of_the_python_api_and_a_click_adds_a_row(
    board: Dashboard, voila: Server
) -> None:
    with Workbench.open(voila.workspace) as workbench:
        found = profile_segment(workbench, in_segment("Customers"))
        first = found.telling[0]
    card = opened(board, "Profile")
    expect(card).to_contain_text(f"Unlike all contacts: {first.label}")
    lines = unfold(card, "Fields, most telling first").locator("tbody tr")
    expect(lines).to_have_count(len(found.fields))
    expect(lines.first).to_contain_text(first.label)
    with board.page.expect_download() as download:
        card.get_by_role("link", name="Profile as CSV").click()
    with open(download.value.path(), encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["field"], int(row["here"]), int(row["there"])) for row in rows] == [
        (each.label, value.here, value.there) for each in found.fields for value in each.values
    ]
    values = unfold(card, "Values as a table").locator("tbody tr")
    label, here = (values.first.locator(at).inner_text() for at in ("th", "td >> nth=0"))
    sound(board)
    values.first.get_by_role("button", name=f"Add as a row: {label}").click()
    expect(card).to_contain_text("Added as a row")
    expect(board.page.locator(".sb-builder .sb-big")).to_have_text(here)
    board.button("Undo").first.click()
    assert board.total() == found.sides.here


def test_activity_over_time_is_drawn_for_the_event_and_period_that_are_chosen(
    board: Dashboard,
) -> None:
    card = opened(board, "Profile")
    card.get_by_role("button", name="Over time", exact=True).click()
    expect(card).to_contain_text("Any engagement: ")
    expect(unfold(card, "Weeks as a table").locator("tbody tr")).to_have_count(26)
    card.get_by_role("button", name="Month", exact=True).click()
    card.get_by_label("Event", exact=True).select_option(label="Order placed")
    expect(card).to_contain_text("Order placed: ")
    expect(unfold(card, "Months as a table").locator("tbody tr")).to_have_count(13)
    expect(unfold(card, "Orders and value")).to_contain_text("Revenue per contact")
    board.page.wait_for_function(f"({TRACE})('line 2').x.length === 13")
    sound(board)


def test_two_segments_are_compared_and_a_part_becomes_a_segment(
    board: Dashboard, voila: Server
) -> None:
    with Workbench.open(voila.workspace) as workbench:
        one, other = in_segment("Customers"), in_segment("Lapsed buyers")
        parts = ((one, ~other), (one, other), (~one, other))
        wanted = [workbench.count(Group(rules=part)) for part in parts]
    card = opened(board, "Compare")
    expect(card).to_contain_text("The same contacts, whatever the data")
    card.get_by_label("Compare with").select_option(label="Lapsed buyers")
    expect(card).to_contain_text("What keeps them out of “Lapsed buyers”")
    expect(card.locator(".sbp-rules tbody tr")).to_have_count(4)
    board.page.wait_for_function(
        f"(wanted) => ({TRACE})('row 1').x.join() === wanted.join()", arg=wanted
    )
    assert trace(board, "row 1")["picks"] == ["side:0", "side:1", "side:2"]
    sound(board)
    lines = unfold(card, "Counts as a table").locator("tbody tr")
    assert [whole(text) for text in lines.locator("td:nth-child(2)").all_inner_texts()] == wanted
    lines.nth(1).get_by_role("button").click()
    part = card.locator(".sbp-part", has_text="and in “Lapsed buyers”")
    expect(part).to_contain_text(f"{wanted[1]:,} contacts")
    part.get_by_role("button", name="Make a segment of it").click()
    expect(board.page.locator(".sb-builder .sb-big")).to_have_text(f"{wanted[1]:,}")
    expect(board.field_under("Segment", "Name")).to_have_value(
        "The segment on screen and Lapsed buyers"
    )
