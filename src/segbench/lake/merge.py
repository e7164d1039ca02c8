"""What typed files change in a lake: contacts by key, tags and events that are not there yet."""

from __future__ import annotations

import duckdb

from segbench.lake.changes import Changes, fit_columns, require_base, update_contacts, update_tags
from segbench.lake.columns import normalised
from segbench.lake.connection import quoted, text
from segbench.lake.publish import insert, keep_notes
from segbench.lake.snapshot import Snapshot
from segbench.lake.stage import Stage


def match_contacts(stage: Stage, base: Snapshot, file: str, changes: Changes) -> None:
    """Make `people` (all keys with ordinals), `added` and `changed` from `typed_contacts`."""
    run = stage.connection.execute
    reject_repeated(stage, file)
    run(
        "INSERT INTO people SELECT key, "
        f"{base.contacts - 1} + row_number() OVER (ORDER BY row), false "
        "FROM typed_contacts ANTI JOIN people USING (key)"
    )
    compare_contacts(stage, base, changes)


def compare_contacts(stage: Stage, base: Snapshot, changes: Changes) -> None:
    """Make `added` and `changed` from `typed_contacts` and `people`."""
    run = stage.connection.execute
    own = "".join(f", t.{quoted(name)}" for name in changes.own)
    run(
        f"CREATE TABLE added AS SELECT ordinal, t.key{own} "
        "FROM typed_contacts t JOIN people USING (key) WHERE NOT known"
    )
    differs = [f"t.{quoted(name)} IS DISTINCT FROM {changes.in_lake(name)}" for name in changes.own]
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


def reject_repeated(stage: Stage, file: str) -> None:
    """Keep the first row of each key in `typed_contacts`; the others are rejects."""
    run = stage.connection.execute
    run(
        "CREATE TABLE repeated AS SELECT key, min(row) AS first FROM typed_contacts "
        "GROUP BY key HAVING count(*) > 1"
    )
    run(
        f"INSERT INTO rejects SELECT 'contacts', {text(file)}, row, key, 'repeated key', "
        "'key ''' || left(key, 80) || ''' is already on row ' || first - coalesce(before, 0) "
        "|| coalesce(' of ' || p.file, '') "
        "FROM (FROM typed_contacts JOIN repeated USING (key) WHERE row > first) "
        "ASOF LEFT JOIN (FROM parts WHERE source = 'contacts') p ON first > p.before"
    )
    run(
        "DELETE FROM typed_contacts USING repeated r "
        "WHERE typed_contacts.key = r.key AND typed_contacts.row > r.first"
    )


def reject_strangers(stage: Stage, name: str, file: str) -> None:
    """Put the rows of `typed_<name>` whose contact is not among the `people` among the rejects."""
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
    reject_strangers(stage, "tags", file)
    run = stage.connection.execute
    gather_tags(stage, "typed_tags", "given_tags", separator)
    known = f"FROM {base.name}.tags b WHERE b.ordinal = g.ordinal AND b.tag = g.tag"
    before = 'b."at" < g."at" OR b."at" IS NULL' if base.has_tag_times() else "true"
    run(f"CREATE TABLE new_tags AS FROM given_tags g WHERE NOT EXISTS ({known})")
    run(
        'CREATE TABLE later_tags AS FROM given_tags g WHERE "at" IS NOT NULL '
        f"AND EXISTS ({known} AND ({before}))"
    )


def gather_tags(stage: Stage, typed: str, into: str, separator: str | None) -> None:
    """Make a table of the tags in a typed one: each once a contact, with its last known time."""
    parts = f"unnest(string_split(tag, {text(separator)}))" if separator else "tag"
    at = '"at"' if "at" in stage.columns(typed) else "NULL::TIMESTAMP"
    stage.connection.execute(
        f'CREATE TABLE {into} AS SELECT ordinal, tag, max("at") AS "at" FROM ('
        f'SELECT ordinal, {normalised("part")} AS tag, "at" FROM ('
        f'SELECT ordinal, {parts} AS part, {at} AS "at" FROM {typed} JOIN people USING (key))) '
        "WHERE tag IS NOT NULL GROUP BY ordinal, tag"
    )


def match_events(
    stage: Stage, base: Snapshot, file: str, changes: Changes, in_lake: dict[str, str]
) -> int:
    """Make `new_events` from `typed_events`; returns how many the lake has already."""
    reject_strangers(stage, "events", file)
    own = "".join(f", e.{quoted(name)}" for name in changes.own)
    stage.connection.execute(
        f'CREATE TABLE known_events AS SELECT ordinal, event, "at"{own} '
        "FROM typed_events e JOIN people USING (key)"
    )
    if not base.rows("SELECT 1 FROM events LIMIT 1"):
        stage.connection.execute("ALTER TABLE known_events RENAME TO new_events")
        return 0
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
    require_base(cursor, base)
    keep_notes(cursor)
    if contacts:
        fit_columns(cursor, "contacts", contacts)
        update_contacts(cursor, contacts)
        insert(cursor, "contacts", "*", "stage.added")
    if tags:
        update_tags(cursor, base)
        insert(cursor, "tags", "*", "stage.new_tags")
    if events:
        fit_columns(cursor, "events", events)
        insert(cursor, "events", "*", "stage.new_events")
