"""Writing a sync: what was matched, inside the one transaction that makes a snapshot.

The order matters. Events to delete are known by the row ids of the base, so they go before any
column gets another type, which writes the table anew. Contacts move into the holes before new ones
come, so that no ordinal is ever given twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import duckdb

from segbench.lake.changes import (
    Changes,
    fit_columns,
    require_base,
    update_contacts,
    update_tags,
)
from segbench.lake.publish import insert, keep_notes
from segbench.lake.renumbering import delete_gone, move_last
from segbench.lake.snapshot import Snapshot
from segbench.lake.stage import Stage
from segbench.lake.sync_state import Standing, write_standings


@dataclass(frozen=True)
class Counts:
    """How many rows of each kind a sync found to change; `moves` are contacts that move."""

    added: int = 0
    updated: int = 0
    given: int = 0
    deleted: int = 0
    moves: int = 0
    new_tags: int = 0
    gone_tags: int = 0
    later_tags: int = 0
    new_events: int = 0
    gone_events: int = 0

    @property
    def any(self) -> bool:
        """Whether anything changes."""
        return any(getattr(self, name) for name in self.__dataclass_fields__ if name != "given")


_TABLES = {
    "contacts": {
        "added": "added",
        "updated": "changed",
        "given": "typed_contacts",
        "deleted": "gone",
        "moves": "moves",
    },
    "tags": {"new_tags": "new_tags", "gone_tags": "gone_tags", "later_tags": "later_tags"},
    "events": {"new_events": "new_events", "gone_events": "gone_events"},
}


def count_changes(stage: Stage, tables: Iterable[str]) -> Counts:
    """How much the staged tables change."""
    wanted = {count: name for table in tables for count, name in _TABLES[table].items()}
    return Counts(
        **{count: stage.value(f"SELECT count(*) FROM {name}") for count, name in wanted.items()}
    )


def write_sync(
    cursor: duckdb.DuckDBPyConnection,
    base: Snapshot,
    counts: Counts,
    changes: Mapping[str, Changes],
    source: str,
    standings: Mapping[str, Standing],
) -> None:
    """Write what was matched, and where the source stands now."""
    require_base(cursor, base)
    keep_notes(cursor)
    _delete(cursor, counts)
    for table, columns in changes.items():
        fit_columns(cursor, table, columns)
    if counts.updated:
        update_contacts(cursor, changes["contacts"])
    if counts.new_tags or counts.later_tags:
        update_tags(cursor, base)
    if counts.moves:
        move_last(cursor)
    if counts.added:
        insert(cursor, "contacts", "*", "stage.added")
    for table, count in (("tags", counts.new_tags), ("events", counts.new_events)):
        if count:
            moved = (
                "(SELECT n.* REPLACE (coalesce(m.new, n.ordinal) AS ordinal) "
                f"FROM stage.new_{table} n LEFT JOIN stage.moves m ON n.ordinal = m.old)"
            )
            insert(cursor, table, "*", moved)
    write_standings(cursor, source, standings)


def _delete(cursor: duckdb.DuckDBPyConnection, counts: Counts) -> None:
    if counts.gone_events:
        cursor.execute("DELETE FROM lake.events WHERE rowid IN (SELECT id FROM stage.gone_events)")
    if counts.gone_tags:
        cursor.execute(
            "DELETE FROM lake.tags USING stage.gone_tags g "
            "WHERE tags.ordinal = g.ordinal AND tags.tag = g.tag"
        )
    if counts.deleted:
        delete_gone(cursor)
