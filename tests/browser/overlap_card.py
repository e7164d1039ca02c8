"""The overlap card as its user sees it, and what its charts show, read from plotly."""

from __future__ import annotations

from typing import Any

from dashboard import Dashboard
from playwright.sync_api import Locator, Page, expect

DRAWN = """([at, name]) => {
  const chart = document.querySelectorAll(".sbp-linked .sbp-charts .js-plotly-plot")[at];
  const trace = chart._fullData.find((one) => one.name === name);
  const list = (value) => (value === undefined ? [] : Array.from(value));
  const { visible, marker } = trace;
  return {
    visible, x: list(trace.x), y: list(trace.y), picks: list(trace.customdata),
    text: list(trace.text), hover: list(trace.hovertext),
    colour: marker && Array.isArray(marker.color) ? list(marker.color) : [],
  };
}"""
LIT = """(at) => {
  const chart = document.querySelectorAll(".sbp-linked .sbp-charts .js-plotly-plot")[at];
  const found = [...chart.querySelectorAll(".sbp-lit")].map((el) => {
    if (el.closest(".shapelayer")) return chart._fullLayout.shapes[Number(el.dataset.index)].name;
    const trace = el.closest(".trace").__data__[0].trace;
    return `${trace.name} ${trace.customdata[el.__data__.i]}`;
  });
  return [...new Set(found)].sort();
}"""
WIDTHS = """() => [...document.querySelectorAll(".sbp-linked .sbp-charts .js-plotly-plot")].map(
  (chart) => [chart._fullLayout.width, chart.closest(".sbp-pane").clientWidth])"""


class OverlapCard:
    """The card under the heading “Overlap”; its charts are numbered from 0."""

    def __init__(self, board: Dashboard) -> None:
        self.board, self.page = board, board.page
        self.card = board.card("Overlap")

    def choose(self, *names: str) -> None:
        """Compare just these segments, in automatic charts sorted by size."""
        self.kind("Automatic")
        for box in self.card.locator(".widget-checkbox").all():
            name = box.inner_text().strip()
            if name.startswith("Show"):
                box.locator("input").set_checked(False)
            else:
                box.locator("input").set_checked(name in names)
        self.card.get_by_label("Sort by").select_option("Size")
        self.card.get_by_label("Count contacts").select_option("In exactly these")
        if len(names) > 1:
            self.until_drawn(len(names))

    def kind(self, name: str) -> None:
        """Choose a chart."""
        self.card.locator(".widget-toggle-button", has_text=name).click()

    def until_drawn(self, segments: int) -> None:
        """Wait for charts of so many segments, in the width of their panes."""
        self.page.wait_for_function(
            """(many) => {
              const charts = [...document.querySelectorAll(
                ".sbp-linked .sbp-charts .js-plotly-plot")];
              const heads = charts.map((chart) =>
                (chart._fullData || []).find((one) => one.name === "sizes"));
              return heads[0] && heads[0].visible && heads[0].y.length === many
                && charts.every((chart) =>
                  chart._fullLayout.width === chart.closest(".sbp-pane").clientWidth);
            }""",
            arg=segments,
            timeout=60_000,
        )

    def drawn(self, chart: int, trace: str) -> dict[str, Any]:
        """A trace of a chart as plotly has it."""
        found: dict[str, Any] = self.page.evaluate(DRAWN, [chart, trace])
        return found

    def counts(self, chart: int, trace: str) -> dict[str, int]:
        """The number that is printed at each pick of a trace."""
        found = self.drawn(chart, trace)
        digits = (text.replace("<b>", "").replace("</b>", "") for text in found["text"])
        return dict(zip(found["picks"], (int(one.replace(",", "")) for one in digits), strict=True))

    def lit(self, chart: int) -> list[str]:
        """What is lit in a chart: names of outlines, and `trace pick` of marks."""
        found: list[str] = self.page.evaluate(LIT, chart)
        return found

    def widths(self) -> list[list[float]]:
        """The width of each chart and of its pane."""
        found: list[list[float]] = self.page.evaluate(WIDTHS)
        return found

    def chart(self, at: int) -> Locator:
        """A chart."""
        return self.card.locator(".sbp-charts .js-plotly-plot").nth(at)

    def bar(self, chart: int, trace: str, pick: str) -> tuple[float, float]:
        """Where on the page a bar starts; plotly's own layer lies above it."""
        place = self.drawn(chart, trace)["picks"].index(pick)
        layers = [name for name in ("sizes", "bars") if self.drawn(chart, name)["visible"] is True]
        layer = self.chart(chart).locator(".barlayer .trace").nth(layers.index(trace))
        mark = layer.locator(".point path").nth(place)
        mark.scroll_into_view_if_needed()
        box = mark.bounding_box()
        assert box is not None
        return box["x"] + min(4, box["width"] / 2), box["y"] + box["height"] / 2

    def point(self, chart: int, trace: str, pick: str) -> None:
        """Point at a bar."""
        x, y = self.bar(chart, trace, pick)
        self.page.mouse.move(x + 30, y + 80)
        self.page.mouse.move(x, y)

    def click(self, chart: int, trace: str, pick: str) -> None:
        """Click a bar; what is pointed at first is what plotly takes as clicked."""
        self.point(chart, trace, pick)
        expect(self.chart(chart).locator(".hoverlayer .hovertext")).to_have_count(1)
        self.page.mouse.down()
        self.page.mouse.up()

    def open(self, title: str) -> Locator:
        """A table that opens under that title."""
        details = self.card.locator("details", has=self.page.locator(f"summary:text-is('{title}')"))
        if details.get_attribute("open") is None:
            details.locator("summary").click()
        return details

    @property
    def part(self) -> Locator:
        """What was clicked."""
        return self.card.locator(".sbp-part")


def calm(page: Page) -> None:
    """Point at nothing."""
    page.mouse.move(2, 2)
