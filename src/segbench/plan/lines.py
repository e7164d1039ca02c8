"""Facts about intervals: the line of values, cut wherever an interval begins or ends."""

from __future__ import annotations

import datetime as dt
import itertools
import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from segbench.model.moments import Bounds
from segbench.plan.atoms import Atom, millionths

Literal = tuple[Atom, bool]
Clause = tuple[Literal, ...]
"""Atoms that are true or not, at least one of which is as it says, whoever the contact is."""
Place = Callable[[Any, bool], tuple[Any, bool]]
"""Where a lower end is on the line: its value, and whether the value itself is left out."""


@dataclass(frozen=True, slots=True)
class Line:
    """Intervals of one thing: `make` gives the atom of an interval, `known` says there is a value.

    Without `known` everyone has one. No value is below `least`.
    """

    make: Callable[[Bounds], Atom]
    known: Atom | None
    place: Place
    least: Any = None


def line_facts(line: Line, atoms: Iterable[tuple[Atom, Bounds]]) -> Iterator[Clause]:
    """All there is to know about which intervals hold together.

    Each end becomes an atom of its own, "from here on", and those are ordered along the line.
    """
    spans = tuple(atoms)
    cuts = _cuts(line, (bounds for _, bounds in spans))
    unknown: Clause = () if line.known is None else ((line.known, False),)
    ordered = sorted(cuts)
    for before, after in itertools.pairwise(ordered):
        yield (cuts[after], False), (cuts[before], True)
    for cut in ordered[:1]:
        yield from _implied_by(((cuts[cut], False),), line.known)
    if line.least is not None:
        for cut in reversed([cut for cut in ordered if cut <= (line.least, False)]):
            yield (*unknown, (cuts[cut], True))
            break
    for atom, bounds in spans:
        yield from _span_facts(line, atom, bounds, cuts, unknown)


def _span_facts(
    line: Line, atom: Atom, bounds: Bounds, cuts: dict[Any, Atom], unknown: Clause
) -> Iterator[Clause]:
    """The atom holds from its lower end on, and not from its upper end on."""
    outside: list[Literal] = []
    if bounds.low is not None:
        outside.append((cuts[line.place(bounds.low, bounds.low_open)], False))
    if bounds.high is not None:
        outside.append((cuts[line.place(bounds.high, not bounds.high_open)], True))
    yield from _implied_by(((atom, False),), line.known)
    for end, beyond in outside:
        if end != atom:
            yield (atom, False), (end, not beyond)
    if (atom, False) not in outside:
        yield (*unknown, *outside, (atom, True))


def _cuts(line: Line, spans: Iterable[Bounds]) -> dict[Any, Atom]:
    """The atom "from here on" of every end, by its place on the line."""
    cuts: dict[Any, Atom] = {}
    for bounds in spans:
        for value, is_open in (
            (bounds.low, bounds.low_open),
            (bounds.high, not bounds.high_open),
        ):
            if value is not None:
                where = line.place(value, is_open)
                if where not in cuts:
                    cuts[where] = line.make(Bounds(low=value, low_open=is_open))
    return cuts


def _implied_by(clause: Clause, known: Atom | None) -> Iterator[Clause]:
    if known is not None and clause != ((known, False),):
        yield (*clause, (known, True))


def anywhere(value: Any, is_open: bool) -> tuple[Any, bool]:
    """The place on a line that has values between any two."""
    return value, is_open


def by_day(value: dt.date, is_open: bool) -> tuple[Any, bool]:
    """The place of a date: after a day is from the next one on."""
    return value.toordinal() + is_open, False


def by_tick(value: dt.datetime, is_open: bool) -> tuple[Any, bool]:
    """The place of an instant: after one is from the next microsecond on."""
    whole = (value - dt.datetime.min) // dt.timedelta(microseconds=1)
    return whole + is_open, False


def by_one(value: float, is_open: bool) -> tuple[Any, bool]:
    """The place of a count: more than two and a half is three or more."""
    return math.floor(value) + 1 if is_open else math.ceil(value), False


def by_millionth(value: float, is_open: bool) -> tuple[Any, bool]:
    """The place of a sum, which is counted in millionths."""
    return millionths(value) + is_open, False


def by_mean(value: float, is_open: bool) -> tuple[Any, bool]:
    """The place of an average: its ends are rounded to millionths, it is not."""
    return millionths(value), is_open
