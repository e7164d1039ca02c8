"""Contacts chosen by key, for a change to them alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pyarrow as pa

from segbench.errors import LakeError
from segbench.lake.snapshot import Snapshot
from segbench.lake.stage import Stage

_SHOWN = 3


@dataclass(frozen=True, slots=True)
class EditReport:
    """What an edit changed: how many contacts, and the new snapshot's id, None if nothing did."""

    contacts: int
    snapshot: int | None


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
