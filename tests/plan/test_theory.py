"""Every fact between atoms holds for every contact; and where facts are whole, none is missing."""

from __future__ import annotations

import itertools
import math
import sys
import time
import unicodedata
from typing import Any

import trees
from hypothesis import given, settings
from hypothesis import strategies as st
from population import CONTACTS

from plan.questions import NUMBERS, atoms, contact, values, within
from segbench.engine.memory import Contact, true_of
from segbench.model.moments import Bounds
from segbench.model.rules import Group
from segbench.plan.atoms import (
    Events,
    Happened,
    HasTag,
    InShare,
    ItemIs,
    Known,
    Sampled,
    TextHas,
    TextIs,
    TextMatches,
    Truth,
    Within,
    comparable,
    fold_case,
)
from segbench.plan.logic import Everyone, Leaf, all_of, any_of, complement
from segbench.plan.logic import atoms as every_atom
from segbench.plan.lower import Context, lower
from segbench.plan.proof import implies, where_implies
from segbench.plan.texts import spellings
from segbench.plan.theory import facts

EVENTS = Events(("order_placed",), Everyone())


WAYS = (-math.inf, math.inf)
TRIED = sorted({*NUMBERS, *(math.nextafter(n, way) for n in NUMBERS for way in WAYS)})
"""Values at all ends of intervals and just beside them: one of each stretch between two ends."""


def is_fact(clause: Any, who: Contact, among: tuple[Contact, ...]) -> bool:
    return any(true_of(atom, who, among) is true for atom, true in clause)


@settings(max_examples=400)
@given(st.lists(atoms, min_size=1, max_size=6), st.lists(contact(), min_size=1, max_size=6))
def test_every_fact_holds_for_every_contact(asked: list[Any], crowd: list[Contact]) -> None:
    among = tuple(crowd)
    for clause in facts(asked, where_implies):
        for who in among:
            assert is_fact(clause, who, among), (clause, who)


@settings(max_examples=300)
@given(st.lists(values, min_size=2, max_size=6), contact())
def test_every_fact_about_values_holds_for_every_contact(asked: list[Any], who: Contact) -> None:
    for clause in facts(asked, where_implies):
        assert is_fact(clause, who, (who,)), clause


@settings(max_examples=60)
@given(st.lists(atoms, min_size=3, max_size=8))
def test_every_fact_holds_for_the_awkward_contacts(asked: list[Any]) -> None:
    for clause in facts(asked, where_implies):
        for who in CONTACTS[:40]:
            assert is_fact(clause, who, CONTACTS), (clause, who)


@settings(max_examples=80)
@given(trees.groups)
def test_every_fact_about_a_drawn_tree_holds_for_every_contact(
    context: Context, root: Group
) -> None:
    asked = [atom for logic in lower(root, context).nodes.values() for atom in every_atom(logic)]
    for clause in facts(asked, where_implies):
        for who in CONTACTS[:40]:
            assert is_fact(clause, who, CONTACTS), (clause, who)


@settings(max_examples=300)
@given(within("age", "number"), within("age", "number"))
def test_what_intervals_of_a_number_imply_is_all_found(one: Within, other: Within) -> None:
    who = [Contact("", {"age": value}) for value in (None, *TRIED)]

    def held(atom: Any) -> list[bool]:
        return [true_of(atom, each, ()) for each in who]

    expected = all(b or not a for a, b in zip(held(one), held(other), strict=True))
    assert implies(Leaf(one), Leaf(other)).proven is expected


@settings(max_examples=200)
@given(st.lists(within("age", "number"), min_size=2, max_size=4))
def test_what_intervals_cover_together_is_all_found(asked: list[Within]) -> None:
    who = [Contact("", {"age": value}) for value in TRIED]
    expected = all(any(true_of(atom, each, ()) for atom in asked) for each in who)
    cover = any_of(map(Leaf, asked))
    assert implies(Leaf(Known("age", "number")), cover).proven is expected


def test_both_truths_are_all_there_are_where_one_is_known() -> None:
    either = any_of((Leaf(Truth("b", True)), Leaf(Truth("b", False))))
    assert implies(Leaf(Known("b", "boolean")), either).proven
    assert implies(either, Leaf(Known("b", "boolean"))).proven


def test_the_parts_of_a_sample_are_everyone() -> None:
    edges = ("00000000", "12345678", "9abcdef0", "")
    parts = [Sampled("s", low, high) for low, high in itertools.pairwise(edges)]
    assert implies(Everyone(), any_of(map(Leaf, parts))).proven
    assert not implies(Everyone(), any_of(map(Leaf, parts[1:]))).proven


def test_two_shares_that_make_up_all_leave_nobody_out() -> None:
    known = Leaf(Known("n", "number"))
    top, bottom = Leaf(InShare("n", 400_000, True)), Leaf(InShare("n", 600_000, False))
    assert implies(known, any_of((top, bottom))).proven
    assert not implies(known, any_of((top, Leaf(InShare("n", 599_999, False))))).proven
    # Contacts with equal numbers may all be in both.
    assert not implies(top, complement(Leaf(InShare("n", 1, False)))).proven


def test_any_of_several_tags_is_one_of_each() -> None:
    each = any_of((Leaf(HasTag(("a",))), Leaf(HasTag(("b",)))))
    assert implies(Leaf(HasTag(("a", "b"))), each).proven
    assert implies(all_of((Leaf(HasTag(("a", "b"))), complement(Leaf(HasTag(("a",)))))),
                   Leaf(HasTag(("b",)))).proven  # fmt: skip


def test_a_text_that_folds_to_ascii_is_one_of_its_spellings() -> None:
    beyond = (chr(code) for code in range(sys.maxunicode + 1) if not 0xD800 <= code < 0xE000)
    for char in beyond:
        if unicodedata.normalize("NFC", char) == char and fold_case(char).isascii():
            assert char in spellings(fold_case(char)), hex(ord(char))
    assert set(spellings("i1")) == {"i1", "I1", "İ1"}
    assert all(comparable(way, False) == "abi" for way in spellings("abi"))
    assert spellings("ß") == ()
    assert spellings("a" * 40) == ()


def test_many_atoms_about_one_thing_give_few_facts() -> None:
    asked: list[Any] = [Within("n", "number", Bounds(low, low + 5)) for low in range(1_000)]
    asked += [TextIs("t", (str(n), str(n + 1))) for n in range(1_000)]
    asked += [Happened(EVENTS, n, Bounds()) for n in range(1, 1_001)]
    assert len(facts(asked, where_implies)) < 40_000


def test_long_lists_of_values_are_compared_soon() -> None:
    values = tuple(sorted(f"v{n}" for n in range(50_000)))
    asked: list[Any] = [
        *(TextIs("t", values), TextIs("t", values[:25_000]), TextHas("t", "start", "v")),
        *(TextIs("t", tuple(v.upper() for v in values), True), TextMatches("t", "1", False)),
        *(ItemIs("l", values), ItemIs("l", tuple(v.upper() for v in values), True)),
        *(HasTag(values), HasTag(values[:25_000])),
    ]
    started = time.perf_counter()
    found = facts(asked, where_implies)
    assert time.perf_counter() - started < 20
    assert ((asked[6], False), (asked[5], True)) in found
