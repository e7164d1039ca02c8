"""The main job in a real Chromium against a real Voilà; its numbers are those of the Python API."""

from __future__ import annotations

import csv
import json
import statistics
from collections.abc import Callable

import pytest
from dashboard import Dashboard, whole
from playwright.sync_api import Page, expect
from served import Server

from segbench.audience.export import verify_export
from segbench.model.ask import did, engaged, field, tag
from segbench.model.recipe import Recipe, segment_source
from segbench.model.rules import RuleOrGroup
from segbench.workbench.audiences import find_audience
from segbench.workbench.workbench import Workbench

pytestmark = pytest.mark.browser

DACH = field("country").is_any_of("DE", "AT", "CH")
COMPLIANT = tag("compliant")
OPENED = did("email_opened").at_least(3).within(days=90)


@pytest.fixture
def board(page: Page, voila: Server) -> Dashboard:
    return Dashboard(page, voila.address)


@pytest.fixture
def count(voila: Server) -> Callable[[RuleOrGroup], int]:
    def ask(rule: RuleOrGroup) -> int:
        with Workbench.open(voila.workspace) as workbench:
            return workbench.count(rule)

    return ask


def build_three_rows(board: Dashboard) -> None:
    board.add("Country")
    board.values("row 1", "Values", "DE", "AT", "CH")
    board.add("Tags")
    board.values("row 2", "Tags", "compliant")
    board.add("E-mail opened")
    board.named("Operator, row 3").select_option("at_least")
    board.named("Times, row 3").fill("3")
    board.named("Length of time, row 3").fill("90")


def shows(board: Dashboard, expected: int) -> None:
    expect(board.page.locator(".sb-builder .sb-big")).to_have_text(f"{expected:,}")


def test_an_analyst_builds_a_segment_and_every_number_is_that_of_the_api(
    board: Dashboard, count: Callable[[RuleOrGroup], int]
) -> None:
    build_three_rows(board)
    shows(board, count(DACH & COMPLIANT & OPENED))
    assert [board.alone(row) for row in (1, 2, 3)] == [
        count(DACH),
        count(COMPLIANT),
        count(OPENED),
    ]
    after = board.page.locator(".sb-builder .sb-row .sb-after").nth(1)
    left = count(DACH & COMPLIANT)
    expect(after).to_have_text(f"→ {left:,} left, −{count(DACH) - left:,}")
    assert "Country is any of “DE”, “AT”, “CH” and tag is “compliant”" in board.sentence()
    waterfall = board.card("Waterfall")
    expect(waterfall).to_contain_text(f"{count(DACH & COMPLIANT & OPENED):,}")

    board.named("Any of (OR), the segment").check(force=True)
    shows(board, count(DACH | COMPLIANT | OPENED))
    board.named("All of (AND), the segment").check(force=True)
    board.named("NOT, row 2").click()
    shows(board, count(DACH & ~COMPLIANT & OPENED))
    board.named("Enabled, row 1").click()
    shows(board, count(~COMPLIANT & OPENED))
    board.button("Undo").click()
    board.button("Undo").click()
    shows(board, count(DACH & COMPLIANT & OPENED))
    board.button("Redo").click()
    shows(board, count(DACH & ~COMPLIANT & OPENED))
    board.button("Delete row 3").click()
    shows(board, count(DACH & ~COMPLIANT))


def test_a_nested_group_counts_like_its_rules(
    board: Dashboard, count: Callable[[RuleOrGroup], int]
) -> None:
    board.add("Country")
    board.values("row 1", "Values", "DE")
    board.page.locator(".sb-builder").get_by_role("button", name="Add group").last.click()
    board.choose("Engaged")
    board.named("days, row 2.1").fill("60")
    board.add("Order placed", group="2")
    board.named("When, row 2.2").select_option("ever")
    board.named("Any of (OR), group 2").check(force=True)
    germany = field("country").is_any_of("DE")
    shows(board, count(germany & (engaged(days=60) | did("order_placed"))))
    board.named("NOT, group 2").click()
    shows(board, count(germany & ~(engaged(days=60) | did("order_placed"))))


def test_a_saved_segment_is_compared_and_the_overlap_follows_it(
    board: Dashboard, voila: Server
) -> None:
    board.add("Country")
    board.values("row 1", "Values", "DE")
    board.field_under("Segment", "Name").fill("From the browser")
    board.button("Save").click()
    expect(board.card("Segment")).to_contain_text("Saved “From the browser”.")
    overlap = board.card("Overlap")
    overlap.get_by_role("checkbox", name="From the browser", exact=True).check()
    overlap.get_by_role("checkbox", name="Customers", exact=True).check()
    with Workbench.open(voila.workspace) as workbench:
        before = workbench.overlap(["Customers", "From the browser"])
    region = f"{before.exactly(0, 1):,}"
    expect(overlap.locator(".js-plotly-plot").first).to_contain_text(region)

    board.values("row 1", "Values", "AT", "CH", "FR")
    board.settle()
    board.button("Save").click()
    with Workbench.open(voila.workspace) as workbench:
        after = workbench.overlap(["Customers", "From the browser"])
    assert after.exactly(0, 1) > before.exactly(0, 1)
    expect(overlap.locator(".js-plotly-plot").first).to_contain_text(f"{after.exactly(0, 1):,}")
    overlap.get_by_role("checkbox", name="Lapsed buyers", exact=True).check()
    overlap.get_by_role("checkbox", name="Compliant in DACH", exact=True).check()
    regions = overlap.locator("details", has_text="Regions as a table")
    expect(regions).to_contain_text("Compliant in DACH")
    with Workbench.open(voila.workspace) as workbench:
        names = ["Compliant in DACH", "Customers", "From the browser", "Lapsed buyers"]
        four = workbench.overlap(names)
    regions.locator("summary").click()
    cells = regions.locator("tbody tr").all_inner_texts()
    assert len(cells) >= len(four.regions)
    expect(regions.locator("table")).to_contain_text(f"{four.outside:,}")


def test_segments_ticked_in_quick_succession_are_all_in_the_chart(
    board: Dashboard, count: Callable[[RuleOrGroup], int]
) -> None:
    board.add("Country")
    board.values("row 1", "Values", "DE", "AT", "CH")
    overlap = board.card("Overlap")
    for name in ("The segment on screen", "Customers", "Lapsed buyers"):
        overlap.get_by_role("checkbox", name=name, exact=True).check()
    chart = overlap.locator(".js-plotly-plot").first
    expect(chart).to_contain_text("Lapsed buyers")
    expect(chart).to_contain_text(f"{count(DACH):,}")
    board.named("NOT, row 1").click()
    expect(chart).to_contain_text(f"{count(~DACH):,}")


def test_recipients_are_confirmed_exported_and_listed_on_the_campaign(
    board: Dashboard, voila: Server
) -> None:
    board.field_under("Campaign recipients", "Campaign").fill("Browser spring")
    board.field_under("Campaign recipients", "Recipient (To)").select_option("Customers")
    expect(board.button("Export recipients")).to_be_disabled()
    board.button("Confirm count").click()
    with Workbench.open(voila.workspace) as workbench:
        matching = workbench.count(workbench.library.segment("Customers").segment.group)
        expected = find_audience(workbench, Recipe((segment_source("Customers"),))).count
    panel = board.card("Campaign recipients")
    expect(panel).to_contain_text(f"Export {expected:,} recipients of “Customers”")
    expect(panel).to_contain_text(
        f"{matching:,} match and {matching - expected:,} cannot be reached"
    )
    board.button("Export recipients").click()
    expect(panel).to_contain_text(f"Exported {expected:,} recipients")
    expect(panel.locator("table")).to_contain_text("Customers")
    with Workbench.open(voila.workspace) as workbench:
        (record,) = workbench.library.campaign("Browser spring").exports
        folder = workbench.workspace.exports / record.folder
    assert verify_export(folder) == ()
    with (folder / "recipients.csv").open(newline="") as file:
        assert len(list(csv.reader(file))) == expected + 1
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["counts"]["exported"] == expected


def test_an_unfinished_row_is_left_out_and_says_so(board: Dashboard) -> None:
    board.add("Country")
    board.values("row 1", "Values", "DE")
    expect(board.page.locator(".sb-builder .sb-big")).not_to_have_text("0")
    before = board.total()
    board.add("Lead score")
    expect(board.page.locator(".sb-builder .sb-issue")).to_contain_text("Enter a value")
    assert board.total() == before


def test_a_wrong_action_is_answered_with_a_sentence(board: Dashboard) -> None:
    board.button("Open").click()
    expect(board.card("Segment")).to_contain_text("Choose a saved segment first.")
    board.button("Confirm count").click()
    expect(board.card("Campaign recipients")).to_contain_text("Give the campaign a name first.")


def test_ux_43_two_tabs_do_not_influence_each_other(
    board: Dashboard, page: Page, voila: Server
) -> None:
    board.add("Country")
    board.values("row 1", "Values", "DE")
    expect(board.page.locator(".sb-builder .sb-big")).not_to_have_text("0")
    first = board.total()
    other = Dashboard(page.context.new_page(), voila.address)
    assert other.total() == 0
    other.add("Tags")
    other.values("row 1", "Tags", "compliant")
    expect(other.page.locator(".sb-builder .sb-big")).not_to_have_text("0")
    assert other.total() != first
    assert board.total() == first


def test_a_toggle_shows_its_new_number_without_asking_the_data(
    board: Dashboard, count: Callable[[RuleOrGroup], int]
) -> None:
    build_three_rows(board)
    shows(board, count(DACH & COMPLIANT & OPENED))
    timed = board.page.evaluate(TIMED_TOGGLES)
    assert len(set(timed["numbers"])) == 2
    # Printed, not asserted: machines differ.
    print(f"\ntoggle to new number: median {statistics.median(timed['times']):.0f} ms")
    assert whole(timed["numbers"][0]) != whole(timed["numbers"][1])


TIMED_TOGGLES = """
async () => {
  const big = document.querySelector(".sb-builder .sb-big");
  const sides = [...document.querySelectorAll('.sb-builder .sb-segmented input')].slice(0, 2);
  const times = [], numbers = [];
  for (let round = 0; round < 20; round++) {
    const before = big.textContent, start = performance.now();
    sides.find((side) => !side.checked).click();
    while (big.textContent === before) await new Promise(requestAnimationFrame);
    times.push(performance.now() - start);
    numbers.push(big.textContent);
    await new Promise((done) => setTimeout(done, 120));
  }
  return { times, numbers };
}
"""


def test_edits_and_opened_segments_leave_no_nodes_or_listeners_on_the_page(
    board: Dashboard,
) -> None:
    build_three_rows(board)
    choice = board.field_under("Segment", "Saved segments")
    names = choice.locator("option").all_inner_texts()[1:]
    watch = board.page.context.new_cdp_session(board.page)
    watch.send("Performance.enable")

    def left() -> tuple[int, int]:
        board.settle()
        board.page.wait_for_timeout(1_000)
        watch.send("HeapProfiler.collectGarbage")
        found = {
            each["name"]: each["value"] for each in watch.send("Performance.getMetrics")["metrics"]
        }
        return int(found["Nodes"]), int(found["JSEventListeners"])

    def work(edits: int) -> None:
        for at in range(edits):
            board.button(f"NOT, row {at % 3 + 1}").click()
            board.settle()

    def open_all() -> None:
        for name in names:
            choice.select_option(name)
            board.button("Open").click()
            board.button("Open").click()
            expect(board.page.get_by_text(f"Opened “{name}”.")).to_be_visible()
            board.button("Undo").click()
            board.settle()

    work(6)
    open_all()
    nodes, listeners = left()
    work(20)
    for _ in range(2):
        open_all()
    later = left()
    assert later[0] < 1.05 * nodes
    assert later[1] <= listeners + 5
