"""Import: CSV and Parquet files become the next snapshot of a lake, in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from segbench.errors import ImportRefused
from segbench.lake import rejects as rejected
from segbench.lake.changes import Changes, columns_of
from segbench.lake.intake import Intake, Told, require_sense
from segbench.lake.lake import Lake
from segbench.lake.mapping import Mapping
from segbench.lake.merge import (
    match_contacts,
    match_events,
    match_tags,
    write_changes,
)
from segbench.lake.report import FilePath, ImportReport, refusal
from segbench.lake.snapshot import Snapshot
from segbench.lake.sources import read_source
from segbench.lake.stage import FIXED, Stage


def import_files(
    lake: Lake,
    *,
    contacts: FilePath | None = None,
    tags: FilePath | None = None,
    events: FilePath | None = None,
    mapping: Mapping | None = None,
    strict: bool = False,
    time_zone: str = "UTC",
    tag_separator: str | None = None,
    list_separator: str | None = None,
    dry_run: bool = False,
    progress: Callable[[str], None] | None = None,
) -> ImportReport:
    """Bring files into a lake as its next snapshot and report what happened to every row.

    A contact whose key the lake knows is updated in the columns that the file has, a blank cell
    clearing the value; other fields stay. Times without an offset are in `time_zone`. With
    `strict`, any rejected row refuses the whole import. `progress` gets the name of each step.

    A contact has a tag once, with the last known time at which it was given. The mapping types a
    column of CSV as a list, unless its cells are JSON arrays or the lake has it as one. Between the
    items of a list stands `list_separator`; where none is told, `;` in a column that has any, else
    `|`. Blank items are dropped, and a list without items is no value.

    `ImportRefused` for files, columns or types that do not fit; nothing is written then.
    """
    given = {"contacts": contacts, "tags": tags, "events": events}
    files = {name: Path(path) for name, path in given.items() if path is not None}
    if not files:
        raise ImportRefused("Nothing to import; give contacts, tags or events.")
    require_sense(mapping or {}, time_zone)
    with lake.stage() as stage, lake.snapshot() as base:
        told = Told(mapping or {}, time_zone, tag_separator or None, list_separator or None)
        steps = _Import(lake, stage, base, told, progress or (lambda _: None))
        for name, path in files.items():
            steps.read(name, path)
        return steps.finish(strict, dry_run)


class _Import:
    """One import under way: files are read one after another, then written together."""

    def __init__(
        self,
        lake: Lake,
        stage: Stage,
        base: Snapshot,
        told: Told,
        progress: Callable[[str], None],
    ) -> None:
        self.lake, self.stage, self.base, self.progress = lake, stage, base, progress
        self.intake = Intake(stage, base, told)

    def read(self, name: str, path: Path) -> None:
        """Read one file into its typed table."""
        self.progress(f"reading {path.name}")
        source = read_source(self.stage, name, path)
        self.intake.take(name, source, self.intake.resolve(name, source.header, source.file))

    def finish(self, strict: bool, dry_run: bool) -> ImportReport:
        """Match what was read with the lake, write it, and report."""
        self.intake.require_told()
        self.progress("matching")
        value, changes = self.stage.value, self._match()
        already = changes.pop("already", 0)
        refused = rejected.read_rejects(self.stage)
        reasons = rejected.count_reasons(refused)
        if strict and refused.num_rows:
            raise ImportRefused(refusal(refused, reasons))
        contacts, tags, events = (name in self.intake.sources for name in FIXED)
        added = value("SELECT count(*) FROM added") if contacts else 0
        updated = value("SELECT count(*) FROM changed") if contacts else 0
        typed = value("SELECT count(*) FROM typed_contacts") if contacts else 0
        new_tags = value("SELECT count(*) FROM new_tags") if tags else 0
        later_tags = value("SELECT count(*) FROM later_tags") if tags else 0
        new_events = value("SELECT count(*) FROM new_events") if events else 0
        snapshot = None
        new_columns = any(change.new for change in changes.values())
        new_tags_or_times = new_tags or later_tags
        if not dry_run and (added or updated or new_tags_or_times or new_events or new_columns):
            self.progress("writing")
            snapshot = self._write(changes, tags)
        return ImportReport(
            added,
            updated,
            typed - added - updated,
            new_tags,
            new_events,
            already,
            self.intake.types,
            {name: columns.as_dict(name) for name, columns in self.intake.columns.items()},
            self.intake.renamed(),
            reasons,
            refused,
            snapshot,
            dry_run,
            later_tags,
        )

    def _match(self) -> dict[str, Any]:
        stage, base, sources = self.stage, self.base, self.intake.sources
        stored, separator = self.intake.stored, self.intake.told.tag_separator
        found: dict[str, Any] = {}
        if source := sources.get("contacts"):
            found["contacts"] = columns_of(stage, "contacts", stored["contacts"])
            match_contacts(stage, base, source.file, found["contacts"])
        if source := sources.get("tags"):
            match_tags(stage, base, source.file, separator)
        if source := sources.get("events"):
            found["events"] = columns_of(stage, "events", stored["events"])
            found["already"] = match_events(
                stage, base, source.file, found["events"], stored["events"]
            )
        return found

    def _write(self, changes: dict[str, Changes], tags: bool) -> int:
        files = ", ".join(source.file for source in self.intake.sources.values())
        contacts, events = changes.get("contacts"), changes.get("events")
        return self.lake.write(
            lambda cursor: write_changes(cursor, self.base, contacts, events, tags),
            f"imported {files}",
        )
