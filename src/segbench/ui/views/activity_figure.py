"""The chart of activity over time: the share of each side that was active, as two lines."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go

from segbench.audience.activity import Active, Activity
from segbench.ui.theme import EDGE, NARROW, Mode, theme
from segbench.ui.views.axis import round_shares
from segbench.ui.views.frame import framed
from segbench.ui.views.profile_words import span_text
from segbench.ui.wording import SPACE, joined, number, percent, text_width, wrapped

_HEIGHT = 240
_AXIS = 34
_RIGHT = 36


def activity_figure(
    found: Activity,
    finding: str,
    remark: str,
    other: str,
    every: str,
    *,
    mode: Mode = "light",
    width: int | None = None,
) -> go.Figure:
    """Two lines of shares, one point a week or month; the last one, not over yet, is a ring."""
    colours, room = theme(mode), width or NARROW
    sides, points = found.sides, found.points
    here = [point.here / max(sides.here, 1) for point in points]
    there = [point.there / max(sides.there, 1) for point in points]
    most = max([*here, *there], default=0) or 0.01
    ticks = round_shares(most * 1.1, 6)
    labels = [f"{100 * tick:g}{SPACE}%" for tick in ticks]
    left = max(map(text_width, labels)) + EDGE + 8
    step = max(1, round(len(points) * 74 / max(room - left - _RIGHT, 120)) or 1)
    shown = list(range(len(points) - 1, -1, -step))[::-1]
    x: dict[str, Any] = {
        "range": [-0.4, len(points) - 0.6],
        "tickvals": shown,
        "ticktext": [_tick(points[at], every) for at in shown],
        "domain": [0, 1],
        "anchor": "y",
        "type": "linear",
        "ticks": "outside",
        "tickcolor": colours.line,
    }
    y: dict[str, Any] = {
        "range": [0, most * 1.1],
        "tickvals": ticks,
        "ticktext": labels,
        "showgrid": True,
        "gridcolor": colours.line,
        "domain": [0, 1],
        "anchor": "x",
        "type": "linear",
        "ticks": "",
    }
    hover = [joined(_hover(point, found, other, every)) for point in points]
    return framed(
        finding,
        remark,
        {
            "line 1": _line(there, hover, colours.muted, "dash"),
            "line 2": _line(here, hover, colours.gain, "solid"),
        },
        {"xaxis": x, "yaxis": y},
        height=_HEIGHT,
        mode=mode,
        width=width,
        left=left,
        right=_RIGHT,
        below=_AXIS + 8,
    )


def _line(shares: list[float], hover: list[str], colour: str, dash: str) -> dict[str, Any]:
    symbols = ["circle"] * (len(shares) - 1) + ["circle-open"]
    return {
        "x": list(range(len(shares))),
        "y": shares,
        "mode": "lines+markers",
        "line": {"color": colour, "width": 2.5, "dash": dash},
        "marker": {"color": colour, "size": 7, "symbol": symbols},
        "hovertext": hover,
        "hoverinfo": "text",
        "cliponaxis": False,
    }


def _tick(point: Active, every: str) -> str:
    start = point.period.start
    return f"{start:%b} {start.year}" if every == "month" else f"{start.day} {start:%b}"


def _hover(point: Active, found: Activity, other: str, every: str) -> list[str]:
    span = span_text(point.period.start, every)
    sides = found.sides
    return [
        f"{span[:1].upper()}{span[1:]}{'' if point.period.whole else ', so far'}",
        f"The segment: {number(point.here)} of {number(sides.here)}, "
        f"{percent(point.here, sides.here)}",
        *wrapped(
            f"{other[:1].upper()}{other[1:]}: {number(point.there)} of {number(sides.there)}, "
            f"{percent(point.there, sides.there)}",
            300,
            3,
        ),
    ]
