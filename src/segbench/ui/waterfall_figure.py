"""The waterfall of a segment: what each row takes away or adds, as horizontal bars."""

from __future__ import annotations

from dataclasses import dataclass

import plotly.graph_objects as go

from segbench.audience.explain import Waterfall
from segbench.ui.findings import waterfall_finding
from segbench.ui.heading import heading
from segbench.ui.picks import Pick
from segbench.ui.theme import EDGE, LONGEST, NARROW, SMALL, Mode, Theme, layout, theme
from segbench.ui.wording import (
    SPACE,
    change,
    joined,
    number,
    percent,
    plain,
    short,
    text_width,
    wrapped,
)

_PITCH = 40
_GAP = 8


@dataclass(frozen=True, slots=True)
class _Bar:
    """One line of the figure; `level` is where the count stands after it."""

    label: str
    low: int
    high: int
    level: int
    colour: str
    says: tuple[str, ...]
    hover: tuple[str, ...]
    pick: str


def waterfall_figure(
    waterfall: Waterfall, *, mode: Mode = "light", width: int | None = None
) -> go.Figure:
    """The steps from all contacts (AND) or nobody (OR) to the segment, exact numbers beside.

    Without a `width` the figure fills its pane, and its texts fit 400 pixels. The customdata of
    each row's bar is the `Pick` of its rule.
    """
    colours, room = theme(mode), width or NARROW
    bars = _bars(waterfall, colours)
    remark = "" if bars else "Add or enable a row: this chart then shows what each row does."
    top = heading(waterfall_finding(waterfall, LONGEST), remark, colours, room - 2 * EDGE)
    names = [wrapped(short(bar.label, LONGEST), min(0.38 * room, 240), 2) for bar in bars]
    left = max((text_width(line) for lines in names for line in lines), default=0) + EDGE + _GAP
    beside = max((text_width(line, bold=True) for bar in bars for line in bar.says), default=0)
    plot = max(room - left - EDGE, 120)
    most = max((bar.high for bar in bars), default=0) or 1
    return go.Figure(
        data=[_bar_trace(bars), _links(bars, colours), _numbers(bars, colours)],
        layout=layout(
            colours,
            width=width,
            height=top.height + _PITCH * len(bars) + EDGE,
            annotations=[top.annotation(left)],
            margin={"l": left, "r": EDGE, "t": top.height, "b": EDGE, "pad": 0},
            xaxis={
                "range": [0, most * plot / max(plot - beside - 2 * _GAP, 40)],
                "visible": False,
                "fixedrange": True,
            },
            yaxis={
                "range": [len(bars) - 0.5, -0.5],
                "tickvals": list(range(len(bars))),
                "ticktext": [joined(lines) for lines in names],
                "ticklabelstandoff": _GAP,
                "ticks": "",
                "automargin": False,
                "showgrid": False,
                "zeroline": False,
                "fixedrange": True,
                "visible": bool(bars),
            },
        ),
    )


def _bars(waterfall: Waterfall, colours: Theme) -> list[_Bar]:
    if not waterfall.contacts or not waterfall.steps:
        return []
    everyone, total = waterfall.contacts, waterfall.total
    losing = waterfall.combinator == "and"
    bars, level = [], 0
    if losing:
        level = everyone
        bars.append(_whole("All contacts", everyone, (number(everyone),), colours))
    for step in waterfall.steps:
        low, high = sorted((level, step.left))
        hover = (
            plain(step.label),
            f"{change(step.change)} ({percent(abs(step.change), everyone)} of all contacts)",
            f"{number(step.left)} with this row and those above",
            f"{number(step.alone)} by itself",
        )
        says = (change(step.change), f"{number(step.left)} {'left' if losing else 'so far'}")
        colour = (colours.muted, colours.gain, colours.loss)[(step.change > 0) - (step.change < 0)]
        pick = str(Pick("row", step.path))
        bars.append(_Bar(step.label, low, high, step.left, colour, says, hover, pick))
        level = step.left
    says = (number(total), f"{percent(total, everyone)} of all")
    return [*bars, _whole("Segment", total, says, colours)]


def _whole(label: str, count: int, says: tuple[str, ...], colours: Theme) -> _Bar:
    """A bar from nobody to a count."""
    return _Bar(label, 0, count, count, colours.total, says, (label, *says), "")


def _bar_trace(bars: list[_Bar]) -> go.Bar:
    return go.Bar(
        name="steps",
        orientation="h",
        y=list(range(len(bars))),
        base=[bar.low for bar in bars],
        x=[bar.high - bar.low for bar in bars],
        width=[0.62] * len(bars),
        marker={
            "color": [bar.colour for bar in bars],
            "line": {"color": [bar.colour for bar in bars], "width": 1},
        },
        customdata=[bar.pick for bar in bars],
        hovertext=[joined(_hover(bar.hover)) for bar in bars],
        hoverinfo="text",
    )


def _hover(lines: tuple[str, ...]) -> list[str]:
    """Lines for a hover label, the first of which may be long."""
    return [*wrapped(lines[0], 300, 6), *lines[1:]]


def _links(bars: list[_Bar], colours: Theme) -> go.Scatter:
    """Thin lines from where one step ends to where the next one starts."""
    x: list[int | None] = []
    y: list[float | None] = []
    for at, bar in enumerate(bars[:-1]):
        x += [bar.level, bar.level, None]
        y += [at, at + 1, None]
    return go.Scatter(
        name="links",
        mode="lines",
        x=x,
        y=y,
        line={"color": colours.muted, "width": 1, "dash": "dot"},
        hoverinfo="skip",
    )


def _numbers(bars: list[_Bar], colours: Theme) -> go.Scatter:
    """What each bar says, to the right of it: its number in bold, where that leads in grey."""
    return go.Scatter(
        name="numbers",
        mode="text",
        x=[bar.high for bar in bars],
        y=list(range(len(bars))),
        text=[_says(bar, colours) for bar in bars],
        textposition="middle right",
        textfont={"size": SMALL, "color": colours.ink},
        cliponaxis=False,
        hoverinfo="skip",
    )


def _says(bar: _Bar, colours: Theme) -> str:
    lead = SPACE
    tone = bar.colour if bar.pick else colours.ink
    lines = [f'{lead}<b style="color:{tone}">{joined(bar.says[:1])}</b>']
    lines += [
        f'{lead}<span style="color:{colours.muted}">{joined([t])}</span>' for t in bar.says[1:]
    ]
    return "<br>".join(lines)
