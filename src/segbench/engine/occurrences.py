"""When some events happened to each contact, so that "at least k in a window" is a comparison.

A contact has at least k of them in a window where its k-th last before the window's end lies at or
after the window's start. Another window or another k then asks the data nothing.
"""

from __future__ import annotations

import datetime as dt
import mmap
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segbench.model.moments import Bounds, Instant

Vector = NDArray[np.uint32]
Batches = Iterable[tuple[NDArray[np.int64], NDArray[np.int64]]]
"""Contacts and, in microseconds since 1970, when something happened to them."""

_EPOCH = dt.datetime(1970, 1, 1)


@dataclass(frozen=True)
class Occurrences:
    """The events of all contacts as places in time order, each contact's together and ascending.

    `places[starts[i]:starts[i + 1]]` are those of contact i; `times` has the microsecond of every
    place. Both lie in files without a name: few pages of the times are ever looked at, and the
    places only when another vector is made of them.
    """

    starts: Vector
    places: Vector
    times: NDArray[np.int64]

    @property
    def contacts(self) -> int:
        """How many contacts there are."""
        return len(self.starts) - 1

    @property
    def nbytes(self) -> int:
        """The bytes in memory and of the places in their file."""
        return self.starts.nbytes + self.places.nbytes

    def span(self, bounds: Bounds) -> tuple[int, int]:
        """The places within the bounds: from the first up to, and without, the second."""
        low = self._place(bounds.low, bounds.low_open) if bounds.low is not None else 0
        if bounds.high is None:
            return low, len(self.times)
        return low, max(low, self._place(bounds.high, not bounds.high_open))

    def _place(self, moment: Instant, after: bool) -> int:
        """The first place at the moment or, with `after`, the first one later."""
        microsecond = _microsecond(moment)
        return int(np.searchsorted(self.times, microsecond, "right" if after else "left"))

    def latest(self, times: int, end: int) -> Vector:
        """Each contact's `times`-th last place before `end`, plus 1; 0 where it has fewer."""
        starts, ends = self.starts[:-1], self.starts[1:]
        if end < len(self.times):
            before = np.zeros(len(self.places) + 1, dtype=np.uint32)
            np.cumsum(self.places < end, dtype=np.uint32, out=before[1:])
            ends = starts + (before[ends] - before[starts])
        enough = ends >= starts + np.uint32(times)
        found = np.zeros(self.contacts, dtype=np.uint32)
        found[enough] = self.places[ends[enough] - np.uint32(times)] + np.uint32(1)
        self._let_go()
        return found

    def counted(self, start: int, end: int) -> Vector:
        """How many of each contact's places lie from `start` up to, and without, `end`."""
        before = np.zeros(len(self.places) + 1, dtype=np.uint32)
        inside = (self.places >= start) & (self.places < end)
        np.cumsum(inside, dtype=np.uint32, out=before[1:])
        self._let_go()
        return before[self.starts[1:]] - before[self.starts[:-1]]

    def _let_go(self) -> None:
        if isinstance(self.places, np.memmap):
            # What was read of the file is not this process's memory any longer.
            self.places._mmap.madvise(mmap.MADV_DONTNEED)  # type: ignore[attr-defined]


class TooMany(Exception):
    """There are more events than memory was allowed for."""


def gather(events: Batches, contacts: int, most_bytes: int) -> Occurrences:
    """Occurrences from batches in any order; `TooMany` where they would take too many bytes."""
    owners, moments = [], []
    room = most_bytes // 4 - contacts - 1
    for ordinals, times in events:
        room -= len(ordinals)
        if room < 0:
            raise TooMany
        owners.append(ordinals.astype(np.uint32))
        moments.append(times)
    owner = np.concatenate([np.empty(0, np.uint32), *owners])
    time = np.concatenate([np.empty(0, np.int64), *moments])
    del owners, moments
    # A lake keeps the events of one name in the order of time.
    if np.any(time[1:] < time[:-1]):
        order = np.argsort(time, kind="stable")
        owner, time = owner[order], time[order]
    times = _in_file(time)
    del time
    starts = np.zeros(contacts + 1, dtype=np.uint32)
    np.cumsum(np.bincount(owner, minlength=contacts), out=starts[1:])
    # Contact above place in one number: numpy sorts plain numbers four times as fast as by key.
    both = owner.astype(np.uint64) << np.uint64(32)
    both |= np.arange(len(both), dtype=np.uint64)
    both.sort()
    return Occurrences(starts, _in_file(both.astype(np.uint32)), times)


def _microsecond(moment: Instant) -> int:
    assert isinstance(moment, dt.datetime)
    return (moment - _EPOCH) // dt.timedelta(microseconds=1)


def _in_file(values: NDArray[Any]) -> NDArray[Any]:
    if not len(values):
        return values
    with tempfile.TemporaryFile() as file:
        values.tofile(file)
        file.flush()
        return np.memmap(file, dtype=values.dtype, mode="r")
