"""The card “Explore” as its user sees it."""

from __future__ import annotations

import re

from axe_playwright_python.sync_playwright import Axe
from dashboard import Dashboard
from playwright.sync_api import Locator, expect

WCAG = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}
HEIGHT = 1_400
"""Pixels of a window that shows the whole card."""


def opened(board: Dashboard, view: str) -> Locator:
    """The card with that view open."""
    card = board.card("Explore")
    tab = card.locator(".widget-toggle-button", has_text=re.compile(f"^{view}$"))
    if "mod-active" not in str(tab.get_attribute("class")):
        tab.click()
    return card


def axe_faults(board: Dashboard) -> str:
    """What axe has to say of the page; empty where all is well."""
    # plotly.js says for a few seconds, in its own colours, that a picture was saved.
    expect(board.page.locator(".notifier-note")).to_have_count(0)
    result = Axe().run(board.page, options=WCAG)
    return str(result.generate_report()) if result.violations_count else ""
