"""In which order a scan of `contacts` meets them: by ordinal, but for what was changed since."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

_FEW = 4_096
"""So many runs are copied one by one; of more, every contact's place is worked out."""


@dataclass(frozen=True)
class ScanOrder:
    """Runs of consecutive ordinals: the first ordinal of each, and its place in the scan.

    A lake is written in the order of ordinals. A contact that is changed later is met at the end.
    `files` are those that were scanned.
    """

    firsts: NDArray[np.int64]
    places: NDArray[np.int64]
    contacts: int
    files: tuple[Any, ...] = ()

    @property
    def is_by_ordinal(self) -> bool:
        """Whether contacts are met in the order of their ordinals."""
        return len(self.firsts) <= 1

    def arrange(self, bits: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Bits in the order of the scan as bits in the order of ordinals; both little-endian."""
        if self.is_by_ordinal:
            return bits
        met = np.unpackbits(bits, count=self.contacts, bitorder="little")
        flags = np.empty_like(met)
        ends = np.append(self.places[1:], self.contacts)
        if len(self.firsts) <= _FEW:
            for first, place, end in zip(self.firsts, self.places, ends, strict=True):
                flags[first : first + end - place] = met[place:end]
        else:
            shift = np.repeat(self.firsts - self.places, ends - self.places)
            flags[shift + np.arange(self.contacts)] = met
        return np.packbits(flags, bitorder="little")


def read_order(scanned: Iterable[NDArray[np.int64]]) -> ScanOrder:
    """The order of a scan from the ordinals that it met, batch by batch."""
    firsts: list[NDArray[np.int64]] = []
    places: list[NDArray[np.int64]] = []
    met, expected = 0, 0
    for ordinals in scanned:
        before = np.concatenate(([expected - 1], ordinals[:-1]))
        starts = np.flatnonzero(ordinals != before + 1)
        firsts.append(ordinals[starts])
        places.append(starts + met)
        met += len(ordinals)
        expected = int(ordinals[-1]) + 1 if len(ordinals) else expected
    if met and not (len(places[0]) and places[0][0] == 0):
        firsts, places = [np.zeros(1, np.int64), *firsts], [np.zeros(1, np.int64), *places]
    nothing = np.empty(0, np.int64)
    return ScanOrder(
        np.concatenate(firsts) if firsts else nothing,
        np.concatenate(places) if places else nothing,
        met,
    )
