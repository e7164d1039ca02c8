"""One contact, read from a snapshot with all that is known of it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from segbench.engine.memory import Contact, Event
from segbench.errors import UnknownName
from segbench.lake.snapshot import Snapshot

MOST_EVENTS = 100_000


def read_contact(snapshot: Snapshot, key: str) -> tuple[int, Contact]:
    """The ordinal and the contact of that key; `UnknownName` where there is none."""
    rows = _records(snapshot, "SELECT * FROM contacts WHERE key = ?", key)
    if not rows:
        near = snapshot.rows(
            "SELECT key FROM contacts ORDER BY jaro_winkler_similarity(key, ?) DESC LIMIT 3", [key]
        )
        raise UnknownName("contact with the key", key, (row[0] for row in near))
    fields = rows[0]
    ordinal = int(fields.pop("ordinal"))
    fields.pop("key")
    tags = _records(snapshot, "SELECT * FROM tags WHERE ordinal = ?", ordinal)
    events = _records(
        snapshot, 'SELECT * FROM events WHERE ordinal = ? ORDER BY "at" LIMIT 100001', ordinal
    )
    if len(events) > MOST_EVENTS:
        raise UnknownName(f"contact of at most {MOST_EVENTS:,} events with the key", key)
    return ordinal, Contact(
        key,
        {name: value for name, value in fields.items() if value is not None},
        frozenset(tag["tag"] for tag in tags),
        tuple(_event(event) for event in events),
        {tag["tag"]: tag["at"] for tag in tags if tag.get("at") is not None},
    )


def _event(row: dict[str, Any]) -> Event:
    properties = {
        name: value
        for name, value in row.items()
        if name not in ("ordinal", "event", "at") and value is not None
    }
    at: dt.datetime = row["at"]
    return Event(row["event"], at, properties)


def _records(snapshot: Snapshot, sql: str, parameter: object) -> list[dict[str, Any]]:
    names, rows = snapshot.named_rows(sql, [parameter])
    return [dict(zip(names, row, strict=True)) for row in rows]
