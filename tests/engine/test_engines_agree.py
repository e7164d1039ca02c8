"""Every engine gives the members that the reference engine gives, bit by bit."""

from __future__ import annotations

import os
import random
from collections import Counter
from typing import Any

import ibis
import numpy as np
import pytest
import trees
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from population import (
    AWKWARD,
    CATALOG,
    CONTACT_ZONE,
    CONTACTS,
    FIELDS,
    SEGMENTS,
    contact,
    tables,
)

from segbench.engine.local import LocalEngine
from segbench.engine.membership import Membership
from segbench.engine.memory import Contact, MemoryEngine
from segbench.engine.relational import ordinals_of
from segbench.lake.lake import Lake
from segbench.model.ask import did, field
from segbench.model.check import require_sound
from segbench.model.operators import OPERATORS
from segbench.model.rules import Group, as_group
from segbench.plan.logic import Leaf, atoms, fold
from segbench.plan.lower import Context, Plan, lower

CI, SOAK = bool(os.environ.get("CI")), bool(os.environ.get("SEGBENCH_SOAK"))
TREES = 20_000 if CI or SOAK else 1_000
POOL = 1_500 if CI or SOAK else 300
POPULATIONS = 150 if SOAK else 80 if CI else 40


def questions(plan: Plan) -> list[Any]:
    return list(dict.fromkeys(atom for logic in plan.nodes.values() for atom in atoms(logic)))


def assert_agree(plan: Plan, judge: MemoryEngine, engine: LocalEngine) -> None:
    table = engine.patterns(questions(plan))
    for logic in (plan.root, *plan.nodes.values()):
        members = judge.members(logic)
        assert engine.members(logic) == members
        assert table.count(logic) == len(members)
        assert engine.count(logic) == len(members)


EVERYBODY = (1 << len(CONTACTS)) - 1
"""A set of contacts as the bits of one plain number: Python's algebra, to hold against ours."""


def bits(members: Membership) -> int:
    return sum(1 << ordinal for ordinal in members.ids().tolist())


def test_the_local_engine_agrees_with_the_judge_on_random_trees(
    contexts: tuple[Context, ...], memory_engine: MemoryEngine, local_engine: LocalEngine
) -> None:
    """Every atom is judged once, contact by contact; every tree in the bits of a number."""
    chance = random.Random(20_261_123)
    pool = [trees.random_rule(chance) for _ in range(POOL)]
    judged: dict[Any, int] = {}

    def judge(atom: Any) -> int:
        if atom not in judged:
            judged[atom] = bits(memory_engine.members(Leaf(atom)))
        return judged[atom]

    sizes: Counter[int] = Counter()
    for number in range(TREES):
        root = trees.random_group(chance, pool)
        plan = lower(root, contexts[number % len(contexts)])
        held = fold(plan.root, judge, lambda: EVERYBODY) & EVERYBODY
        assert bits(local_engine.members(plan.root)) == held, root
        assert local_engine.count(plan.root) == held.bit_count(), root
        sizes[held.bit_count()] += 1
    # Trees that hold nobody or everybody prove little.
    assert TREES - sizes[0] - sizes[len(CONTACTS)] > TREES / 4
    assert len(sizes) > 60


@settings(max_examples=400 if SOAK else 150 if CI else 100)
@given(root=trees.groups)
def test_every_node_of_a_tree_agrees_with_the_judge(
    root: Group, context: Context, memory_engine: MemoryEngine, local_engine: LocalEngine
) -> None:
    require_sound(root, CATALOG, SEGMENTS, contact_zone=CONTACT_ZONE)
    assert_agree(lower(root, context), memory_engine, local_engine)


@pytest.mark.parametrize("key", OPERATORS, ids=".".join)
def test_the_local_engine_agrees_with_the_judge_on_every_operator(
    key: Any, context: Context, memory_engine: MemoryEngine, local_engine: LocalEngine
) -> None:
    @settings(max_examples=25 if SOAK else 12 if CI else 10)
    @given(rule=trees.RULES[key])
    def agree(rule: Any) -> None:
        assert_agree(lower(Group(rules=(rule,)), context), memory_engine, local_engine)

    agree()


def test_every_operator_has_a_strategy_that_draws_it() -> None:
    assert list(trees.RULES) == list(OPERATORS)
    for key, strategy in trees.RULES.items():
        seen: list[Any] = []

        @settings(max_examples=3, phases=[Phase.generate])
        @given(rule=strategy)
        def drawn(rule: Any, seen: list[Any]) -> None:
            seen.append((rule.kind, rule.op))

        drawn(seen=seen)
        assert set(seen) == {key}


class Drawn:
    """Freshly drawn contacts in a DuckDB that Ibis opened; blank text and NaN are left as is."""

    def __init__(self, backend: Any, contacts: tuple[Contact, ...], prefix: str = "") -> None:
        self.backend, self.contacts, self.prefix = backend, len(contacts), prefix
        for name, arrow in tables(contacts, "ordinal").items():
            # Ibis's own create_table fails on a column whose name has quotes.
            backend.con.register("incoming", arrow)
            backend.con.execute(f"CREATE OR REPLACE TABLE {prefix}{name} AS FROM incoming")
            backend.con.unregister("incoming")

    def table(self, name: str) -> ibis.Table:
        return self.backend.table(self.prefix + name)

    def members(self, logic: Any) -> Membership:
        return fold(logic, self.atom, lambda: Membership.everyone(self.contacts))

    def atom(self, atom: Any) -> Membership:
        found = ordinals_of(atom, self).to_pyarrow()["ordinal"].to_numpy()
        return Membership.of(np.asarray(found, np.int64), self.contacts)


@pytest.fixture(scope="module")
def backend() -> Any:
    return ibis.duckdb.connect()


@st.composite
def drawn_contacts(draw: st.DrawFn) -> tuple[Contact, ...]:
    def pick(choices: Any) -> Any:
        return draw(st.sampled_from(choices))

    some = draw(st.lists(st.sampled_from(AWKWARD), max_size=4, unique_by=lambda c: c.key))
    fresh = [contact(f"fresh {number}", pick) for number in range(draw(st.integers(0, 4)))]
    return (*some, *fresh)


@settings(max_examples=POPULATIONS)
@given(root=trees.group_of(trees.rules, 5), contacts=drawn_contacts())
def test_ibis_agrees_with_the_judge_on_freshly_drawn_contacts(
    root: Group, contacts: tuple[Contact, ...], context: Context, backend: Any
) -> None:
    plan, judge, drawn = lower(root, context), MemoryEngine(contacts), Drawn(backend, contacts)
    for atom in questions(plan):
        assert drawn.atom(atom) == judge.members(Leaf(atom))
    assert drawn.members(plan.root) == judge.members(plan.root)


@pytest.fixture(scope="module")
def uncleaned(backend: Any) -> Drawn:
    """All contacts as they are, with the padding, blank text and NaN that a lake cleans away."""
    return Drawn(backend, CONTACTS, "uncleaned_")


@pytest.mark.parametrize("key", OPERATORS, ids=".".join)
def test_ibis_agrees_with_the_judge_on_every_operator_over_uncleaned_contacts(
    key: Any, context: Context, memory_engine: MemoryEngine, uncleaned: Drawn
) -> None:
    @settings(max_examples=15 if SOAK else 8)
    @given(rule=trees.RULES[key])
    def agree(rule: Any) -> None:
        logic = lower(Group(rules=(rule,)), context).root
        assert uncleaned.members(logic) == memory_engine.members(logic)

    agree()


def test_ibis_trims_and_drops_what_a_lake_would_have_cleaned(
    context: Context, memory_engine: MemoryEngine, uncleaned: Drawn
) -> None:
    for rule in (
        field("country").is_any_of("DE"),
        field("country", match_case=True).is_any_of("De"),
        field("country").starts_with("us"),
        field("country").ends_with("e"),
        field("country").is_empty(),
        field("score") > 1,
        field("score").is_empty(),
        did("order_placed").matching(field("amount") > 1),
        did("order_placed").matching(field("currency").is_any_of("eur")),
    ):
        logic = lower(as_group(rule), context).root
        assert uncleaned.members(logic) == memory_engine.members(logic)


def test_the_catalogue_of_the_lake_says_what_the_one_written_by_hand_says(lake: Lake) -> None:
    with lake.snapshot() as snapshot:
        found = snapshot.catalog()
    assert {field.name: field.type for field in found.fields} == FIELDS
    assert found.contacts == len(CONTACTS)
    assert {tag.value: tag.count for tag in found.tags} == {
        tag.value: tag.count for tag in CATALOG.tags
    }
    for event in CATALOG.events:
        there = {prop.name: prop.type for prop in found.event(event.name).properties}
        assert there == {prop.name: prop.type for prop in event.properties}
