"""Every number of a tree is the size of a set: brute force over memberships is the judge."""

from __future__ import annotations

from functools import reduce
from operator import and_, or_

import pytest
import trees
from hypothesis import given, settings
from population import CONTACTS

from segbench.audience.evaluation import Evaluation, evaluate, waterfall
from segbench.engine import tally
from segbench.engine.bit_table import BitTable
from segbench.engine.membership import Membership
from segbench.engine.memory import Contact, MemoryEngine
from segbench.model.ask import field, tag
from segbench.model.catalog import Catalog, Choice, Field
from segbench.model.describe import Wording
from segbench.model.edit import enable
from segbench.model.rules import Group, Path, RuleOrGroup, TagRule
from segbench.model.tree import walk
from segbench.plan.logic import Leaf, atoms
from segbench.plan.lower import Context, Plan, lower

FOUR = MemoryEngine(
    (
        Contact("a", {"country": "DE"}, frozenset({"vip"})),
        Contact("b", {"country": "DE"}),
        Contact("c", {"country": "FR"}, frozenset({"vip"})),
        Contact("d", {}),
    )
)
GERMAN, FRENCH = field("country").is_any_of("DE"), field("country").is_any_of("FR")
VIP = tag("vip")
OFF = TagRule("has_any_of", ("vip",), enabled=False)


@pytest.fixture
def four(context: Context) -> Context:
    catalog = Catalog(4, (Field("country", "text", "Country"),), (Choice("vip", 2),))
    return Context(context.as_of, context.zone, catalog)


def questions(plan: Plan) -> list[object]:
    return [atom for logic in (plan.root, *plan.nodes.values()) for atom in atoms(logic)]


def evaluated(root: Group, context: Context, engine: MemoryEngine = FOUR) -> Evaluation:
    plan = lower(root, context)
    return evaluate(root, plan, engine.patterns(questions(plan)))


def numbers(evaluation: Evaluation) -> dict[Path, tuple[int, int]]:
    return {path: (counts.alone, counts.after) for path, counts in evaluation.nodes.items()}


class Brute:
    """The same numbers, by set algebra over whole memberships, one node after another."""

    def __init__(self, context: Context, engine: MemoryEngine) -> None:
        self.context, self.engine = context, engine
        self.nodes: dict[Path, tuple[int, int]] = {}

    def of(self, node: RuleOrGroup, path: Path = ()) -> Membership | None:
        if path and not node.enabled:
            return None
        if isinstance(node, Group):
            held = self.group(node, path)
        else:
            rule = Group(rules=(node,))
            held = self.engine.members(lower(rule, self.context).root)
        if held is None:
            return None
        if isinstance(node, Group) and node.negated:
            held = ~held
        self.nodes[path] = (len(held), len(held))
        return held

    def group(self, group: Group, path: Path) -> Membership | None:
        combine = and_ if group.combinator == "and" else or_
        running: list[Membership] = []
        for index, child in enumerate(group.rules):
            held = self.of(child, (*path, index))
            if held is not None:
                running.append(held)
                so_far = reduce(combine, running)
                self.nodes[*path, index] = (len(held), len(so_far))
        return reduce(combine, running) if running else None


@settings(max_examples=150)
@given(root=trees.groups)
def test_every_node_has_the_counts_that_brute_force_gives(
    root: Group, context: Context, memory_engine: MemoryEngine
) -> None:
    brute = Brute(context, memory_engine)
    members = brute.of(root)
    evaluation = evaluated(root, context, memory_engine)
    assert evaluation.contacts == len(CONTACTS)
    assert evaluation.total == (0 if members is None else len(members))
    assert numbers(evaluation) == brute.nodes


@settings(max_examples=80)
@given(root=trees.groups)
def test_the_counts_do_not_depend_on_what_else_the_table_answers(
    root: Group, context: Context, memory_engine: MemoryEngine
) -> None:
    plan, more = lower(root, context), lower(GERMAN & VIP, context)
    wide = memory_engine.patterns([*questions(more), *questions(plan)])
    assert evaluate(root, plan, wide) == evaluated(root, context, memory_engine)


@settings(max_examples=60)
@given(root=trees.groups)
def test_without_a_node_a_tree_counts_what_it_does_when_the_node_is_switched_off(
    root: Group, context: Context, memory_engine: MemoryEngine
) -> None:
    evaluation = evaluated(root, context, memory_engine)
    for path, counts in evaluation.nodes.items():
        off = enable(root, path, False) if path else root
        assert counts.without == len(memory_engine.members(lower(off, context).root)), path


@settings(max_examples=60)
@given(root=trees.groups)
def test_bits_and_patterns_give_the_same_numbers(
    root: Group, context: Context, memory_engine: MemoryEngine
) -> None:
    plan = lower(root, context)
    members = {atom: memory_engine.members(Leaf(atom)) for atom in questions(plan)}
    bits = BitTable(members, len(CONTACTS))
    assert bits.answers(tuple(members))
    assert not bits.answers((*members, "another"))
    expected = evaluated(root, context, memory_engine)
    assert evaluate(root, plan, bits) == expected
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tally, "BLOCK", 1)
        assert evaluate(root, plan, bits) == expected


@settings(max_examples=80)
@given(root=trees.groups)
def test_the_sums_of_the_pattern_table_are_the_sizes_of_the_memberships(
    root: Group, context: Context, memory_engine: MemoryEngine
) -> None:
    plan = lower(root, context)
    wanted = questions(plan)
    table = memory_engine.patterns(wanted)
    assert int(table.counts.sum()) == table.contacts == len(CONTACTS)
    assert all(count > 0 for count in table.counts.tolist())
    for atom in wanted:
        assert table.count(Leaf(atom)) == len(memory_engine.members(Leaf(atom)))
    for logic in plan.nodes.values():
        assert table.count(logic) == len(memory_engine.members(logic))


@settings(max_examples=150)
@given(root=trees.groups)
def test_the_steps_of_the_waterfall_add_up_to_the_total(
    root: Group, context: Context, memory_engine: MemoryEngine
) -> None:
    evaluation = evaluated(root, context, memory_engine)
    falls = waterfall(root, evaluation)
    left = falls.contacts if root.combinator == "and" else 0
    for step in falls.steps:
        left += step.change
        assert step.left == left
        assert 0 <= step.alone <= falls.contacts
        if step.path:
            assert (step.change <= 0) is (root.combinator == "and") or step.change == 0
    assert falls.total == evaluation.total == (left if falls.steps else 0)
    counted = [path for path in evaluation.nodes if len(path) == 1]
    assert [step.path for step in falls.steps if step.path] == sorted(counted)


def test_and_takes_away_row_by_row(four: Context) -> None:
    evaluation = evaluated(GERMAN & VIP, four)
    assert evaluation.total == 1
    assert numbers(evaluation) == {(): (1, 1), (0,): (2, 2), (1,): (2, 1)}


def test_or_adds_row_by_row(four: Context) -> None:
    evaluation = evaluated(GERMAN | VIP, four)
    assert evaluation.total == 3
    assert numbers(evaluation) == {(): (3, 3), (0,): (2, 2), (1,): (2, 3)}


def test_a_negated_root_is_everyone_else_and_its_rows_stay_as_they_are(four: Context) -> None:
    evaluation = evaluated(~(GERMAN | VIP), four)
    assert evaluation.total == 1
    assert numbers(evaluation) == {(): (1, 1), (0,): (2, 2), (1,): (2, 3)}


def test_a_negated_inner_group_counts_what_it_does_not_hold(four: Context) -> None:
    root = Group(rules=(VIP, ~(GERMAN | FRENCH)))
    assert numbers(evaluated(root, four)) == {
        (): (0, 0),
        (0,): (2, 2),
        (1,): (1, 0),
        (1, 0): (2, 2),
        (1, 1): (1, 3),
    }


def test_disabled_and_empty_members_have_no_counts(four: Context) -> None:
    inner = Group("or", (OFF,))
    root = Group(rules=(OFF, GERMAN, Group(), inner, Group(rules=(VIP,), enabled=False)))
    evaluation = evaluated(root, four)
    assert set(evaluation.nodes) == {(), (1,)}
    assert evaluation.total == 2
    assert [step.path for step in waterfall(root, evaluation).steps] == [(1,)]


@pytest.mark.parametrize("root", [Group(), Group(rules=(OFF,)), Group("or", (Group(),), True)])
def test_a_tree_without_an_active_rule_holds_nobody(root: Group, four: Context) -> None:
    evaluation = evaluated(root, four)
    assert (evaluation.total, evaluation.nodes) == (0, {})
    assert waterfall(root, evaluation).steps == ()


def test_a_root_that_is_switched_off_counts_all_the_same(four: Context) -> None:
    off = Group(rules=(GERMAN,), enabled=False)
    assert evaluated(off, four).total == 2


def test_there_may_be_no_contacts_at_all(four: Context) -> None:
    evaluation = evaluated(~(GERMAN | VIP), four, MemoryEngine(()))
    assert (evaluation.contacts, evaluation.total) == (0, 0)
    assert set(numbers(evaluation).values()) == {(0, 0)}


def test_a_waterfall_under_and_starts_at_all_contacts(four: Context) -> None:
    root = GERMAN & VIP
    falls = waterfall(root, evaluated(root, four), Wording(four.catalog))
    assert [(s.label, s.alone, s.left, s.change) for s in falls.steps] == [
        ("Country is “DE”", 2, 2, -2),
        ("tag is “vip”", 2, 1, -1),
    ]


def test_a_waterfall_under_or_starts_at_nobody(four: Context) -> None:
    root = GERMAN | VIP
    falls = waterfall(root, evaluated(root, four))
    assert [(s.alone, s.left, s.change) for s in falls.steps] == [(2, 2, 2), (2, 3, 1)]


def test_a_negated_root_ends_its_waterfall_with_everyone_else(four: Context) -> None:
    root = ~(GERMAN | VIP)
    last = waterfall(root, evaluated(root, four)).steps[-1]
    assert (last.path, last.left, last.change) == ((), 1, -2)
    assert last.label.startswith("NOT")


def test_equal_rows_anywhere_ask_one_question(four: Context) -> None:
    root = Group("or", (GERMAN, Group(rules=(GERMAN, VIP)), ~GERMAN))
    plan = lower(root, four)
    assert len(set(questions(plan))) == 2
    assert {path for path, _ in walk(root)} == set(plan.nodes)
