"""Maintenance of a lake: snapshots expire, files are compacted, what nobody needs is removed.

Each step is a transaction of its own or can be done again, so a run that is killed leaves a whole
lake, and the next run goes on. No step changes a row: ordinals stay as they are.
"""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from segbench.errors import LakeError
from segbench.lake.files import DELETED_SHARE, TableFiles, table_files, unsorted_tables
from segbench.lake.history import MAINTAINED, SnapshotEntry
from segbench.lake.lake import Lake
from segbench.lake.presence import gate, held_snapshots, is_locked, left_by_the_dead
from segbench.lake.publish import ORDER
from segbench.lake.retention import Retention, kept_snapshots
from segbench.lake.stage import ALIVE

LEFT_AFTER = dt.timedelta(days=1)
"""How old a file must be that no snapshot and no living process knows, before it is removed."""


@dataclass(frozen=True, slots=True)
class Maintenance:
    """What a maintenance did, or would do.

    `kept` says why each snapshot stays. `files` and `files_after` are those of the newest snapshot,
    by table; equal in a dry run. `removed` are files in the lake's folder, of `freed` bytes.
    """

    kept: Mapping[int, str]
    expired: tuple[SnapshotEntry, ...]
    files: Mapping[str, TableFiles]
    files_after: Mapping[str, TableFiles]
    removed: tuple[Path, ...]
    freed: int
    dry_run: bool


def maintain(
    lake: Lake,
    policy: Retention,
    *,
    now: dt.datetime,
    zone: dt.tzinfo = dt.UTC,
    cited: Mapping[int, Sequence[str]] | None = None,
    dry_run: bool = False,
    progress: Callable[[str], None] = lambda _: None,
) -> Maintenance:
    """Expire, compact and clean up; with `dry_run` only say what that would be.

    `now` is aware. `cited` snapshots stay. `LakeError` where others write all the time.
    """
    before = after = table_files(lake)
    # Nobody starts to read a snapshot between the look at who reads and the end of it.
    with gate(lake.path, seconds=lake.patience):
        history = lake.snapshots()
        kept = kept_snapshots(
            history,
            policy,
            now=now,
            zone=zone,
            cited=cited or {},
            read=held_snapshots(lake.path),
        )
        expired = tuple(entry for entry in history if entry.id not in kept)
        if not dry_run:
            progress("expiring snapshots")
            _expire(lake, expired)
    if not dry_run:
        progress("compacting files")
        _compact(lake, before)
        after = table_files(lake)
        progress("removing files")
    removed = _remove(lake, policy, now, dry_run)
    paths, sizes = tuple(removed), sum(removed.values())
    return Maintenance(kept, expired, before, after, paths, sizes, dry_run)


def _expire(lake: Lake, entries: Sequence[SnapshotEntry]) -> None:
    if entries:
        ids = ", ".join(str(entry.id) for entry in entries)
        call = f"CALL ducklake_expire_snapshots('lake', versions => [{ids}])"
        _step(lake, call, "expired")


def _compact(lake: Lake, tables: Mapping[str, TableFiles]) -> None:
    for table, files in tables.items():
        if not files.worn and not files.small:
            continue
        if table in unsorted_tables(lake):
            order = f"ALTER TABLE lake.{table} SET SORTED BY ({ORDER[table]})"
            _step(lake, order, f"{MAINTAINED}order of {table}")
        # DuckLake compacts in transactions of their own only.
        rewrite = (
            f"CALL ducklake_rewrite_data_files('lake', '{table}', "
            f"delete_threshold => {DELETED_SHARE})"
        )
        _step(lake, rewrite, f"{MAINTAINED}rewrote {table}")
        _merge(lake, table)


def _merge(lake: Lake, table: str) -> None:
    merge = f"CALL ducklake_merge_adjacent_files('lake', '{table}')"
    if table != "contacts":
        _step(lake, merge, f"{MAINTAINED}merged {table}")
        return
    # A merged file takes the place of the old ones in old snapshots too, not even a transaction
    # keeps them; and who reads answers as one bit a contact relies on the order of that scan.
    with gate(lake.path, seconds=lake.patience) as kept:
        if kept and not held_snapshots(lake.path):
            _step(lake, merge, f"{MAINTAINED}merged {table}")


def _step(lake: Lake, sql: str, message: str) -> None:
    _again(lambda: lake.write(lambda cursor: _run(cursor, sql), message))


def _run(cursor: duckdb.DuckDBPyConnection, sql: str) -> None:
    cursor.execute(sql).fetchall()


def _again(step: Callable[[], int], times: int = 5) -> None:
    """Do a step again where a writer was faster; another writer's work is never in danger."""
    for left in reversed(range(times)):
        try:
            step()
            return
        except LakeError as error:
            if not left or not isinstance(error.__cause__, duckdb.TransactionException):
                raise


def _remove(lake: Lake, policy: Retention, now: dt.datetime, dry_run: bool) -> dict[Path, int]:
    """Remove the files that nobody needs; their sizes in bytes by path."""
    unused = now - dt.timedelta(hours=policy.file_hours)
    left = now - LEFT_AFTER
    found = {}
    for name, until in (("cleanup_old_files", unused), ("delete_orphaned_files", left)):
        call = f"ducklake_{name}('lake', older_than => TIMESTAMPTZ '{until.isoformat()}'"
        for (path,) in lake.rows(f"CALL {call}, dry_run => true)"):
            found[Path(path)] = _size(Path(path))
        if not dry_run:
            lake.rows(f"CALL {call})")
    for path in _leftovers(lake.path):
        if _changed(path) < left.timestamp():
            found[path] = _size(path)
            if not dry_run:
                shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    return found


def _leftovers(folder: Path) -> list[Path]:
    """What processes left in a lake's folder that were killed, and earlier versions spilled."""
    stages = [path for path in folder.glob("stage-*") if _is_dead(path.with_suffix(ALIVE))]
    return [*stages, *left_by_the_dead(folder), *folder.glob("spill")]


def _is_dead(alive: Path) -> bool:
    return not alive.exists() or is_locked(alive) is False


def _parts(path: Path) -> list[Path]:
    return [path, *path.rglob("*")] if path.is_dir() else [path]


def _changed(path: Path) -> float:
    """When anything in a file or folder last changed, in seconds since 1970."""
    return max(part.stat().st_mtime for part in _parts(path))


def _size(path: Path) -> int:
    return sum(part.stat().st_size for part in _parts(path) if part.is_file())
