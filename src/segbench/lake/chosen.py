"""Contacts chosen by key or by rules, for a change to them alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from segbench.errors import LakeError
from segbench.lake.history import is_other_data
from segbench.lake.lake import Lake
from segbench.lake.snapshot import Snapshot
from segbench.lake.stage import Stage

_SHOWN = 3


@dataclass(frozen=True, slots=True)
class EditReport:
    """What an edit changed: how many contacts, and the new snapshot's id, None if nothing did.

    `left` counts the contacts that an undo left alone, since they were changed again, `edit` is
    the number of the edit in the lake's record.
    """

    contacts: int
    snapshot: int | None
    left: int = 0
    edit: int | None = None


@dataclass(frozen=True)
class Ordinals:
    """Contacts by their ordinals in the snapshot with that id; a million need no million texts."""

    snapshot: int
    values: NDArray[np.int64]


Who = Iterable[str] | Ordinals
"""The contacts of a change: keys, or ordinals."""


def choose_who(lake: Lake, stage: Stage, base: Snapshot, who: Who) -> None:
    """Make `chosen` (key, ordinal) of these contacts.

    `LakeError` for keys that no contact has, and where ordinals are those of older data.
    """
    if not isinstance(who, Ordinals):
        return choose(stage, base, who)
    if who.snapshot != base.id and is_other_data(lake.snapshots(), who.snapshot, base.id):
        raise LakeError(
            "The data has changed since these contacts were chosen; nothing was written. "
            "Look again and repeat it."
        )
    stage.connection.register("incoming_ordinals", pa.table({"ordinal": who.values}))
    stage.connection.execute(
        "CREATE TABLE chosen AS SELECT b.key, b.ordinal "
        f"FROM {base.name}.contacts b JOIN incoming_ordinals USING (ordinal)"
    )
    stage.connection.unregister("incoming_ordinals")


def choose(stage: Stage, base: Snapshot, keys: Iterable[str]) -> None:
    """Make `chosen` (key, ordinal) of the contacts with these keys; `LakeError` for strangers."""
    if isinstance(keys, str):
        raise LakeError(f"Keys are a list of keys: write [{keys!r}].")
    listed = pa.table({"key": pa.array(list(dict.fromkeys(keys)), pa.string())})
    run = stage.connection.execute
    stage.connection.register("incoming_keys", listed)
    run(
        "CREATE TABLE chosen AS SELECT i.key, b.ordinal "
        f"FROM incoming_keys i LEFT JOIN {base.name}.contacts b USING (key)"
    )
    stage.connection.unregister("incoming_keys")
    strangers = run("SELECT key FROM chosen WHERE ordinal IS NULL ORDER BY key").fetchall()
    if strangers:
        shown = ", ".join(repr(row[0]) for row in strangers[:_SHOWN])
        more = f" and {len(strangers) - _SHOWN:,} more" if len(strangers) > _SHOWN else ""
        raise LakeError(f"No contact has the key {shown}{more}; nothing was written.")


def counted(contacts: int) -> str:
    """So many contacts, in words."""
    return "1 contact" if contacts == 1 else f"{contacts:,} contacts"
