"""Why a group holds so few: what each of its rows does, over the workbench's snapshot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from segbench.audience.evaluation import Evaluation, evaluate, waterfall
from segbench.audience.narrowing import Narrowing, narrowing
from segbench.model.rules import RuleOrGroup, as_group
from segbench.plan.logic import atoms

if TYPE_CHECKING:
    from segbench.workbench.workbench import Workbench


def narrow(
    workbench: Workbench, node: RuleOrGroup, evaluation: Evaluation | None = None
) -> Narrowing:
    """What each row of a group does; `evaluation` where that is known of the same data."""
    root = as_group(node)
    plan = workbench.plan(root)
    wanted = [atom for logic in (plan.root, *plan.nodes.values()) for atom in atoms(logic)]
    table = workbench.engine.patterns(wanted)
    found = evaluation or evaluate(root, plan, table)
    return narrowing(root, plan, table, found, waterfall(root, found, workbench.wording))
