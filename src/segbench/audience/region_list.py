"""The regions of an overlap as a list: exclusive or inclusive, sorted, filtered, beside chance."""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, combinations
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from segbench.audience.overlap import Overlap
from segbench.errors import RuleError

How = Literal["exactly", "all"]
"""`exactly` these segments and no other compared one, or `all` of these, whatever else."""
Order = Literal["size", "degree", "deviation"]

MOST_WITH_EMPTY = 5
"""Empty regions are listed of up to so many segments: of six there are up to 63 lines."""


@dataclass(frozen=True, slots=True)
class Line:
    """One intersection of segments (by position; none of them is "in no segment").

    `expected` is how many contacts it would hold if the segments had nothing to do with each other.
    """

    inside: tuple[int, ...]
    count: int
    expected: float

    @property
    def deviation(self) -> float:
        """How many contacts more (or, below 0, fewer) there are than by chance."""
        return self.count - self.expected

    @property
    def lift(self) -> float | None:
        """How many times as many contacts there are as by chance; None where chance has none."""
        return self.count / self.expected if self.expected else None


@dataclass(frozen=True)
class RegionList:
    """The lines that are shown, in order, and what is not: `rest` lines with `rest_count` contacts.

    With `all`, lines share contacts and the lines that are not shown are not counted: both are 0.
    """

    how: How
    lines: tuple[Line, ...]
    rest: int
    rest_count: int


def list_regions(
    overlap: Overlap,
    how: How = "exactly",
    *,
    order: Order = "size",
    least: int = 1,
    top: int = 30,
    empty: bool = False,
    none: bool = False,
) -> RegionList:
    """The `top` largest regions with at least `least` contacts, in an order.

    `empty` adds those of at most five segments that hold nobody, `none` the line of no segment.
    """
    top = max(top, 1)
    if how == "all":
        found = list(_largest_intersections(overlap, max(least, 1), top))
        rest = rest_count = 0
    else:
        large = [(r.inside, r.count) for r in overlap.regions if r.count >= least]
        found = large[:top]
        rest = len(overlap.regions) - len(found)
        rest_count = overlap.union - sum(count for _, count in found)
    if empty:
        found += [(inside, 0) for inside in _empty(overlap, how)]
    lines = [Line(inside, count, expected(overlap, inside, how)) for inside, count in found]
    lines.sort(key=_KEYS[order])
    if none:
        outside = Line((), overlap.outside, expected(overlap, (), "exactly"))
        lines.append(outside)
    return RegionList(how, tuple(lines), rest, rest_count)


def expected(overlap: Overlap, inside: Sequence[int], how: How = "exactly") -> float:
    """How many contacts would be there if the segments were independent of each other."""
    if not overlap.contacts:
        return 0.0
    shares = [size / overlap.contacts for size in overlap.sizes]
    found = math.prod(shares[at] for at in inside) * overlap.contacts
    if how == "exactly":
        found *= math.prod(1 - share for at, share in enumerate(shares) if at not in inside)
    return found


_KEYS = {
    "size": lambda line: (-line.count, len(line.inside), line.inside),
    "degree": lambda line: (len(line.inside), -line.count, line.inside),
    "deviation": lambda line: (-abs(line.deviation), line.inside),
}


def _empty(overlap: Overlap, how: How) -> Iterator[tuple[int, ...]]:
    many = len(overlap.names)
    if many > MOST_WITH_EMPTY:
        raise RuleError(
            f"Empty regions are listed of up to {MOST_WITH_EMPTY} segments, not of {many}."
        )
    held = overlap.exactly if how == "exactly" else overlap.within
    yield from (inside for inside in _subsets(range(many)) if not held(*inside))


def _subsets(positions: Iterable[int]) -> Iterator[tuple[int, ...]]:
    all_of_them = list(positions)
    return chain.from_iterable(
        combinations(all_of_them, size) for size in range(1, len(all_of_them) + 1)
    )


def _largest_intersections(
    overlap: Overlap, least: int, top: int
) -> Iterator[tuple[tuple[int, ...], int]]:
    """The intersections of any number of segments, largest first.

    One more segment never makes an intersection larger: so the largest one that is waiting is the
    next, and only what it can be extended to has to be looked at.
    """
    counts = np.fromiter((region.count for region in overlap.regions), np.int64)
    many = len(overlap.names)
    held = np.zeros((many, len(counts)), dtype=np.bool_)
    for column, region in enumerate(overlap.regions):
        held[list(region.inside), column] = True
    waiting: list[tuple[int, int, tuple[int, ...]]] = []

    def extend(inside: tuple[int, ...], among: NDArray[np.bool_]) -> None:
        for at in range(inside[-1] + 1 if inside else 0, many):
            count = int(counts[among & held[at]].sum())
            if count >= least:
                heapq.heappush(waiting, (-count, len(inside) + 1, (*inside, at)))

    extend((), np.ones(len(counts), dtype=np.bool_))
    for _ in range(top):
        if not waiting:
            return
        count, _, inside = heapq.heappop(waiting)
        yield inside, -count
        extend(inside, np.logical_and.reduce(held[list(inside)], axis=0))
