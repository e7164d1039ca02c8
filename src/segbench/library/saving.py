"""Saving, renaming and filing segments inside one transaction."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa

from segbench.errors import ChangedMeanwhile, NameTaken
from segbench.library import tables as t
from segbench.library.differences import difference
from segbench.library.references import refuse_loop, respelt
from segbench.library.saved import SavedSegment, folded, shown
from segbench.library.segment_rows import (
    Row,
    content_columns,
    content_of,
    filing_columns,
    filing_in,
    groups,
    keep_version,
    lineage_rows,
    name_columns,
    note_rename,
    read_back,
    row_named,
    saved_row,
    store,
)
from segbench.library.uses import refuse_in_use, respell_elsewhere
from segbench.library.wanted import Stamp, Wanted
from segbench.model import codec
from segbench.model.filing import Filing
from segbench.model.segment import Segment


def put(connection: sa.Connection, wanted: Wanted, stamp: Stamp) -> SavedSegment:
    """Save a segment, references spelt as saved ones are; loops are refused."""
    saved = write(connection, wanted, stamp)
    refuse_loop(saved.segment.name, groups(connection))
    return saved


def write(connection: sa.Connection, wanted: Wanted, stamp: Stamp) -> SavedSegment:
    """Save a segment whatever loops it makes: whoever saves several looks for them afterwards."""
    segment = wanted.segment
    row = row_named(connection, segment.name)
    refuse_overwriting(connection, wanted, row)
    name = row.name if row else segment.name
    spelling = {folded(known): known for known in (*groups(connection), name)}
    kept = Segment(name, respelt(segment.group, spelling), segment.description)
    if wanted.filing is not None:
        filing = wanted.filing
    else:
        filing = filing_in(row) if row else Filing(owner=stamp.author)
    saved = store(connection, row, content_columns(kept) | filing_columns(filing), stamp)
    respell_users(connection, name, name, stamp)
    return saved


def rename(connection: sa.Connection, old: str, new: str, stamp: Stamp) -> SavedSegment:
    """Give a segment another name, also wherever it is used."""
    row = saved_row(connection, old)
    taken = row_named(connection, new)
    if taken is not None and taken.id != row.id:
        raise NameTaken(f"A segment is already saved as {taken.name!r}.")
    said = Stamp(stamp.now, stamp.author, stamp.note or f"Renamed from {row.name!r}")
    renamed = store(connection, row, content_of(row) | name_columns(new), said)
    note_rename(connection, row, renamed)
    respell_users(connection, row.name, new, stamp)
    respell_elsewhere(connection, row.name, new, stamp.now)
    return renamed


def file(connection: sa.Connection, row: Row, filing: Filing, stamp: Stamp) -> SavedSegment:
    """File a segment elsewhere; no new version where it is there already."""
    if filing_in(row) == filing:
        return read_back(row)
    return store(connection, row, content_of(row) | filing_columns(filing), stamp)


def remove(connection: sa.Connection, *rows: Row) -> None:
    """Delete segments that nothing uses but one another."""
    together = frozenset(row.name for row in rows)
    for row in rows:
        refuse_in_use(connection, row, together)
        keep_version(connection, row)
    ids = [row.id for row in rows]
    connection.execute(t.segments.delete().where(t.segments.c.id.in_(ids)))


def refuse_overwriting(connection: sa.Connection, wanted: Wanted, row: Row | None) -> None:
    """`NameTaken`, or `ChangedMeanwhile` where the row is not the revision that was seen."""
    name, seen = wanted.name, wanted.seen
    if row is None:
        if seen is not None:
            raise ChangedMeanwhile(
                f"The segment {name!r} was deleted or renamed meanwhile; nothing was saved.", None
            )
        return
    if not wanted.replaces:
        raise NameTaken(f"A segment is already saved as {row.name!r}.")
    refuse_unseen(connection, row, seen)


def refuse_unseen(connection: sa.Connection, row: Row, seen: int | None) -> None:
    """`ChangedMeanwhile`, with what changed, where the row is not the revision that was seen."""
    if seen is None or seen == row.revision:
        return
    theirs = read_back(row)
    before = [kept for kept in lineage_rows(connection, row.folded) if kept.revision == seen]
    found = difference(read_back(before[-1]), theirs) if before else None
    by = f" by {row.author}" if row.author else ""
    told = f" {found.sentence}." if found and found.words else ""
    raise ChangedMeanwhile(
        f"The segment {row.name!r} was changed{by} at {shown(row.updated)} meanwhile "
        f"(revision {row.revision}, you saw {seen}); nothing was overwritten.{told}",
        theirs,
        found,
    )


def respell_users(connection: sa.Connection, old: str, new: str, stamp: Stamp) -> None:
    """Spell every reference to `old` or `new` as `new`; what changes gets a new revision."""
    spelling = {folded(old): new, folded(new): new}
    said = Stamp(stamp.now, stamp.author, f"{old!r} is {new!r} now" if old != new else "Spelling")
    for name, group in groups(connection).items():
        spelt = respelt(group, spelling)
        if spelt != group:
            row = saved_row(connection, name)
            store(connection, row, content_of(row) | {"rules": codec.to_data(spelt)}, said)


def refuse_loops(connection: sa.Connection, names: Collection[str]) -> None:
    """`ReferenceCycle` where one of these segments refers to itself through others."""
    known = groups(connection)
    for name in names:
        refuse_loop(name, known)
