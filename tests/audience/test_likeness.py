"""How alike segments are: shares of exact counts, and the order that follows."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from segbench.audience.likeness import Likeness, likeness, most_alike
from segbench.audience.overlap import overlap
from segbench.engine.membership import Membership

IDS = st.sets(st.integers(0, 29))


def share(part: int, whole: int) -> float | None:
    return float(Fraction(part, whole)) if whole else None


@settings(max_examples=150)
@given(first=IDS, second=IDS)
def test_every_measure_is_a_share_of_plain_sets(first: set[int], second: set[int]) -> None:
    found = overlap({"a": Membership.of(first, 30), "b": Membership.of(second, 30)})
    pair = likeness(found, 0, 1)
    both = len(first & second)
    assert pair == Likeness(len(first), len(second), both, 30)
    assert pair.either == len(first | second)
    assert pair.of_first == share(both, len(first))
    assert pair.of_second == share(both, len(second))
    assert pair.jaccard == share(both, len(first | second))
    assert pair.lift == share(both * 30, len(first) * len(second))
    other = likeness(found, 1, 0)
    assert (other.jaccard, other.lift) == (pair.jaccard, pair.lift)


@settings(max_examples=150)
@given(one=IDS, others=st.lists(IDS, max_size=8), most=st.integers(1, 5))
def test_the_most_alike_come_first_and_those_that_share_nobody_not_at_all(
    one: set[int], others: list[set[int]], most: int
) -> None:
    members = Membership.of(one, 30)
    named = [(f"s{at}", Membership.of(ids, 30)) for at, ids in enumerate(others)]
    found = most_alike(members, named, most)
    judged = [
        (-Fraction(len(one & ids), len(one | ids)), f"s{at}")
        for at, ids in enumerate(others)
        if one & ids
    ]
    assert [ranked.name for ranked in found] == [name for _, name in sorted(judged)[:most]]
