"""Timelines: when the events of a row happened, kept for the next window or number of times.

The first question about some events is asked of the data. The second one is too, and beside it,
on a thread, a timeline is gathered that answers all further ones.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence

from segbench.engine.aside import aside
from segbench.engine.cache import DEFAULT
from segbench.engine.cube import Levels, levels_of_counts, levels_since
from segbench.engine.membership import Membership
from segbench.engine.occurrences import Occurrences, TooMany, Vector, gather
from segbench.engine.relational_events import moments
from segbench.lake.snapshot import Snapshot
from segbench.model.moments import Bounds
from segbench.plan.atoms import After, Atom, Events, Happened, Measured, Within

Kind = tuple[Events, After | None]
"""What a timeline is of: all such events, or only those after the last of others."""
_VECTORS = 2
"""So many columns of each contact's latest time are kept: a slider moves on one or two."""


class Timelines:
    """Occurrences by kind of event over one snapshot, at most `most_bytes` of them together."""

    def __init__(self, snapshot: Snapshot, most_bytes: int = DEFAULT.timelines << 20) -> None:
        self.snapshot, self.most_bytes = snapshot, most_bytes
        self._held: OrderedDict[Kind, Occurrences] = OrderedDict()
        self._vectors: OrderedDict[tuple[Kind, int, int], Vector] = OrderedDict()
        self._asked: dict[Kind, set[Atom]] = {}
        self._unfit: set[Kind] = set()
        self._lock = threading.RLock()

    @property
    def nbytes(self) -> int:
        """The bytes in memory."""
        with self._lock:
            vectors = sum(vector.nbytes for vector in self._vectors.values())
            return vectors + sum(held.nbytes for held in self._held.values())

    def answer(self, atom: Atom) -> Membership | None:
        """The contacts for which the atom is true, where a timeline can tell."""
        found = _asks(atom)
        if found is None:
            return None
        kind, times, bounds, test = found
        with self._lock:
            held = self._held.get(kind)
            if held is None:
                return None
            self._held.move_to_end(kind)
            start, end = held.span(bounds)
            first, last = held.span(test)
            latest = self._latest(kind, held, times, end)
        low, high = max(start, first), min(end, last)
        flags = latest > low
        return Membership.from_flags(flags if high == end else flags & (latest <= high))

    def levels(self, growing: Sequence[Atom]) -> Levels | None:
        """For each contact the first of the atoms that is true of it, where a timeline can tell.

        The atoms must be the same "at least k in a window" but for windows that open ever earlier,
        or but for a k that falls.
        """
        asked = [atom for atom in growing if isinstance(atom, Happened)]
        if not asked or len(asked) < len(growing):
            return None
        kind = (asked[0].events, asked[0].after)
        if {(atom.events, atom.after) for atom in asked} != {kind}:
            return None
        if not self._prepare(kind):
            return None
        with self._lock:
            held = self._held.get(kind)
            if held is None:
                return None
            self._held.move_to_end(kind)
        times = [max(atom.times, 1) for atom in asked]
        if len({atom.bounds for atom in asked}) == 1 and times == sorted(set(times), reverse=True):
            return levels_of_counts(held.counted(*held.span(asked[0].bounds)), times)
        spans = [held.span(atom.bounds) for atom in asked]
        starts = [start for start, _ in spans]
        falling = starts == sorted(starts, reverse=True)
        if not falling or len({end for _, end in spans}) != 1 or len(set(times)) != 1:
            return None
        with self._lock:
            latest = self._latest(kind, held, times[0], spans[0][1])
        return levels_since(latest, starts, len(held.times) + 1)

    def wants(self, atom: Atom) -> bool:
        """Notes the question; whether a timeline would pay, now that it is another one."""
        found = _asks(atom)
        if found is None:
            return False
        with self._lock:
            kind = found[0]
            asked = self._asked.setdefault(kind, set())
            asked.add(atom)
            return len(asked) == 2 and kind not in self._unfit and kind not in self._held

    def prepare(self, atom: Atom) -> bool:
        """Gather the timeline of the atom's events; whether there is one now."""
        found = _asks(atom)
        return found is not None and self._prepare(found[0])

    def prepare_aside(self, atom: Atom) -> threading.Thread:
        """`prepare` on a thread of its own, which nobody needs to wait for."""

        return aside(
            lambda: self.prepare(atom), self.snapshot, "segbench-timeline", self._asked_nothing
        )

    def adopt(self, earlier: Timelines) -> None:
        """Take over what an earlier snapshot's timelines hold, where no event is another one."""
        with self._lock, earlier._lock:
            self._held.update(earlier._held)
            self._vectors.update(earlier._vectors)
            self._unfit |= earlier._unfit

    def clear(self) -> None:
        """Let go of everything."""
        with self._lock:
            self._held.clear()
            self._vectors.clear()
            self._asked.clear()

    def _prepare(self, kind: Kind) -> bool:
        with self._lock:
            if kind in self._held or kind in self._unfit:
                return kind in self._held
        try:
            query = moments(*kind, self.snapshot.table("events"))
            batches = self.snapshot.each_occurrence(query)
            occurrences = gather(batches, self.snapshot.contacts, self.most_bytes)
        except TooMany:
            self._unfit.add(kind)
            return False
        with self._lock:
            self._held[kind] = occurrences
            self._shrink()
        return True

    def _asked_nothing(self) -> None:
        with self._lock:
            self._asked.clear()

    def _latest(self, kind: Kind, held: Occurrences, times: int, end: int) -> Vector:
        key = (kind, times, end)
        found = self._vectors.get(key)
        if found is None:
            found = self._vectors[key] = held.latest(times, end)
        self._vectors.move_to_end(key)
        self._shrink()
        return found

    def _shrink(self) -> None:
        while len(self._vectors) > _VECTORS:
            self._vectors.popitem(last=False)
        while self.nbytes > self.most_bytes and len(self._held) > 1:
            gone, _ = self._held.popitem(last=False)
            for key in [key for key in self._vectors if key[0] == gone]:
                del self._vectors[key]


def _asks(atom: Atom) -> tuple[Kind, int, Bounds, Bounds] | None:
    """The events that an atom is about, how often and when, and when the last one must be."""
    match atom:
        case Happened(events, times, bounds, None):
            return (events, None), max(times, 1), bounds, Bounds()
        case Measured(events, "last_time", _, _, Within(_, _, test), bounds, None):
            return (events, None), 1, bounds, test
        case _:
            return None
