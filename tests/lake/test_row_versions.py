"""Rows over a run of snapshots: the same as in each of them, whatever happened to the lake."""

from __future__ import annotations

import datetime as dt
import random
from pathlib import Path

import numpy as np
import pandas as pd
from population import batch

from segbench.engine.memory import Contact
from segbench.lake.lake import Lake
from segbench.lake.maintenance import maintain
from segbench.lake.retention import Retention
from segbench.lake.row_versions import plan_runs, read_versions
from segbench.lake.rows_then import read_rows_then
from segbench.lake.syncing import sync

NOW = dt.datetime(2026, 11, 3, tzinfo=dt.UTC)
Rows = list[tuple[object, ...]]


def sync_random(lake: Lake, chance: random.Random) -> None:
    """Make the lake follow a source of which some rows changed, came and went."""
    keys = [f"k{number}" for number in range(40) if chance.random() < 0.85]
    people = pd.DataFrame(
        {
            "id": keys,
            "country": [
                "DE" if random.Random(key).random() < 0.7 else chance.choice(("FR", "US"))
                for key in keys
            ],
        }
    )
    tagged = [key for key in keys if chance.random() < 0.5]
    tags = pd.DataFrame({"id": tagged, "tag": [chance.choice(("vip", "new")) for _ in tagged]})
    sync(lake, people, tags=tags, now=NOW, name="it")


def rows_of(lake: Lake, id: int) -> tuple[Rows, Rows]:
    """The contacts and tags of a snapshot, by opening it."""
    with lake.snapshot(id) as snapshot:
        contacts = snapshot.rows("SELECT ordinal, key, country FROM contacts ORDER BY ordinal")
        return contacts, snapshot.rows("SELECT ordinal, tag FROM tags ORDER BY ALL")


def require_same(lake: Lake, ids: tuple[int, ...], contacts: dict[int, int]) -> None:
    """The rows of every snapshot in a run, put together from the first and what was written."""
    versions = read_versions(lake, ids, contacts)
    assert versions is not None
    first = rows_of(lake, ids[0])
    people = {row[0]: row[1:] for row in first[0]}
    written = versions.rows
    columns = (written.column(name).to_pylist() for name in ("key", "country"))
    values = list(zip(*columns, strict=True))
    for place, id in enumerate(ids[1:], 1):
        for number in np.flatnonzero(versions.places == place):
            people[int(versions.ordinals[number])] = values[number]
        expected, tags = rows_of(lake, id)
        assert [(each, *people[each]) for each in range(contacts[id])] == expected
        everyone = np.arange(contacts[id])
        then = read_rows_then(lake, "tags", ids, np.full(len(everyone), place), everyone)
        pairs = then.rows.select(["ordinal", "tag"]).to_pylist()
        assert sorted((pair["ordinal"], pair["tag"]) for pair in pairs) == tags


def test_a_run_has_the_rows_of_each_snapshot(tmp_path: Path) -> None:
    """Through changes, deletions, new tables, new columns, compaction and expired snapshots."""
    chance = random.Random(3)
    with Lake.create(tmp_path / "lake") as lake:
        for _ in range(4):
            sync_random(lake, chance)
        lake.load([batch((Contact("k1", {"country": "DE"}), Contact("k7", {})))])
        for _ in range(5):
            sync_random(lake, chance)
        sizes = {entry.id: entry.rows["contacts"] for entry in lake.snapshots()}
        runs = plan_runs(lake, sizes)
        assert runs == [(1,), (2, 3, 4, 5), (6, 7, 8, 9, 10, 11)]
        for run in runs[1:]:
            require_same(lake, run, sizes)
        lake.rows("CALL ducklake_expire_snapshots('lake', versions => [3, 8])")
        maintain(lake, Retention(), now=NOW)
        sync_random(lake, chance)
        sizes = {entry.id: entry.rows["contacts"] for entry in lake.snapshots()}
        runs = [run for run in plan_runs(lake, sizes) if len(run) > 1]
        assert runs[0] == (2, 4, 5)
        assert runs[1][:5] == (6, 7, 9, 10, 11)
        assert len(runs[1]) > 8
        for run in runs:
            require_same(lake, run, sizes)
