"""Batches as tables of the stage: contacts numbered, values cleaned, everything checked."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segbench.errors import LakeError
from segbench.lake.columns import VALUE_TYPES, clean, stored_type, trimmed
from segbench.lake.connection import quoted
from segbench.lake.stage import FIXED, Stage
from segbench.lake.tables import RESERVED, Batch


def gather(stage: Stage, batches: Iterable[Batch]) -> None:
    """Fill the stage's `contacts`, `tags` and `events` from batches, numbering the contacts.

    `LakeError` for a repeated or missing key, an event without its contact, or unlike batches.
    """
    empty = Batch(
        pa.table({"key": pa.array([], pa.string())}),
        pa.table({name: pa.array([], pa.string()) for name in ("key", "tag")}),
        pa.table(
            {
                "key": pa.array([], pa.string()),
                "event": pa.array([], pa.string()),
                "at": pa.array([], pa.timestamp("us")),
            }
        ),
    )
    contacts = 0
    for number, batch in enumerate(batches):
        _gather_one(stage, batch, number, contacts)
        contacts += batch.contacts.num_rows
    if "contacts" not in _tables(stage):
        _gather_one(stage, empty, 0, 0)
    _require_keys(stage)
    _require_values(stage)


def _tables(stage: Stage) -> set[str]:
    sql = "SELECT table_name FROM duckdb_tables() WHERE database_name = 'stage'"
    return {row[0] for row in stage.connection.execute(sql).fetchall()}


def _gather_one(stage: Stage, batch: Batch, number: int, first: int) -> None:
    for table in FIXED:
        if "key" not in getattr(batch, table).column_names:
            raise LakeError(f"Batch {number + 1} has no column 'key' in {table}.")
    keys = _keys(batch.contacts)
    ordinals = pa.array(np.arange(first, first + len(keys), dtype=np.int64))
    _append(stage, "contacts", batch.contacts, ordinals, number)
    for table in ("tags", "events"):
        source: pa.Table = getattr(batch, table)
        # Arrow's hash lookup is ten times as fast here as DuckDB's join of two Arrow scans.
        owners = pc.index_in(_keys(source), value_set=keys, skip_nulls=True)
        if owners.null_count:
            raise LakeError(
                f"Batch {number + 1} has {owners.null_count} {table} whose contact "
                "is not in the same batch; every tag and event belongs to a contact."
            )
        owners = pc.add(owners.cast(pa.int64()), first)
        _append(stage, table, source.drop_columns("key"), owners, number)


def _keys(source: pa.Table) -> pa.Array:
    keys = pc.ascii_trim_whitespace(source.column("key").cast(pa.string()))
    return keys.combine_chunks() if isinstance(keys, pa.ChunkedArray) else keys


def _append(stage: Stage, table: str, source: pa.Table, ordinals: pa.Array, number: int) -> None:
    connection = stage.connection
    if "ordinal" in source.column_names:
        raise LakeError(f"Column 'ordinal' of {table} has a reserved name; rename it.")
    if table == "tags":
        source = _with_times(source)
    incoming = listed(source).append_column("ordinal", ordinals)
    connection.register("incoming", incoming)
    rows = connection.execute("DESCRIBE incoming").fetchall()
    found = {row[0]: row[1] for row in rows}
    columns = _ordered(table, found, number)
    types = {"ordinal": "BIGINT"} | {n: stored_type(n, kind) for n, kind in columns.items()}
    _require_types(table, types)
    select = ", ".join(
        ["ordinal", *(f"{_read(name, kind)} AS {quoted(name)}" for name, kind in columns.items())]
    )
    if number == 0:
        body = ", ".join(f"{quoted(name)} {kind}" for name, kind in types.items())
        connection.execute(f"CREATE TABLE {table} ({body})")
    if unlike := set(stage.columns(table).items()) ^ set(types.items()):
        raise LakeError(
            f"Batch {number + 1} has other columns in {table} than the first batch: "
            f"{', '.join(sorted({name for name, _ in unlike}))}."
        )
    connection.execute(f"INSERT INTO {table} BY NAME SELECT {select} FROM incoming")
    connection.unregister("incoming")


def _read(column: str, found: str) -> str:
    # Keys stay as they are: another spelling of one would be another contact.
    return trimmed(f"{quoted(column)}::VARCHAR") if column == "key" else clean(column, found)


def _with_times(tags: pa.Table) -> pa.Table:
    """The tags with the column `at`, which may have been left out."""
    if "at" in tags.column_names and not pa.types.is_null(tags.schema.field("at").type):
        return tags
    rest = tags.drop_columns([name for name in tags.column_names if name == "at"])
    return rest.append_column("at", pa.nulls(len(tags), pa.timestamp("us")))


def listed(source: pa.Table) -> pa.Table:
    """The table with lists of nothing, or of words by number, as lists of texts.

    DuckDB takes the first for lists of numbers and does not survive the second.
    """
    for place, field in enumerate(source.schema):
        inner = getattr(field.type, "value_type", None)
        if not pa.types.is_nested(field.type) or inner is None:
            continue
        if pa.types.is_null(inner) or pa.types.is_dictionary(inner):
            texts = source.column(place).cast(pa.list_(pa.string()))
            source = source.set_column(place, field.name, texts)
    return source


def _require_types(table: str, types: dict[str, str]) -> None:
    for name, kind in types.items():
        if name == "at" and kind != "TIMESTAMP":
            raise LakeError(
                f"Column 'at' of {table} holds {VALUE_TYPES[kind]}; it must hold times."
            )
        if table == "events" and kind == "VARCHAR[]":
            raise LakeError(f"Column {name!r} of events holds lists, which only contacts have.")


def _ordered(table: str, found: dict[str, str], number: int) -> dict[str, str]:
    """The columns to write: the fixed ones first, then fields or properties as they came."""
    fixed = [name for name in FIXED[table] if name != "ordinal"]
    missing = [name for name in fixed if name not in found]
    if missing:
        raise LakeError(f"Batch {number + 1} has no column {missing[0]!r} in {table}.")
    rest = [name for name in found if name not in fixed and name != "ordinal"]
    if table == "tags":
        rest = []
    taken = [name for name in rest if name.lower() in RESERVED]
    if taken:
        raise LakeError(f"Column {taken[0]!r} of {table} has a reserved name; rename it.")
    twice = {name.lower() for name in rest}
    if len(twice) < len(rest):
        raise LakeError(f"Columns of {table} differ only in upper and lower case; rename one.")
    return {name: found[name] for name in [*fixed, *rest]}


def _require_values(stage: Stage) -> None:
    for table, column in (("tags", "tag"), ("events", "event"), ("events", "at")):
        blank = stage.value(f"SELECT count(*) FROM {table} WHERE {quoted(column)} IS NULL")
        if blank:
            raise LakeError(f"{blank} rows of {table} have no {column}; every one needs it.")


def _require_keys(stage: Stage) -> None:
    blank = stage.value("SELECT count(*) FROM contacts WHERE key IS NULL")
    if blank:
        raise LakeError(f"{blank} contacts have no key; every contact needs one.")
    repeated = stage.connection.execute(
        "SELECT key, count(*) FROM contacts GROUP BY key HAVING count(*) > 1 LIMIT 1"
    ).fetchone()
    if repeated:
        raise LakeError(f"The key {repeated[0]!r} comes {repeated[1]} times; keys are unique.")
