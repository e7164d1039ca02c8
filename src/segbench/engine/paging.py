"""The rows of one page of contacts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from segbench.engine.ordering import Ordinals
from segbench.lake.connection import quoted
from segbench.lake.snapshot import Snapshot


def rows_at(
    snapshot: Snapshot, ordinals: Ordinals, fields: Sequence[str], *, tags: bool = False
) -> list[tuple[Any, ...]]:
    """The key and these fields of the contacts with these ordinals, in the order of the ordinals.

    With `tags` the last value of a row is the list of its tags, sorted. One query.
    """
    if not len(ordinals):
        return []
    # Whole numbers of our own: with constants the scan skips the files that have none of them.
    listed = ", ".join(str(int(ordinal)) for ordinal in ordinals)
    columns = ", ".join(f"c.{quoted(name)}" for name in ("ordinal", "key", *fields))
    joined = ""
    if tags:
        columns += ", coalesce(t.tags, [])"
        joined = (
            "LEFT JOIN (SELECT ordinal, list(tag ORDER BY tag) AS tags FROM tags "
            f"WHERE ordinal IN ({listed}) GROUP BY ordinal) t USING (ordinal)"
        )
    sql = f"SELECT {columns} FROM contacts c {joined} WHERE c.ordinal IN ({listed})"
    found = {row[0]: row[1:] for row in snapshot.rows(sql)}
    return [found[int(ordinal)] for ordinal in ordinals]
