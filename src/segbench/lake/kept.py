"""Files beside a lake that save asking it again: for each snapshot its catalogue and its answers.

They can be deleted at any time. One that is damaged is as good as none, and a folder that cannot be
written to stays as it is.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

FOLDER = "kept"
FORMAT = "1"
"""Another one, and nothing is found that an earlier version kept: what atoms mean has changed."""
_MARK = 16


class Kept:
    """What is kept of one snapshot, which its commit's moment tells from that of another lake."""

    def __init__(self, lake: Path, snapshot: int, committed: datetime) -> None:
        self._root = lake / FOLDER
        moment = committed.strftime("%Y%m%d%H%M%S%f")
        self.folder = self._root / f"{FORMAT}-{snapshot}-{moment}"

    def read(self, name: str) -> bytes | None:
        """What was kept under that name; None where nothing whole was."""
        path = self.folder / name
        try:
            found = path.read_bytes()
        except OSError:
            return None
        mark, content = found[:_MARK], found[_MARK:]
        if mark != _mark(content):
            with contextlib.suppress(OSError):
                path.unlink()
            return None
        return content

    def open(self, name: str) -> tuple[BinaryIO, int] | None:
        """A kept file, and the place in it where what was kept begins; None if it is not whole."""
        with contextlib.suppress(OSError):
            file = (self.folder / name).open("rb")
            mark, whole = file.read(_MARK), hashlib.blake2b(digest_size=_MARK)
            while part := file.read(1 << 20):
                whole.update(part)
            if mark == whole.digest():
                return file, _MARK
            file.close()
        return None

    def write(self, name: str, *content: bytes | memoryview) -> None:
        """Keep something, part after part, under that name: all of it, or nothing."""
        with contextlib.suppress(OSError):
            if not self._root.parent.is_dir():
                return
            self.folder.mkdir(parents=True, exist_ok=True)
            handle, path = tempfile.mkstemp(dir=self.folder, prefix=".new-")
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(_mark(*content))
                    for part in content:
                        file.write(part)
                os.replace(path, self.folder / name)
            except BaseException:
                os.unlink(path)
                raise

    def shrink(self, most_bytes: int) -> None:
        """Delete what is of other snapshots, oldest first, until all of it fits; then our own."""
        with contextlib.suppress(OSError):
            files = sorted(self._files(), key=lambda each: (each[1] == self.folder, each[2]))
            left = sum(size for _, _, _, size in files)
            for path, _, _, size in files:
                if left <= most_bytes:
                    break
                path.unlink(missing_ok=True)
                left -= size
            for folder in self._root.iterdir():
                if folder != self.folder and not any(folder.iterdir()):
                    shutil.rmtree(folder, ignore_errors=True)

    def _files(self) -> Iterable[tuple[Path, Path, float, int]]:
        for folder in self._root.iterdir():
            for path in folder.iterdir():
                stat = path.stat()
                yield path, folder, stat.st_mtime, stat.st_size


def _mark(*content: bytes | memoryview) -> bytes:
    mark = hashlib.blake2b(digest_size=_MARK)
    for part in content:
        mark.update(part)
    return mark.digest()
