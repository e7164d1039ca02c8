"""Work on a thread of its own, which nobody needs to wait for."""

from __future__ import annotations

import threading
from collections.abc import Callable

from segbench.errors import LakeError
from segbench.lake.snapshot import Interrupted


def aside(work: Callable[[], object], name: str, stopped: Callable[[], None]) -> threading.Thread:
    """Start the work; `stopped` is called where it could not be done."""

    def run() -> None:
        try:
            work()
        except (LakeError, Interrupted):
            # The snapshot was closed, or a newer question stopped what ran.
            stopped()

    thread = threading.Thread(target=run, name=name, daemon=True)
    thread.start()
    return thread
