"""One sync under way: tables are read and matched one after another, then written together."""

from __future__ import annotations

import pyarrow as pa

from segbench.errors import ImportRefused, near_names, offer
from segbench.lake import rejects as rejected
from segbench.lake.changes import Changes, columns_of
from segbench.lake.deletion_marks import mark_deleted
from segbench.lake.intake import Intake
from segbench.lake.lake import Lake
from segbench.lake.merge import compare_contacts
from segbench.lake.relations import Relation
from segbench.lake.renumbering import start_numbering
from segbench.lake.report import refusal
from segbench.lake.sources import Source
from segbench.lake.sync_columns import require_lossless, settle_vanished
from segbench.lake.sync_marks import TableMarks, Wishes
from segbench.lake.sync_matching import (
    match_events,
    match_people,
    match_tags,
    set_deleted_apart,
    unsure,
)
from segbench.lake.sync_report import SyncReport
from segbench.lake.sync_state import Standing, read_standings
from segbench.lake.sync_writing import Counts, count_changes, write_sync


class SyncRun:
    """What has been read so far, and how it differs from the lake."""

    def __init__(self, lake: Lake, intake: Intake, name: str, wishes: Wishes) -> None:
        self.lake, self.intake, self.name, self.wishes = lake, intake, name, wishes
        self.stage, self.base = intake.stage, intake.base
        self.before = read_standings(self.base, name)
        self.after: dict[str, Standing] = {}
        self.changes: dict[str, Changes] = {}
        self.whole: list[str] = []
        start_numbering(self.stage)

    def read(self, table: str, relation: Relation) -> None:
        """Read one table of the source and work out what it changes."""
        before = self.before.get(table, Standing())
        marks = TableMarks(self.intake, self.wishes, table, relation, before)
        source = relation.read(self.stage, table, marks.narrowing())
        columns = self.intake.resolve(table, source.header, source.file)
        marked = marks.find(source, columns)
        whole = marked is None or self.wishes.full
        if whole:
            self._require_rows(table, source)
            self.whole.append(table)
        if marked:
            marks.drop_read(source, columns, marked)
        zone = self.intake.told.zone
        mark_deleted(self.stage, table, source, self.wishes.deleted, zone)
        self.intake.take(table, source, columns)
        set_deleted_apart(self.stage, table)
        kept = self._match(table, before, whole)
        own = tuple(columns.fields.values())
        self.after[table] = Standing(*marks.after(marked), own, kept)

    def _require_rows(self, table: str, source: Source) -> None:
        """`ImportRefused` where an empty table would delete all that the lake has."""
        if self.wishes.allow_empty or source.malformed:
            return
        if self.stage.value(f"SELECT count(*) FROM (FROM {source.table} LIMIT 1)"):
            return
        count = self.base.rows(f"SELECT count(*) FROM {table}")[0][0]
        if count:
            raise ImportRefused(
                f"{source.file} has no rows, and the lake has {count:,} {table}. Nothing was "
                f"written; to delete all of them, allow it (segbench sync --allow-empty)."
            )

    def _match(self, table: str, before: Standing, whole: bool) -> tuple[str, ...]:
        """Work out what a table changes; returns the columns that are kept without a source."""
        if table == "contacts":
            match_people(self.intake, self.base, whole)
        if table == "tags":
            match_tags(self.intake, self.base, whole)
            return ()
        dropped, kept = settle_vanished(self.intake, table, before, self.wishes.drop)
        stored = self.intake.stored[table]
        changes = columns_of(self.stage, table, stored, self.intake.told.zone, dropped)
        self.changes[table] = changes
        if table == "contacts":
            compare_contacts(self.stage, self.base, changes)
        else:
            match_events(self.intake, self.base, whole, changes)
        require_lossless(self.intake, self.base, table, changes, whole, self.wishes.retype)
        return kept

    def finish(self) -> SyncReport:
        """Write what changes, and report."""
        self.intake.require_told()
        self._require_deleted()
        refused = rejected.read_rejects(self.stage)
        reasons = rejected.count_reasons(refused)
        if self.wishes.strict and refused.num_rows:
            raise ImportRefused(refusal(refused, reasons))
        counts = count_changes(self.stage, self.intake.sources)
        snapshot = None
        if not self.wishes.dry_run and self._changes_anything(counts):
            snapshot = self.lake.write(
                lambda cursor: write_sync(
                    *(cursor, self.base, counts, self.changes, self.name, self.after)
                ),
                f"synced {self.name}",
            )
        return self._report(counts, refused, reasons, snapshot)

    def _changes_anything(self, counts: Counts) -> bool:
        known = {table: self.before.get(table) for table in self.after}
        columns = any(changes.any for changes in self.changes.values())
        return counts.any or columns or known != self.after

    def _require_deleted(self) -> None:
        column = self.wishes.deleted
        known = [name for source in self.intake.sources.values() for name in source.header]
        if column is not None and column not in known:
            raise ImportRefused(
                f"No table of {self.name} has the column {column!r} that marks what is deleted"
                f"{offer(near_names(column, known))}"
            )

    def _report(
        self, counts: Counts, refused: pa.Table, reasons: dict[str, int], snapshot: int | None
    ) -> SyncReport:
        intake, changes = self.intake, self.changes
        return SyncReport(
            self.name,
            added=counts.added,
            updated=counts.updated,
            unchanged=counts.given - counts.added - counts.updated,
            deleted=counts.deleted,
            tags_added=counts.new_tags,
            tags_removed=counts.gone_tags,
            tags_retimed=counts.later_tags,
            events_added=counts.new_events,
            events_removed=counts.gone_events,
            new_columns={t: c.added_types for t, c in changes.items() if c.new},
            retyped={t: c.other_types for t, c in changes.items() if c.retyped},
            dropped={t: c.dropped for t, c in changes.items() if c.dropped},
            kept={t: after.kept for t, after in self.after.items() if after.kept},
            spared=tuple(t for t in self.whole if unsure(self.stage, t)),
            whole=tuple(self.whole),
            watermarks={t: str(after.mark) for t, after in self.after.items() if after.mark},
            types=intake.types,
            mapping={t: columns.as_dict(t) for t, columns in intake.columns.items()},
            renamed=intake.renamed(),
            reasons=reasons,
            rejects=refused,
            snapshot=snapshot,
            dry_run=self.wishes.dry_run,
        )
