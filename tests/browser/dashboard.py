"""The dashboard as its user sees it: what can be pressed, and what can be read."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

SLOW = 60_000


class Dashboard:
    """A page with the audience dashboard."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        page.set_default_timeout(20_000)
        # Generous: the server, its kernels and the browser share two cores.
        expect.set_options(timeout=SLOW)
        page.goto(address, wait_until="commit", timeout=SLOW)
        self.ready()

    def ready(self) -> None:
        """Wait until the builder is there."""
        self.page.wait_for_selector(".sb-builder .sb-foot", timeout=SLOW)

    def reload(self) -> None:
        """Load the page anew."""
        self.page.reload(wait_until="commit", timeout=SLOW)
        self.ready()

    def writing(self, form: str) -> Locator:
        """The editor of the rules in writing, unfolded, with that form."""
        folded = self.page.locator(".sbw:not([open]) > summary")
        if folded.count():
            folded.click()
        self.page.get_by_role("radio", name=form, exact=True).check(force=True)
        return self.page.get_by_role("textbox", name=re.compile(f"^The rules as {form}"))

    def import_file(self, path: Path, text: str) -> None:
        """Import a file with that text."""
        path.write_text(text, "utf-8")
        self.page.get_by_label("Segment file").set_input_files(path)

    def button(self, name: str) -> Locator:
        """The button of that name, in the builder or around it."""
        return self.page.get_by_role("button", name=name, exact=True)

    def named(self, name: str) -> Locator:
        """The control of that name in the builder."""
        return self.page.locator(".sb-builder").get_by_label(name, exact=True)

    def card(self, title: str) -> Locator:
        """The card under that heading."""
        heading = self.page.get_by_role("heading", name=title, exact=True)
        return self.page.locator(".sbp-card").filter(has=heading)

    def field_under(self, card: str, label: str) -> Locator:
        """The input under a label of a card."""
        return self.card(card).get_by_label(label, exact=True)

    def begin(self) -> None:
        """Start with an empty segment."""
        self.button("New").click()
        expect(self.page.locator(".sb-row")).to_have_count(0)

    def add(self, subject: str, group: str = "") -> None:
        """Add a row about a subject, by typing its name into the picker."""
        where = f" to group {group}" if group else ""
        add = self.page.locator(".sb-builder").get_by_role(
            "button", name=re.compile(f"^Add filter{where}$")
        )
        add.last.click()
        self.choose(subject)

    def choose(self, subject: str) -> None:
        """Choose a subject in the open picker."""
        picker = self.page.get_by_role("dialog", name="Choose a filter")
        picker.get_by_role("combobox").fill(subject)
        picker.get_by_role("option").first.click()
        expect(picker).to_have_count(0)

    def values(self, where: str, noun: str, *values: str) -> None:
        """Type values into the chips of a row."""
        box = self.named(f"{noun}, {where}")
        for value in values:
            box.fill(value)
            box.press("Enter")
        box.press("Escape")

    def total(self) -> int:
        """The big number, once it is settled."""
        self.settle()
        return whole(self.page.locator(".sb-builder .sb-big").inner_text())

    def alone(self, row: int) -> int:
        """What a row holds by itself."""
        numbers = self.page.locator(".sb-builder .sb-row .sb-alone > span:first-child")
        return whole(numbers.nth(row - 1).inner_text().split()[0])

    def settle(self) -> None:
        """Wait until nothing is being counted."""
        expect(self.page.locator(".sb-builder .sb-updating:not(.sb-hidden)")).to_have_count(0)

    def sentence(self) -> str:
        """The segment in words."""
        return self.page.locator(".sb-builder .sb-words").inner_text()


def whole(text: str) -> int:
    """A number with thousands separators."""
    return int(re.sub(r"[^\d]", "", text))
