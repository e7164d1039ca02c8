"""Work of whole processes: counting, importing, exporting; and how much memory they take."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import duckdb
import pyarrow.csv as csv
from timing import Line, median, timed

from segbench.audience.csv_cells import csv_batch, csv_schema
from segbench.engine.membership import Membership
from segbench.model.segment import Segment
from segbench.workbench.workbench import Workbench
from segbench.workbench.workspace import Workspace

ENVIRONMENT = {name: value for name, value in os.environ.items() if "BYTECODE" not in name}
"""As users have it: what was compiled once is not compiled again."""
COMMAND = (str(Path(sys.executable).with_name("segbench")),)
FIRST = "import resource, sys, time, json; start = time.perf_counter()\n"
LAST = (
    "\nprint(json.dumps([time.perf_counter() - start, "
    "resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))"
)


def in_process(code: str) -> tuple[float, float]:
    """Seconds and peak memory (MiB) of code in a process of its own, without Python's start."""
    done = subprocess.run(
        [sys.executable, "-c", FIRST + code + LAST], check=True, capture_output=True, text=True
    )
    seconds, peak = json.loads(done.stdout.splitlines()[-1])
    return seconds, peak


def counting(workspace: Workspace, segment: Segment) -> Iterator[Line]:
    """`segbench count` of a saved segment, from the start of the process to its end."""
    with Workbench.open(workspace.root) as workbench:
        workbench.save(segment, replace_saved=True)
        expected = f"{workbench.count(segment.group):,}"
    kept = workspace.lake / "kept"

    def run() -> None:
        done = subprocess.run(
            [*COMMAND, "count", segment.name, "--workspace", str(workspace.root)],
            check=True,
            capture_output=True,
            text=True,
            env=ENVIRONMENT,
        )
        assert done.stdout.strip() == expected, done.stdout

    def without_sets() -> None:
        for path in kept.rglob("*"):
            if path.is_file() and path.suffix != ".json":
                path.unlink()
        run()

    mine = median(without_sets)
    yield Line("`segbench count`, whole process", "≤ 0.6 s", mine, {}, mine <= 0.6)
    mine = median(run)
    yield Line("the same, its sets kept on disk", "≤ 0.3 s", mine, {}, mine <= 0.3)
    loaded, nothing = (
        median(partial(subprocess.run, [sys.executable, "-c", code], check=True, env=ENVIRONMENT))
        for code in ("import segbench", "pass")
    )
    mine = loaded - nothing
    yield Line("`import segbench`, Python's start taken off", "≤ 0.15 s", mine, {}, mine <= 0.15)


def importing(files: dict[str, Path], folder: Path) -> Iterator[Line]:
    """`import_files` beside DuckDB's CREATE TABLE AS of the same files; and its peak memory."""
    paths = ", ".join(f"{name}={str(path)!r}" for name, path in files.items())
    ours, peak = in_process(
        "from segbench.lake.lake import Lake\nfrom segbench.lake.importing import import_files\n"
        f"import_files(Lake.create({str(folder / 'lake')!r}), {paths})"
    )
    read = {name: f"read_parquet('{path}')" for name, path in files.items()}
    copied = _by_hand(
        folder, "; ".join(f"CREATE TABLE {name} AS FROM {read[name]}" for name in read)
    )
    times = {"DuckDB": copied}
    yield Line("import of the files", "≤ 2 x", ours, times, ours <= 2 * copied)
    # No checks, but what every later question lives on: ordinals for keys, and the order.
    people = f"(SELECT key, row_number() OVER () - 1 AS ordinal FROM {read['contacts']})"
    orders = {"tags": "tag, ordinal", "events": 'event, "at", ordinal'}
    joined = "; ".join(
        f"CREATE TABLE {name} AS SELECT * EXCLUDE key FROM {read[name]} JOIN {people} USING (key) "
        f"ORDER BY {order}"
        for name, order in orders.items()
    )
    times = {"DuckDB": _by_hand(folder, f"CREATE TABLE contacts AS FROM {people}; {joined}")}
    yield Line("… beside tables joined and sorted alike, without checks", "", ours, times)
    yield Line(f"… its peak memory is {peak / 1024:.1f} GiB", "≤ 8 GiB", ours, {}, peak <= 8192)


def _by_hand(folder: Path, sql: str) -> float:
    """Seconds of statements in a DuckDB file of their own."""
    file = folder / "theirs.duckdb"
    file.unlink(missing_ok=True)
    return in_process(f"import duckdb\nduckdb.connect({str(file)!r}).execute({sql!r})")[0]


def exporting(workspace: Workspace, most: int, folder: Path) -> Iterator[Line]:
    """A million recipients as CSV, beside DuckDB's COPY of the same columns."""
    with Workbench.open(workspace.root) as workbench:
        engine = workbench.engine
        members = Membership.of(range(min(most, engine.contacts)), engine.contacts)
        columns = workbench.columns()

        def ours() -> None:
            reader = engine.rows(members, columns)
            schema = csv_schema(reader.schema)
            with csv.CSVWriter(folder / "ours.csv", schema) as writer:
                for batch in reader:
                    writer.write_batch(csv_batch(batch, schema)[0])

        listed = ", ".join(f'"{name}"' for name in columns)
        with engine.snapshot._cursors.cursor() as cursor:
            copy = (
                f"COPY (SELECT {listed} FROM contacts WHERE ordinal < {most} ORDER BY ordinal) "
                f"TO '{folder / 'theirs.csv'}'"
            )

            def theirs() -> duckdb.DuckDBPyConnection:
                return cursor.execute(copy)

            mine, other = timed(ours, 3), timed(theirs, 3)
    name = f"export of {min(most, engine.contacts):,} recipients as CSV"
    yield Line(name, "≤ 1.5 x", mine, {"DuckDB": other}, mine <= 1.5 * other)
