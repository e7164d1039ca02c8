"""Proven is true of every contact, refuted has a contact that shows it, and the search ends."""

from __future__ import annotations

import datetime as dt
import itertools
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from population import CONTACTS

from plan.questions import atoms, contact, judge, logic_of, values, within
from segbench.engine.memory import Contact, MemoryEngine, holds, true_of
from segbench.errors import RuleError
from segbench.model.moments import Bounds
from segbench.plan.atoms import (
    Events,
    Happened,
    HasTag,
    ItemHas,
    ItemIs,
    Items,
    Known,
    PartIn,
    Sampled,
    TextHas,
    TextIs,
    TextLength,
    Truth,
    Within,
)
from segbench.plan.candidates import items, numbers, texts, times
from segbench.plan.encoding import Encoding
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
    where_implies,
)
from segbench.plan.satisfiability import Solver
from segbench.plan.witness import witnesses

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


def test_a_proof_that_was_given_up_says_why() -> None:
    deep: Logic[Any] = Leaf(HasTag(("a",)))
    for n in range(20_000):
        deep = (AllOf if n % 2 else AnyOf)((deep, Leaf(HasTag((str(n),)))))
    words = "Not proven: the rules are nested too deep. Ask the data."
    assert contradiction(deep) == Proof(Verdict.UNDECIDED, words)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("text", "•"),
        ("number", 0.0),
        ("boolean", True),
        ("list", ["•"]),
        ("date", dt.date(2024, 1, 1)),
        ("datetime", dt.datetime(2024, 1, 1)),
    ],
)
def test_a_contact_is_made_up_with_a_value_of_the_type(kind: Any, value: Any) -> None:
    (made,) = witnesses({Known("x", kind): True, Known("y", kind): False})
    assert made.fields == {"x": value}
    assert type(made.fields["x"]) is type(value)
    assert (made.key, made.tags, made.tagged) == ("made up 0", frozenset(), {})


def test_a_contact_is_made_up_with_tags_given_when_they_should_be() -> None:
    noon = dt.datetime(2026, 10, 26, 12)
    later = HasTag(("a", "b"), Bounds(low=noon, low_open=True))
    at_all, never = HasTag(("b",)), HasTag(("a",))
    (made,) = witnesses({at_all: True, later: True, never: False})
    assert made.tags == {"b"}
    assert made.tagged == {"b": noon + dt.timedelta(microseconds=1)}
    (made,) = witnesses({HasTag(("a",), Bounds(high=noon)): False, HasTag(("a",)): True})
    assert (made.tags, made.tagged) == ({"a"}, {})


def test_a_key_is_made_up_whose_hash_lies_where_it_should_or_none() -> None:
    low, high = Sampled("s", "00000000", "40000000"), Sampled("s", "40000000", "")
    (made,) = witnesses({low: False, high: True})
    assert true_of(high, Contact(made.key), ())
    assert not true_of(low, Contact(made.key), ())
    assert list(witnesses({low: True, high: True})) == []


@pytest.mark.parametrize(
    ("bounds", "number"),
    [
        (Bounds(low=5, low_open=True), 6),
        (Bounds(high=5, high_open=True), 4),
        (Bounds(1, 2, True, True), 1.5),
        (Bounds(5, 5), 5),
        (Bounds(), 0),
    ],
)
def test_a_made_up_number_lies_within_its_bounds_or_beside_them(
    bounds: Bounds, number: float
) -> None:
    assert numbers({Within("n", "number", bounds): True}) == number
    everything = {Within("n", "number", bounds): True, Within("n", "number", Bounds()): False}
    assert numbers(everything) is None


def test_a_made_up_time_lies_at_an_end_however_far_apart_the_ends_are() -> None:
    early, late = dt.datetime(2020, 1, 1), dt.datetime(2026, 1, 1)
    spans = [Within("t", "datetime", Bounds(low=each)) for each in (early, late)]
    assert times(dict.fromkeys(spans, True), "datetime") == late
    days = [Within("t", "date", Bounds(low=each.date())) for each in (early, late)]
    assert times(dict.fromkeys(days, True), "date") == late.date()
    friday = PartIn("t", "date", "weekday", (4,), "")
    assert times({**dict.fromkeys(days, True), friday: True}, "date") == dt.date(2026, 1, 2)
    noon = PartIn("t", "datetime", "hour", (12,), "Europe/Berlin")
    assert times({noon: True}, "datetime") == dt.datetime(2024, 1, 1, 11)


def test_a_made_up_list_has_one_item_for_each_that_it_should_have() -> None:
    one, other = ItemIs("l", ("a", "b")), ItemIs("l", ("a",))
    assert items({one: True, other: False}) == ["b"]
    assert items({one: True, ItemHas("l", "x"): True}) == ["a", "x"]
    assert items({one: True, Items("l", Bounds(low=3)): True}) == ["a", "••", "••"]
    assert items({}) == ["•"]


def test_a_made_up_text_has_all_its_parts_and_its_length() -> None:
    starts, ends = TextHas("t", "start", "ab"), TextHas("t", "end", "yz")
    assert texts({starts: True, ends: True}) == "ab•yz"
    assert texts({starts: True, TextHas("t", "anywhere", "m"): True, ends: True}) == "abm•yz"
    middle = [TextHas("t", "anywhere", part) for part in ("mm", "n")]
    assert texts(dict.fromkeys(middle, True)) == "mmn•"
    assert texts({TextLength("t", Bounds(5, 5)): True}) == "•" * 5
    assert texts({TextIs("t", ("b",)): True, TextIs("t", ("b",), True): False}) == "B"
    assert texts({starts: True, TextIs("t", ("x",)): True}) is None


def test_logic_about_different_fields_is_independent() -> None:
    fields = [Leaf(Within(name, "number", Bounds(low=1))) for name in "abcd"]
    encoding = Encoding(fields, where_implies)
    subjects = [encoding.subjects(each) for each in fields]
    assert all(one.isdisjoint(other) for one, other in itertools.combinations(subjects, 2))
    assert encoding.subjects(all_of(fields)) == frozenset().union(*subjects)
