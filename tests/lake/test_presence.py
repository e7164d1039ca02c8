from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from segbench.errors import LakeLocked
from segbench.lake.lake import Lake
from segbench.lake.presence import gate, held_snapshots, left_by_the_dead
from segbench.lake.tables import Notes


def spills_into(lake: Lake) -> Path:
    return Path(lake.rows("SELECT current_setting('temp_directory')")[0][0])


def test_two_lakes_never_spill_into_one_folder(lake):
    with Lake.open(lake.path) as other:
        folders = {spills_into(lake), spills_into(other)}
        assert len(folders) == 2
        assert {folder.parent for folder in folders} == {lake.path / "open"}


def test_what_is_spilled_is_gone_when_the_lake_is_closed(lake):
    with Lake.open(lake.path) as other:
        folder = spills_into(other)
        with other.connection.cursor() as cursor:
            cursor.execute("SET memory_limit = '60MB'")
            cursor.execute("CREATE TEMP TABLE big AS SELECT uuid()::VARCHAR FROM range(2_000_000)")
            assert list(folder.iterdir())
    assert not folder.exists()


def test_a_snapshot_is_held_until_it_and_every_other_of_it_is_closed(lake):
    assert held_snapshots(lake.path) == frozenset()
    with Lake.open(lake.path) as other:
        first, second, third = lake.snapshot(), other.snapshot(), other.snapshot()
        for snapshot in (first, second):
            snapshot.close()
            assert held_snapshots(lake.path) == {1}
        third.close()
        assert held_snapshots(lake.path) == frozenset()


def test_a_closed_lake_holds_nothing_and_leaves_nothing(lake):
    with Lake.open(lake.path) as other:
        other.snapshot()
    assert held_snapshots(lake.path) == frozenset()
    assert list(left_by_the_dead(lake.path)) == []


KILLED = """
import os, sys
from segbench.lake.lake import Lake
lake = Lake.open(sys.argv[1])
held = lake.snapshot()
os._exit(9)
"""


def test_a_killed_process_holds_nothing(lake):
    subprocess.run([sys.executable, "-c", KILLED, str(lake.path)], check=False)
    assert held_snapshots(lake.path) == frozenset()
    assert len(list(left_by_the_dead(lake.path))) == 1


def test_a_snapshot_waits_at_the_gate_and_then_says_so(lake, batch):
    lake.load([batch()], Notes())
    lake.patience = 0.2
    with gate(lake.path, seconds=1), pytest.raises(LakeLocked, match=r"maintenance.* within 0\.2"):
        lake.snapshot()
    assert lake.snapshot().contacts == 3


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_lake_in_a_folder_that_cannot_be_written_is_still_read(lake, batch):
    lake.load([batch()], Notes())
    lake.close()
    (lake.path / "open").chmod(0o500)
    try:
        with Lake.open(lake.path) as again:
            assert again.snapshot().contacts == 3
            assert lake.path not in spills_into(again).parents
    finally:
        (lake.path / "open").chmod(0o700)


def test_where_nobody_can_be_told_a_lake_is_still_read(lake, batch, monkeypatch):
    lake.load([batch()], Notes())

    def refused(*_: object, **__: object) -> int:
        raise PermissionError

    monkeypatch.setattr("segbench.lake.presence.os.open", refused)
    with Lake.open(lake.path) as again:
        assert again.snapshot().contacts == 3
        assert lake.path not in spills_into(again).parents
