"""A library as a folder for git: one YAML file a segment, and a note of what was synced."""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import json
import os
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from segbench.errors import FormatError, RuleError
from segbench.files.finding import files_inside
from segbench.files.reading import read
from segbench.files.segment_file import SegmentFile
from segbench.files.writing import written
from segbench.model.filing import Filing

STATE = ".segbench-library.json"
"""The file that notes what was synced last."""
LONGEST_PART = 240
"""Bytes of a file's name without its end; file systems take 255."""
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*%]')
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FolderFile:
    """A segment file at a path with slashes, and the folder that its segment is filed in."""

    path: str
    folder: str
    file: SegmentFile


@dataclass(frozen=True, slots=True)
class Synced:
    """A segment as it was when the folder and the library last agreed on it."""

    name: str
    path: str
    revision: int
    sha256: str


def read_folder(root: Path) -> tuple[FolderFile, ...]:
    """Every YAML segment file in the folder, sorted by path; `FormatError` names the first fault.

    Hidden folders and files that are no segments are passed over.
    """
    if not root.is_dir():
        return ()
    found: list[FolderFile] = []
    named: dict[str, str] = {}
    for path in sorted(files_inside(root)):
        if path.suffix.lower() not in (".yaml", ".yml"):
            continue
        relative = path.relative_to(root).as_posix()
        try:
            file = read(path)
            folder = Filing(_folder_of(relative)).folder
        except (FormatError, RuleError) as error:
            raise FormatError(f"{relative}: {error}") from None
        first = named.setdefault(file.segment.name.casefold(), relative)
        if first != relative:
            raise FormatError(f"{relative}: {first} has a segment of the same name.")
        found.append(FolderFile(relative, folder, file))
    return tuple(found)


def place_of(name: str, filing: Filing, root: Path, taken: Collection[str] = ()) -> str:
    """A free path for the file of a segment, such as `Lifecycle/Welcome/New contacts.yaml`.

    Where something else is there, or is `taken`, the name gets a number.
    """
    parts = [_part(part) for part in filing.folder.split("/") if part]
    used = {path.casefold() for path in taken}
    for number in itertools.count(1):
        more = f" ({number})" if number > 1 else ""
        path = "/".join((*parts, f"{_part(name)}{more}.yaml"))
        if path.casefold() not in used and not (root / path).exists():
            return path
    raise AssertionError("There is always a free number.")


def content(file: SegmentFile) -> bytes:
    """The file as it is written; `FormatError` where YAML cannot hold it."""
    return written(file, "yaml").encode()


def read_state(root: Path) -> tuple[Synced, ...]:
    """What was synced last; nothing where the folder was never synced."""
    path = root / STATE
    if not path.is_file():
        return ()
    try:
        data = json.loads(path.read_bytes())
        if data["segbench"] != "library folder" or data["format"] != 1:
            raise FormatError(f"{STATE} is of another version of segbench.")
        return tuple(Synced(**entry) for entry in data["segments"])
    except (ValueError, KeyError, TypeError) as error:
        raise FormatError(f"{STATE} cannot be read: {error}.") from None


def write_changes(
    root: Path, files: Mapping[str, bytes], gone: Collection[str], state: Iterable[Synced]
) -> None:
    """Write files and the state, each whole or not at all, and remove those that are gone.

    The state comes last: who is cut off before it finds what is there equal, and goes on.
    """
    root.mkdir(parents=True, exist_ok=True)
    for relative, text in files.items():
        _write(root / relative, text)
    for relative in gone:
        path = root / relative
        path.unlink(missing_ok=True)
        _remove_empty(path.parent, root)
    entries = [asdict(entry) for entry in sorted(state, key=lambda each: each.name.casefold())]
    told = {"segbench": "library folder", "format": 1, "segments": entries}
    state_file, note = (
        root / STATE,
        (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode(),
    )
    if not state_file.is_file() or state_file.read_bytes() != note:
        _write(state_file, note)


def _write(path: Path, text: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.parent / f".segbench-{os.getpid()}.tmp"
    try:
        fresh.write_bytes(text)
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def _remove_empty(folder: Path, root: Path) -> None:
    while folder != root:
        with contextlib.suppress(OSError):
            folder.rmdir()
        folder = folder.parent


def _part(text: str) -> str:
    """A name as a part of a path on every system: what is forbidden there as in URLs."""
    part = _FORBIDDEN.sub(lambda found: f"%{ord(found[0]):02X}", text)
    if part[:1] == "." or _RESERVED.fullmatch(part):
        part = f"%{ord(part[0]):02X}{part[1:]}"
    if part[-1:] == ".":
        part = f"{part[:-1]}%2E"
    if len(part.encode()) > LONGEST_PART:
        digest = hashlib.sha256(text.encode()).hexdigest()[:12]
        part = f"{part.encode()[: LONGEST_PART - 13].decode(errors='ignore').rstrip()}~{digest}"
    return part


def _folder_of(relative: str) -> str:
    return "/".join(unquote(part) for part in PurePosixPath(relative).parent.parts)
