"""Looking for saved segments by words, folder, tag, owner and status."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from segbench.library.saved import SavedSegment, folded
from segbench.model.describe import describe
from segbench.model.rules import (
    EventRule,
    FieldRule,
    Group,
    MeasureRule,
    PrebuiltRule,
    SegmentRule,
    SequenceRule,
    Step,
    TagRule,
)
from segbench.model.tree import walk
from segbench.model.wording import PLAIN, Wording


@dataclass(frozen=True, slots=True)
class Search:
    """What a saved segment must have; what is empty is not asked.

    `text` is words that must all be there, `folder` a folder or one above it.
    """

    text: str = ""
    folder: str = ""
    tag: str = ""
    owner: str = ""
    status: str = ""

    def holds(self, saved: SavedSegment, wording: Wording = PLAIN) -> bool:
        """Whether a saved segment is looked for."""
        filing = saved.filing
        if self.folder and not _lies_in(folded(filing.folder), folded(self.folder).strip("/")):
            return False
        if self.tag and folded(self.tag) not in map(folded, filing.tags):
            return False
        if self.owner and folded(self.owner) != folded(filing.owner):
            return False
        if self.status and self.status != filing.status:
            return False
        if not self.text.strip():
            return True
        told = folded(" ".join(_told(saved, wording)))
        return all(word in told for word in folded(self.text).split())


def _lies_in(folder: str, above: str) -> bool:
    return folder == above or folder.startswith(f"{above}/")


def _told(saved: SavedSegment, wording: Wording) -> Iterator[str]:
    """All texts that are looked through."""
    segment, filing = saved.segment, saved.filing
    yield from (segment.name, segment.description, filing.folder, filing.owner, *filing.tags)
    yield describe(segment.group, wording)
    yield from _names(segment.group)


def _names(group: Group) -> Iterator[str]:
    """The names in the rules as they are stored: a sentence has labels in their place."""
    for _, node in walk(group):
        yield node.note
        match node:
            case FieldRule():
                yield from (node.field, node.other)
            case TagRule():
                yield from node.tags
            case EventRule():
                yield from _of_step(Step(node.event, node.where, node.also))
            case MeasureRule():
                yield node.property
                yield from _of_step(Step(node.event, node.where, node.also))
            case SequenceRule():
                for step in node.steps:
                    yield from _of_step(step)
            case SegmentRule():
                yield node.segment
            case PrebuiltRule():
                yield node.prebuilt
            case _:
                pass


def _of_step(step: Step) -> Iterator[str]:
    yield from (step.event, *step.also, *(rule.field for rule in step.where))
