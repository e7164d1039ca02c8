"""Sensitivity: what a tree would hold if one row's window were another number of days long."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from segbench.audience.evaluation import Evaluation, evaluate
from segbench.engine.local import LocalEngine
from segbench.errors import RuleError
from segbench.model.edit import put
from segbench.model.rules import EventRule, Group, Path
from segbench.model.tree import node_at
from segbench.model.windows import Last
from segbench.plan.atoms import Atom
from segbench.plan.logic import atoms
from segbench.plan.lower import Plan

if TYPE_CHECKING:
    import pandas as pd

MOST_BESIDE = 12
"""With so many other questions a cube of a year's days has 1.5 million cells at the most."""


@dataclass(frozen=True)
class Sensitivity:
    """The evaluations of a tree by the length of one row's window, in that order."""

    path: Path
    unit: str
    amounts: tuple[int, ...]
    evaluations: tuple[Evaluation, ...]

    def to_frame(self) -> pd.DataFrame:
        """One line per length: the length, the tree's `total` and the row's own count `alone`."""
        import pandas as pd

        return pd.DataFrame(
            {
                self.unit: self.amounts,
                "total": [each.total for each in self.evaluations],
                "alone": [each.nodes[self.path].alone for each in self.evaluations],
            }
        )


def sensitivity(
    root: Group,
    path: Path,
    amounts: Sequence[int],
    plan: Callable[[Group], Plan],
    engine: LocalEngine,
) -> Sensitivity:
    """What the tree holds for each length of the window of the row at `path`, which rise."""
    row = node_at(root, path)
    if not isinstance(row, EventRule) or not isinstance(row.window, Last):
        raise RuleError("Only a row about events in the last so many days has this curve.")
    if not amounts or list(amounts) != sorted(set(amounts)):
        raise RuleError("Give the lengths as rising numbers, such as range(1, 366).")
    window = row.window
    trees = [put(root, path, replace(row, window=replace(window, amount=n))) for n in amounts]
    plans = [plan(tree) for tree in trees]
    if path not in plans[0].nodes:
        raise RuleError("This row is switched off, so its length changes nothing.")
    return Sensitivity(path, window.unit, tuple(amounts), _evaluated(trees, plans, engine))


def _evaluated(
    trees: Sequence[Group], plans: Sequence[Plan], engine: LocalEngine
) -> tuple[Evaluation, ...]:
    asked = [_atoms(plan) for plan in plans]
    staying = frozenset.intersection(*asked)
    sliding = [tuple(each - staying) for each in asked]
    if all(len(own) == 1 for own in sliding) and len(staying) <= MOST_BESIDE:
        cube = engine.cube([own[0] for own in sliding], staying)
        tables = map(cube.at, range(len(plans)))
        return tuple(evaluate(*each) for each in zip(trees, plans, tables, strict=True))
    return tuple(
        evaluate(tree, plan, engine.patterns(own))
        for tree, plan, own in zip(trees, plans, asked, strict=True)
    )


def _atoms(plan: Plan) -> frozenset[Atom]:
    return frozenset(atom for logic in (plan.root, *plan.nodes.values()) for atom in atoms(logic))
