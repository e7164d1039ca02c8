"""Duplicate addresses: one contact of each stays, the first or the newest."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from segbench.audience.duplicates import SharedAddresses
from segbench.engine.membership import Membership

MANY = 40


@given(
    st.lists(st.tuples(st.integers(0, 6), st.integers(0, 3)), min_size=1, max_size=MANY),
    st.sets(st.integers(0, MANY - 1)),
    st.booleans(),
)
def test_all_but_one_of_those_with_an_address_are_duplicates(
    contacts: list[tuple[int, int]], among: set[int], newest: bool
) -> None:
    order = np.random.default_rng(len(contacts)).permutation(len(contacts))
    columns = np.asarray(contacts, dtype=np.int64)[order]
    shared = SharedAddresses(order.astype(np.int64), columns[:, 0], columns[:, 1])
    here = {ordinal for ordinal in among if ordinal < len(contacts)}
    found = shared.duplicates(Membership.of(sorted(here), len(contacts)), newest=newest)
    kept = set()
    for address in range(7):
        those = sorted(ordinal for ordinal in here if contacts[ordinal][0] == address)
        if those:
            kept.add(max(those, key=lambda n: (contacts[n][1] if newest else 0, -n)))
    assert set(found.ids().tolist()) == here - kept


def test_where_nobody_shares_an_address_nobody_is_a_duplicate() -> None:
    assert not SharedAddresses.none().duplicates(Membership.everyone(5), newest=True)
