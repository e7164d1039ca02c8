"""What `benchmarks/screen.py` measures is there: a random run of edits, each with its new numbers.

How long each takes is for the benchmark to say: machines and moments differ.
"""

from __future__ import annotations

import importlib.util
import random
from pathlib import Path
from types import ModuleType

import pytest
from playwright.sync_api import Page
from served import Server

from segbench.model.ask import did, field
from segbench.ui.address import kept_in
from segbench.workbench.workbench import Workbench

SCRIPT = Path(__file__).resolve().parents[2] / "benchmarks" / "screen.py"
EDITS = 25
ROWS = (
    field("country").is_any_of("DE", "AT", "CH", "US")
    & (field("lead_score") >= 20)
    & did("email_opened").at_least(1).within(days=90)
    & (field("plan").is_not_empty() | did("order_placed").within(days=180))
)

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def screen() -> ModuleType:
    spec = importlib.util.spec_from_file_location("benchmark_of_the_screen", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_random_run_of_edits_brings_the_right_numbers_to_the_screen(
    screen: ModuleType, voila: Server, page: Page
) -> None:
    assert screen.show(page, voila.address, ROWS) > 0
    taken = screen.edit(page, EDITS, random.Random(7))
    # A switch can leave every number as it was.
    assert len(taken) > EDITS / 2
    assert all(0 < each < 60_000 for each in taken)
    page.wait_for_function("location.hash.startsWith('#segment=')")
    page.wait_for_timeout(1_000)
    kept = kept_in(page.evaluate("location.hash").removeprefix("#segment="))
    assert kept.tree != ROWS
    with Workbench.open(voila.workspace) as workbench:
        count = workbench.count(kept.tree)
    assert page.locator(".sb-builder .sb-big").inner_text().replace(",", "") == str(count)
