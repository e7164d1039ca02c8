"""Where the words of a Venn diagram go: counts inside their regions where they fit, else beside."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from segbench.audience.overlap import Overlap
from segbench.ui.circles import Circle
from segbench.ui.theme import letter
from segbench.ui.venn_layout import Diagram, Inside
from segbench.ui.wording import number, text_width

_HEIGHT = 300
_LINE = 18
BADGE = 20
"""Pixels: the most that a diagram is high, between labels, and across a badge."""


@dataclass(frozen=True, slots=True)
class Label:
    """A region's count: where it is written, and the spot it points to when that is elsewhere."""

    inside: Inside
    count: int
    text: str
    x: float
    y: float
    reach: float
    edge: float = 0.0
    spot: tuple[float, float] | None = None


class View:
    """What goes where, in the diagram's own units: `box` is left, bottom, right, top."""

    def __init__(self, overlap: Overlap, drawn: Diagram, space: float) -> None:
        circles = drawn.circles.values()
        self._tight = (
            min(c.x - c.radius for c in circles),
            min(c.y - c.radius for c in circles),
            max(c.x + c.radius for c in circles),
            max(c.y + c.radius for c in circles),
        )
        self._drawn = drawn
        self._counts = {region.inside: region.count for region in overlap.regions}
        self._spots = {inside: drawn.spot(inside) for inside in {*drawn.areas, *self._counts}}
        outside: frozenset[Inside] = frozenset()
        while True:
            self._fit(space, outside)
            crowded = outside | {inside for inside in self._counts if not self._fits(inside)}
            if crowded == outside:
                break
            outside = frozenset(crowded)
        self.labels = [*self._within(outside), *self._beside(outside)]

    def _fit(self, space: float, outside: frozenset[Inside]) -> None:
        """Scale in pixels per unit, and the box around circles, badges and labels beside them."""
        left, bottom, right, top = self._tight
        beside = max((text_width(self._text(i), bold=True) for i in outside), default=0)
        pad = BADGE / 2 + 4 + (beside + 14 if outside else 0)
        self.scale = min((space - 2 * pad) / (right - left), (_HEIGHT - BADGE - 8) / (top - bottom))
        more, edge = pad / self.scale, (BADGE / 2 + 4) / self.scale
        self.height = max(90, (top - bottom) * self.scale + BADGE + 8)
        self.box = (left - more, bottom - edge, right + more, top + edge)
        self.heads = _head_places(self._drawn.circles, self.scale)

    def _text(self, inside: Inside) -> str:
        """A count; with the segments' letters where no leader can point at the region."""
        count = number(self._counts.get(inside, 0))
        if self._spots[inside] is not None:
            return count
        return "∩".join(map(letter, inside)) + f": {count}"

    def _fits(self, inside: Inside) -> bool:
        spot = self._spots[inside]
        if spot is None:
            return False
        half = text_width(number(self._counts.get(inside, 0)), bold=True) / 2
        clear = all(
            abs(spot.x - x) * self.scale > half + BADGE / 2 + 1
            or abs(spot.y - y) * self.scale > _LINE / 2 + BADGE / 2
            for x, y in self.heads.values()
        )
        return clear and spot.room * self.scale > max(0.85 * half, 8)

    def _within(self, outside: frozenset[Inside]) -> list[Label]:
        return [
            Label(inside, count, number(count), spot.x, spot.y, spot.room * self.scale)
            for inside, spot in self._spots.items()
            if spot is not None and inside not in outside
            for count in [self._counts.get(inside, 0)]
            if count or self._fits(inside)
        ]

    def _beside(self, outside: frozenset[Inside]) -> list[Label]:
        """Labels in a column on each side, level with their regions as far as there is room."""
        middle = (self._tight[0] + self._tight[2]) / 2
        sides: dict[bool, list[tuple[float, Inside]]] = {False: [], True: []}
        for inside in sorted(outside):
            spot = self._spots[inside]
            right = spot is None or spot.x >= middle - 1e-6
            sides[right].append((self._tight[1] if spot is None else spot.y, inside))
        labels = []
        for right, column in sides.items():
            column.sort(reverse=True)
            heights = _apart([y for y, _ in column], _LINE / self.scale, self.box[1], self.box[3])
            halves = [
                (text_width(self._text(inside), bold=True) / 2 + 2) / self.scale
                for _, inside in column
            ]
            for y, half, (_, inside) in zip(heights, halves, column, strict=True):
                text, spot = self._text(inside), self._spots[inside]
                inner = 2 * max(halves) - half
                x = self.box[2] - inner if right else self.box[0] + inner
                point = None if spot is None else (spot.x, spot.y)
                count = self._counts.get(inside, 0)
                labels.append(Label(inside, count, text, x, y, half * self.scale, half, point))
        return labels


def _apart(heights: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Falling heights moved until they are a gap apart, within limits as far as they fit."""
    found: list[float] = []
    for y in heights:
        found.append(min(y, found[-1] - gap if found else high - gap / 2))
    floor = low + gap / 2
    for at in range(len(found) - 1, -1, -1):
        found[at] = max(found[at], floor)
        floor = found[at] + gap
    return found


def _head_places(circles: Mapping[int, Circle], scale: float) -> dict[int, tuple[float, float]]:
    """A place for each badge on its circle, as far from the others as there is one."""
    places: dict[int, tuple[float, float]] = {}
    for at, circle in circles.items():
        tiny = circle.radius * scale < BADGE
        reach = circle.radius + (BADGE / 2 / scale if tiny else 0.0)
        best, score = (circle.x, circle.y + reach), -math.inf
        for step in range(72):
            angle = math.pi * (step / 36 + (0.75 if at == min(circles) else 0.25))
            x, y = circle.x + reach * math.cos(angle), circle.y + reach * math.sin(angle)
            apart = [
                math.hypot(x - c.x, y - c.y) - c.radius for c in circles.values() if c != circle
            ]
            badge = [math.hypot(x - a, y - b) - 1.5 * BADGE / scale for a, b in places.values()]
            close = any(gap < -0.4 * BADGE / scale for gap in badge)
            found = min([*apart, *badge, 2 * BADGE / scale]) + 0.2 * (y - circle.y) - 9 * close
            if found > score + 1e-9:
                best, score = (x, y), found
        places[at] = best
    return places
