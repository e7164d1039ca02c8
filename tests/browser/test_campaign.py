"""The campaign dashboard in a real Voilà: from a name to the export, by its user's hands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

import pytest
from axe_playwright_python.sync_playwright import Axe
from chromium import watched_page
from playwright.sync_api import Browser, Locator, Page, expect
from served import Server, serving

from segbench.demo.tour import tour_workspace
from segbench.library.campaign_changes import CampaignChange
from segbench.workbench.audiences import find_audience
from segbench.workbench.workbench import Workbench

pytestmark = pytest.mark.browser

SLOW = 60_000
WCAG = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The dashboard, on a workspace of its own."""
    with serving(tour_workspace(tmp_path_factory.mktemp("campaign"), 1_000), "campaign") as found:
        yield found


class Desk:
    """The page with the dashboard."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        page.set_default_timeout(20_000)
        expect.set_options(timeout=SLOW)
        page.goto(address, wait_until="commit", timeout=SLOW)
        self.card("Campaign").wait_for(timeout=SLOW)
        expect(page.get_by_text("Open a campaign, or create one.")).to_be_visible()

    def card(self, title: str) -> Locator:
        heading = self.page.get_by_role("heading", name=title, exact=True)
        return self.page.locator(".sbp-card").filter(has=heading)

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def type(self, label: str, text: str) -> None:
        box = self.page.get_by_label(label, exact=True)
        box.fill(text)
        box.press("Tab")

    def create(self, name: str) -> None:
        self.type("New campaign", name)
        self.button("Create").click()
        expect(self.card("Campaign")).to_contain_text(f"Made “{name}”, a draft.")

    def add(self, name: str, role: str = "Include") -> None:
        self.page.get_by_label("Which", exact=True).select_option(label=name)
        self.button(role).click()
        expect(self.card("Recipient (To)")).to_contain_text(f"Added “{name}”")

    def issue(self, words: str) -> Locator:
        return self.page.locator(".sbp-issue").filter(has_text=words)

    def counted(self) -> None:
        expect(self.page.locator(".sbp-stale")).to_have_count(0)


@pytest.fixture(scope="module")
def desk(chromium: Browser, server: Server) -> Iterator[Desk]:
    with watched_page(chromium) as page:
        yield Desk(page, server.address)


def test_a_campaign_is_made_mended_and_handed_off_and_its_export_is_there(
    desk: Desk, server: Server, tmp_path: Path
) -> None:
    desk.create("Spring sale")
    desk.add("Customers")
    desk.add("Compliant in DACH")
    desk.add("Lapsed buyers", "Exclude")
    for label, text in {
        "Subject": "Hello {{ first_name }}",
        "Sender name": "Ada",
        "Sender address": "ada@example.com",
    }.items():
        desk.type(label, text)
    expect(desk.issue("The message is missing.")).to_be_visible()
    desk.issue("The message is missing.").get_by_role("button", name="Go there").click()
    expect(desk.page.get_by_label("Message", exact=True)).to_be_focused()
    desk.type("Message", "Dear {{ first_name|friend }}")
    expect(desk.issue("The message is missing.")).to_have_count(0)
    lacking = desk.issue("have no first_name")
    expect(lacking).to_contain_text("Look at it")
    lacking.get_by_role("button", name="Go there").click()
    expect(desk.page.get_by_label("Fallbacks", exact=True)).to_be_focused()
    desk.type("Fallbacks", "first_name=friend")
    expect(desk.issue("get the fallback for first_name")).to_be_visible()

    desk.button("Review and Send").click()
    expect(desk.card("Review and Send")).to_contain_text("Save the campaign first")
    desk.button("Save").click()
    expect(desk.card("Campaign")).to_contain_text("Saved “Spring sale”.")
    with Workbench.open(server.workspace) as workbench:
        campaign = workbench.library.campaign("Spring sale")
        audience = find_audience(workbench, campaign.recipe)
    assert campaign.recipients == ("Customers", "Compliant in DACH")
    count = len(audience.final)
    assert 0 < count < len(audience.chosen.targeted) < len(audience.chosen.matching)
    desk.counted()
    rows = desk.card("Recipients").locator(".sbp-ladder tbody tr")
    assert [text for text in rows.last.inner_text().split("\t") if text.strip()][-1] == f"{count:,}"
    taken = {rung.label: rung.taken for rung in audience.ladder.rungs if rung.taken}
    for label, number in taken.items():
        expect(rows.filter(has_text=label.capitalize())).to_contain_text(f"−{number:,}")

    desk.button("Review and Send").click()
    question = desk.page.locator(".sbp-question")
    expect(question).to_contain_text(f"Hand off {count:,} recipients of “Customers + 1 more”")
    expect(question).to_contain_text(f"{len(audience.chosen.excluded):,} are excluded")
    expect(question).to_contain_text("Not to “Lapsed buyers”")
    desk.button(f"Hand off {count:,} recipients").click()
    expect(desk.card("Campaign")).to_contain_text("“Spring sale”: handed off")
    with desk.page.expect_download() as download:
        desk.card("Exports").get_by_role("link", name="Download ZIP").click()
    download.value.save_as(tmp_path / "export.zip")
    with ZipFile(tmp_path / "export.zip") as packed:
        lines = packed.read("recipients.csv").decode().splitlines()
        assert "manifest.json" in packed.namelist()
    assert len(lines) == count + 1
    assert '"claimed_by"' in lines[0]
    expect(desk.page.get_by_label("Subject", exact=True)).to_be_disabled()


def test_sources_are_put_in_order_and_built_in_place_with_the_whole_builder(desk: Desk) -> None:
    desk.create("Built")
    desk.add("Customers")
    desk.add("Lapsed buyers")
    desk.page.get_by_title("Up: Lapsed buyers").click()
    sources = desk.page.locator(".sbp-source")
    expect(sources.first).to_contain_text("1. Lapsed buyers")
    desk.page.get_by_title("Remove: Customers").click()
    expect(sources).to_have_count(1)
    desk.button("Build segments").click()
    add = desk.page.locator(".sb-builder").get_by_role("button", name=re.compile("^Add filter$"))
    add.last.click()
    picker = desk.page.get_by_role("dialog", name="Choose a filter")
    picker.get_by_role("combobox").fill("Country")
    picker.get_by_role("option").first.click()
    values = desk.page.locator(".sb-builder").get_by_label("Values, row 1", exact=True)
    values.fill("DE")
    values.press("Enter")
    values.press("Escape")
    desk.type("Name of what is built", "Germans")
    desk.button("Include what is built").click()
    expect(sources.nth(1)).to_contain_text("2. Germans")
    expect(sources.nth(1)).to_contain_text("built here")
    expect(sources.nth(1)).to_contain_text("claims")
    desk.page.get_by_title("Edit: Germans").click()
    expect(desk.page.locator(".sb-builder .sb-row")).to_have_count(1)
    desk.button("Close").click()
    desk.button("Save").click()
    expect(desk.card("Campaign")).to_contain_text("Saved “Built”.")


def test_a_split_is_sized_and_a_second_editor_is_told_what_the_first_one_changed(
    desk: Desk, server: Server
) -> None:
    desk.create("Tested")
    desk.add("Customers")
    desk.type("Groups in per cent", "A=45, B=45, hold-out=10")
    expect(desk.card("Recipients")).to_contain_text("Group hold-out")
    desk.type("Baseline rate, %", "50")
    desk.type("Rise to see, %", "25")
    expect(desk.card("Split")).to_contain_text("need 58 contacts each")
    desk.button("Save").click()
    expect(desk.card("Campaign")).to_contain_text("Saved “Tested”.")
    with Workbench.open(server.workspace) as workbench:
        known = workbench.library.campaign("Tested").settings
        theirs = CampaignChange(settings=replace(known, subject="Theirs"))
        workbench.library.mailings.change("Tested", theirs, workbench.clock(), "Bob")
    desk.type("Subject", "Mine")
    desk.button("Save").click()
    expect(desk.card("Campaign")).to_contain_text("Bob changed subject at")
    expect(desk.page.get_by_label("Subject", exact=True)).to_have_value("Mine")


def test_the_page_is_accessible_and_fits_a_phone(desk: Desk) -> None:
    desk.counted()
    found = Axe().run(desk.page, options=WCAG)
    serious = [
        (v["id"], v["nodes"][0]["html"])
        for v in found.response["violations"]
        if v["impact"] in ("serious", "critical")
    ]
    assert serious == []
    desk.page.set_viewport_size({"width": 390, "height": 844})
    desk.page.wait_for_timeout(300)
    assert desk.page.evaluate(TOO_WIDE) <= 0
    desk.page.set_viewport_size({"width": 1280, "height": 900})
