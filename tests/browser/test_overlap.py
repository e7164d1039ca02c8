"""Points 52 to 63 of the checklist: the overlap charts in a real browser over a real Voilà."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from chromium import leave
from dashboard import Dashboard, whole
from overlap_card import OverlapCard, calm
from playwright.sync_api import Browser, Download, Route, expect
from served import Server

from segbench.audience.overlap import Overlap
from segbench.ui.segment_colours import NAMES
from segbench.ui.theme import theme
from segbench.workbench.workbench import Workbench

pytestmark = pytest.mark.browser

THREE = ("Compliant in DACH", "Customers", "Lapsed buyers")
FIVE = (*THREE, "Engaged in the last 30 days", "Opened 3 or more in the last 30 days")
SPACE = "\N{NO-BREAK SPACE}"


@pytest.fixture(scope="module")
def card(chromium: Browser, voila: Server) -> Iterator[OverlapCard]:
    """One page for all of these tests; it must not log an error nor leave this machine."""
    context = chromium.new_context(viewport={"width": 1440, "height": 1400}, locale="en-US")
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(f"exception: {error}"))
    page.on("console", lambda m: m.type == "error" and faults.append(f"console: {m.text}"))
    known = ("http://127.0.0.1:", "http://localhost:", "data:", "blob:")
    page.on("request", lambda r: r.url.startswith(known) or faults.append(f"request: {r.url}"))
    yield OverlapCard(Dashboard(page, voila.address))
    found = list(faults)
    leave(page)
    context.close()
    assert found == []


@pytest.fixture
def judged(voila: Server) -> Callable[..., Overlap]:
    """The overlap of saved segments as the Python API has it, in the order of the list."""

    def ask(*names: str) -> Overlap:
        with Workbench.open(voila.workspace) as workbench:
            return workbench.overlap(sorted(names, key=str.casefold))

    return ask


def pick_of(inside: tuple[int, ...], kind: str = "region") -> str:
    return f"{kind}:{','.join(map(str, inside))}"


def test_ux_52_two_or_three_segments_are_circles_more_are_upset_and_one_can_switch(
    card: OverlapCard,
) -> None:
    expect(card.chart(0)).to_contain_text("Choose two or more segments")
    pictures = card.card.locator("button[data-act=png]")
    for names, charts in (
        (THREE[:2], ["Venn as PNG", "UpSet as PNG"]),
        (THREE, ["Venn as PNG", "UpSet as PNG"]),
        (FIVE[:4], ["UpSet as PNG", "Heat map as PNG"]),
    ):
        card.choose(*names)
        expect(pictures).to_have_text(charts)
    card.kind("Venn")
    expect(card.chart(0)).to_contain_text("A Venn diagram shows 2 or 3 segments")
    card.choose(*THREE)
    assert set(card.counts(0, "marks")) >= {"region:0", "region:1", "region:2"}
    for kind, charts in (
        ("Heat map", ["Heat map as PNG", "UpSet as PNG"]),
        ("UpSet", ["UpSet as PNG", "Heat map as PNG"]),
        ("Venn", ["Venn as PNG", "UpSet as PNG"]),
    ):
        card.kind(kind)
        expect(pictures).to_have_text(charts)


def test_ux_53_upset_is_sorted_filtered_and_shows_empty_ones_on_demand(
    card: OverlapCard, judged: Callable[..., Overlap]
) -> None:
    card.choose(*FIVE)
    result = judged(*FIVE)
    assert card.counts(0, "bars") == {pick_of(r.inside): r.count for r in result.regions}
    for trace, wanted in (("sizes", result.sizes), ("bars", [r.count for r in result.regions])):
        shown = card.drawn(0, trace)["x"]
        assert shown == sorted(wanted, reverse=True)
    card.card.get_by_label("Sort by").select_option("Number of segments")
    expect(card.card.locator("tbody").first.locator("tr").nth(3)).not_to_contain_text("∩")
    degrees = [pick.count(",") for pick in card.drawn(0, "bars")["picks"]]
    assert degrees == sorted(degrees)
    card.card.get_by_label("Show empty ones").check()
    lines = card.card.locator("details[data-key=regions] tbody tr")
    expect(lines).to_have_count(2**5 - 1)
    assert sum(count == 0 for count in card.counts(0, "bars").values()) > 0
    card.card.get_by_label("Show empty ones").uncheck()
    expect(lines).to_have_count(len(result.regions))
    smallest = card.card.locator(".widget-readout")
    least = result.regions[0].count
    smallest.fill(str(least))
    smallest.press("Enter")
    expect(lines).to_have_count(2)
    assert list(card.counts(0, "bars").values()) == [least]
    expect(lines.last).to_contain_text(f"{result.union - least:,}")
    smallest.fill("1")
    smallest.press("Enter")
    expect(lines).to_have_count(len(result.regions))


def test_ux_54_pointing_at_a_region_lights_it_up_in_every_chart_and_table(
    card: OverlapCard, judged: Callable[..., Overlap]
) -> None:
    card.choose(*THREE)
    result = judged(*THREE)
    count = result.exactly(0, 1)
    regions = card.open("Regions as a table")
    card.point(1, "bars", "region:0,1")
    label = card.chart(1).locator(".hoverlayer .hovertext")
    expect(label).to_contain_text(f"{count:,} in exactly these")
    for letter, at in (("A", 0), ("B", 1)):
        share = (
            f"{100 * count / result.sizes[at]:.1f}"
            if count * 10 < result.sizes[at]
            else (f"{100 * count / result.sizes[at]:.0f}")
        )
        expect(label).to_contain_text(f"{share}{SPACE}% of {letter} ({result.sizes[at]:,})")
    lit = card.lit(1)
    assert {"bars region:0,1", "dots region:0,1"} <= set(lit)
    assert not any(one.startswith(("bars", "dots")) and "0,1" not in one for one in lit)
    assert {"region:0,1", "marks region:0,1", "sizes segment:0", "sizes segment:1"} <= set(
        card.lit(0)
    )
    expect(regions.locator("tr.sbp-lit")).to_have_count(1)
    expect(regions.locator("tr.sbp-lit")).to_contain_text(f"{count:,}")
    calm(card.page)
    expect(card.card.locator(".sbp-lit")).to_have_count(0)
    regions.locator("button[data-act=pick][data-pick='region:1']").hover()
    assert "bars region:1" in card.lit(1)
    assert "region:1" in card.lit(0)
    calm(card.page)


def test_ux_55_a_click_selects_a_second_one_clears_and_a_segment_made_of_it_counts_the_same(
    card: OverlapCard, judged: Callable[..., Overlap]
) -> None:
    card.choose(*THREE)
    count = judged(*THREE).exactly(1, 2)
    for _ in range(2):
        card.click(1, "bars", "region:1,2")
        expect(card.part).to_contain_text("Customers and Lapsed buyers, not Compliant in DACH")
        expect(card.part).to_contain_text(f"{count:,} contacts")
        expect(card.part.locator("table").last.locator("tbody tr")).to_have_count(5)
        card.click(1, "bars", "region:1,2")
        expect(card.part).to_be_hidden()
    card.click(1, "bars", "region:1,2")
    card.board.button("Make a segment of it").click()
    expect(card.page.locator(".sb-builder .sb-big")).to_have_text(f"{count:,}")
    assert card.counts(1, "bars")["region:1,2"] == card.board.total()
    expect(card.board.field_under("Segment", "Name")).to_have_value(
        "Customers and Lapsed buyers, not Compliant in DACH"
    )
    assert "not (segment is “Compliant in DACH”)" in card.board.sentence()
    card.part.get_by_role("button", name="Clear").click()
    expect(card.part).to_be_hidden()


def test_ux_56_the_bar_of_a_segment_opens_it_in_the_builder(
    card: OverlapCard, judged: Callable[..., Overlap]
) -> None:
    card.choose(*THREE)
    card.board.begin()
    size = judged(*THREE).sizes[1]
    card.click(0, "sizes", "segment:1")
    expect(card.page.locator(".sb-builder .sb-big")).to_have_text(f"{size:,}")
    expect(card.board.card("Segment")).to_contain_text("“Customers”: saved")
    card.board.add("Tags")
    card.board.values("row 2", "Tags", "compliant")
    card.click(0, "sizes", "segment:2")
    expect(card.card).to_contain_text("There are unsaved changes. Click “Lapsed buyers” again")
    card.click(0, "sizes", "segment:2")
    expect(card.board.card("Segment")).to_contain_text("“Lapsed buyers”: saved")


def test_ux_57_circles_state_their_error_and_print_exact_counts(
    card: OverlapCard, judged: Callable[..., Overlap]
) -> None:
    card.choose(*THREE)
    result = judged(*THREE)
    shown = {pick: count for pick, count in card.counts(0, "marks").items() if count}
    assert shown == {pick_of(region.inside): region.count for region in result.regions}
    expect(card.chart(0)).to_contain_text(
        re.compile(r"Areas are (to scale|approximate: at most [\d.]+ % of the whole off)")
    )
    expect(card.chart(0)).to_contain_text(re.compile("umbers are"))


def test_ux_58_the_regions_sum_to_the_union_and_it_says_so(
    card: OverlapCard, judged: Callable[..., Overlap]
) -> None:
    card.choose(*FIVE)
    result = judged(*FIVE)
    regions = card.open("Regions as a table")
    lines = regions.locator("tbody tr td:nth-child(2)").all_inner_texts()
    assert sum(map(whole, lines)) == result.union
    foot = regions.locator("tfoot tr").first
    expect(foot).to_contain_text("Sum of these = in at least one")
    expect(foot).to_contain_text(f"{result.union:,}")
    expect(card.chart(0)).to_contain_text(f"In at least one:{SPACE}{result.union:,}")
    lines = card.card.locator(".sbp-wide table").first.locator("tbody td:nth-child(2)")
    base = card.card.locator("table", has_text="Contacts of the base").first
    parts = base.locator("tbody td:nth-child(2)").all_inner_texts()
    assert sum(map(whole, parts)) == result.contacts


def test_ux_59_how_many_are_in_none_is_said_drawn_and_made_a_segment(
    card: OverlapCard, judged: Callable[..., Overlap]
) -> None:
    card.choose(*THREE)
    result = judged(*THREE)
    for at in (0, 1):
        expect(card.chart(at)).to_contain_text(f"in none:{SPACE}{result.outside:,}")
    card.card.get_by_label("Show “in none”").check()
    card.page.wait_for_function(
        "() => [...document.querySelectorAll('.sbp-charts .js-plotly-plot')][1]._fullData"
        ".find((one) => one.name === 'bars').customdata.includes('region:')"
    )
    assert card.counts(1, "bars")["region:"] == result.outside
    none = card.open("Regions as a table").locator("tr[data-pick='region:']")
    expect(none).to_contain_text(f"{result.outside:,}")
    none.get_by_role("button", name="Make a segment: in none of them").click()
    expect(card.page.locator(".sb-builder .sb-big")).to_have_text(f"{result.outside:,}")


def test_ux_60_another_colour_and_another_name_are_in_all_charts_at_once(
    card: OverlapCard, voila: Server
) -> None:
    board = card.board
    board.begin()
    board.add("Country")
    board.values("row 1", "Values", "DE")
    board.field_under("Segment", "Name").fill("Before the new name")
    board.button("Save").click()
    expect(board.card("Segment")).to_contain_text("Saved “Before the new name”.")
    card.choose("Before the new name", "Customers")
    card.card.get_by_label("Colour of Before the new name").select_option("Violet")
    violet = theme("light").segments[NAMES.index("Violet")]
    for chart, trace in ((0, "segments"), (0, "heads"), (1, "heads")):
        card.page.wait_for_function(
            """([at, name, colour]) => {
              const chart = document.querySelectorAll(".sbp-charts .js-plotly-plot")[at];
              const trace = chart._fullData.find((one) => one.name === name);
              return trace.marker.color[trace.customdata.indexOf("segment:0")] === colour;
            }""",
            arg=[chart, trace, violet],
        )
    with Workbench.open(voila.workspace) as workbench:
        workbench.library.rename("Before the new name", "After it", workbench.clock())
    board.begin()
    board.add("Country")
    board.values("row 1", "Values", "FR")
    board.field_under("Segment", "Name").fill("Another one")
    board.button("Save").click()
    expect(card.card.get_by_label("After it", exact=True)).to_be_checked()
    expect(card.card.get_by_label("Colour of After it")).to_have_value("Violet")
    expect(card.chart(0)).to_contain_text("After it")
    expect(card.chart(0)).not_to_contain_text("Before the new name")
    expect(card.open("Segments as a table")).to_contain_text("After it")
    with Workbench.open(voila.workspace) as workbench:
        for name in ("After it", "Another one"):
            workbench.library.delete(name)


def test_ux_61_tables_have_the_numbers_and_actions_of_the_charts_by_keyboard(
    card: OverlapCard, judged: Callable[..., Overlap]
) -> None:
    card.choose(*THREE)
    result = judged(*THREE)
    card.card.locator("summary", has_text="Regions as a table").focus()
    regions = card.open("Regions as a table")
    rows = regions.locator("tbody tr")
    shown = {
        row.get_attribute("data-pick"): whole(row.locator("td").first.inner_text())
        for row in rows.all()
    }
    assert shown == card.counts(1, "bars")
    first = rows.first.locator("button").first
    card.card.locator("summary", has_text="Regions as a table").focus()
    card.page.keyboard.press("Tab")
    if not first.evaluate("el => el === document.activeElement"):
        # A table that scrolls is a stop of its own.
        card.page.keyboard.press("Tab")
    expect(first).to_be_focused()
    assert f"bars {rows.first.get_attribute('data-pick')}" in card.lit(1)
    card.page.keyboard.press("Enter")
    expect(first).to_have_attribute("aria-pressed", "true")
    expect(card.part).to_contain_text(f"{result.regions[0].count:,} contacts")
    expect(first).to_be_focused()
    card.page.keyboard.press("Escape")
    expect(card.part).to_be_hidden()
    pairs = card.open("Pairs as a table")
    expect(pairs.locator("tr[data-pick='pair:1,2']")).to_contain_text(f"{result.within(1, 2):,}")
    segments = card.open("Segments as a table")
    expect(segments.get_by_role("button", name="Open B Customers")).to_be_visible()
    words = card.open("In words")
    expect(words).to_contain_text(f"In at least one segment: {result.union:,}.")
    expect(words).to_contain_text(f"In none: {result.outside:,} of {result.contacts:,} contacts.")


def test_ux_62_nothing_is_shared_and_pictures_and_numbers_are_saved_without_a_network(
    card: OverlapCard, judged: Callable[..., Overlap], tmp_path: Path
) -> None:
    card.choose(*THREE)
    result = judged(*THREE)
    titles = card.card.locator(".modebar-btn").evaluate_all(
        "buttons => buttons.map((one) => one.dataset.title)"
    )
    assert len(titles) == 2
    assert all("PNG" in title.upper() for title in titles)
    assert "hare" not in card.card.locator(".sbp-charts").inner_text()
    asked: list[str] = []

    def refuse(route: Route) -> None:
        asked.append(route.request.url)
        route.abort()

    card.page.route(re.compile("^https?:"), refuse)
    try:
        for name, start in (("Venn as PNG", b"\x89PNG"), ("Regions as CSV", b"region,")):
            with card.page.expect_download() as waiting:
                card.card.locator(f"text={name}").click()
            saved: Download = waiting.value
            path = tmp_path / saved.suggested_filename
            saved.save_as(path)
            assert path.read_bytes().startswith(start)
    finally:
        card.page.unroute(re.compile("^https?:"), refuse)
    assert asked == []
    with (tmp_path / "overlap-regions.csv").open(newline="") as file:
        lines = list(csv.DictReader(file))
    assert sum(int(line["contacts"]) for line in lines) == result.contacts


def test_ux_63_charts_fill_their_pane_after_a_tab_was_hidden_and_the_window_resized(
    card: OverlapCard,
) -> None:
    card.choose(*THREE)
    before = card.widths()
    assert [chart for chart, _ in before] == [pane for _, pane in before]
    show = """(on) => {
      const card = document.querySelector(".sbp-charts").closest(".sbp-card");
      card.style.display = on ? "" : "none";
    }"""
    try:
        card.page.evaluate(show, False)
        card.page.set_viewport_size({"width": 1100, "height": 1400})
        card.page.evaluate(show, True)
        card.page.wait_for_function(
            "w => ![0, w].includes(document.querySelector('.sbp-charts .sbp-pane').clientWidth)",
            arg=before[0][1],
        )
        card.page.wait_for_timeout(500)
        card.until_drawn(3)
        narrow = card.widths()
        assert narrow[0][0] != before[0][0]
        card.page.set_viewport_size({"width": 1440, "height": 1400})
        card.page.wait_for_function(
            "w => document.querySelector('.sbp-charts .sbp-pane').clientWidth === w",
            arg=before[0][1],
        )
        card.until_drawn(3)
        assert card.widths() == before
    finally:
        card.page.set_viewport_size({"width": 1440, "height": 1400})
