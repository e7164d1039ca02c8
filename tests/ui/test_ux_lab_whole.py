"""docs/ux.md: the builder in JupyterLab: access, dark, models, runs, what is saved."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import workbenches
from axe_playwright_python.sync_playwright import Axe
from lab import serving_lab, write_notebook
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser

WCAG = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}
MODELS = """
import comm
from ipywidgets.widgets.widget import _instances

print("models", len(_instances), "comms", len(comm.get_comm_manager().comms))
"""
TWENTY = """
scores = tuple(field("lead_score").at_least(number) for number in range(12))
countries = tuple(field("country").is_any_of(f"C{number}", "DE") for number in range(8))
session.show(Group(rules=(*scores, Group("or", countries))))
"""
SHOW = "workbench.show(workbench.segment('Shown', 'tag is \"VIP\"'))"
LARGEST = 200_000


@pytest.fixture(scope="module")
def lab(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Page, Path]]:
    """A notebook in a JupyterLab, its first cell run, and its file."""
    folder = tmp_path_factory.mktemp("whole-lab")
    path = folder / "whole.ipynb"
    write_notebook(path, workbenches.filled(), MODELS, TWENTY, SHOW)
    with serving_lab(folder) as address:
        context = chromium.new_context(viewport={"width": 1440, "height": 1000}, locale="en-US")
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.goto(f"{address}/workspaces/whole/tree/{path.name}")
        page.wait_for_selector(".jp-Notebook .jp-Cell")
        expect(page.get_by_text("Python 3 (ipykernel) | Idle")).to_be_visible(timeout=60_000)
        run(page, 0)
        page.wait_for_selector(".sb-row")
        yield page, path
        context.close()


def run(page: Page, cell: int) -> None:
    """Run one cell."""
    page.locator(".jp-CodeCell").nth(cell).locator(".jp-InputPrompt").click()
    page.keyboard.press("Shift+Enter")


def command(page: Page, name: str, **arguments: str) -> None:
    """Have JupyterLab do one of its commands."""
    page.evaluate("([name, args]) => jupyterapp.commands.execute(name, args)", [name, arguments])


def models(page: Page) -> str:
    """How many models of widgets and comms the kernel has."""
    shown = page.locator(".jp-CodeCell").nth(1).locator(".jp-OutputArea-output")
    run(page, 1)
    expect(page.get_by_text("Python 3 (ipykernel) | Idle")).to_be_visible()
    expect(shown).to_contain_text("models")
    return shown.inner_text()


def faults(page: Page) -> str:
    found = Axe().run(page, context=".sb-builder", options=WCAG)
    return found.generate_report() if found.violations_count else ""


def test_ux_64_axe_finds_nothing_in_a_notebook_empty_and_with_twenty_rows(
    lab: tuple[Page, Path],
) -> None:
    page, _ = lab
    page.get_by_role("button", name="Clear").click()
    expect(page.locator(".sb-row")).to_have_count(0)
    assert faults(page) == ""
    run(page, 2)
    expect(page.locator(".sb-row")).to_have_count(20)
    expect(page.locator(".sb-waiting")).to_have_count(0)
    assert faults(page) == ""


def test_ux_72_the_dark_theme_of_a_notebook_has_contrast(lab: tuple[Page, Path]) -> None:
    page, _ = lab
    run(page, 2)
    expect(page.locator(".sb-row")).to_have_count(20)
    command(page, "apputils:change-theme", theme="JupyterLab Dark")
    expect(page.locator(".sb-builder.sb-dark")).to_have_count(1)
    assert faults(page) == ""
    command(page, "apputils:change-theme", theme="JupyterLab Light")
    expect(page.locator(".sb-builder.sb-dark")).to_have_count(0)


def test_ux_74_fifty_rows_that_come_and_go_leave_no_models_and_no_comms(
    lab: tuple[Page, Path],
) -> None:
    page, _ = lab
    page.get_by_role("button", name="Clear").click()
    rows = page.locator(".sb-row")
    expect(rows).to_have_count(0)
    before = models(page)
    for number in range(1, 51):
        page.get_by_role("button", name="Add filter", exact=True).last.click()
        expect(rows).to_have_count(number)
    assert models(page) == before
    for number in range(50, 0, -1):
        page.get_by_role("button", name=f"Delete row {number}", exact=True).click()
        expect(rows).to_have_count(number - 1)
    assert models(page) == before


def test_ux_79_a_notebook_that_is_run_twice_has_one_builder_that_works(
    lab: tuple[Page, Path],
) -> None:
    page, _ = lab
    for _round in range(2):
        command(page, "notebook:run-all-cells")
        expect(page.locator(".sbp-page .sb-row")).to_have_count(1)
        expect(page.get_by_text("Python 3 (ipykernel) | Idle")).to_be_visible()
    expect(page.locator(".sbp-page .sb-builder")).to_have_count(1)
    total = page.locator(".sbp-page .sb-big")
    expect(total).not_to_have_text("…")
    before = total.inner_text()
    page.locator(".sbp-page").get_by_role("button", name="NOT, row 1", exact=True).click()
    expect(total).not_to_have_text(before)
    assert page.locator(".jp-OutputArea-output[data-mime-type*=error]").count() == 0


def test_ux_80_a_saved_notebook_stays_small(lab: tuple[Page, Path]) -> None:
    page, path = lab
    command(page, "notebook:run-all-cells")
    expect(page.locator(".sbp-page .sb-row")).to_have_count(1)
    expect(page.get_by_text("Python 3 (ipykernel) | Idle")).to_be_visible()
    command(page, "docmanager:save")
    page.wait_for_function("!document.querySelector('.jp-mod-dirty')")
    saved = path.read_text("utf-8")
    kept = json.loads(saved)
    outputs = [output for cell in kept["cells"] for output in cell["outputs"]]
    assert any("application/vnd.jupyter.widget-view+json" in o.get("data", {}) for o in outputs)
    assert "widgets" not in kept["metadata"]
    assert len(saved.encode()) < LARGEST
