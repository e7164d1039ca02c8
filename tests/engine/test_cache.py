"""The cache keeps its bound and lets the least recently used go first."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segbench.engine.cache import MembershipCache
from segbench.engine.membership import Membership


def sized(words: int) -> Membership:
    return Membership.nobody(words * 64)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 12)), max_size=60), st.integers(0, 200))
def test_the_bytes_held_are_counted_and_stay_within_the_bound(
    puts: list[tuple[int, int]], most: int
) -> None:
    cache = MembershipCache(most)
    for key, words in puts:
        member = sized(words)
        cache.put(key, member)
        assert cache.get(key) is member
        held = [found for k in range(10) if (found := cache.get(k)) is not None]
        assert cache.nbytes == sum(found.nbytes for found in held)
        assert len(cache) == len(held)
        assert cache.nbytes <= most or len(cache) == 1


def test_the_least_recently_used_goes_first() -> None:
    cache = MembershipCache(3 * 8)
    for key in "abc":
        cache.put(key, sized(1))
    cache.get("a")
    cache.put("d", sized(1))
    assert [key for key in "abcd" if cache.get(key) is not None] == ["a", "c", "d"]


def test_what_alone_is_too_large_is_still_kept_for_the_next_question() -> None:
    cache = MembershipCache(8)
    cache.put("small", sized(1))
    cache.put("large", sized(100))
    assert cache.get("small") is None
    assert cache.get("large") is not None


@pytest.mark.parametrize("key", ["missing", 5, ("a", "b")])
def test_what_was_never_put_is_not_there(key: object) -> None:
    assert MembershipCache().get(key) is None
