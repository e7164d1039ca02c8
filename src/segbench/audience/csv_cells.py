"""Cells of a CSV file: values as text, and text that no spreadsheet takes for a formula."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from segbench.errors import ExportError
from segbench.model.spreadsheet import FORMULA_STARTS

APOSTROPHE = "'"


@cache
def _starts() -> pa.Array:
    # Not while this module is imported: the first array makes pyarrow import pandas.
    return pa.array(FORMULA_STARTS, pa.string())


def csv_schema(schema: pa.Schema) -> pa.Schema:
    """The columns as the CSV writer gets them: headers neutralised, times as text.

    `ExportError` names a column of a type that a CSV cell cannot hold.
    """
    return pa.schema([(neutral_header(field.name), _cell_type(field)) for field in schema])


def csv_batch(batch: pa.RecordBatch, schema: pa.Schema) -> tuple[pa.RecordBatch, int]:
    """The batch with cells as `csv_schema` has them, and how many were neutralised."""
    cells: list[pa.Array] = []
    neutralised = 0
    for column, field in zip(batch.columns, schema, strict=True):
        if pa.types.is_timestamp(column.type):
            cells.append(iso_times(column))
            continue
        if _is_list(column.type):
            column = joined_items(column)
        if pa.types.is_string(field.type):
            safe, count = neutral_text(column.cast(pa.string()))
            cells.append(safe)
            neutralised += count
        else:
            cells.append(column.cast(field.type))
    if len(cells) == 1 and pa.types.is_string(schema[0].type):
        # A row of one missing cell would be an empty line, which readers skip.
        cells = [pc.fill_null(cells[0], "")]
    return pa.record_batch(cells, schema=schema), neutralised


def neutral_header(name: str) -> str:
    """The column name with an apostrophe in front where it would start a formula."""
    return APOSTROPHE + name if name.startswith(FORMULA_STARTS) else name


def neutralised_headers(names: Sequence[str]) -> int:
    """How many of the column names get an apostrophe."""
    return sum(name.startswith(FORMULA_STARTS) for name in names)


def neutral_text(column: pa.StringArray) -> tuple[pa.StringArray, int]:
    """The texts with an apostrophe in front of each that starts like a formula, and how many."""
    risky = pc.is_in(pc.utf8_slice_codeunits(column, 0, 1), value_set=_starts())
    count = risky.true_count
    if not count:
        return column, 0
    marked = pc.binary_join_element_wise(APOSTROPHE, column, "")
    return pc.if_else(risky, marked, column), count


def iso_times(column: pa.TimestampArray) -> pa.StringArray:
    """The instants as ISO 8601 text in UTC, `2026-10-23T09:30:00Z`; fractions where there are."""
    unit = column.type.unit
    instants = column.cast(pa.timestamp(unit))
    whole = instants.cast(pa.timestamp("s"), safe=False)
    fractions = pc.any(pc.not_equal(whole.cast(instants.type), instants)).as_py()
    text = (instants if fractions else whole).cast(pa.string())
    if fractions:
        # Cell by cell, so that a value reads the same whatever batch it is in.
        text = pc.replace_substring_regex(text, r"\.0+$", "")
    text = pc.replace_substring(text, " ", "T", max_replacements=1)
    return pc.binary_join_element_wise(text, "Z", "")


def joined_items(column: pa.Array) -> pa.StringArray:
    """The lists as text, `a;b`; a JSON array where items have what an import would split at."""
    lists = column.cast(pa.list_(pa.string()))
    if not pc.any(pc.match_substring_regex(lists.flatten(), r"[;|\[\]]")).as_py():
        return pc.binary_join(lists, ";")
    cells = [None if row is None else _joined(row) for row in lists.to_pylist()]
    return pa.array(cells, pa.string())


def _joined(items: list[str]) -> str:
    text = ";".join(items)
    plain = not any(";" in item or "|" in item for item in items)
    if plain and not (text.startswith("[") and text.endswith("]")):
        return text
    return json.dumps(items, ensure_ascii=False)


def _cell_type(field: pa.Field) -> Any:
    kind = field.type.value_type if pa.types.is_dictionary(field.type) else field.type
    if pa.types.is_timestamp(kind) or _is_text(kind) or _is_list(kind):
        return pa.string()
    if (
        pa.types.is_null(kind)
        or pa.types.is_boolean(kind)
        or pa.types.is_integer(kind)
        or pa.types.is_floating(kind)
        or pa.types.is_decimal(kind)
        or pa.types.is_date(kind)
    ):
        return kind
    raise ExportError(f"Column {field.name!r} has type {kind}, which a CSV cell cannot hold.")


def _is_list(kind: pa.DataType) -> bool:
    lists = pa.types.is_list(kind) or pa.types.is_large_list(kind)
    return bool(lists and _is_text(kind.value_type))


def _is_text(kind: pa.DataType) -> bool:
    return bool(
        pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)
    )
