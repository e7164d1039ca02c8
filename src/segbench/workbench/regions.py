"""Segments beside each other in one workspace: which are alike, and what is special about some."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from segbench.audience.likeness import Ranked, most_alike
from segbench.audience.partition import Partition, partition
from segbench.audience.profile import Trait, profile
from segbench.engine.membership import Membership
from segbench.errors import RuleError
from segbench.model.describe import phrase
from segbench.model.rules import FieldRule, RuleOrGroup, TagRule
from segbench.model.segment import Segment

if TYPE_CHECKING:
    from segbench.workbench.workbench import Workbench

VALUES = 6
"""How many of a field's values a profile looks at: its most frequent ones."""
TAGS = 12


def alike_segments(
    workbench: Workbench, node: RuleOrGroup, *, most: int = 10, but: str = ""
) -> tuple[Ranked, ...]:
    """The saved segments that are most like a rule or group, except the one named `but`.

    Segments that cannot be evaluated any more are left out.
    """
    members = workbench.members(node)
    return most_alike(members, _saved_members(workbench, but), most)


def profile_contacts(
    workbench: Workbench, node: RuleOrGroup, *, most: int = 8
) -> tuple[Trait, ...]:
    """What is special about the contacts of a rule or group: values of fields, and tags.

    Looked at are the most frequent values of fields that have few, yes-or-no fields, and tags.
    """
    return profile(workbench.members(node), _values(workbench), most)


def partition_base(
    workbench: Workbench, segments: Iterable[str | Segment], base: RuleOrGroup | None = None
) -> Partition:
    """How segments divide the contacts of a base among them; without one, all contacts.

    Saved segments may be given by name.
    """
    members = {}
    for given in segments:
        segment = workbench.library.segment(given).segment if isinstance(given, str) else given
        members[segment.name] = workbench.members(segment.group)
    return partition(members, None if base is None else workbench.members(base))


def _saved_members(workbench: Workbench, but: str) -> Iterator[tuple[str, Membership]]:
    for saved in workbench.library.segments():
        name = saved.segment.name
        if name == but:
            continue
        try:
            yield name, workbench.members(saved.segment.group)
        except RuleError:
            continue


def _values(workbench: Workbench) -> Iterator[tuple[str, Membership]]:
    wording = workbench.wording
    for rule in _value_rules(workbench):
        yield phrase(rule, wording), workbench.members(rule)


def _value_rules(workbench: Workbench) -> Iterator[RuleOrGroup]:
    catalog = workbench.catalog
    for field in catalog.fields:
        if field.type == "boolean":
            yield FieldRule(field.name, "is_true")
        elif field.type == "text":
            for choice in field.choices[:VALUES]:
                yield FieldRule(field.name, "is_any_of", (choice.value,))
    for tag in catalog.tags[:TAGS]:
        yield TagRule("has_any_of", (tag.value,))
