"""A folder that appears whole or not at all, whatever breaks while it is filled."""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

from segbench.errors import ExportError


@contextlib.contextmanager
def whole_or_nothing(folder: Path) -> Iterator[Path]:
    """A hidden folder to fill, which becomes `folder` at the end or goes away."""
    unfinished = folder.parent / f".segbench-{secrets.token_hex(8)}.unfinished"
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        unfinished.mkdir()
        yield unfinished
        flush(unfinished)
        refuse_existing(folder)
        unfinished.rename(folder)
        flush(folder.parent)
    except OSError as error:
        raise ExportError(f"The export {folder} cannot be written: {error}.") from error
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def refuse_existing(folder: Path) -> None:
    """`ExportError` where there is anything at that path, a broken link too."""
    if os.path.lexists(folder):
        raise ExportError(f"{folder} exists already; an export is never written over.")


def file_sha256(path: Path) -> str:
    """SHA-256 (hex) of a file's bytes, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def flush(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on disk."""
    if path.is_dir() and os.name == "nt":
        return  # Windows opens no folders.
    descriptor = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
