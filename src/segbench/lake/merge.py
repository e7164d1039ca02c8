"""What typed files change in a lake: contacts by key, tags and events that are not there yet."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from segbench.errors import LakeError
from segbench.lake.columns import normalised
from segbench.lake.connection import quoted, text
from segbench.lake.publish import ORDER, insert, keep_notes
from segbench.lake.snapshot import Snapshot
from segbench.lake.stage import Stage

ROLES = {"row", "key", "event", "at", "tag", "ordinal"}


@dataclass(frozen=True)
class Changes:
    """The columns that an import brings to a table: all its own, the new ones, the widened."""

    own: list[str]
    new: dict[str, str]
    wider: list[str]


def columns_of(stage: Stage, name: str, in_lake: dict[str, str]) -> Changes:
    """How the columns of `typed_<name>` relate to those of the lake."""
    found = {n: k for n, k in stage.columns(f"typed_{name}").items() if n not in ROLES}
    wider = [n for n, k in found.items() if k == "DOUBLE" and in_lake.get(n) == "BIGINT"]
    return Changes(list(found), {n: k for n, k in found.items() if n not in in_lake}, wider)


def match_contacts(stage: Stage, base: Snapshot, file: str, changes: Changes) -> None:
    """Make `people` (all keys with ordinals), `added` and `changed` from `typed_contacts`."""
    run = stage.connection.execute
    _reject_repeated(stage, file)
    run(
        "INSERT INTO people SELECT key, "
        f"{base.contacts - 1} + row_number() OVER (ORDER BY row), false "
        "FROM typed_contacts ANTI JOIN people USING (key)"
    )
    own = "".join(f", t.{quoted(name)}" for name in changes.own)
    run(
        f"CREATE TABLE added AS SELECT ordinal, t.key{own} "
        "FROM typed_contacts t JOIN people USING (key) WHERE NOT known"
    )
    differs = [
        f"t.{quoted(name)} IS DISTINCT FROM "
        + ("NULL" if name in changes.new else f"b.{quoted(name)}")
        for name in changes.own
    ]
    run(
        f"CREATE TABLE changed AS SELECT ordinal{own} FROM typed_contacts t "
        f"JOIN people p USING (key) JOIN {base.name}.contacts b USING (ordinal) "
        f"WHERE known AND ({' OR '.join(differs) or 'false'})"
    )


def start_people(stage: Stage, base: Snapshot) -> None:
    """Make `people`: the contacts that the lake has, by key."""
    stage.connection.execute(
        f"CREATE TABLE people AS SELECT key, ordinal, true AS known FROM {base.name}.contacts"
    )


def _reject_repeated(stage: Stage, file: str) -> None:
    run = stage.connection.execute
    run(
        "CREATE TABLE repeated AS SELECT key, min(row) AS first FROM typed_contacts "
        "GROUP BY key HAVING count(*) > 1"
    )
    run(
        f"INSERT INTO rejects SELECT 'contacts', {text(file)}, row, key, 'repeated key', "
        "'key ''' || left(key, 80) || ''' is already on row ' || first "
        "FROM typed_contacts JOIN repeated USING (key) WHERE row > first"
    )
    run(
        "DELETE FROM typed_contacts USING repeated r "
        "WHERE typed_contacts.key = r.key AND typed_contacts.row > r.first"
    )


def _reject_strangers(stage: Stage, name: str, file: str) -> None:
    stage.connection.execute(
        f"INSERT INTO rejects SELECT {text(name)}, {text(file)}, row, key, 'no such contact', "
        "'no contact has the key ''' || left(key, 80) || '''' "
        f"FROM typed_{name} ANTI JOIN people USING (key)"
    )


def match_tags(stage: Stage, base: Snapshot, file: str, separator: str | None) -> None:
    """Make `new_tags` and `later_tags` from `typed_tags`.

    The first are tags that their contacts do not have yet; the second those that they have, but
    that were given later than the lake knows. A time that is not known is earlier than any.
    """
    _reject_strangers(stage, "tags", file)
    run = stage.connection.execute
    parts = f"unnest(string_split(tag, {text(separator)}))" if separator else "tag"
    at = '"at"' if "at" in stage.columns("typed_tags") else "NULL::TIMESTAMP"
    run(
        'CREATE TABLE given_tags AS SELECT ordinal, tag, max("at") AS "at" FROM ('
        f'SELECT ordinal, {normalised("part")} AS tag, "at" FROM ('
        f'SELECT ordinal, {parts} AS part, {at} AS "at" FROM typed_tags JOIN people USING (key))) '
        "WHERE tag IS NOT NULL GROUP BY ordinal, tag"
    )
    known = f"FROM {base.name}.tags b WHERE b.ordinal = g.ordinal AND b.tag = g.tag"
    before = 'b."at" < g."at" OR b."at" IS NULL' if base.has_tag_times() else "true"
    run(f"CREATE TABLE new_tags AS FROM given_tags g WHERE NOT EXISTS ({known})")
    run(
        'CREATE TABLE later_tags AS FROM given_tags g WHERE "at" IS NOT NULL '
        f"AND EXISTS ({known} AND ({before}))"
    )


def match_events(
    stage: Stage, base: Snapshot, file: str, changes: Changes, in_lake: dict[str, str]
) -> int:
    """Make `new_events` from `typed_events`; returns how many the lake has already."""
    _reject_strangers(stage, "events", file)
    own = "".join(f", e.{quoted(name)}" for name in changes.own)
    stage.connection.execute(
        f'CREATE TABLE known_events AS SELECT ordinal, event, "at"{own} '
        "FROM typed_events e JOIN people USING (key)"
    )
    same = ["b.ordinal = e.ordinal", "b.event = e.event", 'b."at" = e."at"']
    for name in {**in_lake, **changes.new}:
        ours = f"e.{quoted(name)}" if name in changes.own else "NULL"
        theirs = f"b.{quoted(name)}" if name in in_lake else "NULL"
        if in_lake.get(name) == "VARCHAR":
            # Lakes made before texts were normalised hold them as they came.
            theirs = normalised(theirs)
        same.append(f"{theirs} IS NOT DISTINCT FROM {ours}")
    stage.connection.execute(
        "CREATE TABLE new_events AS SELECT * FROM known_events e WHERE NOT EXISTS "
        f"(FROM {base.name}.events b WHERE {' AND '.join(same)})"
    )
    return stage.value("SELECT count(*) FROM known_events") - stage.value(
        "SELECT count(*) FROM new_events"
    )


def write_changes(
    cursor: duckdb.DuckDBPyConnection,
    base: Snapshot,
    contacts: Changes | None,
    events: Changes | None,
    tags: bool,
) -> None:
    """Write what was matched, inside the transaction of `cursor`."""
    found = cursor.execute("FROM lake.current_snapshot()").fetchone()
    if not found or found[0] != base.id:
        raise LakeError("The lake was changed during the import; nothing was written, try again.")
    keep_notes(cursor)
    if contacts:
        _fit_columns(cursor, "contacts", contacts)
        if contacts.own:
            sets = ", ".join(f"{quoted(name)} = c.{quoted(name)}" for name in contacts.own)
            cursor.execute(
                f"UPDATE lake.contacts SET {sets} FROM stage.changed c "
                "WHERE contacts.ordinal = c.ordinal"
            )
        insert(cursor, "contacts", "*", "stage.added")
    if tags:
        if not base.has_tag_times():
            cursor.execute('ALTER TABLE lake.tags ADD COLUMN "at" TIMESTAMP')
        cursor.execute(
            'UPDATE lake.tags SET "at" = l."at" FROM stage.later_tags l '
            "WHERE tags.ordinal = l.ordinal AND tags.tag = l.tag"
        )
        insert(cursor, "tags", "*", "stage.new_tags")
    if events:
        _fit_columns(cursor, "events", events)
        insert(cursor, "events", "*", "stage.new_events")


def _fit_columns(cursor: duckdb.DuckDBPyConnection, table: str, changes: Changes) -> None:
    for name, kind in changes.new.items():
        cursor.execute(f"ALTER TABLE lake.{table} ADD COLUMN {quoted(name)} {kind}")
    if changes.wider:
        # DuckLake cannot turn whole numbers into real ones in place.
        casts = ", ".join(f"{quoted(n)}::DOUBLE AS {quoted(n)}" for n in changes.wider)
        cursor.execute(
            f"CREATE OR REPLACE TABLE lake.{table} AS "
            f"SELECT * REPLACE ({casts}) FROM lake.{table} ORDER BY {ORDER[table]}"
        )
