"""From where on a table of a source is read, and up to where it has been read afterwards."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from segbench.errors import ImportRefused, near_names, offer
from segbench.lake.intake import Intake
from segbench.lake.mapping import Columns
from segbench.lake.relations import Narrowing, Relation
from segbench.lake.sources import Source
from segbench.lake.sync_state import Standing
from segbench.lake.watermarks import (
    Mark,
    Marked,
    drop_read,
    kind_of,
    next_mark,
    read_marked,
    start_marks,
)

NO_OVERLAP = dt.timedelta(0)


@dataclass(frozen=True)
class Wishes:
    """How to sync.

    `watermark` is the column that grows with every change, by table. Where one name is `shared` by
    all, events without it go by their time, and tags without it are read as a whole. `full` reads
    everything as a whole, and still notes how far that was. `drop` says whether columns that
    vanished are dropped; None refuses them. `now` is aware.
    """

    now: dt.datetime
    watermark: Mapping[str, str]
    shared: bool
    full: bool
    deleted: str | None
    overlap: dt.timedelta
    retype: bool
    drop: bool | None
    allow_empty: bool
    strict: bool
    dry_run: bool


@dataclass(frozen=True)
class TableMarks:
    """The watermark of one table: what was wished, and where the sync before left it."""

    intake: Intake
    wishes: Wishes
    table: str
    relation: Relation
    before: Standing

    def narrowing(self) -> Narrowing | None:
        """What the watermark leaves to read, where the source can leave out the rest."""
        if self.table not in self.wishes.watermark:
            return None
        header = self.relation.columns(self.intake.stage)
        if header is None:
            return None
        columns = self.intake.resolve(self.table, list(header), self.relation.label)
        column = self._column(list(header), columns, self.relation.label)
        kind = kind_of(header[column]) if column else None
        since = self._since(column, kind) if column and kind else None
        if column is None or since is None:
            return None
        newcomers = self.intake.stage.connection.execute("SELECT key FROM newcomers").fetchall()
        return Narrowing(column, since, columns.roles["key"], tuple(row[0] for row in newcomers))

    def find(self, source: Source, columns: Columns) -> Marked | None:
        """The watermark column of the source; None where it is read as a whole."""
        column = self._column(source.header, columns, source.file)
        if column is None:
            return None
        return read_marked(self.intake.stage, source, column, self.intake.told.zone)

    def drop_read(self, source: Source, columns: Columns, marked: Marked) -> None:
        """Drop the rows that were read before, and note the marks of all."""
        start_marks(self.intake.stage, self.table, source, marked)
        if since := self._since(marked.column, marked.kind):
            drop_read(self.intake.stage, self.table, source, columns.roles["key"], since)

    def after(self, marked: Marked | None) -> tuple[str, str, Mark | None]:
        """What was read, the watermark column and its mark, once the table is matched."""
        before, asked = self.before, self.relation.asked
        old = before.mark if before.asked == asked else None
        column, mark = before.mark_column, old
        if marked is not None:
            old = old if before.mark_column == marked.column else None
            stage, zone = self.intake.stage, self.intake.told.zone
            mark = next_mark(stage, self.table, marked, old, self.wishes.now, zone)
            column = marked.column
        return (asked, column, mark) if mark else ("", "", None)

    def _column(self, header: list[str], columns: Columns, label: str) -> str | None:
        wish = self.wishes.watermark.get(self.table)
        if wish is None or wish in header:
            return wish
        if self.wishes.shared and self.table != "contacts":
            return columns.roles["at"] if self.table == "events" else None
        raise ImportRefused(
            f"{label} has no column {wish!r} for the watermark{offer(near_names(wish, header))} "
            f"Its columns are {', '.join(header)}."
        )

    def _since(self, column: str, kind: str) -> Mark | None:
        """The mark to read from; None where everything is to be read."""
        known, before = self.before.mark, self.before
        if self.wishes.full or known is None or known.kind != kind:
            return None
        if (before.asked, before.mark_column) != (self.relation.asked, column):
            return None
        return known.less(self.wishes.overlap)
