"""Which past snapshots are read together, and those that were."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from segbench.lake.lake import Lake
from segbench.lake.row_versions import places_in, plan_runs, read_versions
from segbench.lake.rows_then import read_rows_then
from segbench.workbench.past_engine import PastEngine, Places, Reader
from segbench.workbench.past_numbers import Numbers
from segbench.workbench.past_runs import Run

RUNS_KEPT = 4
FEW = 3
"""So many snapshots are opened one by one as quickly."""
MOST_GONE = 50_000
"""Of so many contacts that are gone, over the snapshots of a run, events are read at once."""

Opening = Callable[[int], tuple[Reader, Places | None]]


class Plan:
    """Runs of snapshots, read when one of them is asked for; the last few are kept.

    `opening` opens a snapshot and says where its contacts are in the newest one. `closing` is
    called with the ids of a run that is let go of.
    """

    def __init__(
        self,
        lake: Lake,
        numbers: Numbers,
        now: Reader,
        opening: Opening,
        closing: Callable[[Sequence[int]], None],
    ) -> None:
        self._lake, self._numbers, self._now = lake, numbers, now
        self._opening, self._closing = opening, closing
        self._sizes: dict[int, int] = {}
        self._planned: dict[int, tuple[int, ...]] = {}
        self._runs: OrderedDict[tuple[int, ...], Run] = OrderedDict()

    def add(self, sizes: Mapping[int, int]) -> None:
        """Plan to answer over these snapshots, of so many contacts each."""
        wanted = sorted(sizes.keys() - self._planned.keys())
        if len(wanted) <= FEW:
            return
        with self._lake.holding(wanted):
            there = {entry.id for entry in self._lake.snapshots()}
            self._sizes |= {id: sizes[id] for id in wanted if id in there}
            for run in plan_runs(self._lake, {id: sizes[id] for id in wanted if id in there}):
                if len(run) > 1:
                    self._planned |= dict.fromkeys(run, run)

    def run_of(self, id: int) -> Run | None:
        """The run that a snapshot is in; None where it is to be opened."""
        ids = self._planned.get(id)
        if ids is None:
            return None
        if ids not in self._runs:
            found = self._read(ids)
            if found is None:
                for each in ids:
                    del self._planned[each]
                return None
            self._runs[ids] = found
        self._runs.move_to_end(ids)
        while len(self._runs) > RUNS_KEPT:
            old, run = self._runs.popitem(last=False)
            self._closing(old)
            run.close()
        return self._runs[ids]

    def close(self) -> None:
        """Let go of every run; what was planned is forgotten."""
        for run in self._runs.values():
            run.close()
        self._runs.clear()
        self._planned.clear()

    def _read(self, ids: tuple[int, ...]) -> Run | None:
        with self._lake.holding(ids):
            if not set(ids) <= {entry.id for entry in self._lake.snapshots()}:
                return None
            written = read_versions(self._lake, ids, self._sizes)
            if written is None:
                return None
            first, places = self._opening(ids[0])
            try:
                who = self._numbers.of(PastEngine(first, self._now, places))
                numbers = places_in(written, self._now.snapshot)
                keys = written.rows.column("key")
                for version in np.flatnonzero(numbers < 0).tolist():
                    numbers[version] = self._numbers.of_gone(keys[version].as_py())
                sizes = [self._sizes[id] for id in ids]
                run = Run(self._lake, ids, sizes, first, written, who, numbers)
                self._read_gone(run)
                return run
            except BaseException:
                first.close()
                raise

    def _read_gone(self, run: Run) -> None:
        """Read the events of those who are gone by now, unless they are many."""
        newest = self._now.contacts
        gone = [np.flatnonzero(run.who(place) >= newest) for place in range(len(run.ids))]
        if sum(map(len, gone)) <= MOST_GONE:
            places = np.repeat(np.arange(len(gone)), [len(each) for each in gone])
            ordinals = np.concatenate(gone)
            run.gone = read_rows_then(self._lake, "events", run.ids, places, ordinals)
