"""The reference engine's answer for one value, or for the values of one contact or event."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from typing import Any, assert_never
from zoneinfo import ZoneInfo

from segbench.model.catalog import BLANKS
from segbench.model.moments import Bounds, local_day
from segbench.model.patterns import compiled_pattern
from segbench.plan.atoms import (
    Compared,
    ItemHas,
    ItemIs,
    Items,
    Known,
    PartIn,
    TextHas,
    TextIs,
    TextLength,
    TextMatches,
    Truth,
    ValueAtom,
    Within,
    comparable,
    trimmed,
)
from segbench.plan.logic import AllOf, AnyOf, Everyone, Leaf, Logic, Not, Nothing


def value_true(atom: ValueAtom, values: Mapping[str, Any]) -> bool:
    """Whether the atom is true of its field's value; never where there is none."""
    value: Any = values.get(atom.field)
    if missing(value):
        return False
    match atom:
        case Known():
            return True
        case TextIs(_, wanted, match_case):
            return comparable(value, match_case) in wanted
        case TextHas(_, "anywhere", part, match_case):
            return part in comparable(value, match_case)
        case TextHas(_, "start", part, match_case):
            return comparable(value, match_case).startswith(part)
        case TextHas(_, _, part, match_case):
            return comparable(value, match_case).endswith(part)
        case TextMatches(_, pattern, match_case):
            return compiled_pattern(pattern, match_case).search(trimmed(value)) is not None
        case TextLength(_, bounds):
            return inside(len(trimmed(value)), bounds)
        case ItemIs(_, wanted, match_case):
            return any(comparable(item, match_case) in wanted for item in items(value))
        case ItemHas(_, part, match_case):
            return any(part in comparable(item, match_case) for item in items(value))
        case Items(_, bounds):
            return inside(len(items(value)), bounds)
        case Within(_, _, bounds):
            return inside(value, bounds)
        case PartIn():
            return _part(value, atom) in atom.values
        case Truth(_, wanted):
            return bool(value) is wanted
        case Compared():
            return _compared(value, values.get(atom.other), atom)
        case _:
            assert_never(atom)


def values_match(logic: Logic[ValueAtom], values: Mapping[str, Any]) -> bool:
    """Whether the logic is true of the values."""
    match logic:
        case Everyone():
            return True
        case Nothing():
            return False
        case Leaf(atom):
            return value_true(atom, values)
        case Not(inner):
            return not values_match(inner, values)
        case AllOf(parts):
            return all(values_match(part, values) for part in parts)
        case AnyOf(parts):
            return any(values_match(part, values) for part in parts)
        case _:
            assert_never(logic)


def missing(value: Any) -> bool:
    """Whether a value is none: absent, blank text, a list of nothing else, or not a number."""
    if value is None:
        return True
    if isinstance(value, str):
        return not value.strip(BLANKS)
    if isinstance(value, (list, tuple)):
        return not items(value)
    return isinstance(value, float) and math.isnan(value)


def items(value: Any) -> list[str]:
    """The items of a list that are there."""
    return [item for item in value if not missing(item)]


def inside(value: Any, bounds: Bounds) -> bool:
    """Whether a value lies within the bounds."""
    low, high = bounds.low, bounds.high
    if low is not None and (value <= low if bounds.low_open else value < low):
        return False
    return high is None or bool(value < high if bounds.high_open else value <= high)


def local(value: dt.datetime, zone: str) -> dt.datetime:
    """A naive UTC instant as the local time of a zone."""
    return value.replace(tzinfo=dt.UTC).astimezone(ZoneInfo(zone))


def _part(value: dt.date, atom: PartIn) -> int:
    at = local(value, atom.zone) if isinstance(value, dt.datetime) else value
    match atom.part:
        case "weekday":
            return at.weekday()
        case "month":
            return at.month
        case "month_day":
            return 100 * at.month + at.day
        case "hour":
            assert isinstance(at, dt.datetime)
            return at.hour
        case _:
            assert_never(atom.part)


def _compared(mine: Any, other: Any, atom: Compared) -> bool:
    if missing(other):
        return False
    if atom.type == "text":
        mine, other = (comparable(text, atom.match_case) for text in (mine, other))
    elif atom.zone:
        zone = ZoneInfo(atom.zone)
        mine, other = (
            local_day(value, zone) if isinstance(value, dt.datetime) else value
            for value in (mine, other)
        )
    match atom.how:
        case "is" | "=" | "on":
            return bool(mine == other)
        case "contains":
            return other in mine
        case "starts":
            return bool(mine.startswith(other))
        case "ends":
            return bool(mine.endswith(other))
        case "<":
            return bool(mine < other)
        case "<=":
            return bool(mine <= other)
        case ">":
            return bool(mine > other)
        case ">=":
            return bool(mine >= other)
        case _:
            assert_never(atom.how)
