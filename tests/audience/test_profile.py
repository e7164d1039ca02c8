"""A profile names the values whose share differs most from that among all contacts."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from segbench.audience.profile import profile
from segbench.engine.membership import Membership

SOME = st.sets(st.integers(0, 19))


@settings(max_examples=150)
@given(some=SOME, values=st.lists(SOME, max_size=6), most=st.integers(1, 6))
def test_the_largest_differences_come_first_with_exact_counts(
    some: set[int], values: list[set[int]], most: int
) -> None:
    members = Membership.of(some, 20)
    named = [(f"v{at}", Membership.of(ids, 20)) for at, ids in enumerate(values)]
    found = profile(members, named, most)
    apart = {
        f"v{at}": abs(Fraction(len(some & ids), len(some)) - Fraction(len(ids), 20))
        for at, ids in enumerate(values)
        if some
    }
    different = {name: gap for name, gap in apart.items() if gap}
    assert len(found) == min(most, len(different))
    assert [apart[trait.words] for trait in found] == sorted(different.values(), reverse=True)[
        :most
    ]
    for trait in found:
        ids = values[int(trait.words[1:])]
        assert (trait.count, trait.members) == (len(some & ids), len(some))
        assert (trait.count_of_all, trait.contacts) == (len(ids), 20)
