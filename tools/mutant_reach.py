"""Which tests reach which line, how long each takes, and so which of them judge a mutant."""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from mutants import Mutant, lines_of

BUDGET = 6.0
"""How many seconds of tests, by their time without a mutant, one mutant gets."""
SLOWEST = 3.0
"""Tests that take longer than this many seconds are left out."""


@dataclass
class Reach:
    """How long each test takes, and which tests reach a line; tests by number."""

    seconds: dict[int, float] = field(default_factory=dict)
    lines: dict[str, dict[int, list[int]]] = field(default_factory=dict)


def measured(items: list[pytest.Item], paths: set[str]) -> Reach:
    """What each test reaches, found in a fork: no test has run in this process."""
    kept = Path(tempfile.mkdtemp()) / "reach.json"
    pid = os.fork()
    if not pid:
        silence()
        kept.write_text(json.dumps(_watched(items, paths)))
        os._exit(0)
    _, status = os.waitpid(pid, 0)
    assert status == 0, "the tests could not be measured"
    said = json.loads(kept.read_text())
    kept.unlink()
    seconds = {int(number): took for number, took in said["seconds"].items()}
    lines = {p: {int(n): t for n, t in found.items()} for p, found in said["lines"].items()}
    print(
        f"{len(items)} tests, {len(items) - len(seconds)} of them red or slow and left out",
        flush=True,
    )
    return Reach(seconds, lines)


def _watched(items: list[pytest.Item], paths: set[str]) -> dict[str, Any]:
    """The seconds of every green, quick test, and the tests that reach each line."""
    import coverage

    files = {path: str(Path(path).resolve()) for path in paths}
    seen = coverage.Coverage(data_file=None, include=list(files.values()))
    seen.start()
    seconds: dict[int, float] = {}
    runs = run(items, list(range(len(items))))
    for number in range(len(items)):
        if sys.gettrace() is None:
            # A test ended all tracing; those after it must be seen too.
            seen.stop()
            seen.start()
        seen.switch_context(str(number))
        _, failed, took = next(runs)
        if not failed and took < SLOWEST:
            seconds[number] = took
    seen.stop()
    data = seen.get_data()
    lines = {
        path: {
            line: [int(test) for test in tests if test and int(test) in seconds]
            for line, tests in data.contexts_by_lineno(file).items()
        }
        for path, file in files.items()
    }
    return {"seconds": seconds, "lines": lines}


def chosen(mutant: Mutant, reach: Reach) -> list[int]:
    """The tests that reach the change, the quickest first, as many as the budget allows."""
    lines = reach.lines[mutant.path]
    statement, body = lines_of(mutant)
    found = {number for line in statement for number in lines.get(line, ())}
    found = found or {number for line in body for number in lines.get(line, ())}
    tests, spent = [], 0.0
    for number in sorted(found, key=lambda n: (reach.seconds[n], n)):
        spent += reach.seconds[number]
        if spent > BUDGET:
            break
        tests.append(number)
    return tests


def run(items: list[pytest.Item], tests: list[int]) -> Iterator[tuple[int, bool, float]]:
    """Each of the tests by number, whether it failed, and its seconds."""
    from _pytest.runner import runtestprotocol

    for place, number in enumerate(tests):
        after = items[tests[place + 1]] if place + 1 < len(tests) else None
        started = time.perf_counter()
        reports = runtestprotocol(items[number], log=False, nextitem=after)
        took = time.perf_counter() - started
        yield number, any(report.failed for report in reports), took


def silence() -> None:
    """Let this process say nothing: it is a fork, and what it writes would be in the way."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    os.dup2(null, 2)
