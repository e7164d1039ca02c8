"""One contact over time: when it entered a segment and left it, and by what."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from segbench.audience.history import Cause, Passage, Timeline
from segbench.engine.chains import in_order_quickly
from segbench.engine.memory import Contact, Event, true_of
from segbench.engine.reading import read_contact
from segbench.errors import UnknownName
from segbench.model.rules import RuleOrGroup
from segbench.model.segment import Segment
from segbench.plan.atoms import Atom, InShare
from segbench.plan.atoms import Sequence as InOrder
from segbench.plan.logic import fold
from segbench.plan.lower import lower
from segbench.workbench.history import past_notes
from segbench.workbench.rules_then import RulesThen
from segbench.workbench.spans import When, moments
from segbench.workbench.states import State, States

if TYPE_CHECKING:
    from segbench.workbench.workbench import Workbench

HOUR = dt.timedelta(hours=1)
LOOKED_AT_HOURLY = dt.timedelta(days=60)
_EXACT = dt.timedelta(seconds=1)


def timeline(
    workbench: Workbench,
    key: str,
    given: str | Segment | RuleOrGroup,
    since: When | None,
    until: When | None,
) -> Timeline:
    """When the contact of that key entered and left the segment, each time with the cause.

    Looked at: every snapshot, save and event of the contact, and in between every midnight, of up
    to 60 days every hour; what the clock does and undoes between two of these is not seen.
    """
    first_weekday = workbench.settings.first_weekday
    days = moments(since, until, workbench.as_of, "day", workbench.zone, first_weekday)
    rules = RulesThen(workbench.library, given)
    one = _One(workbench, key, States(workbench, rules, days))
    stops = [one.states.at(moment) for moment in _stops(workbench, rules, one, days)]
    begin = held = one.held(stops[0])
    passages: list[Passage] = []
    for before, after in pairwise(stops):
        for at, cause, now in one.steps(before, after, held):
            held = now
            if passages and passages[-1].at == at and passages[-1].entered is not now:
                passages.pop()
            else:
                passages.append(Passage(at, now, cause))
    notes = past_notes(workbench, one.states, rules, days)
    return Timeline(key, rules.name, days[0], days[-1], begin, tuple(passages), notes)


class _One:
    """The contact in every snapshot, with the events that are known by now."""

    def __init__(self, workbench: Workbench, key: str, states: States) -> None:
        self.key, self.states, self.data = key, states, workbench.past_data
        self._known: dict[int, tuple[int, Contact] | None] = {}
        self._events: tuple[Event, ...] | None = None
        self.data.prepare(id for _, id in self.data.times)
        newest = self._read(self.data.newest)
        if newest is not None:
            self._events = newest[1].events
        if newest is None and all(self._read(id) is None for _, id in self.data.times):
            # Says which keys are near.
            read_contact(workbench.engine.snapshot, key)

    def held(self, state: State) -> bool:
        """Whether the contact was in; nobody is who was not a contact then."""
        found = self._read(state.snapshot)
        if found is None:
            return False
        ordinal, known = found
        events = tuple(event for event in known.events if event.at <= state.seen)
        contact = replace(known, events=events)
        context = replace(self.states.context(state.rules, state.snapshot), as_of=state.clock)

        def truth(atom: Atom) -> np.bool_:
            if isinstance(atom, InShare):
                return np.bool_(ordinal in self.data.engine(state.snapshot).atom(atom))
            if isinstance(atom, InOrder):
                return np.bool_(in_order_quickly(atom, contact.events))
            return np.bool_(true_of(atom, contact, (contact,)))

        return bool(fold(lower(state.rules.root, context).root, truth, lambda: np.True_))

    def steps(
        self, before: State, after: State, held: bool
    ) -> Iterator[tuple[dt.datetime, Cause, bool]]:
        """The moments from one stop to the next at which membership turned, and why."""
        moved_on = replace(before, clock=after.clock)
        if self.held(moved_on) is not held:
            held = not held
            yield self._turned(before, after.clock, held), "clock", held
        if self.held(replace(after, rules=before.rules)) is not held:
            held = not held
            yield after.clock, "data", held
        if after.rules is not before.rules and self.held(after) is not held:
            yield after.clock, "rules", not held

    def event_times(self) -> set[dt.datetime]:
        """When anything happened to the contact."""
        if self._events is not None:
            return {event.at for event in self._events}
        found = (self._read(id) for _, id in self.data.times)
        return {event.at for each in found if each for event in each[1].events}

    def _turned(self, state: State, until: dt.datetime, held: bool) -> dt.datetime:
        """The first second at which the clock alone made it so."""
        low, high = state.clock, until
        while high - low > _EXACT:
            middle = low + (high - low) / 2
            if self.held(replace(state, clock=middle)) is held:
                high = middle
            else:
                low = middle
        return high

    def _read(self, id: int) -> tuple[int, Contact] | None:
        if id not in self._known and self._events is not None:
            like = self.data.first_like(id, self.key)
            if like != id:
                self._known[id] = self._read(like)
        if id not in self._known:
            try:
                ordinal, contact = read_contact(self.data.engine(id).snapshot, self.key)
            except UnknownName:
                self._known[id] = None
            else:
                if self._events is not None:
                    contact = replace(contact, events=self._events)
                self._known[id] = ordinal, contact
        return self._known[id]


def _stops(
    workbench: Workbench, rules: RulesThen, one: _One, days: tuple[dt.datetime, ...]
) -> list[dt.datetime]:
    first, last = days[0], days[-1]
    found = {*days, *rules.edits(), *(time for time, _ in workbench.past_data.times)}
    found |= one.event_times()
    if last - first <= LOOKED_AT_HOURLY:
        found |= {first + HOUR * number for number in range((last - first) // HOUR)}
    return sorted(moment for moment in found if first <= moment <= last)
