"""The tiles and the view "Sensitivity" in a real browser over a real Voilà."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from chromium import watched_page
from dashboard import Dashboard, whole
from explore_card import HEIGHT, axe_faults, opened
from playwright.sync_api import Browser, Locator, expect
from served import Server

from segbench.model.ask import did, field
from segbench.model.rules import PrebuiltRule
from segbench.ui.address import address_of
from segbench.ui.history import Page
from segbench.workbench.workbench import Workbench

pytestmark = pytest.mark.browser

PLACE = field("country").is_any_of("DE", "US")
TREE = PLACE & did("email_opened").within(days=30)
REACHABLE = ~PrebuiltRule("unreachable")
DRAWN = """() => {
  const chart = [...document.querySelectorAll(".sbp-linked .js-plotly-plot")]
    .find((one) => (one._fullData || []).some(
      (trace) => trace.name === "Reachable by e-mail" && trace.visible));
  if (!chart) return null;
  const line = chart._fullData.find((t) => t.name.startsWith("Matching"));
  const box = chart.getBoundingClientRect();
  const { xaxis, yaxis } = chart._fullLayout;
  const places = Array.from(line.x).map((x, at) => [
    box.x + xaxis._offset + xaxis.d2p(x), box.y + yaxis._offset + yaxis.d2p(line.y[at])]);
  return {
    x: Array.from(line.x), y: Array.from(line.y), places,
    now: chart._fullLayout.shapes[0].x0,
    fits: chart._fullLayout.width === chart.closest(".sbp-pane").clientWidth,
  };
}"""


@pytest.fixture(scope="module")
def board(chromium: Browser, voila: Server) -> Iterator[Dashboard]:
    """One page for all of these tests, with the view open."""
    with watched_page(chromium, HEIGHT) as page:
        board = Dashboard(page, f"{voila.address}#segment={address_of(Page(TREE))}")
        expect(page.locator(".sb-builder .sb-row")).to_have_count(2)
        opened(board, "Sensitivity")
        yield board


def drawn(board: Dashboard, low: int, high: int | None = None) -> dict[str, Any]:
    """The curve once it marks that length of the window (from, to) and fills its pane."""
    board.page.wait_for_function(
        f"""([low, high]) => {{
          const found = ({DRAWN})();
          return found && found.fits && found.now >= low && found.now <= high;
        }}""",
        arg=[low, high or low],
        timeout=60_000,
    )
    found: dict[str, Any] = board.page.evaluate(DRAWN)
    return found


def tile(board: Dashboard, name: str) -> Locator:
    tiles = board.page.locator(".sbp-tile")
    return tiles.filter(has=board.page.locator("dt", has_text=name)).locator(".sbp-count")


def count_of(board: Dashboard, name: str) -> int:
    expect(tile(board, name)).to_have_text(re.compile(r"\d"))
    return whole(tile(board, name).inner_text())


def test_tiles_and_curve_show_what_the_python_api_counts(board: Dashboard, voila: Server) -> None:
    found = drawn(board, 30)
    with Workbench.open(voila.workspace) as workbench:
        matching, reachable = workbench.count(TREE), workbench.count(TREE & REACHABLE)
        wider = workbench.count(PLACE & did("email_opened").within(days=90))
    assert count_of(board, "Matching") == matching == board.total()
    assert count_of(board, "Reachable by e-mail") == reachable
    assert found["x"] == list(range(1, 366))
    assert (found["y"][29], found["y"][89]) == (matching, wider)


def test_a_click_on_the_curve_sets_the_window_and_one_undo_brings_it_back(
    board: Dashboard,
) -> None:
    found, page = drawn(board, 30), board.page
    before = board.total()
    x, y = found["places"][199]
    page.mouse.move(x, y + 40)
    hover = board.card("Explore").locator(".hoverlayer .hovertext")
    expect(hover).to_contain_text("Click to set it")
    page.mouse.down()
    page.mouse.up()
    # A few lengths share each pixel.
    now = drawn(board, 190, 210)["now"]
    assert board.total() == found["y"][now - 1]
    by = found["y"][now - 1] - before
    expect(tile(board, "Change: last edit")).to_have_text(f"+{by:,}")
    board.named("Undo").click()
    drawn(board, 30)
    assert board.total() == before
    expect(tile(board, "Change: last edit")).to_have_text(f"−{by:,}")


def test_a_button_of_the_table_sets_it_by_keyboard_and_the_table_stays_open(
    board: Dashboard,
) -> None:
    found, card = drawn(board, 30), board.card("Explore")
    card.get_by_text("Curve as a table", exact=True).click()
    button = card.get_by_role("button", name=re.compile(r"^Set 1\s?day$"))
    button.focus()
    board.page.keyboard.press("Enter")
    drawn(board, 1)
    assert board.total() == found["y"][0]
    expect(card.locator("tr", has_text="set now").locator("th")).to_have_text("1\u00a0day")
    board.named("Undo").click()
    drawn(board, 30)


def test_the_page_with_the_view_open_has_no_faults_at_any_width(board: Dashboard) -> None:
    page = board.page
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 900})
        drawn(board, 30)
        assert page.evaluate("document.scrollingElement.scrollWidth - innerWidth") <= 0
        tiles = [box.bounding_box() for box in page.locator(".sbp-tile").all()]
        assert len({round(box["height"]) for box in tiles if box}) == 1
        assert axe_faults(board) == ""
