"""Reading the recipients of an export back, from any of them on."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from segbench.audience.written_rows import WrittenRows, json_value, role_values

COUNT = 23


@pytest.fixture
def rows(tmp_path: Path) -> WrittenRows:
    """Three files, each of groups of 4 rows."""
    paths = []
    for start in range(0, COUNT, 10):
        numbers = list(range(start, min(start + 10, COUNT)))
        paths.append(tmp_path / f"{start}.parquet")
        parquet.write_table(pa.table({"n": numbers}), paths[-1], row_group_size=4)
    return WrittenRows(paths)


@pytest.mark.parametrize("size", [1, 3, 10, 100])
def test_every_row_comes_once_from_wherever_it_is_gone_on(rows: WrittenRows, size: int) -> None:
    for start in range(COUNT + 1):
        batches = list(rows.batches(start, size))
        assert [row["n"] for batch in batches for row in batch] == list(range(start, COUNT))
        assert all(len(batch) == size for batch in batches[:-1])
        assert all(batches)


def test_the_columns_are_those_of_the_files(rows: WrittenRows) -> None:
    assert rows.columns == ("n",)


def test_what_cannot_be_a_value_of_its_role_is_left_out() -> None:
    row = {
        "mail": " A@b.co ",
        "tel": "030 123456",
        "born": dt.date(1990, 9, 5),
        "land": "Germany",
        "city": "  ",
        "first": None,
    }
    roles = {"email": ("mail",), "phone": ("tel",), "birthday": ("born",), "country": ("land",)}
    roles |= {"city": ("city",), "first_name": ("first",)}
    assert role_values(row, roles, "") == {
        "email": "A@b.co",
        "phone": "+4930123456",
        "birthday": "1990-09-05",
        "country": "Germany",
    }
    wrong = row | {"mail": "nobody", "tel": "1", "born": "soon"}
    assert role_values(wrong, roles, "") == {"country": "Germany"}


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (None, None),
        (True, True),
        (5, 5),
        (0.5, 0.5),
        (float("nan"), None),
        (float("inf"), None),
        ("a", "a"),
        (["a", None], ["a", None]),
        (dt.date(2026, 10, 23), "2026-10-23"),
        (dt.datetime(2026, 10, 23, 9, 30), "2026-10-23T09:30:00Z"),
    ],
)
def test_values_are_ones_that_json_has(value: Any, plain: Any) -> None:
    assert json_value(value) == plain
