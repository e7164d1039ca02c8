"""Contacts with the same address: which one is kept, and who are its duplicates."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segbench.engine.membership import Membership

Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class SharedAddresses:
    """The contacts whose address others have too, as columns of the same length.

    `addresses` are equal numbers for equal addresses; `joined` are microseconds since 1970, the
    smallest number where that is not known.
    """

    ordinals: Numbers
    addresses: Numbers
    joined: Numbers

    @classmethod
    def none(cls) -> SharedAddresses:
        """Nobody shares an address."""
        empty = np.zeros(0, dtype=np.int64)
        return cls(empty, empty, empty)

    def duplicates(self, among: Membership, *, newest: bool = False) -> Membership:
        """All but one of those among whom an address is shared: the first stays, or the newest.

        Of several equally new ones the first in the lake stays.
        """
        flags = among.flags()
        here = flags[self.ordinals] if len(self.ordinals) else np.zeros(0, dtype=np.bool_)
        ordinals, addresses = self.ordinals[here], self.addresses[here]
        joined = -self.joined[here] if newest else np.zeros_like(ordinals)
        order = np.lexsort((ordinals, joined, addresses))
        same = np.diff(addresses[order], prepend=-1) == 0
        return Membership.of(ordinals[order][same], among.contacts)

    def sharing(self, among: Membership, others: Membership) -> Membership:
        """Those among whom somebody has the address of one of the others."""
        if not len(self.ordinals):
            return Membership.nobody(among.contacts)
        theirs = np.unique(self.addresses[others.flags()[self.ordinals]])
        mine = among.flags()[self.ordinals] & np.isin(self.addresses, theirs)
        return Membership.of(self.ordinals[mine], among.contacts)
