"""Counts for every node of a segment, all of them sums over one table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from typing import Any

from segbench.audience.explain import Step, Waterfall
from segbench.engine.bit_table import BLOCK, BitTable
from segbench.engine.patterns import PatternTable
from segbench.model.describe import PLAIN, Wording, phrase
from segbench.model.rules import Combinator, Group, Path
from segbench.model.tree import walk
from segbench.plan.lower import Plan

Table = PatternTable | BitTable
Held = Mapping[Path, Any]
"""What each node that counts holds: flags of patterns, or a membership."""


@dataclass(frozen=True, slots=True)
class NodeCount:
    """A node's numbers: contacts that it holds `alone`, and those of its group `after` it.

    With AND, `after` is how many are left; with OR, how many are in so far. `without` is how many
    the whole tree would hold if this node were switched off.
    """

    alone: int
    after: int
    without: int = 0


@dataclass(frozen=True)
class Evaluation:
    """The numbers of one tree over one snapshot; nodes that do not count are missing."""

    contacts: int
    total: int
    nodes: Mapping[Path, NodeCount]


def evaluate(root: Group, plan: Plan, table: Table) -> Evaluation:
    """The counts of the root and of every node; the table must answer the plan's atoms."""
    if isinstance(table, BitTable) and table.contacts > BLOCK:
        return _added([_evaluated(root, plan, block) for block in table.blocks()])
    return _evaluated(root, plan, table)


def _added(parts: list[Evaluation]) -> Evaluation:
    """The numbers of all contacts from those of some each."""
    nodes = {
        path: NodeCount(
            sum(part.nodes[path].alone for part in parts),
            sum(part.nodes[path].after for part in parts),
            sum(part.nodes[path].without for part in parts),
        )
        for path in parts[0].nodes
    }
    contacts, total = sum(part.contacts for part in parts), sum(part.total for part in parts)
    return Evaluation(contacts, total, nodes)


def _evaluated(root: Group, plan: Plan, table: Table) -> Evaluation:
    held: Held = {path: table.holds(logic) for path, logic in plan.nodes.items()}
    groups = {path: node for path, node in walk(root) if isinstance(node, Group) and path in held}
    after = dict(held)
    for path, group in groups.items():
        after.update(_running(_children(path, group, held), group.combinator, held))
    total, without = table.count(plan.root), _Without(groups, held, table)
    nodes = {
        path: NodeCount(
            table.total(held[path]),
            table.total(after[path]),
            without.count(path) if path else total,
        )
        for path in held
    }
    return Evaluation(table.contacts, total, nodes)


def waterfall(root: Group, evaluation: Evaluation, wording: Wording = PLAIN) -> Waterfall:
    """The root group's rows as steps from all contacts (with OR: from nobody) to the segment."""
    left = evaluation.contacts if root.combinator == "and" else 0
    steps: list[Step] = []
    for index, node in enumerate(root.rules):
        counts = evaluation.nodes.get((index,))
        if counts is not None:
            label = phrase(node, wording)
            change = counts.after - left
            steps.append(Step((index,), label, counts.alone, counts.after, change))
            left = counts.after
    if root.negated and steps:
        total = evaluation.total
        steps.append(Step((), "NOT: everyone else", total, total, total - left))
    return Waterfall(root.combinator, evaluation.contacts, tuple(steps), evaluation.total)


def _children(path: Path, group: Group, held: Held) -> list[Path]:
    """The members of a group that count, in row order."""
    return [child for index in range(len(group.rules)) if (child := (*path, index)) in held]


def _running(children: list[Path], combinator: Combinator, held: Held) -> dict[Path, Any]:
    """What each member leaves of its group."""
    found: dict[Path, Any] = {}
    so_far: Any = None
    for child in children:
        if so_far is None:
            so_far = held[child]
        else:
            so_far = so_far & held[child] if combinator == "and" else so_far | held[child]
        found[child] = so_far
    return found


class _Without:
    """What the tree holds when a node is switched off."""

    def __init__(self, groups: Mapping[Path, Group], held: Held, table: Table) -> None:
        self.groups, self.held, self.table = groups, held, table
        self.beside: dict[Path, Any] = {}
        for path, group in groups.items():
            children = _children(path, group, held)
            before = _running(children, group.combinator, held)
            after = _running(children[::-1], group.combinator, held)
            for child, left, right in zip(
                children, (None, *children[:-1]), (*children[1:], None), strict=True
            ):
                sides = [before[left]] if left is not None else []
                sides += [after[right]] if right is not None else []
                self.beside[child] = self._joined(group, sides)

    def count(self, path: Path) -> int:
        """How many contacts the tree holds then."""
        instead: Any = None
        while path:
            path, child = path[:-1], path
            group = self.groups[path]
            parts = [part for part in (self.beside[child], instead) if part is not None]
            # A group of which nothing is left is ignored; a tree without any rule holds nobody.
            instead = self._joined(group, parts)
            instead = ~instead if instead is not None and group.negated else instead
        return 0 if instead is None else self.table.total(instead)

    def _joined(self, group: Group, parts: list[Any]) -> Any:
        return reduce(and_ if group.combinator == "and" else or_, parts) if parts else None
