"""Tables in memory as streams of Arrow batches, read into the stage as they come."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import duckdb
import pyarrow as pa

from segbench.errors import ImportRefused
from segbench.lake.gathering import listed
from segbench.lake.sources import Source, typed_source
from segbench.lake.stage import Stage


def is_pandas(frame: object) -> bool:
    """Whether this is a DataFrame of pandas, without loading pandas."""
    return type(frame).__module__.partition(".")[0] == "pandas" and hasattr(frame, "columns")


def open_stream(frame: Any) -> pa.RecordBatchReader:
    """The batches of a DataFrame, or of an Arrow table or stream."""
    if isinstance(frame, pa.RecordBatchReader):
        return frame
    if is_pandas(frame):
        # The index of a DataFrame is no column of the contacts.
        return pa.Table.from_pandas(frame, preserve_index=False).to_reader()
    return pa.RecordBatchReader.from_stream(frame)


def described(stage: Stage, table: pa.Table) -> dict[str, str]:
    """The columns of an Arrow table with the types that DuckDB sees."""
    with _registered(stage, _typed(table)) as name:
        rows = stage.connection.execute(f"DESCRIBE {name}").fetchall()
    return {row[0]: row[1] for row in rows}


def read_stream(stage: Stage, name: str, label: str, reader: pa.RecordBatchReader) -> Source:
    """Read Arrow batches into the stage as they come."""
    twice = [column for column in reader.schema.names if reader.schema.names.count(column) > 1]
    if twice:
        raise ImportRefused(f"{label} has the column {twice[0]!r} more than once.")
    empty = _typed(reader.schema.empty_table())
    types = described(stage, empty)
    fixed = pa.RecordBatchReader.from_batches(empty.schema, _batches(reader))
    with _registered(stage, fixed) as relation:
        try:
            return typed_source(stage, name, label, relation, types)
        except duckdb.Error as error:
            raise ImportRefused(f"{label} cannot be read: {error}") from error


def _batches(reader: pa.RecordBatchReader) -> Iterator[pa.RecordBatch]:
    for batch in reader:
        yield from _typed(pa.Table.from_batches([batch])).to_batches()


def _typed(table: pa.Table) -> pa.Table:
    """The table with types that DuckDB reads; it would take a column of nothing for numbers."""
    for place, column in enumerate(table.schema):
        if pa.types.is_null(column.type):
            table = table.set_column(place, column.name, table.column(place).cast(pa.string()))
    return listed(table)


@contextlib.contextmanager
def _registered(stage: Stage, data: pa.Table | pa.RecordBatchReader) -> Iterator[str]:
    """A name under which the stage's connection reads Arrow data, for as long as the block."""
    stage.connection.register("incoming_rows", data)
    try:
        yield "incoming_rows"
    finally:
        stage.connection.unregister("incoming_rows")
