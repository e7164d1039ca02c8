"""A segment with the changes of two people who edited it at the same time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from segbench.library.saved import SavedSegment
from segbench.model.merging import Conflict, merge
from segbench.model.segment import Segment
from segbench.model.wording import PLAIN, Wording, quoted


@dataclass(frozen=True, slots=True)
class Merged:
    """Mine and theirs together, not saved yet; `theirs` is what is saved now.

    `conflicts` are rows that both changed, each in another way: the segment has mine there, or
    theirs where mine is removed. `descriptions` are both where they conflict.
    """

    segment: Segment
    theirs: SavedSegment
    conflicts: tuple[Conflict, ...] = ()
    descriptions: tuple[str, str] | None = None

    @property
    def is_clean(self) -> bool:
        """Whether nothing was changed by both, each in another way."""
        return not self.conflicts and self.descriptions is None

    def words(self, wording: Wording = PLAIN) -> Iterator[str]:
        """Each conflict in one sentence, without its full stop."""
        for conflict in self.conflicts:
            yield conflict.words(wording)
        if self.descriptions is not None:
            mine, theirs = map(quoted, self.descriptions)
            yield f"The description: yours is {mine}; theirs is {theirs}"


def merged(base: SavedSegment, mine: Segment, theirs: SavedSegment) -> Merged:
    """What became of the base in the hands of both."""
    found = merge(base.segment.group, mine.group, theirs.segment.group)
    old, one, other = (
        base.segment.description,
        mine.description,
        theirs.segment.description,
    )
    clash = (one, other) if len({old, one, other}) == 3 else None
    segment = Segment(mine.name, found.group, other if one == old else one)
    return Merged(segment, theirs, found.conflicts, clash)
