"""New data on screen: what changed is marked and said, and nobody who works is disturbed."""

from __future__ import annotations

from typing import Any

import harness as h
import pytest
from bench import Bench
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

TEXT = "Data updated 14:03 · +37 contacts · this segment +5"
NEWS: dict[str, Any] = {"number": 1, "text": TEXT, "segment": 5, "nodes": {"0": 1200, "1": -3}}
NODES = {
    "": {"alone": 8206, "after": 8206},
    "0": {"alone": 22243, "after": 22243},
    "1": {"alone": 90, "after": 8206},
    "2": {"alone": 7, "after": 7},
}


def arrive(bench: Bench, **more: Any) -> None:
    bench.push(nodes=NODES, total=8206, contacts=50037, news=NEWS | more)


def test_differences_are_marked_with_their_sign_for_a_while(bench: Bench) -> None:
    bench.start(h.COUNTRY, h.AGE, h.CONSENT)
    arrive(bench)
    expect(bench.page.locator(".sb-share .sb-delta")).to_have_text("+5")
    rows = bench.page.locator(".sb-row")
    expect(rows.nth(0).locator(".sb-delta")).to_have_text("+1,200")
    expect(rows.nth(1).locator(".sb-delta")).to_have_text("−3")
    expect(rows.nth(2).locator(".sb-delta")).to_have_count(0)
    expect(bench.page.locator(".sb-delta")).to_have_count(0, timeout=20_000)
    expect(bench.page.locator(".sb-big")).to_have_text("8,206")


def test_marks_move_nothing(bench: Bench) -> None:
    bench.start(h.COUNTRY, h.AGE, h.CONSENT, nodes=NODES, total=8201)
    rows = bench.page.locator(".sb-row")
    before = [rows.nth(index).bounding_box() for index in range(3)]
    arrive(bench)
    expect(rows.nth(1).locator(".sb-delta")).to_be_visible()
    assert [rows.nth(index).bounding_box() for index in range(3)] == before


def test_the_news_is_announced_once(bench: Bench) -> None:
    bench.start(h.COUNTRY)
    live = bench.page.locator("#builder > [role=status]")
    expect(live).to_have_attribute("aria-live", "polite")
    arrive(bench)
    expect(live).to_have_text(TEXT)
    bench.page.wait_for_timeout(700)
    expect(live).to_have_text(TEXT)
    bench.page.evaluate("document.querySelector('#builder > [role=status]').textContent = ''")
    bench.push(can_redo=True)
    bench.page.wait_for_timeout(700)
    expect(live).to_have_text("")


def test_a_page_that_opens_later_marks_nothing(bench: Bench) -> None:
    bench.start(h.COUNTRY, news=NEWS)
    bench.push(can_redo=True)
    expect(bench.page.locator(".sb-delta")).to_have_count(0)


def test_an_open_menu_a_focus_and_half_a_value_stay(bench: Bench) -> None:
    bench.start(h.COUNTRY, h.AGE)
    bench.button("More for row 1").click()
    arrive(bench)
    bench.page.evaluate("catalog => model.setCatalog(catalog)", h.catalog(contacts=50037))
    expect(bench.page.get_by_role("menu", name="More for row 1")).to_be_visible()
    bench.page.keyboard.press("Escape")
    box = bench.named("From, row 2")
    box.fill("")
    box.press_sequentially("3")
    arrive(bench, number=2)
    box.press_sequentially("1")
    expect(box).to_have_value("31")
    assert bench.focused() == "From, row 2"


def test_what_is_typed_survives_news_before_its_answer(bench: Bench) -> None:
    bench.start(h.COUNTRY, h.AGE, answers=False)
    bench.button("NOT, row 1").click()
    bench.push(revision=13, heard="somebody:1", news=NEWS)
    expect(bench.page.locator(".sb-not-mark")).to_have_count(1)


def test_the_outermost_group_takes_a_note(bench: Bench) -> None:
    bench.start(h.COUNTRY)
    bench.menu("the segment", "Add a note")
    bench.page.keyboard.type("For spring")
    bench.page.wait_for_function("model.sent.length === 1")
    assert bench.sent == [
        {"edit": "note", "shape": 4, "path": [], "note": "For spring", "typing": True}
    ]
    expect(bench.named("Note, the segment")).to_have_value("For spring")


def test_the_outermost_group_stays_where_it_is(bench: Bench) -> None:
    bench.start(h.COUNTRY)
    bench.button("More for the segment").click()
    assert bench.page.get_by_role("menuitem").all_inner_texts() == ["Add a note"]
