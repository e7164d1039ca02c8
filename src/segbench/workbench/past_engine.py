"""Who matched in a past snapshot: its fields and tags, and the events that are known by now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from segbench.engine.local import LocalEngine
from segbench.engine.membership import Membership
from segbench.engine.patterns import PatternTable, tabulate
from segbench.engine.relational import Tables, ordinals_of
from segbench.lake.catalog import value_types
from segbench.lake.connection import quoted
from segbench.lake.snapshot import Snapshot
from segbench.model.catalog import ValueType
from segbench.plan.atoms import Atom
from segbench.plan.logic import Logic, fold
from segbench.plan.seen import Seen, SeenUntil, event_names, without_columns

Places = NDArray[np.int64]


class Own(Protocol):
    """What a past snapshot knows by itself."""

    id: int
    contacts: int
    fields: Mapping[str, ValueType]
    properties: Mapping[str, ValueType]

    @property
    def snapshot(self) -> Snapshot:
        """The snapshot, open."""

    def atom(self, seen: Seen) -> Membership:
        """The contacts for which the atom is true."""

    def rows(self, members: Membership, columns: Sequence[str]) -> pa.RecordBatchReader:
        """The members' contact rows in ordinal order, these columns only, as Arrow batches."""

    def texts(self, field: str, most: int) -> list[tuple[str, int]]:
        """The texts that occur in a field and how often; no more than `most` of them."""

    def close(self) -> None:
        """Let go of the snapshot."""


class Reader:
    """An open snapshot that may be asked about columns which it lacks, or has as another type."""

    def __init__(self, engine: LocalEngine) -> None:
        self.engine, self.id = engine, engine.snapshot.id
        self.contacts = engine.contacts
        self.fields: Mapping[str, ValueType] = engine.snapshot.field_types()
        self.properties: Mapping[str, ValueType] = value_types(engine.snapshot, "events")

    @property
    def snapshot(self) -> Snapshot:
        """The snapshot."""
        return self.engine.snapshot

    def atom(self, seen: Seen) -> Membership:
        """The contacts for which the atom is true."""
        cut, atom = split(seen)
        logic = without_columns(atom, self.fields, self.properties)

        def ask(known: Atom) -> Membership:
            return self.engine.atom(known) if cut is None else self._until(known, cut)

        everyone = Membership.everyone
        found: Membership = fold(logic, ask, lambda: everyone(self.contacts))
        return found

    def rows(self, members: Membership, columns: Sequence[str]) -> pa.RecordBatchReader:
        """The members' contact rows; see `LocalEngine.rows`."""
        return self.engine.rows(members, columns)

    def texts(self, field: str, most: int) -> list[tuple[str, int]]:
        """The texts that occur in a field and how often, the most frequent first."""
        name = quoted(field)
        found = self.snapshot.rows(
            f"SELECT {name}, count(*) FROM contacts WHERE {name} IS NOT NULL "
            f"GROUP BY ALL ORDER BY 2 DESC, 1 LIMIT {most}"
        )
        return [(str(value), int(count)) for value, count in found]

    def tag_columns(self) -> dict[str, str]:
        """The columns of its tags and their types, as Ibis calls them."""
        timed = {"at": "timestamp"} if self.snapshot.has_tag_times() else {}
        return {"ordinal": "int64", "tag": "string", **timed}

    def close(self) -> None:
        """Let go of the snapshot."""
        self.snapshot.close()

    def _until(self, atom: Atom, cut: datetime) -> Membership:
        ordinals = self.snapshot.ordinals(ordinals_of(atom, Until(self.snapshot, cut)))
        return Membership.of(ordinals, self.contacts)


def split(seen: Seen) -> tuple[datetime | None, Atom]:
    """The moment up to which events are known, None for all, and the atom."""
    return (seen.cut, seen.atom) if isinstance(seen, SeenUntil) else (None, seen)


@dataclass(frozen=True)
class Until:
    """Ibis tables without the events after a moment."""

    tables: Tables
    cut: datetime

    def table(self, name: str) -> Any:
        """The table of that name."""
        found = self.tables.table(name)
        return found.filter(found["at"] <= self.cut) if name == "events" else found


class PastEngine:
    """Answers logic over the contacts of one snapshot.

    Fields and tags are those of the snapshot. Events are those of the `newest` one, since they
    carry their times; only contacts that are gone from it have the events of their own snapshot.
    `places` are the contacts' ordinals in the newest snapshot, -1 for those that are gone, or None
    where all have the same ordinals there.
    """

    def __init__(self, own: Own, newest: Reader, places: Places | None) -> None:
        self.own, self.newest, self.places = own, newest, places

    @property
    def snapshot(self) -> Snapshot:
        """The snapshot of the fields and tags, open."""
        return self.own.snapshot

    @property
    def contacts(self) -> int:
        """How many contacts the snapshot has."""
        return self.own.contacts

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
        return self.own.rows(members, columns)


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
