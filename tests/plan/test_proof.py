"""Proven is true of every contact, refuted has a contact that shows it, and the search ends."""

from __future__ import annotations

import itertools
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from population import CONTACTS

from plan.questions import atoms, contact, judge, logic_of, values, within
from segbench.engine.memory import Contact, MemoryEngine, holds
from segbench.errors import RuleError
from segbench.model.moments import Bounds
from segbench.plan.atoms import Events, Happened, HasTag, Known, Sampled, TextIs, Truth, Within
from segbench.plan.logic import (
    AllOf,
    AnyOf,
    Everyone,
    Leaf,
    Logic,
    Nothing,
    all_of,
    any_of,
    complement,
)
from segbench.plan.normal import cnf, dnf, nnf, simplified
from segbench.plan.proof import (
    Proof,
    Verdict,
    contradiction,
    equivalent,
    implies,
    tautology,
)
from segbench.plan.satisfiability import Solver

clauses = st.lists(st.lists(st.integers(0, 13), min_size=1, max_size=4), max_size=40)


def by_trying(asked: list[list[int]], given: list[int]) -> bool:
    """Whether some assignment of seven variables makes all clauses true."""
    every = [*asked, *([each] for each in given)]
    return any(
        all(any(row[each >> 1] is not bool(each & 1) for each in clause) for clause in every)
        for row in itertools.product((False, True), repeat=7)
    )


@settings(max_examples=300)
@given(clauses, st.lists(st.lists(st.integers(0, 13), max_size=4), min_size=1, max_size=4))
def test_the_search_finds_what_trying_all_cases_finds(
    asked: list[list[int]], questions: list[list[int]]
) -> None:
    solver = Solver()
    for _ in range(7):
        solver.literal()
    for clause in asked:
        solver.add(clause)
    for given_ in questions:
        answer = solver.solve(given_)
        assert answer is by_trying(asked, given_)
        if answer:
            assert all(any(solver.value(x) for x in clause) for clause in asked)
            assert all(solver.value(x) for x in given_)


def pigeons(count: int) -> Solver:
    """More pigeons than holes: no answer for a long time."""
    solver = Solver()
    nests = [[solver.literal() for _ in range(count - 1)] for _ in range(count)]
    for nest in nests:
        solver.add(nest)
    for hole in range(count - 1):
        for one, other in itertools.combinations(nests, 2):
            solver.add((one[hole] ^ 1, other[hole] ^ 1))
    return solver


def test_a_search_without_end_gives_up() -> None:
    assert pigeons(5).solve() is False
    started = time.perf_counter()
    assert pigeons(30).solve(steps=50_000) is None
    assert time.perf_counter() - started < 5


@settings(max_examples=300)
@given(logic_of(atoms), logic_of(atoms), st.lists(contact(), min_size=1, max_size=5))
def test_what_is_proven_is_true_of_every_contact(
    a: Logic[Any], b: Logic[Any], crowd: list[Contact]
) -> None:
    among = tuple(crowd)
    for claim, holds_for in (
        (implies(a, b), lambda x, y: y or not x),
        (equivalent(a, b), lambda x, y: x is y),
        (contradiction(all_of((a, b))), lambda x, y: not (x and y)),
        (tautology(any_of((a, b))), lambda x, y: x or y),
    ):
        if claim.proven:
            for who in among:
                assert holds_for(holds(a, who, among), holds(b, who, among))


@settings(max_examples=200)
@given(logic_of(values, 5), logic_of(values, 5))
def test_what_is_refuted_has_a_contact_that_shows_it(a: Logic[Any], b: Logic[Any]) -> None:
    found = equivalent(a, b, judge)
    assert (found.witness is not None) is (found.verdict is Verdict.REFUTED)
    if found.witness is not None:
        assert judge(a, found.witness) is not judge(b, found.witness)


numeric = within("age", "number") | within("score", "number")


@settings(max_examples=200)
@given(logic_of(numeric), logic_of(numeric))
def test_numbers_are_always_decided(a: Logic[Any], b: Logic[Any]) -> None:
    assert equivalent(a, b, judge).verdict is not Verdict.UNDECIDED


whole = st.builds(
    TextIs,
    st.just("name"),
    st.lists(st.sampled_from(("DE", "de", "17")), min_size=1, unique=True).map(
        lambda found: tuple(sorted(found))
    ),
    st.just(True),
)


@settings(max_examples=200)
@given(logic_of(whole | st.builds(Truth, st.just("subscribed"), st.booleans())), logic_of(whole))
def test_whole_texts_and_booleans_are_always_decided(a: Logic[Any], b: Logic[Any]) -> None:
    assert equivalent(a, b, judge).verdict is not Verdict.UNDECIDED


@settings(max_examples=60)
@given(logic_of(values), logic_of(values))
def test_proven_logic_holds_the_same_of_the_awkward_contacts(a: Logic[Any], b: Logic[Any]) -> None:
    engine = MemoryEngine(CONTACTS)
    if equivalent(a, b).proven:
        assert engine.members(a) == engine.members(b)


def test_logic_written_in_two_ways_is_equivalent() -> None:
    a, b, c = (Leaf(HasTag((name,))) for name in "abc")
    spread = any_of((all_of((a, b)), all_of((a, c))))
    assert equivalent(all_of((a, any_of((b, c)))), spread).proven
    assert equivalent(complement(all_of((a, b))), any_of(map(complement, (a, b)))).proven
    assert equivalent(all_of((a, Leaf(HasTag(("b", "c"))))), spread).proven


def test_without_a_judge_nothing_is_refuted() -> None:
    a, b = Leaf(HasTag(("a",))), Leaf(HasTag(("b",)))
    assert equivalent(a, b).verdict is Verdict.UNDECIDED
    assert equivalent(a, b, judge).verdict is Verdict.REFUTED


def test_samples_and_tags_with_times_can_be_refuted() -> None:
    tenth = Leaf(Sampled("s", "00000000", "1999999a"))
    assert tautology(tenth, judge).verdict is Verdict.REFUTED
    assert contradiction(tenth, judge).verdict is Verdict.REFUTED
    timed = Leaf(HasTag(("a",), Bounds()))
    assert equivalent(timed, Leaf(HasTag(("a",))), judge).verdict is Verdict.REFUTED


def test_events_are_left_to_the_data() -> None:
    once = Leaf(Happened(Events(("order_placed",), Everyone()), 1, Bounds()))
    assert contradiction(once, judge).verdict is Verdict.UNDECIDED
    assert tautology(once, judge).verdict is Verdict.REFUTED


def test_everyone_and_nobody_are_what_they_are() -> None:
    assert tautology(Everyone()).proven
    assert contradiction(Nothing()).proven
    assert equivalent(Nothing(), Everyone(), judge).verdict is Verdict.REFUTED


def parts_of(logic: Logic[Any]) -> tuple[Logic[Any], ...]:
    assert isinstance(logic, AnyOf)
    return logic.parts


@pytest.mark.parametrize("size", [30, 1_000])
def test_a_proof_ends_soon_also_for_large_logic(size: int) -> None:
    def logic(shift: int) -> Logic[Any]:
        return any_of(
            all_of(
                (
                    Leaf(Within("n", "number", Bounds(low=n + shift))),
                    complement(Leaf(HasTag((f"tag {n}", f"tag {n + 1}")))),
                    Leaf(TextIs("t", (str(n), str(n + 1)))),
                )
            )
            for n in range(size // 3)
        )

    one, turned = logic(0), complement(all_of(map(complement, reversed(parts_of(logic(0))))))
    assert one != turned
    started = time.perf_counter()
    found: list[Proof] = [equivalent(one, turned), equivalent(one, logic(1))]
    assert found[0].proven
    assert not found[1].proven
    assert time.perf_counter() - started < (1 if size == 30 else 20)


def test_known_is_what_a_cover_needs() -> None:
    low = Leaf(Within("n", "number", Bounds(high=1)))
    high = Leaf(Within("n", "number", Bounds(low=1)))
    assert not tautology(any_of((low, high))).proven
    assert tautology(any_of((low, high, complement(Leaf(Known("n", "number")))))).proven


def test_logic_nested_too_deep_is_left_to_the_data() -> None:
    deep: Logic[Any] = Leaf(HasTag(("a",)))
    for n in range(20_000):
        deep = (AllOf if n % 2 else AnyOf)((deep, Leaf(HasTag((str(n),)))))
    assert equivalent(deep, deep).verdict in (Verdict.PROVEN, Verdict.UNDECIDED)
    assert contradiction(deep).verdict is Verdict.UNDECIDED
    assert simplified(deep) is deep
    for form in (nnf, dnf, cnf):
        with pytest.raises(RuleError, match="nested too deep"):
            form(deep)
