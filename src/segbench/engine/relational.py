"""Atoms as Ibis expressions, the same for every Ibis backend.

A predicate here is never null: a missing value gives false, so that complement can be taken with
`~` inside `where` and by set complement outside.
"""

from __future__ import annotations

import datetime as dt
from functools import reduce
from operator import and_
from typing import TYPE_CHECKING, Any, Protocol, assert_never

from segbench.model.windows import Bounds, Instant
from segbench.plan.atoms import (
    Atom,
    Happened,
    HasTag,
    Known,
    TextHas,
    TextIs,
    Truth,
    ValueAtom,
    Within,
)
from segbench.plan.logic import Everyone, Logic, fold

if TYPE_CHECKING:
    import ibis

    Boolean = ibis.expr.types.BooleanValue


class Tables(Protocol):
    """Where the contact data is: the tables `contacts`, `tags` and `events`."""

    def table(self, name: str) -> ibis.Table:
        """The Ibis table of that name."""


def ordinals_of(atom: Atom, source: Tables) -> ibis.Table:
    """A table with one column, the ordinals for which the atom is true; repeats are possible."""
    match atom:
        case HasTag(tags):
            table = source.table("tags")
            return table.filter(table["tag"].isin(tags)).select("ordinal")
        case Happened():
            return _happened(atom, source.table("events"))
        case _:
            table = source.table("contacts")
            return table.filter(predicate(atom, table)).select("ordinal")


def predicate(atom: ValueAtom, table: ibis.Table) -> Any:
    """Whether the atom is true of each row's value; false, never null, where there is none."""
    column = table[atom.field]
    match atom:
        case Known(_, "text"):
            return (column.strip() != "").fill_null(False)
        case Known():
            return _present(column)
        case TextIs(_, values, match_case):
            return _comparable(column, match_case).isin(values).fill_null(False)
        case TextHas(_, where, part, match_case):
            return _has(_comparable(column, match_case), where, part).fill_null(False)
        case Within(_, _, bounds):
            return within(column, bounds)
        case Truth(_, value):
            return (column if value else ~column).fill_null(False)
        case _:
            assert_never(atom)


def within(column: Any, bounds: Bounds) -> Any:
    """Whether each value lies within the bounds; false where there is none."""
    tests = [_present(column)]
    if bounds.low is not None:
        low = _literal(bounds.low)
        tests.append(column > low if bounds.low_open else column >= low)
    if bounds.high is not None:
        high = _literal(bounds.high)
        tests.append(column < high if bounds.high_open else column <= high)
    return reduce(and_, tests).fill_null(False)


def _happened(atom: Happened, events: ibis.Table) -> ibis.Table:
    tests = [events["event"] == atom.event, within(events["at"], atom.bounds)]
    if not isinstance(atom.where, Everyone):
        tests.append(_matching(atom.where, events))
    found = events.filter(tests)
    if atom.times <= 1:
        return found.select("ordinal")
    counted = found.group_by("ordinal").aggregate(times=found.count())
    return counted.filter(counted["times"] >= atom.times).select("ordinal")


def _matching(where: Logic[ValueAtom], events: ibis.Table) -> Any:
    import ibis

    return fold(where, lambda atom: predicate(atom, events), lambda: ibis.literal(True))


def _present(column: Any) -> Any:
    """Not null and, for floating numbers, not NaN, which engines sort above every number."""
    if column.type().is_floating():
        return column.notnull() & ~column.isnan().fill_null(False)
    return column.notnull()


def _comparable(column: Any, match_case: bool) -> Any:
    """Text as it is compared; blank text is no value, so it never equals anything asked for."""
    trimmed = column.strip().nullif("")
    return trimmed if match_case else trimmed.lower()


def _has(column: Any, where: str, part: str) -> Any:
    if where == "anywhere":
        return column.contains(part)
    return column.startswith(part) if where == "start" else column.endswith(part)


def _literal(value: Instant) -> Any:
    import ibis

    if isinstance(value, dt.datetime):
        return ibis.timestamp(value)
    return ibis.date(value) if isinstance(value, dt.date) else ibis.literal(value)
