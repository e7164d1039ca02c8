"""What a sync did, told to a person and to a program."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from segbench.lake import rejects as rejected
from segbench.lake.rejects import Reject
from segbench.lake.report import FilePath
from segbench.model.catalog import ValueType


@dataclass(frozen=True)
class SyncReport:
    """What a sync did, or would do.

    `added`, `updated`, `unchanged` and `deleted` count contacts; those that the source did not give
    are in none of them. `tags_retimed` are tags that were given at another time than the lake knew.
    `new_columns`, `retyped` (old and new type) and `dropped` are by table; `kept` are columns that
    the source does not have any more. `spared` names the tables of which nothing was deleted,
    because a malformed line may be anybody's. `watermarks` says how far each table was read, and
    `whole` which were read as a whole. `snapshot` is the new snapshot's id, None where nothing
    changed or in a dry run.
    """

    source: str
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    deleted: int = 0
    tags_added: int = 0
    tags_removed: int = 0
    tags_retimed: int = 0
    events_added: int = 0
    events_removed: int = 0
    new_columns: dict[str, dict[str, str]] = field(default_factory=dict)
    retyped: dict[str, dict[str, tuple[str, str]]] = field(default_factory=dict)
    dropped: dict[str, tuple[str, ...]] = field(default_factory=dict)
    kept: dict[str, tuple[str, ...]] = field(default_factory=dict)
    spared: tuple[str, ...] = ()
    whole: tuple[str, ...] = ()
    watermarks: dict[str, str] = field(default_factory=dict)
    types: dict[str, dict[str, ValueType]] = field(default_factory=dict)
    mapping: dict[str, Any] = field(default_factory=dict)
    renamed: dict[str, dict[str, str]] = field(default_factory=dict)
    reasons: dict[str, int] = field(default_factory=dict)
    rejects: pa.Table = field(default_factory=lambda: pa.table({}))
    snapshot: int | None = None
    dry_run: bool = False

    @property
    def rejected(self) -> tuple[Reject, ...]:
        """The rows that were not taken, one `Reject` each."""
        return tuple(Reject(**row) for row in self.rejects.to_pylist())

    def write_rejects(self, path: FilePath) -> None:
        """Write the rejected rows as CSV, safe to open in a spreadsheet."""
        rejected.write_rejects(self.rejects, path)

    def summary(self) -> dict[str, Any]:
        """The report without the single rejects, ready for JSON."""
        plain = {name: value for name, value in vars(self).items() if name != "rejects"}
        return plain | {"rejected": self.rejects.num_rows}
