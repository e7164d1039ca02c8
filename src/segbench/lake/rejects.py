"""The rows of files that an import did not take, with the reason for each."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from segbench.lake.connection import text
from segbench.lake.parts import start_parts
from segbench.lake.sources import Malformed, Source
from segbench.lake.stage import Stage
from segbench.model.spreadsheet import FORMULA_STARTS

COLUMNS = ("source", "file", "row", "key", "code", "reason")

HARMLESS = "'missing key', 'no such contact', 'repeated key'"
"""The codes of rows that say nothing of a contact's own, as a list in SQL."""


@cache
def _starts() -> pa.Array:
    # Not while this module is imported: the first array makes pyarrow import pandas.
    return pa.array(FORMULA_STARTS, pa.string())


@dataclass(frozen=True, slots=True)
class Reject:
    """One row that was not taken.

    `row` counts records: 1 is the first one after the header. `key` is as in the file, None where
    it has none. `code` is the kind of reason, the same for all rows with that reason.
    """

    source: str
    file: str
    row: int
    key: str | None
    code: str
    reason: str


def start_rejects(stage: Stage) -> None:
    """Make the stage's empty table of rejects; their rows count on through several files."""
    start_parts(stage)
    stage.connection.execute(
        "CREATE TABLE rejects (source VARCHAR, file VARCHAR, row BIGINT, key VARCHAR, "
        "code VARCHAR, reason VARCHAR)"
    )


def reject_malformed(stage: Stage, name: str, source: Source, key: int) -> None:
    """Put the malformed records of a source among the rejects; `key` is the place of its key."""
    if not source.malformed:
        return
    found = pa.table(
        {
            "row": pa.array([bad.row for bad in source.malformed], pa.int64()),
            "key": pa.array([_key(bad, key) for bad in source.malformed], pa.string()),
            "reason": pa.array([bad.reason for bad in source.malformed], pa.string()),
        }
    )
    stage.connection.register("incoming", found)
    stage.connection.execute(
        f"INSERT INTO rejects SELECT {text(name)}, {text(source.file)}, row, key, "
        "'malformed line', reason FROM incoming"
    )
    stage.connection.unregister("incoming")


def _key(bad: Malformed, place: int) -> str | None:
    if place >= len(bad.values):
        return None
    # What is not UTF-8 came in as lone surrogates, which Arrow does not take.
    return bad.values[place].encode("utf-8", "replace").decode() or None


def read_rejects(stage: Stage) -> pa.Table:
    """All rejects as an Arrow table, in the order of sources and rows, each with its own file."""
    return stage.connection.execute(
        "SELECT r.source, coalesce(p.file, r.file) AS file, row - coalesce(before, 0) AS row, "
        "key, code, reason FROM rejects r ASOF LEFT JOIN parts p "
        "ON r.source = p.source AND r.row > p.before "
        "ORDER BY array_position(['contacts', 'tags', 'events'], r.source), r.row"
    ).to_arrow_table()


def count_reasons(rejects: pa.Table) -> dict[str, int]:
    """The number of rejects by code, most frequent first."""
    counts = {item["values"]: item["counts"] for item in rejects["code"].value_counts().to_pylist()}
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def write_rejects(rejects: pa.Table, path: str | os.PathLike[str]) -> None:
    """Write rejects as CSV; a cell that a spreadsheet would run as a formula gets an apostrophe."""
    safe = rejects
    for place, name in enumerate(rejects.column_names):
        cells = rejects[name]
        if pa.types.is_string(cells.type):
            quoted = pc.binary_join_element_wise("'", cells, "")
            safe = safe.set_column(place, name, pc.if_else(_risky(cells), quoted, cells))
    csv.write_csv(safe, os.fspath(path))


def _risky(cells: pa.ChunkedArray) -> pa.ChunkedArray:
    # A rejected cell is as in its file, and some spreadsheets skip white space in front.
    firsts = (
        pc.utf8_slice_codeunits(each, 0, 1) for each in (cells, pc.utf8_ltrim_whitespace(cells))
    )
    return pc.or_(*(pc.is_in(first, value_set=_starts()) for first in firsts))
