"""Normal forms and simpler logic hold the same contacts as the logic they are made of."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import trees
from hypothesis import given, settings
from population import CONTACTS

from plan.questions import atoms, contact, leaves, logic_of
from segbench.engine.memory import Contact, MemoryEngine, holds
from segbench.errors import RuleError
from segbench.model.moments import Bounds
from segbench.model.rules import Group
from segbench.plan.atoms import HasTag, Known, TextHas, TextIs, Truth, Within
from segbench.plan.logic import (
    AllOf,
    AnyOf,
    Everyone,
    Leaf,
    Logic,
    Not,
    Nothing,
    all_of,
    any_of,
    complement,
)
from segbench.plan.lower import Context, lower
from segbench.plan.normal import cnf, dnf, nnf, simplified

A, B, C = (Leaf(HasTag((name,))) for name in "abc")


def at_least(low: float) -> Leaf[Any]:
    return Leaf(Within("n", "number", Bounds(low=low)))


@settings(max_examples=150)
@given(logic_of(atoms, 10), contact(), contact())
def test_every_form_holds_the_same_contacts(
    logic: Logic[Any], one: Contact, other: Contact
) -> None:
    among = (one, other)
    for form in (nnf, dnf, cnf, simplified):
        for who in among:
            assert holds(form(logic), who, among) is holds(logic, who, among), form


@settings(max_examples=30)
@given(logic_of(atoms))
def test_every_form_holds_the_same_awkward_contacts(logic: Logic[Any]) -> None:
    engine = MemoryEngine(CONTACTS[:60])
    members = engine.members(logic)
    for form in (nnf, dnf, cnf, simplified):
        assert engine.members(form(logic)) == members


@settings(max_examples=60)
@given(trees.groups)
def test_a_simpler_tree_holds_the_same_contacts(
    context: Context, memory_engine: MemoryEngine, root: Group
) -> None:
    logic = lower(root, context).root
    assert memory_engine.members(simplified(logic)) == memory_engine.members(logic)


@settings(max_examples=150)
@given(logic_of(atoms, 12))
def test_a_form_of_a_form_is_the_same(logic: Logic[Any]) -> None:
    for form in (nnf, dnf, cnf, simplified):
        once = form(logic)
        assert form(once) == once, form


@settings(max_examples=150)
@given(logic_of(atoms, 12))
def test_simpler_logic_is_never_larger(logic: Logic[Any]) -> None:
    assert leaves(simplified(logic)) <= leaves(logic)


def is_literal(logic: Logic[Any]) -> bool:
    return isinstance(logic, Leaf) or (isinstance(logic, Not) and isinstance(logic.inner, Leaf))


def parts_of(logic: Logic[Any], kind: Any) -> tuple[Logic[Any], ...]:
    return logic.parts if isinstance(logic, kind) else (logic,)


@given(logic_of(atoms, 12))
def test_the_forms_have_their_shapes(logic: Logic[Any]) -> None:
    for form, outer, inner in ((dnf, AnyOf, AllOf), (cnf, AllOf, AnyOf)):
        for term in parts_of(form(logic), outer):
            for literal in parts_of(term, inner):
                assert is_literal(literal) or form(logic) in (Everyone(), Nothing())


def test_the_disjunctive_form_spreads_all_over_any() -> None:
    logic = all_of((A, any_of((B, complement(C)))))
    assert dnf(logic) == any_of((all_of((A, B)), all_of((A, complement(C)))))
    assert cnf(dnf(logic)) == logic


def test_a_form_with_too_many_terms_is_refused_at_once() -> None:
    pairs = [any_of((Leaf(HasTag((f"a{n}",))), Leaf(HasTag((f"b{n}",))))) for n in range(40)]
    with pytest.raises(RuleError, match="disjunctive normal form has more than 1,000 terms"):
        dnf(all_of(pairs))
    with pytest.raises(RuleError, match="conjunctive normal form has more than 10 terms"):
        cnf(any_of(map(complement, pairs)), most=10)
    with pytest.raises(RuleError, match="more than 3 terms"):
        nnf(all_of(pairs), most=3)
    assert cnf(all_of(pairs)) == all_of(pairs)


GERMAN = Leaf(TextIs("country", ("at", "de")))
NUMBER = Leaf(Known("n", "number"))
SIMPLER: list[tuple[Any, Any]] = [
    (all_of((at_least(5), at_least(3))), at_least(5)),
    (any_of((at_least(5), at_least(3))), at_least(3)),
    (all_of((A, any_of((A, B)))), A),
    (any_of((A, all_of((A, B)))), A),
    (any_of((all_of((A, B)), all_of((A, complement(B))))), A),
    (all_of((at_least(5), NUMBER)), at_least(5)),
    (any_of((at_least(5), complement(at_least(3)), NUMBER)), Everyone()),
    (all_of((at_least(5), complement(at_least(3)))), Nothing()),
    (all_of((GERMAN, Leaf(TextIs("country", ("de",))))), Leaf(TextIs("country", ("de",)))),
    (all_of((GERMAN, Leaf(TextHas("country", "anywhere", "x")))), Nothing()),
    (any_of((Leaf(Truth("b", True)), Leaf(Truth("b", False)), Leaf(Known("b", "boolean")))),
     any_of((Leaf(Truth("b", True)), Leaf(Truth("b", False))))),
    (all_of((A, any_of((B, at_least(5))), at_least(7))), all_of((A, at_least(7)))),
    (complement(any_of((at_least(5), at_least(3)))), complement(at_least(3))),
]  # fmt: skip


@pytest.mark.parametrize(("logic", "simpler"), SIMPLER)
def test_needless_parts_are_left_out(logic: Any, simpler: Any) -> None:
    found = simplified(logic)
    assert leaves(found) <= leaves(simpler)
    if leaves(simpler) < 2:
        assert found == simpler


def test_without_steps_logic_stays_as_it_is() -> None:
    logic = all_of((at_least(5), at_least(3)))
    assert simplified(logic, steps=0) == logic


def test_dates_are_simplified_by_the_day() -> None:
    day = dt.date(2026, 5, 3)
    after = Leaf(Within("d", "date", Bounds(low=day, low_open=True)))
    from_next = Leaf(Within("d", "date", Bounds(low=day + dt.timedelta(1))))
    assert simplified(all_of((after, from_next))) == after


def test_logic_with_a_thousand_parts_is_simplified_soon() -> None:
    parts = [any_of((Leaf(HasTag((f"tag {n}",))), at_least(n))) for n in range(500)]
    assert leaves(simplified(all_of(parts))) <= 1_000
