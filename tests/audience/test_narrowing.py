"""Why so few: every number of a row is that of the changed tree, counted by the judge."""

from __future__ import annotations

from dataclasses import replace

import pytest
import trees
from hypothesis import given, settings

from segbench.audience.evaluation import evaluate, waterfall
from segbench.audience.narrowing import Narrowing, narrowing
from segbench.engine.memory import MemoryEngine
from segbench.model.ask import field, tag
from segbench.model.edit import enable
from segbench.model.rules import Group, RuleOrGroup
from segbench.plan.logic import atoms
from segbench.plan.lower import Context, lower


def narrowed(root: Group, context: Context, engine: MemoryEngine) -> Narrowing:
    plan = lower(root, context)
    wanted = [atom for logic in (plan.root, *plan.nodes.values()) for atom in atoms(logic)]
    table = engine.patterns(wanted)
    evaluation = evaluate(root, plan, table)
    return narrowing(root, plan, table, evaluation, waterfall(root, evaluation))


def counted(root: Group, context: Context, engine: MemoryEngine) -> int:
    return len(engine.members(lower(root, context).root))


@settings(max_examples=40)
@given(root=trees.groups)
def test_every_number_is_the_count_of_a_changed_tree(
    root: Group, context: Context, memory_engine: MemoryEngine
) -> None:
    def count(group: Group) -> int:
        return counted(group, context, memory_engine)

    found, total = narrowed(root, context, memory_engine), count(root)
    other = "or" if root.combinator == "and" else "and"
    for row in found.rows:
        without = enable(root, row.step.path, False)
        assert row.without == count(without)
        assert row.only_here == abs(row.without - total)
        if len(found.rows) > 1:
            rest = replace(without, negated=False, enabled=True)
            pair: tuple[RuleOrGroup, ...] = (rest, root.rules[row.step.path[0]])
            assert row.otherwise == count(Group(other, pair, root.negated))
    if len(found.rows) > 1:
        assert found.swapped == count(replace(root, combinator=other))
    else:
        assert found.swapped is None
    assert found.steepest.total == total
    if found.steepest.steps:
        assert found.steepest.steps[-1].left == total


@settings(max_examples=40)
@given(root=trees.groups)
def test_the_steepest_order_has_the_same_rows_and_each_step_is_the_largest_left(
    root: Group, context: Context, memory_engine: MemoryEngine
) -> None:
    found = narrowed(root, context, memory_engine)
    steps = [step for step in found.steepest.steps if step.path]
    assert sorted(step.path for step in steps) == [row.step.path for row in found.rows]
    taken: list[RuleOrGroup] = []
    level = found.falls.contacts if root.combinator == "and" else 0
    waiting = {row.step.path: root.rules[row.step.path[0]] for row in found.rows}
    for step in steps:
        lefts = {
            path: counted(Group(root.combinator, (*taken, node)), context, memory_engine)
            for path, node in waiting.items()
        }
        assert step.left == lefts[step.path]
        assert step.change == step.left - level
        assert abs(step.change) == max(abs(left - level) for left in lefts.values())
        taken.append(waiting.pop(step.path))
        level = step.left


def test_the_decisive_row_is_the_one_whose_absence_changes_most(
    context: Context, memory_engine: MemoryEngine
) -> None:
    root = field("country").is_any_of("DE") & tag("vip")
    found = narrowed(root, context, memory_engine)
    most = max(found.rows, key=lambda row: row.only_here)
    assert found.decisive == (most if most.only_here else None)


@pytest.mark.parametrize("root", [Group(), Group(rules=(Group(),))])
def test_a_tree_without_rows_has_no_costs(
    root: Group, context: Context, memory_engine: MemoryEngine
) -> None:
    found = narrowed(root, context, memory_engine)
    assert (found.rows, found.swapped, found.decisive) == ((), None, None)
