"""Which stretches of time had no events: over them, rules without a window ask nothing new."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Sequence

from segbench.lake.snapshot import Snapshot
from segbench.plan.atoms import Atom, Happened, Measured
from segbench.plan.seen import Seen, SeenUntil, event_names, seen_until


class Quiet:
    """The steps between some moments (sorted, naive UTC) in which nothing of a name happened."""

    def __init__(self, snapshot: Snapshot, moments: Sequence[dt.datetime]) -> None:
        self._snapshot, self._moments = snapshot, list(moments)
        self._busy: dict[str, set[int]] | None = None

    def settled(self, atom: Seen) -> Seen:
        """An atom that is true of the same contacts, and the same one over a quiet stretch."""
        if isinstance(atom, SeenUntil) or not (names := event_names(atom)):
            return atom
        last = _last_moment(atom)
        here = bisect_right(self._moments, last) - 1 if last is not None else 0
        if here <= 0 or self._moments[here] != last:
            return atom
        start = here
        while start and not any(start in self._steps_with(name) for name in names):
            start -= 1
        if start == here:
            return atom
        earlier = seen_until(atom, self._moments[start])
        return atom if isinstance(earlier, SeenUntil) else earlier

    def _steps_with(self, name: str) -> set[int]:
        """The numbers of the moments since whose predecessor the event happened."""
        if self._busy is None:
            self._busy = {}
            for event, step in self._happened():
                self._busy.setdefault(event, set()).add(step)
        return self._busy.get(name, set())

    def _happened(self) -> list[tuple[str, int]]:
        edges = ", ".join(
            f"({number}, TIMESTAMP '{at.isoformat(' ')}')"
            for number, at in enumerate(self._moments[:-1], 1)
        )
        rows = self._snapshot.rows(
            f'SELECT DISTINCT e.event, b.step FROM (FROM events WHERE "at" <= ?) e '
            f'ASOF JOIN (VALUES {edges}) b(step, start) ON e."at" > b.start',
            [self._moments[-1]],
        )
        return [(str(event), int(step)) for event, step in rows]


def _last_moment(atom: Atom) -> dt.datetime | None:
    """The last moment of which the atom knows events."""
    if isinstance(atom, Happened | Measured):
        high = atom.bounds.high
        return high if isinstance(high, dt.datetime) and not atom.bounds.high_open else None
    return getattr(atom, "until", None)
