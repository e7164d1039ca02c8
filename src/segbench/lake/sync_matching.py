"""What a source changes in a lake: contacts by key, tags by contact, events by all they say.

With `whole` the source is the truth: what it does not have is to go. Without, only what it marks as
deleted. A contact of which a row was rejected loses nothing: the row may be what the lake has.
"""

from __future__ import annotations

from segbench.lake.changes import Changes
from segbench.lake.columns import trimmed
from segbench.lake.connection import quoted, text
from segbench.lake.intake import Intake
from segbench.lake.merge import gather_tags, reject_repeated, reject_strangers
from segbench.lake.rejects import HARMLESS
from segbench.lake.renumbering import number_people
from segbench.lake.snapshot import Snapshot
from segbench.lake.stage import Stage


def set_deleted_apart(stage: Stage, name: str) -> None:
    """Move the rows of `typed_<name>` that the source marks as deleted to `deleted_<name>`."""
    marked = f"FROM typed_{name} WHERE row IN (SELECT row FROM marked_{name})"
    stage.connection.execute(f"CREATE TABLE deleted_{name} AS {marked}")
    stage.connection.execute(f"DELETE {marked}")


def unsure(stage: Stage, name: str) -> bool:
    """Whether a row was rejected of which nobody knows whose it is."""
    lost = f"source = {text(name)} AND code = 'malformed line' AND key IS NULL"
    return bool(stage.value(f"SELECT count(*) FROM rejects WHERE {lost}"))


def match_people(intake: Intake, base: Snapshot, whole: bool) -> None:
    """Make `gone`, `newcomers`, `moves` and the new `people` from the contacts of a source."""
    stage, run = intake.stage, intake.stage.connection.execute
    reject_repeated(stage, intake.label("contacts"))
    goes = "key IN (SELECT key FROM deleted_contacts)"
    if whole:
        goes = "false" if unsure(stage, "contacts") else "true"
    run(
        "INSERT INTO gone SELECT key, ordinal FROM people "
        f"ANTI JOIN typed_contacts USING (key) WHERE {goes} AND key NOT IN ({_unread('contacts')})"
    )
    run("INSERT INTO newcomers SELECT key, row FROM typed_contacts ANTI JOIN people USING (key)")
    number_people(stage, base)


def _unread(name: str) -> str:
    return (
        f"SELECT {trimmed('key')} FROM rejects WHERE source = {text(name)} "
        f"AND {trimmed('key')} IS NOT NULL AND code NOT IN ({HARMLESS})"
    )


def match_tags(intake: Intake, base: Snapshot, whole: bool) -> None:
    """Make `new_tags`, `later_tags` (with another time) and `gone_tags` (ordinal, tag)."""
    stage, run = intake.stage, intake.stage.connection.execute
    separator = intake.told.tag_separator
    reject_strangers(stage, "tags", intake.label("tags"))
    gather_tags(stage, "typed_tags", "given_tags", separator)
    gather_tags(stage, "deleted_tags", "taken_tags", separator)
    at = 'b."at"' if base.has_tag_times() else "NULL::TIMESTAMP"
    run(
        f'CREATE TABLE known_tags AS SELECT ordinal, tag, {at} AS "at" FROM {base.name}.tags b '
        "ANTI JOIN gone USING (ordinal)"
    )
    run("CREATE TABLE new_tags AS FROM given_tags ANTI JOIN known_tags USING (ordinal, tag)")
    later = 'k."at" < g."at" OR (k."at" IS NULL AND g."at" IS NOT NULL)'
    if whole:
        told = "at" in stage.columns("typed_tags")
        later = 'k."at" IS DISTINCT FROM g."at"' if told else "false"
    run(
        f"CREATE TABLE later_tags AS SELECT g.* FROM given_tags g "
        f"JOIN known_tags k USING (ordinal, tag) WHERE {later}"
    )
    goes = "(ordinal, tag) IN (SELECT (ordinal, tag) FROM taken_tags)"
    if whole:
        goes = "false" if unsure(stage, "tags") else _not_unread("tags")
    run(
        "CREATE TABLE gone_tags AS SELECT ordinal, tag FROM known_tags "
        f"ANTI JOIN given_tags USING (ordinal, tag) WHERE {goes}"
    )


def _not_unread(name: str) -> str:
    return f"ordinal NOT IN (SELECT ordinal FROM people WHERE key IN ({_unread(name)}))"


def match_events(intake: Intake, base: Snapshot, whole: bool, changes: Changes) -> None:
    """Make `new_events` and `gone_events` (rowid), from how often each event is here and there.

    Events have no key: two are the same where contact, event, time and all properties that the
    source has are. Of those, the lake shall have as many as the source.
    """
    stage, run = intake.stage, intake.stage.connection.execute
    reject_strangers(stage, "events", intake.label("events"))
    columns = ["ordinal", "event", '"at"', *map(quoted, changes.own)]
    listed, theirs = ", ".join(columns), _stored_events(stage, base, changes, whole)
    run(
        f"CREATE TABLE tallies AS SELECT {listed}, sum(given) - sum(held) AS more, "
        "sum(deleted) AS deleted FROM ("
        f"SELECT {listed}, 1 AS given, 0 AS deleted, 0 AS held FROM typed_events "
        f"JOIN people USING (key) UNION ALL SELECT {listed}, 0, 1, 0 FROM deleted_events "
        f"JOIN people USING (key) UNION ALL SELECT {listed}, 0, 0, 1 FROM ({theirs})"
        ") GROUP BY ALL HAVING sum(given) <> sum(held)"
    )
    run(
        f"CREATE TABLE new_events AS SELECT {listed} FROM "
        "(SELECT *, unnest(range(more::BIGINT)) FROM tallies WHERE more > 0)"
    )
    goes = "deleted > 0"
    if whole:
        goes = "false" if unsure(stage, "events") else _not_unread("events")
    same = " AND ".join(f"t.{name} IS NOT DISTINCT FROM b.{name}" for name in columns)
    run(
        "CREATE TABLE gone_events AS SELECT id FROM ("
        "SELECT b.id, t.more, row_number() OVER (PARTITION BY t.rowid ORDER BY b.id) AS nth "
        f"FROM (SELECT rowid, * FROM tallies WHERE more < 0 AND {goes}) t "
        f"JOIN ({theirs}) b ON {same}) WHERE nth <= -more"
    )


def _stored_events(stage: Stage, base: Snapshot, changes: Changes, whole: bool) -> str:
    """The query of the lake's events that those of the source are compared with."""
    stored = "".join(f", {changes.in_lake(name)} AS {quoted(name)}" for name in changes.own)
    query = (
        f'SELECT b.rowid AS id, b.ordinal, b.event, b."at"{stored} FROM {base.name}.events b '
        "ANTI JOIN gone USING (ordinal)"
    )
    if whole:
        return query
    # A watermark gives the events of few days, and the lake's files are in the order of time.
    given = 'SELECT "at" FROM typed_events UNION ALL SELECT "at" FROM deleted_events'
    found = stage.connection.execute(f'SELECT min("at"), max("at") FROM ({given})').fetchone()
    first, last = found or (None, None)
    span = f"BETWEEN TIMESTAMP '{first}' AND TIMESTAMP '{last}'" if first else "IS NULL"
    return f'{query} WHERE b."at" {span}'
