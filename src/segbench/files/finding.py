"""Which segment files a command means: those named, and those in the folders named."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from segbench.errors import FormatError
from segbench.files.segment_file import SUFFIXES

MOST_FILES = 10_000
_MARK = re.compile(rb"""["']?segbench["']?[ \t]*:[ \t]*["']?segment\b""")


def segment_files(given: Iterable[str]) -> tuple[Path, ...]:
    """The files named and, sorted, those in the folders named; `FormatError` where there are none.

    In a folder, `.segment` files count, and JSON and YAML files that say they are segments. Hidden
    folders are passed over.
    """
    found: dict[Path, None] = {}
    for name in given:
        path = Path(name)
        if not path.exists():
            raise FormatError(f"There is no file or folder {name!r}.")
        inside = sorted(files_inside(path)) if path.is_dir() else [path]
        if not inside:
            raise FormatError(f"There is no segment file in {name!r}.")
        found.update(dict.fromkeys(inside))
        if len(found) > MOST_FILES:
            raise FormatError(f"There are more than {MOST_FILES:,} segment files in {name!r}.")
    return tuple(found)


def files_inside(folder: Path) -> Iterator[Path]:
    """The segment files in a folder and those below it, in no order; hidden folders left out."""
    for here, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            path = Path(here, name)
            if SUFFIXES.get(path.suffix.lower()) and path.is_file() and _is_meant(path):
                yield path


def _is_meant(path: Path) -> bool:
    kind = SUFFIXES[path.suffix.lower()]
    if kind == "text":
        return path.suffix.lower() == ".segment"
    with path.open("rb") as file:
        return any(_MARK.search(line) for line in file)
