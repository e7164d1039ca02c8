"""Killing a process that writes to a lake, at any moment, and what must be true afterwards."""

from __future__ import annotations

import datetime as dt
import multiprocessing
import random
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from segbench.lake.importing import import_files
from segbench.lake.lake import Lake
from segbench.lake.syncing import sync

NOW = dt.datetime(2026, 11, 3, tzinfo=dt.UTC)
TABLES = ("contacts", "tags", "events", "syncs")

CONTEXT = multiprocessing.get_context("forkserver")
# A fresh process that has loaded segbench, but opened nothing, is forked for each kill.
CONTEXT.set_forkserver_preload(["segbench.lake.syncing", "segbench.lake.importing"])


def write_source(folder: Path, seed: int, contacts: int) -> Path:
    """A folder with contacts, tags and events; with other seeds about a third of it is other."""
    folder.mkdir()
    rows: dict[str, list[str]] = {
        "contacts": ["id,country,score,updated_at"],
        "tags": ["id,tag"],
        "events": ["id,event,at,amount"],
    }
    fixed, drawn = random.Random(0), random.Random(seed)
    for number in range(contacts):
        same, other = fixed.random(), drawn.random()
        if other < 0.1:
            continue
        value = same if other < 0.7 else other
        day = 1 + int(27 * value)
        rows["contacts"].append(
            f"c{number},{'DE' if value < 0.5 else 'FR'},{value},2026-10-{day:02}"
        )
        rows["tags"].append(f"c{number},t{int(value * 5)}")
        for each in range(4):
            rows["events"].append(f"c{number},order,2026-10-{day:02} 0{each}:00,{value + each}")
    for name, lines in rows.items():
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n")
    return folder


@dataclass(frozen=True)
class Work:
    """What the killed process does: a sync in full or by watermark, or an import."""

    what: str
    source: Path

    def do(self, lake: Lake) -> int | None:
        """Do it; returns the snapshot that it made."""
        if self.what == "import":
            files = {name: self.source / f"{name}.csv" for name in ("contacts", "tags", "events")}
            return import_files(lake, **files).snapshot
        watermark = "updated_at" if self.what == "watermark" else None
        return sync(lake, self.source, now=NOW, name="it", watermark=watermark).snapshot


def run(work: Work, folder: Path, told: Connection) -> None:
    """Open the lake, say so, and do the work: what a process of its own is killed in."""
    with Lake.open(folder) as lake:
        told.send_bytes(b"open")
        work.do(lake)
    told.send_bytes(b"done")


def killed_after(work: Work, folder: Path, seconds: float | None) -> float:
    """Do the work in a process and kill it so long after it began; returns how long it ran."""
    here, there = CONTEXT.Pipe()
    process = CONTEXT.Process(target=run, args=(work, folder, there))
    process.start()
    there.close()
    try:
        assert here.recv_bytes() == b"open"
        start = time.perf_counter()
        if seconds is None:
            assert here.recv_bytes() == b"done"
        else:
            time.sleep(seconds)
        ran = time.perf_counter() - start
    finally:
        process.kill()
        process.join()
        here.close()
    return ran


def content(lake: Lake) -> dict[str, list[tuple[object, ...]]]:
    """Everything in the newest snapshot of a lake; its ordinals are 0..n-1."""
    with lake.snapshot() as snapshot:
        there = {
            row[0]
            for row in snapshot.rows(
                f"SELECT table_name FROM duckdb_tables() WHERE database_name = '{snapshot.name}'"
            )
        }
        found = {
            name: snapshot.rows(f"FROM {name} ORDER BY ALL") for name in TABLES if name in there
        }
    assert [row[0] for row in found["contacts"]] == list(range(len(found["contacts"])))
    return found


def moments(seed: int, kills: int, whole: float) -> Iterator[float]:
    """Seeded moments spread over the whole run and a little beyond it, one in each equal part."""
    drawn = random.Random(seed)
    for number in range(kills):
        yield (number + drawn.random()) / kills * whole * 1.1


def copied(lake: Path, folder: Path) -> Path:
    """A copy of a closed lake."""
    return Path(shutil.copytree(lake, folder))
