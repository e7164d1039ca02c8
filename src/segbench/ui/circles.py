"""Overlapping circles: the regions they form, exactly.

Each region is bounded by arcs, and Green's theorem gives the area within arcs in closed form.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

Arc = tuple[int, float, float, int]
"""Circle number, start and end angle, and 1 when the region lies inside the circle, else -1."""

_TURN = 2 * math.pi
_NEAR = 1e-9


@dataclass(frozen=True, slots=True)
class Circle:
    """A circle; the circles of one diagram cover an area of about 1."""

    x: float
    y: float
    radius: float


def _arcs(circles: Sequence[Circle]) -> dict[int, list[Arc]]:
    """The arcs around each region; a region's key has bit i set when it is inside circle i."""
    found: dict[int, list[Arc]] = {}
    for i, circle in enumerate(circles):
        cuts = sorted(
            angle for j, other in enumerate(circles) if j != i for angle in _cuts(circle, other)
        )
        ends = [*cuts, cuts[0] + _TURN] if cuts else [0.0, _TURN]
        for start, end in pairwise(ends):
            if end - start < _NEAR:
                continue
            x, y = _at(circle, (start + end) / 2)
            rest = sum(
                1 << j
                for j, other in enumerate(circles)
                if j != i and math.hypot(x - other.x, y - other.y) < other.radius
            )
            found.setdefault(rest | 1 << i, []).append((i, start, end, 1))
            if rest:
                found.setdefault(rest, []).append((i, start, end, -1))
    return found


def _cuts(circle: Circle, other: Circle) -> tuple[float, ...]:
    """The angles on a circle, in [0, 2π), where another circle crosses it."""
    across, up = other.x - circle.x, other.y - circle.y
    distance = math.hypot(across, up)
    if not abs(circle.radius - other.radius) < distance < circle.radius + other.radius:
        return ()
    cosine = (distance**2 + circle.radius**2 - other.radius**2) / (2 * distance * circle.radius)
    middle, half = math.atan2(up, across), math.acos(max(-1.0, min(1.0, cosine)))
    return ((middle - half) % _TURN, (middle + half) % _TURN)


def _at(circle: Circle, angle: float) -> tuple[float, float]:
    return (
        circle.x + circle.radius * math.cos(angle),
        circle.y + circle.radius * math.sin(angle),
    )


def areas_of(circles: Sequence[Circle]) -> dict[int, float]:
    """The area of each region; its key has bit i set when it is inside circle i."""
    areas = {}
    for mask, arcs in _arcs(circles).items():
        total = 0.0
        for i, start, end, sign in arcs:
            circle, radius = circles[i], circles[i].radius
            total += sign * (
                radius * radius * (end - start)
                + radius * circle.x * (math.sin(end) - math.sin(start))
                - radius * circle.y * (math.cos(end) - math.cos(start))
            )
        areas[mask] = max(total / 2, 0.0)
    return areas


def curves_around(
    circles: Sequence[Circle], mask: int, steps: int
) -> list[list[tuple[float, float]]]:
    """The closed curves around a region, as points: its arcs joined end to start."""
    pieces = []
    for i, start, end, sign in _arcs(circles).get(mask, []):
        count = max(2, math.ceil(steps * (end - start) / _TURN) + 1)
        points = [_at(circles[i], start + (end - start) * k / (count - 1)) for k in range(count)]
        pieces.append(points if sign > 0 else points[::-1])
    curves = []
    while pieces:
        curve = pieces.pop()
        while pieces and math.dist(curve[0], curve[-1]) > 1e-6:
            last = curve[-1]
            following = min(pieces, key=lambda piece: math.dist(piece[0], last))
            pieces.remove(following)
            curve = [*curve, *following[1:]]
        curves.append(curve)
    return curves
