"""What an import did, told to a person and to a program."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from segbench.lake import rejects as rejected
from segbench.lake.rejects import Reject
from segbench.model.catalog import ValueType

FilePath = str | os.PathLike[str]
_SHOWN = 5


@dataclass(frozen=True)
class ImportReport:
    """What an import did, or would do.

    `added`, `updated` and `unchanged` count contacts; `already_there` counts events that the lake
    had, `tags_later` tags that it had, but that were given later than it knew. `types` and
    `mapping` are by table; `renamed` has the field name of each column whose name changed.
    `snapshot` is the new snapshot's id, None where nothing changed or in a dry run.
    """

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    tags_added: int = 0
    events_added: int = 0
    already_there: int = 0
    types: dict[str, dict[str, ValueType]] = field(default_factory=dict)
    mapping: dict[str, Any] = field(default_factory=dict)
    renamed: dict[str, dict[str, str]] = field(default_factory=dict)
    reasons: dict[str, int] = field(default_factory=dict)
    rejects: pa.Table = field(default_factory=lambda: pa.table({}))
    snapshot: int | None = None
    dry_run: bool = False
    tags_later: int = 0

    @property
    def rejected(self) -> tuple[Reject, ...]:
        """The rows that were not taken, one `Reject` each."""
        return tuple(Reject(**row) for row in self.rejects.to_pylist())

    def write_rejects(self, path: FilePath) -> None:
        """Write the rejected rows as CSV, safe to open in a spreadsheet."""
        rejected.write_rejects(self.rejects, path)

    def summary(self) -> dict[str, Any]:
        """The report without the single rejects, ready for JSON."""
        skip = {"rejects"}
        plain = {k: v for k, v in vars(self).items() if k not in skip}
        return plain | {"rejected": self.rejects.num_rows}


def refusal(refused: pa.Table, reasons: dict[str, int]) -> str:
    """The sentence with which a strict import refuses: the counts and the first rejects."""
    counts = ", ".join(f"{count} x {code}" for code, count in reasons.items())
    first = "; ".join(
        f"{row['file']} row {row['row']}: {row['reason']}"
        for row in refused.slice(0, _SHOWN).to_pylist()
    )
    more = "; and more" if refused.num_rows > _SHOWN else ""
    return (
        f"{refused.num_rows} rows were rejected ({counts}), so nothing was written. "
        f"{first}{more}. To see all of them, import as a dry run without strict "
        "(segbench import --dry-run --rejects FILE)."
    )
