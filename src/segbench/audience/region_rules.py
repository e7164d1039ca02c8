"""The rules of a part of an overlap: so that what a chart shows can be made a segment."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from segbench.errors import RuleError
from segbench.model.rules import Group, RuleOrGroup


def exactly_rules(segments: Sequence[RuleOrGroup], inside: Sequence[int]) -> Group:
    """In all segments at these positions and in no other; with no position, in none of them."""
    held = [node if at in inside else ~node for at, node in enumerate(segments)]
    if not held:
        raise RuleError("Choose a segment first.")
    return Group(rules=tuple(held))


def all_rules(segments: Sequence[RuleOrGroup], inside: Sequence[int]) -> Group:
    """In all segments at these positions, whatever else."""
    if not inside:
        raise RuleError("Choose a segment first.")
    return Group(rules=tuple(segments[at] for at in inside))


def many_rules(segments: Sequence[RuleOrGroup]) -> Group:
    """In two or more of the segments."""
    if len(segments) < 2:
        raise RuleError("Choose two segments or more.")
    pairs = (Group(rules=pair) for pair in combinations(segments, 2))
    return Group("or", tuple(pairs))


def within_base(rules: Group, base: RuleOrGroup | None) -> Group:
    """The same, and in the base where there is one."""
    if base is None:
        return rules
    return Group(rules=(base, *(rules.rules if rules.combinator == "and" else (rules,))))
