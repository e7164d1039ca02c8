"""docs/ux.md: the builder in a real JupyterLab."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import workbenches
from lab import serving_lab, write_notebook
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser
CELLS = ".jp-Notebook .jp-Cell"
CONTROLS = ".sb-builder :is(button, input, select, textarea):visible"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """A JupyterLab: its folder and its address."""
    folder = tmp_path_factory.mktemp("lab")
    with serving_lab(folder) as address:
        yield folder, address


@pytest.fixture
def lab(
    chromium: Browser, server: tuple[Path, str], request: pytest.FixtureRequest
) -> Iterator[Page]:
    """A notebook, its first cell run."""
    folder, address = server
    name = f"{request.node.name}.ipynb"
    write_notebook(folder / name, workbenches.filled())
    context = chromium.new_context(viewport={"width": 1440, "height": 1000}, locale="en-US")
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.goto(f"{address}/workspaces/{request.node.name}/tree/{name}")
    page.wait_for_selector(CELLS)
    expect(page.get_by_text("Python 3 (ipykernel) | Idle")).to_be_visible(timeout=60_000)
    page.locator(".jp-CodeCell").first.click()
    page.keyboard.press("Shift+Enter")
    page.wait_for_selector(".sb-row")
    expect(page.locator(CELLS)).to_have_count(3)
    yield page
    context.close()


def press_everywhere(page: Page, *keys: str) -> None:
    """Press the keys on every control of the builder that is there."""
    ids = page.locator(CONTROLS).evaluate_all("all => all.map((el) => el.dataset.id)")
    assert len(ids) > 25
    for id in ids:
        page.evaluate("id => document.querySelector(`[data-id='${id}']`)?.focus()", id)
        for key in keys:
            page.keyboard.press(key)


def test_ux_38_undo_in_the_builder_brings_no_deleted_cell_back(lab: Page) -> None:
    lab.locator(".jp-CodeCell").last.locator(".jp-InputPrompt").click()
    lab.keyboard.press("d")
    lab.keyboard.press("d")
    expect(lab.locator(CELLS)).to_have_count(2)
    press_everywhere(lab, "Control+z")
    lab.wait_for_timeout(300)
    assert lab.locator(CELLS).count() == 2
    lab.locator(".jp-CodeCell").last.locator(".jp-InputPrompt").click()
    lab.keyboard.press("z")
    expect(lab.locator(CELLS)).to_have_count(3)


def test_ux_67_letters_in_the_builder_leave_the_notebook_as_it_is(lab: Page) -> None:
    sources = "all => all.map((cell) => cell.textContent)"
    before = lab.locator(".jp-InputArea-editor").evaluate_all(sources)
    press_everywhere(lab, "a", "b", "d", "d", "x", "z", "m", "y", "Escape")
    lab.wait_for_timeout(300)
    assert lab.locator(CELLS).count() == 3
    assert lab.locator(".jp-CodeCell").count() == 3
    assert lab.locator(".jp-InputArea-editor").evaluate_all(sources) == before


def test_a_row_is_dragged_in_a_notebook(lab: Page) -> None:
    handle = lab.get_by_label("Select or drag, row 1", exact=True)
    handle.scroll_into_view_if_needed()
    start, end = handle.bounding_box(), lab.get_by_label("Row 3.1", exact=True).bounding_box()
    assert start
    assert end
    lab.mouse.move(start["x"] + 12, start["y"] + 12)
    lab.mouse.down()
    lab.mouse.move(start["x"] + 20, start["y"] + 40)
    lab.mouse.move(end["x"] + 60, end["y"] + end["height"] - 3, steps=3)
    expect(lab.locator("[data-drop]")).to_have_attribute("aria-label", "Group 3")
    lab.mouse.up()
    moved = lab.get_by_role("button", name="Subject, row 2.2: Country")
    expect(moved).to_be_visible()
