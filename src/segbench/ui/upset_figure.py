"""Any number of segments as UpSet: one row for each region, which segments it is in, its count.

Rows are regions, as in the first UpSet (Lex and others 2014, doi:10.1109/TVCG.2014.2346248), so
that exact counts stay readable at every width.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from segbench.audience.overlap import Overlap
from segbench.audience.region_list import Line, Order, RegionList
from segbench.ui.chance import surplus
from segbench.ui.findings import regions_finding
from segbench.ui.heading import caption
from segbench.ui.overlap_frame import Main, framed, longest_name
from segbench.ui.overlap_list import FIXED, badges, by_size, region_hover, room, segment_hover
from segbench.ui.picks import Kind, Pick
from segbench.ui.theme import SMALL, Theme
from segbench.ui.wording import number, text_width

_PITCH = 24
_CAPTIONS = {
    "exactly": "Contacts in exactly these segments:",
    "all": "Contacts in all of these, whatever else they are in:",
}
_NOTE = "▾ marks what chance alone would give, were the segments independent."


def upset_figure(
    overlap: Overlap,
    regions: RegionList,
    theme: Theme,
    width: int | None,
    selected: tuple[int, ...] | None,
    *,
    order: Order = "size",
    listed: bool = True,
) -> go.Figure:
    """The figure for any number of segments; `order` is that of the regions' list."""
    shown, columns = regions.lines, by_size(overlap)
    rows = len(shown) + bool(regions.rest)
    share = min(0.55, max(0.2, len(columns) * 0.06))
    bars = (1 - share) * room(width)
    column = share * room(width) / max(len(columns), 1)
    view = _View(overlap, regions, columns, theme, selected, column, order)
    main = Main(
        height=_PITCH * (rows + 1) if rows else 4,
        traces=view.traces() if rows else {},
        axes=_axes(view, rows, share, bars),
        shapes=_bands(rows, theme),
        annotations=[_rest(regions, rows - 1, theme)] if regions.rest else [],
        caption=_CAPTIONS[regions.how] if rows else "",
        note=_NOTE if len(columns) > 1 and shown else "",
        order=columns,
        finding=regions_finding(overlap, regions, order, longest_name(room(width))),
        listed=listed,
    )
    return framed(overlap, main, theme, width)


def _axes(view: _View, rows: int, share: float, bars: float) -> dict[str, dict[str, Any]]:
    lines = view.regions.lines
    most = max((max(line.count, line.expected) for line in lines), default=0) or 1
    free = bars - max((text_width(view.says(line)) for line in lines), default=0) - 8
    return {
        "xaxis": {
            **FIXED,
            "domain": [0, share],
            "range": [-0.5, len(view.columns) - 0.5],
            "anchor": "y",
        },
        "xaxis4": {
            **FIXED,
            "domain": [share + 0.02, 1],
            "range": [0, most * bars / max(free, 20)],
            "anchor": "y",
        },
        "yaxis": {**FIXED, "range": [rows - 0.5, -1.5], "anchor": "x"},
    }


@dataclass(frozen=True)
class _View:
    """What is drawn; `columns` are the segments from left to right, `column` pixels each."""

    overlap: Overlap
    regions: RegionList
    columns: Sequence[int]
    theme: Theme
    selected: tuple[int, ...] | None
    column: float
    order: Order

    def says(self, line: Line) -> str:
        """The text beside a bar."""
        more = f" ({surplus(line.deviation)})" if self.order == "deviation" else ""
        return number(line.count) + more

    def traces(self) -> dict[str, dict[str, Any]]:
        """The bars, the marks of chance, the dots of the matrix and its heads."""
        lines, theme = self.regions.lines, self.theme
        kind: Kind = "region" if self.regions.how == "exactly" else "all"
        picks = [str(Pick(kind if line.inside else "region", line.inside)) for line in lines]
        hover = [region_hover(self.overlap, r.inside, r.count, self.regions.how) for r in lines]
        return {
            "bars": {
                "y": list(range(len(lines))),
                "x": [line.count for line in lines],
                "width": 0.62,
                "marker": {
                    "color": [theme.ink if self._is_picked(r) else theme.total for r in lines],
                    "line": {"width": 0},
                },
                "text": [self.says(line) for line in lines],
                "textposition": "outside",
                "textfont": {"size": SMALL, "color": theme.ink},
                "cliponaxis": False,
                "customdata": picks,
                "hovertext": hover,
                "hoverinfo": "text",
            },
            "chance": self._chance(),
            "links": self._links(),
            "holes": self._dots(picks, hover, hollow=True),
            "dots": self._dots(picks, hover, hollow=False),
            "heads": {
                "x": list(range(len(self.columns))),
                "y": [-1] * len(self.columns),
                "hovertext": [segment_hover(self.overlap, at) for at in self.columns],
                **badges(self.columns, theme, min(18.0, self.column)),
            },
        }

    def _is_picked(self, line: Line) -> bool:
        return line.inside == self.selected

    def _chance(self) -> dict[str, Any]:
        lines = self.regions.lines if len(self.columns) > 1 else ()
        return {
            "mode": "markers",
            "x": [line.expected for line in lines],
            "y": [row - 0.36 for row in range(len(lines))],
            "marker": {
                "symbol": "triangle-down",
                "size": 7,
                "color": self.theme.ink,
                "line": {"width": 1, "color": self.theme.ground},
            },
            "cliponaxis": False,
            "hoverinfo": "skip",
        }

    def _links(self) -> dict[str, Any]:
        """A line in each row from its first to its last segment."""
        links: dict[str, list[float | None]] = {"x": [], "y": []}
        for row, line in enumerate(self.regions.lines):
            ends = [at for at, position in enumerate(self.columns) if position in line.inside]
            if ends:
                links["x"] += [ends[0], ends[-1], None]
                links["y"] += [row, row, None]
        return {
            **links,
            "mode": "lines",
            "line": {"color": self.theme.muted, "width": 2},
            "hoverinfo": "skip",
        }

    def _dots(self, picks: Sequence[str], hover: Sequence[str], *, hollow: bool) -> dict[str, Any]:
        """The segments that a row's contacts are in, or those that they are not in."""
        cells = [
            (row, at, position)
            for row, line in enumerate(self.regions.lines)
            for at, position in enumerate(self.columns)
            if (position in line.inside) is not hollow
        ]
        if hollow:
            marker: dict[str, Any] = {"size": min(8.0, self.column * 0.6), "color": self.theme.line}
        else:
            wide = [2 if self._is_picked(self.regions.lines[row]) else 0 for row, *_ in cells]
            marker = {
                "size": min(13.0, self.column - 1),
                "color": [self.theme.segment(position) for *_, position in cells],
                "line": {"color": self.theme.ink, "width": wide},
            }
        return {
            "mode": "markers",
            "x": [at for _, at, _ in cells],
            "y": [row for row, *_ in cells],
            "marker": marker,
            "cliponaxis": False,
            "customdata": [picks[row] for row, *_ in cells],
            "hovertext": [hover[row] for row, *_ in cells],
            "hoverinfo": "text",
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


def _rest(regions: RegionList, row: int, theme: Theme) -> dict[str, Any]:
    """What is not shown, so that the sums hold."""
    plural = "s" * (regions.rest != 1)
    text = f"{regions.rest} smaller region{plural}: {number(regions.rest_count)} contacts"
    place = {"x": 0, "xref": "paper", "y": row, "yref": "y", "xshift": -1}
    return caption(text, theme, name="rest", **place)
