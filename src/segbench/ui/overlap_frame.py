"""What the three overlap charts share: the head, the list of segments with their sizes, the foot.

Every overlap figure has the same traces in the same order (`TRACES`), those it does not need being
hidden: so one chart can turn into another inside one widget, in one message.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import plotly.graph_objects as go

from segbench.audience.overlap import Overlap
from segbench.ui.findings import overlap_finding, overlap_remark
from segbench.ui.heading import caption, heading
from segbench.ui.picks import Pick
from segbench.ui.theme import EDGE, NARROW, SMALL, Theme, layout, letter
from segbench.ui.wording import joined, number, percent, plain, text_width, wrapped

TRACES: Final = {
    "cells": "heatmap",
    "sizes": "bar",
    "bars": "bar",
    "segments": "scatter",
    "links": "scatter",
    "holes": "scatter",
    "dots": "scatter",
    "heads": "scatter",
    "marks": "scatter",
}
"""The traces of every overlap figure: name and type, back to front."""

_NAMES = 0.46
"""The share of the width that the names of the segments take."""
_LINE = 16
_LEFT = EDGE + 10
"""The left margin: half a badge more than the edge, since badges sit on the left end of an axis."""
FIXED: Final[dict[str, Any]] = {"visible": False, "fixedrange": True}


@dataclass
class Main:
    """The lower part of a figure: height in pixels, traces by name, axes and the rest.

    Domains of axes are within the lower part; `order` is that of the list of segments.
    """

    height: float
    traces: dict[str, dict[str, Any]]
    axes: dict[str, dict[str, Any]]
    annotations: list[dict[str, Any]] = field(default_factory=list)
    shapes: list[dict[str, Any]] = field(default_factory=list)
    caption: str = ""
    note: str = ""
    order: Sequence[int] | None = None


def room(width: int | None) -> float:
    """The pixels between the left and the right edge of the content."""
    return (width or NARROW) - EDGE - _LEFT


def by_size(overlap: Overlap) -> list[int]:
    """The segments' positions, largest first."""
    return sorted(range(len(overlap.names)), key=lambda at: (-overlap.sizes[at], at))


def badges(positions: Sequence[int], theme: Theme, size: int = 20) -> dict[str, Any]:
    """How a scatter trace shows the letters of segments on their colours."""
    fills = [theme.segment(at) for at in positions]
    return {
        "mode": "markers+text",
        "text": [letter(at) for at in positions],
        "textposition": "middle center",
        "textfont": {"size": 11, "color": [theme.on(fill) for fill in fills]},
        "marker": {
            "size": size,
            "opacity": 1,
            "color": fills,
            "line": {"color": theme.ground, "width": 1.5},
        },
        "customdata": [str(Pick("segment", (at,))) for at in positions],
        "cliponaxis": False,
        "hoverinfo": "text",
    }


def region_hover(overlap: Overlap, inside: Sequence[int], count: int) -> str:
    """What a region says when it is pointed at: count, share of each segment and of all."""
    names = " ∩ ".join(plain(overlap.names[at]) for at in inside)
    lines = [*wrapped(names, 300, 8), f"{number(count)} in exactly these"]
    for at in inside:
        whole = overlap.sizes[at]
        lines.append(f"{percent(count, whole)} of {letter(at)} ({number(whole)})")
    lines.append(f"{percent(count, overlap.contacts)} of all {number(overlap.contacts)}")
    return joined(lines)


def segment_hover(overlap: Overlap, at: int) -> str:
    """What a segment says when it is pointed at."""
    size = overlap.sizes[at]
    share = f"{percent(size, overlap.contacts)} of all {number(overlap.contacts)}"
    return joined([*wrapped(overlap.names[at], 300, 8), f"{number(size)} contacts", share])


def framed(overlap: Overlap, main: Main, theme: Theme, width: int | None) -> go.Figure:
    """The whole figure around its lower part."""
    space, order = room(width), main.order or range(len(overlap.names))
    head = heading(overlap_finding(overlap), overlap_remark(overlap), theme, space)
    names = [wrapped(overlap.names[at], _NAMES * space - 30, 2) for at in order]
    pitch = 24 if all(len(lines) == 1 for lines in names) else 34
    list_height = pitch * len(names)
    above = 14 + (20 if main.caption else 0)
    notes = wrapped(main.note, space, 6) if main.note else []
    foot = _LINE * len(notes) + (14 if notes else 0) + EDGE
    plot = list_height + above + main.height
    split = main.height / plot

    def inner(axis: Mapping[str, Any]) -> dict[str, Any]:
        low, high = axis.get("domain", (0, 1))
        return {**axis, "domain": [low * split, high * split]}

    axes = {
        name: inner(axis) if name.startswith("y") else dict(axis)
        for name, axis in main.axes.items()
    }
    axes |= _list_axes(overlap, space, 1 - list_height / plot)
    annotations = [head.annotation(_LEFT), *_list_names(names), *main.annotations]
    if main.caption:
        place = {"x": 0, "xref": "paper", "y": split, "yref": "paper", "yshift": 12, "xshift": -11}
        annotations.append(caption(main.caption, theme, name="caption", **place))
    if notes:
        annotations.append(_foot(notes, theme))
    traces = {**_list_traces(overlap, order, theme), **main.traces}
    return go.Figure(
        data=[_trace(name, kind, traces.get(name)) for name, kind in TRACES.items()],
        layout=layout(
            theme,
            height=head.height + plot + foot,
            width=width,
            margin={"l": _LEFT, "r": EDGE, "t": head.height, "b": foot, "pad": 0},
            annotations=annotations,
            shapes=main.shapes,
            **axes,
        ),
    )


def _trace(name: str, kind: str, props: Mapping[str, Any] | None) -> dict[str, Any]:
    if props is None:
        return {"type": kind, "name": name, "visible": False}
    return {"type": kind, "name": name, "visible": True, **props}


def _list_axes(overlap: Overlap, space: float, bottom: float) -> dict[str, dict[str, Any]]:
    """Axes 2 hold the badges and names, axes 3 the bars beside them."""
    most = max(overlap.sizes, default=0)
    bars = (1 - _NAMES) * space
    free = bars - text_width(number(most)) - 8
    return {
        "xaxis2": {**FIXED, "domain": [0, _NAMES], "range": [0, 1], "anchor": "y2"},
        "xaxis3": {
            **FIXED,
            "domain": [_NAMES, 1],
            "range": [0, (most or 1) * bars / max(free, 20)],
            "anchor": "y2",
        },
        "yaxis2": {
            **FIXED,
            "domain": [bottom, 1],
            "range": [len(overlap.names) - 0.5, -0.5],
            "anchor": "x2",
        },
    }


def _list_names(names: Sequence[Sequence[str]]) -> list[dict[str, Any]]:
    return [
        {
            "name": "segment",
            "text": joined(lines),
            "align": "left",
            "showarrow": False,
            "x": 0,
            "xref": "x2",
            "xanchor": "left",
            "xshift": 14,
            "y": row,
            "yref": "y2",
            "yanchor": "middle",
        }
        for row, lines in enumerate(names)
    ]


def _list_traces(overlap: Overlap, order: Sequence[int], theme: Theme) -> dict[str, dict[str, Any]]:
    rows = list(range(len(order)))
    hover = [segment_hover(overlap, at) for at in order]
    return {
        "sizes": {
            "orientation": "h",
            "xaxis": "x3",
            "yaxis": "y2",
            "y": rows,
            "x": [overlap.sizes[at] for at in order],
            "width": 13 / 24,
            "marker": {"color": [theme.segment(at) for at in order], "line": {"width": 0}},
            "text": [number(overlap.sizes[at]) for at in order],
            "textposition": "outside",
            "textfont": {"size": SMALL, "color": theme.ink},
            "cliponaxis": False,
            "customdata": [str(Pick("segment", (at,))) for at in order],
            "hovertext": hover,
            "hoverinfo": "text",
        },
        "segments": {
            "xaxis": "x2",
            "yaxis": "y2",
            "x": [0] * len(order),
            "y": rows,
            "hovertext": hover,
            **badges(order, theme),
        },
    }


def _foot(notes: Sequence[str], theme: Theme) -> dict[str, Any]:
    return {
        "name": "note",
        "text": joined(notes),
        "font": {"size": SMALL, "color": theme.muted},
        "align": "left",
        "showarrow": False,
        "x": 0,
        "xref": "paper",
        "xanchor": "left",
        "xshift": -11,
        "y": 0,
        "yref": "paper",
        "yanchor": "top",
        "yshift": -10,
    }
