"""A real Voilà over a small demo workspace, for the browser tests."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from served import Server

from segbench.demo.tour import tour_workspace

READY_WITHIN = 120


@pytest.fixture(scope="session")
def voila(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """`segbench serve` on a workspace of its own, until the tests are done."""
    workspace = tour_workspace(tmp_path_factory.mktemp("voila"))
    log = workspace.parent / "serve.log"
    words = [sys.executable, "-m", "segbench.serve", "--workspace", str(workspace)]
    words += ["--port", str(free_port()), "--no-browser"]
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
