"""Maintenance changes no kept snapshot, disturbs nobody who reads, and survives being killed."""

from __future__ import annotations

import datetime as dt
import itertools
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from segbench.engine.local import LocalEngine
from segbench.errors import LakeError
from segbench.lake import maintenance
from segbench.lake.difference import find_difference
from segbench.lake.files import table_files
from segbench.lake.importing import import_files
from segbench.lake.lake import Lake
from segbench.lake.maintenance import maintain
from segbench.lake.publish import keep_notes
from segbench.lake.retention import Retention
from segbench.lake.snapshot import TABLES, Snapshot
from segbench.lake.tables import Notes

SOAK = bool(os.environ.get("SEGBENCH_SOAK"))
ROUNDS = 40 if SOAK else 5
NEWEST_ONLY = Retention(all_days=1, daily_days=0, months=0, file_hours=0)
DAYS = dt.timedelta(days=1)
EVENTS = ("open", "click", "order")


def later(days: float = 40) -> dt.datetime:
    return dt.datetime.now(dt.UTC) + dt.timedelta(days=days)


def add_round(lake: Lake, folder: Path, number: int, draw: random.Random) -> int:
    """New contacts, changed ones, tags and events; every third round a new field."""
    keys = [f"k{draw.randrange(40 * (number + 1))}" for _ in range(60)]
    keys = list(dict.fromkeys(keys))
    more = f",field{number}" if number % 3 == 0 else ""
    value = f",{number}" if more else ""
    lines = {
        "contacts": [f"key,score{more}", *(f"{k},{draw.randrange(99)}{value}" for k in keys)],
        "tags": ["key,tag", *(f"{k},t{draw.randrange(5)}" for k in keys)],
        "events": [
            "key,event,at",
            *(f"{k},{draw.choice(EVENTS)},2026-01-01 {draw.randrange(24):02}:00" for k in keys),
        ],
    }
    files = {}
    for name, text in lines.items():
        files[name] = folder / f"{name}.csv"
        files[name].write_text("\n".join(text) + "\n")
    snapshot = import_files(lake, **files).snapshot
    assert snapshot is not None
    return snapshot


def filled(lake: Lake, folder: Path, rounds: int = ROUNDS) -> Lake:
    draw = random.Random(7)
    for number in range(rounds):
        add_round(lake, folder, number, draw)
    return lake


def content(snapshot: Snapshot) -> dict[str, list[tuple[object, ...]]]:
    return {table: sorted(snapshot.rows(f"FROM {table}"), key=repr) for table in TABLES}


def contents(lake: Lake) -> dict[int, dict[str, list[tuple[object, ...]]]]:
    found = {}
    for entry in lake.snapshots():
        with lake.snapshot(entry.id) as snapshot:
            found[entry.id] = content(snapshot)
    return found


def age(path: Path, days: float) -> None:
    moment = dt.datetime.now().timestamp() - days * 86_400
    for each in [*path.rglob("*"), path]:
        os.utime(each, (moment, moment))


def parquet(lake: Lake) -> set[Path]:
    return set(lake.path.glob("data/**/*.parquet"))


def test_a_kept_snapshot_has_the_same_rows_after_any_number_of_maintenances(
    tmp_path: Path, catalogue: str | None
) -> None:
    draw = random.Random(11)
    with Lake.create(tmp_path / "lake", catalogue=catalogue) as lake:
        known: dict[int, dict[str, list[tuple[object, ...]]]] = {}
        for number in range(ROUNDS):
            known[add_round(lake, tmp_path, number, draw)] = {}
            newest = lake.snapshots()[-1].id
            with lake.snapshot() as snapshot:
                known[newest] = content(snapshot)
            if number % 4 == 3:
                cited = dict.fromkeys(draw.sample(sorted(known), len(known) // 2), ("Spring",))
                done = maintain(lake, NEWEST_ONLY, now=later(), cited=cited)
                assert set(cited) <= set(done.kept)
                present = contents(lake)
                known = {id: rows for id, rows in known.items() if id in present}
                assert {id: present[id] for id in known} == known
                assert present[max(present)] == known[newest]


def test_compaction_leaves_one_file_a_table_in_the_tables_order(
    tmp_path: Path, catalogue: str | None
) -> None:
    with Lake.create(tmp_path / "lake", catalogue=catalogue) as lake:
        filled(lake, tmp_path, 6)
        before = table_files(lake)
        done = maintain(lake, NEWEST_ONLY, now=later())
        after = table_files(lake)
        assert (done.files, done.files_after) == (before, after)
        assert before["events"].files == 6
        assert before["contacts"].worn > 0
        assert {name: (files.files, files.worn) for name, files in after.items()} == {
            "contacts": (1, 0),
            "tags": (1, 0),
            "events": (1, 0),
        }
        with lake.snapshot() as snapshot:
            (path,) = lake.path.glob("data/main/events/*.parquet")
            rows = snapshot.rows(f"SELECT event, \"at\", ordinal FROM '{path}'")
        assert rows == sorted(rows)


def test_a_lake_with_nothing_to_do_gets_no_snapshot_and_keeps_its_files(lake, batch):
    lake.load([batch()], Notes())
    maintain(lake, NEWEST_ONLY, now=later())
    before, files = lake.snapshots(), parquet(lake)
    done = maintain(lake, NEWEST_ONLY, now=later())
    assert (lake.snapshots(), parquet(lake)) == (before, files)
    assert (done.expired, done.removed, done.freed) == ((), (), 0)


def test_a_dry_run_says_what_would_go_and_changes_nothing(lake, tmp_path):
    filled(lake, tmp_path, 4)
    history, files = lake.snapshots(), parquet(lake)
    planned = maintain(lake, NEWEST_ONLY, now=later(), dry_run=True)
    assert (lake.snapshots(), parquet(lake)) == (history, files)
    done = maintain(lake, NEWEST_ONLY, now=later())
    assert planned.expired == done.expired == tuple(history[:-1])
    assert planned.kept == done.kept
    assert planned.files == planned.files_after == done.files


def test_ordinals_stay_and_caches_of_them_stay_right(lake, tmp_path):
    filled(lake, tmp_path, 5)
    with lake.snapshot() as old:
        asked = "SELECT ordinal FROM contacts WHERE score >= 50"
        keys = old.rows("SELECT ordinal, key FROM contacts ORDER BY ordinal")
        expected = sorted(old.ordinals(asked).tolist())
        maintain(lake, NEWEST_ONLY, now=later())
        assert sorted(old.ordinals(asked).tolist()) == expected
        with lake.snapshot() as new:
            assert new.id > old.id
            assert new.rows("SELECT ordinal, key FROM contacts ORDER BY ordinal") == keys


def test_an_engine_that_was_open_before_answers_the_same_afterwards(lake, tmp_path):
    from segbench.model.rules import FieldRule, Group
    from segbench.plan.lower import Context, lower

    filled(lake, tmp_path, 5)
    with lake.snapshot() as snapshot:
        engine = LocalEngine(snapshot)
        context = Context(dt.datetime(2026, 2, 1), dt.UTC, snapshot.catalog(), {})

        def members(least: int) -> list[int]:
            rule = FieldRule("score", "at_least", (least,))
            return engine.members(lower(Group(rules=(rule,)), context).root).ids().tolist()

        def expected(least: int) -> list[int]:
            rows = snapshot.rows("SELECT ordinal FROM contacts WHERE score >= ?", [least])
            return sorted(ordinal for (ordinal,) in rows)

        assert members(50) == expected(50)
        maintain(lake, NEWEST_ONLY, now=later())
        # Another threshold, so that nothing is cached.
        assert members(51) == expected(51)
        assert table_files(lake)["events"].files == 1
    maintain(lake, NEWEST_ONLY, now=later())
    assert table_files(lake)["contacts"].files == 1


def test_a_snapshot_that_somebody_reads_does_not_expire(tmp_path, lake, batch):
    lake.load([batch()], Notes())
    with Lake.open(lake.path) as reader:
        held = reader.snapshot()
        lake.load([batch({"key": ["x"]})], Notes())
        lake.load([batch({"key": ["y"]})], Notes())
        done = maintain(lake, NEWEST_ONLY, now=later())
        assert done.kept == {2: "open now", 4: "the newest"}
        assert held.rows("SELECT count(*) FROM contacts") == [(3,)]
        held.close()
        assert [entry.id for entry in maintain(lake, NEWEST_ONLY, now=later()).expired] == [2]


READER = """
import sys
from segbench.lake.lake import Lake
held = Lake.open(sys.argv[1]).snapshot(2)
print("held", flush=True)
sys.stdin.readline()
print(held.rows("SELECT count(*) FROM contacts"), flush=True)
"""


def test_another_process_that_reads_keeps_its_snapshot_until_it_is_killed(
    tmp_path: Path, catalogue: str | None, batch
) -> None:
    with Lake.create(tmp_path / "lake", catalogue=catalogue) as lake:
        lake.load([batch()], Notes())
        command = [sys.executable, "-c", READER, str(lake.path)]
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as reader:
            assert reader.stdout
            assert reader.stdout.readline() == "held\n"
            for key in ("x", "y"):
                lake.load([batch({"key": [key]})], Notes())
            assert 2 in maintain(lake, NEWEST_ONLY, now=later()).kept
            assert reader.communicate("go on\n")[0] == "[(3,)]\n"
        assert 2 not in maintain(lake, NEWEST_ONLY, now=later()).kept


def test_a_query_that_runs_goes_on_while_its_files_are_compacted(lake, tmp_path):
    filled(lake, tmp_path, 4)
    policy = Retention(all_days=1, daily_days=0, months=0)
    with lake.snapshot() as snapshot:
        expected = snapshot.rows("SELECT count(*) FROM events")[0][0]
        reader = snapshot.batches("SELECT * FROM events")
        maintain(lake, policy, now=dt.datetime.now(dt.UTC))
        assert reader.read_all().num_rows == expected


def test_files_stay_for_the_hours_of_the_policy(lake, tmp_path):
    filled(lake, tmp_path, 4)
    files = parquet(lake)
    now = dt.datetime.now(dt.UTC)
    policy = Retention(all_days=1, daily_days=0, months=0, file_hours=24)
    assert maintain(lake, policy, now=now).removed == ()
    assert files < parquet(lake)
    done = maintain(lake, policy, now=now + 1.1 * DAYS)
    assert done.removed
    assert not any(path.exists() for path in done.removed)
    assert done.freed > 0
    maintain(lake, NEWEST_ONLY, now=later())
    assert len(parquet(lake)) == 4


def test_an_expired_snapshot_is_told_from_one_that_never_was(lake, batch):
    for key in ("x", "y", "z"):
        lake.load([batch({"key": [key]})], Notes())
    maintain(lake, NEWEST_ONLY, now=later(), cited={2: ("Spring",)})
    with pytest.raises(LakeError, match=r"no snapshot 3; it has expired\..* are 2 and 4"):
        lake.snapshot(3)
    with pytest.raises(LakeError, match="no snapshot 9; it has 2 to 4"):
        lake.snapshot(9)


def test_what_killed_processes_left_goes_after_a_day_and_the_living_keep_theirs(lake, batch):
    lake.load([batch()], Notes())
    files, before = parquet(lake), {path.name for path in lake.path.glob("open/*")}
    with Lake.open(lake.path) as alive, alive.stage() as stage:
        dead = [lake.path / name for name in ("stage-dead", "open/9-dead.spill", "spill")]
        left = [*dead, lake.path / "open/9-dead", lake.path / "data/main/events/ducklake-9.parquet"]
        for path in left:
            path.mkdir(parents=True) if path in dead else path.parent.mkdir(exist_ok=True)
            (path / "file" if path in dead else path).write_bytes(b"x" * 100)
        (token,) = (
            {path.name for path in lake.path.glob("open/*-*")} - before - {"9-dead", "9-dead.spill"}
        )
        spill = lake.path / f"open/{token}.spill"
        spill.mkdir()
        assert maintain(lake, NEWEST_ONLY, now=dt.datetime.now(dt.UTC)).removed == ()
        age(lake.path, 2)
        done = maintain(lake, NEWEST_ONLY, now=dt.datetime.now(dt.UTC))
        assert set(done.removed) == set(left)
        assert done.freed == 500
        assert stage.folder.is_dir()
        assert spill.is_dir()
    assert not any(path.exists() for path in left)
    assert parquet(lake) == files


def test_a_lake_that_was_moved_has_no_orphans(lake, tmp_path):
    filled(lake, tmp_path, 4)
    rows = contents(lake)
    lake.close()
    shutil.copytree(lake.path, tmp_path / "moved")
    shutil.rmtree(lake.path)
    age(tmp_path / "moved", 9)
    with Lake.open(tmp_path / "moved") as moved:
        maintain(moved, Retention(), now=dt.datetime.now(dt.UTC))
        present = contents(moved)
        assert {id: present[id] for id in rows} == rows


KILLED = """
import datetime as dt, os, sys
import duckdb
from segbench.lake import maintenance
from segbench.lake.lake import Lake
from segbench.lake.retention import Retention

steps, left = [], int(sys.argv[2])
run, rows = maintenance._run, Lake.rows

def dying(cursor, sql):
    run(cursor, sql)
    strike(sql)

def dying_rows(lake, sql):
    found = rows(lake, sql)
    if sql.startswith("CALL"):
        strike(sql)
    return found

def strike(sql):
    steps.append(sql)
    if len(steps) == left:
        os._exit(9)

maintenance._run, Lake.rows = dying, dying_rows
with Lake.open(sys.argv[1]) as lake:
    now = dt.datetime.now(dt.UTC) + dt.timedelta(days=40)
    policy = Retention(all_days=1, daily_days=0, months=0, file_hours=0)
    maintenance.maintain(lake, policy, now=now)
"""


def test_a_maintenance_killed_at_any_step_leaves_a_whole_lake_that_the_next_one_finishes(
    lake, tmp_path
):
    filled(lake, tmp_path, 4)
    newest = lake.snapshots()[-1].id
    expected = contents(lake)[newest]
    lake.close()
    for step in range(1, 20):
        folder = tmp_path / f"killed-{step}"
        shutil.copytree(lake.path, folder)
        command = [sys.executable, "-c", KILLED, str(folder), str(step)]
        status = subprocess.run(command, check=False).returncode
        with Lake.open(folder) as killed:
            present = contents(killed)
            assert all(present[id] == expected for id in present if id >= newest)
            for _ in range(2):
                maintain(killed, NEWEST_ONLY, now=later())
            assert list(contents(killed).values()) == [expected]
            assert {files.files for files in table_files(killed).values()} == {1}
        if status == 0:
            assert step > 8
            return
        assert status == 9


def test_a_maintenance_beside_a_writer_goes_on(lake, tmp_path, monkeypatch):
    filled(lake, tmp_path, 4)
    run, beaten = maintenance._run, []

    def late(cursor, sql):
        run(cursor, sql)
        if "rewrite" in sql and len(beaten) < 2:
            beaten.append(sql)
            with Lake.open(lake.path) as other:
                add_round(other, tmp_path, 10 + len(beaten), random.Random(len(beaten)))

    monkeypatch.setattr(maintenance, "_run", late)
    maintain(lake, NEWEST_ONLY, now=later())
    assert beaten
    with lake.snapshot() as snapshot:
        assert snapshot.rows(
            "SELECT count(*), count(DISTINCT ordinal), max(ordinal) FROM contacts"
        )[0] == (snapshot.contacts, snapshot.contacts, snapshot.contacts - 1)


def test_what_changed_is_never_understated_after_a_maintenance(lake, tmp_path):
    draw = random.Random(5)
    for number in range(ROUNDS):
        add_round(lake, tmp_path, number, draw)
        low = draw.randrange(60)
        lake.write(lambda cursor, low=low: delete_some(cursor, low), "deleted")
        if number % 4 == 3:
            ids = [entry.id for entry in lake.snapshots()]
            cited = dict.fromkeys(draw.sample(ids, len(ids) // 2), ("Spring",))
            maintain(lake, NEWEST_ONLY, now=later(), cited=cited)
    present = contents(lake)
    for old, new in itertools.combinations(sorted(present), 2):
        with lake.snapshot(new) as snapshot:
            told = find_difference(lake, old, snapshot)
        if told is not None:
            for table in TABLES:
                changed = changed_ordinals(present[old][table], present[new][table])
                assert changed <= set(getattr(told, table).tolist()), (old, new, table)


def delete_some(cursor: duckdb.DuckDBPyConnection, low: int) -> None:
    keep_notes(cursor)
    for table in ("tags", "events"):
        cursor.execute(f"DELETE FROM lake.{table} WHERE ordinal BETWEEN {low} AND {low + 9}")
    cursor.execute(f"UPDATE lake.contacts SET score = -1 WHERE ordinal BETWEEN {low} AND {low + 9}")


def changed_ordinals(old: list[tuple[object, ...]], new: list[tuple[object, ...]]) -> set[object]:
    """The ordinals whose rows differ; a column that is new is no value in the old rows."""
    width = max(map(len, [*old, *new]), default=0)
    padded = [{(*row, *[None] * (width - len(row))) for row in rows} for rows in (old, new)]
    return {row[0] for row in padded[0] ^ padded[1]}
