"""Cached memberships carried over to a later snapshot: only changed contacts are asked anew."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, get_args

import numpy as np
from numpy.typing import NDArray

from segbench.engine.encoded import are_within, numbers_of
from segbench.engine.membership import Membership
from segbench.engine.relational import ordinals_of, test_of
from segbench.lake.difference import Difference
from segbench.lake.snapshot import Snapshot
from segbench.plan.atoms import (
    After,
    Atom,
    Events,
    Happened,
    HasTag,
    InShare,
    Measured,
    Sampled,
    Sequence,
    ValueAtom,
)
from segbench.plan.logic import Everyone

if TYPE_CHECKING:
    import ibis
    import pyarrow as pa

Since = dict[str, dt.datetime | None]
"""By the name of an event, from when on it is needed; None where from the first one on."""
Holders = dict[Atom, Iterable[NDArray[np.int64]]]
_CONTACTS = (*get_args(ValueAtom), Sampled)
MOST_SHARE = 0.2
"""Where more of the contacts than this changed, asking anew is as quick."""


def carry_over(
    cached: Mapping[Atom, Membership], difference: Difference, snapshot: Snapshot
) -> dict[Atom, Membership]:
    """The memberships over the snapshot; those left out must be asked anew.

    A rank depends on all contacts, so no change of it is a change of few.
    """
    if difference.size > MOST_SHARE * snapshot.contacts:
        return {}
    named = {atom: frozenset(_event_names(atom)) for atom in cached}
    touched = [atom for atom, names in named.items() if names & difference.names]
    affected = _Affected(snapshot, difference, _since(touched, named))
    of_contacts = [atom for atom in cached if isinstance(atom, _CONTACTS)]
    holds = affected.hold(of_contacts) if len(difference.contacts) else {}
    found: dict[Atom, Membership] = {}
    for atom, members in cached.items():
        if isinstance(atom, InShare):
            continue
        changed = affected.ordinals(_table(atom))
        if named[atom] and not named[atom] & difference.names:
            changed = changed[:0]
        if len(changed) and atom not in holds:
            holds[atom] = affected.holders(atom)
        found[atom] = members.patched(changed, holds.get(atom, ()), snapshot.contacts)
    return found


def _table(atom: Atom) -> str:
    if isinstance(atom, _CONTACTS):
        return "contacts"
    return "tags" if isinstance(atom, HasTag) else "events"


def _event_names(part: object) -> Iterator[str]:
    """The names of all events that an atom is about."""
    if isinstance(part, Events):
        yield from part.names
    elif isinstance(part, tuple):
        for each in part:
            yield from _event_names(each)
    elif isinstance(part, (Happened, Measured, Sequence, After)):
        for each in fields(part):
            yield from _event_names(getattr(part, each.name))


def _since(atoms: Iterable[Atom], named: Mapping[Atom, frozenset[str]]) -> Since:
    """From when on the atoms are about the events that they name."""
    found: Since = {}
    for atom in atoms:
        low = None if getattr(atom, "after", None) is not None else _low(atom)
        for name in named[atom]:
            earlier = found.get(name, low)
            found[name] = None if low is None or earlier is None else min(low, earlier)
    return found


def _low(atom: Atom) -> dt.datetime | None:
    bounds = getattr(atom, "bounds", None)
    return bounds.low if bounds is not None and isinstance(bounds.low, dt.datetime) else None


@dataclass
class _Affected:
    """The rows that the changed contacts have now, as tables that atoms can be asked of.

    Of events those that are named, from that moment on.
    """

    snapshot: Snapshot
    difference: Difference
    since: Since

    def __post_init__(self) -> None:
        self._rows: dict[str, pa.Table] = {}
        self._tables: dict[str, ibis.Table] = {}

    def ordinals(self, table: str) -> NDArray[np.int64]:
        """Whose rows in that table changed, and are still there."""
        found: NDArray[np.int64] = getattr(self.difference, table)
        return found

    def hold(self, atoms: list[Any]) -> Holders:
        """Of which changed contacts each of the atoms is true, asked together."""
        rows = self.table("contacts")
        tests = {f"test{place}": test_of(atom, rows) for place, atom in enumerate(atoms)}
        found = self.snapshot.batches(rows.select("ordinal", **tests)).read_all()
        ordinals = found.column("ordinal").to_numpy()
        flags = (found.column(name).to_numpy() for name in tests)
        return {atom: [ordinals[each]] for atom, each in zip(atoms, flags, strict=True)}

    def holders(self, atom: Atom) -> Iterable[NDArray[np.int64]]:
        """Of which of them another atom is true."""
        if isinstance(atom, Happened) and atom.after is None and atom.events.where == Everyone():
            return [_happened(atom, self.rows("events"))]
        return self.snapshot.each_ordinals(ordinals_of(atom, self))

    def table(self, name: str) -> ibis.Table:
        """The rows of the changed contacts as an Ibis table."""
        import ibis

        if name not in self._tables:
            self._tables[name] = ibis.memtable(self.rows(name))
        return self._tables[name]

    def rows(self, name: str) -> pa.Table:
        """The rows of the changed contacts, read once."""
        if name not in self._rows:
            self._rows[name] = self._read(name)
        return self._rows[name]

    def _read(self, name: str) -> pa.Table:
        import ibis
        import pyarrow as pa

        if name == "contacts" and self.difference.rows is not None:
            return self.difference.rows()
        changed = ibis.memtable(pa.table({"ordinal": self.ordinals(name)}))
        rows = self._events() if name == "events" else self.snapshot.table(name)
        return self.snapshot.batches(rows.semi_join(changed, "ordinal")).read_all()

    def _events(self) -> ibis.Table:
        """The events that are asked for, as parts that are read from one moment on."""
        import ibis

        events = self.snapshot.table("events")
        by_low: dict[dt.datetime | None, list[str]] = {}
        for name, low in self.since.items():
            by_low.setdefault(low, []).append(name)
        parts = []
        for low, names in by_low.items():
            part = events.filter(events["event"].isin(sorted(names)))
            parts.append(part if low is None else part.filter(part["at"] >= ibis.timestamp(low)))
        return ibis.union(*parts) if len(parts) > 1 else parts[0]


def _happened(atom: Happened, events: pa.Table) -> NDArray[np.int64]:
    """To whom the events, on which there are no conditions, happened often enough."""
    import pyarrow as pa
    import pyarrow.compute as pc

    named = events.filter(pc.is_in(events["event"], value_set=pa.array(atom.events.names)))
    times = numbers_of(named["at"])
    assert times is not None
    ordinals = named["ordinal"].to_numpy()[are_within(times, atom.bounds)]
    found, counts = np.unique(ordinals, return_counts=True)
    return found[counts >= atom.times]
