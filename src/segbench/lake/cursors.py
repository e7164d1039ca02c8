"""Queries on one snapshot, each on a cursor of its own; all of them can be stopped at once."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as pa

from segbench.errors import LakeError
from segbench.lake.connection import quoted

Interrupted = duckdb.InterruptException
"""What a query raises when `Cursors.interrupt` stopped it."""


class Cursors:
    """Cursors whose names without a database mean one snapshot's tables.

    `name` is that of the attached snapshot, `id` its number in the lake at `path`.
    """

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, name: str, id: int, path: Path
    ) -> None:
        self.name, self._connection = name, connection
        self._id, self._path = id, path
        self._lock = threading.Lock()
        self._running: set[duckdb.DuckDBPyConnection] = set()
        self._closed = False

    @contextlib.contextmanager
    def cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor for as long as the block runs."""
        cursor = self.open()
        try:
            yield cursor
        finally:
            self.shut(cursor)

    def open(self) -> duckdb.DuckDBPyConnection:
        """A cursor that `shut` must be given; `LakeError` where snapshot or lake is closed."""
        cursor = self.bare()
        cursor.execute(f"USE {quoted(self.name)}.main")
        with self._lock:
            self._running.add(cursor)
        return cursor

    def shut(self, cursor: duckdb.DuckDBPyConnection) -> None:
        """Close a cursor."""
        with self._lock:
            self._running.discard(cursor)
        cursor.close()

    def bare(self) -> duckdb.DuckDBPyConnection:
        """A cursor that `interrupt` does not stop."""
        if self._closed:
            raise LakeError(f"Snapshot {self._id} is closed; take it again from its lake.")
        try:
            return self._connection.cursor()
        except duckdb.ConnectionException as error:
            raise LakeError(f"The lake at {self._path} is closed; open it again.") from error

    def drain(
        self, cursor: duckdb.DuckDBPyConnection, source: pa.RecordBatchReader
    ) -> Iterator[pa.RecordBatch]:
        """The batches of a reader, whose cursor is shut at its end."""
        try:
            with self.speaking_plainly():
                yield from source
        finally:
            self.shut(cursor)

    def interrupt(self) -> None:
        """Stop every query that runs now; each raises `Interrupted` in its own thread."""
        with self._lock:
            running = list(self._running)
        for cursor in running:
            cursor.interrupt()

    def close(self) -> None:
        """Open no more cursors."""
        self._closed = True

    @contextlib.contextmanager
    def speaking_plainly(self) -> Iterator[None]:
        """DuckDB's errors as a `LakeError`, except that somebody stopped the query."""
        try:
            yield
        except Interrupted:
            raise
        except duckdb.Error as error:
            why = str(error).strip().splitlines()[0].removesuffix(".")
            raise LakeError(
                f"Snapshot {self._id} of the lake at {self._path} cannot be read: {why}. If a file "
                "there is missing or damaged, put it back from a copy, or make the workspace again."
            ) from error
