"""What the segment on screen can be compared with: what is saved of it, and saved segments."""

from __future__ import annotations

from dataclasses import dataclass

from segbench.model.moments import local_day, to_utc
from segbench.model.rules import Group, RuleOrGroup, SegmentRule
from segbench.ui.wording import plain
from segbench.workbench.workbench import Workbench


@dataclass(frozen=True)
class Choice:
    """One entry of the list: its label, what it is called in sentences, and its rules.

    `live` are the rules to make a segment with: a reference to a saved segment, so that it is
    followed; of an earlier version the rules themselves.
    """

    key: str
    label: str
    name: str
    rules: Group
    live: RuleOrGroup


def choices(workbench: Workbench, own: str) -> tuple[Choice, ...]:
    """The versions of the segment on screen, `own`, newest first, then the other segments."""
    return (*_versions(workbench, own), *_segments(workbench, own))


def _versions(workbench: Workbench, own: str) -> list[Choice]:
    lineage = workbench.library.lineage(own) if own else ()
    saved = {entry.segment.name: entry.revision for entry in workbench.library.segments()}
    found = []
    for entry in reversed(lineage):
        day = local_day(to_utc(entry.updated), workbench.zone).isoformat()
        name, number = entry.segment.name, entry.revision
        now = saved.get(name) == number
        also = "" if name == own else f" as “{plain(name)}”"
        label = (
            f"Saved now (version {number:,}, {day})"
            if now
            else f"Version {number:,} of {day}{also}"
        )
        key = f"version {number} {entry.updated.isoformat()} {name}"
        found.append(
            Choice(
                key, label, f"{name}, version {number:,}", entry.segment.group, entry.segment.group
            )
        )
    return found


def _segments(workbench: Workbench, own: str) -> list[Choice]:
    return [
        Choice(f"segment {name}", name, name, saved.segment.group, SegmentRule(name))
        for saved in workbench.library.segments()
        if (name := saved.segment.name) != own
    ]
