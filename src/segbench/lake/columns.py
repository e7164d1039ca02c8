"""What DuckDB column types mean here, and how values are cleaned on their way in."""

from __future__ import annotations

from segbench.errors import LakeError
from segbench.lake.connection import quoted, text
from segbench.model.catalog import ValueType

WHITE = " \t\n\r\f\v"
"""ASCII white space, trimmed from both ends of every stored text."""

_WHOLE = {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER"}
_REAL = {"FLOAT", "DOUBLE", "UBIGINT", "HUGEINT", "UHUGEINT"}
_TIMES = {"TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS", "TIMESTAMP WITH TIME ZONE"}

VALUE_TYPES: dict[str, ValueType] = {
    "VARCHAR": "text",
    "BIGINT": "number",
    "DOUBLE": "number",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "TIMESTAMP": "datetime",
}
"""The value type of each column type that a lake stores."""


def stored_type(column: str, found: str) -> str:
    """The type in which a lake stores a column that DuckDB sees as `found`; else `LakeError`."""
    kind = found.upper()
    if kind in _WHOLE:
        return "BIGINT"
    if kind in _REAL or kind.startswith("DECIMAL"):
        return "DOUBLE"
    if kind in _TIMES:
        return "TIMESTAMP"
    if kind.startswith("ENUM") or kind in ('"NULL"', "NULL"):
        return "VARCHAR"
    if kind in VALUE_TYPES:
        return kind
    raise LakeError(
        f"Column {column!r} has type {found}, which a lake does not store; it stores "
        "text, numbers, booleans, dates and timestamps."
    )


def clean(column: str, found: str) -> str:
    """The SQL expression that reads a column as it is stored: trimmed, blank and NaN as NULL."""
    name, target = quoted(column), stored_type(column, found)
    if target == "VARCHAR":
        return trimmed(f"{name}::VARCHAR")
    if target == "DOUBLE":
        return f"nullif({name}::DOUBLE, 'nan'::DOUBLE)"
    # The session time zone is UTC, so a timestamp with zone becomes naive UTC.
    return f"{name}::{target}"


def trimmed(value: str) -> str:
    """The SQL expression that trims a text expression, blank as NULL."""
    # Looking at both ends first is three times as fast as trimming every value.
    return (
        f"CASE WHEN ord({value}) <= 32 OR ord(right({value}, 1)) <= 32 "
        f"THEN nullif(trim({value}, {text(WHITE)}), '') ELSE {value} END"
    )


def humanised(name: str) -> str:
    """A label made of a name: `lead_score` is "Lead score"."""
    words = " ".join(name.replace("_", " ").split())
    return words[:1].upper() + words[1:] or name
