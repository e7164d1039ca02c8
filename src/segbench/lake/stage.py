"""A scratch database in which data is gathered before it enters a lake in one transaction."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from types import TracebackType

import duckdb

from segbench.lake.connection import quoted, text

FIXED = {
    "contacts": {"ordinal": "BIGINT", "key": "VARCHAR"},
    "tags": {"ordinal": "BIGINT", "tag": "VARCHAR", "at": "TIMESTAMP"},
    "events": {"ordinal": "BIGINT", "event": "VARCHAR", "at": "TIMESTAMP"},
}
"""The columns that each table of a lake always has, before its fields or properties."""


class Stage:
    """A DuckDB file beside the lake, attached as `stage`; gone when the stage is closed.

    A DuckDB transaction can write to one database only, and a lake's transaction should be short:
    so everything is gathered and checked here first.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="stage-", dir=folder))
        self.connection = connection.cursor()
        self.connection.execute(f"ATTACH {text(str(self.folder / 'stage.duckdb'))} AS stage")
        self.connection.execute("USE stage")

    def __enter__(self) -> Stage:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Drop the scratch database and its file."""
        self.connection.execute("USE memory")
        self.connection.execute("DETACH stage")
        self.connection.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def value(self, sql: str) -> int:
        """The one number that a query over the stage returns."""
        found = self.connection.execute(sql).fetchone()
        return int(found[0]) if found and found[0] is not None else 0

    def columns(self, table: str) -> dict[str, str]:
        """The columns of a staged table with their DuckDB types, in order."""
        rows = self.connection.execute(f"DESCRIBE {quoted(table)}").fetchall()
        return {row[0]: row[1] for row in rows}
