"""What would come of other numbers in a segment's rows, over the workbench's snapshot."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from segbench.audience.curve import Curve, curve
from segbench.audience.dial import CAN, Dial, dials
from segbench.audience.opens import ways_to_count_opens
from segbench.errors import RuleError
from segbench.model.prebuilt_segments.names import Names
from segbench.model.rules import Group, RuleOrGroup, as_group
from segbench.model.tree import node_at
from segbench.plan.atoms import Atom
from segbench.plan.logic import Logic
from segbench.plan.lower import lower
from segbench.workbench.reaching import find_reach

if TYPE_CHECKING:
    from segbench.workbench.workbench import Workbench


def find_dials(workbench: Workbench, node: RuleOrGroup) -> tuple[Dial, ...]:
    """All numbers of a group that can be turned, in reading order; of rows that count."""
    root = as_group(node)
    return dials(root, workbench.plan(root).nodes)


def find_curve(workbench: Workbench, node: RuleOrGroup, dial: Dial | None = None) -> Curve:
    """What a group holds for each number of the dial, by default its first.

    Beside the matching contacts those whom e-mail reaches and, where the row counts opens, the
    matching ones with opens counted in other ways. `RuleError` where nothing can be turned.
    """
    root = as_group(node)
    plan, context = workbench.plan(root), workbench.context()
    there = dials(root, plan.nodes)
    if not there or (dial is not None and dial not in there):
        raise RuleError(f"{'This number is not' if there else 'Nothing is'} there to turn. {CAN}")
    chosen = dial or there[0]
    row = node_at(root, chosen.path)
    names = Names(context.catalog, context.vocabulary)
    ways = {} if isinstance(row, Group) else ways_to_count_opens(row, names)

    def lowered(each: RuleOrGroup) -> Logic[Atom]:
        return lower(as_group(each), context).root

    own = (name for name, way in ways.items() if lowered(way) == lowered(row))
    reach = find_reach(workbench)
    found = curve(root, chosen, plan, lowered, workbench.engine, reach, ways)
    return replace(found, own=next(iter(own), ""))
