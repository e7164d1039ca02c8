"""Saved segments in the database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import sqlalchemy as sa

from segbench.errors import InUse, LibraryError, NameTaken
from segbench.library import tables as t
from segbench.library.campaign_tables import campaign_sources, campaigns
from segbench.library.database import Database
from segbench.library.references import refuse_loop, respelt, users_of
from segbench.library.saved import SavedSegment, as_utc, folded, shown
from segbench.library.segment_rows import (
    Row,
    content_columns,
    content_of,
    groups,
    keep_version,
    lineage_rows,
    name_columns,
    note_rename,
    read_back,
    row_named,
    saved_row,
    segment_rows,
    store,
)
from segbench.model import codec
from segbench.model.rules import Group
from segbench.model.segment import Segment


class SegmentStore:
    """Saves, finds, renames and deletes segments; the public words are on `Library`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(
        self, segment: Segment, now: dt.datetime, replace: bool, seen: int | None
    ) -> SavedSegment:
        """Save a segment under its name, or over the one that was seen."""
        now = as_utc(now)
        with self._database.write() as connection:
            row = row_named(connection, segment.name)
            _refuse_overwriting(segment.name, row, replace, seen)
            name = row.name if row else segment.name
            others = groups(connection)
            spelling = {folded(known): known for known in (*others, name)}
            kept = Segment(name, respelt(segment.group, spelling), segment.description)
            values = content_columns(kept)
            refuse_loop(name, {**others, name: kept.group})
            saved = store(connection, row, values, now)
            _respell_users(connection, name, name, now)
            return saved

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

    def history(self, name: str) -> tuple[SavedSegment, ...]:
        """The earlier versions under that name, newest first."""
        old = t.segment_versions
        query = old.select().where(old.c.folded == folded(name)).order_by(old.c.id.desc())
        with self._database.read() as connection:
            return tuple(map(read_back, connection.execute(query)))

    def lineage(self, name: str) -> tuple[SavedSegment, ...]:
        """Every version of a segment, oldest first, under whatever names it had."""
        with self._database.read() as connection:
            row = row_named(connection, name)
            kept = lineage_rows(connection, folded(name))
            return tuple(map(read_back, (*kept, *((row,) if row is not None else ()))))

    def rename(self, old: str, new: str, now: dt.datetime) -> SavedSegment:
        """Give a segment another name, also wherever it is used."""
        now, new = as_utc(now), Segment(new, Group()).name
        with self._database.write() as connection:
            row = saved_row(connection, old)
            taken = row_named(connection, new)
            if taken is not None and taken.id != row.id:
                raise NameTaken(f"A segment is already saved as {taken.name!r}.")
            renamed = store(connection, row, content_of(row) | name_columns(new), now)
            note_rename(connection, row, renamed)
            _respell_users(connection, row.name, new, now)
            # The new name may be one that segments already asked for in vain.
            refuse_loop(new, groups(connection))
            return renamed

    def deleted_names(self) -> frozenset[str]:
        """The names of segments that were saved once, and are not any more."""
        old, new = t.segment_versions, t.segments
        gone = sa.select(old.c.name).where(old.c.folded.not_in(sa.select(new.c.folded)))
        with self._database.read() as connection:
            return frozenset(connection.scalars(gone))

    def delete(self, name: str) -> None:
        """Delete a segment that nothing uses."""
        with self._database.write() as connection:
            row = saved_row(connection, name)
            _refuse_in_use(connection, row)
            keep_version(connection, row)
            connection.execute(t.segments.delete().where(t.segments.c.id == row.id))


def _refuse_overwriting(name: str, row: Row | None, replace: bool, seen: int | None) -> None:
    if row is None:
        if seen is not None:
            raise LibraryError(
                f"The segment {name!r} was deleted or renamed meanwhile; nothing was saved."
            )
        return
    if not replace:
        raise NameTaken(f"A segment is already saved as {row.name!r}.")
    if seen is not None and seen != row.revision:
        raise LibraryError(
            f"The segment {row.name!r} was changed at {shown(row.updated)} meanwhile "
            f"(revision {row.revision}, you saw {seen}); nothing was overwritten."
        )


def _respell_users(connection: sa.Connection, old: str, new: str, now: dt.datetime) -> None:
    """Spell every reference to `old` or `new` as `new`; what changes gets a new revision."""
    spelling = {folded(old): new, folded(new): new}
    for name, group in groups(connection).items():
        spelt = respelt(group, spelling)
        if spelt != group:
            row = saved_row(connection, name)
            store(connection, row, content_of(row) | {"rules": codec.to_data(spelt)}, now)


def _refuse_in_use(connection: sa.Connection, row: Row) -> None:
    query = (
        sa.select(campaigns.c.name)
        .join(campaign_sources, campaign_sources.c.campaign_id == campaigns.c.id)
        .where(campaign_sources.c.segment_id == row.id)
        .distinct()
    )
    found = (
        *_listed("segment", users_of(row.name, groups(connection))),
        *_listed("campaign", sorted(connection.scalars(query))),
    )
    if found:
        raise InUse(f"The segment {row.name!r} is used by {' and '.join(found)}.")


def _listed(what: str, names: Iterable[str]) -> Iterable[str]:
    quoted = [repr(name) for name in names]
    if quoted:
        yield f"the {what}{'s' if len(quoted) > 1 else ''} {', '.join(quoted)}"
