"""One Chromium for all browser tests, and pages that fail when anything went wrong on them."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Error, Page, sync_playwright

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Chromium, from `$CHROME` or the usual place; without one the test is skipped, in CI fails."""
    usual = map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))
    path = os.environ.get("CHROME") or next(filter(None, usual), "/usr/bin/chromium")
    if not os.path.exists(path):
        message = f"There is no Chromium at {path}: install it, or set CHROME to its path."
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


HOSTS = (
    *(f"{scheme}://{host}:" for scheme in ("http", "ws") for host in ("127.0.0.1", "localhost")),
    *("data:", "blob:"),
)
"""What addresses on this machine start with."""


@contextmanager
def watched_page(chromium: Browser, height: int = 900) -> Iterator[Page]:
    """A fresh page; fails in the end if it logged an error or asked any other machine."""
    context = chromium.new_context(viewport={"width": 1280, "height": height}, locale="en-US")
    page = context.new_page()
    page.set_default_timeout(5_000)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(f"exception: {error}"))
    page.on(
        "console",
        lambda m: (
            m.type == "error" and faults.append(f"console: {m.text} {m.location.get('url', '')}")
        ),
    )
    page.on("request", lambda r: r.url.startswith(HOSTS) or faults.append(f"request: {r.url}"))
    yield page
    leave(page)
    context.close()
    # Voilà refuses, now and then, the farewell of a page that is left.
    faults = [fault for fault in faults if "/voila/api/shutdown/" not in fault]
    assert faults == [], faults


def leave(page: Page) -> None:
    """Leave a page as its user would: its kernel ends, where a closed context lets it live on."""
    if not page.is_closed():
        with contextlib.suppress(Error):
            page.goto("about:blank")


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A fresh page; the test fails if it logs an error or asks any other machine for something."""
    with watched_page(chromium) as page:
        yield page
