"""docs/ux.md: what a page does whose kernel no longer answers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from segbench.ui.presence import Presence

pytestmark = pytest.mark.browser

START = """async (source) => {
    document.body.innerHTML =
        "<div class=sbp-page><div id=el></div><div><input id=name></div></div>";
    const { default: widget } = await import(URL.createObjectURL(
        new Blob([source], { type: "text/javascript" })));
    const listeners = {};
    window.kernel = { alive: true, pings: 0 };
    const model = {
        get: () => "",
        on: (name, act) => (listeners[name] = act),
        off: (name) => delete listeners[name],
        send: (message) => {
            if (!message.ping) return;
            kernel.pings += 1;
            if (kernel.alive) listeners["msg:custom"]({ pong: true });
        },
    };
    window.leave = widget.render({ model, el: document.getElementById("el") });
}"""


@pytest.fixture
def beating(page: Page, address: str) -> Iterator[Page]:
    """A page with the heartbeat, at a clock of its own."""
    page.clock.install()
    page.goto(address)
    page.evaluate(START, Presence._esm)
    yield page
    page.evaluate("leave()")


def test_ux_75_a_gone_kernel_is_told_within_ten_seconds_of_the_pages_clock(beating: Page) -> None:
    alert = beating.get_by_role("alert")
    beating.clock.run_for(60_000)
    assert beating.evaluate("kernel.pings") >= 29
    expect(alert).to_be_hidden()
    beating.evaluate("kernel.alive = false")
    beating.clock.run_for(10_000)
    expect(alert).to_contain_text("The kernel does not answer")
    expect(alert.get_by_role("button", name="Reload")).to_be_visible()
    assert beating.evaluate("document.getElementById('name').closest('[inert]') !== null")


def test_a_kernel_that_answers_again_is_used_again(beating: Page) -> None:
    beating.evaluate("kernel.alive = false")
    beating.clock.run_for(20_000)
    expect(beating.get_by_role("alert")).to_be_visible()
    beating.evaluate("kernel.alive = true")
    beating.clock.run_for(2_000)
    expect(beating.get_by_role("alert")).to_be_hidden()
    assert beating.locator("[inert]").count() == 0


def test_a_page_that_slept_does_not_take_its_kernel_for_dead(beating: Page) -> None:
    beating.clock.fast_forward(3_600_000)
    expect(beating.get_by_role("alert")).to_be_hidden()
