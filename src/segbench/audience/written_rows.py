"""The recipients of an export, read back from its Parquet files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pyarrow import parquet

from segbench.audience.formats.cleaning import day_of, emails, home, phones, plain, texts
from segbench.audience.formats.roles import Roles


class WrittenRows:
    """The rows of several Parquet files, one behind the other."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self._paths = tuple(paths)

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(parquet.read_schema(self._paths[0]).names)

    def batches(self, start: int, size: int) -> Iterator[list[dict[str, Any]]]:
        """The rows from the n-th on, in lists of a size; the last one may be shorter."""
        held: list[dict[str, Any]] = []
        for row in self._rows(start):
            held.append(row)
            if len(held) == size:
                yield held
                held = []
        if held:
            yield held

    def _rows(self, start: int) -> Iterator[dict[str, Any]]:
        for path in self._paths:
            with parquet.ParquetFile(path) as file:
                groups = range(file.metadata.num_row_groups)
                sizes = [file.metadata.row_group(group).num_rows for group in groups]
                kept: list[int] = []
                for group, rows in zip(groups, sizes, strict=True):
                    # Whole groups that are behind us are not read at all.
                    if start >= rows and not kept:
                        start -= rows
                    else:
                        kept.append(group)
                for batch in file.iter_batches(2_048, row_groups=kept) if kept else ():
                    if start >= batch.num_rows:
                        start -= batch.num_rows
                        continue
                    yield from batch.slice(start).to_pylist()
                    start = 0


def role_values(row: Mapping[str, Any], roles: Roles, region: str) -> dict[str, str]:
    """The cleaned values of a row by role; what cannot be one is left out.

    Phone numbers are in E.164, dates of birth as YYYY-MM-DD.
    """
    values: dict[str, str] = {}
    for role in roles:
        if role == "email":
            found = emails(row, roles)[0]
        elif role in ("phone", "sms"):
            found = phones(row, roles, home(row, roles, region), role)[0]
        elif role == "birthday":
            value = row[roles[role][0]]
            day = None if value is None else day_of(value)
            found = [day.isoformat()] if day else []
        else:
            found = texts(row, roles, role)
        if found:
            values[role] = found[0]
    return values


def json_value(value: Any) -> Any:
    """A value as JSON has it: numbers, true and false and lists as they are, times as text."""
    if isinstance(value, list):
        return [json_value(item) for item in value]
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return value if value == value and abs(value) != float("inf") else None
    return plain(value)
