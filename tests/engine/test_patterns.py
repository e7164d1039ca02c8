"""Pattern tables: counts sum to the contacts, and every count is that of the memberships."""

from __future__ import annotations

import tracemalloc
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segbench.engine.membership import Membership
from segbench.engine.patterns import PatternTable, tabulate
from segbench.plan.logic import AllOf, AnyOf, Everyone, Leaf, Logic, Not, Nothing, fold

WIDTHS = [0, 1, 2, 15, 16, 17, 32, 33, 40]


def drawn(questions: int, contacts: int, seed: int) -> dict[str, Membership]:
    chance = np.random.default_rng(seed)
    shares = chance.random(questions)
    return {
        f"q{n}": Membership.from_flags(chance.random(contacts) < shares[n])
        for n in range(questions)
    }


def assert_counts(table: PatternTable, members: dict[str, Membership], logic: Logic[str]) -> None:
    expected = fold(logic, members.__getitem__, lambda: Membership.everyone(table.contacts))
    assert table.count(logic) == len(expected)


@pytest.mark.parametrize("questions", WIDTHS)
@pytest.mark.parametrize("contacts", [0, 1, 63, 64, 65, 1_000])
def test_counts_sum_to_the_contacts_and_equal_the_memberships(
    questions: int, contacts: int
) -> None:
    members = drawn(questions, contacts, seed=questions * 1_000 + contacts)
    table = tabulate(members, contacts)
    assert int(table.counts.sum()) == contacts == table.contacts
    assert table.answers(tuple(members))
    assert not table.answers(("other",))
    assert table.count(Everyone()) == contacts
    assert table.count(Nothing()) == 0
    names = list(members)
    for name in names:
        assert_counts(table, members, Leaf(name))
        assert_counts(table, members, Not(Leaf(name)))
    for a, b in zip(names, reversed(names), strict=True):
        assert_counts(table, members, AllOf((Leaf(a), Not(Leaf(b)))))
        assert_counts(table, members, AnyOf((Leaf(b), Leaf(a))))


@pytest.mark.parametrize("questions", [1, 16, 17, 40])
def test_each_pattern_in_use_is_there_once(questions: int) -> None:
    members = drawn(questions, 500, seed=questions)
    table = tabulate(members, 500)
    patterns = np.stack([table.truth[name] for name in members], axis=1)
    rows = np.stack([member.flags() for member in members.values()], axis=1)
    found, counts = np.unique(rows, axis=0, return_counts=True)
    expected = {tuple(row): int(n) for row, n in zip(found.tolist(), counts, strict=True)}
    assert len(table) == len(expected)
    assert {
        tuple(row): int(n) for row, n in zip(patterns.tolist(), table.counts, strict=True)
    } == expected


@given(st.data())
def test_any_logic_over_any_memberships_is_counted_exactly(data: st.DataObject) -> None:
    questions = data.draw(st.sampled_from([1, 3, 17, 34]))
    contacts = data.draw(st.sampled_from([0, 1, 64, 130]))
    members = drawn(questions, contacts, data.draw(st.integers(0, 2**32)))
    leaves: st.SearchStrategy[Any] = st.sampled_from([*map(Leaf, members), Everyone(), Nothing()])

    def around(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
        parts = st.lists(inner, min_size=1, max_size=3).map(tuple)
        return inner.map(Not) | parts.map(AllOf) | parts.map(AnyOf)

    logic = data.draw(st.recursive(leaves, around, max_leaves=8))
    assert_counts(tabulate(members, contacts), members, logic)


def test_many_questions_over_many_contacts_take_memory_for_the_contacts_only() -> None:
    contacts = 100_000
    members = drawn(32, contacts, seed=1)
    tracemalloc.start()
    try:
        table = tabulate(members, contacts)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert int(table.counts.sum()) == contacts
    # A table over all codes would take four gigabytes here.
    assert peak < 1_000 * contacts


def test_a_question_that_the_table_does_not_have_cannot_be_counted() -> None:
    with pytest.raises(KeyError):
        tabulate(drawn(2, 10, seed=0), 10).count(Leaf("other"))
