"""The scratch databases beside a lake: those of the living stay, those of the dead go."""

from __future__ import annotations

import sys

import duckdb
import pytest

from segbench.lake.stage import Stage


@pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot tell who is alive")
def test_a_new_stage_removes_those_of_killed_processes_and_no_other(tmp_path):
    dead, older = tmp_path / "stage-dead", tmp_path / "stage-older"
    for folder in (dead, older):
        folder.mkdir()
        (folder / "stage.duckdb").write_bytes(b"left")
    dead.with_suffix(".alive").touch()
    with Stage(duckdb.connect(), tmp_path) as living:
        assert not dead.exists()
        assert not dead.with_suffix(".alive").exists()
        # Versions without such a file left only the folder.
        assert not older.exists()
        with Stage(duckdb.connect(), tmp_path) as second:
            assert living.folder.exists()
            assert second.folder != living.folder
        assert living.value("SELECT 1") == 1
    assert list(tmp_path.iterdir()) == []
