"""Where the sync of each source stands, kept in the lake itself, in the same transaction."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from segbench.lake.connection import text
from segbench.lake.snapshot import Snapshot
from segbench.lake.watermarks import Mark

TABLE = "syncs"
_COLUMNS = (
    *("source", "relation", "asked", "mark_column", "mark_kind", "mark"),
    *("columns", "kept"),
)


@dataclass(frozen=True, slots=True)
class Standing:
    """What the last sync of one table of a source left.

    `asked` says what was read: the mark of `mark_column` holds for that alone. `columns` are the
    fields or properties that came from it, `kept` those that it has no more, but the lake has.
    """

    asked: str = ""
    mark_column: str = ""
    mark: Mark | None = None
    columns: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()


def read_standings(base: Snapshot, source: str) -> dict[str, Standing]:
    """Where the sync of a source stands, by table."""
    if not _exists(base):
        return {}
    rows = base.rows(
        f"SELECT {', '.join(_COLUMNS[1:])} FROM {TABLE} WHERE source = ?",
        [source],
    )
    return {
        relation: Standing(
            asked,
            column,
            Mark(kind, mark) if kind else None,
            tuple(json.loads(columns)),
            tuple(json.loads(kept)),
        )
        for relation, asked, column, kind, mark, columns, kept in rows
    }


def _exists(base: Snapshot) -> bool:
    found = base.rows(
        "SELECT 1 FROM duckdb_tables() "
        f"WHERE database_name = {text(base.name)} AND table_name = {text(TABLE)}"
    )
    return bool(found)


def write_standings(
    cursor: duckdb.DuckDBPyConnection, source: str, standings: Mapping[str, Standing]
) -> None:
    """Replace where the sync of a source stands, for these tables of it."""
    cursor.execute(
        f"CREATE TABLE IF NOT EXISTS lake.{TABLE} (source VARCHAR, relation VARCHAR, "
        "asked VARCHAR, mark_column VARCHAR, mark_kind VARCHAR, mark BIGINT, "
        "columns VARCHAR, kept VARCHAR)"
    )
    relations = ", ".join(map(text, standings))
    cursor.execute(
        f"DELETE FROM lake.{TABLE} WHERE source = {text(source)} AND relation IN ({relations})"
    )
    rows = [
        (
            *(source, relation, each.asked, each.mark_column),
            *((each.mark.kind, each.mark.value) if each.mark else (None, None)),
            *(json.dumps(each.columns), json.dumps(each.kept)),
        )
        for relation, each in standings.items()
    ]
    types = [pa.int64() if name == "mark" else pa.string() for name in _COLUMNS]
    arrays = [
        pa.array(values, kind) for values, kind in zip(zip(*rows, strict=True), types, strict=True)
    ]
    # One Arrow table is one file; executemany would write a file per row.
    cursor.register("incoming_standings", pa.table(arrays, names=list(_COLUMNS)))
    cursor.execute(f"INSERT INTO lake.{TABLE} SELECT * FROM incoming_standings")
    cursor.unregister("incoming_standings")
