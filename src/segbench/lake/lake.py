"""A lake: contacts, tags and events in a directory, with every past state kept as a snapshot."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

import duckdb

from segbench.errors import LakeError, LakeMissing
from segbench.lake.connection import connect, patiently, text
from segbench.lake.gathering import gather
from segbench.lake.publish import create_tables, note_rows, replace_all
from segbench.lake.snapshot import Snapshot
from segbench.lake.stage import Stage
from segbench.lake.tables import Batch, Notes

CATALOGUE = "catalog.sqlite"
AUTHOR = "segbench"
PATIENCE = 30.0
"""Seconds to wait for another process that holds the catalogue."""


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What one load wrote: rows per table, and the id of the snapshot that it made."""

    snapshot: int
    contacts: int
    tags: int
    events: int


@dataclass(frozen=True, slots=True)
class SnapshotEntry:
    """One line of a lake's history: when a snapshot was committed (UTC), and why."""

    id: int
    time: datetime
    message: str


class Lake:
    """Contact data in a directory: a SQLite catalogue and Parquet files, written as DuckLake.

    Make one with `Lake.create` or `Lake.open`; close it, or use it in a `with` statement.
    """

    def __init__(self, path: Path, *, patience: float = PATIENCE) -> None:
        self.path = path
        self.patience = patience
        self._attached: dict[int, int] = {}
        self._lock = threading.Lock()
        self._staging = threading.Lock()
        self.connection = connect()
        try:
            self._spill_beside()
            patiently(self._attach, seconds=patience, where=path)
        except duckdb.Error as error:
            self.connection.close()
            raise LakeError(f"The lake at {path} cannot be opened: {error}") from error
        except BaseException:
            self.connection.close()
            raise

    @classmethod
    def create(cls, path: str | os.PathLike[str], *, patience: float = PATIENCE) -> Lake:
        """A new, empty lake in a new or empty directory; `LakeError` where something is there."""
        folder = Path(path).absolute()
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise LakeError(f"A lake cannot be created at {folder}: {_what_is_at(folder)}.")
        folder.mkdir(parents=True, exist_ok=True)
        lake = cls(folder, patience=patience)
        lake.write(create_tables, "created")
        return lake

    @classmethod
    def open(cls, path: str | os.PathLike[str], *, patience: float = PATIENCE) -> Lake:
        """The lake in a directory; `LakeMissing` says what is there instead."""
        folder = Path(path).absolute()
        if not (folder / CATALOGUE).is_file():
            raise LakeMissing(f"There is no lake at {folder}: {_what_is_at(folder)}.")
        return cls(folder, patience=patience)

    def load(
        self,
        batches: Iterable[Batch],
        notes: Notes | None = None,
        *,
        message: str = "loaded",
        progress: Callable[[int], None] | None = None,
    ) -> LoadReport:
        """Replace everything in the lake by these batches, as one snapshot.

        `progress` is called with the number of contacts gathered so far. When anything fails
        midway, nothing is written. `LakeError` for data that does not fit together.
        """
        with self.stage() as stage:
            gather(stage, _counted(batches, progress))
            rows = note_rows(notes or Notes())
            snapshot = self.write(lambda cursor: replace_all(cursor, stage, rows), message)
            counts = (stage.value(f"SELECT count(*) FROM {t}") for t in ("contacts", "events"))
            contacts, events = counts
            tags = stage.value("SELECT count(*) FROM (SELECT DISTINCT ordinal, tag FROM tags)")
        return LoadReport(snapshot, contacts, tags, events)

    def snapshot(self, id: int | None = None) -> Snapshot:
        """The newest snapshot, or the one with that id; `LakeError` where there is none."""
        history = {entry.id: entry for entry in self.snapshots()}
        wanted = max(history) if id is None else id
        if wanted not in history:
            raise LakeError(
                f"The lake at {self.path} has no snapshot {wanted}; "
                f"it has {min(history)} to {max(history)}."
            )
        name = self._hold(wanted)
        moment = history[wanted].time
        try:
            return Snapshot(self.connection, name, wanted, moment, self._release, self.path)
        except BaseException:
            self._release(wanted)
            raise

    def snapshots(self) -> list[SnapshotEntry]:
        """The lake's history, oldest first."""
        rows = self._rows(
            "SELECT snapshot_id, epoch_us(snapshot_time), commit_message "
            "FROM lake.snapshots() WHERE snapshot_id > 0 ORDER BY snapshot_id"
        )
        return [
            SnapshotEntry(row[0], datetime.fromtimestamp(row[1] / 1e6, UTC), row[2] or "")
            for row in rows
        ]

    @contextlib.contextmanager
    def stage(self) -> Iterator[Stage]:
        """A scratch database beside the lake, for one thread at a time."""
        with self._staging, Stage(self.connection, self.path) as stage:
            yield stage

    def write(self, change: Callable[[duckdb.DuckDBPyConnection], None], message: str) -> int:
        """Run `change` in one transaction and return the id of the snapshot that it made.

        `change` is repeated from the start while the catalogue is locked.
        """

        def once() -> int:
            with self.connection.cursor() as cursor:
                cursor.execute("BEGIN")
                try:
                    change(cursor)
                    cursor.execute(f"CALL lake.set_commit_message({text(AUTHOR)}, {text(message)})")
                    cursor.execute("COMMIT")
                except BaseException:
                    # A failed commit has ended the transaction already.
                    with contextlib.suppress(duckdb.Error):
                        cursor.execute("ROLLBACK")
                    raise
                found = cursor.execute("FROM lake.last_committed_snapshot()").fetchone()
                return int(found[0]) if found else 0

        try:
            return patiently(once, seconds=self.patience, where=self.path)
        except duckdb.TransactionException as error:
            raise LakeError(
                f"Another process changed the lake at {self.path} meanwhile, so nothing was "
                f"written; try again. ({error})"
            ) from error
        except duckdb.Error as error:
            raise LakeError(f"The lake at {self.path} was not written: {error}") from error

    def close(self) -> None:
        """Close the lake and every snapshot of it."""
        self.connection.close()

    def __enter__(self) -> Lake:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _rows(self, sql: str) -> list[tuple[Any, ...]]:
        def once() -> list[tuple[Any, ...]]:
            with self.connection.cursor() as cursor:
                return cursor.execute(sql).fetchall()

        return patiently(once, seconds=self.patience, where=self.path)

    def _attach(self, name: str = "lake", version: int | None = None) -> None:
        at = "" if version is None else f", SNAPSHOT_VERSION {int(version)}"
        # Readers never block a writer under WAL. Inlining would keep small tables in SQLite, with
        # SQLite's types. The data path is overridden so that a lake may be moved or copied.
        with self.connection.cursor() as cursor:
            cursor.execute(
                f"ATTACH {text('ducklake:sqlite:' + str(self.path / CATALOGUE))} AS {name} "
                f"(DATA_PATH {text(str(self.path / 'data') + '/')}, OVERRIDE_DATA_PATH true, "
                f"DATA_INLINING_ROW_LIMIT 0, META_JOURNAL_MODE 'WAL'{at})"
            )

    def _hold(self, id: int) -> str:
        name = f"snap{id}"
        with self._lock:
            if not self._attached.get(id):
                patiently(lambda: self._attach(name, id), seconds=self.patience, where=self.path)
            self._attached[id] = self._attached.get(id, 0) + 1
        return name

    def _release(self, id: int) -> None:
        with self._lock:
            self._attached[id] -= 1
            if not self._attached[id]:
                with self.connection.cursor() as cursor:
                    cursor.execute(f"DETACH snap{id}")

    def _spill_beside(self) -> None:
        # DuckDB would spill into the working directory.
        if os.access(self.path, os.W_OK):
            spill = text(str(self.path / "spill"))
            self.connection.execute(f"SET temp_directory = {spill}")


def _counted(batches: Iterable[Batch], progress: Callable[[int], None] | None) -> Iterable[Batch]:
    done = 0
    for batch in batches:
        yield batch
        done += batch.contacts.num_rows
        if progress:
            progress(done)


def _what_is_at(folder: Path) -> str:
    if not folder.exists():
        parent = next(p for p in folder.parents if p.exists())
        return f"nothing is there (the nearest folder that exists is {parent})"
    if not folder.is_dir():
        return "a file is there"
    names = sorted(entry.name for entry in folder.iterdir())
    listed = ", ".join(names[:5]) + (", ..." if len(names) > 5 else "")
    return f"the folder holds {listed}" if names else "the folder is empty"
