"""Excel: a workbook of as many sheets as it takes, text always as text."""

from __future__ import annotations

import datetime as dt
import math
from pathlib import Path
from typing import Any

import pyarrow as pa

from segbench.audience.csv_cells import joined_items
from segbench.audience.formats.cleaning import plain
from segbench.audience.formats.job import Format, Job
from segbench.audience.formats.ready_made import ROWS_AT_ONCE
from segbench.audience.formats.shards import WholeRows
from segbench.audience.formats.tally import Tally
from segbench.errors import ExportError

SHEET_ROWS = 1_048_576
"""The most rows of a sheet, its header among them."""
SHEET_COLUMNS = 16_384
LONGEST = 32_767
"""The most characters (UTF-16) of a cell."""
_EXACT = 2**53
_FIRST_DAY = dt.date(1900, 3, 1)  # Excel takes 1900 for a leap year: earlier days are off by one.


class ExcelFile:
    """One workbook. Text is never a formula, a number or a link, whatever it looks like."""

    def __init__(
        self, path: Path, schema: pa.Schema, tally: Tally, created: dt.datetime, rows: int
    ) -> None:
        import xlsxwriter

        if len(schema) > SHEET_COLUMNS:
            raise ExportError(
                f"An Excel sheet has at most {SHEET_COLUMNS:,} columns, not {len(schema):,}."
            )
        # Rows go to disk as they come; scratch files beside the workbook go away with the export.
        options = {"constant_memory": True, "tmpdir": str(path.parent), "nan_inf_to_errors": False}
        self._book = xlsxwriter.Workbook(str(path), options)
        self._book.use_zip64()
        # Equal rows make equal files: the clock is not read.
        self._book.set_properties({"created": created.astimezone(dt.UTC).replace(tzinfo=None)})
        self._day = self._book.add_format({"num_format": "yyyy-mm-dd"})
        self._time = self._book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self._names, self._tally, self._most = schema.names, tally, rows
        self._sheets = self._row = 0
        self._begin()

    def write(self, batch: pa.RecordBatch) -> None:
        """Add these rows."""
        for start in range(0, batch.num_rows, ROWS_AT_ONCE):
            part = batch.slice(start, ROWS_AT_ONCE)
            for values in zip(*map(_values, part.columns), strict=True):
                self._add(values)

    def close(self) -> None:
        """Finish the file."""
        self._book.close()

    def abort(self) -> None:
        """Let go of a file that is of no use any more, without putting it together."""
        self._book.fileclosed = True

    def _begin(self) -> None:
        self._sheets += 1
        number = f" {self._sheets}" if self._sheets > 1 else ""
        self._sheet = self._book.add_worksheet(f"Recipients{number}")
        self._row = 0
        for at, name in enumerate(self._names):
            self._text(at, name)
        self._row = 1

    def _add(self, values: tuple[Any, ...]) -> None:
        if self._row == self._most:
            self._begin()
        for at, value in enumerate(values):
            if value is not None:
                self._put(at, value)
        self._row += 1

    def _put(self, at: int, value: Any) -> None:
        sheet, row = self._sheet, self._row
        if isinstance(value, bool):
            sheet.write_boolean(row, at, value)
        elif isinstance(value, int | float) and math.isfinite(value) and abs(value) <= _EXACT:
            sheet.write_number(row, at, value)
        elif isinstance(value, dt.datetime) and value.date() >= _FIRST_DAY:
            naive = value.astimezone(dt.UTC).replace(tzinfo=None) if value.tzinfo else value
            sheet.write_datetime(row, at, naive, self._time)
        elif isinstance(value, dt.date) and value >= _FIRST_DAY:
            sheet.write_datetime(row, at, value, self._day)
        else:
            self._text(at, value if isinstance(value, str) else plain(value))

    def _text(self, at: int, text: str) -> None:
        units = text.encode("utf-16-le")
        if len(units) > 2 * LONGEST:
            text = units[: 2 * LONGEST].decode("utf-16-le", "ignore")
            self._tally.cut[f"text of more than {LONGEST:,} characters"] += 1
        self._sheet.write_string(self._row, at, text)


def _values(column: pa.Array) -> list[Any]:
    if pa.types.is_list(column.type) or pa.types.is_large_list(column.type):
        column = joined_items(column)
    values: list[Any] = column.to_pylist()
    return values


def _make(job: Job) -> WholeRows[ExcelFile]:
    schema = pa.schema([job.schema.field(name) for name in job.columns])
    return WholeRows(
        job, ".xlsx", lambda path, tally: ExcelFile(path, schema, tally, job.created, SHEET_ROWS)
    )


FORMAT = Format(
    "xlsx", "Excel", "Every chosen field in a workbook; more sheets past 1,048,576 rows.", _make
)
