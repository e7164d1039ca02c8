"""The rows that contacts had over a run of snapshots, read once for all of them.

To open a snapshot takes a third of a second, whatever it holds. What was written between two of
them is a small part of it, and one query reads that for any number of snapshots.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from segbench.lake.connection import text
from segbench.lake.snapshot import Snapshot

if TYPE_CHECKING:
    import ibis

    from segbench.lake.lake import Lake

Numbers = NDArray[np.int64]

MOST_SHARE = 0.2
"""Where more of the contacts than this were written anew, opening the snapshot is as quick."""
FEW = 20_000
"""So many rows are always few."""
MOST = 500_000
"""As many rows as a run of snapshots keeps in memory."""
_TABLES = ("contacts", "tags", "events")


@dataclass(frozen=True)
class Written:
    """Rows of contacts in one table, in the order in which they came.

    `places` are those of the snapshots, in the run, that first have each version, `ordinals` whose
    it is. In `rows` the column `ordinal` is the number of the version.
    """

    places: Numbers
    ordinals: Numbers
    rows: pa.Table

    def __len__(self) -> int:
        return len(self.places)

    def table(self, _name: str) -> ibis.Table:
        """The rows as an Ibis table, the only one; its ordinals are the numbers of the versions."""
        import ibis

        return ibis.memtable(self.rows)

    def until(self, place: int) -> int:
        """How many of the versions had come by a snapshot."""
        return int(np.searchsorted(self.places, place, side="right"))


def places_in(written: Written, newest: Snapshot) -> Numbers:
    """The ordinals, in that snapshot, of the contacts of the versions; -1 where it has none."""
    import ibis

    rows = written.rows.select(["ordinal", "key"]).rename_columns(["version", "key"])
    there = newest.table("contacts").select("key", "ordinal")
    found = np.full(len(written), -1, dtype=np.int64)
    both = ibis.memtable(rows).join(there, "key").select("version", "ordinal")
    for batch in newest.batches(both):
        version, place = (batch.column(n).cast(pa.int64()).to_numpy() for n in range(2))
        found[version] = place
    return found


def plan_runs(lake: Lake, contacts: Mapping[int, int]) -> list[tuple[int, ...]]:
    """The snapshots (ascending, each with its number of contacts) in runs to be read at once.

    Within a run the tables have the same columns, and few contacts are written.
    """
    edges = sorted(_column_edges(lake))
    found: list[tuple[int, ...]] = []
    for _, group in groupby(contacts, lambda id: bisect_right(edges, id)):
        ids = tuple(group)
        found += _split(ids, contacts, _written(lake, ids)) if len(ids) > 1 else [ids]
    return found


def read_versions(lake: Lake, ids: Sequence[int], contacts: Mapping[int, int]) -> Written | None:
    """What was written to contacts after the first snapshot of a run, for each of the later ones.

    A contact without a version has the row that it had in the first one. None where the record of
    changes does not say it exactly.
    """
    try:
        with lake.connection.cursor() as cursor:
            written = _contacts(cursor, ids)
    except duckdb.Error:
        return None
    whole = written is not None and _is_whole(written, [contacts[id] for id in ids])
    return written if whole else None


def _column_edges(lake: Lake) -> Iterable[int]:
    """The snapshots from which on a table or a column of it is there, or is not any more."""
    names = ", ".join(map(text, _TABLES))
    rows = lake.catalogue_rows(
        "SELECT t.begin_snapshot, t.end_snapshot, c.begin_snapshot, c.end_snapshot "
        "FROM {meta}.ducklake_column c JOIN {meta}.ducklake_table t USING (table_id) "
        f"WHERE t.table_name IN ({names})"
    )
    return {int(edge) for row in rows for edge in row if edge is not None}


def _written(lake: Lake, ids: Sequence[int]) -> dict[int, int]:
    """How many contacts each snapshot wrote; nothing where that is not known."""
    try:
        with lake.connection.cursor() as cursor:
            sql = f"SELECT snapshot_id, count(*) FROM {_came(ids)} GROUP BY ALL"
            return dict(cursor.execute(sql).fetchall())
    except duckdb.Error:
        return {}


def _split(
    ids: Sequence[int], contacts: Mapping[int, int], written: Mapping[int, int]
) -> list[tuple[int, ...]]:
    """The snapshots in runs that wrote little; each run begins with one that is opened."""
    found, rows = [[ids[0]]], 0
    for before, id in pairwise(ids):
        came = sum(count for each, count in written.items() if before < each <= id)
        rows += came
        if came > max(FEW, MOST_SHARE * contacts[id]) or rows > MOST:
            found.append([])
            rows = 0
        found[-1].append(id)
    return [tuple(run) for run in found]


def _contacts(cursor: duckdb.DuckDBPyConnection, ids: Sequence[int]) -> Written | None:
    rows = cursor.execute(f"SELECT snapshot_id, * FROM {_came(ids)}").to_arrow_table()
    if len({name.lower() for name in rows.column_names}) < rows.num_columns:
        # A field of that name hides which snapshot wrote a row.
        return None
    snapshots, ordinals = (
        rows.column(name).combine_chunks().cast(pa.int64()).to_numpy()
        for name in ("snapshot_id", "ordinal")
    )
    order = np.lexsort((ordinals, snapshots))
    snapshots, ordinals = snapshots[order], ordinals[order]
    if ((np.diff(snapshots) == 0) & (np.diff(ordinals) == 0)).any():
        return None
    # Of what an expired snapshot wrote and a later one wrote again, the later one counts.
    places = np.searchsorted(np.asarray(ids), snapshots)
    chosen = rows.drop_columns(["snapshot_id", "ordinal"]).take(pa.array(order))
    return _numbered(places, ordinals, chosen)


def _is_whole(written: Written, contacts: Sequence[int]) -> bool:
    """Whether every contact that a snapshot has more than the one before was written with it."""
    for place, (before, now) in enumerate(pairwise(contacts), 1):
        came = written.ordinals[written.until(place - 1) : written.until(place)]
        if len(np.unique(came[(came >= before) & (came < now)])) < now - before:
            return False
    return True


def _numbered(places: Numbers, ordinals: Numbers, rows: pa.Table) -> Written:
    number = pa.array(np.arange(len(places), dtype=np.int64))
    return Written(places, ordinals, rows.add_column(0, "ordinal", number))


def _came(ids: Sequence[int]) -> str:
    """The rows of contacts that came after the first of some snapshots, up to the last of them.

    Rows that went have no such record: after a merge of files it names a wrong snapshot.
    """
    # It can be asked from a snapshot on that has not expired.
    first = ids[0] + 1 if ids[1] == ids[0] + 1 else ids[0]
    source = f"ducklake_table_insertions('lake', 'main', 'contacts', {int(first)}, {int(ids[-1])})"
    return f"{source} WHERE snapshot_id > {int(ids[0])}"
