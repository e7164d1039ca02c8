"""HubSpot's points in time, and the periods and counts that refine what happened."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, cast

from segbench.errors import RuleError
from segbench.interchange.ledger import require_known
from segbench.interchange.moments import FromNow, Point, Sign, StartOf, bounded, compared
from segbench.interchange.report import NoMeaning
from segbench.interchange.untrusted import at, entry_record, entry_text, entry_whole, record
from segbench.model.moments import zone_of
from segbench.model.rules import FieldRule
from segbench.model.windows import Ago, Last, Period, Unit, Window

Found = tuple[FieldRule, str]
_PERIODS: dict[str, Period] = {
    "TODAY": "day",
    "WEEK": "week",
    "MONTH": "month",
    "QUARTER": "quarter",
    "YEAR": "year",
}
_OFFSETS: dict[str, tuple[Unit, int]] = {
    "minutes": ("minutes", 1),
    "hours": ("hours", 1),
    "days": ("days", 1),
    "weeks": ("weeks", 1),
    "months": ("months", 1),
    "quarters": ("months", 3),
    "years": ("years", 1),
}
_OF_PERIOD = {"day": "days", "week": "weeks", "month": "months", "year": "years"}
_CLOCK = ("hour", "minute", "second", "millisecond")
_DATE = frozenset({"timeType", "timezoneSource", "zoneId", "year", "month", "day", *_CLOCK})
_INDEXED = frozenset({"timeType", "timezoneSource", "zoneId", "indexReference", "offset"})


def side(field: str, sign: Sign, point: Mapping[str, Any], place: str, *, of_days: bool) -> Found:
    """The rule that a field lies on that side of a point, and what is not exact about it."""
    kind = entry_text(point, "timeType", place)
    if kind == "DATE":
        return compared(field, sign, _date(point, sign, place, of_days), of_days=of_days), ""
    if kind == "INDEXED":
        found, remark = bounded(field, sign, _indexed(point, place), of_days=of_days)
        zone = point.get("zoneId")
        whose = f"Its days are those of {zone!r}, here those of the workspace." if zone else ""
        return found, " ".join(filter(None, (remark, whose)))
    raise NoMeaning(f"A point in time of the kind {kind[:40]!r} cannot be compared with here.")


def _date(point: Mapping[str, Any], sign: Sign, place: str, of_days: bool) -> str:
    """An instant with its offset, or the day where the field holds days."""
    require_known(point, _DATE)
    year, month, day = (entry_whole(point, key, place) for key in ("year", "month", "day"))
    timed = [key for key in _CLOCK if point.get(key) is not None]
    hour, minute, second, milli = (entry_whole(point, k, place, 0) for k in _CLOCK)
    try:
        start = dt.datetime(year, month, day, hour, minute, second, milli * 1000)
        if of_days and not timed:
            return start.date().isoformat()
        if not timed and sign in ("<=", ">"):
            raise NoMeaning("It is not said whether the day itself counts.")
        zone = zone_of(entry_text(point, "zoneId", place))
    except (ValueError, OverflowError):
        raise NoMeaning("There is no such day or time.") from None
    except RuleError as error:
        raise NoMeaning(str(error)) from None
    if not dt.MINYEAR < start.year < dt.MAXYEAR:
        raise NoMeaning("The day is at the end of the calendar.")
    return start.replace(tzinfo=zone).isoformat()


def _indexed(point: Mapping[str, Any], place: str) -> Point:
    require_known(point, _INDEXED)
    reference = entry_record(point, "indexReference", place)
    require_known(reference, frozenset({"referenceType"}))
    name = entry_text(reference, "referenceType", at(place, "indexReference"))
    amount, unit = _offset(point, place)
    if name == "NOW":
        return FromNow(amount, unit)
    if name not in _PERIODS:
        raise NoMeaning(f"There is no {name[:40]!r} to count from here.")
    period = _PERIODS[name]
    if amount and _OF_PERIOD.get(period) != unit:
        raise NoMeaning("The offset is in another unit than the period it counts from.")
    return StartOf(period, amount)


def _offset(point: Mapping[str, Any], place: str) -> tuple[int, Unit]:
    if point.get("offset") is None:
        return 0, "days"
    given = entry_record(point, "offset", place)
    parts = [key for key in given if given[key] not in (None, 0)]
    if not parts:
        return 0, "days"
    if len(parts) > 1 or parts[0] not in _OFFSETS:
        raise NoMeaning("Only an offset in one unit, minutes or longer, has a meaning here.")
    unit, times = _OFFSETS[parts[0]]
    return entry_whole(given, parts[0], at(place, "offset")) * times, unit


def window_of(refine: object, place: str) -> Window | None:
    """The period that a `pruningRefineBy` leaves; None where it is all time."""
    if refine is None:
        return None
    given = record(refine, place)
    kind = entry_text(given, "type", place)
    if kind == "ALL_HISTORY":
        return None
    if kind == "RELATIVE_COMPARATIVE":
        amount, unit = _past(entry_record(given, "timeOffset", place), at(place, "timeOffset"))
        if given.get("comparison") == "AFTER":
            return Last(amount, unit)
    if kind == "RELATIVE_RANGED" and given.get("rangeType") == "BETWEEN":
        ends = [
            _past(entry_record(given, key, place), at(place, key))
            for key in ("lowerBoundOffset", "upperBoundOffset")
        ]
        (one, unit), (other, other_unit) = ends
        if unit == other_unit and one != other:
            return Ago(min(one, other), max(one, other), unit)
    raise NoMeaning(f"The period of kind {kind[:40]!r} cannot be said of events here.")


def _past(offset: Mapping[str, Any], place: str) -> tuple[int, Unit]:
    unit = entry_text(offset, "timeUnit", place).lower()
    unit = unit if unit.endswith("s") else f"{unit}s"
    if unit not in _OFFSETS or unit == "quarters" or offset.get("offsetDirection") != "PAST":
        raise NoMeaning("Only a length of time in the past has a meaning here.")
    amount = entry_whole(offset, "amount", place)
    if amount < 1:
        raise NoMeaning("A length of time is at least 1.")
    return amount, cast(Unit, unit)


def count_of(refine: object, place: str) -> tuple[str, tuple[int, ...]]:
    """The event operator and its values that a `coalescingRefineBy` stands for."""
    if refine is None:
        return "did", ()
    given = record(refine, place)
    kind = entry_text(given, "type", place)
    if kind != "NUM_OCCURRENCES" or given.get("minOccurrences") is None:
        raise NoMeaning("It is not said whether contacts to whom it never happened count.")
    least = entry_whole(given, "minOccurrences", place)
    if given.get("maxOccurrences") is None:
        return "at_least", (least,)
    return "between", (least, entry_whole(given, "maxOccurrences", place))
