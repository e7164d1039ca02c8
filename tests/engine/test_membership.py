"""Memberships obey the laws of sets, also where the contacts do not fill a word."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segbench.engine.membership import Membership

SIZES = st.sampled_from([0, 1, 2, 7, 8, 9, 63, 64, 65, 127, 128, 129, 200, 1_000])


@st.composite
def pairs(draw: st.DrawFn) -> tuple[int, set[int], set[int]]:
    contacts = draw(SIZES)
    ordinals = st.integers(0, contacts - 1) if contacts else st.nothing()
    return contacts, draw(st.sets(ordinals)), draw(st.sets(ordinals))


@given(pairs())
def test_set_algebra_is_that_of_python_sets(case: tuple[int, set[int], set[int]]) -> None:
    contacts, a, b = case
    left, right = Membership.of(a, contacts), Membership.of(b, contacts)
    everyone = set(range(contacts))
    for found, expected in [
        (left & right, a & b),
        (left | right, a | b),
        (left - right, a - b),
        (left ^ right, a ^ b),
        (~left, everyone - a),
        (~~left, a),
        (~(left & right), everyone - (a & b)),
        (~Membership.nobody(contacts), everyone),
        (~Membership.everyone(contacts), set()),
    ]:
        assert found.ids().tolist() == sorted(expected)
        assert len(found) == len(expected)
        assert bool(found) == bool(expected)
        assert found == Membership.of(expected, contacts)
        assert np.flatnonzero(found.flags()).tolist() == sorted(expected)
        assert Membership.from_flags(found.flags()) == found
        assert all((o in found) == (o in expected) for o in range(-2, contacts + 70))
    assert (left == right) == (a == b)


@given(pairs())
def test_bits_beyond_the_last_contact_are_always_zero(
    case: tuple[int, set[int], set[int]],
) -> None:
    contacts, a, b = case
    left, right = Membership.of(a, contacts), Membership.of(b, contacts)
    for member in (~left, ~(left | right), left ^ ~right, ~left - right, ~left | ~right):
        spare = np.unpackbits(member.words.view(np.uint8), bitorder="little")[contacts:]
        assert not spare.any()
        assert len(member.words) == -(-contacts // 64)


def test_ordinals_may_come_in_any_order_and_twice() -> None:
    assert Membership.of([5, 3, 5, 0], 6).ids().tolist() == [0, 3, 5]
    assert Membership.of(np.array([5, 3, 5]), 6) == Membership.of({3, 5}, 6)


@pytest.mark.parametrize(("ordinals", "contacts"), [([3], 3), ([-1], 3), ([0], 0)])
def test_an_ordinal_of_no_contact_is_refused(ordinals: list[int], contacts: int) -> None:
    with pytest.raises(IndexError, match="Ordinals must lie in"):
        Membership.of(ordinals, contacts)


def test_memberships_of_different_snapshots_cannot_be_combined() -> None:
    for combine in (Membership.__and__, Membership.__or__, Membership.__sub__, Membership.__xor__):
        with pytest.raises(ValueError, match="different snapshots"):
            combine(Membership.everyone(64), Membership.everyone(65))
    assert Membership.nobody(64) != Membership.nobody(65)


def test_a_membership_never_changes() -> None:
    member = Membership.everyone(100)
    with pytest.raises(ValueError, match="read-only"):
        member.words[0] = 0


def test_ten_million_contacts_take_a_megabyte_and_a_quarter() -> None:
    assert Membership.nobody(10_000_000).nbytes == 1_250_000
    assert repr(Membership.everyone(1_234)) == "<Membership of 1,234 of 1,234 contacts>"
