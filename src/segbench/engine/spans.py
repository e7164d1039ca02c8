"""Spans: at which positions of one turning number a question holds each contact.

What a row holds while one of its numbers turns, such as the length of its window, is an interval of
positions for every contact. So the first position and the end say all, and the counts of every
position are running sums over sets that are there already, however many questions made them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from segbench.engine.cube import MOST_POSITIONS, Levels, counted, levels_of
from segbench.engine.membership import Membership
from segbench.errors import RuleError
from segbench.plan.atoms import Atom
from segbench.plan.logic import AllOf, AnyOf, Everyone, Leaf, Logic, Not, Nothing

NO_CURVE = "What this row holds does not follow from the numbers that turn."


class Turning(Protocol):
    """What an engine must be able to do."""

    @property
    def contacts(self) -> int:
        """How many contacts there are."""

    def levels(self, growing: Sequence[Atom]) -> Levels | None:
        """For each contact the first of the atoms that is true of it, without asking each."""

    def members(self, logic: Logic[Any]) -> Membership:
        """The contacts that the logic holds."""


@dataclass(frozen=True)
class Span:
    """For each contact the positions from `enter` up to, and without, `leave`, of `size`."""

    enter: Levels
    leave: Levels
    size: int

    def counts(self, sets: Sequence[Membership]) -> NDArray[np.int64]:
        """How many contacts are held at each position (down), by pattern of the sets (across).

        Bit k of a pattern says whether set k has them.
        """
        size = self.size + 1
        gone = self._gone
        enter = np.where(gone, np.uint16(self.size), self.enter)
        change = counted(enter, size, sets)
        if self.leave.min(initial=self.size) < self.size:
            change = change - counted(np.where(gone, np.uint16(self.size), self.leave), size, sets)
        return np.cumsum(change, axis=1)[:, : self.size].T

    def within(self, other: Span) -> Span:
        """The positions of both."""
        enter, leave = np.maximum(self.enter, other.enter), np.minimum(self.leave, other.leave)
        return Span(enter, leave, self.size)

    def beside(self, other: Span) -> Span | None:
        """The positions of any of the two, where they are one interval for every contact."""
        one, two = self._gone, other._gone
        first, last = np.maximum(self.enter, other.enter), np.minimum(self.leave, other.leave)
        if not np.all(one | two | (first <= last)):
            return None
        enter = np.where(
            one, other.enter, np.where(two, self.enter, np.minimum(self.enter, other.enter))
        )
        leave = np.where(
            one, other.leave, np.where(two, self.leave, np.maximum(self.leave, other.leave))
        )
        return Span(enter, leave, self.size)

    def turned(self) -> Span | None:
        """All other positions, where they are one interval for every contact."""
        gone, size = self._gone, np.uint16(self.size)
        early, late = self.enter == 0, self.leave == size
        if not np.all(gone | early | late):
            return None
        enter = np.where(early & ~gone, self.leave, np.uint16(0))
        leave = np.where(early | gone, size, self.enter)
        return Span(enter, leave, self.size)

    @property
    def _gone(self) -> NDArray[np.bool_]:
        """Who is held at no position."""
        gone: NDArray[np.bool_] = self.enter >= self.leave
        return gone


def span_of(logics: Sequence[Logic[Atom]], engine: Turning, *, rising: bool) -> Span:
    """The span of logic that is alike at every position but for atoms that hold more and more.

    With `rising` false they hold less and less. `RuleError` where there is no such span.
    """
    if not 0 < len(logics) <= MOST_POSITIONS:
        raise RuleError(f"A number can be turned to 1 to {MOST_POSITIONS:,} places.")
    found = _span(logics if rising else logics[::-1], engine)
    if found is None:
        raise RuleError(NO_CURVE)
    if rising:
        return found
    size = np.uint16(found.size)
    return Span(size - found.leave, size - found.enter, found.size)


def _span(logics: Sequence[Logic[Atom]], engine: Turning) -> Span | None:
    first, size = logics[0], len(logics)
    if all(logic == first for logic in logics):
        return _fixed(engine.members(first), size)
    if len({type(logic) for logic in logics}) > 1:
        return None
    match first:
        case Leaf():
            growing = [logic.atom for logic in logics]  # type: ignore[union-attr]
            levels = engine.levels(growing)
            levels = _asked(growing, engine) if levels is None else levels
            return None if levels is None else _from(levels, size)
        case Not():
            inner = _span([logic.inner for logic in logics], engine)  # type: ignore[union-attr]
            return inner.turned() if inner is not None else None
        case AllOf() | AnyOf():
            return _joined(logics, engine, every=isinstance(first, AllOf))
        case Everyone() | Nothing():
            return None


def _asked(growing: Sequence[Atom], engine: Turning) -> Levels | None:
    """Levels from a question for each atom, as where its events are too many for a timeline.

    None where one does not hold all that the one before it does.
    """
    members: list[Membership] = []
    for atom in growing:
        found = engine.members(Leaf(atom))
        if members and members[-1] - found:
            return None
        members.append(found)
    return levels_of(members, engine.contacts)


def _joined(logics: Sequence[Any], engine: Turning, *, every: bool) -> Span | None:
    """The span of parts that are joined."""
    if len({len(logic.parts) for logic in logics}) > 1:
        return None
    parts = [_span(part, engine) for part in zip(*(logic.parts for logic in logics), strict=True)]
    found = parts[0]
    for part in parts[1:]:
        if found is None or part is None:
            return None
        found = found.within(part) if every else found.beside(part)
    return found


def _from(levels: Levels, size: int) -> Span:
    return Span(levels, np.full_like(levels, size), size)


def _fixed(members: Membership, size: int) -> Span:
    enter = np.where(members.flags(), 0, size).astype(np.uint16)
    return _from(enter, size)
