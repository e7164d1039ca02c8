"""Speed as ratios in one run: segbench beside hand-written DuckDB SQL, polars and pandas.

    make bench                                   1,000,000 contacts and 10,000,000 events
    make bench ARGS="--contacts 10000000"        ten times as many
    make bench ARGS="--keep FOLDER"              keeps the workspace, and uses it again

Every pair of answers is compared before its times are: bit by bit where contacts are compared.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import platform
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import asked
import cached
import duckdb
import live
import numpy as np
import pandas as pd
import polars as pl
import processes
from made import make_files
from timing import Line, heading, shown

from segbench.engine.local import LocalEngine
from segbench.model.segment import Segment
from segbench.workbench.workbench import Workbench
from segbench.workbench.workspace import Settings, Workspace

UNTIL = dt.datetime(2026, 11, 1)


def main() -> None:
    """Make a workspace, do all the work, print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--contacts", type=int, default=1_000_000)
    parser.add_argument("--keep", type=Path, help="a folder for the workspace and its files")
    given = parser.parse_args()
    with _folder(given.keep) as folder:
        print(f"{given.contacts:,} contacts, {10 * given.contacts:,} events; {_versions()}\n")
        print(heading())
        for line in _lines(folder, given.contacts):
            print(shown(line), flush=True)
        print(f"\nMemory: {_memory(Workspace(folder / 'workspace'))}")


def _lines(folder: Path, contacts: int) -> Iterator[Line]:
    workspace = Workspace(folder / "workspace")
    if not workspace.exists:
        files = make_files(folder / "files", contacts)
        yield from processes.importing(files, folder)
        workspace.root.mkdir()
        (folder / "lake").rename(workspace.lake)
        workspace.write(Settings("Bench", as_of=UNTIL))
    with Workbench.open(workspace.root) as workbench:
        engine = LocalEngine(workbench.engine.snapshot)
        yield from cached.lines(engine, workbench.plan)
        engine.forget()
        yield from asked.lines(engine, workbench.plan)
        engine.forget()
        yield from live.lines(workbench.lake, workbench.plan)
    yield from processes.counting(workspace, Segment("Bench", cached.eight_rows()))
    yield from processes.exporting(workspace, 1_000_000, folder)


def _memory(workspace: Workspace) -> str:
    """Resident memory of a process with twenty cached rows."""
    code = (
        "import sys; sys.path.insert(0, 'benchmarks')\n"
        "from live import twenty_rows\nfrom segbench.workbench.workbench import Workbench\n"
        f"workbench = Workbench.open({str(workspace.root)!r})\n"
        "from segbench.engine.aside import wait_aside\n"
        "for row in twenty_rows(): workbench.count(row)\n"
        "wait_aside()\n"
        "status = open('/proc/self/status').read()\n"
        "print('resident', status.split('VmRSS:')[1].split()[0])"
    )
    import subprocess
    import sys

    done = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    ).stdout
    resident = int(done.split("resident")[1].split()[0]) / 1024
    return f"{resident:,.0f} MiB resident with twenty cached rows (bar: 400 MB)"


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        yield keep.absolute()
        return
    with tempfile.TemporaryDirectory(prefix="segbench-bench-") as made:
        yield Path(made)


def _versions() -> str:
    versions = {
        "Python": platform.python_version(),
        "DuckDB": duckdb.__version__,
        "polars": pl.__version__,
        "pandas": pd.__version__,
        "numpy": np.__version__,
    }
    named = ", ".join(f"{name} {version}" for name, version in versions.items())
    return f"{os.cpu_count()} cores; {named}"


if __name__ == "__main__":
    np.seterr(all="raise")
    main()
