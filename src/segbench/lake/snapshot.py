"""A snapshot: the contact data at one moment, which no later write changes."""

from __future__ import annotations

import contextlib
import threading
import weakref
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from segbench.errors import LakeError, near_names, offer
from segbench.lake import catalog_file
from segbench.lake.catalog import build_catalog, value_types
from segbench.lake.connection import quoted, text
from segbench.lake.kept import Kept
from segbench.lake.scan_order import ScanOrder, read_order
from segbench.model.catalog import Catalog, ValueType

if TYPE_CHECKING:
    import ibis

TABLES = ("contacts", "tags", "events")
Interrupted = duckdb.InterruptException
"""What a query raises when `Snapshot.interrupt` stopped it."""

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
        self._connection = connection
        self._closed = False
        self._let_go = weakref.finalize(self, _let_go, release, id)
        # The lake is closed with the process, and its attachments with it.
        self._let_go.atexit = False
        self._lock = threading.RLock()
        self._running: set[duckdb.DuckDBPyConnection] = set()
        self._tables: dict[str, ibis.Table] = {}
        self._backend: Any = None
        self._catalog: Catalog | None = None
        self._types: dict[str, ValueType] | None = None
        self._timed: bool | None = None
        self._scan_order: ScanOrder | None = None
        self.contacts = int(self.rows("SELECT count(*) FROM contacts")[0][0])

    def table(self, name: str) -> ibis.Table:
        """The Ibis table "contacts", "tags" or "events", bound to this snapshot."""
        if name not in TABLES:
            raise LakeError(f"A snapshot has no table {name!r}{offer(near_names(name, TABLES))}")
        with self._lock, self._speaking_plainly():
            if name not in self._tables:
                self._require_open()
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
            with self._speaking_plainly():
                for batch in reader:
                    yield batch.column(0).cast(pa.int64()).to_numpy()

    def each_occurrence(
        self, query: ibis.Table
    ) -> Iterator[tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]]:
        """The columns `ordinal` and `at` (in microseconds) of a query, a batch at a time."""
        with self._reader(query) as reader, self._speaking_plainly():
            for batch in reader:
                times = batch.column("at").cast(pa.timestamp("us")).cast(pa.int64())
                yield batch.column("ordinal").to_numpy(), times.to_numpy()

    def bits(self, query: ibis.Table | str) -> npt.NDArray[np.uint8]:
        """The boolean `holds` that a query has for every `ordinal`, in the order of ordinals.

        Packed, the first contact in the lowest bit. The query must be a plain selection from
        `contacts`.
        """
        sql = self._sql(query)
        order = self._order()
        with self._cursor() as cursor, self._speaking_plainly():
            holds = f"SELECT holds FROM ({sql})"
            plan = cursor.execute(f"EXPLAIN {holds}").fetchall()
            # A long list of values becomes a join, which may give its rows in another order.
            scanned = not any("JOIN" in row[1] for row in plan)
            found = cursor.execute(holds if scanned else sql).to_arrow_table()
            files = self._files(cursor)
        flags = found.column("holds")
        if len(flags) != self.contacts or flags.null_count:
            raise LakeError("The query must give true or false for every contact.")
        if not scanned:
            by_ordinal = np.zeros(self.contacts, dtype=np.bool_)
            by_ordinal[found.column("ordinal").to_numpy()] = flags.to_numpy()
            return np.packbits(by_ordinal, bitorder="little")
        if files == order.files:
            return order.arrange(_packed(flags))
        # A compaction puts contacts in another order, even under a snapshot that is open.
        with self._lock:
            self._scan_order = None
        return self.bits(query)

    def _order(self) -> ScanOrder:
        """The order in which the files are scanned."""
        with self._lock:
            while self._scan_order is None:
                with self._cursor() as cursor:
                    before = self._files(cursor)
                    scanned = self.each_ordinals("SELECT ordinal FROM contacts")
                    order = replace(read_order(scanned), files=before)
                    if self._files(cursor) == before:
                        self._scan_order = order
            return self._scan_order

    def _files(self, cursor: duckdb.DuckDBPyConnection) -> tuple[tuple[Any, ...], ...]:
        """The files of `contacts` with their deletions, as DuckLake reads them now."""
        sql = f"FROM ducklake_list_files({text(self.name)}, 'contacts')"
        return tuple(cursor.execute(sql).fetchall())

    @contextlib.contextmanager
    def _reader(self, query: ibis.Table | str) -> Iterator[pa.RecordBatchReader]:
        with self._cursor() as cursor:
            with self._speaking_plainly():
                found = self._execute(cursor, query).to_arrow_reader(_ROWS)
            yield found

    def batches(self, query: ibis.Table | str) -> pa.RecordBatchReader:
        """The rows of a query as a stream of Arrow batches.

        The query holds its cursor until the reader has been read to its end or is dropped.
        """
        cursor = self._open()
        try:
            with self._speaking_plainly():
                source = self._execute(cursor, query).to_arrow_reader(_ROWS)
        except BaseException:
            self._shut(cursor)
            raise
        return pa.RecordBatchReader.from_batches(source.schema, self._drain(cursor, source))

    def rows(self, sql: str, parameters: list[Any] | None = None) -> list[tuple[Any, ...]]:
        """All rows of an SQL query, for small results."""
        with self._cursor() as cursor, self._speaking_plainly():
            found = cursor.execute(sql, parameters) if parameters else cursor.execute(sql)
            return found.fetchall()

    def named_rows(
        self, sql: str, parameters: list[Any]
    ) -> tuple[list[str], list[tuple[Any, ...]]]:
        """The column names and all rows of an SQL query, for small results."""
        with self._cursor() as cursor, self._speaking_plainly():
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
        with self._lock:
            running = list(self._running)
        for cursor in running:
            cursor.interrupt()

    def close(self) -> None:
        """Let go of this snapshot; the lake stays open."""
        with self._lock:
            self._closed = True
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
            self._backend = ibis.duckdb.from_connection(self._connection.cursor())
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

    def _require_open(self) -> None:
        if self._closed:
            raise LakeError(f"Snapshot {self.id} is closed; take it again from its lake.")

    def _open(self) -> duckdb.DuckDBPyConnection:
        self._require_open()
        try:
            cursor = self._connection.cursor()
        except duckdb.ConnectionException as error:
            raise LakeError(f"The lake at {self.path} is closed; open it again.") from error
        cursor.execute(f"USE {quoted(self.name)}.main")
        with self._lock:
            self._running.add(cursor)
        return cursor

    def _shut(self, cursor: duckdb.DuckDBPyConnection) -> None:
        with self._lock:
            self._running.discard(cursor)
        cursor.close()

    @contextlib.contextmanager
    def _cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        cursor = self._open()
        try:
            yield cursor
        finally:
            self._shut(cursor)

    def _drain(
        self, cursor: duckdb.DuckDBPyConnection, source: pa.RecordBatchReader
    ) -> Iterator[pa.RecordBatch]:
        try:
            with self._speaking_plainly():
                yield from source
        finally:
            self._shut(cursor)

    @contextlib.contextmanager
    def _speaking_plainly(self) -> Iterator[None]:
        """DuckDB's errors as a `LakeError`, except that somebody stopped the query."""
        try:
            yield
        except Interrupted:
            raise
        except duckdb.Error as error:
            why = str(error).strip().splitlines()[0].removesuffix(".")
            raise LakeError(
                f"Snapshot {self.id} of the lake at {self.path} cannot be read: {why}. If a file "
                "there is missing or damaged, put it back from a copy, or make the workspace again."
            ) from error


def _let_go(release: Callable[[int], None], id: int) -> None:
    # The lake may be closed already, and its attachments with it.
    with contextlib.suppress(duckdb.ConnectionException):
        release(id)


def _packed(flags: pa.ChunkedArray) -> npt.NDArray[np.uint8]:
    whole = flags.combine_chunks()
    size = -(-len(whole) // 8)
    if not len(whole) or whole.offset % 8:
        return np.packbits(whole.to_numpy(zero_copy_only=False), bitorder="little")
    first = whole.offset // 8
    bits = np.frombuffer(whole.buffers()[1], np.uint8)[first : first + size].copy()
    spare = -len(whole) % 8
    if spare:
        bits[-1] &= (1 << (8 - spare)) - 1
    return bits


def _without_times(tags: ibis.Table) -> ibis.Table:
    import ibis

    return tags.mutate(at=ibis.null("timestamp"))
