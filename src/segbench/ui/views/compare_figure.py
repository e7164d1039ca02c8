"""The chart of a comparison: only in the one, in both, only in the other."""

from __future__ import annotations

import plotly.graph_objects as go

from segbench.ui.picks import Pick
from segbench.ui.theme import EDGE, NARROW, SMALL, Mode, theme
from segbench.ui.views.compare_words import (
    comparison_finding,
    comparison_remark,
    side_counts,
    side_title,
)
from segbench.ui.views.frame import framed
from segbench.ui.wording import SPACE, joined, number, percent, text_width, wrapped
from segbench.workbench.comparing import Comparison

_PITCH = 44
_GAP = 8


def compare_figure(
    found: Comparison, selected: int, *, mode: Mode = "light", width: int | None = None
) -> go.Figure:
    """Three bars whose customdata are picks of their `side`; the `selected` one has an outline."""
    same = found.sameness
    assert same is not None
    colours, room = theme(mode), width or NARROW
    counts = side_counts(same)
    titles = [side_title(found, side) for side in range(3)]
    short = [titles[0], "In both", titles[2]]
    names = [wrapped(title, min(0.42 * room, 260), 2) for title in short]
    either = sum(counts)
    says = [f"{number(count)}  {percent(count, either)}" for count in counts]
    left = max(text_width(line) for lines in names for line in lines) + EDGE + _GAP
    beside = max(text_width(say, bold=True) for say in says)
    plot = max(room - left - EDGE, 120)
    most = max(counts) or 1
    tones = [colours.gain, colours.total, colours.loss]
    picks = [str(Pick("side", (side,))) for side in range(3)]
    hover = [
        joined([*wrapped(title, 300, 4), say, "Click to see who and why"])
        for title, say in zip(
            titles, (f"{number(c)}, {percent(c, either)} of either" for c in counts), strict=True
        )
    ]
    bars = {
        "x": list(counts),
        "y": [0, 1, 2],
        "width": [0.6] * 3,
        "marker": {
            "color": tones,
            "line": {
                "color": [colours.ink if side == selected else tones[side] for side in range(3)],
                "width": [3 if side == selected else 1 for side in range(3)],
            },
        },
        "customdata": picks,
        "hovertext": hover,
        "hoverinfo": "text",
    }
    texts = {
        "x": list(counts),
        "y": [0, 1, 2],
        "mode": "text",
        "text": [f"{SPACE * 2}<b>{joined([say])}</b>" for say in says],
        "textposition": "middle right",
        "textfont": {"size": SMALL, "color": colours.ink},
        "cliponaxis": False,
        "customdata": picks,
        "hoverinfo": "skip",
    }
    x = {
        "range": [0, most * plot / max(plot - beside - 3 * _GAP, 40)],
        "visible": False,
        "domain": [0, 1],
        "anchor": "y3",
        "type": "linear",
    }
    y = {
        "range": [2.5, -0.5],
        "tickvals": [0, 1, 2],
        "ticktext": [joined(lines) for lines in names],
        "ticklabelstandoff": _GAP,
        "ticks": "",
        "domain": [0, 1],
        "anchor": "x3",
        "type": "linear",
    }
    return framed(
        comparison_finding(found),
        comparison_remark(found),
        {"row 1": bars, "dot 1": texts},
        {"xaxis3": x, "yaxis3": y},
        height=3 * _PITCH,
        mode=mode,
        width=width,
        left=left,
    )
