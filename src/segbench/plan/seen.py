"""Atoms as they are of data that lacks something: events after a moment, or whole columns."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar, assert_never

from segbench.model.catalog import ValueType
from segbench.model.moments import until_now
from segbench.plan.atoms import (
    After,
    Atom,
    Compared,
    Events,
    Happened,
    HasTag,
    InShare,
    ItemHas,
    ItemIs,
    Items,
    Known,
    Measured,
    PartIn,
    Sampled,
    Sequence,
    TextHas,
    TextIs,
    TextLength,
    TextMatches,
    Truth,
    ValueAtom,
    Within,
)
from segbench.plan.logic import (
    AllOf,
    AnyOf,
    Everyone,
    Leaf,
    Logic,
    Not,
    Nothing,
    all_of,
    any_of,
    complement,
)

A = TypeVar("A")
B = TypeVar("B")
Types = Mapping[str, ValueType]


@dataclass(frozen=True, slots=True)
class SeenUntil:
    """A sequence judged at its own `until`, of events up to `cut` only.

    "A but no B within a day" becomes true a day after A though nothing happens: its clock and its
    last event are two moments, which the sequence alone cannot say.
    """

    atom: Sequence
    cut: dt.datetime


Seen = Atom | SeenUntil


def event_names(atom: Seen) -> frozenset[str]:
    """The events that the atom looks at; none for one about fields and tags."""
    match atom:
        case SeenUntil(inner):
            return event_names(inner)
        case Happened(events, _, _, after) | Measured(events=events, after=after):
            return frozenset(events.names).union(*(each.names for each in _lasts(after)))
        case Sequence(steps, missing=missing):
            asked = (*steps, *((missing,) if missing is not None else ()))
            return frozenset().union(*(each.names for each in asked))
        case _:
            return frozenset()


def seen_until(atom: Atom, cut: dt.datetime) -> Seen:
    """The atom as it is where no event after `cut` is known; what it asks stays the same."""
    match atom:
        case Happened() | Measured():
            after = atom.after
            if after is not None:
                after = replace(after, until=min(after.until, cut))
            return replace(atom, bounds=until_now(atom.bounds, cut), after=after)
        case Sequence(until=until) if cut < until:
            if atom.missing is not None and atom.within is not None:
                return SeenUntil(atom, cut)
            return replace(atom, bounds=until_now(atom.bounds, cut), until=cut)
        case _:
            return atom


def substituted(logic: Logic[A], value: Callable[[A], Logic[B]]) -> Logic[B]:
    """The logic with each atom replaced, simplified anew."""
    match logic:
        case Everyone() | Nothing():
            return logic
        case Leaf(atom):
            return value(atom)
        case Not(inner):
            return complement(substituted(inner, value))
        case AllOf(parts):
            return all_of(substituted(part, value) for part in parts)
        case AnyOf(parts):
            return any_of(substituted(part, value) for part in parts)
        case _:
            assert_never(logic)


def without_columns(atom: Atom, fields: Types, properties: Types) -> Logic[Atom]:
    """The atom over data with these columns, by type; of others, and of other types, no value."""

    def known(events: Events) -> Events:
        return replace(events, where=_where(events.where, properties))

    match atom:
        case HasTag() | Sampled():
            return Leaf(atom)
        case Happened(events, _, _, after):
            return Leaf(replace(atom, events=known(events), after=_after(after, known)))
        case Measured(events, _, name, kind, after=after, part=part):
            if name and properties.get(name) != kind:
                return Nothing()
            part = None if part is None else _where(part, properties)
            return Leaf(replace(atom, events=known(events), after=_after(after, known), part=part))
        case Sequence(steps, missing=missing):
            gone = None if missing is None else known(missing)
            return Leaf(replace(atom, steps=tuple(map(known, steps)), missing=gone))
        case _:
            return Leaf(atom) if _is_there(atom, fields) else Nothing()


def _where(where: Logic[ValueAtom], properties: Types) -> Logic[ValueAtom]:
    return substituted(where, lambda atom: Leaf(atom) if _is_there(atom, properties) else Nothing())


def _is_there(atom: ValueAtom | InShare, columns: Types) -> bool:
    return all(columns.get(name) == kind for name, kind in _asked(atom))


def _asked(atom: ValueAtom | InShare) -> tuple[tuple[str, ValueType], ...]:
    """The columns that the atom looks at, and the types that they must have."""
    match atom:
        case Compared(field, kind, _, other, other_kind):
            return (field, kind), (other, other_kind)
        case Known(field, kind) | Within(field, kind) | PartIn(field, kind):
            return ((field, kind),)
        case TextIs() | TextHas() | TextMatches() | TextLength():
            return ((atom.field, "text"),)
        case ItemIs() | ItemHas() | Items():
            return ((atom.field, "list"),)
        case Truth(field):
            return ((field, "boolean"),)
        case InShare(field):
            return ((field, "number"),)
        case _:
            assert_never(atom)


def _after(after: After | None, known: Callable[[Events], Events]) -> After | None:
    return None if after is None else replace(after, last=tuple(map(known, after.last)))


def _lasts(after: After | None) -> tuple[Events, ...]:
    return after.last if after is not None else ()
