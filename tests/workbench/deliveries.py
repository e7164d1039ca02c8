"""Exports to deliver, and processes that are killed while they export or deliver."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from destinations.services import Answer, Request, WebhookReceiver
from workbenches import NOW

from segbench.audience.export import ExportOptions
from segbench.destinations.settings import write_destinations
from segbench.model.ask import field
from segbench.model.campaign import ExportRecord
from segbench.model.rules import as_group
from segbench.model.segment import Segment
from segbench.workbench import handing
from segbench.workbench.delivering import deliver
from segbench.workbench.workbench import Workbench

CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(["segbench.workbench.delivering", "segbench.audience.export"])
COLUMNS = ["key", "email", "first_name", "phone", "country"]
GERMANS = field("country").is_any_of("DE")
BATCH = 20


def opened(folder: Path) -> Workbench:
    """The workspace, with a clock that stands still."""
    return Workbench.open(folder, clock=lambda: NOW)


def exported(workbench: Workbench, *formats: str) -> ExportRecord:
    """The record of an export of some hundred contacts."""
    workbench.save(Segment("Germans", as_group(GERMANS)), replace_saved=True)
    agreed = handing.confirm(workbench, "Spring", "Germans")
    options = ExportOptions(formats or ("csv", "parquet"))
    return handing.export(workbench, agreed, COLUMNS, None, options)


def add_hook(workbench: Workbench, url: str, **more: Any) -> None:
    """The destination `hook` at a URL of this machine."""
    entry = {"kind": "webhook", "url": url, "secret": "env:A_KEY", "private": True}
    write_destinations(workbench.workspace.root, {"hook": entry | {"batch": BATCH} | more})


def deliver_there(folder: Path, export: str) -> None:
    """What a process of its own does, until it is killed."""
    with opened(folder) as workbench:
        deliver(workbench, export, "hook", pause=lambda _: None)


def export_there(folder: Path, dies_at: str) -> None:
    """Export in a process that kills itself at a place."""
    with opened(folder) as workbench:
        agreed = handing.confirm(workbench, "Spring", "Germans")
        record = workbench.library.record_export
        options = ExportOptions(("csv", "parquet"))

        def dies(place: str) -> None:
            if place == dies_at:
                os.kill(os.getpid(), 9)

        def recorded(*words: Any, **more: Any) -> Any:
            dies("before it is recorded")
            done = record(*words, **more)
            dies("after it is recorded")
            return done

        workbench.library.record_export = recorded  # type: ignore[method-assign]
        handing.export(workbench, agreed, COLUMNS, lambda _: dies("while it writes"), options)


class Killer:
    """Kills a process at the n-th request, once the service took that one, or before it did."""

    def __init__(self, receiver: WebhookReceiver, number: int, took_it: bool) -> None:
        self._receiver, self._number, self._took_it = receiver, number, took_it
        self._process: Any = None
        self._known, self._dead = threading.Event(), threading.Event()

    def kill(self, process: Any) -> None:
        """Wait until the process was killed; it may have asked before we come here."""
        self._process = process
        self._known.set()
        process.join()
        self._dead.set()
        assert process.exitcode == -9

    def __call__(self, request: Request, number: int) -> Answer | None:
        if number != self._number:
            return None
        if self._took_it:
            self._receiver(request)
        self._known.wait(60)
        self._process.kill()
        # Only one thread may wait for the process itself.
        self._dead.wait(60)
        return Answer(500)


def started(work: Callable[..., None], *words: Any) -> Any:
    """A process that does this work."""
    # The process that forks may be older than what the test put into the environment.
    given = {name: os.environ[name] for name in ("A_KEY", "PGPASSWORD") if name in os.environ}
    process = CONTEXT.Process(target=_with_environment, args=(given, work, *words))
    process.start()
    return process


def _with_environment(given: dict[str, str], work: Callable[..., None], *words: Any) -> None:
    os.environ.update(given)
    work(*words)
