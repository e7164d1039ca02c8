"""Logic keeps its meaning while it is simplified, by truth table."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from segbench.plan.logic import (
    AllOf,
    AnyOf,
    Everyone,
    Leaf,
    Not,
    Nothing,
    all_of,
    any_of,
    atoms,
    complement,
    fold,
)

NAMES = "abcd"


TABLE = np.array(list(itertools.product((False, True), repeat=len(NAMES))))
"""Every combination of truth values of the four atoms, one per row."""


def raw(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    parts = st.lists(inner, min_size=1, max_size=4).map(tuple)
    return inner.map(Not) | parts.map(AllOf) | parts.map(AnyOf)


RAW: st.SearchStrategy[Any] = st.recursive(
    st.sampled_from([*map(Leaf, NAMES), Everyone(), Nothing()]), raw, max_leaves=12
)
"""Logic as nobody builds it: nothing simplified."""


def rebuilt(logic: Any) -> Any:
    """The same logic through the functions that simplify."""
    match logic:
        case Not(inner):
            return complement(rebuilt(inner))
        case AllOf(parts):
            return all_of(map(rebuilt, parts))
        case AnyOf(parts):
            return any_of(map(rebuilt, parts))
        case _:
            return logic


def truths(logic: Any) -> list[bool]:
    """The logic's value for each of the 16 truth values of its four atoms."""
    flags = fold(logic, lambda name: TABLE[:, NAMES.index(name)], lambda: np.ones(16, bool))
    return list(flags.tolist())


def shapes(logic: Any) -> list[Any]:
    match logic:
        case Not(inner):
            return [logic, *shapes(inner)]
        case AllOf(parts) | AnyOf(parts):
            return [logic, *(shape for part in parts for shape in shapes(part))]
        case _:
            return [logic]


@given(RAW)
def test_simplifying_never_changes_the_meaning(logic: Any) -> None:
    assert truths(rebuilt(logic)) == truths(logic)


@given(RAW)
def test_the_complement_holds_exactly_the_others(logic: Any) -> None:
    simple = rebuilt(logic)
    assert truths(complement(simple)) == [not truth for truth in truths(logic)]
    assert complement(complement(simple)) == simple


@given(RAW)
def test_a_thing_and_its_complement_are_nobody_or_everyone(logic: Any) -> None:
    simple = rebuilt(logic)
    assert truths(all_of([simple, complement(simple)])) == [False] * 16
    assert truths(any_of([simple, complement(simple)])) == [True] * 16
    if isinstance(simple, Leaf):
        assert all_of([simple, complement(simple)]) == Nothing()
        assert any_of([simple, complement(simple)]) == Everyone()


@given(RAW)
def test_simple_logic_has_no_trivial_part_inside(logic: Any) -> None:
    for shape in shapes(rebuilt(logic))[1:]:
        assert not isinstance(shape, (Everyone, Nothing))
    for shape in shapes(rebuilt(logic)):
        if isinstance(shape, (AllOf, AnyOf)):
            assert len(set(shape.parts)) == len(shape.parts) >= 2
            assert not any(type(part) is type(shape) for part in shape.parts)
        if isinstance(shape, Not):
            assert not isinstance(shape.inner, Not)


@given(RAW)
def test_simplifying_twice_is_simplifying_once(logic: Any) -> None:
    assert rebuilt(rebuilt(logic)) == rebuilt(logic)


def test_all_of_nothing_is_everyone_and_any_of_nothing_is_nobody() -> None:
    assert all_of([]) == Everyone()
    assert any_of([]) == Nothing()
    assert complement(Everyone()) == Nothing()
    assert complement(Nothing()) == Everyone()


@given(RAW)
def test_the_atoms_are_the_distinct_ones_in_reading_order(logic: Any) -> None:
    expected = dict.fromkeys(shape.atom for shape in shapes(logic) if isinstance(shape, Leaf))
    assert atoms(logic) == tuple(expected)
