"""The chart of a profile: for each value the share here and there, as a dot and a ring."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from segbench.audience.profile import FieldProfile, Value
from segbench.ui.theme import EDGE, LONGEST, NARROW, SMALL, Mode, Theme, theme
from segbench.ui.views.axis import round_shares
from segbench.ui.views.frame import framed
from segbench.ui.views.profile_words import index_text
from segbench.ui.wording import (
    SPACE,
    fitted,
    joined,
    number,
    percent,
    plain,
    short,
    text_width,
    wrapped,
)

_PITCH = 36
_GAP = 8
_AXIS = 26
_NARROW = 560
"""Below this width names stand above their lines, which then have all of the width."""
_TALL = 48
_ABOVE = 0.42
_TICK = 64
"""The pixels that a number on the axis takes."""
Rows = Sequence[tuple[FieldProfile, Value]]


def profile_figure(
    rows: Rows,
    finding: str,
    remark: str,
    other: str,
    picks: Sequence[str],
    *,
    mode: Mode = "light",
    width: int | None = None,
) -> go.Figure:
    """Values as lines: a dot at their share of the segment, a ring at that of the `other` side.

    Differences that may be chance are grey. The customdata of a line's marks is its pick.
    """
    colours, room = theme(mode), width or NARROW
    alone = len({field.name for field, _ in rows}) == 1
    labels = [_label(field, value, alone) for field, value in rows]
    says = [_says(value) for _, value in rows]
    narrow = room < _NARROW
    names = [[""] if narrow else wrapped(label, min(0.42 * room, 260), 2) for label in labels]
    left = max((text_width(line) for lines in names for line in lines), default=0) + EDGE + _GAP
    beside = 0 if narrow else max((text_width(say, bold=True) for say in says), default=0)
    plot = max(room - left - EDGE, 120)
    most = max((max(value.share_here, value.share_there) for _, value in rows), default=0) or 1
    longest = most * plot / max(plot - beside - 3 * _GAP, 40)
    ticks = round_shares(longest, plot / _TICK + 1)
    axis = {
        "range": [0, longest],
        "tickvals": ticks,
        "ticktext": [f"{100 * tick:g}{SPACE}%" for tick in ticks],
        "tickangle": 0,
        "showgrid": True,
        "gridcolor": colours.line,
        "ticks": "",
        "domain": [0, 1],
        "anchor": "y3",
        "type": "linear",
    }
    lines = {
        "range": [len(rows) - 0.5, -0.65 if narrow else -0.5],
        "tickvals": list(range(len(rows))),
        "ticktext": [joined(lines) for lines in names],
        "ticklabelstandoff": _GAP,
        "ticks": "",
        "domain": [0, 1],
        "anchor": "x3",
        "type": "linear",
    }
    traces = _traces(rows, other, picks, colours)
    tones = [_tone(value, colours) for _, value in rows]
    bold = [
        f'<b style="color:{tone}">{joined([say])}</b>'
        for say, tone in zip(says, tones, strict=True)
    ]
    if narrow:
        traces["dot 3"]["x"] = [0] * len(rows)
        traces["dot 3"]["y"] = [at - _ABOVE for at in range(len(rows))]
        fit = [
            fitted(label, plot - text_width(say, bold=True) - 2 * _GAP)
            for label, say in zip(labels, says, strict=True)
        ]
        bold = [f"{joined([name])}{SPACE * 2}{say}" for name, say in zip(fit, bold, strict=True)]
    traces["dot 3"]["text"] = bold if narrow else [f"{SPACE * 4}{say}" for say in bold]
    return framed(
        finding,
        remark,
        traces,
        {"xaxis3": axis, "yaxis3": lines},
        height=(_TALL if narrow else _PITCH) * max(len(rows), 1),
        mode=mode,
        width=width,
        left=left,
        below=_AXIS,
    )


def _traces(
    rows: Rows, other: str, picks: Sequence[str], colours: Theme
) -> dict[str, dict[str, Any]]:
    values = [value for _, value in rows]
    tones = [_tone(value, colours) for value in values]
    common: dict[str, Any] = {
        "y": list(range(len(rows))),
        "customdata": list(picks),
        "hovertext": [joined(_hover(field, value, other)) for field, value in rows],
        "hoverinfo": "text",
    }
    ends = [sorted((value.share_here, value.share_there)) for value in values]
    return {
        "row 1": {
            **common,
            "base": [low for low, _ in ends],
            "x": [high - low for low, high in ends],
            "width": [0.12] * len(rows),
            "marker": {"color": tones, "opacity": 0.55},
        },
        "dot 1": {
            **common,
            "x": [value.share_there for value in values],
            "mode": "markers",
            "cliponaxis": False,
            "marker": {
                "symbol": "circle",
                "size": 12,
                "color": colours.ground,
                "line": {"color": colours.ink, "width": 2},
            },
        },
        "dot 2": {
            **common,
            "x": [value.share_here for value in values],
            "mode": "markers",
            "cliponaxis": False,
            "marker": {"symbol": "circle", "size": 13, "color": tones},
        },
        "dot 3": {
            "x": [high for _, high in ends],
            "y": common["y"],
            "mode": "text",
            "textposition": "middle right",
            "textfont": {"size": SMALL, "color": colours.ink},
            "cliponaxis": False,
            "hoverinfo": "skip",
        },
    }


def _tone(value: Value, colours: Theme) -> str:
    if value.chance:
        return colours.muted
    return colours.gain if value.difference > 0 else colours.loss


def _label(field: FieldProfile, value: Value, alone: bool) -> str:
    """The value, after its field where there are several."""
    words = short(value.words, LONGEST)
    return words if alone else f"{short(field.label, LONGEST)}: {words}"


def _says(value: Value) -> str:
    sides = value.sides
    here, there = percent(value.here, sides.here), percent(value.there, sides.there)
    return f"{here} vs {there}"


def _hover(field: FieldProfile, value: Value, other: str) -> list[str]:
    sides = value.sides
    lines = [
        *wrapped(f"{plain(field.label)}: {plain(value.words)}", 300, 6),
        f"The segment: {number(value.here)} of {number(sides.here)}, "
        f"{percent(value.here, sides.here)}",
        *wrapped(
            f"{other[:1].upper()}{other[1:]}: {number(value.there)} of {number(sides.there)}, "
            f"{percent(value.there, sides.there)}",
            300,
            3,
        ),
        f"Index {index_text(value)}",
    ]
    chance = ["The difference may be chance"] if value.chance else []
    return [*lines, *chance, "Click to add it as a row"]
