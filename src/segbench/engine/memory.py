"""The reference engine: plain Python, one contact at a time. Slow, and the judge of the others."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, assert_never

from segbench.engine.membership import Membership
from segbench.engine.patterns import PatternTable, tabulate
from segbench.model.catalog import BLANKS
from segbench.model.windows import Bounds
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
    comparable,
)
from segbench.plan.logic import AllOf, AnyOf, Everyone, Leaf, Logic, Not, Nothing


@dataclass(frozen=True)
class Event:
    """Something that happened to a contact; `at` is naive UTC."""

    name: str
    at: dt.datetime
    properties: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Contact:
    """A contact with all that is known of it; a missing field and None are the same."""

    key: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    tags: frozenset[str] = frozenset()
    events: tuple[Event, ...] = ()


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
        ordinals = [i for i, contact in enumerate(self._contacts) if holds(logic, contact)]
        return Membership.of(ordinals, self.contacts)

    def patterns(self, atoms: Iterable[Atom]) -> PatternTable:
        """How many contacts have each true/false pattern of the atoms."""
        return tabulate({atom: self.members(Leaf(atom)) for atom in atoms}, self.contacts)


def holds(logic: Logic[Atom], contact: Contact) -> bool:
    """Whether the logic holds the contact."""
    match logic:
        case Everyone():
            return True
        case Nothing():
            return False
        case Leaf(atom):
            return true_of(atom, contact)
        case Not(inner):
            return not holds(inner, contact)
        case AllOf(parts):
            return all(holds(part, contact) for part in parts)
        case AnyOf(parts):
            return any(holds(part, contact) for part in parts)
        case _:
            assert_never(logic)


def true_of(atom: Atom, contact: Contact) -> bool:
    """Whether the atom is true of the contact."""
    match atom:
        case HasTag(tags):
            return not contact.tags.isdisjoint(tags)
        case Happened(event, times, bounds, where):
            found = sum(
                seen.name == event
                and inside(seen.at, bounds)
                and _properties_match(where, seen.properties)
                for seen in contact.events
            )
            return found >= times
        case _:
            return value_true(atom, contact.fields.get(atom.field))


def value_true(atom: ValueAtom, value: Any) -> bool:
    """Whether the atom is true of a value; never where there is none."""
    if missing(value):
        return False
    match atom:
        case Known():
            return True
        case TextIs(_, values, match_case):
            return comparable(value, match_case) in values
        case TextHas(_, "anywhere", part, match_case):
            return part in comparable(value, match_case)
        case TextHas(_, "start", part, match_case):
            return comparable(value, match_case).startswith(part)
        case TextHas(_, _, part, match_case):
            return comparable(value, match_case).endswith(part)
        case Within(_, _, bounds):
            return inside(value, bounds)
        case Truth(_, wanted):
            return bool(value) is wanted
        case _:
            assert_never(atom)


def missing(value: Any) -> bool:
    """Whether a value is none: absent, blank text, or not a number."""
    if value is None:
        return True
    if isinstance(value, str):
        return not value.strip(BLANKS)
    return isinstance(value, float) and math.isnan(value)


def inside(value: Any, bounds: Bounds) -> bool:
    """Whether a value lies within the bounds."""
    low, high = bounds.low, bounds.high
    if low is not None and (value <= low if bounds.low_open else value < low):
        return False
    return high is None or bool(value < high if bounds.high_open else value <= high)


def _properties_match(where: Logic[ValueAtom], properties: Mapping[str, Any]) -> bool:
    match where:
        case Everyone():
            return True
        case Nothing():
            return False
        case Leaf(atom):
            return value_true(atom, properties.get(atom.field))
        case Not(inner):
            return not _properties_match(inner, properties)
        case AllOf(parts):
            return all(_properties_match(part, properties) for part in parts)
        case AnyOf(parts):
            return any(_properties_match(part, properties) for part in parts)
        case _:
            assert_never(where)
