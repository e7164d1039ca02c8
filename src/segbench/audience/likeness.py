"""How alike two segments are, in exact counts and the shares that follow from them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from segbench.audience.overlap import Overlap
from segbench.engine.membership import Membership

Measure = Literal["share", "jaccard", "lift", "count"]
"""What two segments are compared by: the share of the first, or one of those of `Likeness`."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """Two segments of `contacts` contacts: their sizes and how many contacts are in `both`.

    Shares are 0 to 1, and None where there is nothing to take a share of.
    """

    first: int
    second: int
    both: int
    contacts: int

    @property
    def either(self) -> int:
        """How many contacts are in either, or both."""
        return self.first + self.second - self.both

    @property
    def of_first(self) -> float | None:
        """The share of the first that is in the second too."""
        return _share(self.both, self.first)

    @property
    def of_second(self) -> float | None:
        """The share of the second that is in the first too."""
        return _share(self.both, self.second)

    @property
    def jaccard(self) -> float | None:
        """The share of those in either that are in both: 1 for the same contacts."""
        return _share(self.both, self.either)

    @property
    def lift(self) -> float | None:
        """How many times as many are in both as by chance: 1 where one says nothing of the other.

        None where either is empty.
        """
        return _share(self.both * self.contacts, self.first * self.second)


@dataclass(frozen=True, slots=True)
class Ranked:
    """A saved segment and how alike it is to the one that was asked about (the first)."""

    name: str
    likeness: Likeness


def likeness(overlap: Overlap, first: int, second: int) -> Likeness:
    """How alike two segments of an overlap are, by position."""
    both = overlap.pairs[first][second]
    return Likeness(overlap.sizes[first], overlap.sizes[second], both, overlap.contacts)


def most_alike(
    members: Membership, others: Iterable[tuple[str, Membership]], most: int
) -> tuple[Ranked, ...]:
    """The `most` segments with the highest Jaccard index, above none at all; ties by name."""
    found = (
        Ranked(name, Likeness(len(members), len(other), len(members & other), members.contacts))
        for name, other in others
    )
    shared = [ranked for ranked in found if ranked.likeness.both]
    shared.sort(key=lambda ranked: (-(ranked.likeness.jaccard or 0.0), ranked.name.casefold()))
    return tuple(shared[:most])


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
