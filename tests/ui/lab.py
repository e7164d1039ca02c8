"""A real JupyterLab with a notebook that shows the builder."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

READY_WITHIN = 90
BUILDER = """
from segbench.model.ask import did, field, tag
from segbench.model.rules import Group
from segbench.ui.builder import SegmentBuilder
from segbench.ui.history import Page
from segbench.ui.notebook import NotebookWorkbench
from segbench.ui.session import Session
from segbench.ui.wire import catalog_data, state_data

workbench = NotebookWorkbench.open({place!r})
rules = (field("country").is_any_of("DE"), tag("VIP"), Group("or", (did("order_placed"),)))
session = Session(workbench, Page(Group(rules=rules)))
catalog = catalog_data(workbench.catalog, ())
builder = SegmentBuilder(catalog, state_data(session.wait(), workbench), session.handle)
session.listen(lambda state: setattr(builder, "state", state_data(state, workbench)))
builder
"""


def notebook(*sources: str) -> str:
    """A notebook with these cells."""
    cells = [
        {"cell_type": "code", "id": f"cell-{index}", "metadata": {}, "source": source}
        | {"outputs": [], "execution_count": None}
        for index, source in enumerate(sources)
    ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    whole = {"nbformat": 4, "nbformat_minor": 5, "metadata": {"kernelspec": kernel}}
    return json.dumps(whole | {"cells": cells})


def write_notebook(path: Path, workspace: Path, *more: str) -> None:
    """A notebook with the builder in its first cell, and two more."""
    cells = (BUILDER.format(place=str(workspace)), *(more or ("1 + 1", "2 + 2")))
    path.write_text(notebook(*cells), "utf-8")


@contextmanager
def serving_lab(folder: Path) -> Iterator[str]:
    """The address of a JupyterLab over the notebooks of a folder, on this machine alone."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    words = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", f"--port={port}"]
    words += ["--IdentityProvider.token=", "--ServerApp.disable_check_xsrf=True"]
    words += [f"--ServerApp.root_dir={folder}", "--ServerApp.port_retries=0"]
    words += ["--expose-app-in-browser"]
    homes = {name: str(folder / name) for name in ("HOME", "JUPYTER_CONFIG_DIR", "IPYTHONDIR")}
    log = folder / "lab.log"
    with log.open("w") as sink:
        process = subprocess.Popen(
            words, stdout=sink, stderr=sink, start_new_session=True, env=os.environ | homes
        )
    try:
        address = f"http://127.0.0.1:{port}/lab"
        _wait_for(address, process, log)
        yield address
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(20)


def _wait_for(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + READY_WITHIN
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except OSError:
            time.sleep(0.3)
    pytest.fail(f"JupyterLab did not start:\n{log.read_text()}")
