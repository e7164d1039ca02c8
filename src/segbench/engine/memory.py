"""The reference engine: plain Python, one contact at a time. Slow, and the judge of the others."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, assert_never

from segbench.engine import memory_events as events
from segbench.engine.membership import Membership
from segbench.engine.memory_values import inside, missing, value_true
from segbench.engine.patterns import PatternTable, tabulate
from segbench.plan.atoms import (
    MILLION,
    Atom,
    Happened,
    HasTag,
    InShare,
    Measured,
    Sampled,
)
from segbench.plan.atoms import Sequence as InOrder
from segbench.plan.logic import AllOf, AnyOf, Everyone, Leaf, Logic, Not, Nothing


@dataclass(frozen=True)
class Event:
    """Something that happened to a contact; `at` is naive UTC."""

    name: str
    at: dt.datetime
    properties: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Contact:
    """A contact with all that is known of it; a missing field and None are the same.

    `tagged` has the times (naive UTC) at which tags were given, where they are known.
    """

    key: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    tags: frozenset[str] = frozenset()
    events: tuple[Event, ...] = ()
    tagged: Mapping[str, dt.datetime] = field(default_factory=dict)


class MemoryEngine:
    """Answers logic over contacts in memory, in their order."""

    def __init__(self, contacts: Sequence[Contact]) -> None:
        self._contacts = tuple(contacts)

    @property
    def contacts(self) -> int:
        """How many contacts there are."""
        return len(self._contacts)

    def members(self, logic: Logic[Any]) -> Membership:
        """The contacts that the logic holds."""
        ordinals = [
            ordinal
            for ordinal, contact in enumerate(self._contacts)
            if holds(logic, contact, self._contacts)
        ]
        return Membership.of(ordinals, self.contacts)

    def patterns(self, atoms: Iterable[Atom]) -> PatternTable:
        """How many contacts have each true/false pattern of the atoms."""
        return tabulate({atom: self.members(Leaf(atom)) for atom in atoms}, self.contacts)


def holds(logic: Logic[Atom], contact: Contact, among: Sequence[Contact]) -> bool:
    """Whether the logic holds the contact, one `among` all of them."""
    match logic:
        case Everyone():
            return True
        case Nothing():
            return False
        case Leaf(atom):
            return true_of(atom, contact, among)
        case Not(inner):
            return not holds(inner, contact, among)
        case AllOf(parts):
            return all(holds(part, contact, among) for part in parts)
        case AnyOf(parts):
            return any(holds(part, contact, among) for part in parts)
        case _:
            assert_never(logic)


def true_of(atom: Atom, contact: Contact, among: Sequence[Contact]) -> bool:
    """Whether the atom is true of the contact."""
    match atom:
        case InShare():
            return _in_share(atom, contact, among)
        case HasTag(tags, bounds):
            if bounds is None:
                return not contact.tags.isdisjoint(tags)
            given = (contact.tagged.get(tag) for tag in contact.tags.intersection(tags))
            return any(at is not None and inside(at, bounds) for at in given)
        case Sampled(salt, low, high):
            found = hashlib.md5(f"{salt}\x1f{contact.key}".encode()).hexdigest()[:8]
            return low <= found and (not high or found < high)
        case Happened():
            return events.happened(atom, contact.events)
        case Measured():
            return events.measured(atom, contact.events)
        case InOrder():
            return events.in_order(atom, contact.events)
        case _:
            return value_true(atom, contact.fields)


def _in_share(atom: InShare, contact: Contact, among: Sequence[Contact]) -> bool:
    mine: Any = contact.fields.get(atom.field)
    if missing(mine):
        return False
    values: list[Any] = [other.fields.get(atom.field) for other in among]
    others = [value for value in values if not missing(value)]
    ahead = sum(value > mine if atom.largest else value < mine for value in others)
    return bool(ahead * MILLION < atom.share * len(others))
