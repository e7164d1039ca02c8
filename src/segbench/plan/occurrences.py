"""Facts about what happened: more often, in a shorter time or with more conditions implies less."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from segbench.model.moments import Bounds
from segbench.plan.atoms import After, Events, Happened, Measured
from segbench.plan.atoms import Sequence as InOrder
from segbench.plan.figures import ValueFacts, figure_facts, frame_of, overlap
from segbench.plan.lines import Clause
from segbench.plan.logic import Everyone, Logic, Nothing
from segbench.plan.parts import union_of
from segbench.plan.sets import MOST_PAIRS, includes

Implies = Callable[[Logic[Any], Logic[Any]], bool]
"""Whether whatever the one logic holds is held by the other, for certain."""


def occurrence_facts(
    atoms: Sequence[Happened | Measured | InOrder], implies: Implies, values: ValueFacts
) -> Iterator[Clause]:
    """What is so for events, whichever happened; `values` gives what is so for a figure."""
    sequences = [atom for atom in atoms if isinstance(atom, InOrder)]
    frames: dict[Measured, list[Measured]] = {}
    for atom in atoms:
        if isinstance(atom, Measured):
            frames.setdefault(frame_of(atom), []).append(atom)
    found: list[Clause] = []
    for frame, measured in frames.items():
        found += figure_facts(frame, measured, values)
    for sequence in sequences:
        found += _step_facts(sequence)
    found += _followed_facts(sequences, implies)
    happened = {atom: None for atom in atoms if isinstance(atom, Happened)}
    happened |= {atom: None for clause in found for atom, _ in clause if isinstance(atom, Happened)}
    for atom in tuple(happened):
        if atom.times == 1 and len(atom.events.names) > 1:
            each = [_named(atom, name) for name in atom.events.names]
            happened |= dict.fromkeys(each)
            found += union_of(atom, each)
    yield from found
    yield from _count_facts(tuple(happened), implies)


def _named(atom: Happened, name: str) -> Happened:
    return replace(atom, events=replace(atom.events, names=(name,)))


def _step_facts(atom: InOrder) -> Iterator[Clause]:
    """All steps happened, at times of their own."""
    for step, times in Counter(atom.steps).items():
        yield (atom, False), (Happened(step, times, atom.bounds), True)


def _count_facts(atoms: Sequence[Happened], implies: Implies) -> Iterator[Clause]:
    for atom in atoms:
        if overlap(atom.bounds, Bounds()) is None or implies(atom.events.where, Nothing()):
            yield ((atom, False),)
    if len(atoms) ** 2 <= MOST_PAIRS:
        for one, other in itertools.permutations(atoms, 2):
            if _is_weaker(other, one, implies):
                yield (one, False), (other, True)
        return
    ladders: dict[Happened, list[Happened]] = {}
    for atom in atoms:
        ladders.setdefault(replace(atom, times=1), []).append(atom)
    for ladder in ladders.values():
        ladder.sort(key=lambda atom: atom.times)
        for one, other in itertools.pairwise(ladder):
            yield (other, False), (one, True)


def _is_weaker(weak: Happened, strong: Happened, implies: Implies) -> bool:
    return (
        weak.times <= strong.times
        and includes(weak.bounds, strong.bounds)
        and _among(strong.events, weak.events, implies)
        and _starts_no_later(weak.after, strong.after, implies)
    )


def _among(some: Events, all_: Events, implies: Implies) -> bool:
    """Whether all events that the first names are among those of the second."""
    if not set(some.names) <= set(all_.names):
        return False
    known = isinstance(all_.where, Everyone) or some.where == all_.where
    return known or implies(some.where, all_.where)


def _starts_no_later(weak: After | None, strong: After | None, implies: Implies) -> bool:
    if weak is None or strong is None:
        return weak is None
    return weak.until == strong.until and all(
        any(_among(some, each, implies) for each in strong.last) for some in weak.last
    )


def _followed_facts(atoms: Sequence[InOrder], implies: Implies) -> Iterator[Clause]:
    if len(atoms) ** 2 > MOST_PAIRS:
        return
    for one, other in itertools.permutations(atoms, 2):
        if includes(other.bounds, one.bounds) and _follows(one, other, implies):
            yield (one, False), (other, True)


def _follows(one: InOrder, other: InOrder, implies: Implies) -> bool:
    """Whether the steps of the other are steps of the one, with no more asked of their times."""
    ours, theirs = list(one.steps), list(other.steps)
    if other.missing is None:
        limited = other.within is not None
        if limited and (
            one.missing is not None or one.within is None or one.within > other.within  # type: ignore[operator]
        ):
            return False
    else:
        if one.missing is None or one.until != other.until:
            return False
        if (one.within is None) != (other.within is None):
            return False
        if one.within is not None and one.within < other.within:  # type: ignore[operator]
            return False
        # What did not follow must be counted from the same last step.
        if not _among(other.missing, one.missing, implies):
            return False
        if not _among(ours.pop(), theirs.pop(), implies):
            return False
    for step in ours:
        if theirs and _among(step, theirs[0], implies):
            theirs.pop(0)
    return not theirs
