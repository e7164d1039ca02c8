"""Counts for every node of a segment, all of them sums over one pattern table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segbench.audience.explain import Step, Waterfall
from segbench.engine.patterns import PatternTable
from segbench.model.describe import PLAIN, Wording, phrase
from segbench.model.rules import Combinator, Group, Path
from segbench.model.tree import walk
from segbench.plan.lower import Plan

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class NodeCount:
    """A node's numbers: contacts that it holds `alone`, and those of its group `after` it.

    With AND, `after` is how many are left; with OR, how many are in so far.
    """

    alone: int
    after: int


@dataclass(frozen=True)
class Evaluation:
    """The numbers of one tree over one snapshot; nodes that do not count are missing."""

    contacts: int
    total: int
    nodes: Mapping[Path, NodeCount]


def evaluate(root: Group, plan: Plan, table: PatternTable) -> Evaluation:
    """The counts of the root and of every node; the table must answer the plan's atoms."""
    flags = {path: table.holds(logic) for path, logic in plan.nodes.items()}
    total = table.count(plan.root)
    nodes = {path: NodeCount(_sum(table, flag), _sum(table, flag)) for path, flag in flags.items()}
    for path, node in walk(root):
        if isinstance(node, Group) and path in flags:
            for child, running in _running(path, node.combinator, len(node.rules), flags):
                nodes[child] = NodeCount(nodes[child].alone, _sum(table, running))
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


def _running(
    path: Path, combinator: Combinator, size: int, flags: Mapping[Path, Flags]
) -> list[tuple[Path, Flags]]:
    """What each member that counts leaves of its group, in row order."""
    children = [child for index in range(size) if (child := (*path, index)) in flags]
    found: list[tuple[Path, Flags]] = []
    for child in children:
        here = flags[child]
        if found:
            before = found[-1][1]
            here = before & here if combinator == "and" else before | here
        found.append((child, here))
    return found


def _sum(table: PatternTable, flags: Flags) -> int:
    return int(table.counts[flags].sum())
