"""When things happen in the demo CRM: local days and hours, campaign days, sign-ups."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
"""Microseconds."""

EPOCH = dt.datetime(1970, 1, 1)
YEAR = 365
_BY_HOUR = np.cumsum(
    [4, 2, 1, 1, 1, 3, 10, 22, 34, 42, 44, 42, 46, 40, 38, 38, 40, 44, 50, 58, 62, 52, 30, 12]
)
_BY_WEEKDAY = (1.0, 1.05, 1.0, 0.98, 0.9, 0.62, 0.75)
_BY_MONTH = (1.05, 0.95, 1.0, 1.0, 0.95, 0.95, 0.85, 0.85, 1.0, 1.05, 1.35, 1.3)

Topic = Literal["newsletter", "update", "offer", "welcome"]
_OFFERS = {
    "New year sale": (1, 3),
    "Valentine's offer": (2, 10),
    "Spring sale": (3, 20),
    "Summer sale": (6, 21),
    "Back to school": (8, 25),
    "Autumn survey": (10, 6),
    "Black week": (11, 24),
    "Christmas gifts": (12, 8),
}


@dataclass(frozen=True, slots=True)
class Campaign:
    """One mailing: its name, whom it is for, and when it starts (microseconds since 1970, UTC)."""

    name: str
    topic: Topic
    at: int


def micros(instant: dt.datetime) -> int:
    """Microseconds since 1970 of a naive UTC instant."""
    return (instant - EPOCH) // dt.timedelta(microseconds=1)


class Timeline:
    """The year up to `until` (naive UTC) in those IANA zones; instants are microseconds, UTC."""

    def __init__(self, until: dt.datetime, zones: Sequence[str]) -> None:
        self.until = micros(until)
        self.start = self.until - YEAR * DAY
        self._first = self.start // DAY - 1
        days = [EPOCH + dt.timedelta(days=self._first + i) for i in range(YEAR + 4)]
        self._offsets = np.array([[_offset(day, ZoneInfo(zone)) for day in days] for zone in zones])
        self._by_day = np.cumsum([_BY_WEEKDAY[d.weekday()] * _BY_MONTH[d.month - 1] for d in days])
        self.campaigns = sorted(_campaigns(days, self), key=lambda campaign: campaign.at)

    def offset(self, at: Ints, zone: Ints) -> Ints:
        """What a local clock is ahead of UTC around those instants."""
        day = np.clip(at // DAY - self._first, 0, self._offsets.shape[1] - 1)
        found: Ints = self._offsets[zone, day]
        return found

    def moments(self, rng: np.random.Generator, zone: Ints) -> Ints:
        """One instant for each entry, by local hour, weekday and season; a few out of the year."""
        day = _draw(rng, self._by_day, len(zone)) + self._first
        return self._at_local_hour(rng, day, zone)

    def sign_ups(self, rng: np.random.Generator, zone: Ints) -> Ints:
        """One instant for each entry within three years up to `until`, more of them later."""
        span = 3 * YEAR * DAY
        at = self.until - span + (span * rng.random(len(zone)) ** 0.6).astype(np.int64)
        at = self._at_local_hour(rng, at // DAY, zone)
        return np.clip(np.where(at > self.until, at - 2 * DAY, at), self.until - span, self.until)

    def awake(self, rng: np.random.Generator, at: Ints, zone: Ints) -> Ints:
        """The same instants, those in the local night moved to the morning after."""
        local = (at + self.offset(at, zone)) % DAY
        asleep = local < 6 * HOUR + 30 * MINUTE
        morning = at - local + 6 * HOUR + 30 * MINUTE + after(rng, len(at), HOUR)
        found: Ints = np.where(asleep, morning, at)
        return found

    def _at_local_hour(self, rng: np.random.Generator, day: Ints, zone: Ints) -> Ints:
        hour = _draw(rng, _BY_HOUR, len(zone)) * HOUR
        local = day * DAY + hour + rng.integers(0, HOUR, len(zone))
        return local - self.offset(local, zone)


def after(rng: np.random.Generator, n: int, mean: int) -> Ints:
    """`n` exponential waits of that mean, in microseconds, at least one."""
    return 1 + (rng.exponential(float(mean), n)).astype(np.int64)


def _draw(rng: np.random.Generator, cumulated: Floats | Ints, n: int) -> Ints:
    found: Ints = np.searchsorted(cumulated, rng.random(n) * cumulated[-1], side="right")
    return found


def _offset(day: dt.datetime, zone: ZoneInfo) -> int:
    noon = day.replace(hour=12, tzinfo=dt.UTC).astimezone(zone)
    return (noon.utcoffset() or dt.timedelta()) // dt.timedelta(microseconds=1)


def _campaigns(days: Sequence[dt.datetime], line: Timeline) -> Iterator[Campaign]:
    offers = {when: name for name, when in _OFFERS.items()}
    for day in days:
        at = micros(day) + 8 * HOUR
        if not line.start < at <= line.until:
            continue
        if day.weekday() == 1:
            yield Campaign(f"Newsletter {day:%Y-%m-%d}", "newsletter", at)
        if day.weekday() == 3 and day.day <= 7:
            yield Campaign(f"Product update {day:%Y-%m}", "update", at + HOUR)
        if (day.month, day.day) in offers:
            yield Campaign(f"{offers[day.month, day.day]} {day:%Y}", "offer", at + 2 * HOUR)
