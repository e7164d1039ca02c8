"""Regions as lists: exact, complete, sorted, and beside what chance would give."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations
from math import prod

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segbench.audience.overlap import Overlap, overlap
from segbench.audience.region_list import expected, list_regions
from segbench.engine.membership import Membership
from segbench.errors import RuleError

Sets = tuple[list[set[int]], int]


@st.composite
def sets(draw: st.DrawFn, most: int = 6) -> Sets:
    """1 to `most` segments over up to 40 contacts, as plain sets."""
    contacts = draw(st.integers(0, 40))
    some = st.sets(st.integers(0, max(0, contacts - 1)), max_size=contacts)
    return draw(st.lists(some, min_size=1, max_size=most)), contacts


def compared(given: Sets) -> Overlap:
    held, contacts = given
    return overlap({f"s{at}": Membership.of(ids, contacts) for at, ids in enumerate(held)})


def everything(given: Sets) -> dict[tuple[int, ...], int]:
    """How many are in all of each choice of segments, by brute force."""
    held, _ = given
    return {
        inside: len(set.intersection(*(held[at] for at in inside)))
        for size in range(1, len(held) + 1)
        for inside in combinations(range(len(held)), size)
    }


@settings(max_examples=150)
@given(given=sets(), top=st.integers(1, 70), least=st.integers(1, 5))
def test_inclusive_ones_are_the_largest_of_all_that_there_are(
    given: Sets, top: int, least: int
) -> None:
    found = list_regions(compared(given), "all", top=top, least=least)
    counts = everything(given)
    large = sorted((c for c in counts.values() if c >= least), reverse=True)
    assert [line.count for line in found.lines] == large[:top]
    assert all(counts[line.inside] == line.count for line in found.lines)
    assert len({line.inside for line in found.lines}) == len(found.lines)
    assert (found.rest, found.rest_count) == (0, 0)


@settings(max_examples=150)
@given(given=sets(), top=st.integers(1, 9), least=st.integers(1, 5), none=st.booleans())
def test_what_is_shown_and_what_is_not_sum_to_the_union(
    given: Sets, top: int, least: int, none: bool
) -> None:
    result = compared(given)
    found = list_regions(result, top=top, least=least, none=none)
    inside = [line for line in found.lines if line.inside]
    assert sum(line.count for line in inside) + found.rest_count == result.union
    assert len(inside) + found.rest == len(result.regions)
    assert len(inside) <= top
    assert all(line.count >= least for line in inside)
    outside = [line.count for line in found.lines if not line.inside]
    assert outside == ([result.outside] if none else [])


@settings(max_examples=150)
@given(given=sets(5))
def test_with_the_empty_ones_every_choice_of_segments_is_there_once(given: Sets) -> None:
    result = compared(given)
    for how in ("exactly", "all"):
        found = list_regions(result, how, top=99, empty=True)  # type: ignore[arg-type]
        assert sorted(line.inside for line in found.lines) == sorted(everything(given))


@settings(max_examples=100)
@given(given=sets())
def test_chance_takes_each_segment_for_independent_of_the_others(given: Sets) -> None:
    held, contacts = given
    result = compared(given)
    shares = [Fraction(len(ids), contacts or 1) for ids in held]
    for inside in [(), *everything(given)]:
        all_of_them = prod([contacts, *(shares[at] for at in inside)])
        alone = prod(1 - share for at, share in enumerate(shares) if at not in inside)
        assert expected(result, inside, "all") == pytest.approx(float(all_of_them))
        assert expected(result, inside) == pytest.approx(float(all_of_them * alone))


def test_lines_are_sorted_by_size_by_number_of_segments_or_by_distance_from_chance() -> None:
    result = compared(([{0, 1, 2, 3}, {2, 3, 4}, {3, 9}], 10))

    def sizes(order: str) -> list[tuple[int, ...]]:
        return [line.inside for line in list_regions(result, order=order).lines]  # type: ignore

    assert sizes("size") == [(0,), (1,), (2,), (0, 1), (0, 1, 2)]
    assert sizes("degree") == [(0,), (1,), (2,), (0, 1), (0, 1, 2)]
    both = list_regions(result, "all", order="degree").lines
    assert [len(line.inside) for line in both] == [1, 1, 1, 2, 2, 2, 3]
    apart = [abs(line.deviation) for line in list_regions(result, order="deviation").lines]
    assert apart == sorted(apart, reverse=True)


def test_a_line_says_how_far_it_is_from_chance() -> None:
    result = compared(([{0, 1, 2, 3, 4}, {0, 1, 2, 3, 4}], 10))
    (line,) = list_regions(result).lines
    assert (line.count, line.expected, line.deviation, line.lift) == (5, 2.5, 2.5, 2.0)
    nobody = list_regions(compared(([set()], 3)), empty=True).lines[0]
    assert (nobody.count, nobody.lift) == (0, None)


def test_empty_regions_of_many_segments_are_refused() -> None:
    with pytest.raises(RuleError, match="of up to 5 segments, not of 6"):
        list_regions(compared(([{0}] * 6, 1)), empty=True)
