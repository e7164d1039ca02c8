"""What each saved segment last counted, so that it is known when it cannot be counted any more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

import sqlalchemy as sa

from segbench.library import tables as t
from segbench.library.database import Database
from segbench.library.saved import LastCount, folded
from segbench.library.segment_rows import Row, read_back, saved_row, segment_rows
from segbench.model.codec import fingerprint


class CountStore:
    """Keeps one count a segment; the public words are on `Library`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def record(self, name: str, found: LastCount) -> None:
        """Replace the count of a segment."""
        with self._database.write() as connection:
            _replace(connection, saved_row(connection, name), found)

    def record_all(self, found: Mapping[str, LastCount]) -> None:
        """Replace the counts of the segments that are still there."""
        by_fold = {folded(name): count for name, count in found.items()}
        with self._database.write() as connection:
            for row in segment_rows(connection):
                if row.folded in by_fold:
                    _replace(connection, row, by_fold[row.folded])

    def last(self, name: str) -> LastCount | None:
        """The count of a segment, unless its rules were others then."""
        counts = t.segment_counts
        with self._database.read() as connection:
            row = saved_row(connection, name)
            query = sa.select(counts).where(
                counts.c.segment_id == row.id, counts.c.rules_sha256 == _rules(row)
            )
            found = connection.execute(query).first()
        return None if found is None else _count(found)

    def all(self) -> dict[str, LastCount]:
        """The counts of all segments by name, but those of other rules."""
        counts = t.segment_counts
        with self._database.read() as connection:
            rows = {row.id: row for row in segment_rows(connection)}
            known = {found.segment_id: found for found in connection.execute(counts.select())}
        return {
            row.name: _count(known[id])
            for id, row in rows.items()
            if id in known and known[id].rules_sha256 == _rules(row)
        }


def _replace(connection: sa.Connection, row: Row, found: LastCount) -> None:
    counts = t.segment_counts
    connection.execute(counts.delete().where(counts.c.segment_id == row.id))
    connection.execute(
        counts.insert().values(segment_id=row.id, rules_sha256=_rules(row), **asdict(found))
    )


def _count(found: Row) -> LastCount:
    return LastCount(**{each: found._mapping[each] for each in LastCount.__dataclass_fields__})


def _rules(row: Row) -> str:
    return fingerprint(read_back(row).segment.group)
