"""Times in the tests of a segment file: absolute, or relative to their `as_of`."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from fractions import Fraction
from zoneinfo import ZoneInfo

from segbench.errors import FormatError, RuleError
from segbench.files.expectations import Expectations, Given, Size
from segbench.model.catalog import ValueType
from segbench.model.moments import local_day, midnight, moved, parse_moment, zone_of
from segbench.model.operators import WEEKDAYS
from segbench.model.windows import UNITS

_RELATIVE = re.compile(r"([+-][0-9]{1,9}) ?(minute|hour|day|week|month|year)s?")
_SHARE = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,9})?) ?% to ([0-9]{1,3}(?:\.[0-9]{1,9})?) ?%")
HOW = "write it like 2026-10-23, 2026-10-23T12:30, -3 days or now"


@dataclass(frozen=True)
class Clock:
    """The moment (naive UTC) and the zone in which a segment's tests are judged."""

    as_of: dt.datetime
    zone: ZoneInfo
    week_start: int = 0

    def moment(self, text: str) -> dt.datetime:
        """The instant (naive UTC) that a text names; a day is its first instant."""
        found = self._read(text)
        return _instant(found, self.zone, text)

    def day(self, text: str) -> dt.date:
        """The local day that a text names."""
        found = self._read(text)
        if isinstance(found, dt.datetime) and "T" in text:
            raise FormatError(f"{text!r} has a time of day, and a date has none.")
        return local_day(found, self.zone) if isinstance(found, dt.datetime) else found

    def value(self, given: Given, kind: ValueType) -> object:
        """A value of that type as engines know it; `FormatError` where it is of another one."""
        match given, kind:
            case (None, _) | (bool(), "boolean") | (tuple(), "list"):
                return given
            case bool(), _:
                pass
            case (int() | float(), "number") | (str(), "text"):
                return given
            case str(), "date":
                return self.day(given)
            case str(), "datetime":
                return self.moment(given)
        raise FormatError(f"{given!r} is no {kind}.")

    def _read(self, text: str) -> dt.datetime | dt.date:
        if text == "now":
            return self.as_of
        relative = _RELATIVE.fullmatch(text)
        try:
            if relative is None:
                return parse_moment(text, self.zone)
            unit = next(unit for unit in UNITS if unit.startswith(relative[2]))
            return moved(self.as_of, int(relative[1]), unit, self.zone)
        except (ValueError, OverflowError, RuleError):
            raise FormatError(f"{text!r} is no time; {HOW}.") from None


def clock_of(tests: Expectations) -> Clock:
    """When and where the example contacts are judged."""
    try:
        zone = zone_of(tests.time_zone)
    except RuleError as error:
        raise FormatError(str(error)) from None
    if not tests.as_of:
        raise FormatError("Tests with contacts need an as_of, such as 2026-10-23T12:00.")
    try:
        found = parse_moment(tests.as_of, zone)
    except (ValueError, OverflowError):
        problem = f"as_of {tests.as_of!r} is no time; write it like 2026-10-23T12:00."
        raise FormatError(problem) from None
    return Clock(_instant(found, zone, tests.as_of), zone, WEEKDAYS.index(tests.week_start))


def shares(size: Size) -> tuple[Fraction, Fraction]:
    """The least and the largest share of all contacts, 0 to 1."""
    if not size.share:
        return Fraction(0), Fraction(1)
    found = _SHARE.fullmatch(size.share)
    low, high = (Fraction(found[1]) / 100, Fraction(found[2]) / 100) if found else (1, 0)
    if not low <= high <= 1:
        raise FormatError(f"A share is written like '1 % to 10 %', not {size.share!r}.")
    return Fraction(low), Fraction(high)


def _instant(found: dt.datetime | dt.date, zone: ZoneInfo, text: str) -> dt.datetime:
    try:
        moment = found if isinstance(found, dt.datetime) else midnight(found, zone)
    except RuleError:
        moment = dt.datetime.max
    # Room for windows and time zones before the calendar ends.
    if not 1900 <= moment.year <= 2900:
        raise FormatError(f"{text!r} does not lie in the years 1900 to 2900.")
    return moment
