"""Watermarks: how far a source has been read, by a column that grows with every change.

A mark is a whole number: the microseconds since 1970 of a time, or the number itself. Rows equal to
the mark are read again, since others may have got the same value after it was taken; so are rows
without a value. The mark never passes a row that was rejected for what is in it, nor the present:
such a row would never be read again once it is right. Rows of contacts that the lake did not know
are read again when it gets to know them.
"""

from __future__ import annotations

import datetime as dt
import zoneinfo
from dataclasses import dataclass

from segbench.errors import ImportRefused, near_names, offer
from segbench.lake.columns import trimmed
from segbench.lake.connection import text
from segbench.lake.rejects import HARMLESS
from segbench.lake.sources import Source
from segbench.lake.stage import Stage
from segbench.lake.values import all_whole, infer, parse, whole

EPOCH = dt.datetime(1970, 1, 1)
_WHOLE = {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER"}
_LOCAL = {"TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS"}


@dataclass(frozen=True, slots=True)
class Mark:
    """How far a column has been read.

    `kind` is "instant" (UTC), "local" (a time without a zone, as it is in the source), "date" or
    "whole" (a number).
    """

    kind: str
    value: int

    @property
    def moment(self) -> dt.datetime:
        """The time that it stands for, naive."""
        return EPOCH + dt.timedelta(microseconds=self.value)

    def __str__(self) -> str:
        if self.kind == "whole":
            return str(self.value)
        if self.kind == "date":
            return f"{self.moment:%Y-%m-%d}"
        return self.moment.isoformat(" ") + (" UTC" if self.kind == "instant" else "")

    def less(self, overlap: dt.timedelta) -> Mark:
        """The mark from which to read where rows may come late by `overlap`."""
        if overlap and self.kind == "whole":
            raise ImportRefused("An overlap is a time, and the watermark column holds numbers.")
        return Mark(self.kind, self.value - overlap // dt.timedelta(microseconds=1))


@dataclass(frozen=True, slots=True)
class Marked:
    """A watermark column: its name, what kind of marks it has, and the SQL that reads one."""

    column: str
    kind: str
    sql: str


def kind_of(found: str) -> str | None:
    """The kind of marks in a column of a DuckDB type; None where it is none or a text."""
    kind = found.upper()
    if kind == "TIMESTAMP WITH TIME ZONE":
        return "instant"
    if kind in _LOCAL:
        return "local"
    if kind == "DATE":
        return "date"
    return "whole" if kind in _WHOLE else None


def read_marked(stage: Stage, source: Source, column: str, zone: str) -> Marked:
    """The watermark column of a source; `ImportRefused` where it is none."""
    if column not in source.header:
        raise ImportRefused(
            f"{source.file} has no column {column!r} for the watermark"
            f"{offer(near_names(column, source.header))} "
            f"Its columns are {', '.join(source.header)}."
        )
    place = source.header.index(column)
    found, value = source.types[place], f"c{place}"
    kind = kind_of(found)
    if kind == "whole":
        return Marked(column, kind, f"{value}::BIGINT")
    if kind is not None:
        naive = f"timezone('UTC', {value})" if kind == "instant" else f"{value}::TIMESTAMP"
        return Marked(column, kind, _microseconds(naive))
    if found == "VARCHAR":
        raw = trimmed(value)
        inferred = infer(stage, source.table, {column: raw}, zone)[column]
        if inferred in ("date", "datetime", None):
            return Marked(column, "instant", _microseconds(parse("datetime", raw, zone)))
        if inferred == "number" and all_whole(stage, source.table, raw):
            return Marked(column, "whole", whole(raw))
    raise ImportRefused(
        f"Column {column!r} of {source.file} cannot be a watermark: it holds neither times nor "
        "whole numbers. Name a column that grows with every change."
    )


def _microseconds(naive: str) -> str:
    # Infinite times have no microseconds; without a mark they are read every time.
    return f"CASE WHEN isfinite({naive}) THEN epoch_us({naive}) END"


def start_marks(stage: Stage, name: str, source: Source, marked: Marked) -> None:
    """Make `marks_<name>`: the mark of each row of a source."""
    stage.connection.execute(
        f"CREATE TABLE marks_{name} AS SELECT row, {marked.sql} AS mark FROM {source.table}"
    )


def drop_read(stage: Stage, name: str, source: Source, key: str, since: Mark) -> None:
    """Drop the rows of a source below a mark, but for those of the `newcomers`, by key."""
    place = f"c{source.header.index(key)}"
    stage.connection.execute(
        f"DELETE FROM {source.table} WHERE row IN "
        f"(SELECT row FROM marks_{name} WHERE mark < {since.value}) "
        f"AND coalesce({trimmed(f'{place}::VARCHAR')} NOT IN (SELECT key FROM newcomers), true)"
    )


def next_mark(
    stage: Stage, name: str, marked: Marked, before: Mark | None, now: dt.datetime, zone: str
) -> Mark | None:
    """The mark after a sync; `before` is the one it began with, `now` aware."""
    bad = f"FROM rejects WHERE source = {text(name)} AND code NOT IN ({HARMLESS})"
    lost = stage.value(f"SELECT count(*) {bad} AND row NOT IN (SELECT row FROM marks_{name})")
    found = stage.connection.execute(
        f"SELECT max(mark), min(mark) FILTER (row IN (SELECT row {bad})) FROM marks_{name}"
    ).fetchone()
    newest, held = found or (None, None)
    if newest is None or lost:
        return before
    known = before.value if before and before.kind == marked.kind else int(newest)
    value = max(int(newest), known)
    if marked.kind != "whole":
        # A source with times yet to come must not keep those of today from being read.
        local = now.astimezone(dt.UTC if marked.kind == "instant" else zoneinfo.ZoneInfo(zone))
        value = min(value, (local.replace(tzinfo=None) - EPOCH) // dt.timedelta(microseconds=1))
    return Mark(marked.kind, value if held is None else min(value, int(held)))
