"""A change draws the rows anew whose data changed, and leaves the others as they are."""

from __future__ import annotations

from typing import Any

import harness as h
import pytest
from bench import Bench
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
ROWS = [
    row
    for number in range(10)
    for row in (
        h.field("country", "is_any_of", f"C{number}"),
        h.field("age", "at_least", number),
        h.ORDERED | {"values": [number]},
        h.field("email", "contains", f"name{number}"),
        h.group(h.CONSENT, h.field("age", "at_most", number)),
    )
]
MARKED = ".sb-tampered"
TAMPER = """() => {
    // Whatever is drawn anew gets back the class that it should have.
    for (const el of document.querySelectorAll(".sb-row, .sb-group-head")) {
        el.className += " sb-tampered";
    }
}"""


def nodes(**changes: Any) -> dict[str, Any]:
    """The numbers of all rows."""
    found: dict[str, Any] = {}
    for place, rule in enumerate(ROWS):
        found[str(place)] = {"alone": 900, "after": 5000 - place}
        for inner in range(len(rule.get("rules", ()))):
            found[f"{place}.{inner}"] = {"alone": 700, "after": 600}
    return found | changes


def start(bench: Bench) -> int:
    """Fifty rows and groups; how many of them can be drawn anew."""
    bench.start(*ROWS, answers=False, nodes=nodes())
    bench.page.evaluate(TAMPER)
    return bench.page.locator(MARKED).count()


def test_a_count_draws_only_the_rows_whose_numbers_changed(bench: Bench) -> None:
    every = start(bench)
    assert every == 71
    bench.push(total=77, nodes=nodes())
    expect(bench.page.locator(".sb-big")).to_have_text("77")
    expect(bench.page.locator(MARKED)).to_have_count(every)
    bench.push(total=78, nodes=nodes(**{"49": {"alone": 901, "after": 4951}}))
    expect(bench.page.locator(MARKED)).to_have_count(every - 1)
    expect(bench.page.get_by_label("Group 50", exact=True)).to_contain_text("901")


def test_an_edit_draws_its_own_row_alone(bench: Bench) -> None:
    every = start(bench)
    bench.named("NOT, row 7").click()
    expect(bench.page.locator(".sb-not-mark")).to_have_count(1)
    expect(bench.page.locator(MARKED)).to_have_count(every - 1)
    changed = [*ROWS[:6], ROWS[6] | {"negated": True}, *ROWS[7:]]
    bench.push(revision=13, tree=h.group(*changed), status="updating")
    bench.push(revision=13, counted=13, nodes=nodes())
    expect(bench.page.locator(MARKED)).to_have_count(every - 1)


def test_a_new_row_draws_nothing_else_but_the_menu_of_the_one_before(bench: Bench) -> None:
    every = start(bench)
    bench.push(revision=13, shape=5, tree=h.group(*ROWS, h.UNFINISHED))
    expect(bench.page.locator(".sb-row")).to_have_count(61)
    expect(bench.page.locator(MARKED)).to_have_count(every - 2)


def test_what_was_touched_is_drawn_as_the_data_says(bench: Bench) -> None:
    bench.start(h.PERIOD, h.AGE, answers=False)
    far = bench.named("How many periods away, row 1")
    far.fill("")
    bench.named("From, row 2").focus()
    expect(far).to_have_value("3")


def test_scroll_focus_and_selected_text_stay(bench: Bench) -> None:
    bench.start(*ROWS, answers=False, nodes=nodes())
    box = bench.named("Value, row 34")
    box.focus()
    box.evaluate("box => { box.setSelectionRange(1, 4); scrollBy(0, 60); }")
    place = bench.page.evaluate("scrollY")
    assert place > 500
    bench.push(total=5, nodes=nodes(**{"33": {"alone": 5, "after": 5}}))
    expect(bench.page.locator(".sb-big")).to_have_text("5")
    assert bench.page.evaluate("scrollY") == place
    bench.push(revision=13, shape=5, tree=h.group(*ROWS[1:]), nodes=nodes())
    moved = bench.named("Value, row 33")
    expect(moved).to_be_focused()
    expect(moved).to_be_in_viewport()
    selected = "document.activeElement.selectionStart + ',' + document.activeElement.selectionEnd"
    assert bench.page.evaluate(selected) == "1,4"
