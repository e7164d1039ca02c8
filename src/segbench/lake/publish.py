"""Writing to a lake: what happens inside the one transaction that makes a snapshot."""

from __future__ import annotations

from typing import cast

import duckdb
import pyarrow as pa

from segbench.lake.connection import quoted
from segbench.lake.stage import FIXED, Stage
from segbench.lake.tables import Note, Notes

NoteRow = tuple[str, str, str, str, str | None, int]

NOTES = {
    "kind": "VARCHAR",
    "name": "VARCHAR",
    "label": "VARCHAR",
    "description": "VARCHAR",
    "type": "VARCHAR",
    "position": "BIGINT",
}

ORDER = {
    "contacts": "ordinal",
    "tags": "tag, ordinal",
    "events": 'event, "at", ordinal',
}
"""How each table is sorted in its files, so that a query skips what it does not ask for."""

LAST_GIVEN = '(SELECT ordinal, tag, max("at") AS "at" FROM stage.tags GROUP BY ordinal, tag)'
"""The staged tags, each once a contact, with the last known time at which it was given."""


def create_tables(cursor: duckdb.DuckDBPyConnection) -> None:
    """Create a new lake's tables, all of them empty."""
    for table, columns in (FIXED | {"notes": NOTES}).items():
        _create(cursor, table, columns)
    write_notes(cursor, [])


def replace_all(cursor: duckdb.DuckDBPyConnection, stage: Stage, notes: list[NoteRow]) -> None:
    """Replace a lake's tables by those of a stage."""
    for table in FIXED:
        _create(cursor, table, stage.columns(table))
        insert(cursor, table, "*", LAST_GIVEN if table == "tags" else f"stage.{table}")
    # How far a source was read says nothing about other contacts.
    cursor.execute("DROP TABLE IF EXISTS lake.syncs")
    write_notes(cursor, notes)


def insert(cursor: duckdb.DuckDBPyConnection, table: str, select: str, source: str) -> None:
    """Insert a selection from a staged table, sorted as that table is."""
    cursor.execute(
        f"INSERT INTO lake.{table} BY NAME SELECT {select} FROM {source} ORDER BY {ORDER[table]}"
    )


def write_notes(cursor: duckdb.DuckDBPyConnection, rows: list[NoteRow]) -> None:
    """Replace the notes.

    Every transaction does this, so two writers at once always conflict: DuckLake would let
    both append contacts, and two contacts would share an ordinal.
    """
    cursor.execute("DELETE FROM lake.notes")
    marker: NoteRow = ("lake", "format", "", "", "1", 0)
    columns = zip(*[marker, *rows], strict=True)
    # One Arrow table is one file; executemany would write a file per row.
    arrays = [
        pa.array(values, pa.int64() if kind == "BIGINT" else pa.string())
        for values, kind in zip(columns, NOTES.values(), strict=True)
    ]
    cursor.register("incoming_notes", pa.table(arrays, names=list(NOTES)))
    cursor.execute("INSERT INTO lake.notes SELECT * FROM incoming_notes")
    cursor.unregister("incoming_notes")


def keep_notes(cursor: duckdb.DuckDBPyConnection) -> None:
    """Write the notes again as they are, so that two writers at once conflict."""
    rows = cursor.execute(
        "SELECT kind, name, label, description, type, position FROM lake.notes "
        "WHERE kind <> 'lake' ORDER BY kind, position"
    ).fetchall()
    write_notes(cursor, cast(list[NoteRow], rows))


def note_rows(notes: Notes) -> list[NoteRow]:
    """The rows of the table `notes` that hold these notes."""
    kinds = {"field": notes.fields, "event": notes.events, "property": notes.properties}
    return [
        _note_row(kind, name, note, position)
        for kind, named in kinds.items()
        for position, (name, note) in enumerate(named.items())
    ]


def _note_row(kind: str, name: str, note: Note, position: int) -> NoteRow:
    return (kind, name, note.label, note.description, note.type, position)


def _create(cursor: duckdb.DuckDBPyConnection, table: str, columns: dict[str, str]) -> None:
    body = ", ".join(f"{quoted(name)} {kind}" for name, kind in columns.items())
    cursor.execute(f"CREATE OR REPLACE TABLE lake.{table} ({body})")
