"""Parquet: every value untouched, for machines."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
from pyarrow import parquet

from segbench.audience.formats.job import Format, Job
from segbench.audience.formats.shards import WholeRows

GROUP = 65_536
"""Rows in a group, whatever batches they come in, so that equal rows make equal files."""


class ParquetFile:
    """One Parquet file."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self._schema = schema
        self._file = parquet.ParquetWriter(path, schema, compression="zstd")
        self._waiting: list[pa.RecordBatch] = []
        self._rows = 0

    def write(self, batch: pa.RecordBatch) -> None:
        """Add these rows."""
        self._waiting.append(batch)
        self._rows += batch.num_rows
        if self._rows >= GROUP:
            whole = self._rows - self._rows % GROUP
            table = pa.Table.from_batches(self._waiting, self._schema)
            self._file.write_table(table.slice(0, whole), row_group_size=GROUP)
            self._waiting = table.slice(whole).to_batches()
            self._rows -= whole

    def close(self) -> None:
        """Finish the file."""
        if self._rows:
            self._file.write_table(pa.Table.from_batches(self._waiting, self._schema))
            self._waiting, self._rows = [], 0
        self._file.close()

    def abort(self) -> None:
        """Let go of a file that is of no use any more."""
        self._file.close()


def _make(job: Job) -> WholeRows[ParquetFile]:
    schema = pa.schema([job.schema.field(name) for name in job.columns])
    return WholeRows(job, ".parquet", lambda path, _: ParquetFile(path, schema))


FORMAT = Format(
    "parquet", "Parquet", "Every chosen field with its type and its value untouched.", _make
)
