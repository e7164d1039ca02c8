"""The builder in a browser, for the tests of what it draws and sends."""

from __future__ import annotations

from collections.abc import Iterator

import harness as h
import pytest
from bench import Bench
from live import Live
from playwright.sync_api import Page


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """Where the builder is served."""
    with h.serving() as address:
        yield address


@pytest.fixture
def bench(page: Page, address: str) -> Bench:
    """A page that is ready to draw."""
    page.goto(address)
    page.wait_for_function("window.ready")
    return Bench(page)


@pytest.fixture
def live(page: Page, address: str) -> Iterator[Live]:
    """A page over a real session."""
    page.goto(address)
    page.wait_for_function("window.ready")
    live = Live(page)
    yield live
    live.session.close()
