"""What a conversion gives: the rules, and a report of every part that did not map."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from segbench.model.rules import Group

Effect = Literal["wider", "narrower", "nobody", "differs", "none"]
"""What a part that did not map does to the segment: it holds more contacts than the original,
fewer, nobody at all, or others; or it changes nothing."""


@dataclass(frozen=True, slots=True)
class Unmapped:
    """A part that did not map: where it was, what it said, why it did not, and what that does."""

    path: str
    what: str
    why: str
    effect: Effect = "none"


@dataclass(frozen=True, slots=True)
class Imported:
    """A group read from another tool.

    In the place of each rule that did not map stands a disabled row whose note has the original.
    """

    group: Group
    report: tuple[Unmapped, ...] = ()


@dataclass(frozen=True, slots=True)
class Exported:
    """A group as another tool's JSON values."""

    data: Any
    report: tuple[Unmapped, ...] = ()


class NoMeaning(Exception):
    """A part of another tool's rules that has no exact meaning here; says why."""


EFFECTS: dict[Effect, str] = {
    "wider": "Without it the segment may hold more contacts than the original.",
    "narrower": "Without it the segment may hold fewer contacts than the original.",
    "nobody": "Without it the segment has no rule and holds nobody.",
    "differs": "The segment may hold other contacts than the original.",
    "none": "The segment is the same without it.",
}
"""A sentence for each effect."""
