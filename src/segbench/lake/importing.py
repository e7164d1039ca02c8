"""Import: CSV and Parquet files become the next snapshot of a lake, in one transaction."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from segbench.errors import ImportRefused, near_names, offer
from segbench.lake import rejects as rejected
from segbench.lake.column_types import Reading, choose_types
from segbench.lake.lake import Lake
from segbench.lake.mapping import Columns, Mapping, check_mapping, resolve
from segbench.lake.merge import (
    Changes,
    columns_of,
    match_contacts,
    match_events,
    match_tags,
    start_people,
    write_changes,
)
from segbench.lake.report import FilePath, ImportReport, refusal
from segbench.lake.snapshot import Snapshot
from segbench.lake.sources import Source, read_source
from segbench.lake.stage import FIXED, Stage
from segbench.lake.typed import read_typed
from segbench.model.catalog import ValueType


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
    _require_sense(files, mapping or {}, time_zone)
    with lake.stage() as stage, lake.snapshot() as base:
        told = Told(mapping or {}, time_zone, tag_separator or None, list_separator or None)
        steps = _Import(lake, stage, base, told, progress or (lambda _: None))
        for name, path in files.items():
            steps.read(name, path)
        return steps.finish(strict, dry_run)


def _require_sense(files: dict[str, Path], mapping: Mapping, time_zone: str) -> None:
    if not files:
        raise ImportRefused("Nothing to import; give contacts, tags or events.")
    check_mapping(mapping)
    try:
        zoneinfo.ZoneInfo(time_zone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ImportRefused(
            f"There is no time zone {time_zone!r}; give a name such as 'Europe/Berlin'."
        ) from error


@dataclass(frozen=True)
class Told:
    """What the user says about the files: columns and types, the time zone, the separators."""

    mapping: Mapping
    zone: str
    tag_separator: str | None
    list_separator: str | None


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
        self.lake, self.stage, self.base = lake, stage, base
        self.told, self.progress = told, progress
        self.sources: dict[str, Source] = {}
        self.columns: dict[str, Columns] = {}
        self.types: dict[str, dict[str, ValueType]] = {}
        self.stored = {name: _own_columns(base, name) for name in FIXED}
        rejected.start_rejects(stage)
        start_people(stage, base)

    def read(self, name: str, path: Path) -> None:
        """Read one file into its typed table."""
        self.progress(f"reading {path.name}")
        source = read_source(self.stage, name, path)
        people = self.columns.get("contacts")
        owner = people.roles["key"] if people else None
        columns = resolve(name, source.header, self.told.mapping, source.file, owner)
        reading = Reading(
            dict(self.told.mapping.get("types", {})),
            self.stored[name],
            self.told.zone,
            self.told.list_separator,
            lists=name == "contacts",
        )
        typing = choose_types(self.stage, source, columns, reading)
        place = source.header.index(columns.roles["key"])
        rejected.reject_malformed(self.stage, name, source, place)
        read_typed(self.stage, name, source, columns, typing, reading)
        self.sources[name], self.columns[name] = source, columns
        self.types[name] = {columns.fields[column]: kind for column, kind in typing.types.items()}

    def _require_told(self) -> None:
        """`ImportRefused` where the mapping types a column that no file has."""
        known = [name for columns in self.columns.values() for name in columns.fields]
        known += [name for types in self.types.values() for name in types]
        for name in self.told.mapping.get("types", {}):
            if name not in known:
                raise ImportRefused(
                    f"The mapping gives a type to {name!r}, which is no field or property in "
                    f"the files{offer(near_names(name, known))}"
                )

    def finish(self, strict: bool, dry_run: bool) -> ImportReport:
        """Match what was read with the lake, write it, and report."""
        self._require_told()
        self.progress("matching")
        value, changes = self.stage.value, self._match()
        already = changes.pop("already", 0)
        refused = rejected.read_rejects(self.stage)
        reasons = rejected.count_reasons(refused)
        if strict and refused.num_rows:
            raise ImportRefused(refusal(refused, reasons))
        contacts, tags, events = (name in self.sources for name in FIXED)
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
            self.types,
            {name: columns.as_dict(name) for name, columns in self.columns.items()},
            {name: _renamed(columns) for name, columns in self.columns.items()},
            reasons,
            refused,
            snapshot,
            dry_run,
            later_tags,
        )

    def _match(self) -> dict[str, Any]:
        stage, base = self.stage, self.base
        found: dict[str, Any] = {}
        if source := self.sources.get("contacts"):
            found["contacts"] = columns_of(stage, "contacts", self.stored["contacts"])
            match_contacts(stage, base, source.file, found["contacts"])
        if source := self.sources.get("tags"):
            match_tags(stage, base, source.file, self.told.tag_separator)
        if source := self.sources.get("events"):
            stored = self.stored["events"]
            found["events"] = columns_of(stage, "events", stored)
            found["already"] = match_events(stage, base, source.file, found["events"], stored)
        return found

    def _write(self, changes: dict[str, Changes], tags: bool) -> int:
        files = ", ".join(source.file for source in self.sources.values())
        contacts, events = changes.get("contacts"), changes.get("events")
        return self.lake.write(
            lambda cursor: write_changes(cursor, self.base, contacts, events, tags),
            f"imported {files}",
        )


def _own_columns(base: Snapshot, table: str) -> dict[str, str]:
    rows = base.rows(f"DESCRIBE {table}")
    return {row[0]: row[1] for row in rows if row[0] not in FIXED[table]}


def _renamed(columns: Columns) -> dict[str, str]:
    return {column: name for column, name in columns.fields.items() if column != name}
