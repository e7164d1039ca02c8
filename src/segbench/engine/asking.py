"""Asking a snapshot for the contacts of one atom, the cheapest way for its kind."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from segbench.engine.membership import Membership
from segbench.engine.relational import ordinals_of, test_of
from segbench.engine.relational_events import occurrences
from segbench.lake.snapshot import Snapshot
from segbench.plan.atoms import Atom, Happened, Sampled, ValueAtom

FEW = 50_000
"""Of fewer contacts the ordinals are there before a plan has been looked at."""
_ROW = (*get_args(ValueAtom), Sampled)


def ask(atom: Atom, snapshot: Snapshot) -> Membership:
    """The contacts for which the atom is true.

    What a contact's own row decides comes back as one bit a contact. Events that must have
    happened several times are counted here: an array of counts takes a third of the time of
    DuckDB's `GROUP BY` (20 million events of 10 million contacts).
    """
    if isinstance(atom, _ROW) and snapshot.contacts >= FEW:
        contacts = snapshot.table("contacts")
        bits = snapshot.bits(contacts.select("ordinal", holds=test_of(atom, contacts)))
        return Membership.from_bits(bits, snapshot.contacts)
    if isinstance(atom, Happened):
        found = snapshot.each_ordinals(occurrences(atom, snapshot.table("events")))
        if atom.times > 1:
            return Membership.from_flags(_counts(found, snapshot.contacts) >= atom.times)
        return Membership.of_batches(found, snapshot.contacts)
    return Membership.of_batches(
        snapshot.each_ordinals(ordinals_of(atom, snapshot)), snapshot.contacts
    )


def _counts(batches: Iterator[NDArray[np.int64]], contacts: int) -> NDArray[np.uint32]:
    """How often each ordinal is in the batches."""
    counts = np.zeros(contacts, dtype=np.uint32)
    for ordinals in batches:
        np.add.at(counts, ordinals, np.uint32(1))
    return counts
