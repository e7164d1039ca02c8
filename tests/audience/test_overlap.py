"""Overlaps: every region is exact, and the regions are a partition of all contacts."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segbench.audience.overlap import MOST_SEGMENTS, overlap
from segbench.engine.membership import Membership
from segbench.errors import RuleError


@st.composite
def memberships(draw: st.DrawFn) -> dict[str, Membership]:
    """1 to 20 segments over up to 200 contacts; several may be equal, empty or everyone."""
    contacts = draw(st.integers(0, 200))
    size = draw(st.integers(1, MOST_SEGMENTS))
    some = st.sets(st.integers(0, max(0, contacts - 1)), max_size=contacts)
    drawn = draw(st.lists(some, min_size=1, max_size=size))
    pool = [*drawn, set(), set(range(contacts))]
    chosen = draw(st.lists(st.sampled_from(pool), min_size=size, max_size=size))
    return {f"s{i}": Membership.of(sorted(ids), contacts) for i, ids in enumerate(chosen)}


def of(contacts: int, **segments: object) -> dict[str, Membership]:
    return {name: Membership.of(ids, contacts) for name, ids in segments.items()}  # type: ignore[arg-type]


@settings(max_examples=200)
@given(members=memberships())
def test_regions_are_a_partition_of_the_contacts_in_any_segment(
    members: dict[str, Membership],
) -> None:
    found = overlap(members)
    sets = {i: set(member.ids().tolist()) for i, member in enumerate(members.values())}
    where: dict[tuple[int, ...], int] = {}
    for contact in range(found.contacts):
        inside = tuple(i for i, ids in sets.items() if contact in ids)
        where[inside] = where.get(inside, 0) + 1
    assert found.outside == where.pop((), 0)
    assert {region.inside: region.count for region in found.regions} == where
    assert len({region.inside for region in found.regions}) == len(found.regions)
    assert sum(region.count for region in found.regions) + found.outside == found.contacts
    assert found.union == found.contacts - found.outside


@settings(max_examples=100)
@given(members=memberships())
def test_pairs_are_the_sizes_of_the_intersections(members: dict[str, Membership]) -> None:
    found, sets = overlap(members), list(members.values())
    assert found.names == tuple(members)
    assert found.sizes == tuple(map(len, sets))
    assert found.pairs == tuple(tuple(len(a & b) for b in sets) for a in sets)
    for i, j in list(combinations(range(len(sets)), 2))[:20]:
        assert found.within(i, j) == len(sets[i] & sets[j])
    everything = range(len(sets))
    whole = sets[0]
    for member in sets:
        whole &= member
    assert found.within(*everything) == found.exactly(*reversed(everything)) == len(whole)


@settings(max_examples=50)
@given(members=memberships())
def test_regions_come_largest_first_and_none_is_empty(members: dict[str, Membership]) -> None:
    counts = [region.count for region in overlap(members).regions]
    assert counts == sorted(counts, reverse=True)
    assert all(counts)


def test_a_single_segment_has_one_region() -> None:
    found = overlap(of(10, only=[1, 2, 3]))
    assert [(r.inside, r.count) for r in found.regions] == [((0,), 3)]
    assert (found.outside, found.pairs) == (7, ((3,),))


def test_equal_segments_share_their_only_region() -> None:
    found = overlap(of(5, a=[0, 4], b=[4, 0]))
    assert [(r.inside, r.count) for r in found.regions] == [((0, 1), 2)]
    assert (found.exactly(0), found.within(0)) == (0, 2)


def test_a_subset_has_no_region_of_its_own() -> None:
    found = overlap(of(5, large=[0, 1, 2], small=[1]))
    assert [(r.inside, r.count) for r in found.regions] == [((0,), 2), ((0, 1), 1)]
    assert found.exactly(1) == 0


def test_empty_segments_are_in_no_region() -> None:
    found = overlap(of(3, none=[], nobody=[]))
    assert (found.regions, found.outside, found.sizes) == ((), 3, (0, 0))
    assert found.pairs == ((0, 0), (0, 0))


def test_a_region_is_labelled_with_the_names_of_its_segments() -> None:
    found = overlap(of(2, **{"A & B": [0], "C": [0]}))
    assert found.label(found.regions[0]) == "A & B ∩ C"


def test_twenty_segments_of_one_contact_each_are_twenty_regions() -> None:
    found = overlap({f"s{i}": Membership.of([i], 25) for i in range(20)})
    assert [region.inside for region in found.regions] == [(i,) for i in range(20)]
    assert found.outside == 5


@pytest.mark.parametrize("many", [0, 21])
def test_no_segment_and_more_than_twenty_are_refused(many: int) -> None:
    with pytest.raises(RuleError, match=f"1 to 20 segments, not {many}"):
        overlap({f"s{i}": Membership.of([], 3) for i in range(many)})
