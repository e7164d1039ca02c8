"""Cubes: a pattern table for every position of a slider, from one pass over the contacts.

While one row slides and the others stay, a contact only ever enters (or only ever leaves). So the
first position that holds it says all, and every position's table is a running sum.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segbench.engine.codes import each_codes
from segbench.engine.membership import Membership
from segbench.engine.patterns import PatternTable

Levels = NDArray[np.uint16]
"""For each contact the first position that holds it; the number of positions where none does."""
MOST_POSITIONS = 4_000
_TOGETHER = 8
"""So many batches of codes are counted at once, since each count touches the whole cube."""


class Cube:
    """Pattern tables of `others` and one sliding question, by position."""

    def __init__(
        self, levels: Levels, positions: Sequence[Any], others: Mapping[Any, Membership]
    ) -> None:
        self.positions, self.contacts = tuple(positions), len(levels)
        size = len(self.positions) + 1
        counts = counted(levels, size, list(others.values()))
        kept = np.flatnonzero(counts.any(axis=1))
        self._truth = {
            question: np.tile((kept >> bit & 1).astype(np.bool_), 2)
            for bit, question in enumerate(others)
        }
        self._inside = np.cumsum(counts[kept], axis=1, dtype=np.int64).T.copy()
        self._slides = np.repeat([True, False], len(kept))

    def at(self, position: int) -> PatternTable:
        """The table with the sliding question at that position, counted from 0."""
        inside = self._inside[position]
        counts = np.concatenate((inside, self._inside[-1] - inside))
        truth = {**self._truth, self.positions[position]: self._slides}
        return PatternTable(truth, counts, self.contacts)


def levels_of(growing: Sequence[Membership], contacts: int) -> Levels:
    """Levels from memberships of which each holds all that the one before it does."""
    levels = np.full(contacts, len(growing), dtype=np.uint16)
    for position in reversed(range(len(growing))):
        levels[growing[position].flags()] = position
    return levels


def levels_since(latest: NDArray[np.uint32], starts: Sequence[int], places: int) -> Levels:
    """Levels of windows that open earlier and earlier: `starts` fall, `places` is their range.

    A contact is in the first window that opens before its latest place.
    """
    rising = np.array(starts[::-1], dtype=np.uint32)
    # Most contacts are told apart by the high bits alone; the rest are few enough to search.
    shift = max(0, int(places).bit_length() - 16)
    blocks = np.arange(1 << 16, dtype=np.uint64) << np.uint64(shift)
    low = np.searchsorted(rising, blocks, "left")
    high = np.searchsorted(rising, blocks + np.uint64((1 << shift) - 1), "left")
    block = (latest >> np.uint32(shift)).astype(np.uint16)
    passed = low.astype(np.uint16)[block]
    unsure = np.flatnonzero((low != high)[block])
    passed[unsure] = np.searchsorted(rising, latest[unsure], "left")
    found: Levels = np.uint16(len(starts)) - passed
    return found


def levels_of_counts(counts: NDArray[np.uint32], times: Sequence[int]) -> Levels:
    """Levels of "at least so many times" for times that fall, from how often it happened."""
    rising = np.array(times[::-1], dtype=np.uint32)
    found: Levels = (len(times) - np.searchsorted(rising, counts, "right")).astype(np.uint16)
    return found


def counted(levels: Levels, size: int, others: Sequence[Membership]) -> NDArray[np.int64]:
    """How many contacts have each pattern of the others (down) and each level (across)."""
    contacts, patterns = len(levels), 1 << len(others)
    if not others:
        return np.bincount(levels, minlength=size)[np.newaxis, :]
    counts = np.zeros(patterns * size, dtype=np.int64)
    batch: list[NDArray[np.uint16]] = []
    done = 0
    for codes in each_codes(others, contacts):
        batch.append(codes)
        if len(batch) == _TOGETHER or done + sum(map(len, batch)) == contacts:
            together = np.concatenate(batch)
            here = levels[done : done + len(together)]
            # Half as wide is faster by a third, though it is counted as wide ones.
            cells = together.astype(np.uint32)
            cells *= np.uint32(size)
            cells += here
            counts += np.bincount(cells.astype(np.int64), minlength=len(counts))
            done, batch = done + len(together), []
    return counts.reshape(patterns, size)
