"""A library as a folder of YAML files: pulled out of it and pushed back, all of it or nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from segbench.errors import FormatError, RuleError
from segbench.files.library_folder import (
    Synced,
    read_folder,
    read_state,
    write_changes,
)
from segbench.library.references import respelt
from segbench.library.saved import folded
from segbench.library.wanted import Wanted
from segbench.workbench.exchange_files import written_files
from segbench.workbench.exchange_plan import Side, Step, plan_pull, plan_push
from segbench.workbench.exchange_sides import Content, Pair, pair_up

if TYPE_CHECKING:
    from segbench.library.library import Library
    from segbench.workbench.workbench import Workbench


@dataclass(frozen=True, slots=True)
class Exchange:
    """What a pull or push did, or would do; nothing was written where there are conflicts."""

    steps: tuple[Step, ...]
    done: bool

    @property
    def conflicts(self) -> tuple[Step, ...]:
        """What both sides changed, each in another way."""
        return tuple(step for step in self.steps if step.act == "conflict")


def pull(
    library: Library,
    folder: Path,
    *,
    delete: bool = False,
    prefer: Side | None = None,
    dry_run: bool = False,
) -> Exchange:
    """Bring the library's changes into the folder; what both changed is merged row by row.

    Where that cannot be nothing is written, unless `prefer` says whose to take. Files of segments
    that the library has no more go only with `delete`.
    """
    pairs = _pairs(library, folder)
    steps = plan_pull(pairs, library.lineage, delete=delete, prefer=prefer)
    steps, files, gone = written_files(folder, steps)
    found = Exchange(steps, not dry_run and not _has_conflict(steps))
    if found.done:
        write_changes(folder, files, gone, _state(steps))
    return found


def push(
    workbench: Workbench,
    folder: Path,
    *,
    delete: bool = False,
    prefer: Side | None = None,
    dry_run: bool = False,
    note: str = "",
) -> Exchange:
    """Bring the folder's changes into the library, in one transaction.

    What both changed is left to a pull, unless `prefer` says whose to take. Segments without a file
    go only with `delete`. `RuleError` where one cannot be evaluated here, `InUse` where one that is
    to go is used: nothing is saved then.
    """
    if not folder.is_dir():
        raise FormatError(f"There is no folder {str(folder)!r}.")
    steps = plan_push(_pairs(workbench.library, folder), delete=delete, prefer=prefer)
    saves = [step for step in steps if step.act == "save"]
    _require_sound(workbench, saves)
    found = Exchange(steps, not dry_run and not _has_conflict(steps))
    if found.done:
        gone = [step.pair.saved for step in steps if step.act == "delete" and step.pair.saved]
        if saves or gone:
            workbench.library.apply(
                [_wanted(step, workbench.author) for step in saves],
                renamed=_renamed(saves),
                deleted=((saved.segment.name, saved.revision) for saved in gone),
                now=workbench.clock(),
                author=workbench.author,
                note=note or f"Pushed from {folder.resolve().name}",
            )
        write_changes(folder, {}, (), _after_push(workbench.library, steps))
    return found


def _pairs(library: Library, folder: Path) -> tuple[Pair, ...]:
    files, synced = read_folder(folder), read_state(folder)
    return tuple(pair_up(files, library.segments(), synced, library.lineage))


def _has_conflict(steps: Iterable[Step]) -> bool:
    return any(step.act == "conflict" for step in steps)


def _state(steps: Iterable[Step]) -> Iterator[Synced]:
    return (step.agreed for step in steps if step.agreed is not None)


def _wanted(step: Step, author: str) -> Wanted:
    content, saved, file = step.content, step.pair.saved, step.pair.file
    assert content is not None
    assert file is not None
    filing = content.filing
    if saved is None and file.file.filing is None:
        filing = replace(filing, owner=author)
    seen = saved.revision if saved and not _is_renamed(step) else None
    return Wanted(content.segment, filing, replaces=saved is not None, seen=seen)


def _is_renamed(step: Step) -> bool:
    saved, content = step.pair.saved, step.content
    return bool(saved and content and saved.segment.name != content.segment.name)


def _renamed(saves: Iterable[Step]) -> Iterator[tuple[str, str, int]]:
    for step in saves:
        if _is_renamed(step) and step.pair.saved and step.content:
            saved = step.pair.saved
            yield saved.segment.name, step.content.segment.name, saved.revision


def _after_push(library: Library, steps: Iterable[Step]) -> Iterator[Synced]:
    """What both sides agree on once all is saved."""
    there = {folded(each.segment.name): each for each in library.segments()}
    for step in steps:
        if step.act == "save" and step.content is not None and step.pair.file is not None:
            saved = there.get(folded(step.content.segment.name))
            if saved is not None:
                sha256 = Content(saved.segment, saved.filing).sha256
                path, name = step.pair.file.path, saved.segment.name
                yield Synced(name, path, saved.revision, sha256)
        elif step.agreed is not None:
            yield step.agreed


def _require_sound(workbench: Workbench, saves: Iterable[Step]) -> None:
    """`RuleError` with all segments that cannot be evaluated here once everything is saved."""
    wanted = [step.content.segment for step in saves if step.content is not None]
    renamed = {folded(old) for old, _, _ in _renamed(saves)}
    groups = {
        name: group
        for name, group in workbench.library.groups().items()
        if folded(name) not in renamed
    }
    known = {folded(name): name for name in groups}
    for segment in wanted:
        name = known.setdefault(folded(segment.name), segment.name)
        groups[name] = segment.group
    problems = []
    for segment in wanted:
        try:
            # The library spells references as what they refer to; so it is judged like that.
            workbench.plan(respelt(segment.group, known), groups)
        except RuleError as error:
            problems.append(f"{segment.name!r}: {error}")
    if problems:
        raise RuleError(f"Nothing was pushed. {' '.join(problems)}")
