"""Samples, parameters, notes and the rarer settings of a row in a real browser."""

from __future__ import annotations

from typing import Any

import harness as h
import pytest
from bench import Bench, Json, edit, put
from playwright.sync_api import expect

browser = pytest.mark.browser
pytestmark = browser


def event(name: str = "order_placed", **more: Any) -> Json:
    return {"kind": "event", "event": name, **more}


def test_a_sample_is_picked_and_its_edges_and_its_draw_are_typed(bench: Bench) -> None:
    bench.start(h.UNFINISHED, answers=False)
    bench.named("Subject, row 1: Choose a filter…").click()
    bench.page.keyboard.type("random")
    bench.page.keyboard.press("Enter")
    bench.waits_for(edit("choose", [0], subject="sample", name=""))
    sample = {"kind": "sample", "low": 0, "high": 10}
    bench.named("To, row 1").fill("")
    bench.named("From, row 1").fill("2.25")
    bench.named("Draw, row 1").fill("autumn")
    bench.page.wait_for_function("model.sent.length === 3")
    assert [each["node"] for each in bench.sent[1:]] == [
        sample | {"low": 2.25},
        sample | {"low": 2.25, "salt": "autumn"},
    ]
    expect(bench.named("To, row 1")).to_have_value("10")


def prebuilt(key: str, **params: Any) -> Json:
    return {"kind": "prebuilt", "prebuilt": key, "params": params}


def test_parameters_are_typed_chosen_and_picked(bench: Bench) -> None:
    bench.start(
        prebuilt("engaged", days=30), prebuilt("missing_required"), prebuilt("vip"), answers=False
    )
    bench.named("opens, row 1").select_option("all")
    bench.named("required field, row 2").select_option("Birthday")
    bench.named("average order above, row 3").fill("99.5")
    bench.waits_for(
        edit("put", [0], node=prebuilt("engaged", days=30, opens="all")),
        edit("put", [1], node=prebuilt("missing_required", field="birthday")),
        edit("put", [2], node=prebuilt("vip", average=99.5), typing=True),
    )


def test_many_parameters_are_folded_away_and_those_changed_are_counted(bench: Bench) -> None:
    bench.start(prebuilt("rfm", group="Loyal", r1=200))
    fold = bench.button("9 more settings, 1 changed, row 1")
    expect(bench.named("days for R1, row 1")).to_have_count(0)
    fold.click()
    expect(bench.named("days for R1, row 1")).to_have_value("200")
    bench.named("amount for M3, row 1").fill("900")
    bench.waits_for(put(prebuilt("rfm", group="Loyal", r1=200, m3=900), typing=True))
    expect(bench.button("9 more settings, 2 changed, row 1")).to_be_visible()


def test_a_row_gets_a_note_that_can_be_changed_and_removed(bench: Bench) -> None:
    bench.start(h.COUNTRY)
    bench.menu("row 1", "Add a note")
    note = bench.named("Note, row 1")
    expect(note).to_be_focused()
    note.press_sequentially("for Maria", delay=10)
    bench.waits_for(edit("note", [0], note="for Maria", typing=True))
    bench.menu("row 1", "Remove the note")
    bench.waits_for(edit("note", [0], note="for Maria", typing=True), edit("note", [0], note=""))
    expect(note).to_have_count(0)


def test_a_note_that_stays_empty_goes_when_it_is_left(bench: Bench) -> None:
    bench.start(h.COUNTRY)
    bench.menu("row 1", "Add a note")
    bench.named("NOT, row 1").focus()
    expect(bench.named("Note, row 1")).to_have_count(0)
    assert bench.sent == []


def test_values_typed_after_a_note_keep_it(bench: Bench) -> None:
    bench.start(h.EMAIL | {"note": "old"}, answers=False)
    bench.named("Note, row 1").fill("new")
    bench.named("Value, row 1").fill("shop")
    bench.waits_for(
        edit("note", [0], note="new", typing=True),
        put(h.EMAIL | {"values": ["shop"], "note": "new"}, typing=True),
    )


def test_a_group_has_a_note_too(bench: Bench) -> None:
    bench.start(h.COUNTRY, h.group(h.AGE, h.EMAIL, note="adults"))
    expect(bench.named("Note, group 2")).to_have_value("adults")
    bench.named("Note, group 2").fill("grown up")
    bench.waits_for(edit("note", [1], note="grown up", typing=True))
    expect(bench.page.locator(".sb-row")).to_have_count(3)


def test_the_contacts_own_clock_is_offered_where_their_time_zones_are_known(bench: Bench) -> None:
    bench.start(h.CREATED, h.ORDERED, h.COUNTRY)
    bench.menu("row 1", "As where the contact is")
    bench.waits_for(put(h.CREATED | {"clock": "contact"}))
    expect(bench.page.locator(".sb-badge")).to_have_text("contact’s own time")
    bench.button("More for row 3").click()
    items = bench.page.locator(".sb-menu-item", has_text="As where the contact is")
    expect(items).to_have_count(0)
    bench.start(h.CREATED, catalog=h.catalog(contact_zone=""))
    bench.button("More for row 1").click()
    expect(items).to_have_count(0)


def test_a_condition_has_the_settings_of_any_comparison(bench: Bench) -> None:
    shop = h.field("channel", "is", "shop")
    bench.start(event(where=[shop]))
    where = "condition 1 of row 1"
    bench.menu(where, "Match case")
    bench.menu(where, "Leave them out")
    bench.menu(where, "Switch off")
    cased = shop | {"match_case": True}
    left_out = cased | {"unknown": "exclude"}
    bench.waits_for(
        put(event(where=[cased])),
        put(event(where=[left_out])),
        put(event(where=[left_out | {"enabled": False}])),
    )
    bench.menu(where, "Add a note")
    bench.named(f"Note, {where}").fill("paid there")
    bench.page.wait_for_function("model.sent.length === 4")
    assert bench.sent[3]["node"]["where"][0]["note"] == "paid there"


def test_the_pre_built_segments_are_found_under_the_title_of_their_group(bench: Bench) -> None:
    bench.start(h.UNFINISHED)
    bench.named("Subject, row 1: Choose a filter…").click()
    reach = bench.page.get_by_role("group", name="Pre-built: Reach")
    expect(reach.get_by_role("option")).to_have_count(2)
    bench.page.keyboard.type("cart")
    expect(bench.options("Left a cart")).to_be_visible()


def test_a_value_that_is_there_twice_is_drawn_as_often_at_every_change(bench: Bench) -> None:
    twice = {"kind": "tag", "op": "has_any_of", "tags": ["vip", "vip", "beta"]}
    bench.start(twice, answers=False)
    for revision in (13, 14, 15):
        bench.push(revision=revision, total=revision)
    expect(bench.page.locator(".sb-chip")).to_have_text(["vip", "vip", "beta"])
