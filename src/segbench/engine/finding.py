"""Contacts found by parts of their keys and texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from segbench.lake.connection import quoted
from segbench.lake.snapshot import Snapshot

MOST_WORDS = 8


@dataclass(frozen=True, slots=True)
class Match:
    """A contact that was found: its key, and its texts in the fields that were searched."""

    key: str
    texts: tuple[str | None, ...] = field(default=())


def find_contacts(
    snapshot: Snapshot, text: str, fields: Sequence[str], limit: int
) -> tuple[Match, ...]:
    """The first contacts of whom every word of the text is in the key or one of the fields.

    Upper and lower case are the same. Whose key or field is the text comes first, then whose key
    begins with it; then as the lake has them. Nobody for a text without a word.
    """
    words = text.split()[:MOST_WORDS]
    if not words:
        return ()
    columns = ["key", *map(quoted, fields)]
    lowered = [f"coalesce(lower({column}), '')" for column in columns]
    one = " OR ".join(f"contains({column}, lower(?))" for column in lowered)
    whole = " OR ".join(f"{column} = lower(?)" for column in lowered)
    every = " AND ".join([f"({one})"] * len(words))
    sql = (
        f"SELECT {', '.join(columns)} FROM contacts WHERE {every} "
        f"ORDER BY key = ? DESC, ({whole}) DESC, starts_with(lower(key), lower(?)) DESC, ordinal "
        f"LIMIT {int(limit)}"
    )
    asked = " ".join(words)
    said = [word for word in words for _ in columns]
    rows = snapshot.rows(sql, [*said, asked, *[asked] * len(columns), asked])
    return tuple(Match(str(key), texts) for key, *rest in rows for texts in [tuple(rest)])


def key_at(snapshot: Snapshot, ordinal: int) -> str:
    """The key of the contact with that ordinal."""
    return str(snapshot.rows("SELECT key FROM contacts WHERE ordinal = ?", [ordinal])[0][0])


def ordinal_of(snapshot: Snapshot, key: str) -> int | None:
    """The ordinal of the contact with that key; None where there is none."""
    rows = snapshot.rows("SELECT ordinal FROM contacts WHERE key = ?", [key])
    return int(rows[0][0]) if rows else None
