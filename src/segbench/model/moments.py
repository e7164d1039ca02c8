"""Instants and days: what windows mean at one `as_of` in one time zone, and the calendar's sums."""

from __future__ import annotations

import calendar as months
import datetime as dt
from dataclasses import dataclass, replace
from functools import cache
from typing import assert_never
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from segbench.errors import RuleError
from segbench.model.windows import (
    Ago,
    Between,
    Calendar,
    Last,
    Next,
    Period,
    Since,
    Unit,
    Until,
    Window,
)

Instant = dt.datetime | dt.date | int | float


@dataclass(frozen=True, slots=True)
class Bounds:
    """An interval; a missing end is open to infinity. Instants are naive UTC."""

    low: Instant | None = None
    high: Instant | None = None
    low_open: bool = False
    high_open: bool = False


def zone_of(name: str) -> ZoneInfo:
    """The time zone of that IANA name; `RuleError` where there is none."""
    # Not any file of the time zone database: `right/` and `localtime` are no zones to DuckDB.
    try:
        if name in _zones():
            return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        pass
    raise RuleError(f"There is no time zone {name!r}; write one like 'Europe/Berlin'.")


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones()) - {"Factory", "localtime"}


def instants(window: Window, as_of: dt.datetime, zone: ZoneInfo, week_start: int = 0) -> Bounds:
    """The window as an interval of naive UTC instants; `as_of` is naive UTC.

    `week_start` is the first day of a week, 0 for Monday to 6 for Sunday.
    """
    match window:
        case Last(amount, unit):
            return Bounds(moved(as_of, -amount, unit, zone), as_of, low_open=True)
        case Next(amount, unit):
            return Bounds(as_of, moved(as_of, amount, unit, zone), low_open=True)
        case Ago(least, most, unit):
            low, high = (moved(as_of, -amount, unit, zone) for amount in (most, least))
            return Bounds(low, high, low_open=True)
        case Calendar() | Between() | Since() | Until():
            found = days(window, as_of, zone, week_start)
            first = None if found.low is None else midnight(_day(found.low), zone)
            end = None if found.high is None else midnight(next_day(_day(found.high)), zone)
            return Bounds(first, end, high_open=end is not None)
        case _:
            assert_never(window)


def days(window: Window, as_of: dt.datetime, zone: ZoneInfo, week_start: int = 0) -> Bounds:
    """The window as an interval of local calendar days, for values without a time of day."""
    today = local_day(as_of, zone)
    match window:
        case Last(amount, unit):
            return Bounds(day_moved(today, -amount, unit), today, low_open=True)
        case Next(amount, unit):
            return Bounds(today, day_moved(today, amount, unit), low_open=True)
        case Ago(least, most, unit):
            low, high = (day_moved(today, -amount, unit) for amount in (most, least))
            return Bounds(low, high, low_open=True)
        case Calendar(period, offset):
            return Bounds(*period_days(today, period, offset, week_start))
        case Between(start, end):
            return Bounds(parse_day(start), parse_day(end))
        case Since(start):
            return Bounds(low=parse_day(start))
        case Until(end):
            return Bounds(high=parse_day(end))
        case _:
            assert_never(window)


def period_days(
    today: dt.date, period: Period, offset: int, week_start: int = 0
) -> tuple[dt.date, dt.date]:
    """The first and the last day of the period that lies `offset` after today's."""
    length: tuple[int, Unit]
    match period:
        case "day":
            start, length = today, (1, "days")
        case "week":
            start = today - dt.timedelta(days=(today.weekday() - week_start) % 7)
            length = (1, "weeks")
        case "month":
            start, length = today.replace(day=1), (1, "months")
        case "quarter":
            start = today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1)
            length = (3, "months")
        case "year":
            start, length = today.replace(month=1, day=1), (1, "years")
        case _:
            assert_never(period)
    amount, unit = length
    first = day_moved(start, offset * amount, unit)
    return first, day_moved(first, amount, unit) - dt.timedelta(days=1)


def moved(as_of: dt.datetime, amount: int, unit: Unit, zone: ZoneInfo) -> dt.datetime:
    """The instant that many units later (earlier where negative), naive UTC.

    Months and years keep the local time of day; a day that the month does not have becomes its
    last one (31 March less a month is 28 or 29 February).
    """
    if unit not in ("months", "years"):
        try:
            return as_of + amount * _EXACT[unit]
        except OverflowError as error:
            raise _beyond(amount, unit) from error
    local = as_of.replace(tzinfo=dt.UTC).astimezone(zone)
    day = day_moved(local.date(), amount, unit)
    if not dt.MINYEAR < day.year < dt.MAXYEAR:
        raise _beyond(amount, unit)
    return to_utc(dt.datetime.combine(day, local.time(), tzinfo=zone).replace(fold=local.fold))


_EXACT: dict[Unit, dt.timedelta] = {
    "minutes": dt.timedelta(minutes=1),
    "hours": dt.timedelta(hours=1),
    "days": dt.timedelta(days=1),
    "weeks": dt.timedelta(weeks=1),
}


def length_of(window: Last) -> dt.timedelta:
    """The length of a window of minutes to weeks; `RuleError` for months and years."""
    if window.unit not in _EXACT:
        raise RuleError(f"A length of {window.unit} is not exact; write it in days.")
    try:
        return window.amount * _EXACT[window.unit]
    except OverflowError as error:
        raise _beyond(window.amount, window.unit) from error


def day_moved(day: dt.date, amount: int, unit: Unit) -> dt.date:
    """The day that many units later; parts of a day are left out."""
    try:
        if unit in ("months", "years"):
            count = day.year * 12 + day.month - 1 + amount * (12 if unit == "years" else 1)
            year, month = divmod(count, 12)
            last = months.monthrange(year, month + 1)[1]
            return dt.date(year, month + 1, min(day.day, last))
        whole = int(amount * _EXACT[unit] / _EXACT["days"])
        return day + dt.timedelta(days=whole)
    except (OverflowError, ValueError) as error:
        raise _beyond(amount, unit) from error


def parse_day(text: str) -> dt.date:
    """The date that an ISO text such as `2026-10-23` names; `ValueError` where it names none."""
    return dt.date.fromisoformat(text)


def parse_moment(text: str, zone: ZoneInfo) -> dt.datetime | dt.date:
    """A date, or a naive UTC instant where the text has a time (local unless it has an offset)."""
    if len(text) <= 10:
        return parse_day(text)
    moment = dt.datetime.fromisoformat(text)
    return to_utc(moment if moment.tzinfo else moment.replace(tzinfo=zone))


def to_utc(moment: dt.datetime) -> dt.datetime:
    """An aware instant as a naive one in UTC."""
    return moment.astimezone(dt.UTC).replace(tzinfo=None)


def midnight(day: dt.date, zone: ZoneInfo) -> dt.datetime:
    """The naive UTC instant at which a local day starts."""
    if not dt.MINYEAR < day.year < dt.MAXYEAR:
        raise RuleError(f"The day {day} is at the end of the calendar.")
    return to_utc(dt.datetime(day.year, day.month, day.day, tzinfo=zone))


def next_day(day: dt.date) -> dt.date:
    """The day after."""
    return day_moved(day, 1, "days")


def local_day(as_of: dt.datetime, zone: ZoneInfo) -> dt.date:
    """The local calendar day of a naive UTC instant."""
    return as_of.replace(tzinfo=dt.UTC).astimezone(zone).date()


def until_now(bounds: Bounds, as_of: dt.datetime) -> Bounds:
    """The part of an interval of instants that is not after `as_of`."""
    high = bounds.high
    if high is None or (isinstance(high, dt.datetime) and high > as_of):
        return replace(bounds, high=as_of, high_open=False)
    return bounds


def _day(value: Instant) -> dt.date:
    assert isinstance(value, dt.date)
    return value


def _beyond(amount: int, unit: str) -> RuleError:
    return RuleError(f"A window of {abs(amount):,} {unit} reaches beyond the calendar.")
