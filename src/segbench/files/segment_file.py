"""A segment as a file has it: name, rules, description and, where it brings them, tests."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from segbench.errors import FormatError
from segbench.files.expectations import Expectations
from segbench.model.filing import Filing
from segbench.model.segment import Segment

Kind = Literal["json", "yaml", "text"]
SUFFIXES: dict[str, Kind] = {
    ".json": "json",
    ".yaml": "yaml",
    ".yml": "yaml",
    ".txt": "text",
    ".segment": "text",
}
"""The kind of a segment file by the end of its name."""


@dataclass(frozen=True, slots=True)
class SegmentFile:
    """What a segment file says; `tests` and `filing` are None where it has none.

    A file says nothing of the filing's folder: that is the folder it lies in.
    """

    segment: Segment
    tests: Expectations | None = None
    filing: Filing | None = None


def kind_of(path: Path) -> Kind:
    """The kind that a file's name says; `FormatError` where it says none."""
    found = SUFFIXES.get(path.suffix.lower())
    if found is None:
        raise FormatError(
            f"{path.name!r} is no name of a segment file: they end in {', '.join(SUFFIXES)}."
        )
    return found


def names_a_file(given: str) -> bool:
    """Whether a word is the name of a segment file rather than of a saved segment."""
    return Path(given).suffix.lower() in SUFFIXES
