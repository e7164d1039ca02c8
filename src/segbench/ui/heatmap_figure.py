"""Pairs of segments as a table of shades: how much of each row's segment is in the column's."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import plotly.graph_objects as go

from segbench.audience.overlap import Overlap
from segbench.ui.overlap_frame import Main, framed
from segbench.ui.overlap_list import FIXED, badges, room, segment_hover
from segbench.ui.picks import Pick
from segbench.ui.theme import SMALL, Theme, blend
from segbench.ui.wording import SPACE, joined, number, percent, plain, text_width, wrapped

_HEAD = 26
_SIDE = 28
"""Pixels above the cells and to the left of them, for badges."""


def heatmap_figure(
    overlap: Overlap, theme: Theme, width: int | None, selected: tuple[int, ...] | None
) -> go.Figure:
    """The figure for any number of segments; a cell's pick is the pair, whatever else it is in."""
    many = max(len(overlap.names), 1)
    cell = (room(width) - _SIDE) / many
    size, lines = _text(overlap, cell)
    height = 44 if lines == 2 else 28
    side, head = 0.5 + _SIDE / cell, 0.5 + _HEAD / height
    pair = selected if selected and len(selected) == 2 else None
    main = Main(
        height=height * many + _HEAD,
        traces={
            "cells": _cells(overlap, theme),
            "marks": _marks(overlap, theme, size, lines, min(cell, height)),
            "heads": _heads(overlap, theme, -0.5 - 0.6 * _SIDE / cell, (-0.5 - head) / 2),
        },
        axes={
            "xaxis": {**FIXED, "range": [-side, many - 0.5], "anchor": "y"},
            "yaxis": {**FIXED, "range": [many - 0.5, -head], "anchor": "x"},
        },
        shapes=[_outline(*ends, theme) for ends in (pair, pair[::-1])] if pair else [],
        caption="Share of the row's segment that is also in the column's:",
        note="" if lines else "Point at a cell for its numbers; the table lists them all.",
    )
    return framed(overlap, main, theme, width)


def _share(overlap: Overlap, row: int, column: int) -> float:
    return overlap.pairs[row][column] / overlap.sizes[row] if overlap.sizes[row] else 0.0


def _says(overlap: Overlap, row: int, column: int, lines: int) -> list[str]:
    """The text of a cell, up to so many lines; on the diagonal the size, where counts are shown."""
    both = overlap.pairs[row][column]
    if row == column:
        return [number(both)] if lines == 2 else []
    return [_rough(both, overlap.sizes[row]), number(both)][:lines]


def _rough(part: int, whole: int) -> str:
    """A share in whole percent; 0 % and 100 % only where they are exact."""
    if not whole:
        return "–"
    share = round(100 * part / whole)
    if part and not share:
        return f"<1{SPACE}%"
    return f">99{SPACE}%" if share == 100 and part < whole else f"{share}{SPACE}%"


def _text(overlap: Overlap, cell: float) -> tuple[int, int]:
    """The size of the text that fits in all cells, and how many lines: share and count, or less."""
    many = range(len(overlap.names))
    places = [(row, column) for row in many for column in many]
    for lines in (2, 1):
        texts = (text for place in places for text in _says(overlap, *place, lines))
        widest = max((text_width(text, 100) / 100 for text in texts), default=0)
        for size in (SMALL, SMALL - 1, SMALL - 2):
            if widest * size <= cell - 4:
                return size, lines
    return SMALL, 0


def _cells(overlap: Overlap, theme: Theme) -> dict[str, Any]:
    many = range(len(overlap.names))
    return {
        "z": [[None if a == b else _share(overlap, a, b) for b in many] for a in many],
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


def _marks(overlap: Overlap, theme: Theme, size: int, lines: int, target: float) -> dict[str, Any]:
    many = range(len(overlap.names))
    places = [(row, column) for row in many for column in many]
    return {
        "mode": "markers+text",
        "x": [column for _, column in places],
        "y": [row for row, _ in places],
        "text": [joined(_says(overlap, *place, lines)) for place in places],
        "textposition": "middle center",
        "textfont": {
            "size": size,
            "color": [
                theme.muted if a == b else theme.on(_shade(_share(overlap, a, b), theme))
                for a, b in places
            ],
        },
        "marker": {"size": target, "symbol": "square", "color": "rgba(0,0,0,0)"},
        "customdata": [
            str(Pick("segment", (a,)) if a == b else Pick("pair", (a, b))) for a, b in places
        ],
        "hovertext": [_hover(overlap, *place) for place in places],
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
