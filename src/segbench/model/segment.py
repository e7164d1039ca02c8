"""Segments: named groups of rules."""

from __future__ import annotations

from dataclasses import dataclass

from segbench.errors import RuleError
from segbench.model.rules import Group

LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Segment:
    """A named group that chooses campaign recipients: rules only, never a list of people."""

    name: str
    group: Group
    description: str = ""

    def __post_init__(self) -> None:
        clean = " ".join(self.name.split())
        if not clean or len(clean) > LONGEST_NAME or not clean.isprintable():
            raise RuleError(
                f"A segment needs a name of 1 to {LONGEST_NAME} printable characters, "
                f"not {self.name[:LONGEST_NAME]!r}."
            )
        object.__setattr__(self, "name", clean)
