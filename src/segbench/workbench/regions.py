"""Segments beside each other in one workspace: which are alike, and what is special about some."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from segbench.audience.likeness import Ranked, most_alike
from segbench.audience.partition import Partition, partition
from segbench.audience.profile import Value, most_telling
from segbench.engine.membership import Membership
from segbench.errors import RuleError
from segbench.model.describe import phrase
from segbench.model.rules import RuleOrGroup
from segbench.model.segment import Segment
from segbench.workbench.profiling import profile_segment

if TYPE_CHECKING:
    from segbench.workbench.workbench import Workbench


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
) -> tuple[Value, ...]:
    """What is special about the contacts of a rule or group: values, each in a whole sentence.

    Those of fields that tell most come first, at most two of a field.
    """
    found = profile_segment(workbench, node)
    wording = workbench.wording
    told = (value for _, value in most_telling(found, most))
    return tuple(replace(value, words=phrase(value.rule, wording)) for value in told)


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
