"""States of a segment: by which rules, over which snapshot, at which clock; and who is in then."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from segbench.audience.history import Moved
from segbench.engine.membership import Membership
from segbench.plan.atoms import Atom
from segbench.plan.logic import Leaf, Logic
from segbench.plan.lower import Context, lower
from segbench.plan.seen import Seen, seen_until, substituted
from segbench.workbench.past_context import past_context
from segbench.workbench.quiet import Quiet
from segbench.workbench.rules_then import Rules, RulesThen

if TYPE_CHECKING:
    from segbench.workbench.workbench import Workbench

KEPT = 8
"""The last answers that are kept, to be found again by the state after."""


@dataclass(frozen=True)
class State:
    """What decides who is in: the rules, a snapshot's fields and tags, the clock, the events.

    Events count up to `seen`; later ones have not happened, though the clock may be further.
    """

    rules: Rules
    snapshot: int
    clock: dt.datetime
    seen: dt.datetime


@dataclass(frozen=True)
class Held:
    """Who is in, over the contacts of a snapshot."""

    snapshot: int
    members: Membership


class States:
    """The states at some moments (sorted, naive UTC); what two of them share is asked once."""

    def __init__(
        self, workbench: Workbench, rules: RulesThen, moments: Sequence[dt.datetime]
    ) -> None:
        self.workbench, self.data = workbench, workbench.past_data
        self.rules_then = rules
        self._quiet = Quiet(workbench.engine.snapshot, moments)
        self._spanned = sorted({self.snapshot_at(moment) for moment in moments})
        self.data.prepare(self._spanned)
        self._rules: list[Rules] = []
        self._contexts: list[tuple[Rules, int, Context]] = []
        self._held: list[tuple[int, Logic[Seen], Held]] = []

    def snapshot_at(self, moment: dt.datetime) -> int:
        """Which snapshot answers at a moment; at the workbench's own clock its own one."""
        now = moment >= self.workbench.as_of
        return self.data.newest if now else self.data.snapshot_at(moment)

    def rules_at(self, moment: dt.datetime) -> Rules:
        """The rules at a moment; the same object where they are the same."""
        then = None if moment >= self.workbench.as_of else moment
        found = self.rules_then.at(then)
        known = next((rules for rules in self._rules if rules == found), None)
        self._rules = [known or found, *(rules for rules in self._rules if rules is not known)]
        return self._rules[0]

    def at(self, moment: dt.datetime) -> State:
        """The state as it was at a moment."""
        return State(self.rules_at(moment), self.snapshot_at(moment), moment, moment)

    def held(self, state: State) -> Held:
        """Who is in."""
        logic = self.logic(state)
        for snapshot, known, held in self._held:
            if snapshot == state.snapshot and known == logic:
                return held
        members = self.data.engine(state.snapshot).members(logic)
        found = Held(state.snapshot, members)
        self._held = [(state.snapshot, logic, found), *self._held][:KEPT]
        return found

    def logic(self, state: State) -> Logic[Seen]:
        """What is asked of the data."""
        context = replace(self.context(state.rules, state.snapshot), as_of=state.clock)
        # Of contacts that are gone, events count that the newest snapshot does not know.
        gone = self.data.engine(state.snapshot).some_gone

        def seen(atom: Atom) -> Logic[Seen]:
            known = atom if state.seen == state.clock else seen_until(atom, state.seen)
            return Leaf(known if gone else self._quiet.settled(known))

        return substituted(lower(state.rules.root, context).root, seen)

    def context(self, rules: Rules, snapshot: int) -> Context:
        """What the rules mean over a snapshot."""
        for known, id, context in self._contexts:
            if known is rules and id == snapshot:
                return context
        found = past_context(self.workbench, rules, snapshot, self._spanned)
        self._contexts = [(rules, snapshot, found), *self._contexts][:KEPT]
        return found

    def moved(self, before: Held, after: Held) -> Moved:
        """Who entered and left between two states."""
        if before.snapshot == after.snapshot:
            here, engine = before.members, self.data.engine(after.snapshot)
            entered, left = ((after.members - here).ids(), (here - after.members).ids())
            return Moved(self.data.numbers(engine, entered), self.data.numbers(engine, left))
        first, second = (
            self.data.numbers(self.data.engine(held.snapshot), held.members.ids())
            for held in (before, after)
        )
        return Moved(_without(second, first), _without(first, second))


def _without(some: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Those that are not among the others, ascending."""
    return np.setdiff1d(some, others, assume_unique=True)
