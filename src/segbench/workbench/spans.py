"""The moments that a history or a forecast looks at."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator
from typing import Literal, get_args
from zoneinfo import ZoneInfo

from segbench.errors import RuleError
from segbench.model.moments import local_day, midnight, next_day, period_days, to_utc

Every = Literal["day", "week", "month"]
When = dt.date | dt.datetime
MOST_POINTS = 1_100
"""Three years of days."""
FIRST_YEAR, LAST_YEAR = 1900, 9000
"""Windows reach a thousand years to both sides of `as_of`."""
DEFAULT: dict[Every, int] = {"day": 30, "week": 12, "month": 12}


def moments(
    since: When | None,
    until: When | None,
    now: dt.datetime,
    every: Every,
    zone: ZoneInfo,
    week_start: int,
) -> tuple[dt.datetime, ...]:
    """The first moment, every start of a local day, week or month after it, and the last moment.

    A day is taken from its start or up to its end, local; a naive time is UTC. Without `since`
    the last 30 days, 12 weeks or 12 months before `until`, which is `now` where none is given.
    """
    if every not in get_args(Every):
        raise RuleError(f"There is no step {every!r}; choose 'day', 'week' or 'month'.")
    end = now if until is None else _end(until, now, zone)
    if end > now:
        raise RuleError(
            f"A history ends at {now:%Y-%m-%d %H:%M} UTC, the clock of this workbench, and "
            f"{until} lies after it; ask for a forecast."
        )
    start = _first(end, every, zone, week_start) if since is None else _start(since, zone)
    require_year(start)
    if start > end:
        raise RuleError(f"A history cannot end before it starts: {start} is after {end} (UTC).")
    found = [start]
    for edge in _edges(start, every, zone, week_start):
        if edge >= end:
            break
        # A day that a zone skipped starts when the next one does.
        if edge > found[-1]:
            found.append(edge)
        if len(found) > MOST_POINTS:
            raise RuleError(
                f"That is more than {MOST_POINTS:,} points; choose a later start, or weeks or "
                "months."
            )
    return (*found, end) if end > start else tuple(found)


def require_year(moment: dt.datetime) -> None:
    """`RuleError` where a clock is too near to the ends of the calendar for long windows."""
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise RuleError(f"as_of must lie in the years {FIRST_YEAR} to {LAST_YEAR}.")


def _edges(
    start: dt.datetime, every: Every, zone: ZoneInfo, week_start: int
) -> Iterator[dt.datetime]:
    """The starts of all later days, weeks or months."""
    today = local_day(start, zone)
    for offset in itertools.count(1):
        first, _ = period_days(today, every, offset, week_start)
        yield midnight(first, zone)


def _first(end: dt.datetime, every: Every, zone: ZoneInfo, week_start: int) -> dt.datetime:
    day, _ = period_days(local_day(end, zone), every, -DEFAULT[every], week_start)
    return midnight(day, zone)


def _start(when: When, zone: ZoneInfo) -> dt.datetime:
    return instant(when) if isinstance(when, dt.datetime) else midnight(when, zone)


def _end(when: When, now: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    if isinstance(when, dt.datetime):
        return instant(when)
    over = midnight(next_day(when), zone)
    return now if midnight(when, zone) <= now < over else over


def instant(when: dt.datetime) -> dt.datetime:
    """A moment as naive UTC; a naive one is that already."""
    return to_utc(when) if when.tzinfo else when
