"""How one contact comes into a segment: nobody is added by hand, but a tag or a field can be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, islice
from typing import TYPE_CHECKING

import numpy as np

from segbench.audience.flips import smallest_flips
from segbench.engine.memory import Contact, true_of
from segbench.engine.reading import read_contact
from segbench.plan.atoms import Atom, InShare
from segbench.plan.logic import Logic, atoms, fold
from segbench.workbench.consequences import Change, given_at, touches
from segbench.workbench.hand_edits import HandEdit, suggested

if TYPE_CHECKING:
    from segbench.workbench.workbench import Workbench

MOST = 5
"""How many ways are told."""
TRIED = {1: 200, 2: 30, 3: 12}
"""Of how many suggestions so many are tried together: each is one look at one contact."""


@dataclass(frozen=True)
class Way:
    """Edits that together would put a contact into a segment; `change` has all of them."""

    words: str
    change: Change


@dataclass(frozen=True)
class WaysIn:
    """How a contact would come into a segment.

    `inside` says that it is in already. Without `ways` nothing by hand would do; `needs` are the
    smallest sets of rules that would have to change, in words.
    """

    key: str
    segment: str
    inside: bool
    ways: tuple[Way, ...]
    needs: tuple[str, ...]


def find_ways_in(workbench: Workbench, key: str, segment: str) -> WaysIn:
    """The edits that would put the contact of that key into a saved segment, fewest first.

    Each was tried on the contact, so it does what it says; what ranks among others is left out.
    """
    saved = workbench.library.segment(segment).segment
    plan = workbench.plan(saved.group)
    ordinal, contact = read_contact(workbench.engine.snapshot, key)
    trial = _Trial(workbench, plan.root, ordinal, contact)
    if trial.holds(Change()):
        return WaysIn(key, saved.name, True, (), ())

    flips = smallest_flips(saved.group, plan, trial.stands, workbench.wording)
    needs = tuple(" and ".join(flip.words) for flip in flips)
    edits = suggested(workbench, saved.group, contact)
    for many, most in TRIED.items():
        ways = tuple(islice(_working(trial, edits[:most], many), MOST))
        if ways:
            return WaysIn(key, saved.name, False, ways, needs)
    return WaysIn(key, saved.name, False, (), needs)


def _working(trial: _Trial, edits: Sequence[HandEdit], many: int) -> Iterator[Way]:
    for some in combinations(edits, many):
        touched = [name for edit in some for name in edit.touches]
        if len(set(touched)) < len(touched):
            continue
        change = _together(some)
        if trial.holds(change):
            yield Way(" and ".join(edit.words for edit in some), change)


def _together(edits: Sequence[HandEdit]) -> Change:
    return Change(
        tuple(tag for edit in edits for tag in edit.change.add),
        tuple(tag for edit in edits for tag in edit.change.remove),
        {name: value for edit in edits for name, value in edit.change.values.items()},
    )


class _Trial:
    """One contact, and whether a segment would hold it after a change."""

    def __init__(
        self, workbench: Workbench, logic: Logic[Atom], ordinal: int, contact: Contact
    ) -> None:
        self._workbench, self._logic, self._contact = workbench, logic, contact
        engine = workbench.engine
        self._now = {atom: ordinal in engine.atom(atom) for atom in atoms(logic)}
        self._ordinal = ordinal
        self._at = given_at(workbench)

    def stands(self, atom: Atom) -> bool:
        """Whether an atom is true of the contact as it is."""
        if atom not in self._now:
            self._now[atom] = self._ordinal in self._workbench.engine.atom(atom)
        return self._now[atom]

    def holds(self, change: Change) -> bool:
        """Whether the segment would hold the contact then; as it is where nothing changes."""
        fields = set(change.values)
        if any(isinstance(a, InShare) and a.field in fields for a in self._now):
            return False
        then = self._then(change)

        def truth(atom: Atom) -> np.bool_:
            # Events, ranks and samples are as they were: of these the engine knows already.
            stands = true_of(atom, then, ()) if touches(change, atom) else self.stands(atom)
            return np.bool_(stands)

        return bool(fold(self._logic, truth, lambda: np.True_))

    def _then(self, change: Change) -> Contact:
        was = self._contact
        new = {tag: self._at for tag in change.add if tag not in was.tags}
        kept = {tag: at for tag, at in was.tagged.items() if tag not in change.remove}
        tags = (was.tags | frozenset(change.add)) - frozenset(change.remove)
        values = {**was.fields, **change.values}
        known = {name: value for name, value in values.items() if value is not None}
        return replace(was, fields=known, tags=tags, tagged={**kept, **new})
