"""The tags of an edit: who gets which and loses which, as statements and in words."""

from __future__ import annotations

import datetime as dt

import duckdb
import pyarrow as pa

from segbench.errors import LakeError
from segbench.lake.changes import update_tags
from segbench.lake.chosen import counted
from segbench.lake.columns import normalised
from segbench.lake.connection import text
from segbench.lake.edit_texts import TAG_TIME
from segbench.lake.publish import insert
from segbench.lake.snapshot import Snapshot
from segbench.lake.stage import Stage

_LONGEST = 40


def match_tags(
    stage: Stage, base: Snapshot, given: list[str], taken: list[str], now: dt.datetime
) -> None:
    """Make `new_tags`, `gone_tags` and, empty, `later_tags` of the `chosen`; note the `edited`."""
    run = stage.connection.execute
    ways = [*(["add"] * len(given)), *(["remove"] * len(taken))]
    listed = pa.table(
        {"tag": pa.array([*given, *taken], pa.string()), "way": pa.array(ways, pa.string())}
    )
    stage.connection.register("incoming_tags", listed)
    run(f"CREATE TABLE asked AS SELECT {normalised('tag')} AS tag, way FROM incoming_tags")
    stage.connection.unregister("incoming_tags")
    if stage.value("SELECT count(*) FROM asked WHERE tag IS NULL"):
        raise LakeError("A tag must not be blank.")
    twice = run("SELECT tag FROM asked GROUP BY tag HAVING count(DISTINCT way) > 1").fetchone()
    if twice:
        raise LakeError(f"The tag {twice[0]!r} cannot be both added and removed.")
    at = now.astimezone(dt.UTC).replace(tzinfo=None)
    known = f"(SELECT ordinal, tag FROM {base.name}.tags)"
    pairs = "(SELECT DISTINCT c.ordinal, a.tag FROM chosen c, asked a WHERE way = {})"
    run(
        f'CREATE TABLE new_tags AS SELECT *, TIMESTAMP {text(str(at))} AS "at" '
        f"FROM {pairs.format(text('add'))} ANTI JOIN {known} USING (ordinal, tag)"
    )
    run(
        f"CREATE TABLE gone_tags AS FROM {pairs.format(text('remove'))} "
        f"SEMI JOIN {known} USING (ordinal, tag)"
    )
    start_later_tags(stage)
    _note(stage, base)


def start_later_tags(stage: Stage) -> None:
    """Make the empty table of tags that only get another time."""
    stage.connection.execute(
        'CREATE TABLE later_tags (ordinal BIGINT, tag VARCHAR, "at" TIMESTAMP)'
    )


def _note(stage: Stage, base: Snapshot) -> None:
    when = TAG_TIME.format(at='t."at"')
    before = when if base.has_tag_times() else "''"
    stage.connection.execute(
        f"INSERT INTO edited SELECT c.key, 'tag', t.tag, NULL, {when} "
        "FROM new_tags t JOIN chosen c USING (ordinal)"
    )
    stage.connection.execute(
        f"INSERT INTO edited SELECT c.key, 'tag', t.tag, {before}, NULL FROM gone_tags g "
        f"JOIN {base.name}.tags t ON t.ordinal = g.ordinal AND t.tag = g.tag "
        "JOIN chosen c ON c.ordinal = g.ordinal"
    )


def write_tags(cursor: duckdb.DuckDBPyConnection, base: Snapshot) -> None:
    """Write what `new_tags` and `gone_tags` say."""
    cursor.execute(
        "DELETE FROM lake.tags USING stage.gone_tags g "
        "WHERE tags.ordinal = g.ordinal AND tags.tag = g.tag"
    )
    update_tags(cursor, base)
    insert(cursor, "tags", "*", "stage.new_tags")


def said_tags(stage: Stage, given: list[str], taken: list[str]) -> list[str]:
    """What becomes of tags, in words; nothing where nothing does."""
    added = stage.value("SELECT count(DISTINCT ordinal) FROM new_tags")
    removed = stage.value("SELECT count(DISTINCT ordinal) FROM gone_tags")
    said = [f"tagged {counted(added)} with {listed(given)}"] if added else []
    return said + ([f"took {listed(taken)} from {counted(removed)}"] if removed else [])


def listed(names: list[str]) -> str:
    """Texts one after the other, long ones cut."""
    return ", ".join(
        name if len(name) <= _LONGEST else name[: _LONGEST - 1] + "…" for name in names
    )
