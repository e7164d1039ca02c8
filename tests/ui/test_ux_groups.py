"""docs/ux.md, groups and logic."""

from __future__ import annotations

from itertools import pairwise

import harness as h
import pytest
from bench import Bench, edit
from live import Live
from playwright.sync_api import expect

from segbench.model.ask import did, field, tag
from segbench.model.rules import Group

pytestmark = pytest.mark.browser
GERMANS, VIP, ORDERED = field("country").is_any_of("DE"), tag("VIP"), did("order_placed")


def test_ux_15_and_or_is_a_word_and_counts_at_once(live: Live) -> None:
    live.open(GERMANS, VIP)
    both = live.total
    live.named("Any of (OR), the segment").check()
    either = live.workbench.count(GERMANS | VIP)
    expect(live.page.locator(".sb-big")).to_have_text(f"{either:,}")
    assert either > both == live.workbench.count(GERMANS & VIP)
    expect(live.page.locator(".sb-join")).to_have_text(["OR"])
    assert [message["edit"] for message in live.sent] == ["combine"]


def test_ux_16_not_on_a_group_is_in_its_head_and_in_the_sentence(live: Live) -> None:
    live.open(VIP, Group("or", (GERMANS, ORDERED)))
    words = live.page.locator(".sb-words")
    assert " not " not in words.inner_text()
    live.named("NOT, group 2").click()
    head = live.page.get_by_label("Group 2", exact=True).locator(".sb-group-head")
    expect(head.locator(".sb-not-mark")).to_have_text("NOT")
    expect(words).to_contain_text("not ")


def test_ux_18_nested_groups_are_told_apart_without_colour(bench: Bench) -> None:
    bench.start(tree=h.NESTED)
    lefts = []
    for place in ("3", "3.3", "3.3.3", "3.3.3.2"):
        group = bench.page.get_by_label(f"Group {place}", exact=True)
        box = group.bounding_box()
        assert box
        lefts.append(box["x"])
        border = group.evaluate("el => getComputedStyle(el).borderInlineStartWidth")
        assert float(border.removesuffix("px")) >= 3
        expect(group.locator("> .sb-group-head")).to_contain_text(f"Group {place}")
    assert all(inner - outer >= 8 for outer, inner in pairwise(lefts))


def test_ux_20_ungrouping_keeps_the_place_and_selected_rows_are_grouped(bench: Bench) -> None:
    bench.start(h.COUNTRY, h.group(h.AGE, h.EMAIL), h.CONSENT, h.CREATED)
    bench.menu("group 2", "Ungroup")
    for row, label in enumerate(("Country", "Age", "E-mail address", "Marketing consent"), 1):
        expect(bench.named(f"Subject, row {row}: {label}")).to_be_visible()
    bench.named("Select or drag, row 2").click()
    bench.named("Select or drag, row 4").click(modifiers=["Shift"])
    bar = bench.page.get_by_role("group", name="Selected filters")
    expect(bar).to_contain_text("3 filters selected")
    bench.button("Group selected").click()
    expect(bench.named("Subject, row 2.3: Marketing consent")).to_be_visible()
    expect(bench.named("Subject, row 3: Created at")).to_be_visible()
    expect(bench.named("Collapse group 2")).to_be_focused()
    expect(bar).to_have_count(0)
    unwrap = edit("unwrap", [1])
    bench.waits_for(unwrap, edit("gather", [], shape=5, rows=[1, 2, 3]))


def test_grouping_neighbours_changes_no_count_and_takes_their_combinator(live: Live) -> None:
    live.open(group=Group("or", (GERMANS, VIP, ORDERED)))
    before = live.total
    live.menu("row 2", "Group with next")
    expect(live.page.get_by_label("Group 2", exact=True)).to_be_visible()
    assert live.tree == Group("or", (GERMANS, Group("or", (VIP, ORDERED))))
    assert live.total == before


def test_only_members_of_one_group_are_selected_and_escape_selects_none(bench: Bench) -> None:
    bench.start(h.COUNTRY, h.AGE, h.group(h.EMAIL, h.CONSENT))
    handle = bench.named("Select or drag, row 1")
    handle.click()
    expect(handle).to_have_attribute("aria-pressed", "true")
    bench.named("Select or drag, row 3.1").press("Enter")
    expect(handle).to_have_attribute("aria-pressed", "false")
    expect(bench.page.locator(".sb-picked")).to_contain_text("1 filter selected")
    bench.page.keyboard.press("Escape")
    expect(bench.page.locator(".sb-picked")).to_have_count(0)
    assert bench.sent == []


def test_ux_21_the_last_row_takes_its_group_along_and_none_means_nobody(live: Live) -> None:
    live.open(Group("or", (VIP,)))
    live.button("Delete row 1.1").click()
    expect(live.page.locator(".sb-head")).to_contain_text("Holds nobody: add a filter")
    assert live.tree == Group()
    assert live.workbench.count(live.tree) == 0
    live.open(VIP)
    live.named("Enabled, row 1").click()
    expect(live.page.locator(".sb-head")).to_contain_text("Holds nobody: add a filter")
    assert live.workbench.count(live.tree) == live.total == 0


def test_ux_22_the_sentence_follows_every_change(live: Live) -> None:
    live.open(GERMANS)
    words = live.page.locator(".sb-words")
    expect(words).to_contain_text("Country is “DE”")
    live.named("Operator, row 1").select_option("is_none_of")
    expect(words).to_contain_text("Country is not “DE”")
    live.button("Delete row 1").click()
    expect(words).to_contain_text("Nobody: add a filter")
