"""What is to be saved, and who says so."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from segbench.errors import RuleError
from segbench.library.saved import as_utc
from segbench.model.filing import Filing
from segbench.model.segment import LONGEST_NAME, Segment

LONGEST_NOTE = 500


@dataclass(frozen=True, slots=True)
class Wanted:
    """A segment to be saved: over one of its name where it `replaces`, and where that is `seen`.

    Without a filing it stays where it is; a new one is its author's.
    """

    segment: Segment
    filing: Filing | None = None
    replaces: bool = False
    seen: int | None = None

    @property
    def name(self) -> str:
        """The name of the segment."""
        return self.segment.name


@dataclass(frozen=True, slots=True)
class Stamp:
    """When a version is made, by whom, and why; the time is aware and kept in UTC."""

    now: dt.datetime
    author: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "now", as_utc(self.now))
        for name, longest in (("author", LONGEST_NAME), ("note", LONGEST_NOTE)):
            text = " ".join(getattr(self, name).split())
            if len(text) > longest or not text.isprintable():
                raise RuleError(
                    f"The {name} of a version has up to {longest} printable characters, "
                    f"not {text[:60]!r}."
                )
            object.__setattr__(self, name, text)
