"""Whose rows differ between two snapshots of a lake, from DuckLake's own record of changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import duckdb
import numpy as np
from numpy.typing import NDArray

from segbench.lake.connection import text
from segbench.lake.snapshot import TABLES, Snapshot

if TYPE_CHECKING:
    from segbench.lake.lake import Lake

Ordinals = NDArray[np.int64]


@dataclass(frozen=True)
class Difference:
    """The ordinals that have another row in a table than before: changed, added or gone."""

    contacts: Ordinals
    tags: Ordinals
    events: Ordinals

    @property
    def size(self) -> int:
        """How many there are in the three tables together."""
        return len(self.contacts) + len(self.tags) + len(self.events)


def find_difference(lake: Lake, old: int, new: Snapshot) -> Difference | None:
    """What changed after the snapshot `old` up to `new`; None where the record does not reach."""
    if old > new.id:
        return None
    if old == new.id:
        return Difference(*(np.empty(0, np.int64) for _ in TABLES))
    try:
        return Difference(*(_changed(lake, table, old + 1, new.id) for table in TABLES))
    except duckdb.Error:
        # The old snapshot has expired, or a table was made anew in between.
        return None


def _changed(lake: Lake, table: str, first: int, last: int) -> Ordinals:
    sql = (
        f"SELECT DISTINCT ordinal FROM lake.table_changes({text(table)}, {int(first)}, {int(last)})"
    )
    with lake.connection.cursor() as cursor:
        found = cursor.execute(sql).fetchnumpy()["ordinal"]
    return np.sort(np.asarray(found, dtype=np.int64))
