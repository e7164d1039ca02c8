"""Two or three segments as circles: areas as near to the counts as circles allow, numbers exact."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import plotly.graph_objects as go

from segbench.audience.overlap import Overlap
from segbench.ui.overlap_frame import FIXED, Main, badges, framed, region_hover, room, segment_hover
from segbench.ui.picks import Pick
from segbench.ui.theme import SMALL, Theme, faded, letter
from segbench.ui.venn_layout import Circle, Diagram, Inside, diagram
from segbench.ui.wording import number, text_width

_HEIGHT = 300
_BADGE = 20
_LINE = 18


@dataclass(frozen=True, slots=True)
class _Label:
    """A region's count: where it is written, and the spot it points to when that is elsewhere."""

    inside: Inside
    count: int
    text: str
    x: float
    y: float
    reach: float
    edge: float = 0.0
    spot: tuple[float, float] | None = None


def venn_figure(
    overlap: Overlap, theme: Theme, width: int | None, selected: Inside | None
) -> go.Figure:
    """The figure for 2 or 3 segments."""
    counts = {region.inside: region.count for region in overlap.regions}
    drawn = diagram(overlap.sizes, counts)
    if not drawn.circles:
        return framed(overlap, Main(_BADGE, {}, _axes((0, 0, 1, 1))), theme, width)
    view = _View(overlap, drawn, room(width))
    shapes = []
    for at, circle in drawn.circles.items():
        twin = any(drawn.circles[a] == circle for a in drawn.circles if a < at)
        shapes.append(_circle(circle, theme.segment(at), twin, theme))
    if selected in drawn.areas:
        shapes.append(_highlight(drawn, selected, theme))
    traces = {
        "marks": _marks(overlap, view.labels, theme),
        "links": _links(view.labels, theme),
        "heads": _heads(overlap, view.heads, theme),
    }
    main = Main(view.height, traces, _axes(view.box), shapes=shapes, note=_note(drawn, view.labels))
    return framed(overlap, main, theme, width)


class _View:
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
        pad = _BADGE / 2 + 4 + (beside + 14 if outside else 0)
        self.scale = min(
            (space - 2 * pad) / (right - left), (_HEIGHT - _BADGE - 8) / (top - bottom)
        )
        more, edge = pad / self.scale, (_BADGE / 2 + 4) / self.scale
        self.height = max(90, (top - bottom) * self.scale + _BADGE + 8)
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
            abs(spot.x - x) * self.scale > half + _BADGE / 2 + 1
            or abs(spot.y - y) * self.scale > _LINE / 2 + _BADGE / 2
            for x, y in self.heads.values()
        )
        return clear and spot.room * self.scale > max(0.85 * half, 8)

    def _within(self, outside: frozenset[Inside]) -> list[_Label]:
        return [
            _Label(inside, count, number(count), spot.x, spot.y, spot.room * self.scale)
            for inside, spot in self._spots.items()
            if spot is not None and inside not in outside
            for count in [self._counts.get(inside, 0)]
            if count or self._fits(inside)
        ]

    def _beside(self, outside: frozenset[Inside]) -> list[_Label]:
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
            for y, (_, inside) in zip(heights, column, strict=True):
                text, spot = self._text(inside), self._spots[inside]
                half = (text_width(text, bold=True) / 2 + 2) / self.scale
                x = self.box[2] - half if right else self.box[0] + half
                point = None if spot is None else (spot.x, spot.y)
                count = self._counts.get(inside, 0)
                labels.append(_Label(inside, count, text, x, y, half * self.scale, half, point))
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


def _head_places(circles: dict[int, Circle] | Any, scale: float) -> dict[int, tuple[float, float]]:
    """A place for each badge on its circle, as far from the others as there is one."""
    places: dict[int, tuple[float, float]] = {}
    for at, circle in circles.items():
        tiny = circle.radius * scale < _BADGE
        reach = circle.radius + (_BADGE / 2 / scale if tiny else 0.0)
        best, score = (circle.x, circle.y + reach), -math.inf
        for step in range(72):
            angle = math.pi * (step / 36 + (0.75 if at == min(circles) else 0.25))
            x, y = circle.x + reach * math.cos(angle), circle.y + reach * math.sin(angle)
            apart = [
                math.hypot(x - c.x, y - c.y) - c.radius for c in circles.values() if c != circle
            ]
            badge = [math.hypot(x - a, y - b) - 1.5 * _BADGE / scale for a, b in places.values()]
            close = any(gap < -0.4 * _BADGE / scale for gap in badge)
            found = min([*apart, *badge, 2 * _BADGE / scale]) + 0.2 * (y - circle.y) - 9 * close
            if found > score + 1e-9:
                best, score = (x, y), found
        places[at] = best
    return places


def _axes(box: tuple[float, float, float, float]) -> dict[str, dict[str, Any]]:
    left, bottom, right, top = box
    return {
        "xaxis": {**FIXED, "range": [left, right], "anchor": "y", "constrain": "domain"},
        "yaxis": {
            **FIXED,
            "range": [bottom, top],
            "anchor": "x",
            "constrain": "domain",
            "scaleanchor": "x",
            "scaleratio": 1,
        },
    }


def _circle(circle: Circle, colour: str, twin: bool, theme: Theme) -> dict[str, Any]:
    return {
        "type": "circle",
        "xref": "x",
        "yref": "y",
        "x0": circle.x - circle.radius,
        "x1": circle.x + circle.radius,
        "y0": circle.y - circle.radius,
        "y1": circle.y + circle.radius,
        "fillcolor": "rgba(0,0,0,0)" if twin else faded(colour, theme.glass),
        "layer": "below",
        "line": {"color": colour, "width": 2, "dash": "dash" if twin else "solid"},
    }


def _highlight(drawn: Diagram, inside: Inside, theme: Theme) -> dict[str, Any]:
    curves = drawn.outline(inside)
    path = " ".join(
        "M" + " L".join(f"{x:.5f},{y:.5f}" for x, y in curve) + " Z" for curve in curves
    )
    return {
        "type": "path",
        "xref": "x",
        "yref": "y",
        "path": path,
        "layer": "below",
        "line": {"color": theme.ink, "width": 4},
    }


def _marks(overlap: Overlap, labels: Sequence[_Label], theme: Theme) -> dict[str, Any]:
    """The counts; the transparent marks behind them can be pointed at and clicked."""
    return {
        "mode": "markers+text",
        "x": [label.x for label in labels],
        "y": [label.y for label in labels],
        "text": [f"<b>{label.text}</b>" if label.count else label.text for label in labels],
        "textposition": "middle center",
        "textfont": {"size": SMALL, "color": theme.ink},
        "marker": {
            "size": [max(24.0, 1.8 * label.reach) for label in labels],
            "color": "rgba(0,0,0,0)",
            "line": {"width": 0},
        },
        "customdata": [str(Pick("region", label.inside)) for label in labels],
        "cliponaxis": False,
        "hovertext": [region_hover(overlap, label.inside, label.count) for label in labels],
        "hoverinfo": "text",
    }


def _links(labels: Sequence[_Label], theme: Theme) -> dict[str, Any]:
    """Lines from the labels beside the circles to a dot in their regions."""
    x: list[float | None] = []
    y: list[float | None] = []
    for label in labels:
        if label.spot:
            inward = 1 if label.spot[0] > label.x else -1
            x += [label.x + inward * label.edge, label.spot[0], None]
            y += [label.y, label.spot[1], None]
    return {
        "mode": "lines+markers",
        "x": x,
        "y": y,
        "line": {"color": theme.ink, "width": 1},
        "marker": {"size": [0, 5, 0] * (len(x) // 3), "color": theme.ink},
        "hoverinfo": "skip",
    }


def _heads(
    overlap: Overlap, places: dict[int, tuple[float, float]], theme: Theme
) -> dict[str, Any]:
    return {
        "x": [x for x, _ in places.values()],
        "y": [y for _, y in places.values()],
        "hovertext": [segment_hover(overlap, at) for at in places],
        **badges(list(places), theme, _BADGE),
    }


def _note(drawn: Diagram, labels: Sequence[_Label]) -> str:
    if drawn.error < 0.0005:
        note = "Areas are to scale, numbers are exact."
    else:
        off = math.ceil(1000 * drawn.error) / 10
        text = f"{off:.1f}" if off < 3 else f"{math.ceil(off)}"
        note = f"Areas are approximate: at most {text} % of the whole off. Numbers are exact."
    if any(inside for inside in labels if inside.spot is None and ":" in inside.text):
        note += " Regions with letters have no area in this drawing."
    return note
