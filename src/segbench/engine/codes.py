"""One small number per contact that says which of up to 16 memberships hold it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from segbench.engine.membership import WORD, Membership

MOST = 16
"""So many memberships have a code of two bytes."""
_WORDS = 4_096
"""Words at a time: 262,144 contacts, whose codes stay in a processor's cache."""
# Swaps of 1, 2 and 4 bits that turn 8 rows of 8 bits into its columns (Hacker's Delight, 7-3).
_SWAPS = (
    (np.uint64(7), np.uint64(0x00AA00AA00AA00AA)),
    (np.uint64(14), np.uint64(0x0000CCCC0000CCCC)),
    (np.uint64(28), np.uint64(0x00000000F0F0F0F0)),
)


def each_codes(members: Sequence[Membership], contacts: int) -> Iterator[NDArray[np.uint16]]:
    """The codes of all contacts in order, some at a time: bit k says whether member k holds it."""
    for start in range(0, -(-contacts // WORD), _WORDS):
        here = min(contacts - start * WORD, _WORDS * WORD)
        words = [member.words[start : start + _WORDS] for member in members]
        codes = _turned(words[:8]).astype(np.uint16)
        if len(members) > 8:
            codes |= _turned(words[8:]).astype(np.uint16) << np.uint16(8)
        yield codes[:here]


def _turned(rows: list[NDArray[np.uint64]]) -> NDArray[np.uint8]:
    """One byte per contact from up to 8 rows of one bit per contact."""
    square = np.zeros((rows[0].nbytes, 8), dtype=np.uint8)
    for place, row in enumerate(rows):
        square[:, place] = row.view(np.uint8)
    found = square.reshape(-1).view("<u8")
    for distance, mask in _SWAPS:
        swapped = found >> distance
        swapped ^= found
        swapped &= mask
        found ^= swapped
        swapped <<= distance
        found ^= swapped
    return found.view(np.uint8)
