"""Many processes on one lake: readers beside a writer, two writers, a catalogue that is locked.

`SEGBENCH_SOAK=1` runs them with as many processes as the project promises.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path

import pytest

from segbench.errors import LakeError, LakeLocked
from segbench.lake.importing import import_files
from segbench.lake.lake import Lake
from segbench.lake.snapshot import Snapshot

SOAK = bool(os.environ.get("SEGBENCH_SOAK"))
READERS = 20 if SOAK else 4
ROUNDS = 30 if SOAK else 3
WRITES = 15 if SOAK else 3


def processes(number: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(number, mp_context=get_context("spawn"))


def write_round(lake: Lake, folder: Path, number: int) -> int:
    """Two new contacts, and one more event and tag for everybody, in one import."""
    files = {name: folder / f"{name}.csv" for name in ("contacts", "tags", "events")}
    everybody = [(f"k{i}", number - i // 2 + 1) for i in range(2 * number + 2)]
    lines = {
        "contacts": ["key,events_seen", *(f"{key},{seen}" for key, seen in everybody)],
        "tags": ["key,tag", *(f"{key},round {number}" for key, _ in everybody)],
        "events": [
            "key,event,at",
            *(f"{key},visit,2026-01-01 00:{number:02}:00" for key, _ in everybody),
        ],
    }
    for name, path in files.items():
        path.write_text("\n".join(lines[name]) + "\n")
    snapshot = import_files(lake, **files).snapshot
    assert snapshot is not None
    return snapshot


def write_rounds(path: Path, folder: Path) -> int:
    """Every round on a lake; returns the newest snapshot."""
    with Lake.open(path) as lake:
        return [write_round(lake, folder, number) for number in range(1, ROUNDS)][-1]


def require_whole(snapshot: Snapshot) -> None:
    """Fail where the tables of a snapshot are not of one moment."""
    contacts = snapshot.rows("SELECT ordinal, events_seen FROM contacts ORDER BY ordinal")
    events = snapshot.rows("SELECT ordinal, count(*) FROM events GROUP BY ordinal ORDER BY ordinal")
    tags = snapshot.rows("SELECT ordinal, count(*) FROM tags GROUP BY ordinal ORDER BY ordinal")
    assert contacts == events == tags, f"snapshot {snapshot.id} is torn"
    assert [ordinal for ordinal, _ in contacts] == list(range(snapshot.contacts))


def read_on(path: Path, stop: Path, anew: bool) -> list[int]:
    """Read the newest snapshot again and again, once more after `stop` is there; the ids seen."""
    seen: list[int] = []
    lake = Lake.open(path)
    while True:
        last = stop.exists()
        with lake.snapshot() as snapshot:
            require_whole(snapshot)
            seen.append(snapshot.id)
        if last:
            lake.close()
            return seen
        if anew:
            lake.close()
            lake = Lake.open(path)


def test_readers_beside_a_writer_see_whole_snapshots_only(
    tmp_path: Path, catalogue: str | None
) -> None:
    path, stop = tmp_path / "lake", tmp_path / "stop"
    with Lake.create(path, catalogue=catalogue) as lake:
        write_round(lake, tmp_path, 0)
    with processes(READERS + 1) as pool:
        readers = [pool.submit(read_on, path, stop, number % 2 == 1) for number in range(READERS)]
        try:
            newest = pool.submit(write_rounds, path, tmp_path).result()
        finally:
            stop.touch()
        seen = [reader.result() for reader in readers]
    assert all(ids == sorted(ids) for ids in seen)
    assert {ids[-1] for ids in seen} == {newest}


def add_contacts(path: Path, folder: Path, writer: str) -> dict[str, int]:
    """Add contacts one by one, each until it is there; which snapshot brought which contact."""
    landed: dict[str, int] = {}
    file = folder / f"{writer}.csv"
    with Lake.open(path) as lake:
        for number in range(WRITES):
            attempt = 0
            while True:
                key = f"{writer}-{number}-{attempt}"
                file.write_text(f"key,writer\n{key},{writer}\n")
                try:
                    snapshot = import_files(lake, contacts=file).snapshot
                except LakeError as error:
                    if "try again" not in str(error):
                        raise
                    attempt += 1
                    continue
                assert snapshot is not None
                landed[key] = snapshot
                break
    return landed


def test_of_two_writers_each_change_lands_once_or_is_refused(
    tmp_path: Path, catalogue: str | None
) -> None:
    path = tmp_path / "lake"
    Lake.create(path, catalogue=catalogue).close()
    with processes(2) as pool:
        writers = [pool.submit(add_contacts, path, tmp_path, name) for name in ("a", "b")]
        landed = [writer.result() for writer in writers]
    told = {key: snapshot for each in landed for key, snapshot in each.items()}
    with Lake.open(path) as lake:
        first_seen: dict[str, int] = {}
        for entry in lake.snapshots():
            with lake.snapshot(entry.id) as snapshot:
                rows = snapshot.rows("SELECT key FROM contacts ORDER BY ordinal")
            for (key,) in rows:
                first_seen.setdefault(key, entry.id)
        with lake.snapshot() as newest:
            ordinals = newest.rows("SELECT ordinal FROM contacts ORDER BY ordinal")
    assert first_seen == told
    assert len(set(told.values())) == len(told) == 2 * WRITES
    assert ordinals == [(ordinal,) for ordinal in range(2 * WRITES)]


HOLD = {
    "sqlite": """
import sqlite3, sys
held = sqlite3.connect(sys.argv[1], isolation_level=None)
held.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.readline()
held.execute("ROLLBACK")
""",
    "postgres": """
import sys
from segbench.lake.connection import connect, text
held = connect(("postgres_scanner",))
held.execute(f"ATTACH {text(sys.argv[1])} AS held (TYPE postgres)")
held.execute("BEGIN")
lock = f'LOCK TABLE {sys.argv[2]}.ducklake_snapshot IN EXCLUSIVE MODE'
held.execute(f"CALL postgres_execute('held', {text(lock)})")
print("held", flush=True)
sys.stdin.readline()
held.execute("ROLLBACK")
""",
}


@contextmanager
def held(lake: Lake) -> Iterator[subprocess.Popen[str]]:
    """Another process that keeps everybody from writing until it is told, or the block ends."""
    where = lake.catalogue
    kind = "postgres" if where.extensions else "sqlite"
    command = [sys.executable, "-c", HOLD[kind], where.place, where.schema]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    assert process.stdout.readline() == "held\n"
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def test_a_catalogue_that_stays_locked_is_lake_locked_and_still_readable(
    tmp_path: Path, catalogue: str | None
) -> None:
    with Lake.create(tmp_path / "lake", catalogue=catalogue, patience=0.5) as lake:
        before = lake.snapshots()
        with held(lake):
            with pytest.raises(LakeLocked, match=r"Another process is writing.* within 0\.5 s"):
                write_round(lake, tmp_path, 0)
            assert lake.snapshot().contacts == 0
        assert lake.snapshots() == before
        write_round(lake, tmp_path, 0)


def test_a_lock_that_is_let_go_only_delays_a_write(
    tmp_path: Path, catalogue: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []
    with Lake.create(tmp_path / "lake", catalogue=catalogue, patience=60) as lake:
        with held(lake) as holder:

            def wait(seconds: float) -> None:
                waits.append(seconds)
                if len(waits) == 3:
                    holder.communicate("let go\n")

            monkeypatch.setattr("segbench.lake.connection.time.sleep", wait)
            write_round(lake, tmp_path, 0)
        assert len(waits) >= 3
        assert len(lake.snapshots()) == 2
