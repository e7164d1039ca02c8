"""CSV: RFC 4180 in UTF-8, with cells that no spreadsheet takes for a formula."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
from pyarrow import csv

from segbench.audience.csv_cells import csv_batch, csv_schema, neutralised_headers
from segbench.audience.formats.job import Format, Job
from segbench.audience.formats.shards import WholeRows
from segbench.audience.formats.tally import Tally

_STYLE = csv.WriteOptions(eol="\r\n", quoting_style="needed")


class CsvFile:
    """One CSV file."""

    def __init__(self, path: Path, schema: pa.Schema, tally: Tally) -> None:
        self._cells, self._tally = csv_schema(schema), tally
        tally.neutralised += neutralised_headers(schema.names)
        self._file = csv.CSVWriter(path, self._cells, write_options=_STYLE)

    def write(self, batch: pa.RecordBatch) -> None:
        """Add these rows."""
        safe, count = csv_batch(batch, self._cells)
        self._file.write_batch(safe)
        self._tally.neutralised += count

    def close(self) -> None:
        """Finish the file."""
        self._file.close()

    def abort(self) -> None:
        """Let go of a file that is of no use any more."""
        self._file.close()


def _make(job: Job) -> WholeRows[CsvFile]:
    schema = pa.schema([job.schema.field(name) for name in job.columns])
    return WholeRows(job, ".csv", lambda path, tally: CsvFile(path, schema, tally))


FORMAT = Format("csv", "CSV", "Every chosen field, for spreadsheets and other programs.", _make)
