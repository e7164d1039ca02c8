"""The smallest changes that would take a contact into a segment, or out of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np

from segbench.model.describe import phrase
from segbench.model.rules import Group, Path, RuleOrGroup
from segbench.model.tree import node_at
from segbench.model.wording import Wording
from segbench.plan.atoms import Atom
from segbench.plan.logic import Logic, all_of, complement, fold
from segbench.plan.lower import Plan
from segbench.plan.proof import contradiction

MOST = 5
"""How many alternatives are offered."""
_KEPT = 24

Truth = Callable[[Atom], bool]
Change = tuple[Path, bool]


@dataclass(frozen=True, slots=True)
class Flip:
    """Rules that would have to become true or false, together; as paths, and in words."""

    changes: tuple[Change, ...]
    words: tuple[str, ...]


def smallest_flips(root: Group, plan: Plan, truth: Truth, wording: Wording) -> tuple[Flip, ...]:
    """The smallest sets of rules whose change alone would change the result, smallest first.

    Sets that no contact can meet, such as two countries at once, are left out.
    """
    if () not in plan.nodes:
        return ()
    wanted = not _stands(plan.nodes[()], truth)
    ways = _ways(replace(root, enabled=True), (), plan, truth, wanted)
    possible = (way for way in ways if way and _can_be(way, plan))
    found = list(islice(possible, MOST))
    least = len(found[0]) if found else 0
    return tuple(
        Flip(tuple(way), tuple(_words(root, change, wording) for change in way))
        for way in found
        if len(way) == least
    )


def _ways(
    node: RuleOrGroup, path: Path, plan: Plan, truth: Truth, wanted: bool
) -> list[tuple[Change, ...]]:
    """Sets of changes that make the node stand as wanted, smallest first, a few of them."""
    if _stands(plan.nodes[path], truth) == wanted:
        return [()]
    if not isinstance(node, Group):
        return [((path, wanted),)]
    inner = wanted is not node.negated
    members = [
        (child, (*path, index))
        for index, child in enumerate(node.rules)
        if (*path, index) in plan.nodes
    ]
    each = [_ways(child, place, plan, truth, inner) for child, place in members]
    if (node.combinator == "and") is inner:
        return _together(each)
    return sorted((way for ways in each for way in ways), key=len)[:_KEPT]


def _together(each: list[list[tuple[Change, ...]]]) -> list[tuple[Change, ...]]:
    """Sets that take one way of every member."""
    found: list[tuple[Change, ...]] = [()]
    for ways in each:
        joined = [(*start, *way) for start in found for way in ways]
        found = sorted(joined, key=len)[:_KEPT]
    return found


def _can_be(way: tuple[Change, ...], plan: Plan) -> bool:
    """Whether one contact can meet all changes at once, as far as logic knows."""
    asked: list[Logic[Atom]] = [
        plan.nodes[path] if wanted else complement(plan.nodes[path]) for path, wanted in way
    ]
    return not contradiction(all_of(asked)).proven


def _words(root: Group, change: Change, wording: Wording) -> str:
    path, wanted = change
    node = node_at(root, path)
    words = phrase(replace(node, enabled=True, negated=False), wording)
    row = ".".join(str(index + 1) for index in path)
    holds = wanted is not node.negated
    return f"row {row}: {words}" if holds else f"row {row}: no longer {words}"


def _stands(logic: Logic[Atom], truth: Truth) -> bool:
    return bool(fold(logic, lambda atom: np.bool_(truth(atom)), lambda: np.True_))
