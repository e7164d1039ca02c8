"""Lists of texts in the cells of a file: a JSON array, or items with a separator between them."""

from __future__ import annotations

from segbench.lake.connection import text
from segbench.lake.stage import Stage

SEPARATORS = (";", "|")
"""What stands between items, the first of these that a column has, unless another is told."""

_REFUSED = "['ARRAY', 'OBJECT', 'DOUBLE']"
"""JSON items that are no text as written: numbers with a fraction would be written anew."""


def find_separator(stage: Stage, table: str, value: str) -> str:
    """The separator of a column of texts; `value` is the expression of its trimmed text."""
    for separator in SEPARATORS[:-1]:
        has = f"NOT {_is_array(value)} AND contains({value}, {text(separator)})"
        if stage.value(f"SELECT count(*) FROM {table} WHERE {has}"):
            return separator
    return SEPARATORS[-1]


def read_items(value: str, separator: str) -> str:
    """The expression of the items in a trimmed text, NULL where it is no list.

    A text in square brackets must be a JSON array: split, it would keep brackets and quotes.
    """
    return (
        f"CASE WHEN {_is_array(value)} THEN {read_array(value)} "
        f"ELSE string_split({value}, {text(separator)}) END"
    )


def read_array(value: str) -> str:
    """The expression of the items of a JSON array, NULL where the text is none."""
    return (
        f"CASE WHEN {_is_array(value)} AND json_valid({value}) "
        f"AND NOT list_has_any(json_type({value}, '$[*]'), {_REFUSED}) "
        f"THEN from_json({value}, '[\"VARCHAR\"]') END"
    )


def _is_array(value: str) -> str:
    return f"(starts_with({value}, '[') AND ends_with({value}, ']'))"
