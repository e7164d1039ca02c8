"""Pairs of segments as a table of shades: how much they share, by one of several measures."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import plotly.graph_objects as go

from segbench.audience.likeness import Measure, likeness
from segbench.audience.overlap import Overlap
from segbench.ui.chance import times
from segbench.ui.findings import pairs_finding
from segbench.ui.overlap_frame import Main, framed, longest_name
from segbench.ui.overlap_list import FIXED, badges, room, segment_hover
from segbench.ui.picks import Pick
from segbench.ui.theme import SMALL, Theme, blend
from segbench.ui.wording import SPACE, joined, number, percent, plain, text_width, wrapped

_HEAD = 26
_SIDE = 28
"""Pixels above the cells and to the left of them, for badges."""


_CAPTIONS: dict[Measure, str] = {
    "share": "Share of the row's segment that is also in the column's:",
    "jaccard": "Share of the contacts in either that are in both (Jaccard):",
    "lift": "How many times as many in both as by chance (1 × is chance):",
    "count": "Contacts in both:",
}


def heatmap_figure(
    overlap: Overlap,
    theme: Theme,
    width: int | None,
    selected: tuple[int, ...] | None,
    *,
    measure: Measure = "share",
    listed: bool = True,
) -> go.Figure:
    """The figure for any number of segments; a cell's pick is the pair, whatever else it is in."""
    many = max(len(overlap.names), 1)
    cell = (room(width) - _SIDE) / many
    table = _Table(overlap, measure)
    size, lines = _text(table, cell)
    height = 44 if lines == 2 else 28
    side, head = 0.5 + _SIDE / cell, 0.5 + _HEAD / height
    pair = selected if selected and len(selected) == 2 else None
    main = Main(
        height=height * many + _HEAD,
        traces={
            "cells": _cells(table, theme),
            "marks": _marks(table, theme, size, lines, min(cell, height)),
            "heads": _heads(overlap, theme, -0.5 - 0.6 * _SIDE / cell, (-0.5 - head) / 2),
        },
        axes={
            "xaxis": {**FIXED, "range": [-side, many - 0.5], "anchor": "y"},
            "yaxis": {**FIXED, "range": [many - 0.5, -head], "anchor": "x"},
        },
        shapes=[_outline(*ends, theme) for ends in (pair, pair[::-1])] if pair else [],
        caption=_CAPTIONS[measure],
        note="" if lines else "Point at a cell for its numbers; the table lists them all.",
        finding=pairs_finding(overlap, measure, longest_name(room(width))),
        listed=listed,
    )
    return framed(overlap, main, theme, width)


class _Table:
    """What the cells of one measure say, and how dark they are."""

    def __init__(self, overlap: Overlap, measure: Measure) -> None:
        self.overlap, self.measure = overlap, measure
        many = range(len(overlap.names))
        apart = (overlap.pairs[a][b] for a in many for b in many if a != b)
        self._most = max(apart, default=0)

    def shade(self, row: int, column: int) -> float:
        """0 for none to 1 for the most that there can be; a half for the lift of chance."""
        found = likeness(self.overlap, row, column)
        match self.measure:
            case "share":
                return found.of_first or 0.0
            case "jaccard":
                return found.jaccard or 0.0
            case "lift":
                lift = found.lift or 0.0
                return lift / (1 + lift)
            case "count":
                return found.both / self._most if self._most else 0.0

    def says(self, row: int, column: int, lines: int) -> list[str]:
        """The text of a cell, up to so many lines; on the diagonal the size, where counts are."""
        found = likeness(self.overlap, row, column)
        if row == column:
            return [number(found.both)] if lines == 2 or self.measure == "count" else []
        match self.measure:
            case "share":
                said = _rough(found.both, found.first)
            case "jaccard":
                said = _rough(found.both, found.either)
            case "lift":
                said = "–" if found.lift is None else times(found.lift)
            case "count":
                return [number(found.both)]
        return [said, number(found.both)][:lines]


def _rough(part: int, whole: int) -> str:
    """A share in whole percent; 0 % and 100 % only where they are exact."""
    if not whole:
        return "–"
    share = round(100 * part / whole)
    if part and not share:
        return f"<1{SPACE}%"
    return f">99{SPACE}%" if share == 100 and part < whole else f"{share}{SPACE}%"


def _text(table: _Table, cell: float) -> tuple[int, int]:
    """The size of the text that fits in all cells, and how many lines: share and count, or less."""
    many = range(len(table.overlap.names))
    places = [(row, column) for row in many for column in many]
    for lines in (2, 1):
        texts = (text for place in places for text in table.says(*place, lines))
        widest = max((text_width(text, 100) / 100 for text in texts), default=0)
        for size in (SMALL, SMALL - 1, SMALL - 2):
            if widest * size <= cell - 4:
                return size, lines
    return SMALL, 0


def _cells(table: _Table, theme: Theme) -> dict[str, Any]:
    many = range(len(table.overlap.names))
    return {
        "z": [[None if a == b else table.shade(a, b) for b in many] for a in many],
        "zmin": 0,
        "zmax": 1,
        "colorscale": [[at / 4, shade] for at, shade in enumerate(theme.shades)],
        "showscale": False,
        "xgap": 2,
        "ygap": 2,
        "hoverongaps": False,
        "hoverinfo": "skip",
    }


def _shade(share: float, theme: Theme) -> str:
    """The colour that plotly gives a cell."""
    place = min(max(share, 0.0), 1.0) * (len(theme.shades) - 1)
    at = min(int(place), len(theme.shades) - 2)
    low, high = list(pairwise(theme.shades))[at]
    return blend(low, high, place - at)


def _marks(table: _Table, theme: Theme, size: int, lines: int, target: float) -> dict[str, Any]:
    many = range(len(table.overlap.names))
    places = [(row, column) for row in many for column in many]
    return {
        "mode": "markers+text",
        "x": [column for _, column in places],
        "y": [row for row, _ in places],
        "text": [joined(table.says(*place, lines)) for place in places],
        "textposition": "middle center",
        "textfont": {
            "size": size,
            "color": [
                theme.muted if a == b else theme.on(_shade(table.shade(a, b), theme))
                for a, b in places
            ],
        },
        "marker": {"size": target, "symbol": "square", "color": "rgba(0,0,0,0)"},
        "customdata": [
            str(Pick("segment", (a,)) if a == b else Pick("pair", (a, b))) for a, b in places
        ],
        "hovertext": [_hover(table.overlap, *place) for place in places],
        "hoverinfo": "text",
    }


def _hover(overlap: Overlap, row: int, column: int) -> str:
    if row == column:
        return segment_hover(overlap, row)
    both = overlap.pairs[row][column]
    names = [plain(overlap.names[at]) for at in (row, column)]
    lines = wrapped(" ∩ ".join(names), 300, 8)
    lines.append(f"{number(both)} contacts in both, whatever else they are in")
    for at, name in zip((row, column), names, strict=True):
        lines += wrapped(f"{percent(both, overlap.sizes[at])} of {name}", 300, 2)
    found = likeness(overlap, row, column)
    lines.append(f"{percent(both, found.either)} of those in either (Jaccard)")
    if found.lift is not None:
        lines.append(f"{times(found.lift)} as many as by chance (lift)")
    return joined(lines)


def _heads(overlap: Overlap, theme: Theme, left: float, above: float) -> dict[str, Any]:
    many = list(range(len(overlap.names)))
    return {
        "x": [left] * len(many) + many,
        "y": [*many, *([above] * len(many))],
        "hovertext": [segment_hover(overlap, at) for at in [*many, *many]],
        **badges([*many, *many], theme, 18),
    }


def _outline(row: int, column: int, theme: Theme) -> dict[str, Any]:
    return {
        "type": "rect",
        "xref": "x",
        "yref": "y",
        "x0": column - 0.5,
        "x1": column + 0.5,
        "y0": row - 0.5,
        "y1": row + 0.5,
        "line": {"color": theme.ink, "width": 3},
    }
