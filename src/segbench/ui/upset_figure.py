"""Any number of segments as UpSet: one row for each region, which segments it is in, its count.

Rows are regions, as in the first UpSet (Lex and others 2014, doi:10.1109/TVCG.2014.2346248), so
that exact counts stay readable at every width.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import plotly.graph_objects as go

from segbench.audience.overlap import Overlap, Region
from segbench.ui.heading import caption
from segbench.ui.overlap_frame import Main, framed
from segbench.ui.overlap_list import FIXED, badges, by_size, region_hover, room, segment_hover
from segbench.ui.picks import Pick
from segbench.ui.theme import SMALL, Theme
from segbench.ui.wording import number, text_width

Order = Literal["size", "degree"]

_PITCH = 24


def upset_figure(
    overlap: Overlap,
    theme: Theme,
    width: int | None,
    selected: tuple[int, ...] | None,
    *,
    order: Order = "size",
    top: int = 30,
    least: int = 1,
) -> go.Figure:
    """The figure for any number of segments: the `top` largest regions of at least `least`."""
    shown = [region for region in overlap.regions if region.count >= least][: max(top, 1)]
    rest = [region for region in overlap.regions if region not in set(shown)]
    if order == "degree":
        shown.sort(key=lambda region: (len(region.inside), -region.count))
    columns = by_size(overlap)
    rows = len(shown) + bool(rest)
    share = min(0.55, max(0.2, len(columns) * 0.06))
    column = share * room(width) / max(len(columns), 1)
    main = Main(
        height=_PITCH * (rows + 1) if rows else 4,
        traces=_traces(overlap, shown, columns, theme, selected, column) if rows else {},
        axes=_axes(shown, rows, share, (1 - share) * room(width), len(columns)),
        shapes=_bands(rows, theme),
        annotations=[_rest(rest, rows - 1, theme)] if rest else [],
        caption="Contacts in exactly these segments:" if rows else "",
        order=columns,
    )
    return framed(overlap, main, theme, width)


def _axes(
    shown: Sequence[Region], rows: int, share: float, bars: float, columns: int
) -> dict[str, dict[str, Any]]:
    most = max((region.count for region in shown), default=1)
    free = bars - text_width(number(most)) - 8
    return {
        "xaxis": {**FIXED, "domain": [0, share], "range": [-0.5, columns - 0.5], "anchor": "y"},
        "xaxis4": {
            **FIXED,
            "domain": [share + 0.02, 1],
            "range": [0, most * bars / max(free, 20)],
            "anchor": "y",
        },
        "yaxis": {**FIXED, "range": [rows - 0.5, -1.5], "anchor": "x"},
    }


def _traces(
    overlap: Overlap,
    shown: Sequence[Region],
    columns: Sequence[int],
    theme: Theme,
    selected: tuple[int, ...] | None,
    column: float,
) -> dict[str, dict[str, Any]]:
    at = {position: column for column, position in enumerate(columns)}
    cells = [(row, p, r) for row, r in enumerate(shown) for p in r.inside]
    holes = [(row, p) for row, r in enumerate(shown) for p in columns if p not in r.inside]
    picks = [str(Pick("region", region.inside)) for region in shown]
    hover = [region_hover(overlap, region.inside, region.count) for region in shown]
    links: dict[str, list[float | None]] = {"x": [], "y": []}
    for row, region in enumerate(shown):
        ends = sorted(at[position] for position in region.inside)
        links["x"] += [ends[0], ends[-1], None]
        links["y"] += [row, row, None]
    return {
        "bars": {
            "y": list(range(len(shown))),
            "x": [region.count for region in shown],
            "width": 0.62,
            "marker": {
                "color": [theme.ink if r.inside == selected else theme.total for r in shown],
                "line": {"width": 0},
            },
            "text": [number(region.count) for region in shown],
            "textposition": "outside",
            "textfont": {"size": SMALL, "color": theme.ink},
            "cliponaxis": False,
            "customdata": picks,
            "hovertext": hover,
            "hoverinfo": "text",
        },
        "links": {
            **links,
            "mode": "lines",
            "line": {"color": theme.muted, "width": 2},
            "hoverinfo": "skip",
        },
        "holes": {
            "mode": "markers",
            "x": [at[position] for _, position in holes],
            "y": [row for row, _ in holes],
            "marker": {"size": min(8.0, column * 0.6), "color": theme.line},
            "cliponaxis": False,
            "customdata": [picks[row] for row, _ in holes],
            "hovertext": [hover[row] for row, _ in holes],
            "hoverinfo": "text",
        },
        "dots": {
            "mode": "markers",
            "x": [at[position] for _, position, _ in cells],
            "y": [row for row, _, _ in cells],
            "marker": {
                "size": min(13.0, column - 1),
                "color": [theme.segment(position) for _, position, _ in cells],
                "line": {
                    "color": theme.ink,
                    "width": [2 if region.inside == selected else 0 for *_, region in cells],
                },
            },
            "cliponaxis": False,
            "customdata": [picks[row] for row, *_ in cells],
            "hovertext": [hover[row] for row, *_ in cells],
            "hoverinfo": "text",
        },
        "heads": {
            "x": [at[position] for position in columns],
            "y": [-1] * len(columns),
            "hovertext": [segment_hover(overlap, position) for position in columns],
            **badges(columns, theme, min(18.0, column)),
        },
    }


def _bands(rows: int, theme: Theme) -> list[dict[str, Any]]:
    """Every second row on a soft ground, so that the eye keeps its line."""
    return [
        {
            "type": "rect",
            "layer": "below",
            "xref": "paper",
            "x0": 0,
            "x1": 1,
            "yref": "y",
            "y0": row - 0.5,
            "y1": row + 0.5,
            "fillcolor": theme.soft,
            "line": {"width": 0},
        }
        for row in range(0, rows, 2)
    ]


def _rest(rest: Sequence[Region], row: int, theme: Theme) -> dict[str, Any]:
    """What is not shown, so that the sums hold."""
    total = sum(region.count for region in rest)
    text = f"{len(rest)} smaller region{'s' * (len(rest) != 1)}: {number(total)} contacts"
    place = {"x": 0, "xref": "paper", "y": row, "yref": "y", "xshift": -1}
    return caption(text, theme, name="rest", **place)
