"""Rows of saved segments: found, read back as values, written with their history."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from segbench.errors import FormatError, LibraryError, NotSaved, RuleError
from segbench.library import tables as t
from segbench.library.saved import SavedSegment, folded
from segbench.library.wanted import Stamp
from segbench.model import codec
from segbench.model.filing import Filing
from segbench.model.rules import Group
from segbench.model.segment import Segment

Row = sa.Row[Any]
CONTENT = ("name", "folded", "description", "rules", "format")
FILED = ("folder", "tags", "owner", "status")


def groups(connection: sa.Connection) -> dict[str, Group]:
    """The rules of every saved segment by name, sorted by name."""
    return {row.name: read_back(row).segment.group for row in segment_rows(connection)}


def segment_rows(connection: sa.Connection) -> list[Row]:
    """The row of every saved segment, sorted by name."""
    # Here, not in the database: each would sort by rules of its own.
    return sorted(connection.execute(t.segments.select()), key=lambda row: row.folded)


def saved_row(connection: sa.Connection, name: str) -> Row:
    """The row of a saved segment; `NotSaved` with near names where there is none."""
    row = row_named(connection, name)
    if row is None:
        raise NotSaved("saved segment", name, connection.scalars(sa.select(t.segments.c.name)))
    return row


def row_named(connection: sa.Connection, name: str) -> Row | None:
    """The row of a saved segment, whatever the case of its name, or None."""
    return connection.execute(
        t.segments.select().where(t.segments.c.folded == folded(name))
    ).first()


def read_back(row: Row) -> SavedSegment:
    """The value in a row; `LibraryError` where this version cannot read its rules."""
    if row.format > codec.FORMAT:
        raise LibraryError(
            f"The segment {row.name!r} was saved by a newer segbench (format {row.format}; this "
            f"version reads {codec.FORMAT}). Update segbench."
        )
    try:
        group = codec.group_from_data(row.rules)
    except FormatError as error:
        raise LibraryError(f"The saved rules of {row.name!r} cannot be read. {error}") from error
    segment = Segment(row.name, group, row.description)
    who = row.author, row.note
    return SavedSegment(segment, row.revision, row.created, row.updated, filing_in(row), *who)


def filing_in(row: Row) -> Filing:
    """Where the thing in a row is found; `LibraryError` where this version cannot read it."""
    try:
        return Filing(row.folder, tuple(row.tags), row.owner, row.status)
    except RuleError as error:
        raise LibraryError(f"Where {row.name!r} is filed cannot be read. {error}") from error


def name_columns(name: str) -> dict[str, Any]:
    """The columns that hold a name."""
    return {"name": name, "folded": folded(name)}


def content_columns(segment: Segment) -> dict[str, Any]:
    """The columns of a segment; rules that could not be read back are refused now."""
    rules = codec.to_data(segment.group)
    codec.group_from_data(rules)
    return {
        **name_columns(segment.name),
        "description": segment.description,
        "rules": rules,
        "format": codec.FORMAT,
    }


def filing_columns(filing: Filing) -> dict[str, Any]:
    """The columns that say where something is found."""
    return {
        "folder": filing.folder,
        "tags": list(filing.tags),
        "owner": filing.owner,
        "status": filing.status,
    }


def content_of(row: Row) -> dict[str, Any]:
    """The columns of a row that a new revision may change."""
    return {key: row._mapping[key] for key in (*CONTENT, *FILED)}


def store(
    connection: sa.Connection, row: Row | None, values: dict[str, Any], stamp: Stamp
) -> SavedSegment:
    """Write a new segment, or the next revision of the one in `row`, and give it back."""
    now = stamp.now
    if row is not None:
        keep_version(connection, row)
    values = {
        **values,
        "author": stamp.author,
        "note": stamp.note,
        "revision": _next_revision(connection, values["folded"], row.revision if row else 0),
        "created": row.created if row else now,
        "updated": now,
    }
    if row is None:
        connection.execute(t.segments.insert().values(values))
    else:
        connection.execute(t.segments.update().where(t.segments.c.id == row.id).values(values))
    return read_back(saved_row(connection, values["name"]))


def keep_version(connection: sa.Connection, row: Row) -> None:
    """Put the row into the history, before it changes or goes."""
    kept = {key: value for key, value in row._mapping.items() if key != "id"}
    connection.execute(t.segment_versions.insert().values(kept))


def note_rename(connection: sa.Connection, row: Row, renamed: SavedSegment) -> None:
    """Keep which version the renamed segment was before, unless only its spelling changed."""
    new = folded(renamed.segment.name)
    if new != row.folded:
        values = {"old": row.folded, "old_revision": row.revision}
        values |= {"new": new, "new_revision": renamed.revision}
        connection.execute(t.segment_renames.insert().values(values))


def lineage_rows(connection: sa.Connection, fold: str) -> list[Row]:
    """The rows of the history that led to the segment of that name, oldest first."""
    found: list[Row] = []
    last: int | None = None
    while True:
        came = _came_from(connection, fold, last)
        found = _versions(connection, fold, came.new_revision if came else 0, last) + found
        if came is None:
            return found
        fold, last = came.old, came.old_revision


def _came_from(connection: sa.Connection, fold: str, last: int | None) -> Row | None:
    """The rename that gave a segment this name, the latest up to that revision of it."""
    renames = t.segment_renames
    query = renames.select().where(renames.c.new == fold)
    if last is not None:
        query = query.where(renames.c.new_revision <= last)
    return connection.execute(query.order_by(renames.c.id.desc()).limit(1)).first()


def _versions(connection: sa.Connection, fold: str, first: int, last: int | None) -> list[Row]:
    old = t.segment_versions
    query = old.select().where(old.c.folded == fold, old.c.revision >= first)
    if last is not None:
        query = query.where(old.c.revision <= last)
    return list(connection.execute(query.order_by(old.c.id)))


def _next_revision(connection: sa.Connection, fold: str, current: int) -> int:
    """One more than any revision ever given under this name, so that `seen` cannot be fooled."""
    old = t.segment_versions
    last = connection.scalar(sa.select(sa.func.max(old.c.revision)).where(old.c.folded == fold))
    return max(current, last or 0) + 1
