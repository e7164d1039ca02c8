"""The rules of a segment, and of those that it refers to, at any past moment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from segbench.errors import NotSaved
from segbench.library.library import Library
from segbench.library.saved import SavedSegment, folded
from segbench.model.moments import to_utc
from segbench.model.rules import Group, RuleOrGroup, SegmentRule, as_group
from segbench.model.segment import Segment
from segbench.model.tree import walk


@dataclass(frozen=True)
class Rules:
    """Rules as they were at a moment: the group and what its references expand to."""

    root: Group
    segments: Mapping[str, Group] = field(default_factory=dict)


class RulesThen:
    """The rules over time: of a saved segment by name its revisions, of a group always itself.

    References follow the revisions of the segments that they name. Earlier than its first
    revision a segment has its first rules: `begins` is that moment (naive UTC), None for a group.
    """

    def __init__(self, library: Library, given: str | Segment | RuleOrGroup) -> None:
        self._library = library
        self._kept: dict[str, _Versions] = {}
        self._root: Group | _Versions
        if isinstance(given, str):
            self.name = library.segment(given).segment.name
            self._root = _Versions(library.lineage(self.name))
            self.begins: dt.datetime | None = self._root.times[0]
        else:
            segment = given if isinstance(given, Segment) else Segment("Rules", as_group(given))
            self.name, self._root, self.begins = segment.name, segment.group, None

    def at(self, moment: dt.datetime | None = None) -> Rules:
        """The rules at a moment (naive UTC), or the present ones."""
        root = self._root if isinstance(self._root, Group) else self._root.at(moment)
        found: dict[str, Group] = {}
        waiting = [root]
        while waiting:
            for _, node in walk(waiting.pop()):
                if isinstance(node, SegmentRule) and node.segment not in found:
                    versions = self._versions(node.segment)
                    # A row that is switched off may name what was never saved.
                    if versions.groups:
                        found[node.segment] = versions.at(moment)
                        waiting.append(found[node.segment])
        return Rules(root, found)

    def edits(self) -> tuple[dt.datetime, ...]:
        """Every moment at which these rules, or any that they ever referred to, were saved."""
        versions = [] if isinstance(self._root, Group) else [self._root]
        times: set[dt.datetime] = set()
        waiting = [self._root] if isinstance(self._root, Group) else []
        seen: set[str] = set()
        while waiting or versions:
            while versions:
                saved = versions.pop()
                times.update(saved.times)
                waiting += saved.groups
            for _, node in walk(waiting.pop()) if waiting else ():
                if isinstance(node, SegmentRule) and node.segment not in seen:
                    seen.add(node.segment)
                    versions.append(self._versions(node.segment))
        return tuple(sorted(times))

    def _versions(self, name: str) -> _Versions:
        key = folded(name)
        if key not in self._kept:
            earlier = self._library.history(name)[::-1]
            try:
                self._kept[key] = _Versions((*earlier, self._library.segment(name)))
            except NotSaved:
                self._kept[key] = _Versions(earlier)
        return self._kept[key]


class _Versions:
    """What was saved under a name, oldest first."""

    def __init__(self, saved: tuple[SavedSegment, ...]) -> None:
        self.groups = [each.segment.group for each in saved]
        self.times = [to_utc(each.updated) for each in saved]

    def at(self, moment: dt.datetime | None) -> Group:
        if moment is None:
            return self.groups[-1]
        # Not by bisection: a clock that was set back saves what is later at an earlier time.
        place = max((n for n, at in enumerate(self.times) if at <= moment), default=0)
        return self.groups[place]
