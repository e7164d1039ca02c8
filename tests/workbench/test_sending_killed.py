"""`run_due` in processes that are killed, and in two at once: handed off once, nothing lost."""

from __future__ import annotations

import datetime as dt
import multiprocessing
import os
import random
import shutil
import sys
import time
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path

import mailings
import pytest

from segbench.audience.export import verify_export
from segbench.library.campaign_changes import CampaignChange
from segbench.model.ask import field
from segbench.model.recipe import rules_source
from segbench.model.rules import as_group
from segbench.workbench import handing, scheduling, sending
from segbench.workbench.workbench import Workbench

KILLS = 40 if os.environ.get("SEGBENCH_SOAK") else 3
AT = dt.datetime(2026, 11, 20, 13)
LATER = mailings.NOW + dt.timedelta(hours=2)
NAMES = ("Autumn", "Spring")
CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(["segbench.workbench.scheduling"])

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")


@pytest.fixture(scope="module")
def due(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with two campaigns on the schedule, not open."""
    root = mailings.make(tmp_path_factory.mktemp("due"), mailings.drawn())
    everybody = rules_source("All", as_group(field("country").is_any_of("DE", "AT", "FR")))
    with mailings.opened(root) as workbench:
        for name in NAMES:
            workbench.library.mailings.create(name, mailings.NOW)
            settings = replace(mailings.SOUND, send_at=AT)
            change = CampaignChange(settings=settings, include=(everybody,))
            workbench.library.mailings.change(name, change, mailings.NOW)
            sending.mark_reviewed(workbench, name)
            scheduling.schedule(workbench, scheduling.confirm_schedule(workbench, name))
    return root


def later() -> dt.datetime:
    return LATER


def run(root: Path, told: Connection, go: Connection | None) -> None:
    """Open the workspace, say so, and hand off what is due: what a process is killed in."""
    with Workbench.open(root, clock=later) as workbench:
        told.send_bytes(b"open")
        if go is not None:
            go.recv_bytes()
        done = [each.campaign for each in scheduling.run_due(workbench) if each.record]
    told.send_bytes(b"done " + ",".join(done).encode())


def begun(root: Path, go: Connection | None = None) -> tuple[multiprocessing.Process, Connection]:
    here, there = CONTEXT.Pipe()
    process = CONTEXT.Process(target=run, args=(root, there, go))
    process.start()
    there.close()
    assert here.recv_bytes() == b"open"
    return process, here  # type: ignore[return-value]


def require_once(root: Path) -> None:
    """Each campaign is handed off, with one export that is whole, and no other files are there."""
    with Workbench.open(root, clock=later) as workbench:
        list(scheduling.run_due(workbench))
        wanted = set()
        for name in NAMES:
            campaign = workbench.library.campaign(name)
            assert campaign.state == "handed_off"
            (record,) = campaign.exports
            folder = handing.folder_of(workbench, record)
            assert verify_export(folder, record.manifest_sha256) == ()
            wanted.add(folder.name)
            steps = [step.state for step in workbench.library.mailings.steps(name)]
            assert steps.count("handed_off") == 1
        there = {path.name for path in workbench.workspace.exports.iterdir()}
        assert {name for name in there if not name.endswith(".unfinished")} == wanted


def test_a_hand_off_that_was_killed_is_finished_by_the_next_one(due: Path, tmp_path: Path) -> None:
    whole = Path(shutil.copytree(due, tmp_path / "whole"))
    process, told = begun(whole)
    opened = time.perf_counter()
    assert told.recv_bytes() == b"done " + ",".join(NAMES).encode()
    process.join()
    took = time.perf_counter() - opened
    chance, cut = random.Random(3), 0
    for number in range(KILLS):
        root = Path(shutil.copytree(due, tmp_path / f"killed-{number}"))
        process, told = begun(root)
        time.sleep((number + chance.random()) / KILLS * took)
        process.kill()
        process.join()
        told.close()
        with Workbench.open(root, clock=later) as workbench:
            states = {name: workbench.library.campaign(name).state for name in NAMES}
            assert set(states.values()) <= {"scheduled", "handed_off"}
            for name in NAMES:
                there = len(workbench.library.campaign(name).exports)
                assert there == (states[name] == "handed_off")
        cut += "scheduled" in states.values()
        require_once(root)
    assert cut, "no process was killed before it was done"


def test_two_at_once_hand_each_campaign_off_once(due: Path, tmp_path: Path) -> None:
    root = Path(shutil.copytree(due, tmp_path / "twice"))
    gates = [CONTEXT.Pipe() for _ in range(2)]
    running = [begun(root, go) for _, go in gates]
    for gate, _ in gates:
        gate.send_bytes(b"go")
    told = [where.recv_bytes() for _, where in running]
    for process, _ in running:
        process.join()
    assert all(each.startswith(b"done") for each in told)
    require_once(root)
