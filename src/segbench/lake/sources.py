"""Files as raw tables of the stage: every record with its number, malformed ones apart.

Rows are numbered as records: 1 is the first one after the header, a record with quoted line breaks
is one, blank lines are none. DuckDB reads a well-formed CSV file in parallel. Where it finds a
malformed record, its line numbers do not tell how many blank lines it skipped, so the file is read
again by Python's `csv`, which numbers every record exactly.
"""

from __future__ import annotations

import csv
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pyarrow as pa

from segbench.errors import ImportRefused
from segbench.lake.connection import text
from segbench.lake.stage import Stage

DELIMITERS = ",;\t|"
_AS_TEXT = {"UUID", "JSON", "INTERVAL", "BIT", "TIME", "TIME_NS", "TIME WITH TIME ZONE"}
"""Types that no lake stores, whose values are kept as the texts that stand for them."""
_CHUNK = 50_000

NUMBERED = "file_row_number"
"""The option of DuckDB's Parquet reader, and the name of the column that it adds."""


@dataclass(frozen=True, slots=True)
class Malformed:
    """A record that is no row, why, and the values that it has nevertheless."""

    row: int
    reason: str
    values: list[str]


@dataclass(frozen=True)
class Source:
    """One file in the stage: a table with the columns `row`, `c0`, `c1`, ... and the header.

    `types` are the DuckDB types; `malformed` are the records that are no rows; `typed` files
    have types of their own. Where several files make one source, `parts` has each file's name and
    the number of rows before it.
    """

    file: str
    table: str
    header: list[str]
    types: list[str]
    malformed: list[Malformed] = field(default_factory=list)
    typed: bool = False
    parts: tuple[tuple[str, int], ...] = ()


def read_source(stage: Stage, name: str, path: Path) -> Source:
    """Read a CSV or Parquet file into the stage; `ImportRefused` where it is neither."""
    if not path.is_file():
        raise ImportRefused(f"There is no file {path}.")
    try:
        if _is_parquet(path):
            return _read_parquet(stage, name, path)
        return _read_csv(stage, name, path)
    except duckdb.Error as error:
        raise ImportRefused(f"{path.name} cannot be read: {error}") from error


def _is_parquet(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == b"PAR1"


def _read_parquet(stage: Stage, name: str, path: Path) -> Source:
    source = f"read_parquet({text(str(path))})"
    found = stage.connection.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()
    types = {row[0]: row[1] for row in found}
    if NUMBERED in types:
        return typed_source(stage, name, path.name, source, types)
    numbered = f"read_parquet({text(str(path))}, {NUMBERED} = true)"
    return typed_source(stage, name, path.name, numbered, types, numbered=True)


def typed_source(
    stage: Stage,
    name: str,
    label: str,
    relation: str,
    types: dict[str, str],
    *,
    numbered: bool = False,
) -> Source:
    """Read what DuckDB sees as a table with types; columns of types that texts stand for as text.

    `relation` is the SQL of the table, `types` its columns in their order. Where it is `numbered`,
    a last column has the number of each row, from 0: counting them takes twice as long.
    """
    names = ", ".join([*(f"c{i}" for i in range(len(types))), *(["number"] if numbered else [])])
    row = "number + 1" if numbered else "row_number() OVER ()"
    found = ["VARCHAR" if kind.upper() in _AS_TEXT else kind for kind in types.values()]
    selected = ", ".join(
        f"c{i}" if kind == was else f"c{i}::{kind} AS c{i}"
        for i, (kind, was) in enumerate(zip(found, types.values(), strict=True))
    )
    stage.connection.execute(
        f"CREATE TABLE raw_{name} AS SELECT {row} AS row, {selected} "
        f"FROM {relation} AS source({names})"
    )
    return Source(label, f"raw_{name}", list(types), found, typed=True)


def _read_csv(stage: Stage, name: str, path: Path) -> Source:
    header, delimiter = read_header(path)
    table = f"raw_{name}"
    types = ["VARCHAR"] * len(header)
    columns = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(len(header)))
    rejects = f"{name}_errors"
    try:
        # A row number from a window keeps the file's order.
        stage.connection.execute(
            f"CREATE OR REPLACE TABLE {table} AS SELECT row_number() OVER () AS row, * "
            f"FROM read_csv({text(str(path))}, auto_detect = false, header = true, "
            f"columns = {{{columns}}}, delim = {text(delimiter)}, quote = '\"', escape = '\"', "
            f"store_rejects = true, rejects_table = '{rejects}', rejects_scan = '{name}_scans')"
        )
        clean = not stage.value(f"SELECT count(*) FROM temp.{rejects}")
    except (duckdb.InvalidInputException, duckdb.IOException):
        clean = False
    malformed = [] if clean else _read_exactly(stage, table, path, len(header), delimiter)
    return Source(path.name, table, header, types, malformed)


def read_header(path: Path) -> tuple[list[str], str]:
    """The column names of a CSV file and its delimiter: the one that splits the header most."""
    try:
        found = {
            delimiter: next(csv.reader(_lines(path), delimiter=delimiter), [])
            for delimiter in DELIMITERS
        }
    except csv.Error as error:
        raise ImportRefused(f"{path.name} is neither Parquet nor CSV: {error}.") from error
    delimiter = max(DELIMITERS, key=lambda candidate: len(found[candidate]))
    header = [column.strip() for column in found[delimiter]]
    if _fault(header, len(header)):
        raise ImportRefused(f"{path.name} is neither Parquet nor CSV in UTF-8.")
    if not any(header):
        raise ImportRefused(f"{path.name} has no header line with the names of its columns.")
    twice = sorted({column for column in header if column and header.count(column) > 1})
    if twice:
        raise ImportRefused(f"{path.name} has the column {twice[0]!r} more than once.")
    return header, delimiter


def _lines(path: Path) -> Iterator[str]:
    # Bytes that are not UTF-8 become lone surrogates, so that only their own record is lost.
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
        yield from file


def _read_exactly(
    stage: Stage, table: str, path: Path, width: int, delimiter: str
) -> list[Malformed]:
    names = [f"c{i}" for i in range(width)]
    body = ", ".join(f"{name} VARCHAR" for name in names)
    stage.connection.execute(f"CREATE OR REPLACE TABLE {table} (row BIGINT, {body})")
    malformed: list[Malformed] = []
    records = _records(path, width, delimiter, malformed)
    while chunk := list(itertools.islice(records, _CHUNK)):
        numbers, *columns = zip(*chunk, strict=True)
        arrays = [pa.array(numbers, pa.int64()), *(pa.array(c, pa.string()) for c in columns)]
        stage.connection.register("incoming", pa.table(arrays, names=["row", *names]))
        stage.connection.execute(f"INSERT INTO {table} SELECT * FROM incoming")
        stage.connection.unregister("incoming")
    return malformed


def _records(
    path: Path, width: int, delimiter: str, malformed: list[Malformed]
) -> Iterator[tuple[int | str, ...]]:
    """The well-formed records after the header, each with its number; the others go aside."""
    reader = csv.reader(_lines(path), delimiter=delimiter, strict=True)
    next(reader)
    number = 0
    while True:
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            number += 1
            malformed.append(Malformed(number, f"malformed line: {error}", []))
            continue
        if not record and width > 1:
            continue
        number += 1
        reason = _fault(record or [""], width)
        if reason:
            malformed.append(Malformed(number, f"malformed line: {reason}", record))
        else:
            yield (number, *(record or [""]))


def _fault(record: list[str], width: int) -> str | None:
    if len(record) != width:
        return f"{len(record)} values where the header has {width} columns"
    whole = "".join(record)
    if not whole.isascii() and any("\udc80" <= mark <= "\udcff" for mark in whole):
        return "not UTF-8"
    return None
