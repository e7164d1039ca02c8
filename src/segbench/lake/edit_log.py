"""The record of edits, kept in the lake itself and written with each edit in one transaction.

What DuckLake notes of a snapshot goes when that snapshot expires; these two tables stay. `edits`
has a row an edit, `edit_changes` one for each tag or field of each contact that it changed: what
was there before, and what after, as texts. Contacts are named by their keys, since ordinals may be
given to others.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from segbench.errors import LakeError
from segbench.lake.connection import text
from segbench.lake.snapshot import Snapshot

_EDITS = {
    "id": "BIGINT",
    "at": "TIMESTAMP",
    "author": "VARCHAR",
    "said": "VARCHAR",
    "contacts": "BIGINT",
    "chosen": "VARCHAR",
    "rules": "VARCHAR",
    "undoes": "BIGINT",
}
_CHANGES = {
    "edit": "BIGINT",
    "key": "VARCHAR",
    "part": "VARCHAR",
    "name": "VARCHAR",
    "was": "VARCHAR",
    "became": "VARCHAR",
}
_ARROW = {"BIGINT": pa.int64(), "VARCHAR": pa.string(), "TIMESTAMP": pa.timestamp("us")}
_COLUMNS = ", ".join(f'"{name}"' for name in _EDITS)


@dataclass(frozen=True, slots=True)
class By:
    """Who edits, and whom they chose: a sentence, and rules as JSON where rules chose them."""

    author: str = ""
    chosen: str = ""
    rules: str = ""


@dataclass(frozen=True, slots=True)
class Edit:
    """One edit: its number, when (naive UTC), by whom, what in words, and how many it changed.

    `chosen` says whom it was for, `rules` the same as JSON, "" where keys chose them. `undoes` is
    the number of the edit that it took back.
    """

    id: int
    at: dt.datetime
    author: str
    said: str
    contacts: int
    chosen: str
    rules: str
    undoes: int | None


def write_edit(
    cursor: duckdb.DuckDBPyConnection,
    by: By,
    *,
    now: dt.datetime,
    said: str,
    contacts: int,
    undoes: int | None = None,
) -> int:
    """Write an edit, with the staged `edited` (key, part, name, was, became) as its changes.

    Returns its number.
    """
    for table, columns in (("edits", _EDITS), ("edit_changes", _CHANGES)):
        body = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
        cursor.execute(f"CREATE TABLE IF NOT EXISTS lake.{table} ({body})")
    # Who writes at the same time conflicts by the notes, so no number is given twice.
    ((id,),) = cursor.execute("SELECT coalesce(max(id), 0) + 1 FROM lake.edits").fetchall()
    at = now.astimezone(dt.UTC).replace(tzinfo=None)
    row = (id, at, by.author, said, contacts, by.chosen, by.rules, undoes)
    arrays = [
        pa.array([value], _ARROW[kind]) for value, kind in zip(row, _EDITS.values(), strict=True)
    ]
    cursor.register("incoming_edit", pa.table(arrays, names=list(_EDITS)))
    cursor.execute("INSERT INTO lake.edits SELECT * FROM incoming_edit")
    cursor.unregister("incoming_edit")
    cursor.execute(
        f"INSERT INTO lake.edit_changes SELECT {int(id)}, key, part, name, was, became "
        "FROM stage.edited"
    )
    return int(id)


def read_edits(snapshot: Snapshot, *, most: int = 50, before: int | None = None) -> list[Edit]:
    """The edits up to a snapshot, newest first; only those with a number below `before`."""
    if not _kept(snapshot):
        return []
    older = f"WHERE id < {int(before)}" if before is not None else ""
    sql = f"SELECT {_COLUMNS} FROM edits {older} ORDER BY id DESC LIMIT {int(most)}"
    return [Edit(*row) for row in snapshot.rows(sql)]


def one_edit(snapshot: Snapshot, id: int) -> Edit:
    """The edit of that number; `LakeError` says which there are."""
    if not _kept(snapshot):
        raise LakeError(f"There is no edit {id}: no contact was ever edited here.")
    rows = snapshot.rows(f"SELECT {_COLUMNS} FROM edits WHERE id = {int(id)}")
    if not rows:
        last = snapshot.rows("SELECT max(id) FROM edits")[0][0]
        raise LakeError(f"There is no edit {id}; there are 1 to {last}.")
    return Edit(*rows[0])


def parts_of(snapshot: Snapshot, id: int) -> dict[str, tuple[str, ...]]:
    """What an edit changed: the names of tags under "tag", those of fields under "field"."""
    one_edit(snapshot, id)
    sql = f"SELECT DISTINCT part, name FROM edit_changes WHERE edit = {int(id)} ORDER BY ALL"
    rows = snapshot.rows(sql)
    return {part: tuple(n for p, n in rows if p == part) for part in ("tag", "field")}


def undone_by(snapshot: Snapshot, ids: Sequence[int]) -> dict[int, int]:
    """Which of these edits were taken back, each with the last edit that did so."""
    if not ids or not _kept(snapshot):
        return {}
    listed = ", ".join(str(int(id)) for id in ids)
    sql = f"SELECT undoes, max(id) FROM edits WHERE undoes IN ({listed}) GROUP BY undoes"
    return dict(snapshot.rows(sql))


def edits_of(snapshot: Snapshot, key: str, most: int = 20) -> list[tuple[Edit, str, str]]:
    """The edits of one contact, newest first, each with the part it changed and its name."""
    if not _kept(snapshot):
        return []
    columns = ", ".join(f'e."{name}"' for name in _EDITS)
    sql = (
        f"SELECT {columns}, c.part, c.name FROM edit_changes c JOIN edits e ON e.id = c.edit "
        f"WHERE c.key = ? ORDER BY e.id DESC, c.part, c.name LIMIT {int(most)}"
    )
    return [(Edit(*row[:-2]), row[-2], row[-1]) for row in snapshot.rows(sql, [key])]


def _kept(snapshot: Snapshot) -> bool:
    """Whether the lake had been edited by then; a lake gets the tables with its first edit."""
    return bool(
        snapshot.rows(
            "SELECT 1 FROM duckdb_tables() "
            f"WHERE database_name = {text(snapshot.name)} AND table_name = 'edits'"
        )
    )
