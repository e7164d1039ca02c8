"""What a format is told of the export that it writes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import pyarrow as pa

from segbench.audience.formats.roles import Roles
from segbench.audience.formats.tally import Tally


@dataclass(frozen=True)
class ExportOptions:
    """How recipients are written.

    `formats` are names in `formats.registry`, each with files of its own. `roles` says which
    fields hold the e-mail address and so on, where their names do not. `region` is where phone
    numbers without a country code are from. No file has more than `shard_rows` rows.
    """

    formats: tuple[str, ...] = ("csv", "parquet")
    roles: Mapping[str, Sequence[str]] = field(default_factory=dict)
    region: str = ""
    shard_rows: int | None = None


@dataclass(frozen=True)
class Job:
    """One format's share of an export: `columns` are those that were chosen, `schema` has also
    the columns of `roles`; `created` is aware."""

    folder: Path
    columns: tuple[str, ...]
    schema: pa.Schema
    roles: Roles
    region: str
    shard_rows: int | None
    created: dt.datetime


class Writer(Protocol):
    """Takes the recipients in batches and writes the files of one format."""

    tally: Tally

    def write(self, batch: pa.RecordBatch) -> None:
        """Add these recipients."""

    def close(self) -> list[tuple[Path, int]]:
        """Finish; the files in their order, each with its rows."""

    def abort(self) -> None:
        """Let go of what is open; what was written is of no use."""


@dataclass(frozen=True)
class Format:
    """A format: `name` on the command line, `label` on screen, `about` in a sentence.

    `roles` are those that it writes beside, or instead of, the chosen columns; `exclusive` where
    it writes nothing else. Lists of fewer than `least` contacts are of little use to the service.
    """

    name: str
    label: str
    about: str
    make: Callable[[Job], Writer]
    roles: tuple[str, ...] = ()
    exclusive: bool = False
    least: int = 0
