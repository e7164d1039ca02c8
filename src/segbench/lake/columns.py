"""What DuckDB column types mean here, and how values are cleaned on their way in."""

from __future__ import annotations

import re

from segbench.errors import LakeError
from segbench.lake.connection import quoted, text
from segbench.model.catalog import ValueType

WHITE = " \t\n\r\f\v"
"""ASCII white space, trimmed from both ends of every stored text."""

_WHOLE = {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER"}
_REAL = {"FLOAT", "DOUBLE", "UBIGINT", "HUGEINT", "UHUGEINT"}
_ITEMS = re.compile(r"(.+)\[\d*\]", re.DOTALL)
# DuckDB's nfc_normalize cuts text at NUL and drops U+11A7 after a Korean syllable. Neither joins
# with what stands around it, so the text between them is normalised piece by piece.
_MISREAD = ("chr(0)", "chr(4519)")
_TIMES = {"TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS", "TIMESTAMP WITH TIME ZONE"}

VALUE_TYPES: dict[str, ValueType] = {
    "VARCHAR": "text",
    "BIGINT": "number",
    "DOUBLE": "number",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "TIMESTAMP": "datetime",
    "VARCHAR[]": "list",
}
"""The value type of each column type that a lake stores."""


def stored_type(column: str, found: str) -> str:
    """The type in which a lake stores a column that DuckDB sees as `found`; else `LakeError`."""
    kind = found.upper()
    if items := _ITEMS.fullmatch(kind):
        if _is_text(items[1]):
            return "VARCHAR[]"
    elif kind in _WHOLE:
        return "BIGINT"
    elif kind in _REAL or kind.startswith("DECIMAL("):
        return "DOUBLE"
    elif kind in _TIMES:
        return "TIMESTAMP"
    elif _is_text(kind):
        return "VARCHAR"
    elif kind in VALUE_TYPES:
        return kind
    raise LakeError(
        f"Column {column!r} has type {found}, which a lake does not store; it stores "
        "text, numbers, booleans, dates, timestamps and lists of texts."
    )


def _is_text(kind: str) -> bool:
    enum = kind.startswith("ENUM(") and kind.endswith(")")
    return enum or kind in ("VARCHAR", '"NULL"', "NULL")


def clean(column: str, found: str) -> str:
    """The SQL expression that reads a column as it is stored: blank, NaN and no items as NULL."""
    name, target = quoted(column), stored_type(column, found)
    if target == "VARCHAR":
        return normalised(f"{name}::VARCHAR")
    if target == "VARCHAR[]":
        return filled(f"{name}::VARCHAR[]")
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


def normalised(value: str) -> str:
    """The SQL expression that stores a text: trimmed, in Unicode normal form C, blank as NULL."""
    nul, vowel = _MISREAD
    parts = f"[nfc_normalize(part) FOR part IN string_split(piece, {vowel})]"
    pieces = (
        f"[array_to_string({parts}, {vowel}) FOR piece IN string_split({trimmed(value)}, {nul})]"
    )
    return (
        f"CASE WHEN contains({value}, {nul}) OR contains({value}, {vowel}) "
        f"THEN array_to_string({pieces}, {nul}) ELSE nfc_normalize({trimmed(value)}) END"
    )


def filled(items: str) -> str:
    """The SQL expression that stores a list of texts: each normalised, no blank ones, or NULL."""
    return (
        f"nullif([{normalised('item')} FOR item IN ({items}) IF {trimmed('item')} IS NOT NULL], "
        "[]::VARCHAR[])"
    )


def humanised(name: str) -> str:
    """A label made of a name: `lead_score` is "Lead score"."""
    words = " ".join(name.replace("_", " ").split())
    return words[:1].upper() + words[1:] or name
