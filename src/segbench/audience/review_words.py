"""Issues of a review as values, and how they speak of numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class ReviewIssue:
    """Something to look at before a campaign is sent.

    An `error` keeps it from being sent, a `warning` is repeated before it is, a `note` is only
    said. `place` is where it is mended: `settings.` with a setting's name, `include.` or `exclude.`
    with the place of a source from 0 on, `include`, `split`, `policy` or `data`.
    """

    level: Literal["error", "warning", "note"]
    code: str
    message: str
    place: str


def contacts(count: int) -> str:
    """A number of contacts in words."""
    return "1 contact" if count == 1 else f"{count:,} contacts"


def times(count: int, before: int) -> str:
    """How many times as many: 12, or 1.4 where that is little."""
    ratio = count / before
    return f"{ratio:,.0f}" if ratio >= 10 else f"{ratio:.1f}".removesuffix(".0")
