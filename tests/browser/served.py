"""A real Voilà over a workspace, for the browser tests."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

READY_WITHIN = 120


@dataclass(frozen=True)
class Server:
    """A running dashboard: its address and the folder of its workspace."""

    address: str
    workspace: Path


@contextmanager
def serving(workspace: Path, dashboard: str = "audience") -> Iterator[Server]:
    """`segbench serve` with that dashboard on a workspace, until the tests are done with it."""
    log = workspace.parent / f"serve-{dashboard}.log"
    words = [sys.executable, "-m", "segbench.serve", "--workspace", str(workspace)]
    words += ["--dashboard", dashboard, "--port", str(free_port()), "--no-browser"]
    with log.open("w") as sink:
        process = subprocess.Popen(words, stdout=sink, stderr=sink, start_new_session=True)
    try:
        yield Server(wait_for_address(process, log), workspace)
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(20)


def wait_for_address(process: subprocess.Popen[bytes], log: Path) -> str:
    """The address that the server prints once it answers."""
    deadline = time.monotonic() + READY_WITHIN
    while time.monotonic() < deadline and process.poll() is None:
        for line in log.read_text().splitlines():
            if line.startswith("segbench is ready: "):
                return line.split(": ", 1)[1]
        time.sleep(0.2)
    pytest.fail(f"The dashboard did not start:\n{log.read_text()}")


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
