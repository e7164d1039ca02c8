"""The scales of a trend: whole numbers up the side, days along the foot."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile
from zoneinfo import ZoneInfo

from segbench.audience.history import Point, local_time

DAY = dt.timedelta(days=1)
DAYS = (1, 2, 5, 7, 10, 14, 30, 60, 90, 180, 365, 730, 1825)
"""How many days apart the dates along the foot may be."""
YEARLY = 300
"""Over so many days a date has its year."""
LEVEL = 0.6
"""A scale starts above zero where the lowest count is above this share of the highest."""


@dataclass(frozen=True, slots=True)
class Scale:
    """Where an axis begins and ends, and the whole numbers that it names."""

    low: int
    high: int
    ticks: tuple[int, ...]


def count_scale(lowest: int, highest: int, most: int = 4) -> Scale:
    """A scale for counts; from zero unless all of them are far from it."""
    low = lowest if lowest > LEVEL * highest else 0
    step = _step(max(highest - low, 1), most)
    low -= low % step
    high = low + step * -(-max(highest - low, 1) // step)
    return Scale(low, high, tuple(range(low, high + 1, step)))


def moves_scale(most_in: int, most_out: int) -> Scale:
    """A scale for those who enter (up) and leave (down), zero in between."""
    step = _step(max(most_in + most_out, 1), 3)
    up, down = (step * -(-most // step) for most in (most_in, most_out))
    if not up and not down:
        up = step
    return Scale(-down, up, tuple(range(-down, up + 1, step)))


def day_ticks(
    first: float, last: float, now: dt.datetime, zone: ZoneInfo, most: int
) -> tuple[list[int], list[str]]:
    """Days from now (negative ones are past), evenly spaced through now, and their dates."""
    apart = next(days for days in DAYS if (last - first) / days < most or days == DAYS[-1])
    past = takewhile(lambda at: at >= first, _steps(0, -apart))
    places = sorted({*past, *takewhile(lambda at: at <= last, _steps(0, apart))})
    return places, [_date(now, at, zone, years=last - first > YEARLY) for at in places]


def day_of(point: Point, now: dt.datetime) -> float:
    """Where a point stands: days from now."""
    return (point.at - now) / DAY


def _steps(start: int, by: int) -> Iterator[int]:
    while True:
        yield start
        start += by


def _date(now: dt.datetime, days: int, zone: ZoneInfo, *, years: bool) -> str:
    local = local_time(now + days * DAY, zone)
    if not days:
        return "now"
    return f"{local.day} {local:%b %Y}" if years else f"{local.day} {local:%b}"


def _step(width: int, most: int) -> int:
    """The smallest round step with which a width takes at most so many steps."""
    size = 1
    while True:
        for factor in (1, 2, 5):
            if width <= factor * size * most:
                return factor * size
        size *= 10
