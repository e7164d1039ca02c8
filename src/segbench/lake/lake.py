"""A lake: contacts, tags and events in a directory, with every past state kept as a snapshot."""

from __future__ import annotations

import contextlib
import os
import shutil
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

import duckdb

from segbench.errors import LakeError, LakeMissing
from segbench.lake import catalogue as catalogues
from segbench.lake.catalogue import Catalogue
from segbench.lake.connection import connect, patiently, reason, text
from segbench.lake.gathering import gather
from segbench.lake.history import HISTORY, SnapshotEntry, near_snapshots, read_entry
from segbench.lake.presence import Presence
from segbench.lake.publish import create_tables, note_rows, replace_all
from segbench.lake.snapshot import Snapshot
from segbench.lake.stage import Stage
from segbench.lake.tables import Batch, Notes
from segbench.lake.transaction import Change, commit

PATIENCE = 30.0
"""Seconds to wait for another process that holds the catalogue."""


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What one load wrote: rows per table, and the id of the snapshot that it made."""

    snapshot: int
    contacts: int
    tags: int
    events: int


class Lake:
    """Contact data in a directory: Parquet files, written as DuckLake, and their catalogue.

    The catalogue is an SQLite file in the directory, or in a PostgreSQL database for many machines.
    Make one with `Lake.create` or `Lake.open`; close it, or use it in a `with` statement.
    """

    def __init__(
        self, path: Path, catalogue: Catalogue, *, patience: float = PATIENCE, new: bool = False
    ) -> None:
        self.path = path
        self.catalogue = catalogue
        self.patience = patience
        self._attached: dict[int, int] = {}
        # A snapshot that nobody holds any more is let go wherever that happens to be noticed.
        self._lock = threading.RLock()
        self._staging = threading.Lock()
        self.closed = False
        self.connection = connect(catalogue.extensions)
        self._presence = Presence(path)
        try:
            self.connection.execute(f"SET temp_directory = {text(str(self._presence.spill))}")
            if new and catalogue.extensions:
                catalogues.make_schema(self.connection, catalogue)
            patiently(lambda: self._attach(new=new), seconds=patience, where=path)
        except BaseException as error:
            self.close()
            if isinstance(error, duckdb.Error):
                raise LakeError(f"The lake at {path} cannot be opened: {reason(error)}.") from error
            raise

    @classmethod
    def create(
        cls,
        path: str | os.PathLike[str],
        *,
        catalogue: str | None = None,
        patience: float = PATIENCE,
    ) -> Lake:
        """A new, empty lake in a new or empty directory; `LakeError` where something is there.

        `catalogue` is the URL of a PostgreSQL database, without a password; each lake has a schema
        of its own there. Without it the catalogue is a file in the directory.
        """
        folder = Path(path).absolute()
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise LakeError(f"A lake cannot be created at {folder}: {_what_is_at(folder)}.")
        local = catalogues.in_file(folder)
        chosen = catalogues.in_database(catalogue) if catalogue else local
        with contextlib.ExitStack() as undo:
            if not folder.exists():
                undo.callback(folder.rmdir)
            folder.mkdir(parents=True, exist_ok=True)
            undo.callback(_empty, folder)
            lake = cls(folder, chosen, patience=patience, new=True)
            undo.callback(lake.close)
            if chosen != local:
                undo.callback(catalogues.drop, lake.connection, chosen)
            lake.write(create_tables, "created")
            if chosen != local:
                catalogues.point_to(folder, chosen)
            undo.pop_all()
        return lake

    @classmethod
    def open(cls, path: str | os.PathLike[str], *, patience: float = PATIENCE) -> Lake:
        """The lake in a directory; `LakeMissing` says what is there instead."""
        folder = Path(path).absolute()
        found = catalogues.find(folder)
        if found is None:
            raise LakeMissing(f"There is no lake at {folder}: {_what_is_at(folder)}.")
        return cls(folder, found, patience=patience)

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
            known = near_snapshots(history, wanted)
            raise LakeError(f"The lake at {self.path} has no snapshot {wanted}; {known}.")
        name = self._hold(wanted)
        moment = history[wanted].time
        try:
            return Snapshot(self.connection, name, wanted, moment, self._release, self.path)
        except BaseException:
            self._release(wanted)
            raise

    def snapshots(self) -> list[SnapshotEntry]:
        """The lake's history, oldest first."""
        return [read_entry(row) for row in self.rows(HISTORY)]

    @contextlib.contextmanager
    def stage(self) -> Iterator[Stage]:
        """A scratch database beside the lake, for one thread at a time."""
        with self._staging, Stage(self.connection, self.path) as stage:
            yield stage

    def write(self, change: Change, message: str) -> int:
        """Run `change` in one transaction and return the id of the snapshot that it made.

        `change` is repeated from the start while the catalogue is locked.
        """
        try:
            return patiently(
                lambda: commit(self.connection, change, message),
                seconds=self.patience,
                where=self.path,
            )
        except duckdb.TransactionException as error:
            raise LakeError(
                f"Another process changed the lake at {self.path} meanwhile, so nothing was "
                f"written; try again. ({reason(error)})"
            ) from error
        except duckdb.Error as error:
            raise LakeError(f"The lake at {self.path} was not written: {reason(error)}.") from error

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """All rows of a query over the lake as it is now; `LakeError` where it fails."""

        def once() -> list[tuple[Any, ...]]:
            with self.connection.cursor() as cursor:
                return cursor.execute(sql).fetchall()

        try:
            return patiently(once, seconds=self.patience, where=self.path)
        except duckdb.Error as error:
            raise LakeError(f"The lake at {self.path} cannot be read: {reason(error)}.") from error

    def catalogue_rows(self, sql: str) -> list[tuple[Any, ...]]:
        """All rows of a query over the catalogue's own tables, which are in `{meta}`."""
        return self.rows(sql.format(meta=f"__ducklake_metadata_lake.{self.catalogue.schema}"))

    @contextlib.contextmanager
    def holding(self, ids: Iterable[int]) -> Iterator[None]:
        """Keep a maintenance from letting these snapshots expire, without opening them."""
        with contextlib.ExitStack() as stack:
            for id in ids:
                self._presence.hold(id, seconds=self.patience)
                stack.callback(self._presence.release, id)
            yield

    def close(self) -> None:
        """Close the lake and every snapshot of it."""
        self.closed = True
        self.connection.close()
        self._presence.close()

    def __enter__(self) -> Lake:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _attach(self, name: str = "lake", version: int | None = None, *, new: bool = False) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute(self.catalogue.attachment(self.path, name, version, new=new))

    def _hold(self, id: int) -> str:
        name = f"snap{id}"
        with self._lock:
            if not self._attached.get(id):
                self._presence.hold(id, seconds=self.patience)
                try:
                    patiently(
                        lambda: self._attach(name, id), seconds=self.patience, where=self.path
                    )
                except BaseException:
                    self._presence.release(id)
                    raise
            self._attached[id] = self._attached.get(id, 0) + 1
        return name

    def _release(self, id: int) -> None:
        with self._lock:
            self._attached[id] -= 1
            if not self._attached[id]:
                with self.connection.cursor() as cursor:
                    cursor.execute(f"DETACH snap{id}")
                self._presence.release(id)


def _empty(folder: Path) -> None:
    for entry in folder.iterdir():
        shutil.rmtree(entry) if entry.is_dir() else entry.unlink()


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
