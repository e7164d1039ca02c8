"""docs/ux.md: saving, importing, copying and coming back to a segment, in a real Voilà."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from chromium import watched_page
from dashboard import Dashboard
from playwright.sync_api import Browser, expect
from served import Server

from segbench.model.ask import field, tag
from segbench.model.codec import from_json, to_json
from segbench.model.rules import Group
from segbench.model.segment import Segment
from segbench.workbench.workbench import Workbench

pytestmark = pytest.mark.browser

DACH = field("country").is_any_of("DE", "AT")


@pytest.fixture(scope="module")
def opened(chromium: Browser, voila: Server) -> Iterator[Dashboard]:
    """One page for all tests of this file."""
    with watched_page(chromium) as page:
        yield Dashboard(page, voila.address)


@pytest.fixture
def board(opened: Dashboard) -> Dashboard:
    """That page, with an empty segment."""
    opened.begin()
    return opened


def two_rows(board: Dashboard) -> Group:
    board.add("Country")
    board.values("row 1", "Values", "DE", "AT")
    board.add("Tags")
    board.values("row 2", "Tags", "compliant")
    board.settle()
    return Group(rules=(DACH, tag("compliant")))


def said(board: Dashboard, text: str) -> None:
    expect(board.card("Segment")).to_contain_text(text)


def test_ux_39_what_is_not_saved_is_marked_and_asked_about_before_it_goes(
    board: Dashboard,
) -> None:
    two_rows(board)
    said(board, "not saved yet")
    board.field_under("Segment", "Name").fill("Kept by name")
    board.button("Save").click()
    said(board, "“Kept by name”: saved")
    saved = board.total()
    board.named("NOT, row 2").click()
    said(board, "“Kept by name”: changed since it was saved")
    changed = board.total()
    assert changed != saved
    board.field_under("Segment", "Saved segments").select_option("Customers")
    board.button("Open").click()
    said(board, "There are unsaved changes.")
    assert board.total() == changed
    board.button("Open").click()
    said(board, "“Customers”: saved")
    expect(board.page.locator(".sb-row")).to_have_count(1)
    board.field_under("Segment", "Saved segments").select_option("Kept by name")
    board.button("Open").click()
    said(board, "“Kept by name”: saved")
    assert board.total() == saved


def test_ux_40_a_segment_goes_out_as_json_and_comes_back_and_bad_json_names_the_place(
    board: Dashboard, tmp_path: Path
) -> None:
    tree = two_rows(board)
    board.field_under("Segment", "Name").fill("Travelling")
    editor = board.writing("JSON")
    with board.page.expect_download() as download:
        board.button("Download").click()
    assert download.value.suggested_filename == "Travelling.json"
    file = Path(download.value.path())
    assert from_json(file.read_text("utf-8")) == Segment("Travelling", tree)

    board.begin()
    board.import_file(tmp_path / "back.json", file.read_text("utf-8"))
    expect(board.page.locator(".sb-row")).to_have_count(2)
    said(board, "Imported “Travelling”: not saved yet.")
    expect(board.field_under("Segment", "Name")).to_have_value("Travelling")
    total = board.total()

    wrong = to_json(Segment("Wrong", tree)).replace('"is_any_of"', '"is_any_of",,')
    board.import_file(tmp_path / "wrong.json", wrong)
    line = next(n for n, text in enumerate(wrong.splitlines(), 1) if ",," in text)
    problem = board.page.locator(".sbw-problem")
    expect(problem).to_contain_text(f"Line {line}, column")
    expect(problem).to_contain_text("The rows stay as they are.")
    expect(board.page.locator(".sbw-back mark")).to_have_text(",")
    unknown = to_json(Segment("Wrong", tree)).replace('"tag"', '"spell"')
    editor.fill(unknown)
    board.button("Import this JSON").click()
    expect(problem).to_contain_text(re.compile(r"Line \d+, column \d+: .*spell"))
    expect(board.page.locator(".sb-row")).to_have_count(2)
    assert board.total() == total
    board.button("Back to the rows").click()
    expect(problem).to_be_empty()
    assert from_json(editor.input_value()).group == tree


def test_an_import_asks_before_unsaved_changes_go(board: Dashboard, tmp_path: Path) -> None:
    two_rows(board)
    board.writing("Text")
    board.import_file(tmp_path / "other.txt", 'tag is "compliant"')
    expect(board.page.locator(".sbw-problem")).to_contain_text("There are unsaved changes.")
    expect(board.page.locator(".sb-row")).to_have_count(2)
    board.button("Import it").click()
    expect(board.page.locator(".sb-row")).to_have_count(1)
    said(board, "Imported “other”: not saved yet.")
    board.button("Undo").click()
    expect(board.page.locator(".sb-row")).to_have_count(2)


def test_ux_41_sql_and_python_that_are_copied_give_the_contacts_of_the_screen(
    board: Dashboard, voila: Server
) -> None:
    two_rows(board)
    board.add("Lead score")
    total = board.total()
    board.page.context.grant_permissions(["clipboard-read", "clipboard-write"])

    def copied(form: str, holds: str) -> str:
        editor = board.writing(form)
        expect(editor).to_have_value(re.compile(holds))
        board.button("Copy").click()
        expect(board.page.locator(".sbw-live")).to_have_text(f"{form} copied.")
        text: str = board.page.evaluate("navigator.clipboard.readText()")
        assert text == editor.input_value()
        return text

    with Workbench.open(voila.workspace) as workbench:
        expected = set(workbench.contacts(DACH & tag("compliant"), ["key"])["key"])
        found = {key for (key,) in workbench.engine.snapshot.rows(copied("SQL", "SELECT"))}
    assert found == expected
    assert len(found) == total
    named: dict[str, Any] = {}
    exec(copied("Python", "import segbench"), named)
    assert set(named["contacts"]["key"]) == expected
    named["workbench"].close()
    board.page.get_by_label("Dialect of the SQL").or_(board.writing("SQL")).first.wait_for()
    board.page.get_by_label("Dialect of the SQL").select_option("bigquery")
    expect(board.writing("SQL")).to_have_value(re.compile("`contacts`"))


def test_the_text_and_the_rows_stay_in_step(board: Dashboard) -> None:
    two_rows(board)
    editor = board.writing("Text")
    expect(editor).to_have_value('country is any of ("DE", "AT") and tag is "compliant"\n')
    total = board.total()
    editor.fill('country is any of ("DE", "AT")\nand tag iss "compliant"')
    problem = board.page.locator(".sbw-problem")
    expect(problem).to_contain_text("Line 2, column 9: found “iss”")
    expect(board.page.locator(".sbw-back mark")).to_have_text("iss")
    expect(board.page.locator(".sb-row")).to_have_count(2)
    assert board.total() == total
    board.button("Show the place").click()
    selected = "el => el.value.slice(el.selectionStart, el.selectionEnd)"
    assert editor.evaluate(selected) == "iss"
    board.page.keyboard.type("is")
    expect(problem).to_be_empty()
    board.page.keyboard.press("End")
    board.page.keyboard.type("  and not tag is VIP")
    expect(problem).to_contain_text("Line 2")
    for _ in "VIP":
        board.page.keyboard.press("Backspace")
    board.page.keyboard.type('"VIP"  # as agreed')
    expect(board.page.locator(".sb-row")).to_have_count(3)
    expect(board.named("NOT, row 3")).to_have_attribute("aria-pressed", "true")
    # What is being typed stays as it is; once it is left, it is what the rows would be written as.
    assert editor.input_value().endswith('"VIP"  # as agreed')
    board.named("NOT, row 3").click()
    expect(editor).to_have_value(re.compile(r'and tag is "VIP"\n$'))
    board.button("Undo").click()
    board.button("Undo").click()
    expect(board.page.locator(".sb-row")).to_have_count(2)
    expect(editor).to_have_value('country is any of ("DE", "AT") and tag is "compliant"\n')


def test_the_text_changes_nothing_that_is_locked(board: Dashboard) -> None:
    two_rows(board)
    board.named("Locked, row 1").click()
    editor = board.writing("Text")
    expect(editor).to_have_value(re.compile("locked"))
    editor.fill('tag is "compliant"')
    problem = board.page.locator(".sbw-problem")
    expect(problem).to_contain_text("Row 1 is locked: unlock it before you change it.")
    expect(board.page.locator(".sb-row")).to_have_count(2)
    board.button("Back to the rows").click()
    board.named("Locked, row 1").click()
    expect(editor).not_to_have_value(re.compile("locked"))


def settled(board: Dashboard, earlier: str) -> str:
    """The page's address once it has changed and then stayed the same for a second."""
    last, now = earlier, str(board.page.evaluate("location.hash"))
    while now != last or now == earlier:
        board.page.wait_for_timeout(1_000)
        last, now = now, str(board.page.evaluate("location.hash"))
    return now


def test_ux_42_a_page_that_is_reloaded_shows_what_it_showed(
    board: Dashboard,
) -> None:
    two_rows(board)
    board.field_under("Segment", "Name").fill("Reloaded")
    board.button("Save").click()
    said(board, "“Reloaded”: saved")
    saved = board.page.evaluate("location.hash")
    board.named("NOT, row 2").click()
    said(board, "“Reloaded”: changed since it was saved")
    total, sentence = board.total(), board.sentence()
    before = settled(board, saved)
    board.reload()
    expect(board.page.locator(".sb-row")).to_have_count(2)
    assert (board.total(), board.sentence()) == (total, sentence)
    said(board, "“Reloaded”: changed since it was saved")
    assert board.page.evaluate("location.hash") == before
    board.button("Save").click()
    said(board, "“Reloaded”: saved")
    board.page.evaluate("location.hash = '#segment=nonsense'")
    said(board, "The address of this page holds no segment that can be read")
    expect(board.page.locator(".sb-row")).to_have_count(2)
    board.begin()
    board.page.wait_for_function("location.hash === ''")
    board.page.evaluate("hash => (location.hash = hash)", before)
    expect(board.page.locator(".sb-row")).to_have_count(2)
    assert board.total() == total


def test_an_exported_file_is_what_python_reads(board: Dashboard) -> None:
    board.add("Country")
    board.values("row 1", "Values", "ÄÖ “x” \\ 'y'")
    data = json.loads(board.writing("JSON").input_value())
    assert data["group"]["rules"][0]["values"] == ["ÄÖ “x” \\ 'y'"]
    source = board.writing("Python")
    expect(source).to_have_value(re.compile("import segbench"))
    compile(source.input_value(), "copied", "exec")
