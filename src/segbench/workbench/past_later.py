"""One snapshot of a run, without opening it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pyarrow as pa

from segbench.engine.membership import Membership
from segbench.errors import LakeError
from segbench.lake.snapshot import Snapshot
from segbench.plan.atoms import Atom, HasTag, InShare
from segbench.plan.logic import fold
from segbench.plan.seen import Seen, event_names, without_columns
from segbench.workbench.past_engine import Reader, split
from segbench.workbench.past_runs import Run


class Later:
    """One snapshot of a run, at its place: what `Reader` is of an open one.

    It is opened by `opening` only where its own answer needs it: for rows, ranks among all
    contacts, and events where too many contacts are gone.
    """

    def __init__(self, run: Run, place: int, opening: Callable[[int], Reader]) -> None:
        self.run, self.place, self._opening = run, place, opening
        self.id, self.contacts = run.ids[place], run.contacts[place]
        self.fields, self.properties = run.first.fields, run.first.properties
        self._opened: Reader | None = None

    @property
    def snapshot(self) -> Snapshot:
        """The snapshot, open from now on."""
        return self._reader.snapshot

    def atom(self, seen: Seen) -> Membership:
        """The contacts for which the atom is true; of events, among those who are gone by now."""
        cut, atom = split(seen)
        logic = without_columns(atom, self.fields, self.properties)

        def ask(known: Atom) -> Membership:
            if event_names(known):
                gone = self.run.gone
                if gone is None:
                    return self._reader.atom(seen)
                return Membership.from_flags(self.run.holds_of_gone(self.place, gone, known, cut))
            if isinstance(known, InShare):
                return self._reader.atom(known)
            if isinstance(known, HasTag):
                return self._tagged(known)
            return Membership.from_flags(self.run.holds(self.place, known))

        found: Membership = fold(logic, ask, lambda: Membership.everyone(self.contacts))
        return found

    def rows(self, members: Membership, columns: Sequence[str]) -> pa.RecordBatchReader:
        """The members' contact rows; see `LocalEngine.rows`."""
        return self._reader.rows(members, columns)

    def texts(self, field: str, most: int) -> list[tuple[str, int]]:
        """The texts that occur in a field in any snapshot of the run, where they are few."""
        found = self.run.texts(field, most - 1)
        return self._reader.texts(field, most) if found is None else list(found.items())

    def close(self) -> None:
        """Let go of the snapshot, where it was opened; the run stays."""
        if self._opened is not None and self._opened is not self.run.first:
            self._opened.close()
        self._opened = None

    def _tagged(self, atom: HasTag) -> Membership:
        try:
            return self.run.tagged(self.place, atom)
        except LakeError:
            # Opening it says why it cannot be read.
            return self._reader.atom(atom)

    @property
    def _reader(self) -> Reader:
        if self._opened is None:
            self._opened = self.run.first if self.place == 0 else self._opening(self.id)
        return self._opened
