from __future__ import annotations

import shutil
import subprocess
import sys
import threading
from datetime import UTC, datetime

import ibis
import numpy as np
import pyarrow as pa
import pytest

from segbench.errors import ExtensionMissing, LakeError, LakeLocked, LakeMissing
from segbench.lake import connection as connections
from segbench.lake.lake import Lake
from segbench.lake.snapshot import Interrupted
from segbench.lake.tables import Batch, Notes

NOON = datetime(2024, 5, 1, 12)


def test_a_new_lake_has_one_empty_snapshot(lake):
    with lake.snapshot() as snapshot:
        assert (snapshot.id, snapshot.contacts, snapshot.field_types()) == (1, 0, {})
        assert snapshot.catalog().fields == ()
        assert snapshot.ordinals("SELECT ordinal FROM contacts").size == 0


def test_a_lake_is_not_created_where_something_is(tmp_path, lake):
    with pytest.raises(LakeError, match=r"catalog\.sqlite"):
        Lake.create(lake.path)
    (tmp_path / "file").write_text("x")
    with pytest.raises(LakeError, match="a file is there"):
        Lake.create(tmp_path / "file")


def test_a_data_file_that_is_gone_is_a_lake_error_whatever_is_asked(lake, batch):
    lake.load([batch()], Notes())
    with lake.snapshot() as snapshot:
        for path in lake.path.glob("data/main/contacts/*.parquet"):
            path.unlink()
        for ask in (snapshot.rows, snapshot.ordinals, snapshot.batches):
            with pytest.raises(LakeError, match=r"cannot be read: .*put it back from a copy"):
                ask("SELECT ordinal FROM contacts WHERE ordinal >= 0")


def test_opening_what_is_no_lake_says_what_is_there(tmp_path):
    with pytest.raises(LakeMissing, match="nothing is there"):
        Lake.open(tmp_path / "none" / "deeper")
    (tmp_path / "notes.txt").write_text("x")
    with pytest.raises(LakeMissing, match=r"the folder holds notes\.txt"):
        Lake.open(tmp_path)


def test_a_catalogue_that_is_no_catalogue_is_a_lake_error(tmp_path):
    (tmp_path / "catalog.sqlite").write_bytes(b"not a database at all" * 100)
    with pytest.raises(LakeError, match="cannot be opened"):
        Lake.open(tmp_path)


def test_a_load_is_one_snapshot_with_dense_ordinals(lake, batch):
    before = len(lake.snapshots())
    first = batch({"key": ["a", "b"]}, [("a", "vip"), ("a", "vip"), ("b", " vip ")])
    second = batch({"key": ["c"]}, [("c", "new")], [("c", "open", NOON, 1.5, None)])
    seen: list[int] = []
    report = lake.load([first, second], Notes(), progress=seen.append)
    assert (report.contacts, report.tags, report.events) == (3, 3, 1)
    assert seen == [2, 3]
    assert len(lake.snapshots()) == before + 1
    snapshot = lake.snapshot(report.snapshot)
    assert snapshot.rows("SELECT ordinal, key FROM contacts") == [(0, "a"), (1, "b"), (2, "c")]
    assert snapshot.rows("SELECT ordinal, tag FROM tags ORDER BY ALL") == [
        (0, "vip"),
        (1, "vip"),
        (2, "new"),
    ]
    assert snapshot.rows("FROM events") == [(2, "open", NOON, 1.5, None)]


def test_text_is_trimmed_and_blank_text_and_nan_are_no_value(lake, batch):
    contacts = {
        "key": [" a", "b", "c"],
        "city": [" Köln\t", " \n", ""],
        "score": [1.0, float("nan"), None],
    }
    lake.load([batch(contacts)], Notes())
    assert lake.snapshot().rows("FROM contacts ORDER BY ordinal") == [
        (0, "a", "Köln", 1.0),
        (1, "b", None, None),
        (2, "c", None, None),
    ]


def test_nothing_is_visible_when_a_load_fails_midway(lake, batch):
    lake.load([batch()], Notes())
    history = lake.snapshots()

    def broken():
        yield batch({"key": ["x", "y"]})
        raise RuntimeError("the source broke")

    with pytest.raises(RuntimeError, match="the source broke"):
        lake.load(broken(), Notes())
    assert lake.snapshots() == history
    assert lake.snapshot().contacts == 3
    assert sorted(p.name for p in lake.path.iterdir() if p.is_dir()) == ["data", "open"]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (lambda b: [b({"key": ["a", "a"]})], "'a' comes 2 times"),
        (lambda b: [b({"key": ["a", " "]})], "1 contacts have no key"),
        (lambda b: [b(), b({"key": ["d"], "city": ["x"]})], "other columns in contacts"),
        (lambda b: [b(None, [("zz", "vip")])], "1 tags whose contact is not in the same batch"),
        (lambda b: [b(None, [("a", " ")])], "1 rows of tags have no tag"),
        (lambda b: [b({"key": ["a"], "At": ["x"]})], "reserved name"),
        (lambda b: [b({"key": ["a"], "x": [[1]]})], "has type INTEGER|has type BIGINT"),
    ],
)
def test_data_that_does_not_fit_together_is_refused(lake, batch, wrong, says):
    with pytest.raises(LakeError, match=says):
        lake.load(wrong(batch), Notes())
    assert len(lake.snapshots()) == 1


def test_an_old_snapshot_stays_as_it_was(lake, batch):
    old = lake.load([batch()], Notes()).snapshot
    kept = lake.snapshot(old)
    table = kept.table("contacts")
    lake.load([batch({"key": ["x"], "city": ["Rome"]})], Notes())
    assert kept.contacts == 3
    assert kept.ordinals(table.select("ordinal")).size == 3
    assert lake.snapshot(old).field_types() == {}
    assert lake.snapshot().field_types() == {"city": "text"}


def test_an_unknown_snapshot_is_an_error_that_names_the_range(lake):
    with pytest.raises(LakeError, match="no snapshot 7; it has 1 to 1"):
        lake.snapshot(7)


def test_a_snapshot_knows_when_it_was_committed(lake, batch):
    lake.load([batch()], Notes(), message="first ' load")
    entry = lake.snapshots()[-1]
    assert entry.message == "first ' load"
    assert abs((datetime.now(UTC) - entry.time).total_seconds()) < 60
    assert lake.snapshot().committed == entry.time


def test_a_lake_may_be_moved_and_is_still_readable(lake, batch, tmp_path):
    lake.load([batch()], Notes())
    lake.close()
    shutil.move(lake.path, tmp_path / "else where's")
    with Lake.open(tmp_path / "else where's") as moved:
        assert moved.snapshot().contacts == 3


def test_ordinals_take_ibis_and_sql_and_memtables(lake, batch):
    lake.load([batch({"key": ["a", "b", "c"], "n": [1, 2, 3]})], Notes())
    snapshot = lake.snapshot()
    table = snapshot.table("contacts")
    some = ibis.memtable({"ordinal": [2]})
    assert snapshot.ordinals(table.filter(table.n > 1).select("ordinal")).tolist() == [1, 2]
    assert snapshot.ordinals(table.semi_join(some, "ordinal").select("ordinal")).tolist() == [2]
    assert snapshot.ordinals("SELECT ordinal FROM contacts WHERE n = 1").dtype == np.int64
    assert snapshot.batches(table).read_all().num_rows == 3
    with pytest.raises(LakeError, match="one column ordinal"):
        snapshot.ordinals("SELECT key FROM contacts")
    with pytest.raises(LakeError, match="'contacts'"):
        snapshot.table("contact")


def test_a_snapshot_cannot_be_written(lake, batch):
    lake.load([batch()], Notes())
    with pytest.raises(Exception, match=r"read-only|time travel|Cannot execute"):
        lake.snapshot().rows("DELETE FROM contacts")


def test_a_closed_snapshot_says_so(lake):
    snapshot = lake.snapshot()
    snapshot.close()
    snapshot.close()
    with pytest.raises(LakeError, match="is closed"):
        snapshot.rows("FROM contacts")


def test_two_threads_may_query_one_snapshot(lake):
    keys = pa.array([f"k{i}" for i in range(20_000)])
    nothing = pa.array([], pa.string())
    tags = pa.table({"key": nothing, "tag": nothing})
    events = pa.table({"key": nothing, "event": nothing, "at": pa.array([], pa.timestamp("us"))})
    lake.load([Batch(pa.table({"key": keys}), tags, events)], Notes())
    snapshot, wrong = lake.snapshot(), []

    def ask(rest: int) -> None:
        for _ in range(10):
            found = snapshot.ordinals(f"SELECT ordinal FROM contacts WHERE ordinal % 4 = {rest}")
            if not np.array_equal(np.sort(found), np.arange(rest, 20_000, 4)):
                wrong.append(rest)

    threads = [threading.Thread(target=ask, args=(rest,)) for rest in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_interrupt_stops_a_running_query(lake):
    snapshot = lake.snapshot()
    timer = threading.Timer(0.3, snapshot.interrupt)
    timer.start()
    with pytest.raises(Interrupted):
        snapshot.rows("SELECT count(*) FROM range(10000000) a, range(10000000) b WHERE a <> b")


HOLD = """
import sqlite3, sys, time
con = sqlite3.connect(sys.argv[1], isolation_level=None)
con.execute("BEGIN IMMEDIATE")
print("held", flush=True)
time.sleep(float(sys.argv[2]))
con.execute("ROLLBACK")
"""


def _hold(lake: Lake, seconds: float) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", HOLD, str(lake.path / "catalog.sqlite"), str(seconds)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    process.stdout.readline()
    return process


def test_a_catalogue_that_stays_locked_is_lake_locked(lake, batch):
    lake.patience = 0.5
    holder = _hold(lake, 60)
    try:
        with pytest.raises(LakeLocked, match="Another process is writing"):
            lake.load([batch()], Notes())
        assert lake.snapshot().contacts == 0, "readers are not blocked"
    finally:
        holder.kill()
        holder.communicate()
    assert len(lake.snapshots()) == 1


def test_a_lock_that_is_let_go_in_time_only_delays(lake, batch):
    lake.patience = 20
    holder = _hold(lake, 1.5)
    assert lake.load([batch()], Notes()).contacts == 3
    holder.communicate()
    assert len(lake.snapshots()) == 2


def test_a_missing_extension_names_what_was_tried(monkeypatch):
    def refused(*_: object) -> bool:
        raise OSError("no network")

    monkeypatch.setattr(connections, "wheel_path", lambda _: None)
    monkeypatch.setattr(connections, "_installed", refused)
    with pytest.raises(ExtensionMissing) as caught:
        connections.connect()
    said = str(caught.value)
    assert "sqlite_scanner" in said
    assert "the wheel duckdb-extension-sqlite-scanner: no" in said
    assert "no network" in said
    assert "pip install" in said
