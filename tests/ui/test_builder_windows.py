"""The editors of windows in a real browser: what is picked and typed is what is sent."""

from __future__ import annotations

from typing import Any

import harness as h
import pytest
from bench import Bench, Json, put
from playwright.sync_api import expect

browser = pytest.mark.browser
pytestmark = browser


def window(kind: str, **more: Any) -> Json:
    return {"kind": kind, **more}


def created(op: str, **more: Any) -> Json:
    return {"kind": "field", "field": "created", "op": op, **more}


def event(name: str = "order_placed", **more: Any) -> Json:
    return {"kind": "event", "event": name, **more}


@pytest.mark.parametrize(
    ("before", "name", "typed", "after"),
    [
        (window("last", amount=30), "Length of time", "7", window("last", amount=7)),
        (window("last", amount=30), "Unit of time", "years", None),
        (window("ago", least=1, most=5), "At least", "2", window("ago", least=2, most=5)),
        (window("ago", least=1, most=5), "At most", "", window("ago", least=1, most=0)),
        (
            window("calendar", period="day"),
            "Period",
            "last quarter",
            window("calendar", period="quarter", offset=-1),
        ),
        (
            window("calendar", period="week", offset=-7),
            "Kind of period",
            "years",
            window("calendar", period="year", offset=-7),
        ),
        (
            window("calendar", period="week", offset=-7),
            "Past or future",
            "from now",
            window("calendar", period="week", offset=7),
        ),
        (
            window("calendar", period="week", offset=-7),
            "How many periods away",
            "12",
            window("calendar", period="week", offset=-12),
        ),
        (
            window("calendar", period="week", offset=-7),
            "Period",
            "today",
            window("calendar", period="day"),
        ),
    ],
)
def test_a_window_is_edited_by_its_kind(
    bench: Bench, before: Json, name: str, typed: str, after: Json | None
) -> None:
    ops = {"last": "in_last", "ago": "between_ago", "calendar": "in_period"}
    rule = created(ops[before["kind"]], window=before)
    bench.start(rule)
    box = bench.named(f"{name}, row 1")
    selects = box.evaluate("box => box.localName === 'select'")
    if selects:
        box.select_option(typed)
    else:
        box.fill(typed)
    wanted = after or window("last", amount=30, unit="years")
    bench.waits_for(put(rule | {"window": wanted}, **({} if selects else {"typing": True})))


def test_another_period_is_typed_without_its_input_going_away(bench: Bench) -> None:
    rule = created("in_period", window=window("calendar", period="month"))
    bench.start(rule)
    bench.named("Period, row 1").select_option("another …")
    away = bench.named("How many periods away, row 1")
    expect(away).to_have_value("2")
    away.fill("")
    away.press_sequentially("1", delay=300)
    expect(away).to_have_value("1")
    away.press_sequentially("8")
    bench.page.wait_for_function("model.sent.length === 3")
    assert [each["node"]["window"].get("offset") for each in bench.sent] == [-2, -1, -18]


def test_dates_without_a_time_have_no_hours(bench: Bench) -> None:
    bench.start(h.field("birthday", "in_last"), created("in_last"))
    units = [bench.named(f"Unit of time, row {row}").locator("option") for row in (1, 2)]
    assert units[0].all_inner_texts() == ["days", "weeks", "months", "years"]
    assert units[1].all_inner_texts()[:2] == ["minutes", "hours"]


def test_something_happened_in_any_kind_of_window(bench: Bench) -> None:
    rule = event()
    bench.start(rule)
    when = bench.named("When, row 1")
    for label in ("in the last", "some time ago", "today, this week, …", "between dates"):
        when.select_option(label)
    bench.named("First day, row 1").fill("2026-01-01")
    bench.page.wait_for_function("model.sent.length === 5")
    when.select_option("since")
    when.select_option("up to")
    when.select_option("ever")
    bench.page.wait_for_function("model.sent.length === 8")
    assert [each["node"].get("window") for each in bench.sent] == [
        window("last", amount=30),
        window("ago", least=30, most=60),
        window("calendar", period="day"),
        window("between", start="", end=""),
        window("between", start="2026-01-01", end=""),
        window("since", start="2026-01-01"),
        window("until", end=""),
        None,
    ]


def test_when_a_tag_was_given_is_asked_where_it_is_known(bench: Bench) -> None:
    bench.start(h.TAGGED)
    bench.named("When, row 1").select_option("in the last")
    bench.waits_for(put(h.TAGGED | {"window": h.LAST_MONTH}))
    bench.start(h.TAGGED, catalog=h.catalog(tag_times=False))
    expect(bench.named("When, row 1")).to_have_count(0)
    bench.start(h.TAGGED | {"window": h.LAST_MONTH}, catalog=h.catalog(tag_times=False))
    expect(bench.named("When, row 1")).to_have_value("last")
