"""Spans: an interval of positions for every contact, and the counts of each position."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segbench.engine.cache import CacheSizes
from segbench.engine.cube import Levels, levels_of, levels_of_counts
from segbench.engine.encoded import missing
from segbench.engine.local import LocalEngine
from segbench.engine.membership import Membership
from segbench.engine.number_levels import cut_points, number_levels
from segbench.engine.spans import span_of
from segbench.errors import RuleError
from segbench.lake.lake import Lake
from segbench.model.ask import did
from segbench.model.moments import Bounds
from segbench.model.rules import RuleOrGroup, as_group
from segbench.plan.atoms import Within
from segbench.plan.logic import Everyone, Leaf, Logic, Not, all_of, any_of, complement, fold
from segbench.plan.lower import Context, lower

CONTACTS = 500


class Chains:
    """Atoms are `(name, position)`, or a name alone; chains hold more at later positions."""

    contacts = CONTACTS

    def __init__(self, seed: int, size: int) -> None:
        chance = np.random.default_rng(seed)
        self.size = size
        self.chains = {
            name: chance.integers(0, size + 1, CONTACTS).astype(np.uint16) for name in "abc"
        }
        self.fixed = {name: chance.random(CONTACTS) < 0.5 for name in "xy"}

    def levels(self, growing: Sequence[Any]) -> Levels | None:
        names = {atom[0] for atom in growing}
        return self.chains[growing[0][0]] if len(names) == 1 else None

    def flags(self, atom: Any) -> Any:
        if isinstance(atom, str):
            return self.fixed[atom]
        return self.chains[atom[0]] <= atom[1]

    def members(self, logic: Logic[Any]) -> Membership:
        def everyone() -> Any:
            return np.ones(CONTACTS, np.bool_)

        return Membership.from_flags(fold(logic, self.flags, everyone))


def at(shape: str, position: int) -> Logic[Any]:
    a, b, x = (Leaf(("a", position)), Leaf(("b", position)), Leaf("x"))
    shapes: dict[str, Logic[Any]] = {
        "leaf": a,
        "fixed": x,
        "not": complement(a),
        "both": all_of((a, b)),
        "either": any_of((a, b)),
        "beside": any_of((a, complement(x))),
        "of some": all_of((complement(a), x)),
        "between": all_of((a, complement(b))),
        "deep": any_of((all_of((a, x)), b)),
        # Intervals of different contacts.
        "apart": any_of((all_of((a, complement(b), x)), all_of((complement(a), complement(x))))),
    }
    return shapes[shape]


SHAPES = ("leaf", "fixed", "not", "both", "either", "beside", "of some", "between", "deep", "apart")


@given(
    st.sampled_from(SHAPES),
    st.integers(0, 99),
    st.integers(1, 5),
    st.booleans(),
)
def test_the_counts_of_a_span_are_those_of_each_position(
    shape: str, seed: int, size: int, rising: bool
) -> None:
    chains = Chains(seed, size)
    logics = [at(shape, position) for position in range(size)]
    logics = logics if rising else logics[::-1]
    sets = [chains.members(Leaf(name)) for name in "xy"]
    counts = span_of(logics, chains, rising=rising).counts(sets)
    assert counts.shape == (size, 4)
    x, y = (each.flags() for each in sets)
    for place, logic in enumerate(logics):
        held = chains.members(logic).flags()
        wanted = [
            int((held & (x == bool(pattern & 1)) & (y == bool(pattern >> 1))).sum())
            for pattern in range(4)
        ]
        assert counts[place].tolist() == wanted


def test_what_is_no_interval_has_no_span() -> None:
    chains = Chains(1, 3)
    between = [at("between", position) for position in range(3)]
    for logics in (
        [Not(logic) for logic in between],
        [any_of((logic, Leaf(("c", at)))) for at, logic in enumerate(between)],
        [Leaf(("a", 0)), Leaf(("b", 1))],
        [Leaf(("a", 0)), Everyone()],
        [all_of((Leaf(("a", 0)), Leaf("x"))), all_of((Leaf(("a", 1)), Leaf("x"), Leaf("y")))],
    ):
        with pytest.raises(RuleError, match="does not follow"):
            span_of(logics, chains, rising=True)
    with pytest.raises(RuleError, match="1 to 4,000 places"):
        span_of([], chains, rising=True)


OPENED = did("email_opened")
TURNED: dict[str, list[RuleOrGroup]] = {
    "window": [OPENED.within(days=days) for days in (1, 9, 30, 90, 900)],
    "times": [OPENED.at_least(times).within(days=900) for times in (4, 3, 2, 1)],
}


@pytest.mark.parametrize("rising", [True, False])
@pytest.mark.parametrize("turned", TURNED)
def test_without_room_for_timelines_a_span_is_the_same(
    lake: Lake, context: Context, turned: str, rising: bool
) -> None:
    logics = [lower(as_group(row), context).root for row in TURNED[turned]]
    logics = logics if rising else logics[::-1]
    with lake.snapshot() as snapshot:
        roomy, poor = LocalEngine(snapshot), LocalEngine(snapshot, CacheSizes(timelines=0))
        wanted = span_of(logics, roomy, rising=rising)
        found = span_of(logics, poor, rising=rising)
        counts = [len(roomy.members(logic)) for logic in logics]
    assert poor.timelines.nbytes == 0
    assert found.counts([]).ravel().tolist() == wanted.counts([]).ravel().tolist() == counts
    assert len(set(counts)) > 2


@given(
    st.lists(st.integers(0, 60), min_size=1, max_size=30),
    st.lists(st.integers(1, 60), min_size=1, max_size=9, unique=True).map(
        lambda times: sorted(times, reverse=True)
    ),
)
def test_a_level_of_counts_is_the_first_number_of_times_that_is_reached(
    counts: list[int], times: list[int]
) -> None:
    found = levels_of_counts(np.array(counts, dtype=np.uint32), times).tolist()
    for count, level in zip(counts, found, strict=True):
        reached = [place for place, wanted in enumerate(times) if count >= wanted]
        assert level == min(reached, default=len(times))


@pytest.mark.parametrize("field", ["age", "score"])
@pytest.mark.parametrize("is_open", [False, True])
@pytest.mark.parametrize("low", [False, True])
def test_levels_of_a_bound_are_those_of_its_memberships(
    local_engine: LocalEngine, field: str, low: bool, is_open: bool
) -> None:
    edges = [-1.5, 0, 0.2, 0.1 + 0.2, 17, 18, 18.5, 50, 2**53]
    edges = edges[::-1] if low else edges
    atoms = [
        Within(
            field,
            "number",
            Bounds(low=edge, low_open=is_open) if low else Bounds(high=edge, high_open=is_open),
        )
        for edge in edges
    ]
    found = number_levels(atoms, local_engine.columns)
    assert found is not None
    members = [local_engine.atom(atom) for atom in atoms]
    assert found.tolist() == levels_of(members, local_engine.contacts).tolist()
    assert number_levels(atoms[::-1], local_engine.columns) is None


class Whole:
    """Columns with one field of whole numbers, some of which no float can tell apart."""

    def numbers(self, _field: str) -> Any:
        return np.array([*WHOLE, missing(np.dtype(np.int64))])


WHOLE = [-(2**63) + 1, -(2**53) - 1, -3, -2, 0, 2, 3, 2**53, 2**53 + 1, 2**53 + 2, 2**63 - 1]
EDGES = [-(2**53) - 1, -2.5, -2, 2.0, 2.25, 2.5, 3, 2**53 + 1, float(2**53 + 2), 2**60 + 1]


@pytest.mark.parametrize("is_open", [False, True])
@pytest.mark.parametrize("low", [False, True])
def test_an_edge_between_whole_numbers_leaves_large_ones_as_they_are(
    low: bool, is_open: bool
) -> None:
    def atoms_of(edges: Sequence[float]) -> list[Within]:
        ordered = edges[::-1] if low else edges
        bounds = [
            Bounds(low=edge, low_open=is_open) if low else Bounds(high=edge, high_open=is_open)
            for edge in ordered
        ]
        return [Within("n", "number", each) for each in bounds]

    def is_in(number: int, edge: float) -> bool:
        if number == edge:
            return not is_open
        return number > edge if low else number < edge

    found = number_levels(atoms_of(EDGES), Whole())  # type: ignore[arg-type]
    assert found is not None
    ordered = EDGES[::-1] if low else EDGES
    for number, level in zip(WHOLE, found.tolist(), strict=False):
        holding = [at for at, edge in enumerate(ordered) if is_in(number, edge)]
        assert level == min(holding, default=len(EDGES)), number
    assert found[-1] == len(EDGES)
    for beyond in (2**63, 1e30, float("inf")):
        assert number_levels(atoms_of([0, beyond]), Whole()) is None  # type: ignore[arg-type]


def test_cut_points_are_numbers_that_contacts_have(local_engine: LocalEngine) -> None:
    numbers = local_engine.columns.numbers("score")
    assert numbers is not None
    have = {float(n) for n in numbers if np.isfinite(n)}
    assert set(cut_points("score", local_engine.columns, 200)) == have
    few = cut_points("score", local_engine.columns, 3)
    assert set(few) <= have
    assert len(few) <= 3
    assert cut_points("country", local_engine.columns, 3) == ()
    whole = local_engine.columns.numbers("age")
    assert whole is not None
    assert missing(whole.dtype) in whole
    assert missing(whole.dtype) not in cut_points("age", local_engine.columns, 200)
