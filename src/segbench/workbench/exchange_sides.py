"""A library and a folder of files side by side: which segment is which file, and who changed it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from typing import Literal, cast

from segbench.files.library_folder import FolderFile, Synced
from segbench.library.differences import details_between, in_short
from segbench.library.references import references, respelt
from segbench.library.saved import SavedSegment, folded
from segbench.model.changes import changes
from segbench.model.codec import to_data
from segbench.model.filing import UNFILED, Filing, Status
from segbench.model.merging import merge
from segbench.model.segment import Segment
from segbench.model.wording import quoted

Changed = Literal["none", "folder", "library", "both"]
Lineage = Callable[[str], tuple[SavedSegment, ...]]


@dataclass(frozen=True, slots=True)
class Content:
    """What a segment and its file say alike."""

    segment: Segment
    filing: Filing

    @property
    def sha256(self) -> str:
        """A fingerprint; names that are referred to count without their case."""
        spelling = {name: name for name in references(self.segment.group)}
        told = {
            "name": self.segment.name,
            "description": self.segment.description,
            "rules": to_data(respelt(self.segment.group, spelling)),
            "filing": asdict(self.filing),
        }
        text = json.dumps(told, sort_keys=True, default=repr)
        return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class Pair:
    """A segment in the folder and in the library, and as both were when they last agreed."""

    file: FolderFile | None
    saved: SavedSegment | None
    synced: Synced | None

    @property
    def name(self) -> str:
        """What it is called: as in the library, else as in the folder."""
        if self.saved is not None:
            return self.saved.segment.name
        if self.file is not None:
            return self.file.file.segment.name
        assert self.synced is not None
        return self.synced.name

    @property
    def in_folder(self) -> Content | None:
        """What the file says, if there is one; of a filing that it leaves out, the library's."""
        if self.file is None:
            return None
        known = UNFILED if self.saved is None else self.saved.filing
        filing = replace(self.file.file.filing or known, folder=self.file.folder)
        return Content(self.file.file.segment, filing)

    @property
    def in_library(self) -> Content | None:
        """What the library says, if it has the segment."""
        return None if self.saved is None else Content(self.saved.segment, self.saved.filing)

    @property
    def changed(self) -> Changed:
        """Who changed it since both agreed; "none" where they agree now."""
        here, there = (
            None if side is None else side.sha256 for side in (self.in_folder, self.in_library)
        )
        base = None if self.synced is None else self.synced.sha256
        if here == there:
            return "none"
        return "library" if here == base else "folder" if there == base else "both"


def pair_up(
    files: Iterable[FolderFile],
    saved: Iterable[SavedSegment],
    synced: Iterable[Synced],
    lineage: Lineage,
) -> Iterator[Pair]:
    """Every segment of both sides; what was renamed on one side is one pair, not two."""
    here = {folded(each.file.segment.name): each for each in files}
    there = {folded(each.segment.name): each for each in saved}
    known = {folded(each.name): each for each in synced}
    paths = {each.path: name for name, each in here.items() if name not in known}
    strangers = [name for name in there if name not in known and name not in here]
    for name, was in tuple(known.items()):
        if name in there and name not in here and (new := paths.get(was.path)):
            if new not in there:
                yield Pair(here.pop(new), there.pop(name), known.pop(name))
        elif name not in there and name in here:
            now = next((n for n in strangers if _was(lineage(n), name, was.revision)), None)
            if now is not None:
                strangers.remove(now)
                yield Pair(here.pop(name), there.pop(now), known.pop(name))
    for name in sorted({*here, *there, *known}):
        yield Pair(here.get(name), there.get(name), known.get(name))


def base_of(pair: Pair, lineage: Lineage) -> SavedSegment | None:
    """The version that both agreed on, if the library still has it as it was."""
    if pair.saved is None or pair.synced is None:
        return None
    for version in lineage(pair.saved.segment.name):
        if version.revision == pair.synced.revision:
            same = Content(version.segment, version.filing).sha256 == pair.synced.sha256
            return version if same else None
    return None


def put_together(
    base: SavedSegment, mine: Content, theirs: Content
) -> tuple[Content, tuple[str, ...]]:
    """The folder's and the library's changes together, and what both changed, in words."""
    found = merge(base.segment.group, mine.segment.group, theirs.segment.group)
    old = Content(base.segment, base.filing)
    told = [conflict.words() for conflict in found.conflicts]
    picked: dict[str, str] = {}
    for name in ("name", "description", "folder", "owner", "status"):
        was, here, there = (_detail(side, name) for side in (old, mine, theirs))
        if len({was, here, there}) == 3:
            told.append(f"The {name}: yours is {quoted(here)}; theirs is {quoted(there)}")
        picked[name] = there if here == was else here
    tags = {*mine.filing.tags, *theirs.filing.tags} - {
        tag
        for tag in base.filing.tags
        if tag not in mine.filing.tags or tag not in theirs.filing.tags
    }
    segment = Segment(picked["name"], found.group, picked["description"])
    status = cast(Status, picked["status"])
    filing = Filing(picked["folder"], tuple(tags), picked["owner"], status)
    return Content(segment, filing), tuple(told)


def words_between(old: Content | None, new: Content | None) -> str:
    """What changes from one content to the other, in words; "" where one is missing."""
    if old is None or new is None:
        return ""
    rules = changes(old.segment.group, new.segment.group)
    details = details_between(old.segment, old.filing, new.segment, new.filing)
    return in_short([*(each.words for each in rules), *(each.words for each in details)])


def _detail(side: Content, name: str) -> str:
    return str(getattr(side.segment if name in ("name", "description") else side.filing, name))


def _was(versions: tuple[SavedSegment, ...], name: str, revision: int) -> bool:
    return any(folded(each.segment.name) == name and each.revision == revision for each in versions)
