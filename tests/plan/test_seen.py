"""Atoms over data that lacks something: events after a moment, or columns."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import replace

import trees
from population import AS_OF, CONTACTS, EVENTS, FIELDS, PROPERTIES

from segbench.engine.memory import Contact, true_of
from segbench.model.rules import Group
from segbench.plan.atoms import Atom
from segbench.plan.logic import Leaf, atoms, fold
from segbench.plan.lower import Context, lower
from segbench.plan.seen import SeenUntil, event_names, seen_until, without_columns

CUTS = [AS_OF - dt.timedelta(days=days) for days in (0.5, 7, 30, 45)]
SOME = CONTACTS[:40]


def drawn(context: Context, count: int) -> list[Atom]:
    chance = random.Random(5)
    rules = tuple(trees.random_rule(chance) for _ in range(count))
    plans = (lower(Group(rules=(rule,)), context) for rule in rules)
    return list(dict.fromkeys(atom for plan in plans for atom in atoms(plan.root)))


def until(contact: Contact, cut: dt.datetime) -> Contact:
    return replace(contact, events=tuple(e for e in contact.events if e.at <= cut))


def test_an_atom_seen_until_a_moment_is_the_atom_of_who_did_nothing_later(
    context: Context,
) -> None:
    told: set[type] = set()
    for atom in drawn(context, 200):
        for cut in CUTS:
            seen = seen_until(atom, cut)
            if isinstance(seen, SeenUntil):
                assert (seen.atom, seen.cut) == (atom, cut)
                continue
            for contact in SOME:
                earlier = until(contact, cut)
                assert true_of(seen, contact, SOME) == true_of(atom, earlier, SOME), seen
            if seen != atom:
                told.add(type(seen))
    assert {kind.__name__ for kind in told} == {"Happened", "Measured", "Sequence"}


def test_an_atom_looks_only_at_the_events_that_it_names(context: Context) -> None:
    for atom in drawn(context, 150):
        names = event_names(atom)
        assert names <= set(EVENTS)
        for contact in SOME[:15]:
            events = tuple(event for event in contact.events if event.name in names)
            known = replace(contact, events=events)
            assert true_of(atom, known, SOME) == true_of(atom, contact, SOME)


def test_a_column_that_is_not_there_is_no_value(context: Context) -> None:
    chance = random.Random(6)
    fewer = 0
    for atom in drawn(context, 200):
        fields = {name: kind for name, kind in FIELDS.items() if chance.random() < 0.6}
        properties = {name: kind for name, kind in PROPERTIES.items() if chance.random() < 0.6}
        logic = without_columns(atom, fields, properties)
        fewer += logic != Leaf(atom)
        poor = [lacking(contact, fields, properties) for contact in SOME]
        for contact, less in zip(SOME, poor, strict=True):

            def truth(each: Atom, contact: Contact = contact) -> bool:
                return true_of(each, contact, SOME)

            held = bool(fold(logic, lambda each: _Bit(truth(each)), lambda: _Bit(True)))
            assert held == true_of(atom, less, poor), (atom, logic)
    assert fewer > 20


class _Bit(int):
    """A truth value that knows `&`, `|` and `~`."""

    def __and__(self, other: int) -> _Bit:
        return _Bit(bool(self) and bool(other))

    def __or__(self, other: int) -> _Bit:
        return _Bit(bool(self) or bool(other))

    def __invert__(self) -> _Bit:
        return _Bit(not self)


def lacking(contact: Contact, fields: dict, properties: dict) -> Contact:
    """The contact with what these columns can hold."""
    return replace(
        contact,
        fields={name: value for name, value in contact.fields.items() if name in fields},
        events=tuple(
            replace(e, properties={n: v for n, v in e.properties.items() if n in properties})
            for e in contact.events
        ),
    )


def test_a_column_of_another_type_is_none_at_all(context: Context) -> None:
    changed = {name: "boolean" if kind != "boolean" else "number" for name, kind in FIELDS.items()}
    for atom in drawn(context, 60):
        if not event_names(atom):
            none = without_columns(atom, {}, {})
            assert without_columns(atom, changed, {}) == none  # type: ignore[arg-type]
