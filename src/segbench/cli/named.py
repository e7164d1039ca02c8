"""Several segment files at once, read and with the segments that they refer to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from segbench.errors import FormatError
from segbench.files.finding import segment_files
from segbench.files.reading import read
from segbench.files.segment_file import SegmentFile
from segbench.model.rules import Group, SegmentRule, TagRule
from segbench.model.tree import walk


@dataclass(frozen=True)
class Files:
    """The files that could be read, and why each of the others could not."""

    read: Mapping[Path, SegmentFile]
    faults: Mapping[Path, FormatError]

    @property
    def groups(self) -> dict[str, Group]:
        """The rules of each segment in the files, by name."""
        return {file.segment.name: file.segment.group for file in self.read.values()}


def read_all(given: tuple[str, ...]) -> Files:
    """Every segment file among the files and folders given."""
    found: dict[Path, SegmentFile] = {}
    faults: dict[Path, FormatError] = {}
    named: dict[str, Path] = {}
    for path in segment_files(given):
        try:
            file = read(path)
            first = named.setdefault(file.segment.name, path)
            if first != path:
                raise FormatError(f"{str(first)!r} has a segment of the same name.")
            found[path] = file
        except FormatError as error:
            faults[path] = error
    return Files(found, faults)


def reached(start: Group, groups: Mapping[str, Group]) -> dict[str, Group]:
    """The segments that a group leads to, whatever they are in turn."""
    found: dict[str, Group] = {}
    waiting = [start]
    while waiting:
        for _, node in walk(waiting.pop()):
            if isinstance(node, SegmentRule) and node.segment in groups.keys() - found.keys():
                found[node.segment] = groups[node.segment]
                waiting.append(groups[node.segment])
    return found


def with_strangers(start: Group, groups: Mapping[str, Group]) -> dict[str, Group]:
    """The groups, and for every name that they refer to and do not have, a group that could be
    anything: a tag of its own."""
    strangers: dict[str, Group] = {}
    for group in (start, *groups.values()):
        for _, node in walk(group):
            if isinstance(node, SegmentRule) and node.segment not in groups:
                tag = TagRule("has_any_of", (f"in segment {node.segment}",))
                strangers[node.segment] = Group(rules=(tag,))
    return {**groups, **strangers}
