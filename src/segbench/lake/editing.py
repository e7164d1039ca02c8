"""Editing contacts by key: their tags and their fields, each edit one snapshot."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

import duckdb
import pyarrow as pa

from segbench.errors import LakeError, UnknownName
from segbench.lake.changes import require_base, update_tags
from segbench.lake.chosen import EditReport, choose, counted
from segbench.lake.columns import clean, normalised
from segbench.lake.connection import quoted, text
from segbench.lake.field_values import arrow_value
from segbench.lake.intake import own_columns
from segbench.lake.lake import Lake
from segbench.lake.publish import insert, keep_notes
from segbench.lake.snapshot import Snapshot
from segbench.lake.stage import Stage

_LONGEST = 40


def edit_tags(
    lake: Lake,
    keys: Iterable[str],
    *,
    now: dt.datetime,
    add: Iterable[str] = (),
    remove: Iterable[str] = (),
    message: str | None = None,
) -> EditReport:
    """Give tags to the contacts with these keys, and take others from them.

    A contact that has a tag already keeps the time at which it was given; new ones are given at
    `now` (aware). `LakeError` for a key that no contact has, a blank tag, or one both ways.
    """
    given, taken = _tags(add), _tags(remove)
    if not given and not taken:
        raise LakeError("Say which tags to add or to remove.")
    with lake.stage() as stage, lake.snapshot() as base:
        choose(stage, base, keys)
        _match_tags(stage, base, given, taken, now)
        added = stage.value("SELECT count(DISTINCT ordinal) FROM new_tags")
        removed = stage.value("SELECT count(DISTINCT ordinal) FROM gone_tags")

        def change(cursor: duckdb.DuckDBPyConnection) -> None:
            require_base(cursor, base)
            keep_notes(cursor)
            cursor.execute(
                "DELETE FROM lake.tags USING stage.gone_tags g "
                "WHERE tags.ordinal = g.ordinal AND tags.tag = g.tag"
            )
            update_tags(cursor, base)
            insert(cursor, "tags", "*", "stage.new_tags")

        if not added and not removed:
            return EditReport(0, None)
        said = [f"tagged {counted(added)} with {_listed(given)}"] if added else []
        said += [f"took {_listed(taken)} from {counted(removed)}"] if removed else []
        both = "SELECT ordinal FROM new_tags UNION SELECT ordinal FROM gone_tags"
        contacts = stage.value(f"SELECT count(*) FROM ({both})")
        return EditReport(contacts, lake.write(change, message or "; ".join(said)))


def _tags(tags: Iterable[str]) -> list[str]:
    if isinstance(tags, str):
        raise LakeError(f"Tags are a list of tags: write [{tags!r}].")
    return list(dict.fromkeys(tags))


def _match_tags(
    stage: Stage, base: Snapshot, given: list[str], taken: list[str], now: dt.datetime
) -> None:
    """Make `new_tags`, `gone_tags` and, empty, `later_tags`."""
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
    run('CREATE TABLE later_tags (ordinal BIGINT, tag VARCHAR, "at" TIMESTAMP)')


def _listed(tags: list[str]) -> str:
    return ", ".join(tag if len(tag) <= _LONGEST else tag[: _LONGEST - 1] + "…" for tag in tags)


def edit_fields(
    lake: Lake, keys: Iterable[str], values: Mapping[str, object], *, message: str | None = None
) -> EditReport:
    """Set fields of the contacts with these keys, all to the same values; None clears a field.

    Texts are stored as an import stores them. `UnknownName` for a field that there is not,
    `LakeError` for a value of another type or a key that no contact has.
    """
    if not values:
        raise LakeError("Say which fields to set.")
    with lake.stage() as stage, lake.snapshot() as base:
        types = own_columns(base, "contacts")
        for name in values:
            if name not in types:
                raise UnknownName("field", name, types)
        choose(stage, base, keys)
        wanted = {name: arrow_value(name, value, types[name]) for name, value in values.items()}
        _stage_values(stage, pa.table(wanted), types)
        differs = " OR ".join(f"b.{quoted(n)} IS DISTINCT FROM w.{quoted(n)}" for n in values)
        stage.connection.execute(
            "CREATE TABLE changed AS SELECT ordinal FROM chosen "
            f"JOIN {base.name}.contacts b USING (ordinal), wanted w WHERE {differs}"
        )
        count = stage.value("SELECT count(*) FROM changed")
        sets = ", ".join(f"{quoted(name)} = w.{quoted(name)}" for name in values)

        def change(cursor: duckdb.DuckDBPyConnection) -> None:
            require_base(cursor, base)
            keep_notes(cursor)
            cursor.execute(
                f"UPDATE lake.contacts SET {sets} FROM stage.wanted w "
                "WHERE contacts.ordinal IN (SELECT ordinal FROM stage.changed)"
            )

        if not count:
            return EditReport(0, None)
        return EditReport(count, lake.write(change, message or _says(values, count)))


def _stage_values(stage: Stage, values: pa.Table, types: dict[str, str]) -> None:
    stage.connection.register("incoming_values", values)
    found = stage.connection.execute("DESCRIBE incoming_values").fetchall()
    selected = ", ".join(
        f"{clean(row[0], row[1])}::{types[row[0]]} AS {quoted(row[0])}" for row in found
    )
    stage.connection.execute(f"CREATE TABLE wanted AS SELECT {selected} FROM incoming_values")
    stage.connection.unregister("incoming_values")


def _says(values: Mapping[str, object], count: int) -> str:
    set_to = [f"{name} to {_listed([str(v)])}" for name, v in values.items() if v is not None]
    cleared = [name for name, value in values.items() if value is None]
    said = [f"set {', '.join(set_to)}"] if set_to else []
    said += [f"cleared {', '.join(cleared)}"] if cleared else []
    return f"{' and '.join(said)} for {counted(count)}"
