"""Answers about every contact of a snapshot as one bit each."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from segbench.errors import LakeError
from segbench.lake.connection import text
from segbench.lake.cursors import Cursors
from segbench.lake.scan_order import ScanOrder, read_order

_ROWS = 131_072


class Bits:
    """Reads bits in the order in which a scan meets the contacts, and puts them in theirs."""

    def __init__(self, cursors: Cursors, contacts: int) -> None:
        self._cursors, self._contacts = cursors, contacts
        self._known: ScanOrder | None = None
        self._lock = threading.RLock()

    def read(self, sql: str) -> npt.NDArray[np.uint8]:
        """The boolean `holds` that a query has for every `ordinal`, in the order of ordinals.

        Packed, the first contact in the lowest bit. The query must be a plain selection from
        `contacts`.
        """
        order = self._order()
        with self._cursors.cursor() as cursor, self._cursors.speaking_plainly():
            holds = f"SELECT holds FROM ({sql})"
            plan = cursor.execute(f"EXPLAIN {holds}").fetchall()
            # A long list of values becomes a join, which may give its rows in another order.
            scanned = not any("JOIN" in row[1] for row in plan)
            found = cursor.execute(holds if scanned else sql).to_arrow_table()
            files = self._files(cursor)
        flags = found.column("holds")
        if len(flags) != self._contacts or flags.null_count:
            raise LakeError("The query must give true or false for every contact.")
        if not scanned:
            by_ordinal = np.zeros(self._contacts, dtype=np.bool_)
            by_ordinal[found.column("ordinal").to_numpy()] = flags.to_numpy()
            return np.packbits(by_ordinal, bitorder="little")
        if files == order.files:
            return order.arrange(_packed(flags))
        # A compaction puts contacts in another order, even under a snapshot that is open.
        with self._lock:
            self._known = None
        return self.read(sql)

    def _order(self) -> ScanOrder:
        """The order in which the files are scanned."""
        with self._lock:
            while self._known is None:
                with self._cursors.cursor() as cursor, self._cursors.speaking_plainly():
                    before = self._files(cursor)
                    found = cursor.execute("SELECT ordinal FROM contacts").to_arrow_reader(_ROWS)
                    scanned = (batch.column(0).to_numpy() for batch in found)
                    order = replace(read_order(scanned), files=before)
                    if self._files(cursor) == before:
                        self._known = order
            return self._known

    def _files(self, cursor: duckdb.DuckDBPyConnection) -> tuple[tuple[Any, ...], ...]:
        """The files of `contacts` with their deletions, as DuckLake reads them now."""
        sql = f"FROM ducklake_list_files({text(self._cursors.name)}, 'contacts')"
        return tuple(cursor.execute(sql).fetchall())


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
