"""The profile of a segment: how its contacts differ from all contacts, or from another segment."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator, Mapping
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
_TAGS = "\0tags"
"""What stands for the name of a field; no column can be called so."""
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
    labels = _labels(workbench)
    for name, several, division in _divisions(workbench):
        # Rules of one field each refer to no segment: the library need not be read for them.
        counted = division.count(here, there, lambda rule: workbench.members(rule, {}))
        values = (Value(part.words, part.rule, a, b, sides) for part, a, b in counted)
        found = field_profile(name, values, sides, several=several, label=labels[name])
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
            yield field.name, field.type == "list", division
    tags = divide_tags(workbench)
    if tags is not None:
        yield _TAGS, True, tags


def _labels(workbench: Workbench) -> Mapping[str, str]:
    """What each field is called; those that share a label also have their names in it."""
    labels = {field.name: field.label or field.name for field in workbench.catalog.fields}
    often = Counter((*labels.values(), TAGS))
    told = {n: f"{label} ({n})" if often[label] > 1 else label for n, label in labels.items()}
    return {**told, _TAGS: TAGS}
