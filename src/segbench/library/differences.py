"""What changed between two versions of a saved segment: its rules, its words, where it is filed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from segbench.library.saved import SavedSegment
from segbench.model.changes import Change, changes
from segbench.model.filing import Filing
from segbench.model.segment import Segment
from segbench.model.wording import PLAIN, Wording, quoted

MOST_TOLD = 3
"""So many changes are told in a sentence; how many more there are is said."""


@dataclass(frozen=True, slots=True)
class Detail:
    """Something besides the rules that changed: what it is called, what it was and is now."""

    name: str
    was: str
    now: str

    @property
    def words(self) -> str:
        """The change in words."""
        was, now = (quoted(text) if text else "none" for text in (self.was, self.now))
        return f"The {self.name} {was} became {now}"


@dataclass(frozen=True, slots=True)
class Difference:
    """All that changed from one version to another one."""

    old: SavedSegment
    new: SavedSegment
    rules: tuple[Change, ...]
    details: tuple[Detail, ...]

    @property
    def words(self) -> tuple[str, ...]:
        """Each change in words, those of the rules first."""
        return (*(change.words for change in self.rules), *(each.words for each in self.details))

    @property
    def sentence(self) -> str:
        """The first changes in one sentence, without its full stop."""
        return in_short(self.words)

    def data(self) -> dict[str, Any]:
        """The difference as plain JSON values."""
        return {
            "from": self.old.revision,
            "to": self.new.revision,
            "rules": [change.data() for change in self.rules],
            "details": [
                {"name": each.name, "before": each.was, "after": each.now, "words": each.words}
                for each in self.details
            ],
        }


def difference(old: SavedSegment, new: SavedSegment, wording: Wording = PLAIN) -> Difference:
    """What changed from the old version to the new one; nothing where only times differ."""
    rules = changes(old.segment.group, new.segment.group, wording)
    details = details_between(old.segment, old.filing, new.segment, new.filing)
    return Difference(old, new, rules, details)


def details_between(
    old: Segment, old_filing: Filing, new: Segment, new_filing: Filing
) -> tuple[Detail, ...]:
    """What else than the rules differs."""
    pairs = zip(_details(old, old_filing).items(), _details(new, new_filing).values(), strict=True)
    return tuple(Detail(name, was, now) for (name, was), now in pairs if was != now)


def in_short(words: Sequence[str]) -> str:
    """The first changes in one sentence, without its full stop, and how many more there are."""
    if not words:
        return "nothing changed"
    more = len(words) - MOST_TOLD
    told = "; ".join(words[:MOST_TOLD])
    return f"{told}; and {more:,} more change{'s'[: more > 1]}" if more > 0 else told


def _details(segment: Segment, filing: Filing) -> dict[str, str]:
    return {
        "name": segment.name,
        "description": segment.description,
        "folder": filing.folder,
        "tags": ", ".join(filing.tags),
        "owner": filing.owner,
        "status": filing.status,
    }
