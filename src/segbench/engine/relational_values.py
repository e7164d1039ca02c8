"""Atoms about one value as Ibis predicates: false, never null, where there is no value."""

from __future__ import annotations

import datetime as dt
from functools import cache, reduce
from operator import and_, eq, ge, gt, le, lt
from typing import TYPE_CHECKING, Any, assert_never

from segbench.model.catalog import BLANKS
from segbench.model.moments import Bounds, Instant
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
)
from segbench.plan.logic import Everyone, Logic, fold

if TYPE_CHECKING:
    import ibis

_ORDER = {"<": lt, "<=": le, ">": gt, ">=": ge, "=": eq, "on": eq}


def matching(where: Logic[ValueAtom], table: ibis.Table) -> Any:
    """Whether the logic is true of each row's values."""
    import ibis

    if isinstance(where, Everyone):
        return ibis.literal(True)
    return fold(where, lambda atom: predicate(atom, table), lambda: ibis.literal(True))


def predicate(atom: ValueAtom, table: ibis.Table, column: str | None = None) -> Any:
    """Whether the atom is true of each row's value; its field is the column, unless given."""
    return _asked(atom, table[atom.field if column is None else column], table).fill_null(False)


def _asked(atom: ValueAtom, value: Any, table: ibis.Table) -> Any:
    """The predicate, perhaps null where there is no value."""
    match atom:
        case Known(_, "text"):
            return value.strip() != ""
        case Known(_, "list"):
            return _items(value).length() > 0
        case Known():
            return present(value)
        case TextIs(_, values, match_case):
            return comparable(value, match_case).isin(values)
        case TextHas(_, where, part, match_case):
            # Neither end of the part is blank, so trimming the text could hide no match.
            whole = where == "anywhere" and part == part.strip(BLANKS) != ""
            folded = value if match_case else value.lower()
            return _has(folded if whole else comparable(value, match_case), where, part)
        case TextMatches(_, pattern, match_case):
            flags = "(?s)" if match_case else "(?si)"
            return comparable(value, match_case=True).re_search(f"{flags}{pattern}")
        case TextLength(_, bounds):
            return within(comparable(value, match_case=True).length(), bounds)
        case ItemIs(_, values, match_case):
            return value.filter(lambda i: comparable(i, match_case).isin(values)).length() > 0
        case ItemHas(_, part, match_case):
            return value.filter(lambda i: comparable(i, match_case).contains(part)).length() > 0
        case Items(_, bounds):
            return within(_items(value).length(), bounds) & (_items(value).length() > 0)
        case Within(_, _, bounds):
            return within(value, bounds)
        case PartIn():
            return _part(value, atom).isin(atom.values)
        case Truth(_, wanted):
            return value if wanted else ~value
        case Compared():
            return _compared(value, table[atom.other], atom)
        case _:
            assert_never(atom)


def within(column: Any, bounds: Bounds) -> Any:
    """Whether each value lies within the bounds; false where there is none."""
    return reduce(and_, inside(column, bounds)).fill_null(False)


def inside(column: Any, bounds: Bounds) -> list[Any]:
    """The tests of `within`, to filter by: false or null where there is no value.

    An engine looks at no part of a file that such plain comparisons rule out.
    """
    tests = [present(column)]
    if bounds.low is not None:
        low = _literal(bounds.low)
        tests.append(column > low if bounds.low_open else column >= low)
    if bounds.high is not None:
        high = _literal(bounds.high)
        tests.append(column < high if bounds.high_open else column <= high)
    return tests


def present(column: Any) -> Any:
    """Not null and, for floating numbers, not NaN, which engines sort above every number."""
    if column.type().is_floating():
        return column.notnull() & ~column.isnan().fill_null(False)
    return column.notnull()


def comparable(column: Any, match_case: bool) -> Any:
    """Text as it is compared; blank text is no value, so it never equals anything asked for."""
    trimmed = column.strip().nullif("")
    return trimmed if match_case else trimmed.lower()


def local(instant: Any, zone: str) -> Any:
    """A naive UTC instant as the local time of a zone."""
    to_zone, from_utc = _time_zones()
    return instant if zone == "UTC" else to_zone(zone, from_utc("UTC", instant))


@cache
def _time_zones() -> tuple[Any, Any]:
    """SQL's two `timezone` functions, which Ibis has no expression for: DuckDB's, PostgreSQL's."""
    import ibis

    naive, aware = "timestamp", "timestamp('UTC')"

    @ibis.udf.scalar.builtin(name="timezone", signature=(("string", aware), naive))
    def to_zone(zone, instant): ...  # type: ignore[no-untyped-def]

    @ibis.udf.scalar.builtin(name="timezone", signature=(("string", naive), aware))
    def from_utc(zone, instant): ...  # type: ignore[no-untyped-def]

    return to_zone, from_utc


def _items(value: Any) -> Any:
    return value.filter(lambda item: (item.strip() != "").fill_null(False))


def _has(column: Any, where: str, part: Any) -> Any:
    if where == "anywhere":
        return column.contains(part)
    return column.startswith(part) if where == "start" else column.endswith(part)


def _part(value: Any, atom: PartIn) -> Any:
    at = local(value, atom.zone) if atom.type == "datetime" else value
    match atom.part:
        case "weekday":
            return at.day_of_week.index()
        case "month":
            return at.month()
        case "hour":
            return at.hour()
        case "month_day":
            return at.month().cast("int64") * 100 + at.day()
        case _:
            assert_never(atom.part)


def _compared(mine: Any, other: Any, atom: Compared) -> Any:
    if atom.type == "text":
        mine, other = comparable(mine, atom.match_case), comparable(other, atom.match_case)
        if atom.how == "is":
            return mine == other
        where = {"contains": "anywhere", "starts": "start", "ends": "end"}[atom.how]
        return _has(mine, where, other)
    both = present(mine) & present(other)
    if atom.zone:
        mine = local(mine, atom.zone).date() if atom.type == "datetime" else mine
        other = local(other, atom.zone).date() if atom.other_type == "datetime" else other
    return both & _ORDER[atom.how](mine, other)


def _literal(value: Instant) -> Any:
    import ibis

    if isinstance(value, dt.datetime):
        return ibis.timestamp(value)
    return ibis.date(value) if isinstance(value, dt.date) else ibis.literal(value)
