"""The views "Trend" and "Contact" of the card "Explore", in a real browser over a real Voilà."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from chromium import watched_page
from dashboard import Dashboard
from explore_card import HEIGHT, axe_faults, opened
from playwright.sync_api import Browser, Locator, expect
from served import Server

from segbench.model.ask import engaged
from segbench.model.rules import as_group
from segbench.workbench.workbench import Workbench

pytestmark = pytest.mark.browser
ENGAGED = "Engaged in the last 30 days"
LINE = """(name) => {
  const chart = [...document.querySelectorAll(".sbp-linked .js-plotly-plot")].find(
    (one) => one._fullData?.some((trace) => trace.name === name));
  const found = chart?._fullData.find((trace) => trace.name === name);
  return found && found.visible === true ? Array.from(found.y) : [];
}"""


@pytest.fixture(scope="module")
def board(chromium: Browser, voila: Server) -> Iterator[Dashboard]:
    """One page with a saved segment on screen."""
    with watched_page(chromium, HEIGHT) as page:
        board = Dashboard(page, voila.address)
        page.get_by_label("Saved segments").select_option(ENGAGED)
        board.button("Open").click()
        expect(page.locator(".sb-builder .sb-row")).to_have_count(1)
        yield board


def unfolded(card: Locator, title: str) -> Locator:
    details = card.locator("details", has=card.page.locator(f"summary:text-is('{title}')"))
    if details.get_attribute("open") is None:
        details.locator("summary").click()
    return details


def test_the_trend_is_drawn_told_and_clicked(board: Dashboard, voila: Server) -> None:
    card = opened(board, "Trend")
    expect(card).to_contain_text("will leave in the next 7 days")
    with Workbench.open(voila.workspace) as workbench:
        history = workbench.history(as_group(engaged(days=30)))
        entered = history.entered(5)
    counts = [point.count for point in history.points]
    board.page.wait_for_function(f"() => ({LINE})('line 1').length === {len(counts)}")
    assert board.page.evaluate(LINE, "line 1") == counts
    cells = unfolded(card, "Points as a table").locator("tbody td:nth-child(2)")
    assert [int(text.replace(",", "")) for text in cells.all_inner_texts()] == counts
    card.locator("button[data-act=who][data-pick='step:5']").click()
    part = card.locator(".sbp-part")
    expect(part).to_contain_text(f"Entered ({len(entered)})")
    expect(part.locator("button[data-act=look]").first).to_have_text(entered[0])
    with board.page.expect_download() as saved:
        card.get_by_role("button", name="Trend as PNG").click()
    assert saved.value.path().read_bytes().startswith(b"\x89PNG")
    expect(part).to_contain_text("These as CSV")


def test_a_key_of_the_trend_leads_to_the_contact_and_from_there_to_the_row(
    board: Dashboard,
) -> None:
    card = opened(board, "Trend")
    key = card.locator("button[data-act=look]").first
    name = key.inner_text()
    key.click()
    expect(card.get_by_label("Contact", exact=True)).to_have_value(name)
    expect(card.locator("h3")).to_contain_text(name)
    card.get_by_role("button", name="Go to row: 1").click()
    row = board.page.locator(".sb-builder .sb-row")
    expect(row).to_have_class(re.compile("sb-shown"))
    expect(board.named("Select or drag, row 1")).to_be_focused()
    card.get_by_label("Contact", exact=True).fill("müller")
    expect(card).to_contain_text("Choose one of 10 contacts")
    card.locator("button[data-act=look]").nth(2).click()
    expect(card.locator("h3")).to_contain_text(re.compile("is (not )?in the segment"))


def test_a_row_of_the_waterfall_leads_to_the_builder(board: Dashboard) -> None:
    falls = board.card("Waterfall")
    unfolded(falls, "Rows as a table").get_by_role("button", name=re.compile("^Go to row")).click()
    expect(board.named("Select or drag, row 1")).to_be_focused()


@pytest.mark.parametrize("view", ["Trend", "Contact"])
def test_axe_finds_nothing_and_nothing_is_too_wide(board: Dashboard, view: str) -> None:
    card = opened(board, view)
    words: Any = re.compile("will leave in the next|in the segment")
    expect(card).to_contain_text(words)
    for width in (360, 1280):
        board.page.set_viewport_size({"width": width, "height": 1400})
        found = axe_faults(board)
        assert not found, found
        wide = "document.documentElement.scrollWidth > innerWidth"
        assert board.page.evaluate(wide) is False
