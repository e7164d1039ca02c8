"""The typed table of one source: its columns parsed, its bad rows apart."""

from __future__ import annotations

from dataclasses import dataclass

from segbench.errors import ImportRefused, LakeError
from segbench.lake.columns import VALUE_TYPES, clean, stored_type, trimmed
from segbench.lake.connection import quoted, text
from segbench.lake.mapping import Columns
from segbench.lake.sources import Source
from segbench.lake.stage import Stage
from segbench.lake.values import SHARE, all_whole, fit_share, in_utc, infer, no_value, parse, whole
from segbench.model.catalog import ValueType


@dataclass(frozen=True)
class Typing:
    """How the columns of one source are read.

    `types` by column of the file, `stored` the DuckDB type by name in the lake.
    """

    types: dict[str, ValueType]
    stored: dict[str, str]


@dataclass(frozen=True)
class Reading:
    """What decides how a file is read: the types told by the user, the lake's, the time zone."""

    told: dict[str, ValueType]
    lake: dict[str, str]
    zone: str


def value_of(source: Source, column: str) -> str:
    """The trimmed text of a column, or its stored value where the file has types."""
    place = source.header.index(column)
    return f"c{place}"


def choose_types(stage: Stage, source: Source, columns: Columns, reading: Reading) -> Typing:
    """The type of every field or property; `ImportRefused` where it conflicts with the lake's."""
    texts = {
        name: trimmed(value_of(source, column))
        for column, name in columns.fields.items()
        if _found(source, column) == "VARCHAR"
    }
    inferred = infer(stage, source.table, texts, reading.zone) if not source.typed else {}
    types: dict[str, ValueType] = {}
    stored: dict[str, str] = {}
    for column, name in columns.fields.items():
        told = reading.told.get(name) or reading.told.get(column)
        kind = told or inferred.get(name) or VALUE_TYPES[_found(source, column)]
        in_lake = reading.lake.get(name)
        if in_lake:
            kind = _agreed(stage, source, column, name, kind, in_lake, reading, bool(told))
        types[column] = kind
        stored[name] = _storage(stage, source, column, kind, in_lake)
    return Typing(types, stored)


def _found(source: Source, column: str) -> str:
    try:
        return stored_type(column, source.types[source.header.index(column)])
    except LakeError as error:
        raise ImportRefused(f"{source.file}: {error} Skip it in the mapping.") from error


def _agreed(
    stage: Stage,
    source: Source,
    column: str,
    name: str,
    kind: ValueType,
    in_lake: str,
    reading: Reading,
    told: bool,
) -> ValueType:
    """The lake's type, where the column's values can be read as it."""
    wanted = VALUE_TYPES[in_lake]
    if kind == wanted:
        return wanted
    if not told and _found(source, column) == "VARCHAR":
        value = trimmed(value_of(source, column))
        if fit_share(stage, source.table, value, wanted, reading.zone) >= SHARE:
            return wanted
    raise ImportRefused(
        f"Column {column!r} of {source.file} is {kind}, but {name!r} is {wanted} in the lake. "
        "Give the column another name in the mapping, skip it, or correct its values."
    )


def _storage(
    stage: Stage, source: Source, column: str, kind: ValueType, in_lake: str | None
) -> str:
    by_type = {"text": "VARCHAR", "boolean": "BOOLEAN", "date": "DATE", "datetime": "TIMESTAMP"}
    if kind != "number":
        return by_type[kind]
    if in_lake == "DOUBLE":
        return in_lake
    found = _found(source, column)
    if found != "VARCHAR":
        return found if found in ("BIGINT", "DOUBLE") else "DOUBLE"
    whole = all_whole(stage, source.table, trimmed(value_of(source, column)))
    return "BIGINT" if whole else "DOUBLE"


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
        value, check = _role(source, role, column, reading.zone)
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
    stage.connection.execute(
        f'CREATE TABLE typed_{name} AS SELECT * EXCLUDE (" code", " reason") '
        'FROM checked WHERE " code" IS NULL ORDER BY row'
    )
    stage.connection.execute("DROP TABLE checked")
    stage.connection.execute(f"DROP TABLE {source.table}")


Check = tuple[str, str, str]
"""When a row is bad, the code of the reason, and the reason as an SQL expression."""


def _case(whens: list[tuple[str, str]]) -> str:
    return "CASE " + " ".join(f"WHEN {test} THEN {then}" for test, then in whens) + " END"


def _role(source: Source, role: str, column: str, zone: str) -> tuple[str, list[Check]]:
    place, found = value_of(source, column), source.types[source.header.index(column)]
    if role != "at":
        value = trimmed(f"{place}::VARCHAR")
        return value, [(f"{value} IS NULL", f"missing {role}", text(f"missing {role}"))]
    missing: Check = (f"{place} IS NULL", "missing time", text("missing time"))
    if found == "VARCHAR":
        raw = trimmed(place)
        value = parse("datetime", raw, zone)
        missing = (f"{raw} IS NULL", *missing[1:])
        return value, [missing, (f"{value} IS NULL", "not a time", _says(column, raw, "time"))]
    return _instant(column, place, found, zone), [missing]


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
        return raw, []
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
