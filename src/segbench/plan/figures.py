"""Facts about figures of events: of one figure they are those about a value."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from segbench.model.moments import Bounds
from segbench.model.operators import measured_type
from segbench.plan.atoms import Happened, Known, Measured, Within
from segbench.plan.lines import (
    Clause,
    Line,
    Place,
    by_mean,
    by_millionth,
    by_one,
    line_facts,
)

ValueFacts = Callable[[Iterable[Any]], Iterable[Clause]]
"""The facts between atoms about values."""

_COUNTS = frozenset({"distinct", "active_days", "active_weeks", "active_months"})
_PLACES: dict[str, Place] = {
    "sum": by_millionth,
    "average": by_mean,
    "share": by_mean,
    **dict.fromkeys(_COUNTS, by_one),
}
_OF_ANY_EVENT = frozenset(
    {"share", "active_days", "active_weeks", "active_months", "first_time", "last_time"}
)


def frame_of(atom: Measured) -> Measured:
    """The atom that the figure is there, whatever it is."""
    return replace(atom, test=Known("", measured_type(atom.measure, atom.type)))


def figure_facts(
    frame: Measured, atoms: Sequence[Measured], values: ValueFacts
) -> Iterator[Clause]:
    """What is so for one figure, whatever it is."""
    happened = Happened(frame.events, 1, frame.bounds, frame.after)
    yield (frame, False), (happened, True)
    if frame.measure in _OF_ANY_EVENT:
        yield (happened, False), (frame, True)
    if frame.measure in _PLACES:
        yield from _number_facts(frame, atoms)
        return
    ends: dict[Within, None] = {}
    for clause in values(atom.test for atom in atoms):
        yield tuple((replace(frame, test=test), true) for test, true in clause)  # type: ignore[arg-type]
        ends |= {test: None for test, _ in clause if isinstance(test, Within) and _is_end(test)}
    if frame.measure in ("first_time", "last_time"):
        for end in ends:
            yield from _time_facts(frame, end)


def _is_end(test: Within) -> bool:
    """Whether it holds from somewhere on."""
    return test.bounds.low is not None and test.bounds.high is None


def _number_facts(frame: Measured, atoms: Sequence[Measured]) -> Iterator[Clause]:
    def make(bounds: Bounds) -> Measured:
        return replace(frame, test=Within("", "number", bounds))

    least = 1 if frame.measure in _COUNTS else 0 if frame.measure == "share" else None
    tests = [(atom, atom.test.bounds) for atom in atoms if isinstance(atom.test, Within)]
    found = tuple(line_facts(Line(make, frame, _PLACES[frame.measure], least), tests))
    yield from found
    if frame.measure in _COUNTS:
        for end in {atom: None for clause in found for atom, _ in clause}:
            yield from _times_facts(end)


def _times_facts(atom: Any) -> Iterator[Clause]:
    """What is different so many times happened at least as often."""
    low: Any = atom.test.bounds.low if isinstance(atom.test, Within) else None
    if low is not None:
        times = by_one(low, atom.test.bounds.low_open)[0]
        if times > 1:
            yield (atom, False), (Happened(atom.events, times, atom.bounds, atom.after), True)


def _time_facts(frame: Measured, end: Within) -> Iterator[Clause]:
    """The last time is no earlier than the end where something happened from there on.

    The first time is earlier where something happened before.
    """
    late = frame.measure == "last_time"
    before = Bounds(high=end.bounds.low, high_open=not end.bounds.low_open)
    part = overlap(frame.bounds, end.bounds if late else before)
    there: Clause = ((replace(frame, test=end), late),)
    if part is None:
        then: Clause = ()
    else:
        then = ((Happened(frame.events, 1, part, frame.after), True),)
    missing: Clause = () if late else ((frame, False),)
    yield (*missing, *_opposite(there), *then)
    if then:
        yield (*_opposite(then), *there)


def _opposite(clause: Clause) -> Clause:
    return tuple((atom, not true) for atom, true in clause)


def overlap(one: Bounds, other: Bounds) -> Bounds | None:
    """What lies within both; None where nothing can."""
    lows = [(b.low, b.low_open) for b in (one, other) if b.low is not None]
    highs = [(b.high, not b.high_open) for b in (one, other) if b.high is not None]
    low, low_open = max(lows, default=(None, False))
    high, closed = min(highs, default=(None, True))
    if low is not None and high is not None and (low, low_open) >= (high, closed):
        return None
    return Bounds(low, high, low_open, not closed)
