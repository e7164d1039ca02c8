"""Facts about weekdays, months, hours and days of the year, and when they come."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Literal
from zoneinfo import ZoneInfo

from segbench.model.moments import local_day
from segbench.plan.atoms import Known, PartIn, Within
from segbench.plan.lines import Clause
from segbench.plan.parts import classes, exclusive, members, union_of

Part = Literal["weekday", "hour", "month_day"]
_LEAP_YEAR = dt.date(2024, 1, 1)
_YEAR_DAYS = tuple(
    100 * day.month + day.day for day in (_LEAP_YEAR + dt.timedelta(n) for n in range(366))
)
_VALUES: dict[Part, tuple[int, ...]] = {
    "weekday": tuple(range(7)),
    "hour": tuple(range(24)),
    "month_day": _YEAR_DAYS,
}
MOST_DAYS = 366
"""Stretches that are longer have every day of the year."""


def part_facts(atoms: Sequence[PartIn], spans: Sequence[Within]) -> Iterator[Clause]:
    """What is so for the parts of one date or instant; months are made of days of the year."""
    groups: dict[tuple[Part, str], list[PartIn]] = {}
    for atom in atoms:
        part: Part = "month_day" if atom.part == "month" else atom.part
        groups.setdefault((part, atom.zone), []).append(atom)
    for (part, zone), asked in groups.items():
        yield from _group_facts(part, zone, asked, spans)


def _group_facts(
    part: Part, zone: str, atoms: Sequence[PartIn], spans: Sequence[Within]
) -> Iterator[Clause]:
    field, kind = atoms[0].field, atoms[0].type

    def make(values: Sequence[int]) -> PartIn:
        return PartIn(field, kind, part, tuple(sorted(values)), zone)

    within = members([*map(_days_of, atoms), _VALUES[part]])
    found = classes({value: within[value] for value in _VALUES[part]})
    parts, clauses = exclusive(make, list(found.values()))
    yield from clauses
    known = Known(field, kind)
    yield (known, False), (parts[-1], True)
    yield (parts[-1], False), (known, True)
    for number, atom in enumerate(atoms):
        each = [make(values) for numbers, values in found.items() if number in numbers]
        yield from union_of(atom, each)
    if part != "hour":
        yield from _stretch_facts(part, zone, {make(v): v for v in found.values()}, spans)


def _days_of(atom: PartIn) -> tuple[int, ...]:
    if atom.part != "month":
        return atom.values
    return tuple(day for day in _YEAR_DAYS if day // 100 in atom.values)


def _stretch_facts(
    part: Part, zone: str, found: dict[PartIn, list[int]], spans: Sequence[Within]
) -> Iterator[Clause]:
    """A short stretch of time has some days only."""
    for span in spans:
        days = _days_within(span, zone)
        if days is not None:
            seen = {
                day.weekday() if part == "weekday" else 100 * day.month + day.day for day in days
            }
            fitting = [atom for atom, values in found.items() if not seen.isdisjoint(values)]
            yield ((span, False), *((atom, True) for atom in fitting))


def _days_within(span: Within, zone: str) -> tuple[dt.date, ...] | None:
    """All local days that touch the stretch, and perhaps one at either end; None where many."""
    low, high = span.bounds.low, span.bounds.high
    if not isinstance(low, dt.date) or not isinstance(high, dt.date):
        return None
    if isinstance(low, dt.datetime) and isinstance(high, dt.datetime):
        # Where clocks go back over midnight, a later instant can have an earlier local day.
        first, last = (local_day(at, ZoneInfo(zone)) for at in (low, high))
        margin = 1
    else:
        first, last, margin = low, high, 0
        first += dt.timedelta(span.bounds.low_open)
        last -= dt.timedelta(span.bounds.high_open)
    length = (last - first).days
    if length > MOST_DAYS or not 2 < first.year < last.year + 1 < 9998:
        return None
    return tuple(first + dt.timedelta(n) for n in range(-margin, length + 1 + margin))
