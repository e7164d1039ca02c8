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
from segbench.ui.overlap_list import FIXED, NAMES, list_axes, list_names, list_traces, room
from segbench.ui.theme import EDGE, LONGEST, SMALL, Theme, layout
from segbench.ui.wording import joined, wrapped

_LISTED = {"xaxis": "x2", "yaxis": "y2"}
_BARS = {"type": "bar", "orientation": "h"}
TRACES: Final[dict[str, dict[str, str]]] = {
    "cells": {"type": "heatmap"},
    "sizes": {**_BARS, "xaxis": "x3", "yaxis": "y2"},
    "bars": {**_BARS, "xaxis": "x4"},
    "chance": {"type": "scatter", "xaxis": "x4"},
    "segments": {"type": "scatter", **_LISTED},
    "links": {"type": "scatter"},
    "holes": {"type": "scatter"},
    "dots": {"type": "scatter"},
    "heads": {"type": "scatter"},
    "marks": {"type": "scatter"},
}
"""The traces of every overlap figure, back to front: name and what never changes.

plotly.js resets the axes of a trace whose type, orientation or axes are changed later, and draws
the axes of hidden traces too: so every figure has all axes, hidden. The topmost one that is there
takes the pointer: so an axis without use is narrow.
"""

_LINE = 16


@dataclass
class Main:
    """The lower part of a figure: height in pixels, traces by name, axes and the rest.

    Domains of axes are within the lower part; `order` is that of the list of segments, which is
    left out where the figure stands beside another one that has it. `finding` is the title.
    """

    height: float
    traces: dict[str, dict[str, Any]]
    axes: dict[str, dict[str, Any]]
    annotations: list[dict[str, Any]] = field(default_factory=list)
    shapes: list[dict[str, Any]] = field(default_factory=list)
    caption: str = ""
    note: str = ""
    order: Sequence[int] | None = None
    finding: str = ""
    listed: bool = True


def framed(overlap: Overlap, main: Main, theme: Theme, width: int | None) -> go.Figure:
    """The whole figure around its lower part."""
    space, order = room(width), main.order or range(len(overlap.names))
    head = heading(
        main.finding or overlap_finding(overlap, longest_name(space)),
        overlap_remark(overlap),
        theme,
        space,
    )
    listed = order if main.listed else ()
    names = [wrapped(overlap.names[at], NAMES * space - 30, 2) for at in listed]
    pitch = 24 if all(len(lines) == 1 for lines in names) else 34
    list_height = pitch * len(names)
    above = (14 if names else 6) + (20 if main.caption else 0)
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
    axes = {"xaxis4": {**FIXED, "domain": [0.999, 1]}, **axes}
    axes |= list_axes(overlap, space, 1 - list_height / plot, pitch)
    annotations = [head.annotation(EDGE), *list_names(names), *main.annotations]
    if main.caption:
        place = {"x": 0, "xref": "paper", "y": split, "yref": "paper", "yshift": 12, "xshift": -1}
        annotations.append(caption(main.caption, theme, name="caption", **place))
    if notes:
        annotations.append(_foot(notes, theme))
    listing = list_traces(overlap, listed, theme) if names else {}
    traces = {**listing, **main.traces}
    return go.Figure(
        data=[_trace(name, traces.get(name)) for name in TRACES],
        layout=layout(
            theme,
            height=round(head.height + plot + foot),
            width=width,
            margin={"l": EDGE, "r": EDGE, "t": head.height, "b": foot, "pad": 0},
            annotations=annotations,
            shapes=main.shapes,
            **axes,
        ),
    )


def longest_name(space: float) -> int:
    """How many signs of a name a title shows in so many pixels."""
    return min(LONGEST, int(space / 13))


def _trace(name: str, props: Mapping[str, Any] | None) -> dict[str, Any]:
    return {"name": name, **TRACES[name], "visible": props is not None, **(props or {})}


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
        "xshift": -1,
        "y": 0,
        "yref": "paper",
        "yanchor": "top",
        "yshift": -10,
    }
