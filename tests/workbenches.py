"""A small demo workspace: made once for all tests, opened once to read, copied to be changed."""

from __future__ import annotations

import atexit
import datetime as dt
import functools
import shutil
import tempfile
from pathlib import Path

from segbench.demo.fill import demo_crm, fill
from segbench.ui.notebook import NotebookWorkbench
from segbench.workbench.workspace import Workspace

CONTACTS = 1_000
SEED = 11
UNTIL = dt.datetime(2026, 10, 23)
"""The clock of the workspace (naive UTC)."""
NOW = dt.datetime(2026, 11, 2, 9, 30, tzinfo=dt.UTC)
"""What the clock on the wall shows in tests that look at it."""


@functools.cache
def filled() -> Path:
    """The workspace that no test may change."""
    folder = Path(tempfile.mkdtemp(prefix="segbench-tests-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    fill(Workspace(folder / "demo"), demo_crm(CONTACTS, seed=SEED, until=UNTIL))
    return folder / "demo"


@functools.cache
def opened() -> NotebookWorkbench:
    """That workspace, open for all tests that only read."""
    workbench = NotebookWorkbench.open(filled())
    atexit.register(workbench.close)
    return workbench


def copied(folder: Path) -> Path:
    """A workspace of a test's own inside `folder`, equal to the shared one."""
    return Path(shutil.copytree(filled(), folder / "demo"))
