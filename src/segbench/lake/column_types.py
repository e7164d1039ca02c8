"""Which type each column of a file has: told, the lake's, the file's own, or inferred."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from segbench.errors import ImportRefused, LakeError
from segbench.lake.columns import VALUE_TYPES, stored_type, trimmed
from segbench.lake.lists import find_separator
from segbench.lake.mapping import Columns
from segbench.lake.sources import Source
from segbench.lake.stage import Stage
from segbench.lake.values import SHARE, all_whole, all_whole_floats, fit_share, infer
from segbench.model.catalog import ValueType

IMPORT_ADVICE = "Give the column another name in the mapping, skip it, or correct its values."


@dataclass(frozen=True)
class Typing:
    """How the columns of one source are read.

    `types` by column of the file, `stored` the DuckDB type by name in the lake, `separators` what
    stands between items by column of a list.
    """

    types: dict[str, ValueType]
    stored: dict[str, str]
    separators: dict[str, str]


@dataclass(frozen=True)
class Reading:
    """What decides how a file is read: the types told by the user, the lake's, the time zone.

    `separator` stands between the items of a list where the user told one; `lists` says whether
    there may be lists, which events do not have. A column may have another type than in the lake
    where `free` says so of its name; for any other `advice` says what to do. With `as_found`
    columns of sources with types have those, also where their texts could be read as the lake's.
    """

    told: dict[str, ValueType]
    lake: dict[str, str]
    zone: str
    separator: str | None = None
    lists: bool = True
    free: Callable[[str], bool] = lambda _: False
    advice: str = IMPORT_ADVICE
    as_found: bool = False


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
    separators: dict[str, str] = {}
    for column, name in columns.fields.items():
        told = reading.told.get(name) or reading.told.get(column)
        kind = told or inferred.get(name) or VALUE_TYPES[_found(source, column)]
        in_lake = reading.lake.get(name)
        if in_lake:
            kind = _agreed(stage, source, column, name, kind, in_lake, reading, bool(told))
        if kind == "list" and not reading.lists:
            kind = _unlisted(source, column, bool(told))
        types[column] = kind
        stored[name] = _storage(stage, source, column, kind, in_lake)
        if kind == "list" and _found(source, column) != stored[name]:
            separators[column] = reading.separator or find_separator(
                stage, source.table, trimmed(f"{value_of(source, column)}::VARCHAR")
            )
    return Typing(types, stored, separators)


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
    as_found = reading.as_found and source.typed
    if not told and not as_found and _found(source, column) == "VARCHAR":
        if wanted == "list":
            return wanted
        value = trimmed(value_of(source, column))
        if fit_share(stage, source.table, value, wanted, reading.zone) >= SHARE:
            return wanted
    if reading.free(name):
        return kind
    raise ImportRefused(
        f"Column {column!r} of {source.file} is {kind}, but {name!r} is {wanted} in the lake. "
        f"{reading.advice}"
    )


def _unlisted(source: Source, column: str, told: bool) -> ValueType:
    """Text, where an array in a cell only looked like a list; else `ImportRefused`."""
    if told or _found(source, column) != "VARCHAR":
        raise ImportRefused(
            f"Column {column!r} of {source.file} is a list, which only contacts have; "
            "skip it in the mapping, or give it another type or name there."
        )
    return "text"


def _storage(
    stage: Stage, source: Source, column: str, kind: ValueType, in_lake: str | None
) -> str:
    if kind != "number":
        return next(stored for stored, value in VALUE_TYPES.items() if value == kind)
    if in_lake == "DOUBLE":
        return in_lake
    found = _found(source, column)
    if found != "VARCHAR":
        value = value_of(source, column)
        if in_lake == "BIGINT" and all_whole_floats(stage, source.table, value):
            # pandas makes floats of whole numbers where one is missing, and of none at all.
            return in_lake
        return found if found in ("BIGINT", "DOUBLE") else "DOUBLE"
    whole = all_whole(stage, source.table, trimmed(value_of(source, column)))
    return "BIGINT" if whole else "DOUBLE"
