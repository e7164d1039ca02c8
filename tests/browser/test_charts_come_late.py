"""The builder does not wait for plotly.js, and no chart loses what it was told meanwhile."""

from __future__ import annotations

import pytest
from dashboard import Dashboard
from playwright.sync_api import Page, expect
from served import Server

from segbench.model.ask import field
from segbench.workbench.workbench import Workbench

LATE = """
  const later = [];
  window.requestIdleCallback = (call) => later.push(call);
  window.readPlotly = () => later.forEach((call) => call());
"""
WATERFALL = """() => {
  const card = [...document.querySelectorAll(".sbp-card")]
    .find((one) => one.querySelector("h2")?.textContent === "Waterfall");
  const chart = card.querySelector(".js-plotly-plot");
  if (!chart || !chart._fullLayout) return null;
  const numbers = chart._fullData.find((one) => one.name === "numbers");
  return { texts: [...(numbers.text || [])].map(String),
    width: chart._fullLayout.width, pane: chart.closest(".sbp-pane").clientWidth };
}"""

pytestmark = pytest.mark.browser


def test_a_chart_that_is_told_its_numbers_before_plotly_is_there_shows_them(
    voila: Server, page: Page
) -> None:
    page.add_init_script(LATE)
    board = Dashboard(page, voila.address)
    board.begin()
    board.add("Country")
    board.values("row 1", "Values", "DE")
    board.settle()
    expect(board.card("Waterfall")).to_contain_text("Rows as a table")
    assert page.locator(".js-plotly-plot").count() == 0
    page.evaluate("readPlotly()")
    page.wait_for_function(f"({WATERFALL})()?.texts.length > 1", timeout=60_000)
    with Workbench.open(voila.workspace) as workbench:
        count = workbench.count(field("country").is_any_of("DE"))
    drawn = page.evaluate(WATERFALL)
    assert any(f"{count:,}" in text for text in drawn["texts"])
    assert drawn["width"] == drawn["pane"]
