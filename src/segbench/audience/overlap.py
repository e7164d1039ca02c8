"""How memberships intersect: exact counts of every region."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

import numpy as np

from segbench.engine.membership import Membership
from segbench.engine.patterns import tabulate
from segbench.errors import RuleError

MOST_SEGMENTS = 20
"""The most segments that one overlap compares."""


@dataclass(frozen=True, slots=True)
class Region:
    """The contacts in exactly these segments (by position) and in no other of the compared ones."""

    inside: tuple[int, ...]
    count: int


@dataclass(frozen=True)
class Overlap:
    """The overlap of segments within all contacts.

    `sizes` are whole memberships; `regions` are disjoint, none empty, largest first, without the
    region outside all; `outside` counts the contacts in no segment.
    """

    names: tuple[str, ...]
    sizes: tuple[int, ...]
    regions: tuple[Region, ...]
    contacts: int
    outside: int

    @property
    def union(self) -> int:
        """How many contacts are in at least one segment."""
        return self.contacts - self.outside

    @cached_property
    def pairs(self) -> tuple[tuple[int, ...], ...]:
        """How many contacts are in both segment i and segment j; the sizes on the diagonal."""
        regions = self.regions
        inside = np.zeros((len(self.names), len(regions)))
        sizes = np.fromiter((len(region.inside) for region in regions), np.intp)
        segments = np.fromiter(chain.from_iterable(region.inside for region in regions), np.intp)
        inside[segments, np.repeat(np.arange(len(regions)), sizes)] = 1
        counts = np.fromiter((region.count for region in regions), np.float64)
        # Whole numbers below 2^53 are exact as floats, and those multiply many times as fast.
        found = np.rint((inside * counts) @ inside.T).astype(np.int64)
        return tuple(tuple(row) for row in found.tolist())

    def exactly(self, *inside: int) -> int:
        """How many contacts are in exactly these segments."""
        wanted = tuple(sorted(inside))
        return next((region.count for region in self.regions if region.inside == wanted), 0)

    def within(self, *inside: int) -> int:
        """How many contacts are in all of these segments, whatever else they are in."""
        wanted = frozenset(inside)
        return sum(region.count for region in self.regions if wanted <= frozenset(region.inside))

    def label(self, region: Region) -> str:
        """The names of a region's segments."""
        return " ∩ ".join(self.names[index] for index in region.inside)


def overlap(members: Mapping[str, Membership]) -> Overlap:
    """The overlap of memberships of one snapshot, by name; 1 to 20 of them."""
    names = tuple(members)
    if not 1 <= len(names) <= MOST_SEGMENTS:
        raise RuleError(f"An overlap compares 1 to {MOST_SEGMENTS} segments, not {len(names)}.")
    contacts = members[names[0]].contacts
    table = tabulate(members, contacts)
    regions: list[Region] = []
    outside = 0
    for pattern, count in enumerate(table.counts.tolist()):
        inside = tuple(i for i, name in enumerate(names) if table.truth[name][pattern])
        if inside:
            regions.append(Region(inside, count))
        else:
            outside += count
    regions.sort(key=lambda region: (-region.count, region.inside))
    sizes = tuple(len(members[name]) for name in names)
    return Overlap(names, sizes, tuple(regions), contacts, outside)
