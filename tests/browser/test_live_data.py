"""Open dashboards follow the lake, in a real Chromium against a real Voilà."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from dashboard import Dashboard, whole
from playwright.sync_api import Page, expect
from served import Server

from segbench.model.ask import field
from segbench.workbench.workbench import Workbench

pytestmark = pytest.mark.browser


def import_contacts(server: Server, folder: Path, name: str, germans: int, others: int) -> None:
    """Have another process bring new contacts into the lake."""
    file = folder / f"{name}.csv"
    countries = ["DE"] * germans + ["AT"] * others
    rows = [f"{name}-{number},{country}\n" for number, country in enumerate(countries)]
    file.write_text("key,country\n" + "".join(rows), "utf-8")
    words = ["import", "--workspace", str(server.workspace), "--contacts", str(file)]
    run = [sys.executable, "-c", "from segbench.cli import main; main()", *words]
    subprocess.run(run, check=True, timeout=120)


def contacts_said(board: Dashboard) -> int:
    return whole(board.page.locator(".sbp-head p").first.inner_text().split(" contacts")[0])


def test_open_dashboards_move_on_with_the_lake_and_disturb_nobody(
    page: Page, voila: Server, tmp_path: Path
) -> None:
    board = Dashboard(page, voila.address)
    other = Dashboard(page.context.new_page(), voila.address)
    for each in (board, other):
        each.add("Country")
        each.values("row 1", "Values", "DE")
    segment, total = board.total(), contacts_said(board)
    board.add("Lead score")
    box = board.named("Value, row 2")
    box.press_sequentially("1")
    box.evaluate("input => { window.typed = input }")
    box.press_sequentially("2")

    import_contacts(voila, tmp_path, "arrived", germans=5, others=32)
    for each in (board, other):
        expect(each.page.locator(".sbp-head")).to_contain_text(f"{total + 37:,} contacts")
        expect(each.page.locator(".sbp-news")).to_contain_text("+37 contacts")
    expect(other.page.locator(".sbp-news")).to_contain_text("this segment +5")
    expect(other.page.locator(".sb-big")).to_have_text(f"{segment + 5:,}")
    expect(other.page.locator(".sb-builder [role=status]").last).to_contain_text("+37 contacts")
    with Workbench.open(voila.workspace) as workbench:
        assert workbench.count(field("country").is_any_of("DE")) == segment + 5

    assert page.evaluate("window.typed === document.activeElement")
    box.press_sequentially("3")
    expect(box).to_have_value("123")


def test_without_following_newer_data_waits_for_a_press(
    page: Page, voila: Server, tmp_path: Path
) -> None:
    board = Dashboard(page, voila.address)
    with Workbench.open(voila.workspace) as workbench:
        total = workbench.contacts_total
    # A kernel that was made beforehand moves on first to what the tests before imported.
    expect(board.page.locator(".sbp-head")).to_contain_text(f"{total:,} contacts")
    board.page.get_by_label("Follow new data").uncheck()
    import_contacts(voila, tmp_path, "waiting", germans=1, others=2)
    board.button("Newer data available: update").click()
    expect(board.page.locator(".sbp-head")).to_contain_text(f"{total + 3:,} contacts")
    expect(board.button("Newer data available: update")).to_be_hidden()


BLOCKED = """
const make = URL.createObjectURL;
URL.createObjectURL = (blob) => {
  const start = performance.now();
  if (blob.type === "text/javascript") while (performance.now() - start < 2500);
  return make.call(URL, blob);
};
"""


def test_a_page_that_is_busy_while_it_opens_hears_from_its_kernel_all_the_same(
    page: Page, voila: Server
) -> None:
    page.add_init_script(BLOCKED)
    board = Dashboard(page, voila.address)
    board.add("Country")
    board.values("row 1", "Values", "DE")
    expect(board.page.locator(".sb-big")).not_to_have_text("0")
