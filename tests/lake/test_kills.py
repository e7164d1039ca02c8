"""A process that is killed while it writes leaves the lake as it was, or with all that it wrote."""

from __future__ import annotations

import os
import shutil
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from lake.kills import Work, content, copied, killed_after, moments, write_source
from segbench.lake.lake import Lake
from segbench.lake.maintenance import maintain
from segbench.lake.retention import Retention

KILLS = 200 if os.environ.get("SEGBENCH_SOAK") else 20
SHARES = {"full": 0.5, "watermark": 0.25, "import": 0.25}
CONTACTS = 2_000

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")


@pytest.fixture(scope="module")
def before(tmp_path_factory) -> Path:
    """A lake that was synced once."""
    folder = tmp_path_factory.mktemp("before")
    with Lake.create(folder / "lake") as lake:
        Work("watermark", write_source(folder / "first", 1, CONTACTS)).do(lake)
    return folder / "lake"


@pytest.mark.parametrize("what", SHARES)
def test_a_killed_process_leaves_all_or_nothing_and_can_be_run_again(what, before, tmp_path):
    work = Work(what, write_source(tmp_path / "second", 2, CONTACTS))
    whole = killed_after(work, copied(before, tmp_path / "whole"), None)
    with Lake.open(before) as lake:
        old, snapshots = content(lake), len(lake.snapshots())
    with Lake.open(tmp_path / "whole") as lake:
        new = content(lake)
    assert new != old
    ends = set()
    for number, moment in enumerate(moments(7, int(KILLS * SHARES[what]), whole)):
        folder = copied(before, tmp_path / f"killed-{number}")
        killed_after(work, folder, moment)
        with Lake.open(folder) as lake:
            found, done = content(lake), len(lake.snapshots()) > snapshots
            assert found == (new if done else old), f"killed after {moment:.3f} s of {whole:.3f}"
            assert len(lake.snapshots()) == snapshots + done
            # An import adds nothing that is there, a sync changes nothing: nothing is doubled.
            assert (work.do(lake) is None) == done
            assert content(lake) == new
            assert not list(folder.glob("stage-*"))
            if number % 4 == 0:
                _require_tidy(lake)
                assert content(lake) == new
        ends.add(done)
        shutil.rmtree(folder)
    assert False in ends, "no process was killed before it had written"


def _require_tidy(lake: Lake) -> None:
    """Maintenance removes every file that no snapshot knows."""
    later = datetime.now(UTC) + timedelta(days=3)
    maintain(lake, Retention(), now=later)
    orphans = lake.rows(
        "CALL ducklake_delete_orphaned_files('lake', dry_run => true, cleanup_all => true)"
    )
    assert orphans == []
