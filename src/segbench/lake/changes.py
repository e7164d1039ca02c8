"""What a source changes in the tables of a lake, and the statements that write it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import duckdb

from segbench.errors import LakeError
from segbench.lake.columns import VALUE_TYPES
from segbench.lake.connection import quoted
from segbench.lake.publish import ORDER
from segbench.lake.retyping import recast
from segbench.lake.snapshot import Snapshot
from segbench.lake.stage import Stage

ROLES = {"row", "key", "event", "at", "tag", "ordinal"}


@dataclass(frozen=True)
class Changes:
    """What a source does to the columns of a table.

    `own` are all that it has, `new` those that the lake lacks, with their types; `retyped` has the
    stored type of each that gets another one, and that one; `dropped` are those that go. Times
    without an offset among retyped texts are in `zone`.
    """

    own: list[str]
    new: dict[str, str]
    retyped: dict[str, tuple[str, str]]
    dropped: tuple[str, ...] = ()
    zone: str = "UTC"

    def in_lake(self, name: str, table: str = "b") -> str:
        """The expression of the value that the lake has, in the type that it will have."""
        if name in self.new:
            return "NULL"
        column = f"{table}.{quoted(name)}"
        return recast(column, *self.retyped[name], self.zone) if name in self.retyped else column

    @property
    def added_types(self) -> dict[str, str]:
        """The types of the new columns in words."""
        return {name: said(kind) for name, kind in self.new.items()}

    @property
    def other_types(self) -> dict[str, tuple[str, str]]:
        """The old and the new type of those that get another one, in words."""
        return {name: (said(old), said(new)) for name, (old, new) in self.retyped.items()}

    @property
    def any(self) -> bool:
        """Whether a column comes, goes or gets another type."""
        return bool(self.new or self.retyped or self.dropped)


def said(kind: str) -> str:
    """A stored type in words; whole numbers are said apart, since only they become others."""
    return "whole number" if kind == "BIGINT" else VALUE_TYPES[kind]


def columns_of(
    stage: Stage, name: str, in_lake: dict[str, str], zone: str = "UTC", dropped: Iterable[str] = ()
) -> Changes:
    """How the columns of `typed_<name>` relate to those of the lake."""
    found = {n: k for n, k in stage.columns(f"typed_{name}").items() if n not in ROLES}
    retyped = {n: (in_lake[n], k) for n, k in found.items() if in_lake.get(n, k) != k}
    new = {n: k for n, k in found.items() if n not in in_lake}
    return Changes(list(found), new, retyped, tuple(dropped), zone)


def require_base(cursor: duckdb.DuckDBPyConnection, base: Snapshot) -> None:
    """`LakeError` where the lake is not at the snapshot any more that a change was made for."""
    found = cursor.execute("FROM lake.current_snapshot()").fetchone()
    if not found or found[0] != base.id:
        raise LakeError("The lake was changed meanwhile; nothing was written, try again.")


def update_contacts(cursor: duckdb.DuckDBPyConnection, changes: Changes) -> None:
    """Write the fields of the staged `changed`."""
    if changes.own:
        sets = ", ".join(f"{quoted(name)} = c.{quoted(name)}" for name in changes.own)
        cursor.execute(
            f"UPDATE lake.contacts SET {sets} FROM stage.changed c "
            "WHERE contacts.ordinal = c.ordinal"
        )


def update_tags(cursor: duckdb.DuckDBPyConnection, base: Snapshot) -> None:
    """Write the times of the staged `later_tags`."""
    if not base.has_tag_times():
        cursor.execute('ALTER TABLE lake.tags ADD COLUMN "at" TIMESTAMP')
    cursor.execute(
        'UPDATE lake.tags SET "at" = l."at" FROM stage.later_tags l '
        "WHERE tags.ordinal = l.ordinal AND tags.tag = l.tag"
    )


def fit_columns(cursor: duckdb.DuckDBPyConnection, table: str, changes: Changes) -> None:
    """Add, retype and drop the columns of a table."""
    if changes.retyped:
        # DuckLake turns no whole numbers into real ones in place, nor texts into anything.
        casts = (f"{changes.in_lake(n, table)} AS {quoted(n)}" for n in changes.retyped)
        cursor.execute(
            f"CREATE OR REPLACE TABLE lake.{table} AS SELECT * REPLACE ({', '.join(casts)}) "
            f"FROM lake.{table} ORDER BY {ORDER[table]}"
        )
    for name in changes.dropped:
        cursor.execute(f"ALTER TABLE lake.{table} DROP COLUMN {quoted(name)}")
    for name, kind in changes.new.items():
        cursor.execute(f"ALTER TABLE lake.{table} ADD COLUMN {quoted(name)} {kind}")
