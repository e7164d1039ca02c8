"""A pytest plugin: every mutant is run by the tests that reach it, until one of them fails.

Tests are collected once; each mutant lives in a fork of that process, so nothing is written.
"""

from __future__ import annotations

import gc
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pytest
from mutant_reach import Reach, chosen, measured, run, silence
from mutants import Mutant, apply


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
        reach = measured(session.items, {mutant.path for mutant in self.mutants})
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
                tests = chosen(mutant, reach)
                if not tests:
                    yield mutant, *_anew(items, reach, mutant)
                    continue
                expected = sum(reach.seconds[number] for number in tests)
                pid, pipe = _forked(items, tests, mutant)
                running[pid] = mutant, tests, time.monotonic() + 15 + 5 * expected, pipe
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


def _forked(items: list[pytest.Item], tests: list[int], mutant: Mutant) -> tuple[int, int]:
    """A process that runs the chosen tests on the mutant; it writes the killer's name."""
    read, write = os.pipe()
    pid = os.fork()
    if pid:
        os.close(write)
        return pid, read
    silence()
    try:
        apply(mutant)
    except Exception as error:
        os.write(write, f"not even defined: {error!r}".encode()[:2_000])
        os._exit(1)
    _forget()
    for item in run(items, tests):
        if item[1]:
            os.write(write, items[item[0]].nodeid.encode()[:2_000])
            os._exit(1)
    os._exit(0)


def _anew(items: list[pytest.Item], reach: Reach, mutant: Mutant) -> tuple[str, str]:
    """What becomes of a mutant that runs while modules are imported: in a new process, all tests.

    In `src` nothing is written: the new process gets a changed copy.
    """
    files = sorted({item.nodeid.partition("::")[0] for item in items})
    named = [item.nodeid for number, item in enumerate(items) if number not in reach.seconds]
    named += items[0].config.getoption("deselect")
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *files]
    with tempfile.TemporaryDirectory() as place:
        shutil.copytree("src", f"{place}/src")
        Path(place, mutant.path).write_text(mutant.text)
        try:
            ended = subprocess.run(
                [*command, *(f"--deselect={name}" for name in named)],
                env=os.environ | {"PYTHONPATH": f"{place}/src{os.pathsep}tests"},
                capture_output=True,
                text=True,
                timeout=300,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return "timeout", ""
    if not ended.returncode:
        return "survived", "anew"
    said = [line for line in ended.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
    return "killed", (said or [ended.stdout[-200:]])[0]


def _forget() -> None:
    """Empty the caches of functions: what they hold is from before the change."""
    for name, module in list(sys.modules.items()):
        if name.startswith("segbench"):
            for value in vars(module).values():
                clear: Any = getattr(value, "cache_clear", None)
                if clear is not None:
                    clear()
