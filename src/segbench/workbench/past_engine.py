"""Who matched in a past snapshot: its fields and tags, and the events that are known by now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from segbench.engine.local import LocalEngine
from segbench.engine.membership import Membership
from segbench.engine.patterns import PatternTable, tabulate
from segbench.engine.relational import ordinals_of
from segbench.lake.catalog import value_types
from segbench.lake.snapshot import Snapshot
from segbench.plan.atoms import Atom
from segbench.plan.logic import Logic, fold
from segbench.plan.seen import Seen, SeenUntil, event_names, without_columns

Places = NDArray[np.int64]


class Reader:
    """A snapshot that may be asked about columns which it lacks, or has as another type."""

    def __init__(self, engine: LocalEngine) -> None:
        self.engine = engine
        self.fields = engine.snapshot.field_types()
        self.properties = value_types(engine.snapshot, "events")

    def atom(self, seen: Seen) -> Membership:
        """The contacts for which the atom is true."""
        cut, atom = (seen.cut, seen.atom) if isinstance(seen, SeenUntil) else (None, seen)
        logic = without_columns(atom, self.fields, self.properties)

        def ask(known: Atom) -> Membership:
            return self.engine.atom(known) if cut is None else self._until(known, cut)

        everyone = Membership.everyone
        found: Membership = fold(logic, ask, lambda: everyone(self.engine.contacts))
        return found

    def _until(self, atom: Atom, cut: datetime) -> Membership:
        snapshot = self.engine.snapshot
        ordinals = snapshot.ordinals(ordinals_of(atom, _Until(snapshot, cut)))
        return Membership.of(ordinals, self.engine.contacts)


@dataclass(frozen=True)
class _Until:
    """The Ibis tables of a snapshot without the events after a moment."""

    snapshot: Snapshot
    cut: datetime

    def table(self, name: str) -> Any:
        found = self.snapshot.table(name)
        return found.filter(found["at"] <= self.cut) if name == "events" else found


class PastEngine:
    """Answers logic over the contacts of one snapshot.

    Fields and tags are those of the snapshot. Events are those of the `newest` one, since they
    carry their times; only contacts that are gone from it have the events of their own snapshot.
    `places` are the contacts' ordinals in the newest snapshot, -1 for those that are gone, or None
    where all have the same ordinals there.
    """

    def __init__(self, own: Reader, newest: Reader, places: Places | None) -> None:
        self.own, self.newest, self.places = own, newest, places

    @property
    def snapshot(self) -> Snapshot:
        """The snapshot of the fields and tags."""
        return self.own.engine.snapshot

    @property
    def contacts(self) -> int:
        """How many contacts the snapshot has."""
        return self.own.engine.contacts

    @property
    def some_gone(self) -> bool:
        """Whether the newest snapshot lacks some of the contacts."""
        return self.places is not None and bool((self.places < 0).any())

    def atom(self, atom: Seen) -> Membership:
        """The contacts for which the atom is true."""
        if not event_names(atom) or self.own is self.newest:
            return self.own.atom(atom)
        flags = self.newest.atom(atom).flags()
        if self.places is None:
            return Membership.from_flags(flags[: self.contacts])
        gone = self.places < 0
        here = np.where(gone, False, flags[self.places]) if len(flags) else np.zeros_like(gone)
        if gone.any():
            here |= gone & self.own.atom(atom).flags()
        return Membership.from_flags(here)

    def members(self, logic: Logic[Any]) -> Membership:
        """The contacts that the logic holds."""
        found: Membership = fold(logic, self.atom, lambda: Membership.everyone(self.contacts))
        return found

    def patterns(self, wanted: Iterable[Atom]) -> PatternTable:
        """How many contacts have each true/false pattern of the atoms."""
        return tabulate({atom: self.atom(atom) for atom in dict.fromkeys(wanted)}, self.contacts)

    def rows(self, members: Membership, columns: Sequence[str]) -> pa.RecordBatchReader:
        """The members' contact rows in ordinal order, these columns only, as Arrow batches."""
        return self.own.engine.rows(members, columns)


def places_in(snapshot: Snapshot, newest: Snapshot) -> Places | None:
    """Where the contacts of a snapshot are in the newest one, as `PastEngine` wants it."""
    if snapshot.id == newest.id:
        return None
    here, there = f"{snapshot.name}.contacts", f"{newest.name}.contacts"
    same = f"SELECT count(*) FROM {here} a JOIN {there} b USING (ordinal) WHERE a.key = b.key"
    if snapshot.rows(same)[0][0] == snapshot.contacts:
        return None
    found = np.full(snapshot.contacts, -1, dtype=np.int64)
    both = f"SELECT a.ordinal, b.ordinal AS place FROM {here} a JOIN {there} b USING (key)"
    for batch in snapshot.batches(both):
        own, place = (batch.column(n).cast(pa.int64()).to_numpy() for n in range(2))
        found[own] = place
    return found
