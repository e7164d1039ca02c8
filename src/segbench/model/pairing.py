"""Which row of one group is which row of another: equal ones, then those about the same thing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from segbench.model.rules import (
    EventRule,
    FieldRule,
    Group,
    MeasureRule,
    PrebuiltRule,
    RuleOrGroup,
    SegmentRule,
    SequenceRule,
)

Trait = Callable[[RuleOrGroup], Any]


def itself(node: RuleOrGroup) -> RuleOrGroup:
    """The node with all that it has."""
    return node


def bare(node: RuleOrGroup) -> RuleOrGroup:
    """The node without what only people read."""
    if isinstance(node, Group):
        return replace(node, note="", locked=False, rules=tuple(map(bare, node.rules)))
    return replace(node, note="", locked=False)


def subject(node: RuleOrGroup) -> tuple[str, str]:
    """What the node is about: a field, an event, a segment; all tags are one, and all groups."""
    match node:
        case FieldRule():
            return node.kind, node.field
        case EventRule() | MeasureRule():
            return "event", node.event
        case SequenceRule():
            return node.kind, node.steps[0].event if node.steps else ""
        case SegmentRule():
            return node.kind, node.segment
        case PrebuiltRule():
            return node.kind, node.prebuilt
        case _:
            return node.kind, ""


def paired(
    first: Sequence[RuleOrGroup], second: Sequence[RuleOrGroup], *by: Trait
) -> dict[int, int]:
    """The place in `second` of each node of `first` that has one, whatever the order.

    Nodes that have the first trait of `by` in common are paired first, then by the next one; by
    default what is equal but for notes and locks, then what is about the same.
    """
    left = list(range(len(second)))
    found: dict[int, int] = {}
    for trait in by or (bare, subject):
        traits = {place: trait(second[place]) for place in left}
        for at, node in enumerate(first):
            if at in found:
                continue
            wanted = trait(node)
            place = next((p for p in left if traits[p] == wanted), None)
            if place is not None:
                found[at] = place
                left.remove(place)
    return found
