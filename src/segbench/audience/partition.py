"""Whether segments divide a base among them: nobody in two of them, and nobody in none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

from segbench.audience.overlap import Overlap, overlap
from segbench.engine.membership import Membership


@dataclass(frozen=True, slots=True)
class Shared:
    """Two segments (by position) that share contacts of the base, and how many."""

    first: int
    second: int
    count: int


@dataclass(frozen=True)
class Partition:
    """How segments divide a base of `contacts` contacts.

    `alone` counts for each segment the contacts of the base in it and in no other; `many` those in
    two or more segments, `none` those in no segment. `beside` counts the contacts in a segment that
    are not in the base.
    """

    names: tuple[str, ...]
    alone: tuple[int, ...]
    shared: tuple[Shared, ...]
    many: int
    none: int
    contacts: int
    beside: int

    @property
    def disjoint(self) -> bool:
        """Whether no contact of the base is in two segments."""
        return not self.many

    @property
    def covers(self) -> bool:
        """Whether every contact of the base is in a segment."""
        return not self.none

    @property
    def holds(self) -> bool:
        """Whether every contact of the base is in exactly one segment."""
        return self.disjoint and self.covers


def partition(members: Mapping[str, Membership], base: Membership | None = None) -> Partition:
    """How memberships of one snapshot divide a base; without one, all contacts."""
    if base is None:
        found, beside = overlap(members), 0
    else:
        found = overlap({name: held & base for name, held in members.items()})
        anywhere = Membership.nobody(base.contacts)
        for held in members.values():
            anywhere |= held
        beside = len(anywhere - base)
    outside_base = found.contacts - (len(base) if base is not None else found.contacts)
    return _told(found, outside_base, beside)


def _told(found: Overlap, outside_base: int, beside: int) -> Partition:
    positions = range(len(found.names))
    shared = [
        Shared(a, b, found.pairs[a][b]) for a, b in combinations(positions, 2) if found.pairs[a][b]
    ]
    shared.sort(key=lambda pair: (-pair.count, pair.first, pair.second))
    return Partition(
        found.names,
        tuple(found.exactly(at) for at in positions),
        tuple(shared),
        sum(region.count for region in found.regions if len(region.inside) > 1),
        found.outside - outside_base,
        found.contacts - outside_base,
        beside,
    )
