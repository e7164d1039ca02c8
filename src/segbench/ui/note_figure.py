"""A figure that only says something: before there is anything to draw, or why there is not."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go

from segbench.ui.theme import LARGE, Theme, layout
from segbench.ui.wording import joined, wrapped

HEIGHT = 180
ROOM = 340
AXES = 4
"""The most axes of a kind in any figure here; those of traces that are not shown stay hidden."""


def note_figure(text: str, theme: Theme, width: int | None = None) -> go.Figure:
    """The text, in the middle of an otherwise empty figure; without a width it fills its pane."""
    hidden = {"visible": False, "fixedrange": True}
    axes: dict[str, Any] = {
        f"{axis}axis{number}": hidden for axis in "xy" for number in ("", *range(2, AXES + 1))
    }
    note = {
        "text": joined(wrapped(text, min(ROOM, (width or ROOM) - 24), 4, LARGE)),
        "x": 0.5,
        "y": 0.5,
        "xref": "paper",
        "yref": "paper",
        "showarrow": False,
        "font": {"size": LARGE, "color": theme.muted},
    }
    margin = {"l": 8, "r": 8, "t": 8, "b": 8}
    return go.Figure(
        layout=layout(theme, height=HEIGHT, width=width, margin=margin, annotations=[note], **axes)
    )
