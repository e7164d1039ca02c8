"""What a sync reads one table from: files, a table in memory, or an Ibis table."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa

from segbench.errors import ImportRefused
from segbench.lake.arrow_streams import described, open_stream, read_stream
from segbench.lake.parts import read_parts
from segbench.lake.sources import Source
from segbench.lake.stage import Stage
from segbench.lake.watermarks import Mark

MOST_KEYS = 1_000
"""With more new contacts than these their rows are not asked for by key; everything is read."""


@dataclass(frozen=True)
class Narrowing:
    """The rows that a watermark leaves to read: from `since` on, or of one of the `keys`.

    A relation may give more than these, never fewer. Rows without a value of `column` belong to
    them.
    """

    column: str
    since: Mark
    key: str
    keys: tuple[str, ...] = ()


class Relation(Protocol):
    """One table of a source; `asked` says what is read, so that another one is another."""

    @property
    def label(self) -> str:
        """What messages call it."""

    @property
    def asked(self) -> str:
        """What is read, the same in every process."""

    def columns(self, stage: Stage) -> dict[str, str] | None:
        """The columns and their DuckDB types, or None where only reading tells."""

    def read(self, stage: Stage, name: str, narrowing: Narrowing | None) -> Source:
        """Read it into the stage; `ImportRefused` where it cannot be read."""


@dataclass(frozen=True)
class FileRelation:
    """One or more CSV or Parquet files."""

    paths: tuple[Path, ...]

    @property
    def label(self) -> str:
        """The first file's name."""
        return self.paths[0].name

    @property
    def asked(self) -> str:
        """The same however many files there are."""
        return "files"

    def columns(self, stage: Stage) -> None:
        """Only reading tells."""

    def read(
        self,
        stage: Stage,
        name: str,
        narrowing: Narrowing | None,  # noqa: ARG002
    ) -> Source:
        """Read all files as one table."""
        return read_parts(stage, name, self.paths)


@dataclass(frozen=True)
class FrameRelation:
    """A DataFrame of pandas or polars, or an Arrow table or stream."""

    frame: Any
    label: str
    asked: str = "frame"

    def columns(self, stage: Stage) -> None:
        """Only reading tells."""

    def read(
        self,
        stage: Stage,
        name: str,
        narrowing: Narrowing | None,  # noqa: ARG002
    ) -> Source:
        """Read it through Arrow."""
        try:
            return read_stream(stage, name, self.label, open_stream(self.frame))
        except pa.ArrowException as error:
            raise ImportRefused(f"The DataFrame of {name} cannot be read: {error}.") from error


@dataclass(frozen=True)
class IbisRelation:
    """An Ibis table of any backend, read in batches."""

    table: Any
    label: str

    @property
    def asked(self) -> str:
        """The columns: an expression has no name that every process would give it."""
        return f"ibis {', '.join(self.table.columns)}"

    def columns(self, stage: Stage) -> dict[str, str]:
        """What the backend says."""
        return described(stage, self.table.schema().to_pyarrow().empty_table())

    def read(self, stage: Stage, name: str, narrowing: Narrowing | None) -> Source:
        """Read what the backend gives, which leaves out what a watermark does not need."""
        table = self.table if narrowing is None else _narrowed(self.table, narrowing)
        try:
            return read_stream(stage, name, self.label, table.to_pyarrow_batches())
        except Exception as error:
            # Every backend has exceptions of its own.
            why = str(error).strip().splitlines() or [type(error).__name__]
            raise ImportRefused(f"The table {self.label} cannot be read: {why[0]}.") from error


def _narrowed(table: Any, narrowing: Narrowing) -> Any:
    column, since = table[narrowing.column], narrowing.since
    value: object = since.value
    if since.kind != "whole":
        value = since.moment if since.kind == "local" else since.moment.replace(tzinfo=dt.UTC)
        value = since.moment.date() if since.kind == "date" else value
    wanted = (column >= value) | column.isnull()
    if len(narrowing.keys) > MOST_KEYS:
        return table
    if narrowing.keys:
        wanted |= table[narrowing.key].cast("string").strip().isin(narrowing.keys)
    return table.filter(wanted)
