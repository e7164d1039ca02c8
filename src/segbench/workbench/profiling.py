"""The profile of a segment: how its contacts differ from all contacts, or from another segment."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from segbench.audience.profile import FieldProfile, Profile, Value, field_profile, ranked
from segbench.audience.significance import Sides
from segbench.engine.local import LocalEngine
from segbench.engine.membership import Membership
from segbench.model.rules import RuleOrGroup
from segbench.workbench.divisions import Division
from segbench.workbench.field_values import divide, divide_tags

if TYPE_CHECKING:
    from segbench.workbench.workbench import Workbench

TAGS = "Tags"
_Divisions = tuple[tuple[str, bool, Division], ...]
_divided: WeakKeyDictionary[LocalEngine, _Divisions] = WeakKeyDictionary()
"""How the fields are divided, as long as their engine is: the next segment is asked at once."""
_dividing = threading.Lock()


def profile_segment(
    workbench: Workbench, node: RuleOrGroup, against: RuleOrGroup | None = None
) -> Profile:
    """How the contacts of a rule or group differ from those of another; by default all contacts."""
    everyone = Membership.everyone(workbench.contacts_total)
    return profile_members(
        workbench,
        workbench.members(node),
        everyone if against is None else workbench.members(against),
    )


def profile_members(workbench: Workbench, here: Membership, there: Membership) -> Profile:
    """How some contacts differ from others in their fields and tags."""
    sides = Sides(len(here), len(there), len(here & there))
    return ranked(_fields(workbench, here, there, sides), sides)


def _fields(
    workbench: Workbench, here: Membership, there: Membership, sides: Sides
) -> Iterator[FieldProfile]:
    for name, several, division in _divisions(workbench):
        values = (
            Value(part.words, part.rule, a, b, sides) for part, a, b in division.count(here, there)
        )
        found = field_profile(name, values, sides, several=several)
        if found is not None:
            yield found


def _divisions(workbench: Workbench) -> _Divisions:
    engine = workbench.engine
    with _dividing:
        if engine not in _divided:
            _divided[engine] = tuple(_divide(workbench))
        return _divided[engine]


def _divide(workbench: Workbench) -> Iterator[tuple[str, bool, Division]]:
    for field in workbench.catalog.fields:
        division = divide(workbench, field)
        if division is not None:
            yield field.label or field.name, field.type == "list", division
    tags = divide_tags(workbench)
    if tags is not None:
        yield TAGS, True, tags
