"""Time windows and what they resolve to at one `as_of` in one time zone."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Annotated, Any, Literal, assert_never
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from segbench.errors import RuleError

Unit = Literal["minutes", "hours", "days", "weeks"]
MOST_DAYS = 36_500
"""The longest rolling window: a hundred years."""

_SPANS: dict[Unit, dt.timedelta] = {
    "minutes": dt.timedelta(minutes=1),
    "hours": dt.timedelta(hours=1),
    "days": dt.timedelta(days=1),
    "weeks": dt.timedelta(weeks=1),
}


@dataclass(frozen=True, slots=True)
class Last:
    """The last `amount` units before `as_of`: `as_of - N < t <= as_of`; a day is 24 hours."""

    amount: int
    unit: Unit = "days"
    kind: Literal["last"] = "last"


@dataclass(frozen=True, slots=True)
class Next:
    """The next `amount` units after `as_of`: `as_of < t <= as_of + N`."""

    amount: int
    unit: Unit = "days"
    kind: Literal["next"] = "next"


@dataclass(frozen=True, slots=True)
class Between:
    """From the local day `start` up to and including the local day `end` (ISO dates)."""

    start: str
    end: str
    kind: Literal["between"] = "between"


class ByKind:
    """Tells a reader of JSON that `kind` says which value it is; used by pydantic alone."""

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        from pydantic import Field

        return handler.generate_schema(Annotated[source, Field(discriminator="kind")])


Window = Annotated[Last | Next | Between, ByKind()]
Instant = dt.datetime | dt.date | int | float


@dataclass(frozen=True, slots=True)
class Bounds:
    """An interval; a missing end is open to infinity. Instants are naive UTC."""

    low: Instant | None = None
    high: Instant | None = None
    low_open: bool = False
    high_open: bool = False


def span(window: Last | Next) -> dt.timedelta:
    """The length of a rolling window."""
    return window.amount * _SPANS[window.unit]


def zone_of(name: str) -> ZoneInfo:
    """The time zone of that IANA name; `RuleError` where there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise RuleError(
            f"There is no time zone {name!r}; write one like 'Europe/Berlin'."
        ) from error


def instants(window: Window, as_of: dt.datetime, zone: ZoneInfo) -> Bounds:
    """The window as an interval of naive UTC instants; `as_of` is naive UTC."""
    match window:
        case Last():
            return Bounds(_moved(as_of, -span(window)), as_of, low_open=True)
        case Next():
            return Bounds(as_of, _moved(as_of, span(window)), low_open=True)
        case Between():
            low, high = parse_day(window.start), parse_day(window.end)
            return Bounds(midnight(low, zone), midnight(next_day(high), zone), high_open=True)
        case _:
            assert_never(window)


def days(window: Window, as_of: dt.datetime, zone: ZoneInfo) -> Bounds:
    """The window as an interval of local calendar days, for values without a time of day."""
    today = local_day(as_of, zone)
    match window:
        case Last():
            return Bounds(today - dt.timedelta(days=span(window).days), today, low_open=True)
        case Next():
            return Bounds(today, today + dt.timedelta(days=span(window).days), low_open=True)
        case Between():
            return Bounds(parse_day(window.start), parse_day(window.end))
        case _:
            assert_never(window)


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
    return to_utc(dt.datetime(day.year, day.month, day.day, tzinfo=zone))


def next_day(day: dt.date) -> dt.date:
    """The day after."""
    return day + dt.timedelta(days=1)


def local_day(as_of: dt.datetime, zone: ZoneInfo) -> dt.date:
    """The local calendar day of a naive UTC instant."""
    return as_of.replace(tzinfo=dt.UTC).astimezone(zone).date()


def _moved(as_of: dt.datetime, by: dt.timedelta) -> dt.datetime:
    try:
        return as_of + by
    except OverflowError as error:
        raise RuleError(
            f"A window of {abs(by.days):,} days reaches beyond the calendar."
        ) from error
