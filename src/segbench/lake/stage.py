"""A scratch database in which data is gathered before it enters a lake in one transaction."""

from __future__ import annotations

import os
import secrets
import shutil
from pathlib import Path
from types import TracebackType

import duckdb

from segbench.lake.connection import quoted, text
from segbench.lake.presence import lock

FIXED = {
    "contacts": {"ordinal": "BIGINT", "key": "VARCHAR"},
    "tags": {"ordinal": "BIGINT", "tag": "VARCHAR", "at": "TIMESTAMP"},
    "events": {"ordinal": "BIGINT", "event": "VARCHAR", "at": "TIMESTAMP"},
}
"""The columns that each table of a lake always has, before its fields or properties."""

ALIVE = ".alive"


class Stage:
    """A DuckDB file beside the lake, attached as `stage`; gone when the stage is closed.

    A DuckDB transaction can write to one database only, and a lake's transaction should be short:
    so everything is gathered and checked here first. A locked file beside it says that its process
    lives; what a killed one left goes when the next stage is made.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
        remove_dead(folder)
        self.folder, self._alive = _claim(folder)
        self.folder.mkdir()
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
        _alive_file(self.folder).unlink(missing_ok=True)
        os.close(self._alive)

    def value(self, sql: str) -> int:
        """The one number that a query over the stage returns."""
        found = self.connection.execute(sql).fetchone()
        return int(found[0]) if found and found[0] is not None else 0

    def columns(self, table: str) -> dict[str, str]:
        """The columns of a staged table with their DuckDB types, in order."""
        rows = self.connection.execute(f"DESCRIBE {quoted(table)}").fetchall()
        return {row[0]: row[1] for row in rows}


def remove_dead(folder: Path) -> None:
    """Remove the stages beside a lake whose processes were killed."""
    for stage in folder.glob("stage-*"):
        if stage.suffix != ALIVE and not _alive_file(stage).exists():
            shutil.rmtree(stage, ignore_errors=True)
    for alive in folder.glob(f"stage-*{ALIVE}"):
        try:
            file = os.open(alive, os.O_RDWR)
        except OSError:
            continue
        try:
            if lock(file):
                shutil.rmtree(alive.with_suffix(""), ignore_errors=True)
                alive.unlink(missing_ok=True)
        finally:
            os.close(file)


def _claim(folder: Path) -> tuple[Path, int]:
    """A name for a new stage, and the open, locked file that keeps it."""
    while True:
        stage = folder / f"stage-{secrets.token_hex(6)}"
        file = os.open(_alive_file(stage), os.O_CREAT | os.O_EXCL | os.O_RDWR)
        # Another process may have taken it for a dead one's before it was locked.
        if lock(file) is not False and _alive_file(stage).exists():
            return stage, file
        os.close(file)


def _alive_file(stage: Path) -> Path:
    return stage.with_suffix(ALIVE)
