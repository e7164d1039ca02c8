"""Rows that a source marks as deleted: by a column that is true, or says when."""

from __future__ import annotations

from segbench.errors import ImportRefused
from segbench.lake.columns import trimmed
from segbench.lake.connection import quoted
from segbench.lake.sources import Source
from segbench.lake.stage import Stage
from segbench.lake.values import parse

_NUMBERS = {"TINYINT", "SMALLINT", "INTEGER", "BIGINT"}


def mark_deleted(stage: Stage, name: str, source: Source, column: str | None, zone: str) -> None:
    """Make `marked_<name>`: the rows of a source that are deleted; none without such a column."""
    if column is None or column not in source.header:
        stage.connection.execute(f"CREATE TABLE marked_{name} (row BIGINT)")
        return
    place = source.header.index(column)
    test = _test(stage, source, column, f"c{place}", source.types[place].upper(), zone)
    stage.connection.execute(
        f"CREATE TABLE marked_{name} AS SELECT row FROM {source.table} WHERE {test}"
    )


def _test(stage: Stage, source: Source, column: str, value: str, kind: str, zone: str) -> str:
    if kind == "BOOLEAN":
        return value
    if kind in _NUMBERS:
        return f"{value} <> 0"
    if kind == "DATE" or kind.startswith("TIMESTAMP"):
        return f"{value} IS NOT NULL"
    if kind != "VARCHAR":
        raise _unclear(source, column, f"values of the type {kind}")
    raw = trimmed(value)
    yes = parse("boolean", raw, zone, told=True)
    when = parse("datetime", raw, zone)
    odd = stage.connection.execute(
        f"SELECT {raw} FROM {source.table} "
        f"WHERE {raw} IS NOT NULL AND {yes} IS NULL AND {when} IS NULL LIMIT 1"
    ).fetchone()
    if odd:
        raise _unclear(source, column, quoted(str(odd[0])[:80]))
    return f"coalesce({yes}, {when} IS NOT NULL)"


def _unclear(source: Source, column: str, found: str) -> ImportRefused:
    return ImportRefused(
        f"Column {column!r} of {source.file} cannot mark what is deleted: it holds {found}. "
        "It must be true or false, or a time where a row is deleted and blank elsewhere."
    )
