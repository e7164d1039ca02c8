"""One contact, looked at closely: found by a text, and why it is in a group or not."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from segbench.audience.why import Why, why
from segbench.engine.chains import in_order_quickly
from segbench.engine.finding import Match, find_contacts, key_at, ordinal_of
from segbench.engine.memory import Contact, true_of
from segbench.engine.reading import read_contact
from segbench.errors import RuleError
from segbench.model.catalog import Field
from segbench.model.rules import RuleOrGroup, as_group
from segbench.plan.atoms import Atom, InShare
from segbench.plan.atoms import Sequence as InOrder
from segbench.plan.logic import Logic, fold

if TYPE_CHECKING:
    from segbench.workbench.workbench import Workbench

MATCHES = 10
MOST_SEARCHED = 6
_NAMED = re.compile(r"(^|[_ -])((e-?)?mail|((first|last|full|sur|fore|given|family)[_ -]?)?name)$")


@dataclass(frozen=True)
class Inspection:
    """A contact and how it stands: in the group, and in the saved segments.

    `inside` names the saved segments that hold it, of `saved` many; `uncounted` those that cannot
    be answered as they are.
    """

    contact: Contact
    why: Why
    inside: tuple[str, ...]
    saved: int
    uncounted: tuple[str, ...]


def searched_fields(workbench: Workbench) -> tuple[Field, ...]:
    """The fields in which contacts are looked up beside their keys: e-mail addresses and names."""
    address = workbench.settings.words.email
    texts = [field for field in workbench.catalog.fields if field.type == "text"]
    named = [f for f in texts if f.name == address or _NAMED.search(f.name.lower())]
    return tuple(sorted(named, key=lambda field: field.name != address)[:MOST_SEARCHED])


def look_up(workbench: Workbench, text: str, limit: int = MATCHES) -> tuple[Match, ...]:
    """The first contacts whose key, e-mail address or names have every word of a text."""
    fields = [field.name for field in searched_fields(workbench)]
    return find_contacts(workbench.engine.snapshot, text, fields, limit)


def example_key(
    workbench: Workbench, node: RuleOrGroup, *, inside: bool, after: str = ""
) -> str | None:
    """The key of a contact that is in a group, or out of it: always the same one.

    In the order of the lake, the next one `after` that key, then from the start again. None where
    there is nobody.
    """
    members = workbench.members(node)
    wanted = (members if inside else ~members).ids()
    if not len(wanted):
        return None
    snapshot = workbench.engine.snapshot
    last = ordinal_of(snapshot, after) if after else None
    place = int(np.searchsorted(wanted, last, side="right")) if last is not None else 0
    return key_at(snapshot, int(wanted[place % len(wanted)]))


def inspect(workbench: Workbench, key: str, node: RuleOrGroup) -> Inspection:
    """The contact of that key; `UnknownName` where there is none."""
    root = as_group(node)
    workbench.plan(root)
    engine = workbench.engine
    ordinal, contact = read_contact(engine.snapshot, key)

    def truth(atom: Atom) -> bool:
        return ordinal in engine.atom(atom)

    found = why(contact, root, workbench.context(), truth, workbench.wording)
    names, wrong = [], []
    saved = [each.segment for each in workbench.library.segments()]
    for segment in saved:
        try:
            logic = workbench.plan(segment.group).root
        except RuleError:
            wrong.append(segment.name)
            continue
        if _holds(workbench, logic, contact, ordinal):
            names.append(segment.name)
    return Inspection(contact, found, tuple(names), len(saved), tuple(wrong))


def _holds(workbench: Workbench, logic: Logic[Atom], contact: Contact, ordinal: int) -> bool:
    """Whether the logic holds one contact, without asking it of all others."""

    def truth(atom: Atom) -> np.bool_:
        if isinstance(atom, InShare):
            return np.bool_(ordinal in workbench.engine.atom(atom))
        if isinstance(atom, InOrder):
            return np.bool_(in_order_quickly(atom, contact.events))
        return np.bool_(true_of(atom, contact, (contact,)))

    return bool(fold(logic, truth, lambda: np.True_))
