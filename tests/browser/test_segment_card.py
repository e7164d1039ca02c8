"""The card of saved segments in a real Voilà: two people at one segment, folders, versions."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from chromium import watched_page
from dashboard import Dashboard
from playwright.sync_api import Browser, expect
from served import Server

from segbench.model.ask import field, tag
from segbench.model.rules import Group
from segbench.model.segment import Segment
from segbench.workbench.workbench import Workbench

pytestmark = pytest.mark.browser

GERMAN, VIP = field("country").is_any_of("DE"), tag("VIP")
DETAILS = "Folder, versions and use"


@pytest.fixture(scope="module")
def board(chromium: Browser, voila: Server) -> Iterator[Dashboard]:
    """One page for all tests of this file, narrow enough that the card wraps."""
    with watched_page(chromium) as page:
        yield Dashboard(page, voila.address)


@pytest.fixture
def workbench(voila: Server) -> Iterator[Workbench]:
    """Somebody else at the same library."""
    with Workbench.open(voila.workspace) as opened:
        opened.author = "Ben"
        yield opened


def open_segment(board: Dashboard, name: str) -> None:
    """Find a segment that was saved after the page was loaded, and open it."""
    board.begin()
    find = board.field_under("Segment", "Find")
    find.fill(name)
    board.field_under("Segment", "Saved segments").select_option(name)
    board.button("Open").click()
    said(board, f"“{name}”: saved")
    find.fill("")


def said(board: Dashboard, text: str) -> None:
    expect(board.card("Segment")).to_contain_text(text)


def test_two_people_at_one_segment_lose_nothing(board: Dashboard, workbench: Workbench) -> None:
    workbench.save(Segment("Shared by two", Group(rules=(GERMAN,))))
    open_segment(board, "Shared by two")
    board.add("Tags")
    board.values("row 2", "Tags", "compliant")
    board.settle()
    theirs = Group(rules=(field("country").is_any_of("FR"),))
    workbench.save(Segment("Shared by two", theirs), replace_saved=True)
    board.button("Save").click()
    said(board, "“Shared by two” was changed by Ben since you opened it")
    said(board, "Row 1: Country is “DE” became Country is “FR”")
    results = Axe().run(board.page, context=".sbp-card", options={"resultTypes": ["violations"]})
    assert [each["id"] for each in results.response["violations"]] == []
    board.button("Merge").click()
    said(board, "Both changes are on screen, not saved yet.")
    expect(board.page.locator(".sb-row")).to_have_count(2)
    assert "Country is “FR”" in board.sentence()
    board.button("Save").click()
    said(board, "Saved “Shared by two”.")
    merged = Group(rules=(field("country").is_any_of("FR"), tag("compliant")))
    assert workbench.library.segment("Shared by two").segment.group == merged


def test_a_segment_is_filed_found_and_restored(board: Dashboard, workbench: Workbench) -> None:
    workbench.save(Segment("To be filed", Group(rules=(GERMAN,))))
    workbench.save(Segment("To be filed", Group(rules=(GERMAN, VIP))), replace_saved=True)
    open_segment(board, "To be filed")
    card = board.card("Segment")
    card.get_by_text(DETAILS).click()
    expect(card.get_by_text("Row 2 is new: tag is “VIP”")).to_be_visible()
    said(board, "Nothing uses it.")
    board.field_under("Segment", "Folder").fill("Lifecycle/Welcome")
    board.field_under("Segment", "Tags").fill("spring, win back")
    board.field_under("Segment", "Status").select_option("draft")
    board.button("Save details").click()
    said(board, "Saved the details of “To be filed”.")
    filing = workbench.library.segment("To be filed").filing
    assert (filing.folder, filing.tags, filing.status) == (
        "Lifecycle/Welcome",
        ("spring", "win back"),
        "draft",
    )
    assert filing.owner == "Ben"
    board.field_under("Segment", "Find").fill("win back")
    options = board.field_under("Segment", "Saved segments").locator("option")
    expect(options).to_have_text(["(choose)", "To be filed (Lifecycle/Welcome, draft)"])
    earlier = board.field_under("Segment", "Earlier version")
    first = earlier.locator("option", has_text=re.compile(r"^1\sof\s")).get_attribute("value")
    earlier.select_option(first)
    board.button("Restore").click()
    said(board, "“To be filed” is as in version 1 again, and that is version 4 now.")
    expect(board.page.locator(".sb-row")).to_have_count(1)
    assert workbench.library.segment("To be filed").segment.group == Group(rules=(GERMAN,))
    results = Axe().run(board.page, context=".sbp-card", options={"resultTypes": ["violations"]})
    assert [each["id"] for each in results.response["violations"]] == []
