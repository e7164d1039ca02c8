"""docs/ux.md, rows: choosing what a row asks, and typing its values."""

from __future__ import annotations

import harness as h
import pytest
from bench import Bench, edit
from live import Live
from playwright.sync_api import expect

from segbench.model.ask import field
from segbench.model.rules import FieldRule, Last

pytestmark = pytest.mark.browser
SWAPPED = {
    "path": [0],
    "level": "error",
    "code": "swapped-bounds",
    "message": "The first value comes after the second: swap them.",
}


def choose(bench: Bench, row: int, subject: str) -> None:
    bench.page.get_by_role("button", name=f"Subject, row {row}:").click()
    bench.page.get_by_role("combobox", name="Search filters").fill(subject)
    bench.page.keyboard.press("Enter")


def test_ux_03_another_field_resets_the_row_and_undo_brings_it_back(live: Live) -> None:
    before = field("country").is_none_of("DE")
    live.open(before)
    choose(live, 1, "Lead score")
    expect(live.named("Value, row 1")).to_have_value("")
    assert live.tree.rules == (FieldRule("lead_score", "at_least"),)
    live.button("Undo").click()
    expect(live.named("Remove DE, row 1")).to_be_visible()
    expect(live.named("Operator, row 1")).to_have_value("is_none_of")
    assert live.tree.rules == (before,)


def test_ux_04_another_operator_keeps_values_that_it_takes_too(live: Live) -> None:
    live.open(field("country").is_any_of("DE", "AT"), FieldRule("lead_score", "at_least", (5,)))
    live.named("Operator, row 1").select_option("is_none_of")
    live.named("Operator, row 2").select_option("at_most")
    expect(live.named("Remove AT, row 1")).to_be_visible()
    expect(live.named("Value, row 2")).to_have_value("5")
    assert [rule.values for rule in live.tree.rules] == [("DE", "AT"), (5,)]  # type: ignore[union-attr]
    live.named("Operator, row 2").select_option("between")
    expect(live.named("From, row 2")).to_have_value("")


def test_ux_05_operators_are_those_of_the_type_of_the_field(bench: Bench) -> None:
    bench.start(h.AGE, h.EMAIL, h.BIRTHDAY, h.CONSENT)
    for row, kind in enumerate(("number", "text", "date", "boolean"), 1):
        offered = bench.named(f"Operator, row {row}").locator("option")
        values = offered.evaluate_all("all => all.map((option) => option.value)")
        assert values == [op["key"] for op in h.catalog()["operators"]["field"][kind]]
    number = bench.named("Operator, row 1").locator("option").all_inner_texts()
    assert not [label for label in number if "contain" in label]


def test_ux_06_values_are_typed_as_their_type_wants_it(bench: Bench) -> None:
    bench.start(
        h.field("age", "at_least", 5), h.BIRTHDAY, h.field("country", "is"), h.COUNTRY, h.CONSENT
    )
    expect(bench.named("Value, row 1")).to_have_attribute("type", "number")
    expect(bench.named("Value, row 2")).to_have_attribute("type", "date")
    one = bench.named("Value, row 3")
    expect(one).to_have_attribute("type", "text")
    offered = one.evaluate("box => [...box.list.options].map((option) => option.value)")
    assert offered == [value for value, _ in h.COUNTRIES]
    expect(bench.named("Values, row 4")).to_have_attribute("role", "combobox")
    yes_or_no = bench.named("Operator, row 5").locator("option").all_inner_texts()
    assert yes_or_no[:2] == ["is true", "is false"]
    expect(bench.page.get_by_label("Row 5", exact=True).locator("input")).to_have_count(0)


def test_ux_07_between_has_two_named_inputs_and_says_when_they_are_swapped(live: Live) -> None:
    live.open(FieldRule("lead_score", "between", (10, 90)))
    whole = live.total
    expect(live.page.locator(".sb-labelled", has=live.named("From, row 1"))).to_contain_text("from")
    expect(live.page.locator(".sb-labelled", has=live.named("To, row 1"))).to_contain_text("to")
    live.named("From, row 1").fill("95")
    expect(live.page.locator(".sb-issue")).to_contain_text("Error: ")
    expect(live.page.locator(".sb-issue")).to_contain_text("swap")
    live.named("From, row 1").fill("10")
    expect(live.page.locator(".sb-issue")).to_have_count(0)
    assert live.total == whole


def test_ux_08_nothing_is_typed_for_empty_and_not_empty(bench: Bench) -> None:
    bench.start(h.AGE)
    row = bench.page.get_by_label("Row 1", exact=True)
    for key in ("is_empty", "is_not_empty"):
        bench.named("Operator, row 1").select_option("between")
        expect(row.locator("input")).to_have_count(2)
        bench.named("Operator, row 1").select_option(key)
        expect(row.locator("input")).to_have_count(0)


def test_ux_10_each_value_of_a_list_shows_its_contacts(bench: Bench) -> None:
    bench.start(h.COUNTRY)
    bench.named("Values, row 1").click()
    for value, count in h.COUNTRIES:
        expect(bench.options(value)).to_contain_text(f"{count:,}")


def test_ux_11_a_relative_date_shows_the_day_that_it_means(live: Live) -> None:
    live.open(FieldRule("last_visit_at", "in_last", window=Last(30)))
    said = live.page.locator(".sb-span")
    expect(said).to_have_text("since 23 Sep 2026")
    live.named("Length of time, row 1").fill("1")
    expect(said).to_have_text("since 22 Oct 2026")


def test_ux_12_fields_are_searched_in_groups_with_type_and_description(bench: Bench) -> None:
    bench.start(h.UNFINISHED, h.AGE)
    bench.named("Subject, row 1: Choose a filter…").click()
    titles = bench.page.locator(".sb-list-title").all_inner_texts()
    assert {"fields", "events", "tags"} <= {title.lower() for title in titles}
    bench.page.keyboard.type("age")
    age = bench.options("Age").first
    about = "Number · In years, from the date of birth"
    expect(age).to_contain_text(about)
    expect(age.locator("[title]")).to_have_attribute("title", about)
    bench.page.keyboard.press("Escape")
    expect(bench.named("Subject, row 2: Age")).to_have_attribute("title", about)


def test_ux_13_a_field_and_an_operator_that_nobody_knows_stay_and_are_marked(live: Live) -> None:
    gone, strange = FieldRule("shoe_size", "at_least", (42,)), FieldRule("country", "sounds_like")
    live.open(gone, strange, field("country").is_any_of("DE"))
    expect(live.named("Subject, row 1: shoe_size")).to_be_visible()
    expect(live.named("Operator, row 2")).to_have_value("sounds_like")
    for row in (1, 2):
        issue = live.page.get_by_label(f"Row {row}", exact=True).locator(".sb-issue")
        expect(issue).to_contain_text("Error: ")
    live.named("NOT, row 3").click()
    assert live.tree.rules[:2] == (gone, strange)


def test_two_bounds_that_are_swapped_are_told_below_the_row(bench: Bench) -> None:
    bench.start(h.AGE | {"values": [40, 25]}, issues=[SWAPPED], answers=False)
    expect(bench.page.locator(".sb-issue")).to_have_text(
        "Error: The first value comes after the second: swap them."
    )
    bench.named("From, row 1").fill("20")
    expect(bench.page.locator(".sb-issue")).to_be_hidden()
    put = edit("put", [0], node=h.AGE | {"values": [20, 25]}, typing=True)
    bench.waits_for(put)
