"""What each saved segment last counted, so that it is known when it cannot be counted any more."""

from __future__ import annotations

from dataclasses import asdict

import sqlalchemy as sa

from segbench.library import tables as t
from segbench.library.database import Database
from segbench.library.saved import LastCount
from segbench.library.segment_rows import Row, read_back, saved_row
from segbench.model.codec import fingerprint


class CountStore:
    """Keeps one count a segment; the public words are on `Library`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def record(self, name: str, found: LastCount) -> None:
        """Replace the count of a segment."""
        counts = t.segment_counts
        with self._database.write() as connection:
            row = saved_row(connection, name)
            connection.execute(counts.delete().where(counts.c.segment_id == row.id))
            connection.execute(
                counts.insert().values(segment_id=row.id, rules_sha256=_rules(row), **asdict(found))
            )

    def last(self, name: str) -> LastCount | None:
        """The count of a segment, unless its rules were others then."""
        counts = t.segment_counts
        with self._database.read() as connection:
            row = saved_row(connection, name)
            query = sa.select(counts).where(
                counts.c.segment_id == row.id, counts.c.rules_sha256 == _rules(row)
            )
            found = connection.execute(query).first()
        if found is None:
            return None
        return LastCount(**{each: found._mapping[each] for each in LastCount.__dataclass_fields__})


def _rules(row: Row) -> str:
    return fingerprint(read_back(row).segment.group)
