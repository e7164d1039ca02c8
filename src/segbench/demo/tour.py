"""A small demo workspace for notebooks and tests: always the same contacts."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from segbench.demo.fill import demo_crm, fill
from segbench.workbench.workspace import Workspace

CONTACTS = 5_000
SEED = 7
UNTIL = dt.datetime(2026, 11, 1)


def tour_workspace(folder: Path, contacts: int = CONTACTS) -> Path:
    """A new workspace inside `folder` with that many generated contacts; its path."""
    workspace = Workspace(folder / "tour-workspace")
    fill(workspace, demo_crm(contacts, seed=SEED, until=UNTIL))
    return workspace.root
