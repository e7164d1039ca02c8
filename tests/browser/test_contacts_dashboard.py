"""The contacts' dashboard, in a real Chromium against a real Voilà."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from dashboard import SLOW, Dashboard
from playwright.sync_api import Page, expect
from served import Server, serving

from segbench.demo.tour import tour_workspace
from segbench.model.ask import tag
from segbench.model.rules import as_group
from segbench.model.segment import Segment
from segbench.workbench.workbench import Workbench

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def contacts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The dashboard on a workspace of its own, with a segment of a tag that nobody has."""
    workspace = tour_workspace(tmp_path_factory.mktemp("contacts"))
    with Workbench.open(workspace) as workbench:
        workbench.save(Segment("Autumn", as_group(tag("autumn"))))
    with serving(workspace, "contacts") as server:
        yield server


def held(folder: Path) -> int:
    """How many the segment holds, as another process sees it."""
    with Workbench.open(folder) as workbench:
        return workbench.count_saved("Autumn")


def test_two_hundred_are_tagged_from_a_list_a_segment_grows_and_undo_takes_it_back(
    page: Page, contacts: Server
) -> None:
    board = Dashboard(page, contacts.address)
    table, edits = board.card("Contacts"), board.card("Edit contacts")
    expect(page.locator(".sb-big")).to_have_text("5,000")
    expect(page.locator(".sb-builder")).to_contain_text("Everybody: there is no filter")
    table.get_by_label("Contacts a page").select_option("200")
    expect(table.locator("tbody tr")).to_have_count(200)
    table.get_by_role("button", name="Sort by Last name").click()
    expect(table.locator("th[aria-sort=ascending]")).to_contain_text("Last name")
    expect(table.get_by_role("button", name="Sort by Last name")).to_be_focused()
    board.button("Select this page").click()
    expect(table).to_contain_text("200 contacts selected")
    edits.get_by_label("Tag", exact=True).fill("autumn")
    edits.get_by_label("Tag", exact=True).press("Tab")
    board.button("Preview").click()
    expect(edits).to_contain_text("200 of 200 contacts would change, 0 are so already.")
    expect(edits).to_contain_text("“Autumn”: 0 → 200 (+200).")
    assert held(contacts.workspace) == 0
    board.button("Do it").click()
    expect(edits).to_contain_text("Edit 1: tagged 200 contacts with autumn.")
    assert held(contacts.workspace) == 200
    expect(board.card("Edits")).to_contain_text("The latest 1 edits")
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa"]}})
    assert [
        (fault["id"], fault["nodes"][0]["html"]) for fault in found.response["violations"]
    ] == []

    table.locator("tbody tr th button").first.click()
    card = board.card("Contact")
    expect(card).to_contain_text("autumn")
    card.get_by_label("Put into a segment").select_option("Autumn")
    card.get_by_role("button", name="How?").click()
    expect(card).to_contain_text("It is in “Autumn” already.")

    board.button("Undo the last edit").click()
    expect(edits).to_contain_text("took edit 1 back for 200 contacts", timeout=SLOW)
    assert held(contacts.workspace) == 0
    expect(card).not_to_contain_text("autumn since")


def test_one_contact_comes_into_a_segment_in_two_clicks(page: Page, contacts: Server) -> None:
    board = Dashboard(page, contacts.address)
    table, card = board.card("Contacts"), board.card("Contact")
    table.locator("tbody tr th button").first.click()
    card.get_by_label("Put into a segment").select_option("Autumn")
    card.get_by_role("button", name="How?").click()
    card.get_by_role("button", name="Tag it “autumn”").click()
    expect(board.card("Edit contacts")).to_contain_text("tagged 1 contact with autumn")
    assert held(contacts.workspace) == 1
