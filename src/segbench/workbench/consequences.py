"""What an edit would do to the saved segments, exactly, before it is made."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, get_args

from segbench.engine.membership import Membership
from segbench.engine.memory import Contact, true_of
from segbench.errors import RuleError
from segbench.plan.atoms import Atom, Compared, HasTag, InShare, ValueAtom
from segbench.plan.logic import Logic, atoms, fold

if TYPE_CHECKING:
    from segbench.workbench.workbench import Workbench


@dataclass(frozen=True)
class Change:
    """What is to become of contacts: tags that they get and lose, values that fields get.

    Tags and values are as the lake holds them; None clears a field.
    """

    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Effect:
    """What a saved segment would hold: so many before, who would enter and who would leave."""

    segment: str
    before: int
    entered: int
    left: int

    @property
    def after(self) -> int:
        """How many it would hold then."""
        return self.before + self.entered - self.left


@dataclass(frozen=True)
class Consequences:
    """The segments that would grow or shrink; those of `later` are known only afterwards."""

    effects: tuple[Effect, ...]
    later: tuple[str, ...]


def given_at(workbench: Workbench) -> dt.datetime:
    """When a tag would be given (naive UTC), as rules will see it.

    Where `as_of` moves with the time, it will have moved past that moment.
    """
    if workbench.pinned_as_of is None:
        return workbench.as_of
    return workbench.clock().astimezone(dt.UTC).replace(tzinfo=None)


def segments_touched(workbench: Workbench, change: Change) -> tuple[str, ...]:
    """The saved segments that ask for any of the tags and fields of a change."""
    found = []
    for saved in workbench.library.segments():
        try:
            logic = workbench.plan(saved.segment.group).root
        except RuleError:
            # What cannot be counted now cannot be counted then; its own page says why.
            continue
        if any(touches(change, atom) for atom in atoms(logic)):
            found.append(saved.segment.name)
    return tuple(found)


def touches(change: Change, atom: Atom) -> bool:
    """Whether a change could make the atom stand otherwise for anybody."""
    match atom:
        case HasTag(tags):
            return not set(tags).isdisjoint((*change.add, *change.remove))
        case Compared():
            return atom.field in change.values or atom.other in change.values
        case InShare():
            return atom.field in change.values
    return isinstance(atom, get_args(ValueAtom)) and atom.field in change.values


def find_consequences(workbench: Workbench, chosen: Membership, change: Change) -> Consequences:
    """What a change of the chosen contacts, made now, would do to the saved segments."""
    effects, later = [], []
    world = _World(workbench, chosen, change, given_at(workbench))
    for name in segments_touched(workbench, change):
        logic = workbench.plan(workbench.library.segment(name).segment.group).root
        known = (atom for atom in atoms(logic) if touches(change, atom))
        if any(isinstance(atom, Compared | InShare) for atom in known):
            later.append(name)
            continue
        before, after = workbench.engine.members(logic), world.members(logic)
        entered, left = len(after - before), len(before - after)
        if entered or left:
            effects.append(Effect(name, len(before), entered, left))
    return Consequences(tuple(effects), tuple(later))


@dataclass(frozen=True)
class _World:
    """The contacts as they would be; `at` is naive UTC."""

    workbench: Workbench
    chosen: Membership
    change: Change
    at: dt.datetime

    def members(self, logic: Logic[Atom]) -> Membership:
        """Who the logic would hold."""
        everyone = self.chosen.contacts
        found: Membership = fold(logic, self._atom, lambda: Membership.everyone(everyone))
        return found

    def _atom(self, atom: Atom) -> Membership:
        before = self.workbench.engine.atom(atom)
        if not touches(self.change, atom):
            return before
        if isinstance(atom, HasTag):
            return self._tagged(atom, before)
        holds = true_of(atom, Contact("", self.change.values), ())
        return before | self.chosen if holds else before - self.chosen

    def _tagged(self, atom: HasTag, before: Membership) -> Membership:
        """Who would have one of the tags: a tag that a contact has keeps the time it was given."""
        engine, found = self.workbench.engine, before
        if not set(atom.tags).isdisjoint(self.change.remove):
            rest = tuple(tag for tag in atom.tags if tag not in self.change.remove)
            kept = engine.atom(HasTag(rest, atom.bounds)) if rest else self.chosen - self.chosen
            found = (found - self.chosen) | (self.chosen & kept)
        for tag in set(atom.tags).intersection(self.change.add):
            new = Contact("", tags=frozenset((tag,)), tagged={tag: self.at})
            if true_of(HasTag((tag,), atom.bounds), new, ()):
                found |= self.chosen - engine.atom(HasTag((tag,)))
        return found
