"""The chart of a trend: the count over time, and who entered and left in each step, by cause."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import plotly.graph_objects as go

from segbench.audience.history import Flow, Point
from segbench.audience.trend import Trend
from segbench.ui.picks import Pick
from segbench.ui.theme import EDGE, NARROW, SMALL, Mode, Theme, theme
from segbench.ui.views.frame import framed
from segbench.ui.views.trend_axes import (
    DAY,
    YEARLY,
    Scale,
    count_scale,
    day_of,
    day_ticks,
    moves_scale,
)
from segbench.ui.views.trend_bars import bars, reach
from segbench.ui.views.trend_words import (
    CAUSE_WORDS,
    moves,
    short_moves,
    trend_finding,
    trend_remark,
    when,
)
from segbench.ui.wording import change, contacts, joined, number, text_width

HEIGHT: Final = 400
_BELOW, _RIGHT = 34, 28
_LINES, _BARS = [0.5, 1], [0, 0.34]
_DATE, _DATE_WITH_YEAR = 72, 96
"""Pixels that a date along the foot takes with its gap."""
_FADED = 0.25


def trend_figure(
    trend: Trend,
    span: str,
    *,
    mode: Mode = "light",
    width: int | None = None,
    looking: str = "",
) -> go.Figure:
    """The trend over a span ("in 30 days"); customdata are `Pick`s.

    While another one is looked for, which `looking` says, this one is faded under those words.
    """
    colours, room = theme(mode), width or NARROW
    counts = [point.count for point in (*trend.history.points, *trend.forecast.points)]
    scale = count_scale(min(counts), max(counts))
    steps = trend.history.points[1:]
    flows = moves_scale(
        max((reach(point, "entered") for point in steps), default=0),
        max((reach(point, "left") for point in steps), default=0),
    )
    left = EDGE + 8 + max(text_width(text) for s in (scale, flows) for text in _texts(s))
    traces = {**_lines(trend, colours), **bars(trend, colours)}
    if looking:
        traces = {name: {**trace, "opacity": _FADED} for name, trace in traces.items()}
    finding = looking or trend_finding(trend, span)
    return framed(
        finding,
        "" if looking else trend_remark(trend, scale.low),
        traces,
        _axes(trend, scale, flows, colours, room - left - _RIGHT),
        height=HEIGHT,
        mode=mode,
        width=width,
        left=left,
        right=_RIGHT,
        below=_BELOW,
        shapes=_marks(trend, colours),
        barmode="relative",
        showlegend=not looking,
        legend={
            **{"orientation": "h", "x": 0, "xanchor": "left", "y": 0.35, "yanchor": "bottom"},
            **{"itemclick": False, "itemdoubleclick": False, "bgcolor": "rgba(0,0,0,0)"},
            "font": {"size": SMALL, "color": colours.ink},
        },
    )


def looking_figure(looking: str, *, mode: Mode = "light", width: int | None = None) -> go.Figure:
    """Nothing yet, in the place that the chart will take."""
    return framed(looking, "", {}, {}, height=HEIGHT, mode=mode, width=width, below=_BELOW)


def _lines(trend: Trend, colours: Theme) -> dict[str, dict[str, Any]]:
    now = trend.forecast.points[0].at
    zone, past, coming = trend.history.zone, trend.history.points, trend.forecast.points
    says = [joined(_told(past, at, zone)) for at in range(len(past))]
    line = {"color": colours.gain, "width": 2.5}
    ahead = [
        joined([when(point.at, zone), contacts(point.count), "if nothing happens"])
        for point in coming
    ]
    ends = [past[0], *past[-1:] * (len(past) > 1), *coming[-1:] * (len(coming) > 1)]
    return {
        "line 1": {
            **{"mode": "lines+markers", "x": [day_of(p, now) for p in past]},
            **{"y": [point.count for point in past], "line": line, "hoverinfo": "text"},
            **{"hovertext": says, "showlegend": False},
            "marker": {"color": colours.gain, "size": 6 if len(past) <= 40 else 4},
            "customdata": ["", *(str(Pick("step", (at,))) for at in range(1, len(past)))],
        },
        "line 2": {
            **{"mode": "lines+markers", "x": [day_of(point, now) for point in coming]},
            **{"y": [point.count for point in coming], "hovertext": ahead, "hoverinfo": "text"},
            "line": {**line, "dash": "dash"},
            "marker": {"color": colours.ground, "size": 4, "line": {**line, "width": 1}},
            "customdata": ["", *(str(Pick("day", (at,))) for at in range(1, len(coming)))],
            "showlegend": False,
        },
        "line 3": {
            **{"mode": "text", "x": [day_of(point, now) for point in ends]},
            **{"y": [point.count for point in ends], "hoverinfo": "skip"},
            "text": [f"<b>{number(point.count)}</b>" for point in ends],
            "textposition": ["top right", *["top left"] * (len(ends) - 1)],
            "textfont": {"size": SMALL, "color": colours.ink},
            **{"cliponaxis": False, "showlegend": False},
        },
    }


def _axes(
    trend: Trend, scale: Scale, flows: Scale, colours: Theme, room: float
) -> dict[str, dict[str, Any]]:
    points, coming = trend.history.points, trend.forecast.points
    now = coming[0].at
    first, last = day_of(points[0], now), day_of(coming[-1], now)
    most = max(2, int(room // (_DATE_WITH_YEAR if last - first > YEARLY else _DATE)))
    places, dates = day_ticks(first, last, now, trend.history.zone, most)
    across = {"range": [first - (last - first) * 0.01, last + (last - first) * 0.01]}
    up = {"showgrid": True, "gridcolor": colours.line, "ticks": "", "ticklabelstandoff": 6}
    foot = {"tickvals": places, "ticktext": dates, "ticks": "outside", "tickcolor": colours.line}
    return {
        "xaxis": {**across, "visible": False, "domain": [0, 1], "anchor": "y"},
        "yaxis": {
            **{"range": [scale.low, scale.low + (scale.high - scale.low) * 1.1], **up},
            **{"domain": _LINES, "tickvals": scale.ticks, "ticktext": _texts(scale)},
        },
        "xaxis2": {**across, **foot, "domain": [0, 1], "anchor": "y2"},
        "yaxis2": {
            **{"range": [flows.low, flows.high], **up, "domain": _BARS},
            **{"tickvals": flows.ticks, "ticktext": _texts(flows, signed=True)},
            **{"zeroline": True, "zerolinecolor": colours.muted},
        },
    }


def _marks(trend: Trend, colours: Theme) -> list[dict[str, Any]]:
    """Upright lines: now, and where history begins, where that is in the span."""
    now, points = trend.forecast.points[0].at, trend.history.points
    line = {"color": colours.muted, "width": 1, "dash": "dot"}
    places = [0.0]
    if trend.history.notes and points[0].at < trend.history.begins < now:
        places.append((trend.history.begins - now) / DAY)
    return [
        {"type": "line", "xref": "x2", "yref": "paper", "x0": x, "x1": x, "y0": 0, "y1": 1}
        | {"line": line, "layer": "below"}
        for x in places
    ]


def _told(points: Sequence[Point], at: int, zone: Any) -> list[str]:
    """What the mark of a point says."""
    point = points[at]
    told = [when(point.at, zone), contacts(point.count)]
    if at:
        told.append(f"{moves(point.flow)} since {when(points[at - 1].at, zone)}")
        told += [
            f"by {CAUSE_WORDS[cause]}: {short_moves(flow)}"
            for cause, flow in point.causes.items()
            if flow != Flow()
        ]
    return told


def _texts(scale: Scale, *, signed: bool = False) -> list[str]:
    return [change(tick) if signed and tick else number(tick) for tick in scale.ticks]
