"""Cached memberships carried over to a later snapshot: only changed contacts are asked anew."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, get_args

import numpy as np
from numpy.typing import NDArray

from segbench.engine.membership import Membership
from segbench.engine.relational import ordinals_of
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

if TYPE_CHECKING:
    import ibis

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
    touched = [names for names in named.values() if names & difference.names]
    affected = _Affected(snapshot, difference, frozenset().union(*touched))
    found: dict[Atom, Membership] = {}
    for atom, members in cached.items():
        if isinstance(atom, InShare):
            continue
        changed = affected.ordinals(_table(atom))
        if named[atom] and not named[atom] & difference.names:
            changed = changed[:0]
        holds: Iterable[NDArray[np.int64]] = ()
        if len(changed):
            holds = snapshot.each_ordinals(ordinals_of(atom, affected))
        found[atom] = members.patched(changed, holds, snapshot.contacts)
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


@dataclass
class _Affected:
    """The rows that the changed contacts have now, as tables that atoms can be asked of.

    Of events those that are named.
    """

    snapshot: Snapshot
    difference: Difference
    names: frozenset[str]

    def __post_init__(self) -> None:
        self._tables: dict[str, ibis.Table] = {}

    def ordinals(self, table: str) -> NDArray[np.int64]:
        """Whose rows in that table changed, and are still there."""
        found: NDArray[np.int64] = getattr(self.difference, table)
        return found

    def table(self, name: str) -> ibis.Table:
        """The rows of the changed contacts, read once."""
        import ibis
        import pyarrow as pa

        if name == "contacts" and name not in self._tables and self.difference.rows is not None:
            self._tables[name] = ibis.memtable(self.difference.rows())
        if name not in self._tables:
            changed = ibis.memtable(pa.table({"ordinal": self.ordinals(name)}))
            rows = self.snapshot.table(name)
            if name == "events":
                rows = rows.filter(rows["event"].isin(sorted(self.names)))
            rows = rows.semi_join(changed, "ordinal")
            self._tables[name] = ibis.memtable(self.snapshot.batches(rows).read_all())
        return self._tables[name]
