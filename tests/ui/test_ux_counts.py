"""docs/ux.md: what the counts of rows, groups and the whole say."""

from __future__ import annotations

import harness as h
import pytest
from bench import Bench
from live import Live
from playwright.sync_api import expect

from segbench.model.ask import did, field, tag
from segbench.model.rules import FieldRule, Group

pytestmark = pytest.mark.browser
GERMANS, VIP, ORDERED = field("country").is_any_of("DE"), tag("VIP"), did("order_placed")


def test_ux_45_rows_and_groups_show_their_count_and_their_effect(live: Live) -> None:
    count = live.workbench.count
    live.open(GERMANS, Group("or", (VIP, ORDERED)))
    whole, inner = live.workbench.contacts_total, VIP | ORDERED
    shown = {
        "Row 1": (count(GERMANS), count(GERMANS), count(GERMANS) - whole),
        "Group 2": (count(inner), count(GERMANS & inner), count(GERMANS & inner) - count(GERMANS)),
        "Row 2.1": (count(VIP), count(VIP), count(VIP)),
        "Row 2.2": (count(ORDERED), count(inner), count(inner) - count(VIP)),
    }
    for place, (alone, after, effect) in shown.items():
        numbers = live.page.get_by_label(place, exact=True).locator(".sb-numbers").first
        expect(numbers.locator(".sb-alone")).to_contain_text(f"{alone:,}")
        expect(numbers.locator(".sb-after")).to_contain_text(f"→ {after:,} ")
        sign = f"+{effect:,}" if effect > 0 else f"−{-effect:,}" if effect < 0 else "±0"
        expect(numbers.locator(".sb-effect")).to_contain_text(sign)


def test_an_effect_is_taken_from_the_last_row_that_counts(bench: Bench) -> None:
    nodes = {"0": {"alone": 9000, "after": 9000}, "2": {"alone": 7800, "after": 7760}}
    bench.start(h.COUNTRY, h.UNFINISHED, h.AGE, nodes=nodes)
    expect(bench.page.locator(".sb-effect")).to_have_text([", −41,000", ", −1,240"])


def test_ux_47_a_row_that_is_not_finished_is_left_out_and_says_so(live: Live) -> None:
    live.open(GERMANS, FieldRule("lead_score", "between", (10, 90)))
    live.named("From, row 2").fill("")
    row = live.page.get_by_label("Row 2", exact=True)
    expect(row.locator(".sb-issue")).to_contain_text("To do: ")
    expect(row.locator(".sb-numbers")).to_have_text("not counted")
    expect(live.page.locator(".sb-big")).to_have_text(f"{live.workbench.count(GERMANS):,}")
    assert live.total > 0


def test_ux_48_what_happens_to_missing_values_is_said_and_done(live: Live) -> None:
    country = field("country").is_none_of("DE")
    known = live.workbench.count(field("country").is_not_empty())
    missing = live.workbench.contacts_total - known
    assert missing > 0
    live.open(country)
    note = live.page.locator(".sb-missing")
    expect(note).to_have_text(f"{missing:,} without a value: included")
    included = live.total
    live.menu("row 1", "Leave them out")
    expect(note).to_have_text(f"{missing:,} without a value: left out")
    expect(live.page.locator(".sb-big")).to_have_text(f"{included - missing:,}")


def test_ux_49_nobody_left_names_the_row_that_empties_the_result(live: Live) -> None:
    live.open(VIP, ORDERED, field("country").is_any_of("Atlantis"))
    expect(live.page.locator(".sb-message")).to_have_text("Row 3 holds nobody by itself.")
    assert live.total == 0
    live.named("Enabled, row 3").click()
    expect(live.page.locator(".sb-message")).to_have_count(0)
    assert live.total > 0
