"""Whose rows differ between two snapshots of a lake, from DuckLake's own record of changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import duckdb
import numpy as np
from numpy.typing import NDArray

from segbench.lake.connection import text
from segbench.lake.snapshot import Snapshot

if TYPE_CHECKING:
    import pyarrow as pa

    from segbench.lake.lake import Lake

Ordinals = NDArray[np.int64]


@dataclass(frozen=True)
class Difference:
    """The ordinals that have another row in a table than before: changed, added or gone.

    `names` are the events of which there are other ones. `rows` gives the present rows of the
    changed contacts, where the record has each once.
    """

    contacts: Ordinals
    tags: Ordinals
    events: Ordinals
    names: frozenset[str] = frozenset()
    rows: Callable[[], pa.Table] | None = None

    @property
    def size(self) -> int:
        """How many there are in the three tables together."""
        return len(self.contacts) + len(self.tags) + len(self.events)


def find_difference(lake: Lake, old: int, new: Snapshot) -> Difference | None:
    """What changed after the snapshot `old` up to `new`; None where the record does not reach."""
    if old > new.id:
        return None
    if old == new.id:
        nothing = np.empty(0, np.int64)
        return Difference(nothing, nothing, nothing)
    try:
        came = _ordinals(lake, f"SELECT ordinal {_came(old, new)}")
        contacts = np.unique(came[came < new.contacts])
        tags, events = (_changed(lake, table, old + 1, new.id) for table in ("tags", "events"))
        names = frozenset(_event_names(lake, old + 1, new.id)) if len(events) else frozenset()
    except duckdb.Error:
        # The old snapshot has expired, or a table was made anew in between.
        return None

    def rows() -> pa.Table:
        with lake.connection.cursor() as cursor:
            return cursor.execute(f"SELECT * {_came(old, new)}").to_arrow_table()

    return Difference(contacts, tags, events, names, rows if len(contacts) == len(came) else None)


def _came(old: int, new: Snapshot) -> str:
    """The rows of contacts that were written: of a changed contact the whole row.

    What went needs no look: the ordinals are those from 0 on in every snapshot, so each that is
    still there has a row. To find the rows that went takes DuckLake a hundred times as long.
    """
    return f"FROM lake.table_insertions('contacts', {old + 1}, {new.id})"


def _changed(lake: Lake, table: str, first: int, last: int) -> Ordinals:
    sql = (
        f"SELECT DISTINCT ordinal FROM lake.table_changes({text(table)}, {int(first)}, {int(last)})"
    )
    return np.sort(_ordinals(lake, sql))


def _event_names(lake: Lake, first: int, last: int) -> Iterator[str]:
    sql = f"SELECT DISTINCT event FROM lake.table_changes('events', {first}, {last})"
    with lake.connection.cursor() as cursor:
        yield from (row[0] for row in cursor.execute(sql).fetchall())


def _ordinals(lake: Lake, sql: str) -> Ordinals:
    with lake.connection.cursor() as cursor:
        return np.asarray(cursor.execute(sql).fetchnumpy()["ordinal"], dtype=np.int64)
