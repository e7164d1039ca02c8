"""A snapshot: the contact data at one moment, which no later write changes."""

from __future__ import annotations

import contextlib
import threading
import weakref
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from segbench.errors import LakeError, near_names, offer
from segbench.lake import catalog_file
from segbench.lake.bits import Bits
from segbench.lake.catalog import build_catalog, value_types
from segbench.lake.cursors import Cursors, Interrupted
from segbench.lake.kept import Kept
from segbench.model.catalog import Catalog, ValueType

if TYPE_CHECKING:
    import ibis

__all__ = ["TABLES", "Interrupted", "Snapshot"]

TABLES = ("contacts", "tags", "events")
_ROWS = 131_072


class Snapshot:
    """The contacts, tags and events of one snapshot, read-only; several threads may query it.

    Every query runs on its own cursor. Names without a database mean this snapshot's tables:
    `SELECT ordinal FROM contacts`. Made by `Lake.snapshot`.
    """

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        name: str,
        id: int,
        committed: datetime,
        release: Callable[[int], None],
        path: Path,
    ) -> None:
        self.id = id
        self.path = path
        self.committed = committed
        self.name = name
        self.kept = Kept(path, id, committed)
        self._cursors = Cursors(connection, name, id, path)
        self._let_go = weakref.finalize(self, _let_go, release, id)
        # The lake is closed with the process, and its attachments with it.
        self._let_go.atexit = False
        self._lock = threading.RLock()
        self._tables: dict[str, ibis.Table] = {}
        self._backend: Any = None
        self._catalog: Catalog | None = None
        self._types: dict[str, ValueType] | None = None
        self._timed: bool | None = None
        self.contacts = int(self.rows("SELECT count(*) FROM contacts")[0][0])
        self._bits = Bits(self._cursors, self.contacts)

    def table(self, name: str) -> ibis.Table:
        """The Ibis table "contacts", "tags" or "events", bound to this snapshot."""
        if name not in TABLES:
            raise LakeError(f"A snapshot has no table {name!r}{offer(near_names(name, TABLES))}")
        with self._lock, self._cursors.speaking_plainly():
            if name not in self._tables:
                found = self._ibis().table(name, database=f"{self.name}.main")
                if name == "tags" and not self.has_tag_times():
                    found = _without_times(found)
                self._tables[name] = found
            return self._tables[name]

    def ordinals(self, query: ibis.Table | str) -> npt.NDArray[np.int64]:
        """The ordinals that a query with the one column `ordinal` returns, in no set order."""
        parts = list(self.each_ordinals(query))
        return np.concatenate(parts) if parts else np.empty(0, np.int64)

    def each_ordinals(self, query: ibis.Table | str) -> Iterator[npt.NDArray[np.int64]]:
        """`ordinals`, a batch at a time."""
        with self._reader(query) as reader:
            if reader.schema.names != ["ordinal"]:
                raise LakeError(
                    f"The query returns {', '.join(reader.schema.names)}; "
                    "it must return the one column ordinal."
                )
            with self._cursors.speaking_plainly():
                for batch in reader:
                    yield batch.column(0).cast(pa.int64()).to_numpy()

    def each_occurrence(
        self, query: ibis.Table
    ) -> Iterator[tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]]:
        """The columns `ordinal` and `at` (in microseconds) of a query, a batch at a time."""
        with self._reader(query) as reader, self._cursors.speaking_plainly():
            for batch in reader:
                times = batch.column("at").cast(pa.timestamp("us")).cast(pa.int64())
                yield batch.column("ordinal").to_numpy(), times.to_numpy()

    def bits(self, query: ibis.Table | str) -> npt.NDArray[np.uint8]:
        """The boolean `holds` that a query has for every `ordinal`, in the order of ordinals.

        Packed, the first contact in the lowest bit. The query must be a plain selection from
        `contacts`.
        """
        return self._bits.read(self._sql(query))

    @contextlib.contextmanager
    def _reader(self, query: ibis.Table | str) -> Iterator[pa.RecordBatchReader]:
        with self._cursors.cursor() as cursor:
            with self._cursors.speaking_plainly():
                found = self._execute(cursor, query).to_arrow_reader(_ROWS)
            yield found

    def batches(self, query: ibis.Table | str) -> pa.RecordBatchReader:
        """The rows of a query as a stream of Arrow batches.

        The query holds its cursor until the reader has been read to its end or is dropped.
        """
        cursor = self._cursors.open()
        try:
            with self._cursors.speaking_plainly():
                source = self._execute(cursor, query).to_arrow_reader(_ROWS)
        except BaseException:
            self._cursors.shut(cursor)
            raise
        return pa.RecordBatchReader.from_batches(source.schema, self._cursors.drain(cursor, source))

    def rows(self, sql: str, parameters: list[Any] | None = None) -> list[tuple[Any, ...]]:
        """All rows of an SQL query, for small results."""
        with self._cursors.cursor() as cursor, self._cursors.speaking_plainly():
            found = cursor.execute(sql, parameters) if parameters else cursor.execute(sql)
            return found.fetchall()

    def named_rows(
        self, sql: str, parameters: list[Any]
    ) -> tuple[list[str], list[tuple[Any, ...]]]:
        """The column names and all rows of an SQL query, for small results."""
        with self._cursors.cursor() as cursor, self._cursors.speaking_plainly():
            found = cursor.execute(sql, parameters)
            return [column[0] for column in found.description or ()], found.fetchall()

    def catalog(self) -> Catalog:
        """What can be asked of this snapshot, with counts; built once for all processes."""
        with self._lock:
            if self._catalog is None:
                found = self.kept.read(catalog_file.NAME)
                self._catalog = catalog_file.read_catalog(found) if found else None
            if self._catalog is None:
                self.adopt_catalog(build_catalog(self))
            assert self._catalog is not None
            return self._catalog

    def known_catalog(self) -> Catalog | None:
        """The catalogue, where it was asked for already."""
        with self._lock:
            return self._catalog

    def adopt_catalog(self, catalog: Catalog) -> None:
        """Take a catalogue that somebody knows to be this snapshot's."""
        with self._lock:
            self._catalog = catalog
        self.kept.write(catalog_file.NAME, catalog_file.write_catalog(catalog))

    def field_types(self) -> dict[str, ValueType]:
        """The value type of each field, in the order of the columns."""
        with self._lock:
            if self._types is None:
                self._types = value_types(self, "contacts")
            return dict(self._types)

    def property_types(self) -> dict[str, ValueType]:
        """The value type of each property that events may have."""
        return value_types(self, "events")

    def has_tag_times(self) -> bool:
        """Whether tags have the column `at`, which lakes made by earlier versions lack."""
        with self._lock:
            if self._timed is None:
                self._timed = any(row[0] == "at" for row in self.rows("DESCRIBE tags"))
            return self._timed

    def interrupt(self) -> None:
        """Stop every query that runs now; each raises `Interrupted` in its own thread."""
        self._cursors.interrupt()

    def close(self) -> None:
        """Let go of this snapshot; the lake stays open."""
        with self._lock:
            self._cursors.close()
            self._tables.clear()
            if self._backend is not None:
                self._backend.con.close()
                self._backend = None
        self._let_go()

    def __enter__(self) -> Snapshot:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _ibis(self) -> Any:
        # Importing ibis takes most of a second, so only those who ask for a table pay it.
        import ibis

        if self._backend is None:
            self._backend = ibis.duckdb.from_connection(self._cursors.bare())
        return self._backend

    def _execute(
        self, cursor: duckdb.DuckDBPyConnection, query: ibis.Table | str
    ) -> duckdb.DuckDBPyConnection:
        if not isinstance(query, str):
            from ibis.expr import operations

            # A memtable lives on the connection that runs the query, and each query has its own.
            for memory in query.op().find(operations.InMemoryTable):
                cursor.register(memory.name, memory.data.to_pyarrow(memory.schema))
        return cursor.execute(self._sql(query))

    def _sql(self, query: ibis.Table | str) -> str:
        if isinstance(query, str):
            return query
        import ibis

        return str(ibis.to_sql(query, dialect="duckdb"))


def _let_go(release: Callable[[int], None], id: int) -> None:
    # The lake may be closed already, and its attachments with it.
    with contextlib.suppress(duckdb.ConnectionException):
        release(id)


def _without_times(tags: ibis.Table) -> ibis.Table:
    import ibis

    return tags.mutate(at=ibis.null("timestamp"))
