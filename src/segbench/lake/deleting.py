"""Deleting contacts by key, with their tags and events, as one snapshot."""

from __future__ import annotations

from collections.abc import Iterable

import duckdb

from segbench.lake.changes import require_base
from segbench.lake.chosen import EditReport, choose, counted
from segbench.lake.lake import Lake
from segbench.lake.merge import start_people
from segbench.lake.publish import keep_notes
from segbench.lake.renumbering import delete_gone, move_last, number_people, start_numbering


def delete_contacts(lake: Lake, keys: Iterable[str], *, message: str | None = None) -> EditReport:
    """Delete the contacts with these keys; `LakeError` where one is no contact's.

    Earlier snapshots still have them. A sync brings back those that its source still has: in full
    at once, by watermark when they change.
    """
    with lake.stage() as stage, lake.snapshot() as base:
        choose(stage, base, keys)
        start_people(stage, base)
        start_numbering(stage)
        stage.connection.execute("INSERT INTO gone SELECT key, ordinal FROM chosen")
        count = number_people(stage, base)

        def change(cursor: duckdb.DuckDBPyConnection) -> None:
            require_base(cursor, base)
            keep_notes(cursor)
            delete_gone(cursor)
            move_last(cursor)

        if not count:
            return EditReport(0, None)
        return EditReport(count, lake.write(change, message or f"deleted {counted(count)}"))
