"""CSV files whose headers and rows are as a service's import wants them."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import pyarrow as pa

from segbench.audience.formats.job import Job
from segbench.audience.formats.roles import Roles
from segbench.audience.formats.shards import Shards
from segbench.audience.formats.tally import Tally

MEGABYTE = 1_000_000
ROWS_AT_ONCE = 8_192
"""Rows that are Python objects at a time, at about a kilobyte each."""

Cells = list[str]
ReaderT = TypeVar("ReaderT", bound="RowReader")


@dataclass(frozen=True)
class Refusal:
    """Why a contact is left out."""

    reason: str


class RowReader:
    """Turns a contact's values into the cells of one format; each format has its own."""

    def __init__(self, job: Job, tally: Tally) -> None:
        self.roles: Roles = job.roles
        self.region, self.tally = job.region, tally
        self.job = job

    def header(self) -> Cells:
        """The names of the columns."""
        raise NotImplementedError

    def cells(self, row: Mapping[str, Any]) -> Cells | Refusal:
        """The cells of a contact, as many as the header has."""
        raise NotImplementedError

    def blank(self, what: str, times: int = 1) -> None:
        """Note cells that stay empty since what they hold cannot be written."""
        if times:
            self.tally.blank[what] += times


class ReadyMade:
    """Writes the rows that a reader gives; begins another file where one would become too long."""

    def __init__(
        self,
        job: Job,
        stem: str,
        reader: Callable[[Job, Tally], RowReader],
        largest: int | None = None,
    ) -> None:
        self.tally = Tally()
        self._reader = reader(job, self.tally)
        self._header = line(self._reader.header())
        self._shards = Shards(job.folder, stem, ".csv")
        self._most, self._largest = job.shard_rows, largest
        self._needed = _needed(job)
        self._file: io.BufferedWriter
        self._bytes = 0
        self._next()

    def write(self, batch: pa.RecordBatch) -> None:
        """Add these recipients."""
        needed = batch.select(self._needed)
        for start in range(0, needed.num_rows, ROWS_AT_ONCE):
            for row in needed.slice(start, ROWS_AT_ONCE).to_pylist():
                self._add(row)

    def _add(self, row: Mapping[str, Any]) -> None:
        cells = self._reader.cells(row)
        if isinstance(cells, Refusal):
            self.tally.left_out[cells.reason] += 1
            return
        written = line(cells)
        if self._is_full(len(written)):
            self._file.close()
            self._next()
        self._file.write(written)
        self._bytes += len(written)
        self._shards.rows[-1] += 1
        self.tally.rows += 1

    def close(self) -> list[tuple[Path, int]]:
        """Finish; the files in their order, each with its rows."""
        self._file.close()
        return self._shards.files()

    def abort(self) -> None:
        """Let go of what is open."""
        self._file.close()

    def _is_full(self, more: int) -> bool:
        rows = self._shards.rows[-1]
        return rows > 0 and (
            rows == self._most or (self._largest is not None and self._bytes + more > self._largest)
        )

    def _next(self) -> None:
        self._file = self._shards.next().open("wb")
        self._file.write(self._header)
        self._bytes = len(self._header)


def line(cells: Sequence[str]) -> bytes:
    """One line of a CSV file, quoted where it must be, in UTF-8 and with CRLF at its end."""
    held = io.StringIO()
    csv.writer(held, lineterminator="\r\n").writerow(cells)
    return held.getvalue().encode()


def _needed(job: Job) -> list[str]:
    """The columns to read of each batch, once each."""
    wanted = (*job.columns, *(column for columns in job.roles.values() for column in columns))
    return list(dict.fromkeys(wanted))
