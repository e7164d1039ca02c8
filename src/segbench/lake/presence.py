"""Who has a lake open now, and which snapshots they hold: files that die with their process."""

from __future__ import annotations

import contextlib
import os
import secrets
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from segbench.errors import LakeLocked

FOLDER = "open"
SPILL = ".spill"
GATE = "gate"


class Presence:
    """One open lake: a locked file in its folder `open`, and a place of its own to spill to.

    The file has a line `+7` for each snapshot taken and `-7` for each let go. The operating system
    drops the lock however the process ends. Where the folder cannot be written, nobody is told.
    """

    def __init__(self, folder: Path) -> None:
        name = f"{os.getpid()}-{secrets.token_hex(4)}"
        self._file: int | None = None
        self._folder = folder
        self._path = folder / FOLDER / name
        # Not one folder for all: DuckDB names its files alike in every process, and two processes
        # that spill into one folder write over each other's data.
        self.spill = Path(tempfile.gettempdir()) / f"segbench-{name}{SPILL}"
        with contextlib.suppress(OSError):
            self._path.parent.mkdir(exist_ok=True)
            self._file = os.open(self._path, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_APPEND)
            self.spill = self._path.with_name(name + SPILL)
            lock(self._file)

    def hold(self, snapshot: int, *, seconds: float) -> None:
        """Tell that a snapshot is being read, after a maintenance that must not have readers."""
        with gate(self._folder, seconds=seconds, shared=True):
            self._say(f"+{snapshot}\n")

    def release(self, snapshot: int) -> None:
        """Tell that a snapshot is not read any more."""
        self._say(f"-{snapshot}\n")

    def close(self) -> None:
        """The lake is closed."""
        file, self._file = self._file, None
        if file is not None:
            with contextlib.suppress(OSError):
                self._path.unlink()
            os.close(file)

    def _say(self, line: str) -> None:
        if self._file is not None:
            # One write of a few bytes at the end is whole or not there.
            os.write(self._file, line.encode())


@contextlib.contextmanager
def gate(folder: Path, *, seconds: float, shared: bool = False) -> Iterator[bool]:
    """Keep everybody from starting to read a snapshot; whether that can be kept here.

    Those who start to read share it for a moment, and wait for one who does not. `LakeLocked` once
    `seconds` have passed.
    """
    with contextlib.ExitStack() as stack:
        try:
            file = os.open(folder / FOLDER / GATE, os.O_CREAT | os.O_RDWR)
        except OSError:
            yield False
            return
        stack.callback(os.close, file)
        deadline = time.monotonic() + seconds
        while (kept := lock(file, shared=shared)) is False:
            if time.monotonic() > deadline:
                raise LakeLocked(
                    f"A maintenance of the lake at {folder} did not finish within {seconds:g} s; "
                    "try again when it has."
                )
            time.sleep(0.02)
        yield kept is True


def held_snapshots(folder: Path) -> frozenset[int]:
    """The snapshots that living processes read, on every machine whose locks reach this folder."""
    found: set[int] = set()
    for path in _files(folder):
        if is_locked(path):
            with contextlib.suppress(FileNotFoundError):
                found |= _held(path.read_text())
    return frozenset(found)


def left_by_the_dead(folder: Path) -> Iterator[Path]:
    """The files of processes that ended without closing, and what they spilled."""
    maybe_alive = set()
    for path in _files(folder):
        if is_locked(path) is False:
            yield path
        else:
            maybe_alive.add(path.name)
    for spilled in folder.glob(f"{FOLDER}/*{SPILL}"):
        if spilled.name.removesuffix(SPILL) not in maybe_alive:
            yield spilled


def is_locked(path: Path) -> bool | None:
    """Whether a living process has locked a file; None where that cannot be told."""
    try:
        file = os.open(path, os.O_RDWR if os.access(path, os.W_OK) else os.O_RDONLY)
    except OSError:
        return None
    try:
        locked = lock(file)
        return None if locked is None else not locked
    finally:
        os.close(file)


def _files(folder: Path) -> list[Path]:
    found = folder.glob(f"{FOLDER}/*")
    return [path for path in found if path.suffix != SPILL and path.name != GATE]


def _held(lines: str) -> set[int]:
    counts: Counter[int] = Counter()
    for line in lines.split():
        counts[int(line[1:])] += 1 if line[0] == "+" else -1
    return {snapshot for snapshot, count in counts.items() if count > 0}


def lock(file: int, *, shared: bool = False) -> bool | None:
    """Lock an open file for as long as it is open; False where somebody else has it.

    None on Windows and on file systems without locks: there only its age protects a snapshot.
    """
    try:
        import fcntl

        kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except (ImportError, OSError):
        return None
    return True
