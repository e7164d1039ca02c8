"""Counts for every node of a segment, all of them sums over one table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from segbench.audience.explain import Step, Waterfall
from segbench.engine.bit_table import BitTable
from segbench.engine.patterns import PatternTable
from segbench.engine.tally import Tally
from segbench.model.describe import PLAIN, Wording, phrase
from segbench.model.rules import Group, Path
from segbench.model.tree import walk
from segbench.plan.logic import Nothing
from segbench.plan.lower import Plan

Table = PatternTable | BitTable


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
    tally: Tally = table.tally()
    sets = _Sets(root, plan, tally)
    total = tally.total(sets.held[()] if plan.nodes else tally.holds(plan.root))
    nobody = tally.total(tally.holds(Nothing()))
    places = {}
    for path in plan.nodes:
        left = sets.without(path)
        without = total if not path else nobody if left is None else tally.total(left)
        places[path] = tally.total(sets.held[path]), tally.total(sets.after[path]), without
    numbers = tally.run()
    nodes = {path: NodeCount(*(numbers[place] for place in each)) for path, each in places.items()}
    return Evaluation(table.contacts, numbers[total], nodes)


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


class _Sets:
    """What each node holds, what is left (with OR: in) after it, and the tree without it."""

    def __init__(self, root: Group, plan: Plan, tally: Tally) -> None:
        self.groups = {
            path: node
            for path, node in walk(root)
            if isinstance(node, Group) and path in plan.nodes
        }
        self.held: dict[Path, Any] = {
            path: tally.holds(logic)
            for path, logic in plan.nodes.items()
            if path not in self.groups
        }
        self.after: dict[Path, Any] = dict(self.held)
        self.beside: dict[Path, Any] = {}
        for path in sorted(self.groups, key=len, reverse=True):
            self._join(path, self.groups[path])
        self.after.setdefault((), self.held.get(()))

    def without(self, path: Path) -> Any:
        """What the tree holds when the node is switched off; None where no rule is left."""
        instead: Any = None
        while path:
            path, child = path[:-1], path
            group = self.groups[path]
            # A group of which nothing is left is ignored.
            instead = _joined(group, self.beside[child], instead)
            instead = ~instead if instead is not None and group.negated else instead
        return instead

    def _join(self, path: Path, group: Group) -> None:
        """What a group holds, from what its members hold that count."""
        places = ((*path, index) for index in range(len(group.rules)))
        children = [child for child in places if child in self.held]
        before: Any = None
        behind: Any = None
        for child in children:
            self.beside[child] = before
            before = self.after[child] = _joined(group, before, self.held[child])
        for child in reversed(children):
            self.beside[child] = _joined(group, self.beside[child], behind)
            if child != children[0]:
                behind = _joined(group, behind, self.held[child])
        self.held[path] = ~before if group.negated else before


def _joined(group: Group, one: Any, other: Any) -> Any:
    """Two parts of a group together, either of which may be missing."""
    if one is None or other is None:
        return other if one is None else one
    return one & other if group.combinator == "and" else one | other
