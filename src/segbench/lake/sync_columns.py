"""What a sync does where the columns of a source are others than before."""

from __future__ import annotations

from segbench.errors import ImportRefused
from segbench.lake.changes import Changes
from segbench.lake.connection import quoted
from segbench.lake.intake import Intake
from segbench.lake.retyping import rounds
from segbench.lake.snapshot import Snapshot
from segbench.lake.sync_state import Standing

RETYPE_ADVICE = (
    "Sync with retype (segbench sync --retype) to give the lake the new type, or give the column "
    "another name in the mapping, skip it, or correct its values."
)


def vanished_columns(intake: Intake, name: str, before: Standing) -> tuple[str, ...]:
    """What came from this source, is still in the lake, and is not in the source any more."""
    has = set(intake.columns[name].fields.values())
    return tuple(
        column for column in before.columns if column in intake.stored[name] and column not in has
    )


def settle_vanished(
    intake: Intake, name: str, before: Standing, drop: bool | None
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The columns to drop, and those to keep without a source; `ImportRefused` if nobody said."""
    vanished = vanished_columns(intake, name, before)
    has = set(intake.columns[name].fields.values())
    kept = tuple(c for c in before.kept if c in intake.stored[name] and c not in has)
    if vanished and drop is None:
        listed = ", ".join(map(repr, vanished))
        raise ImportRefused(
            f"{intake.label(name)} has no column any more for {listed}, which the lake has from "
            "it; nothing was written. Drop what is gone (segbench sync --drop-columns), or keep it "
            "with its last values (--keep-columns)."
        )
    return ((*kept, *vanished), ()) if drop else ((), (*kept, *vanished))


def require_lossless(
    intake: Intake, base: Snapshot, table: str, changes: Changes, whole: bool, retype: bool
) -> None:
    """`ImportRefused` where a value that stays would be rounded or lost by another type."""
    for name, (old, new) in changes.retyped.items():
        column = f"b.{quoted(name)}"
        if (old, new) == ("BIGINT", "DOUBLE"):
            if not retype and base.rows(f"SELECT 1 FROM {table} b WHERE {rounds(column)} LIMIT 1"):
                raise ImportRefused(
                    f"{name!r} of {intake.label(table)} has fractions now, and the lake has whole "
                    f"numbers that would be rounded with it. {RETYPE_ADVICE}"
                )
            continue
        lost = f"{column} IS NOT NULL AND {changes.in_lake(name)} IS NULL"
        if count := _unread(intake, base, table, whole, lost):
            raise ImportRefused(
                f"{count:,} values of {name!r} in the lake cannot be read as the new type, and "
                "this sync does not replace them. Correct the rows that it rejects, or sync in "
                "full (segbench sync --full)."
            )


def _unread(intake: Intake, base: Snapshot, table: str, whole: bool, test: str) -> int:
    """How many rows of the lake pass a test and are replaced by nothing in the source."""
    if table == "contacts":
        read = "SELECT key FROM typed_contacts UNION ALL SELECT key FROM gone"
        return intake.stage.value(
            f"SELECT count(*) FROM {base.name}.contacts b WHERE {test} AND key NOT IN ({read})"
        )
    if whole:
        return 0
    return intake.stage.value(f"SELECT count(*) FROM {base.name}.{table} b WHERE {test}")
