"""What a pull or a push does with each segment: decided before anything is written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from segbench.files.library_folder import Synced
from segbench.workbench.exchange_sides import (
    Content,
    Lineage,
    Pair,
    base_of,
    put_together,
    words_between,
)

Act = Literal["write", "remove", "save", "delete", "merge", "conflict", "wait", "none"]
Side = Literal["folder", "library"]


@dataclass(frozen=True, slots=True)
class Step:
    """What happens to one segment, why, and what both sides agree on afterwards.

    `content` is what is written to the folder or saved in the library, where that is done.
    """

    act: Act
    pair: Pair
    words: str = ""
    content: Content | None = None
    agreed: Synced | None = None

    @property
    def name(self) -> str:
        """The name of the segment."""
        return self.pair.name


def plan_pull(
    pairs: Iterable[Pair], lineage: Lineage, *, delete: bool, prefer: Side | None
) -> tuple[Step, ...]:
    """What brings the library's changes into the folder."""
    return tuple(_pull(pair, lineage, delete, prefer) for pair in pairs)


def plan_push(pairs: Iterable[Pair], *, delete: bool, prefer: Side | None) -> tuple[Step, ...]:
    """What brings the folder's changes into the library."""
    return tuple(_push(pair, delete, prefer) for pair in pairs)


def _pull(pair: Pair, lineage: Lineage, delete: bool, prefer: Side | None) -> Step:
    here, there = pair.in_folder, pair.in_library
    match pair.changed:
        case "none":
            return Step("none", pair, agreed=_agreed(pair))
        case "folder":
            what = "changed" if here is not None else "deleted"
            return Step("wait", pair, f"{what} in the folder: push brings it", None, pair.synced)
        case "library" if there is not None:
            words = words_between(here, there) or "new in the library"
            return Step("write", pair, words, there, _agreed(pair))
        case "library":
            return _gone(pair, "remove", delete, "deleted in the library")
    if prefer == "library":
        if there is None:
            return _gone(pair, "remove", delete, "deleted in the library")
        return Step("write", pair, "as the library has it", there, _agreed(pair))
    if prefer == "folder":
        # What the library has counts as seen, so that the next push replaces it.
        return Step("wait", pair, "as the folder has it: push brings it", None, _agreed(pair))
    base = base_of(pair, lineage)
    if here is None or there is None or base is None:
        return Step("conflict", pair, _clash(pair))
    merged, conflicts = put_together(base, here, there)
    if conflicts:
        return Step("conflict", pair, "; ".join(conflicts))
    return Step("merge", pair, words_between(here, merged), merged, _agreed(pair))


def _push(pair: Pair, delete: bool, prefer: Side | None) -> Step:
    here, there = pair.in_folder, pair.in_library
    match pair.changed:
        case "none":
            return Step("none", pair, agreed=_agreed(pair))
        case "library":
            what = "changed" if there is not None else "deleted"
            return Step("wait", pair, f"{what} in the library: pull brings it", None, pair.synced)
        case "folder" if here is not None:
            words = words_between(there, here) or "new in the folder"
            return Step("save", pair, words, here)
        case "folder":
            return _gone(pair, "delete", delete, "deleted in the folder")
    if prefer == "folder":
        if here is None:
            return _gone(pair, "delete", delete, "deleted in the folder")
        return Step("save", pair, words_between(there, here) or "as the folder has it", here)
    if prefer == "library":
        return Step("wait", pair, "as the library has it: pull brings it", None, pair.synced)
    return Step("conflict", pair, f"{_clash(pair)}: pull first")


def _gone(pair: Pair, act: Act, delete: bool, words: str) -> Step:
    if delete:
        return Step(act, pair, words)
    return Step("wait", pair, f"{words}: --delete takes it away", None, pair.synced)


def _clash(pair: Pair) -> str:
    if pair.file is None:
        return "deleted in the folder and changed in the library"
    if pair.saved is None:
        return "changed in the folder and deleted in the library"
    if pair.synced is None:
        return "there on both sides, each in another way"
    return "changed on both sides"


def _agreed(pair: Pair) -> Synced | None:
    """What the library has, as agreed on; the path is that of the file, where there is one."""
    there = pair.in_library
    if there is None or pair.saved is None:
        return None
    path = pair.file.path if pair.file else pair.synced.path if pair.synced else ""
    return Synced(there.segment.name, path, pair.saved.revision, there.sha256)


def at_path(step: Step, path: str) -> Step:
    """The step with its file at that path from now on."""
    return replace(step, agreed=replace(step.agreed, path=path)) if step.agreed else step
