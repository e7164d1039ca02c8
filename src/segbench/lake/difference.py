"""Whose rows differ between two snapshots of a lake, from DuckLake's own record of changes."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import duckdb
import numpy as np
from numpy.typing import NDArray

from segbench.lake.snapshot import TABLES, Snapshot

if TYPE_CHECKING:
    import pyarrow as pa

    from segbench.lake.lake import Lake

Ordinals = NDArray[np.int64]
_NOBODY: Ordinals = np.empty(0, np.int64)


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
        return Difference(_NOBODY, _NOBODY, _NOBODY)
    done = _done(lake, old, new.id)
    try:
        came = _came(lake, old, new).column("ordinal").to_numpy() if done["contacts"] else _NOBODY
        contacts = np.unique(came[came < new.contacts])
        tags, _ = _changed(lake, "tags", done, old, new.id)
        events, names = _changed(lake, "events", done, old, new.id)
    except duckdb.Error:
        # The old snapshot has expired, or a table was made anew in between.
        return None

    @cache
    def rows() -> pa.Table:
        return _came(lake, old, new, "*")

    return Difference(contacts, tags, events, names, rows if len(contacts) == len(came) else None)


def _came(lake: Lake, old: int, new: Snapshot, columns: str = "ordinal") -> pa.Table:
    """The rows of contacts that were written: of a changed contact the whole row.

    What went needs no look: the ordinals are those from 0 on in every snapshot, so each that is
    still there has a row. To find the rows that went takes DuckLake a hundred times as long.
    """
    sql = f"SELECT {columns} FROM lake.table_insertions('contacts', {old + 1}, {new.id})"
    with lake.connection.cursor() as cursor:
        return cursor.execute(sql).to_arrow_table()


def _done(lake: Lake, old: int, last: int) -> dict[str, set[str]]:
    """What was done to each table after the snapshot `old`; to most of them it is nothing."""
    made = lake.catalogue_rows(
        "SELECT changes_made FROM {meta}.ducklake_snapshot_changes "
        f"WHERE snapshot_id > {int(old)} AND snapshot_id <= {int(last)}"
    )
    told = ",".join(row[0] or "" for row in made)
    if len(made) < last - old or '_table:"' in told or "altered_table" in told:
        # A snapshot in between has expired, or a table was made anew.
        return {table: {"unknown"} for table in TABLES}
    tables = lake.catalogue_rows(
        "SELECT table_id, table_name FROM {meta}.ducklake_table WHERE end_snapshot IS NULL"
    )
    verbs = re.findall(r"(\w+):(\d+)", told)
    return {name: {verb for verb, id in verbs if int(id) == table} for table, name in tables}


def _changed(
    lake: Lake, table: str, done: dict[str, set[str]], old: int, last: int
) -> tuple[Ordinals, frozenset[str]]:
    """Whose rows in a table changed, ascending and, of events, the names of those."""
    if not done[table]:
        return _NOBODY, frozenset()
    rows = "table_insertions" if done[table] <= {"inserted_into_table"} else "table_changes"
    of_events = ", event" if table == "events" else ""
    sql = f"SELECT DISTINCT ordinal{of_events} FROM lake.{rows}('{table}', {old + 1}, {last})"
    with lake.connection.cursor() as cursor:
        found = cursor.execute(sql).to_arrow_table()
    names = found.column("event").unique().to_pylist() if of_events else []
    return np.unique(found.column("ordinal").to_numpy()), frozenset(names)
