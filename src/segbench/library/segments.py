"""Saved segments in the database."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import sqlalchemy as sa

from segbench.errors import LibraryError
from segbench.library import tables as t
from segbench.library.database import Database
from segbench.library.merged import Merged, merged
from segbench.library.saved import SavedSegment, folded
from segbench.library.saving import (
    file,
    put,
    refuse_loops,
    refuse_overwriting,
    refuse_unseen,
    remove,
    rename,
    write,
)
from segbench.library.segment_rows import (
    groups,
    lineage_rows,
    read_back,
    row_named,
    saved_row,
    segment_rows,
)
from segbench.library.uses import Users, find_users
from segbench.library.wanted import Stamp, Wanted
from segbench.model.filing import Filing, Status
from segbench.model.rules import Group
from segbench.model.segment import Segment


class SegmentStore:
    """Saves, finds, files and deletes segments; the public words are on `Library`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, wanted: Wanted, stamp: Stamp) -> SavedSegment:
        """Save a segment under its name, or over the one that was seen."""
        with self._database.write() as connection:
            return put(connection, wanted, stamp)

    def apply(
        self,
        saved: Iterable[Wanted],
        renamed: Iterable[tuple[str, str, int]],
        deleted: Iterable[tuple[str, int]],
        stamp: Stamp,
    ) -> None:
        """Rename, save and delete segments in one transaction."""
        saved, renamed, deleted = tuple(saved), tuple(renamed), tuple(deleted)
        with self._database.write() as connection:
            # All of it first: one change gives the segments that refer to it new revisions.
            for name, seen in (*((old, seen) for old, _, seen in renamed), *deleted):
                refuse_unseen(connection, saved_row(connection, name), seen)
            for wanted in saved:
                if wanted.seen is not None:
                    refuse_overwriting(connection, wanted, row_named(connection, wanted.name))
            names = [rename(connection, old, new, stamp).segment.name for old, new, _ in renamed]
            for wanted in saved:
                now = write(connection, replace(wanted, seen=None), stamp)
                names.append(now.segment.name)
            remove(connection, *(saved_row(connection, name) for name, _ in deleted))
            refuse_loops(connection, names)

    def one(self, name: str) -> SavedSegment:
        """The saved segment of that name."""
        with self._database.read() as connection:
            return read_back(saved_row(connection, name))

    def all(self) -> tuple[SavedSegment, ...]:
        """Every saved segment, sorted by name."""
        with self._database.read() as connection:
            return tuple(map(read_back, segment_rows(connection)))

    def groups(self) -> dict[str, Group]:
        """The rules of every saved segment by name."""
        with self._database.read() as connection:
            return groups(connection)

    def statuses(self) -> dict[str, Status]:
        """The status of every saved segment by name, sorted by name."""
        columns = t.segments.c
        query = sa.select(columns.folded, columns.name, columns.status)
        with self._database.read() as connection:
            return {name: status for _, name, status in sorted(connection.execute(query))}

    def archived_names(self) -> frozenset[str]:
        """The names of archived segments."""
        columns = t.segments.c
        query = sa.select(columns.name).where(columns.status == "archived")
        with self._database.read() as connection:
            return frozenset(connection.scalars(query))

    def history(self, name: str) -> tuple[SavedSegment, ...]:
        """The earlier versions under that name, newest first."""
        old = t.segment_versions
        query = old.select().where(old.c.folded == folded(name)).order_by(old.c.id.desc())
        with self._database.read() as connection:
            return tuple(map(read_back, connection.execute(query)))

    def lineage(self, name: str) -> tuple[SavedSegment, ...]:
        """Every version of a segment, oldest first, under whatever names it had."""
        with self._database.read() as connection:
            return _lineage(connection, name)

    def version(self, name: str, revision: int) -> SavedSegment:
        """One version of a saved segment."""
        with self._database.read() as connection:
            return _version(connection, saved_row(connection, name).name, revision)

    def users(self, name: str) -> Users:
        """Who uses a saved segment."""
        with self._database.read() as connection:
            return find_users(connection, saved_row(connection, name))

    def rename(self, old: str, new: str, seen: int | None, stamp: Stamp) -> SavedSegment:
        """Give a segment another name, also wherever it is used."""
        new = Segment(new, Group()).name
        with self._database.write() as connection:
            refuse_unseen(connection, saved_row(connection, old), seen)
            renamed = rename(connection, old, new, stamp)
            # The new name may be one that segments already asked for in vain.
            refuse_loops(connection, (new,))
            return renamed

    def file(self, name: str, filing: Filing, seen: int | None, stamp: Stamp) -> SavedSegment:
        """File a segment elsewhere."""
        with self._database.write() as connection:
            row = saved_row(connection, name)
            refuse_unseen(connection, row, seen)
            return file(connection, row, filing, stamp)

    def restore(self, name: str, revision: int, seen: int | None, stamp: Stamp) -> SavedSegment:
        """Save the rules and the description of an earlier version anew."""
        with self._database.write() as connection:
            row = row_named(connection, name)
            if row is None and not lineage_rows(connection, folded(name)):
                saved_row(connection, name)
            old = _version(connection, name, revision)
            kept = Segment(row.name if row else name, old.segment.group, old.segment.description)
            filing = None if row else old.filing
            return put(connection, Wanted(kept, filing, row is not None, seen), stamp)

    def merge(self, segment: Segment, seen: int) -> Merged:
        """My segment and the saved one of its name, both made from the revision that was seen."""
        with self._database.read() as connection:
            theirs = read_back(saved_row(connection, segment.name))
            base = _version(connection, theirs.segment.name, seen)
        return merged(base, segment, theirs)

    def deleted_names(self) -> frozenset[str]:
        """The names of segments that were saved once, and are not any more."""
        old, new = t.segment_versions, t.segments
        gone = sa.select(old.c.name).where(old.c.folded.not_in(sa.select(new.c.folded)))
        with self._database.read() as connection:
            return frozenset(connection.scalars(gone))

    def delete(self, name: str) -> None:
        """Delete a segment that nothing uses."""
        with self._database.write() as connection:
            remove(connection, saved_row(connection, name))


def _lineage(connection: sa.Connection, name: str) -> tuple[SavedSegment, ...]:
    row = row_named(connection, name)
    kept = lineage_rows(connection, folded(name))
    return tuple(map(read_back, (*kept, *((row,) if row is not None else ()))))


def _version(connection: sa.Connection, name: str, revision: int) -> SavedSegment:
    known = _lineage(connection, name)
    for saved in known:
        if saved.revision == revision:
            return saved
    has = ", ".join(str(saved.revision) for saved in known[-20:])
    raise LibraryError(f"The segment {name!r} has no revision {revision}; it has {has}.")
