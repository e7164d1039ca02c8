"""A pytest plugin: every mutant is run by the tests that reach it, until one of them fails.

Tests are collected once; each mutant lives in a fork of that process, so nothing is written.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import pytest
from mutants import Mutant, apply, lines_of

BUDGET = 6.0
"""How many seconds of tests, by their time without a mutant, one mutant gets."""
SLOWEST = 3.0
"""Tests that take longer than this many seconds are left out."""


@dataclass
class Reach:
    """How long each test takes, and which tests reach a line; tests by number."""

    seconds: dict[int, float] = field(default_factory=dict)
    lines: dict[str, dict[int, list[int]]] = field(default_factory=dict)


@dataclass
class Mutating:
    """A pytest plugin that runs mutants in place of the tests."""

    mutants: list[Mutant]
    processes: int
    out: Path

    @pytest.hookimpl(trylast=True)
    def pytest_collection(self) -> None:
        """Make tests that draw by chance quick and the same each time."""
        from hypothesis import HealthCheck, Phase, settings

        # Shrinking a failure would only cost time, and chance would make two runs differ.
        settings.register_profile(
            "mutants",
            deadline=None,
            database=None,
            derandomize=True,
            max_examples=40,
            phases=(Phase.explicit, Phase.generate),
            suppress_health_check=list(HealthCheck),
        )
        settings.load_profile("mutants")

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Run the mutants and write what became of them; pytest itself runs no test."""
        gc.collect()
        gc.freeze()
        reach = _measured(session.items, {mutant.path for mutant in self.mutants})
        started, done = time.monotonic(), Counter[str]()
        with self.out.open("a") as out:
            for mutant, status, killer in self.results(session.items, reach):
                done[status] += 1
                found = asdict(mutant) | {"status": status, "killer": killer}
                del found["text"]
                print(json.dumps(found), file=out, flush=True)
                if done.total() % 20 == 0:
                    took = time.monotonic() - started
                    print(
                        f"{done.total()}/{len(self.mutants)} in {took:.0f} s",
                        dict(done),
                        flush=True,
                    )
        print(dict(done))
        return True

    def results(self, items: list[pytest.Item], reach: Reach) -> Iterator[tuple[Mutant, str, str]]:
        """Each mutant with what became of it and the test that killed it."""
        waiting = list(reversed(self.mutants))
        running: dict[int, tuple[Mutant, list[int], float, int]] = {}
        while waiting or running:
            while waiting and len(running) < self.processes:
                mutant = waiting.pop()
                chosen = _chosen(mutant, reach)
                if not chosen:
                    yield mutant, "no tests", ""
                    continue
                expected = sum(reach.seconds[number] for number in chosen)
                pid, pipe = _forked(items, chosen, mutant)
                running[pid] = mutant, chosen, time.monotonic() + 15 + 5 * expected, pipe
            time.sleep(0.005)
            for pid, (mutant, _, limit, pipe) in list(running.items()):
                ended, status = os.waitpid(pid, os.WNOHANG)
                if not ended and time.monotonic() < limit:
                    continue
                if not ended:
                    os.kill(pid, signal.SIGKILL)
                    os.waitpid(pid, 0)
                said = os.read(pipe, 10_000).decode()
                os.close(pipe)
                del running[pid]
                code = os.waitstatus_to_exitcode(status) if ended else None
                yield mutant, {None: "timeout", 0: "survived"}.get(code, "killed"), said


def _forked(items: list[pytest.Item], chosen: list[int], mutant: Mutant) -> tuple[int, int]:
    """A process that runs the chosen tests on the mutant; it writes the killer's name."""
    read, write = os.pipe()
    pid = os.fork()
    if pid:
        os.close(write)
        return pid, read
    _silence()
    apply(mutant)
    _forget()
    for item in _run(items, chosen):
        if item[1]:
            os.write(write, items[item[0]].nodeid.encode()[:2_000])
            os._exit(1)
    os._exit(0)


def _run(items: list[pytest.Item], chosen: list[int]) -> Iterator[tuple[int, bool, float]]:
    """Each chosen test by number, whether it failed, and its seconds."""
    from _pytest.runner import runtestprotocol

    for place, number in enumerate(chosen):
        after = items[chosen[place + 1]] if place + 1 < len(chosen) else None
        started = time.perf_counter()
        reports = runtestprotocol(items[number], log=False, nextitem=after)
        took = time.perf_counter() - started
        yield number, any(report.failed for report in reports), took


def _measured(items: list[pytest.Item], paths: set[str]) -> Reach:
    """What each test reaches, found in a fork: no test has run in this process."""
    kept = Path(tempfile.mkdtemp()) / "reach.json"
    pid = os.fork()
    if not pid:
        _silence()
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
    runs = _run(items, list(range(len(items))))
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


def _chosen(mutant: Mutant, reach: Reach) -> list[int]:
    """The tests that reach the change, the quickest first, as many as the budget allows."""
    lines = reach.lines[mutant.path]
    statement, body = lines_of(mutant)
    found = {number for line in statement for number in lines.get(line, ())}
    found = found or {number for line in body for number in lines.get(line, ())}
    chosen, spent = [], 0.0
    for number in sorted(found, key=lambda n: (reach.seconds[n], n)):
        spent += reach.seconds[number]
        if spent > BUDGET:
            break
        chosen.append(number)
    return chosen


def _forget() -> None:
    """Empty the caches of functions: what they hold is from before the change."""
    for name, module in list(sys.modules.items()):
        if name.startswith("segbench"):
            for value in vars(module).values():
                clear: Any = getattr(value, "cache_clear", None)
                if clear is not None:
                    clear()


def _silence() -> None:
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    os.dup2(null, 2)
