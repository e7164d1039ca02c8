"""Windows: half-open edges, local days, the two days a year that are not 24 hours long."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from population import AS_OF, MONTH, TICK, ZONE

from segbench.engine.memory import inside
from segbench.errors import RuleError
from segbench.model.moments import (
    Bounds,
    days,
    instants,
    local_day,
    midnight,
    parse_moment,
    to_utc,
    zone_of,
)
from segbench.model.windows import Between, Last, Next

HOUR = dt.timedelta(hours=1)


def test_a_rolling_window_leaves_out_its_start_and_holds_its_end() -> None:
    bounds = instants(Last(30), AS_OF, ZONE)
    assert not inside(AS_OF - MONTH, bounds)
    assert inside(AS_OF - MONTH + TICK, bounds)
    assert inside(AS_OF, bounds)
    assert not inside(AS_OF + TICK, bounds)


def test_the_next_days_leave_out_now_and_hold_their_end() -> None:
    bounds = instants(Next(30), AS_OF, ZONE)
    assert not inside(AS_OF, bounds)
    assert inside(AS_OF + TICK, bounds)
    assert inside(AS_OF + MONTH, bounds)
    assert not inside(AS_OF + MONTH + TICK, bounds)


def test_the_last_and_the_next_never_overlap() -> None:
    last, following = instants(Last(1), AS_OF, ZONE), instants(Next(1), AS_OF, ZONE)
    assert (last.high, last.high_open) == (following.low, False)
    assert following.low_open


def test_a_day_of_a_rolling_window_is_24_hours_also_when_the_clocks_change() -> None:
    assert instants(Last(2), AS_OF, ZONE) == instants(Last(48, "hours"), AS_OF, ZONE)
    assert instants(Last(1, "weeks"), AS_OF, ZONE) == instants(Last(7), AS_OF, ZONE)
    assert instants(Last(60, "minutes"), AS_OF, ZONE) == instants(Last(1, "hours"), AS_OF, ZONE)


@pytest.mark.parametrize(
    ("day", "hours"), [("2026-10-25", 25), ("2026-03-29", 23), ("2026-10-24", 24)]
)
def test_a_calendar_day_is_as_long_as_the_clocks_make_it(day: str, hours: int) -> None:
    bounds = instants(Between(day, day), AS_OF, ZONE)
    assert isinstance(bounds.low, dt.datetime)
    assert isinstance(bounds.high, dt.datetime)
    assert bounds.high - bounds.low == hours * HOUR
    assert bounds.high_open
    assert not bounds.low_open


def test_midnight_in_berlin_is_the_evening_before_in_utc() -> None:
    assert midnight(dt.date(2026, 10, 25), ZONE) == dt.datetime(2026, 10, 24, 22)
    assert midnight(dt.date(2026, 10, 26), ZONE) == dt.datetime(2026, 10, 25, 23)


def test_a_day_without_midnight_starts_at_its_first_instant() -> None:
    brazil = ZoneInfo("America/Sao_Paulo")
    start = midnight(dt.date(2018, 11, 4), brazil)
    assert local_day(start, brazil) == dt.date(2018, 11, 4)
    assert local_day(start - TICK, brazil) == dt.date(2018, 11, 3)


def test_a_calendar_window_holds_both_its_days_and_no_other() -> None:
    bounds = instants(Between("2026-10-24", "2026-10-25"), AS_OF, ZONE)
    assert inside(midnight(dt.date(2026, 10, 24), ZONE), bounds)
    assert inside(midnight(dt.date(2026, 10, 26), ZONE) - TICK, bounds)
    assert not inside(midnight(dt.date(2026, 10, 24), ZONE) - TICK, bounds)
    assert not inside(midnight(dt.date(2026, 10, 26), ZONE), bounds)


def test_a_date_without_a_time_is_compared_by_whole_local_days() -> None:
    today = dt.date(2026, 10, 26)
    assert days(Last(1), AS_OF, ZONE) == Bounds(today - dt.timedelta(1), today, low_open=True)
    assert days(Next(2), AS_OF, ZONE) == Bounds(today, today + dt.timedelta(2), low_open=True)
    assert days(Between("2026-10-01", "2026-10-02"), AS_OF, ZONE) == Bounds(
        dt.date(2026, 10, 1), dt.date(2026, 10, 2)
    )


def test_today_is_the_local_day_not_that_of_utc() -> None:
    late = dt.datetime(2026, 10, 26, 23, 30)
    assert days(Last(1), late, ZONE).high == dt.date(2026, 10, 27)
    assert days(Last(1), late, ZoneInfo("America/New_York")).high == dt.date(2026, 10, 26)


def test_a_time_without_an_offset_is_local_and_one_with_it_is_not() -> None:
    assert parse_moment("2026-10-26T12:30", ZONE) == dt.datetime(2026, 10, 26, 11, 30)
    assert parse_moment("2026-10-26T12:30+00:00", ZONE) == dt.datetime(2026, 10, 26, 12, 30)
    assert parse_moment("2026-10-26T12:30Z", ZONE) == dt.datetime(2026, 10, 26, 12, 30)
    assert parse_moment("2026-10-26", ZONE) == dt.date(2026, 10, 26)


@given(st.datetimes(dt.datetime(1950, 1, 1), dt.datetime(2100, 1, 1)))
def test_every_instant_lies_in_its_own_local_day(at: dt.datetime) -> None:
    day = local_day(at, ZONE)
    assert midnight(day, ZONE) <= at < midnight(day + dt.timedelta(1), ZONE)
    assert to_utc(at.replace(tzinfo=dt.UTC).astimezone(ZONE)) == at


def test_a_window_that_reaches_beyond_the_calendar_is_refused_in_words() -> None:
    with pytest.raises(RuleError, match="A window of 10,000,000 days reaches beyond the calendar"):
        instants(Last(10_000_000), AS_OF, ZONE)


@pytest.mark.parametrize("name", ["Europe/Belrin", "", "../../etc/passwd", "/etc/passwd", "\0"])
def test_an_unknown_time_zone_is_refused_in_words(name: str) -> None:
    with pytest.raises(RuleError, match=r"There is no time zone .*write one like 'Europe/Berlin'"):
        zone_of(name)


def test_a_known_time_zone_is_found() -> None:
    assert zone_of("Europe/Berlin") == ZONE
