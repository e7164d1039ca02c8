"""Splits: stable, exact in every stratum, the same whatever the order."""

from __future__ import annotations

import random
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segbench.audience.split import split, split_keys, split_sizes
from segbench.errors import RuleError

PEOPLE = [(n, f"key {n}", n % 3) for n in range(1_000)]
SHARES = {"A": 45, "B": 45, "hold-out": 10}


def test_every_contact_is_in_exactly_one_group() -> None:
    groups = split(PEOPLE, SHARES, 1_000)
    assert list(groups) == list(SHARES)
    assert sum(map(len, groups.values())) == 1_000
    assert Counter(n for members in groups.values() for n in members.ids().tolist()) == Counter(
        range(1_000)
    )


@given(
    sizes=st.lists(st.integers(0, 60), min_size=1, max_size=5),
    cut=st.integers(1, 9_999),
    salt=st.text(max_size=3),
)
def test_each_stratum_is_split_exactly_to_one_contact(
    sizes: list[int], cut: int, salt: str
) -> None:
    people = [(100 * s + n, f"{s} {n}", s) for s, size in enumerate(sizes) for n in range(size)]
    groups = split(people, {"A": cut / 100, "B": (10_000 - cut) / 100}, 1_000, salt=salt)
    for stratum, size in enumerate(sizes):
        held = sum(ordinal // 100 == stratum for ordinal in groups["A"].ids().tolist())
        assert abs(held - size * cut / 10_000) < 1


def test_the_order_of_contacts_changes_nothing() -> None:
    mixed = random.Random(1).sample(PEOPLE, len(PEOPLE))
    assert split(mixed, SHARES, 1_000, salt="x") == split(PEOPLE, SHARES, 1_000, salt="x")
    assert split(PEOPLE, SHARES, 1_000, salt="y") != split(PEOPLE, SHARES, 1_000, salt="x")


def test_a_split_is_the_same_for_ever() -> None:
    groups = split(PEOPLE[:12], {"A": 50, "B": 50}, 12, salt="autumn")
    assert groups["A"].ids().tolist() == PINNED


PINNED = [2, 3, 6, 7, 8, 10]


@pytest.mark.parametrize(
    ("shares", "words"),
    [
        ({"A": 100}, "2 to 100 groups"),
        ({"A": 50, "B": 40}, "add up to 100 per cent, not 90"),
        ({"A": 100, "B": 0}, "share of 'A'"),
        ({"A": True, "B": 99}, "share of 'A'"),
        ({"A": float("nan"), "B": 99}, "share of 'A'"),
    ],
)
def test_shares_that_are_no_split_are_refused(shares: dict[str, float], words: str) -> None:
    with pytest.raises(RuleError, match=words):
        split(PEOPLE, shares, 1_000)


def test_thirds_written_in_decimals_are_no_rounding_error() -> None:
    groups = split(PEOPLE, {"A": 33.33, "B": 33.33, "C": 33.34}, 1_000)
    assert sum(map(len, groups.values())) == 1_000


@given(st.lists(st.text(max_size=4), unique=True, max_size=60), st.text(max_size=3))
def test_keys_in_a_few_bytes_are_split_as_any_others(keys: list[str], salt: str) -> None:
    ordinals = np.arange(len(keys), dtype=np.int64)
    found = split_keys(ordinals, keys, SHARES, 60, salt=salt)
    people = [(n, key, None) for n, key in enumerate(keys)]
    assert found == split(people, SHARES, 60, salt=salt)
    sizes = split_sizes(len(keys), SHARES, salt=salt)
    assert sizes == {name: len(members) for name, members in found.items()}
