"""The typed table of one source: its columns parsed, its bad rows apart."""

from __future__ import annotations

from segbench.errors import ImportRefused
from segbench.lake.column_types import Reading, Typing, value_of
from segbench.lake.columns import (
    VALUE_TYPES,
    clean,
    filled,
    normalised,
    stored_type,
    trimmed,
)
from segbench.lake.connection import quoted, text
from segbench.lake.lists import read_items
from segbench.lake.mapping import Columns
from segbench.lake.sources import Source
from segbench.lake.stage import Stage
from segbench.lake.values import in_utc, no_value, parse, whole


def read_typed(
    stage: Stage,
    name: str,
    source: Source,
    columns: Columns,
    typing: Typing,
    reading: Reading,
) -> None:
    """Make the table `typed_<name>` of a source and put its bad rows into `rejects`.

    The table has `row`, the roles, the fields or properties, and no bad row.
    """
    selected, checks = [], []
    for role, column in columns.roles.items():
        optional = name == "tags" and role == "at"
        value, check = _role(source, role, column, reading.zone, optional)
        selected.append(f"{value} AS {quoted(role)}")
        checks += check
    for column, field in columns.fields.items():
        value, check = _field(source, column, field, typing, reading)
        selected.append(f"{value} AS {quoted(field)}")
        checks += check
    code = _case([(test, text(code)) for test, code, _ in checks])
    reason = _case([(test, reason) for test, _, reason in checks])
    stage.connection.execute(
        f"CREATE TABLE checked AS SELECT row, {', '.join(selected)}, "
        f"{code} AS ' code', {reason} AS ' reason' FROM {source.table}"
    )
    stage.connection.execute(
        f"INSERT INTO rejects SELECT {text(name)}, {text(source.file)}, row, key, "
        '" code", " reason" FROM checked WHERE " code" IS NOT NULL'
    )
    stage.connection.execute(f"DROP TABLE {source.table}")
    if stage.value('SELECT count(" code") FROM checked'):
        stage.connection.execute('DELETE FROM checked WHERE " code" IS NOT NULL')
    for column in (" code", " reason"):
        stage.connection.execute(f"ALTER TABLE checked DROP {quoted(column)}")
    stage.connection.execute(f"ALTER TABLE checked RENAME TO typed_{name}")


Check = tuple[str, str, str]
"""When a row is bad, the code of the reason, and the reason as an SQL expression."""


def _case(whens: list[tuple[str, str]]) -> str:
    return "CASE " + " ".join(f"WHEN {test} THEN {then}" for test, then in whens) + " END"


def _role(
    source: Source, role: str, column: str, zone: str, optional: bool
) -> tuple[str, list[Check]]:
    place, found = value_of(source, column), source.types[source.header.index(column)]
    if role != "at":
        # Keys stay as they are: another spelling of one would be another contact.
        value = (trimmed if role == "key" else normalised)(f"{place}::VARCHAR")
        return value, [(f"{value} IS NULL", f"missing {role}", text(f"missing {role}"))]
    value, checks = _time(column, place, found, zone)
    given = f"{trimmed(place) if found == 'VARCHAR' else place} IS NULL"
    missing: Check = (given, "missing time", text("missing time"))
    return value, checks if optional else [missing, *checks]


def _time(column: str, place: str, found: str, zone: str) -> tuple[str, list[Check]]:
    if found != "VARCHAR":
        return _instant(column, place, found, zone), []
    raw = trimmed(place)
    value = parse("datetime", raw, zone)
    bad = f"{raw} IS NOT NULL AND {value} IS NULL"
    return value, [(bad, "not a time", _says(column, raw, "time"))]


def _instant(column: str, place: str, found: str, zone: str) -> str:
    if stored_type(column, found) not in ("TIMESTAMP", "DATE"):
        raise ImportRefused(f"Column {column!r} has type {found}; a time is needed.")
    if "WITH TIME ZONE" in found:
        return f"timezone('UTC', {place})"
    return in_utc(f"{place}::TIMESTAMP", zone)


def _field(
    source: Source, column: str, field: str, typing: Typing, reading: Reading
) -> tuple[str, list[Check]]:
    place, found = value_of(source, column), source.types[source.header.index(column)]
    kind, stored = typing.types[column], typing.stored[field]
    if found != "VARCHAR" and VALUE_TYPES[stored_type(column, found)] == kind:
        if kind == "datetime":
            return _instant(column, place, found, reading.zone), []
        return f"{clean(place, found)}::{stored}", []
    raw = trimmed(f"{place}::VARCHAR")
    if kind == "text":
        return normalised(f"{place}::VARCHAR"), []
    if kind == "list":
        items = read_items(raw, typing.separators[column])
        bad = f"{raw} IS NOT NULL AND {items} IS NULL"
        return filled(items), [(bad, f"{field} is not a list", _says(field, raw, "list"))]
    told = field in reading.told or column in reading.told
    exact = stored == "BIGINT"
    value = whole(raw) if exact else parse(kind, raw, reading.zone, told=told)
    bad = f"NOT ({no_value(kind, raw)}) AND {value} IS NULL"
    named = {"number": "a number", "boolean": "true or false", "date": "a date"}
    says = named.get(kind, "a time")
    check = (bad, f"{field} is not {says}", _says(field, raw, says))
    return f"({value})::{stored}", [check]


def _says(name: str, raw: str, what: str) -> str:
    what = what if " " in what else f"a {what}"
    return f"{text(name + ': ')} || '''' || left({raw}, 80) || ''' is not ' || {text(what)}"
