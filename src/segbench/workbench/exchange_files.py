"""The files that a pull writes: which path each has, and what stands in it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from segbench.errors import FormatError
from segbench.files.expectations import Expectations
from segbench.files.library_folder import FolderFile, content, place_of
from segbench.files.segment_file import SegmentFile
from segbench.library.saved import folded
from segbench.workbench.exchange_plan import Step, at_path
from segbench.workbench.exchange_sides import Content


def written_files(
    folder: Path, steps: Iterable[Step]
) -> tuple[tuple[Step, ...], dict[str, bytes], list[str]]:
    """The steps with the paths of their files, what is to be written, and what is to go."""
    files: dict[str, bytes] = {}
    gone: list[str] = []
    told: list[Step] = []
    for step in steps:
        file = step.pair.file
        if step.act in ("write", "merge") and step.content is not None:
            path = _path(folder, file, step.content, files)
            tests = file.file.tests if file else None
            files[path] = _file(step.content, tests)
            if file and file.path != path:
                gone.append(file.path)
            step = at_path(step, path)
        elif step.act == "remove" and file:
            gone.append(file.path)
        told.append(step)
    return tuple(told), files, gone


def _file(wanted: Content, tests: Expectations | None) -> bytes:
    try:
        return content(SegmentFile(wanted.segment, tests, wanted.filing))
    except FormatError as error:
        raise FormatError(f"The segment {wanted.segment.name!r}: {error}") from None


def _path(folder: Path, file: FolderFile | None, wanted: Content, taken: Iterable[str]) -> str:
    """Where the file belongs: where it is, unless its name or its folder became another."""
    name = wanted.segment.name
    stays = file is not None and folded(file.file.segment.name) == folded(name)
    if stays and file is not None and file.folder == wanted.filing.folder:
        return file.path
    return place_of(name, wanted.filing, folder, tuple(taken))
