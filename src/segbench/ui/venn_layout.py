"""Where the circles of a Venn diagram go, and how far their areas are from the counts.

matplotlib-venn (MIT) places the circles: two exactly; three so that the circles and their pairs are
right and the rest follows. (A search for better places was tried; it hid more small regions than it
won in area.) How far their areas are from the counts is computed exactly.
"""

from __future__ import annotations

import math
import sys
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from segbench.ui.circles import Circle, areas_of, curves_around

Inside = tuple[int, ...]
_NEAR = 1e-9


@dataclass(frozen=True, slots=True)
class Spot:
    """A point well inside a region, and the distance from there to the region's edge."""

    x: float
    y: float
    room: float


@dataclass(frozen=True)
class Diagram:
    """Circles by segment position (none for an empty segment) and the regions that they form.

    `areas` are shares of the whole drawing, `error` is the largest difference between a region's
    share of the drawing and its share of the contacts, between 0 and 1.
    """

    circles: Mapping[int, Circle]
    areas: Mapping[Inside, float]
    error: float

    def spot(self, inside: Inside) -> Spot | None:
        """The middle of the widest part of a region, or nothing where it has no area."""
        return _middle(self.circles, inside) if self.areas.get(inside, 0.0) > _NEAR else None

    def outline(self, inside: Inside, steps: int = 48) -> list[list[tuple[float, float]]]:
        """The closed curves around a region, as points."""
        numbers = sorted(self.circles)
        mask = sum(1 << at for at, number in enumerate(numbers) if number in inside)
        circles = [self.circles[number] for number in numbers]
        return curves_around(circles, mask, steps)


def prepare() -> None:
    """Import the layouts ahead of their first use; they bring pyplot and scipy along."""
    from matplotlib_venn.layout import venn2, venn3  # noqa: F401


def prepared() -> bool:
    """Whether the layouts are imported, so that circles come at once."""
    return "matplotlib_venn.layout.venn3" in sys.modules


def diagram(sizes: Sequence[int], regions: Mapping[Inside, int]) -> Diagram:
    """The drawing for up to three segments, from their sizes and the counts of their regions."""
    if len(sizes) > 3:
        raise ValueError(f"Circles show at most 3 segments, not {len(sizes)}.")
    return _diagram(tuple(sizes), tuple(sorted(regions.items())))


@lru_cache(maxsize=64)
def _diagram(sizes: tuple[int, ...], regions: tuple[tuple[Inside, int], ...]) -> Diagram:
    """One circle for each different, non-empty segment; equal segments share theirs."""
    counts = {inside: count for inside, count in regions if count}
    twin: dict[int, int] = {}
    for number, size in enumerate(sizes):
        if size:
            same = (o for o in twin.values() if all((o in i) == (number in i) for i in counts))
            twin[number] = next(same, number)
    own = sorted(set(twin.values()))
    wanted: dict[int, float] = {}
    union = sum(counts.values()) or 1
    for inside, count in counts.items():
        mask = sum(1 << own.index(number) for number in inside if number in own)
        wanted[mask] = wanted.get(mask, 0.0) + count / union
    circles = _placed(len(own), wanted)
    areas = areas_of(circles)
    whole = sum(areas.values()) or 1.0
    shares: dict[Inside, float] = {}
    for mask, area in areas.items():
        shown = {own[at] for at in range(len(own)) if mask >> at & 1}
        inside = tuple(number for number in sorted(twin) if twin[number] in shown)
        shares[inside] = area / whole
    error = max(
        (abs(areas.get(mask, 0.0) / whole - wanted.get(mask, 0.0)) for mask in {*areas, *wanted}),
        default=0.0,
    )
    drawn = {number: circles[own.index(twin[number])] for number in sorted(twin)}
    return Diagram(drawn, shares, error)


def _placed(amount: int, wanted: Mapping[int, float]) -> list[Circle]:
    if amount == 0:
        return []
    if amount == 1:
        return [Circle(0.0, 0.0, math.sqrt(1 / math.pi))]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if amount == 2:
            from matplotlib_venn.layout.venn2 import DefaultLayoutAlgorithm as Algorithm
        else:
            from matplotlib_venn.layout.venn3 import DefaultLayoutAlgorithm as Algorithm
        layout = Algorithm()([wanted.get(mask, 0.0) for mask in range(1, 1 << amount)])
    circles = [
        Circle(float(center.x), float(center.y), float(radius))
        for center, radius in zip(layout.centers, layout.radii, strict=True)
    ]
    if amount == 2 and not wanted.get(3):
        return [*circles[:1], _beside(circles[0], circles[1])]
    return circles


def _beside(circle: Circle, other: Circle) -> Circle:
    """The other circle, just to the right of the first one."""
    gap = 0.1 * (circle.radius + other.radius)
    return Circle(circle.x + circle.radius + gap + other.radius, circle.y, other.radius)


def _middle(circles: Mapping[int, Circle], inside: Inside) -> Spot | None:
    """The centre of the largest circle that fits in a region, found by ever finer grids."""
    import numpy as np

    smallest = min((circles[number] for number in inside), key=lambda circle: circle.radius)
    x, y, reach = smallest.x, smallest.y, smallest.radius
    best = Spot(x, y, -math.inf)
    for _ in range(6):
        steps = np.linspace(-reach, reach, 61)
        across, up = np.meshgrid(x + steps, y + steps)
        room = np.full(across.shape, math.inf)
        for number, circle in circles.items():
            depth = circle.radius - np.hypot(across - circle.x, up - circle.y)
            room = np.minimum(room, depth if number in inside else -depth)
        at = np.unravel_index(int(room.argmax()), room.shape)
        found = Spot(float(across[at]), float(up[at]), float(room[at]))
        best = found if found.room > best.room else best
        x, y, reach = best.x, best.y, reach / 8
    return best if best.room > 0 else None
