"""Recipients from a table, written in the formats that a test names."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from segbench.audience.export import ExportOptions, write_export
from segbench.audience.manifest import Manifest, ManifestFacts, WrittenFormat
from segbench.engine.membership import Membership
from segbench.model.rules import FieldRule, Group
from segbench.model.segment import Segment

NOW = dt.datetime(2026, 10, 23, 9, 30, tzinfo=dt.UTC)
FACTS = ManifestFacts(
    campaign="Spring",
    segment=Segment("Germans", Group("and", (FieldRule("country", "is", ("DE",)),))),
    sentence="Contacts where country is DE.",
    snapshot_id=7,
    snapshot_time=dt.datetime(2026, 10, 23, 8, 0),
    as_of=NOW,
    time_zone="UTC",
    matching=3,
    created=NOW,
)


@dataclass
class TableRows:
    """An engine that only gives the rows of a table, in batches of a size."""

    table: pa.Table
    batch: int = 2

    def rows(self, _members: Membership, columns: Sequence[str]) -> pa.RecordBatchReader:
        chosen = self.table.select(list(columns))
        return pa.RecordBatchReader.from_batches(chosen.schema, self._batches(chosen))

    def _batches(self, table: pa.Table) -> Iterator[pa.RecordBatch]:
        yield from table.to_batches(self.batch)


@dataclass
class Written:
    """An export, and what a test asks of it."""

    folder: Path
    manifest: Manifest

    def lines(self, name: str) -> list[list[str]]:
        with (self.folder / name).open(encoding="utf-8", newline="") as file:
            return list(csv.reader(file, strict=True))

    def dicts(self, name: str) -> list[dict[str, str]]:
        header, *rows = self.lines(name)
        return [dict(zip(header, row, strict=True)) for row in rows]

    def counted(self, name: str) -> WrittenFormat:
        return next(each for each in self.manifest.formats if each.name == name)

    @property
    def files(self) -> dict[str, int]:
        return {file.name: file.rows for file in self.manifest.files}


def written(
    folder: Path,
    columns: Mapping[str, Sequence[Any] | pa.Array],
    *formats: str,
    chosen: Sequence[str] | None = None,
    batch: int = 2,
    **options: Any,
) -> Written:
    """The columns as an export in these formats; `chosen` names some, by default all."""
    table = pa.table(dict(columns))
    manifest = write_export(
        folder=folder,
        engine=TableRows(table, batch),
        members=Membership.of(range(len(table)), 100_000),
        columns=table.column_names if chosen is None else chosen,
        manifest_facts=FACTS,
        options=ExportOptions(formats, **options),
    )
    return Written(folder, manifest)
