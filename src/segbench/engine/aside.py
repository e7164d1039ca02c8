"""Work on a thread of its own, which nobody needs to wait for."""

from __future__ import annotations

import atexit
import ctypes
import threading
import weakref
from collections.abc import Callable

import pyarrow as pa

from segbench.errors import LakeError
from segbench.lake.snapshot import Interrupted, Snapshot

_one_at_a_time = threading.Lock()
_running: weakref.WeakKeyDictionary[threading.Thread, Snapshot] = weakref.WeakKeyDictionary()


def aside(
    work: Callable[[], object], snapshot: Snapshot, name: str, stopped: Callable[[], None]
) -> threading.Thread:
    """Start work that asks a snapshot; `stopped` is called where it could not be done."""

    def run() -> None:
        try:
            with _one_at_a_time:
                work()
            _give_back()
        except (LakeError, Interrupted):
            # The snapshot was closed, or a newer question stopped what ran.
            stopped()

    thread = threading.Thread(target=run, name=name, daemon=True)
    _running[thread] = snapshot
    thread.start()
    return thread


def wait_aside() -> None:
    """Wait until nothing is done aside any more, as a measurement wants it."""
    for thread in list(_running):
        thread.join()


def _give_back() -> None:
    """Arrays of 10 million contacts leave half a gigabyte that glibc keeps for itself."""
    pa.default_memory_pool().release_unused()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


@atexit.register
def _stop() -> None:
    """A thread inside DuckDB would crash the process that ends under it."""
    for thread, snapshot in list(_running.items()):
        while thread.is_alive():
            snapshot.close()
            snapshot.interrupt()
            thread.join(0.02)
