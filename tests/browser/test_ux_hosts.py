"""docs/ux.md: the whole dashboard in a real Voilà: access, widths, themes, hostile names."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from chromium import HOSTS, leave, watched_page
from dashboard import Dashboard
from playwright.sync_api import Browser, Page, expect
from served import Server

from segbench.model.ask import field, tag
from segbench.model.rules import Group
from segbench.model.segment import Segment
from segbench.model.text import write
from segbench.serve import voila_words
from segbench.ui.theme import DARK, contrast
from segbench.workbench.workbench import Workbench

pytestmark = pytest.mark.browser

WCAG = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}
EVIL = '<img src=x onerror="window.hacked=1"><b>bold</b>'
SCORES = tuple(field("lead_score").at_least(number) for number in range(12))
COUNTRIES = tuple(field("country").is_any_of(f"C{number}", "DE") for number in range(8))
TWENTY = Group("and", (*SCORES, Group("or", COUNTRIES)))
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def hostile(voila: Server) -> str:
    """The name of a saved segment that is HTML."""
    with Workbench.open(voila.workspace) as workbench:
        workbench.save(Segment(EVIL, Group(rules=(tag(EVIL) | field("city").is_any_of("Berlin"),))))
    return EVIL


@pytest.fixture(scope="module")
def board(chromium: Browser, voila: Server, hostile: str) -> Iterator[Dashboard]:
    """One light page for all tests of this file but two."""
    with watched_page(chromium) as page:
        yield Dashboard(page, voila.address)


def show(board: Dashboard, group: Group) -> None:
    editor = board.writing("Text")
    editor.fill(write(group))
    editor.blur()
    board.settle()


def compare(board: Dashboard, name: str) -> None:
    board.card("Overlap").get_by_role("checkbox", name=name, exact=True).check()


def faults(board: Dashboard) -> str:
    found = Axe().run(board.page, options=WCAG)
    return found.generate_report() if found.violations_count else ""


def widths(board: Dashboard) -> Iterator[int]:
    """Wide, narrow, a small phone, and 1280 pixels at 200 %."""
    for width in (1440, 640, 390, 360):
        board.page.set_viewport_size({"width": width, "height": 900})
        yield width


def test_ux_64_axe_finds_nothing_on_the_dashboard_empty_and_with_twenty_rows(
    board: Dashboard, hostile: str
) -> None:
    for group in (Group(), TWENTY):
        show(board, group)
        for width in (1440, 390):
            board.page.set_viewport_size({"width": width, "height": 900})
            assert faults(board) == "", (width, len(group.rules))
    expect(board.page.locator(".sb-row")).to_have_count(20)
    for name in ("Customers", "Lapsed buyers"):
        compare(board, name)
    expect(board.card("Overlap").locator("button[data-act=png]")).to_have_count(2)
    for width in (1440, 390):
        board.page.set_viewport_size({"width": width, "height": 900})
        assert faults(board) == "", (width, "with all charts")


def test_ux_71_no_width_needs_scrolling_sideways(board: Dashboard, hostile: str) -> None:
    show(board, TWENTY)
    compare(board, "Customers")
    for width in widths(board):
        assert board.page.evaluate(TOO_WIDE) <= 0, width
        # A part that is cut off would not scroll the page either.
        for part in (".sb-builder", ".sbw", ".sbp-card", ".js-plotly-plot"):
            for box in board.page.locator(part).all():
                place = box.bounding_box()
                assert place is None or place["x"] + place["width"] <= width + 1, (part, width)


def test_ux_73_nothing_comes_from_elsewhere_and_icons_are_there(voila: Server, page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    board = Dashboard(page, voila.address)
    board.add("Country")
    board.values("row 1", "Values", "DE")
    compare(board, "Customers")
    board.writing("SQL")
    board.settle()
    assert asked
    assert [url for url in asked if not url.startswith(HOSTS)] == []
    icons = page.locator(".sb-builder .sb-row svg:visible").all()
    assert len(icons) > 5
    for icon in icons:
        size = icon.bounding_box()
        assert size
        assert min(size["width"], size["height"]) >= 10


def test_ux_77_html_in_names_and_values_is_text_everywhere(board: Dashboard, hostile: str) -> None:
    page = board.page
    page.set_viewport_size({"width": 1440, "height": 900})
    show(board, Group(rules=(tag(hostile) | ~field("city").is_any_of(hostile),)))
    expect(page.locator(".sb-words")).to_contain_text(hostile)
    board.field_under("Segment", "Saved segments").select_option(hostile)
    board.button("Open").click()
    board.button("Open").click()
    expect(board.card("Segment")).to_contain_text(f"“{hostile}”: saved")
    board.named("NOT, row 1.1").click()
    expect(board.card("Segment")).to_contain_text(f"“{hostile}”: changed")
    overlap = board.card("Overlap")
    compare(board, hostile)
    compare(board, "Customers")
    chart = overlap.locator(".js-plotly-plot").first
    expect(chart).to_contain_text("Customers")
    page.wait_for_timeout(500)
    for point in chart.locator("path.point").all():
        if point.is_visible():
            point.hover(force=True)
    for form in ("Text", "JSON", "SQL", "Python"):
        board.writing(form)
    board.field_under("Campaign recipients", "Campaign").fill(hostile)
    board.field_under("Campaign recipients", "Recipient (To)").select_option(hostile)
    board.button("Confirm count").click()
    expect(board.card("Campaign recipients")).to_contain_text(hostile)
    assert page.locator("img[src=x]").count() == 0
    assert page.evaluate("window.hacked") is None
    tags = page.locator(".sbp-page b, .js-plotly-plot b").all_inner_texts()
    assert "bold" not in tags


def test_ux_72_the_dark_theme_has_contrast_everywhere(
    chromium: Browser, voila: Server, hostile: str
) -> None:
    with watched_page(chromium) as page:
        board = Dashboard(page, f"{voila.address}?theme=dark")
        show(board, Group(rules=(*TWENTY.rules[:2], Group("or", TWENTY.rules[2:3]))))
        board.named("Enabled, row 2").click()
        compare(board, "Customers")
        compare(board, "Lapsed buyers")
        board.writing("Text").fill("country iss")
        expect(page.locator(".sbw-problem")).to_contain_text("Line 1")
        board.settle()
        assert faults(board) == ""
        # axe does not look at charts: their texts are of the theme that was made for this ground.
        waterfall = page.locator(".js-plotly-plot").first
        inks = waterfall.locator("text").evaluate_all(
            "all => all.map((text) => getComputedStyle(text).fill)"
        )
        known = [rgb(ink) for ink in (DARK.ink, DARK.muted, DARK.gain, DARK.loss, DARK.total)]
        assert inks
        assert set(inks) <= {*known, "rgb(0, 0, 0)", "rgb(255, 255, 255)"}
        assert rgb(DARK.ink) in inks
        assert contrast(DARK.muted, DARK.ground) >= 4.5


def rgb(colour: str) -> str:
    return f"rgb({', '.join(str(int(colour[i : i + 2], 16)) for i in (1, 3, 5))})"


def test_ux_76_a_skeleton_is_there_before_the_builder_and_the_kernel_is_warm(
    chromium: Browser, voila: Server
) -> None:
    with watched_page(chromium) as page:
        reached: list[str] = []
        # Nothing comes from the kernel: what is seen is what the first bytes brought.
        page.route_web_socket("**", lambda socket: reached.append(socket.url))
        page.goto(voila.address, wait_until="commit", timeout=60_000)
        skeleton = page.locator("#sb-skeleton")
        expect(skeleton).to_contain_text("Opening the workbench…")
        expect(skeleton).to_be_visible()
        for bone in skeleton.locator("span").all():
            size = bone.bounding_box()
            assert size
            assert size["height"] >= 30
        assert page.locator(".sb-builder").count() == 0
    with watched_page(chromium) as page:
        board = Dashboard(page, voila.address)
        expect(board.page.locator("#sb-skeleton")).to_have_count(0)
    words = voila_words(voila.workspace, "127.0.0.1", 1, "light", "")
    assert "--VoilaConfiguration.preheat_kernel=True" in words


def end_kernel(id: str) -> None:
    """Kill the process of one kernel, known by the name of its connection file."""
    (found,) = [
        int(place.parent.name)
        for place in Path("/proc").glob("[0-9]*/cmdline")
        if f"kernel-{id}.json" in place.read_text(errors="replace")
    ]
    os.kill(found, signal.SIGKILL)


def test_ux_75_a_kernel_that_ended_is_told_and_nothing_can_be_changed_until_a_reload(
    chromium: Browser, voila: Server
) -> None:
    # Voilà's own client logs that it lost its kernel: only what the page shows counts here.
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, locale="en-US")
    page = context.new_page()
    board = Dashboard(page, voila.address)
    board.add("Country")
    board.values("row 1", "Values", "DE")
    total = board.total()
    config = page.evaluate("JSON.parse(document.getElementById('jupyter-config-data').textContent)")
    end_kernel(config["kernelId"])
    lost = page.locator(".sbp-lost")
    expect(lost).to_be_visible(timeout=60_000)
    expect(lost).to_contain_text("The kernel does not answer")
    assert page.locator(".sb-builder").evaluate("el => el.closest('[inert]') !== null")
    for control in page.locator(".sbp-page :is(button, input, select, textarea)").all():
        if not control.evaluate("el => el.closest('.sbp-lost') !== null"):
            assert control.evaluate("el => el.closest('[inert]') !== null")
    page.on("dialog", lambda dialog: dialog.accept())
    lost.get_by_role("button", name="Reload").click()
    expect(lost).to_be_hidden(timeout=60_000)
    board.ready()
    expect(page.locator(".sb-row")).to_have_count(1)
    assert board.total() == total
    leave(page)
    context.close()
