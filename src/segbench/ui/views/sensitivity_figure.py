"""The chart of a curve: matching and reachable contacts for each number, the present one marked."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import plotly.graph_objects as go

from segbench.audience.curve import Curve
from segbench.audience.dial import Number
from segbench.model.wording import PLAIN, Wording
from segbench.ui.theme import EDGE, NARROW, SMALL, Mode, Theme, theme
from segbench.ui.views.frame import framed
from segbench.ui.views.sensitivity_words import axis_words, curve_finding, curve_remark, place
from segbench.ui.wording import change, joined, number, text_width

HEIGHT: Final = 300
TURN: Final = "turn:"
"""What the customdata of a place starts with; its number follows."""
_DASHES = ("dash", "dot", "dashdot")
_LEGEND_LINE = 20
_SIGN = 52
"""Pixels that the sign of a line and the gaps around its name take in the legend."""


def curve_figure(
    curve: Curve, wording: Wording = PLAIN, *, mode: Mode = "light", width: int | None = None
) -> go.Figure:
    """The curve; the customdata of a place of the upper line is `turn:` and its number."""
    colours, room = theme(mode), (width or NARROW)
    traces = _lines(curve, colours)
    most = max(max(each["y"]) for each in traces.values())
    left = EDGE + 10 + text_width(number(most))
    lines = _legend_lines([each["name"] for each in traces.values()], room - left - EDGE)
    below = 52 + _LEGEND_LINE * lines
    traces["line 7"] = _now(curve, colours, room - left - EDGE)
    return framed(
        curve_finding(curve),
        curve_remark(curve),
        traces,
        _axes(curve, axis_words(curve.dial, wording), colours, most, room - left - EDGE),
        height=HEIGHT,
        mode=mode,
        width=width,
        left=left,
        below=below,
        shapes=[_mark(curve, colours)],
        hovermode="x",
        hoverdistance=-1,
        showlegend=True,
        legend={
            **{"orientation": "h", "traceorder": "reversed", "bgcolor": "rgba(0,0,0,0)"},
            **{"x": 0, "xanchor": "left", "y": -44 / HEIGHT, "yanchor": "top"},
            **{"itemclick": False, "itemdoubleclick": False},
            "font": {"size": SMALL, "color": colours.ink},
        },
    )


def _lines(curve: Curve, colours: Theme) -> dict[str, dict[str, Any]]:
    """The lines, back to front: opens counted otherwise, who is reachable, who matches."""
    own, found = curve.own, {}
    others = [(name, totals) for name, totals in curve.otherwise.items() if name != own]
    # The legend names them from the front to the back.
    for at, (name, totals) in enumerate(others):
        line = {"color": colours.segment(3 + at), "width": 1.5, "dash": _DASHES[at]}
        found[f"line {len(others) - at}"] = _line(curve, f"with {name}", totals, line)
    if curve.reachable is not None:
        line = {"color": colours.segment(2), "width": 2}
        found["line 5"] = _line(curve, "Reachable by e-mail", curve.reachable, line)
    name = f"Matching ({own})" if own else "Matching"
    line = {"color": colours.segment(0), "width": 3}
    found["line 6"] = {
        **_line(curve, name, curve.totals, line),
        "hoverinfo": "text",
        "hovertext": [joined(_says(curve, at)) for at in range(len(curve.numbers))],
        "customdata": [f"{TURN}{each}" for each in curve.numbers],
    }
    return found


def _line(curve: Curve, name: str, totals: tuple[int, ...], line: dict[str, Any]) -> dict[str, Any]:
    return {
        **{"name": name, "mode": "lines", "x": list(curve.numbers), "y": list(totals)},
        **{"line": line, "hoverinfo": "skip", "showlegend": True},
    }


def _now(curve: Curve, colours: Theme, room: float) -> dict[str, Any]:
    """The dots at the present number, the upper one with its count."""
    at, ink = curve.now, [colours.segment(0), colours.segment(2)]
    counts = [curve.totals[at], *([curve.reachable[at]] if curve.reachable is not None else ())]
    # Beside a line that rises the room is above to the left, beside one that falls to the right.
    passed = room * (curve.dial.now - curve.numbers[0]) / (_end(curve) - curve.numbers[0] or 1)
    rises = curve.totals[-1] >= curve.totals[0] and passed > text_width(number(counts[0])) + 16
    texts = [f"<b>{number(counts[0])}</b>", *("" for _ in counts[1:])]
    return {
        **{"mode": "markers+text", "x": [curve.dial.now] * len(counts), "y": counts},
        "marker": {"size": 9, "color": ink[: len(counts)], "line": {"color": colours.ground}},
        "text": texts,
        "textposition": "top left" if rises else "top right",
        "textfont": {"size": SMALL, "color": colours.ink},
        **{"hoverinfo": "skip", "showlegend": False, "cliponaxis": False},
    }


def _says(curve: Curve, at: int) -> list[str]:
    total, now = curve.totals[at], curve.totals[curve.now]
    lines = [place(curve.dial, curve.numbers[at]), f"{number(total)} matching"]
    if at != curve.now:
        lines[1] += f" ({change(total - now)})"
    if curve.reachable is not None:
        lines.append(f"{number(curve.reachable[at])} reachable by e-mail")
    others = ((name, t) for name, t in curve.otherwise.items() if name != curve.own)
    lines += [f"{number(totals[at])} with {name}" for name, totals in others]
    return [*lines, "Set now" if at == curve.now else "Click to set it"]


def _mark(curve: Curve, colours: Theme) -> dict[str, Any]:
    """The line through the present number."""
    return {
        **{"type": "line", "xref": "x", "yref": "y domain", "layer": "below"},
        **{"x0": curve.dial.now, "x1": curve.dial.now, "y0": 0, "y1": 1},
        "line": {"color": colours.muted, "width": 1.5, "dash": "dot"},
    }


def _axes(
    curve: Curve, title: str, colours: Theme, most: int, room: float
) -> dict[str, dict[str, Any]]:
    low, high = curve.numbers[0], _end(curve)
    edge = (high - low) * 0.02 or 1
    small = {"size": SMALL, "color": colours.muted}
    shared = {"tickfont": small, "ticks": "", "ticklabelstandoff": 6, "linecolor": colours.line}
    return {
        "xaxis": {
            **shared,
            "range": [low - edge, high + edge],
            "nticks": max(3, int(room // 56)),
            "tickformat": ",~r",
            "showline": True,
            "title": {"text": joined([title]), "font": small, "standoff": 6},
        },
        "yaxis": {
            **shared,
            "range": [0, most * 1.08 or 1],
            "nticks": 6,
            "tickformat": ",d",
            "showgrid": True,
            "gridcolor": colours.line,
        },
    }


def _end(curve: Curve) -> Number:
    """Where the axis ends: no later than it must, since far numbers press all others to its edge.

    The table has those beyond.
    """
    numbers, last = curve.numbers, len(curve.numbers) - 1
    if curve.dial.what == "times":
        lines = (curve.totals, *curve.otherwise.values())
        moving = max(at for line in lines for at in (0, *np.flatnonzero(np.diff(line)) + 1))
        return numbers[min(last, max(int(moving) + 1, curve.now + 2, 9))]
    if curve.dial.what == "bound" and last > 20:
        far = numbers[last - last // 50]
        if numbers[last] - numbers[0] > 2 * (far - numbers[0]):
            return max(far, curve.dial.now)
    return numbers[last]


def _legend_lines(names: list[str], room: float) -> int:
    """How many lines the legend takes, whose columns are all as wide as the widest name."""
    columns = max(1, int(room // (max(map(text_width, names)) + _SIGN)))
    return -(-len(names) // columns)
