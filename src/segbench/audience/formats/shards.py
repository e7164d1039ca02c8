"""The files of one format: one, or several with numbers in their names."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Generic, Protocol, TypeVar

import pyarrow as pa

from segbench.audience.formats.job import Job
from segbench.audience.formats.tally import Tally


class OpenFile(Protocol):
    """One file that is being written."""

    def write(self, batch: pa.RecordBatch) -> None:
        """Add these rows."""

    def close(self) -> None:
        """Finish the file."""

    def abort(self) -> None:
        """Let go of a file that is of no use any more."""


FileT = TypeVar("FileT", bound=OpenFile)


class Shards:
    """Names files `recipients.csv`, or `recipients-00001.csv` and so on once there is a second."""

    def __init__(self, folder: Path, stem: str, suffix: str) -> None:
        self._folder, self._stem, self._suffix = folder, stem, suffix
        self.rows: list[int] = []

    def next(self) -> Path:
        """The place of the next file."""
        self.rows.append(0)
        if len(self.rows) == 2:
            self._path(0).rename(self._path(1))
        return self._path(len(self.rows) if len(self.rows) > 1 else 0)

    def files(self) -> list[tuple[Path, int]]:
        """The files in their order, each with its rows."""
        alone = len(self.rows) == 1
        return [
            (self._path(0 if alone else at), rows) for at, rows in enumerate(self.rows, start=1)
        ]

    def _path(self, number: int) -> Path:
        numbered = f"-{number:05}" if number else ""
        return self._folder / f"{self._stem}{numbered}{self._suffix}"


class WholeRows(Generic[FileT]):
    """Writes the chosen columns of every recipient; no file gets more than `shard_rows`."""

    def __init__(self, job: Job, suffix: str, make: Callable[[Path, Tally], FileT]) -> None:
        self.tally = Tally()
        self._columns, self._most = list(job.columns), job.shard_rows
        self._shards = Shards(job.folder, "recipients", suffix)
        self._make = make
        self._file: FileT = self._next()

    def write(self, batch: pa.RecordBatch) -> None:
        """Add these recipients."""
        left = batch.select(self._columns)
        while left.num_rows:
            room = left.num_rows if self._most is None else self._most - self._shards.rows[-1]
            if not room:
                self._file.close()
                self._file = self._next()
                continue
            part = left.slice(0, room)
            self._file.write(part)
            self._shards.rows[-1] += part.num_rows
            self.tally.rows += part.num_rows
            left = left.slice(part.num_rows)

    def close(self) -> list[tuple[Path, int]]:
        """Finish; the files in their order, each with its rows."""
        self._file.close()
        return self._shards.files()

    def abort(self) -> None:
        """Let go of what is open."""
        self._file.abort()

    def _next(self) -> FileT:
        return self._make(self._shards.next(), self.tally)
