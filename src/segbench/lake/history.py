"""The history of a lake: its snapshots, and how many rows each had."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import duckdb

COUNTED = ("contacts", "tags", "events")
MAINTAINED = "maintained: "
"""How the message of a snapshot begins in which maintenance left every row as it was."""

HISTORY = (
    "SELECT snapshot_id, epoch_us(snapshot_time), commit_message, commit_extra_info "
    "FROM lake.snapshots() WHERE snapshot_id > 0 ORDER BY snapshot_id"
)
"""The query that `read_entry` reads rows of; snapshot 0 is DuckLake's own, without tables."""


@dataclass(frozen=True, slots=True)
class SnapshotEntry:
    """One line of a lake's history: when a snapshot was committed (UTC), and why.

    `rows` says how many rows each table had; it is empty where an earlier version wrote it.
    """

    id: int
    time: datetime
    message: str
    rows: Mapping[str, int] = field(default_factory=dict)


def read_entry(row: tuple[Any, ...]) -> SnapshotEntry:
    """One row of `HISTORY`."""
    id, microseconds, message, extra = row
    time = datetime.fromtimestamp(microseconds / 1e6, UTC)
    return SnapshotEntry(id, time, message or "", json.loads(extra)["rows"] if extra else {})


def is_other_data(history: Iterable[SnapshotEntry], before: int, after: int) -> bool:
    """Whether any snapshot after one, up to another, may have other rows than it."""
    between = {entry.id: entry for entry in history if before < entry.id <= after}
    # What an expired snapshot did is not known any more.
    return len(between) < after - before or not all(
        entry.message.startswith(MAINTAINED) for entry in between.values()
    )


def count_rows(cursor: duckdb.DuckDBPyConnection) -> str:
    """What a transaction tells the history of the rows that it leaves, as JSON."""
    counts = ", ".join(f"(SELECT count(*) FROM lake.{table})" for table in COUNTED)
    found = cursor.execute(f"SELECT {counts}").fetchone() or ()
    return json.dumps({"rows": dict(zip(COUNTED, found, strict=True))})


def row_changes(before: SnapshotEntry | None, entry: SnapshotEntry) -> dict[str, int] | None:
    """How many rows each table won or lost since the entry before; None where it is not known."""
    if not entry.rows or (before is not None and not before.rows):
        return None
    old = before.rows if before is not None else {}
    return {table: entry.rows[table] - old.get(table, 0) for table in COUNTED}


def near_snapshots(history: Iterable[int], wanted: int) -> str:
    """What a lake has instead of a snapshot, as the end of an error sentence."""
    known = sorted(history)
    before = [id for id in known if id < wanted]
    after = [id for id in known if id > wanted]
    if before and after:
        return f"it has expired. Those next to it are {before[-1]} and {after[0]}"
    return f"it has {known[0]} to {known[-1]}"
