"""Stored values as another type."""

from __future__ import annotations

from segbench.lake.columns import VALUE_TYPES, filled, trimmed
from segbench.lake.values import EXACT, parse, whole


def recast(column: str, old: str, new: str, zone: str) -> str:
    """The expression of a stored value as another stored type, NULL where it is none such."""
    if old == new:
        return column
    if old == "BIGINT" and new == "DOUBLE":
        return f"{column}::DOUBLE"
    if new == "VARCHAR":
        return f"array_to_string({column}, ';')" if old == "VARCHAR[]" else f"{column}::VARCHAR"
    if new == "VARCHAR[]":
        return filled(f"CASE WHEN {column} IS NOT NULL THEN [{column}::VARCHAR] END")
    if old == "VARCHAR[]":
        return f"NULL::{new}"
    value = trimmed(f"{column}::VARCHAR")
    read = whole(value) if new == "BIGINT" else parse(VALUE_TYPES[new], value, zone, told=True)
    return f"({read})::{new}"


def rounds(column: str) -> str:
    """Whether a whole number would be rounded as a float."""
    return f"abs({column}::HUGEINT) > {EXACT}"
