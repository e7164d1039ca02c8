"""Windows at their edges: months that differ, years that end, weeks that start elsewhere."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from segbench.errors import RuleError
from segbench.model.moments import (
    Bounds,
    day_moved,
    days,
    instants,
    length_of,
    midnight,
    moved,
    next_day,
    parse_day,
    parse_moment,
    period_days,
    until_now,
)
from segbench.model.windows import Ago, Between, Calendar, Last, Next, Since, Until

UTC, BERLIN = ZoneInfo("UTC"), ZoneInfo("Europe/Berlin")
NOON = dt.datetime(2026, 10, 26, 11, 30)
TODAY = dt.date(2026, 10, 26)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("start", "amount", "unit", "end"),
    [
        ("2026-03-31", -1, "months", "2026-02-28"),
        ("2024-03-31", -1, "months", "2024-02-29"),
        ("2026-01-31", 1, "months", "2026-02-28"),
        ("2026-12-15", 1, "months", "2027-01-15"),
        ("2026-01-15", -1, "months", "2025-12-15"),
        ("2026-01-15", -13, "months", "2024-12-15"),
        ("2024-02-29", 1, "years", "2025-02-28"),
        ("2024-02-29", -4, "years", "2020-02-29"),
        ("2026-10-26", 2, "weeks", "2026-11-09"),
        ("2026-10-26", -3, "days", "2026-10-23"),
        ("2026-10-26", 47, "hours", "2026-10-27"),
        ("2026-10-26", 48, "hours", "2026-10-28"),
        ("2026-10-26", -47, "hours", "2026-10-25"),
        ("2026-10-26", 1_440, "minutes", "2026-10-27"),
        ("2026-10-26", 1_439, "minutes", "2026-10-26"),
    ],
)
def test_a_day_moves_by_whole_units(start: str, amount: int, unit: Any, end: str) -> None:
    assert day_moved(day(start), amount, unit) == day(end)


def test_months_keep_the_local_time_of_day_also_where_the_clocks_change() -> None:
    # 12:30 in Berlin, in winter and in summer time.
    assert moved(NOON, -1, "months", BERLIN) == dt.datetime(2026, 9, 26, 10, 30)
    assert moved(NOON, 1, "years", BERLIN) == dt.datetime(2027, 10, 26, 10, 30)
    assert moved(NOON, 2, "months", UTC) == dt.datetime(2026, 12, 26, 11, 30)


def test_the_second_of_two_equal_hours_stays_the_second() -> None:
    second = dt.datetime(2026, 10, 25, 1, 30)
    assert moved(second, 0, "months", BERLIN) == second
    assert moved(second, 0, "years", BERLIN) == second


@pytest.mark.parametrize(
    ("today", "period", "offset", "week_start", "first", "last"),
    [
        ("2026-10-26", "day", 0, 0, "2026-10-26", "2026-10-26"),
        ("2026-10-26", "day", -1, 0, "2026-10-25", "2026-10-25"),
        ("2026-10-26", "week", 0, 0, "2026-10-26", "2026-11-01"),
        ("2026-10-25", "week", 0, 0, "2026-10-19", "2026-10-25"),
        ("2026-10-26", "week", 0, 6, "2026-10-25", "2026-10-31"),
        ("2026-10-26", "week", 2, 5, "2026-11-07", "2026-11-13"),
        ("2024-02-29", "month", 0, 0, "2024-02-01", "2024-02-29"),
        ("2026-01-31", "month", -1, 0, "2025-12-01", "2025-12-31"),
        ("2026-03-31", "quarter", 0, 0, "2026-01-01", "2026-03-31"),
        ("2026-04-01", "quarter", 0, 0, "2026-04-01", "2026-06-30"),
        ("2026-12-31", "quarter", 1, 0, "2027-01-01", "2027-03-31"),
        ("2026-01-01", "quarter", -1, 0, "2025-10-01", "2025-12-31"),
        ("2026-12-31", "year", 0, 0, "2026-01-01", "2026-12-31"),
        ("2026-01-01", "year", -2, 0, "2024-01-01", "2024-12-31"),
    ],
)
def test_a_period_has_these_days(
    today: str, period: Any, offset: int, week_start: int, first: str, last: str
) -> None:
    found = period_days(day(today), period, offset, week_start)
    assert found == (day(first), day(last))
    window = Calendar(period, offset)
    noon = dt.datetime.combine(day(today), dt.time(12))
    assert days(window, noon, UTC, week_start) == Bounds(*found)
    assert instants(window, noon, UTC, week_start) == Bounds(
        midnight(found[0], UTC), midnight(next_day(found[1]), UTC), high_open=True
    )


def test_weeks_start_on_monday_unless_told() -> None:
    monday, sunday = day("2026-10-26"), day("2026-11-01")
    assert period_days(TODAY, "week", 0) == (monday, sunday)
    assert days(Calendar("week"), NOON, UTC) == Bounds(monday, sunday)
    assert instants(Calendar("week"), NOON, UTC).low == dt.datetime(2026, 10, 26)


def test_between_lengths_ago_leaves_out_the_far_end_and_holds_the_near_one() -> None:
    day_ = dt.timedelta(days=1)
    assert instants(Ago(2, 5), NOON, BERLIN) == Bounds(NOON - 5 * day_, NOON - 2 * day_, True)
    assert days(Ago(2, 5), NOON, BERLIN) == Bounds(TODAY - 5 * day_, TODAY - 2 * day_, True)


def test_an_open_period_has_one_end_and_that_one_is_whole() -> None:
    first = day("2026-10-25")
    start, after = dt.datetime(2026, 10, 24, 22), dt.datetime(2026, 10, 25, 23)
    assert days(Since("2026-10-25"), NOON, BERLIN) == Bounds(low=first)
    assert days(Until("2026-10-25"), NOON, BERLIN) == Bounds(high=first)
    assert instants(Since("2026-10-25"), NOON, BERLIN) == Bounds(low=start)
    assert instants(Until("2026-10-25"), NOON, BERLIN) == Bounds(high=after, high_open=True)
    both = Between("2026-10-25", "2026-10-25")
    assert instants(both, NOON, BERLIN) == Bounds(start, after, high_open=True)


@pytest.mark.parametrize(
    ("bounds", "wanted"),
    [
        (Bounds(), Bounds(high=NOON)),
        (Bounds(high=dt.datetime(2026, 10, 27), high_open=True), Bounds(high=NOON)),
        (Bounds(high=NOON, high_open=True), Bounds(high=NOON, high_open=True)),
        (Bounds(high=dt.datetime(2026, 10, 26)), Bounds(high=dt.datetime(2026, 10, 26))),
        (Bounds(low=NOON, low_open=True), Bounds(NOON, NOON, low_open=True)),
    ],
)
def test_nothing_after_now_has_happened(bounds: Bounds, wanted: Bounds) -> None:
    assert until_now(bounds, NOON) == wanted


@pytest.mark.parametrize(
    ("window", "length"),
    [
        (Last(90, "minutes"), dt.timedelta(minutes=90)),
        (Last(36, "hours"), dt.timedelta(hours=36)),
        (Last(3), dt.timedelta(days=3)),
        (Last(2, "weeks"), dt.timedelta(days=14)),
    ],
)
def test_a_length_is_exact_up_to_weeks(window: Last, length: dt.timedelta) -> None:
    assert length_of(window) == length
    assert moved(NOON, -window.amount, window.unit, BERLIN) == NOON - length
    assert moved(NOON, window.amount, window.unit, BERLIN) == NOON + length


@pytest.mark.parametrize("unit", ["months", "years"])
def test_months_and_years_are_no_exact_length(unit: Any) -> None:
    with pytest.raises(RuleError) as caught:
        length_of(Last(1, unit))
    assert str(caught.value) == f"A length of {unit} is not exact; write it in days."


@pytest.mark.parametrize(
    ("window", "words"),
    [
        (Last(10**10), "10,000,000,000 days"),
        (Next(10**10, "hours"), "10,000,000,000 hours"),
        (Last(10_000, "years"), "10,000 years"),
        (Last(2_025, "years"), "2,025 years"),
        (Next(7_973, "years"), "7,973 years"),
        (Next(10**6, "months"), "1,000,000 months"),
    ],
)
def test_what_reaches_beyond_the_calendar_is_said_without_a_sign(window: Any, words: str) -> None:
    with pytest.raises(RuleError) as caught:
        instants(window, NOON, UTC)
    assert str(caught.value) == f"A window of {words} reaches beyond the calendar."
    with pytest.raises(RuleError, match="reaches beyond the calendar"):
        length_of(Last(10**18))


def test_the_second_and_the_last_but_one_year_are_within_the_calendar() -> None:
    assert instants(Last(2_024, "years"), NOON, UTC).low == NOON.replace(year=2)
    assert instants(Next(7_972, "years"), NOON, UTC).high == NOON.replace(year=9_998)
    assert midnight(dt.date(2, 1, 1), UTC) == dt.datetime(2, 1, 1)
    assert midnight(dt.date(9_998, 12, 31), UTC) == dt.datetime(9_998, 12, 31)
    for end in (dt.date(1, 12, 31), dt.date(9_999, 1, 1)):
        with pytest.raises(RuleError, match=f"^The day {end} is at the end of the calendar.$"):
            midnight(end, UTC)
    with pytest.raises(RuleError, match=r"^A window of 1 days reaches beyond the calendar\.$"):
        next_day(dt.date.max)


def test_ten_characters_are_a_day_and_more_are_a_moment() -> None:
    assert parse_moment("2026-10-26", BERLIN) == TODAY
    assert parse_moment("20261026", BERLIN) == TODAY
    assert parse_moment("2026-10-26T00", BERLIN) == dt.datetime(2026, 10, 25, 23)
    assert parse_day("2026-10-26") == TODAY
    with pytest.raises(ValueError, match="isoformat"):
        parse_day("26.10.2026")
