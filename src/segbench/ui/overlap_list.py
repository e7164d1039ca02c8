"""The list of segments at the top of each overlap chart, and what all its marks look like."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from segbench.audience.overlap import Overlap
from segbench.audience.region_list import How, expected
from segbench.ui.chance import rounded, times
from segbench.ui.picks import Pick
from segbench.ui.theme import EDGE, NARROW, SMALL, Theme, letter
from segbench.ui.wording import contacts, joined, number, percent, plain, text_width, wrapped

NAMES = 0.46
"""The share of the width that the names of the segments take."""
FIXED: Final[dict[str, Any]] = {"visible": False, "fixedrange": True}


def room(width: int | None) -> float:
    """The pixels between the left and the right edge of the content."""
    return (width or NARROW) - 2 * EDGE


def by_size(overlap: Overlap) -> list[int]:
    """The segments' positions, largest first."""
    return sorted(range(len(overlap.names)), key=lambda at: (-overlap.sizes[at], at))


def badges(positions: Sequence[int], theme: Theme, size: float = 20) -> dict[str, Any]:
    """How a scatter trace shows the letters of segments: on their colours where that fits."""
    fills = [theme.segment(at) for at in positions]
    texts = [theme.on(fill) for fill in fills] if size >= 16 else [theme.ink] * len(fills)
    return {
        "mode": "markers+text",
        "text": [letter(at) for at in positions],
        "textposition": "middle center",
        "textfont": {"size": min(11.0, max(size, 8.0)), "color": texts},
        "marker": {
            "size": size,
            "opacity": 1 if size >= 16 else 0,
            "color": fills,
            "line": {"color": theme.ground, "width": 1.5},
        },
        "customdata": [str(Pick("segment", (at,))) for at in positions],
        "cliponaxis": False,
        "hoverinfo": "text",
    }


def region_hover(overlap: Overlap, inside: Sequence[int], count: int, how: How = "exactly") -> str:
    """What a region says when it is pointed at: count, share of each segment and of all."""
    names = " ∩ ".join(plain(overlap.names[at]) for at in inside) or "In none of them"
    words = "in exactly these" if how == "exactly" else "in all of these, whatever else"
    said = f"{number(count)} {words}" if inside else contacts(count)
    lines = [*wrapped(names, 300, 8), said]
    for at in inside:
        whole = overlap.sizes[at]
        lines.append(f"{percent(count, whole)} of {letter(at)} ({number(whole)})")
    lines.append(f"{percent(count, overlap.contacts)} of all {number(overlap.contacts)}")
    by_chance = expected(overlap, inside, how)
    if len(overlap.names) > 1 and by_chance:
        lines.append(f"{times(count / by_chance)} as many as by chance ({rounded(by_chance)})")
    return joined(lines)


def segment_hover(overlap: Overlap, at: int) -> str:
    """What a segment says when it is pointed at."""
    size = overlap.sizes[at]
    share = f"{percent(size, overlap.contacts)} of all {number(overlap.contacts)}"
    return joined([*wrapped(overlap.names[at], 300, 8), contacts(size), share])


def list_axes(
    overlap: Overlap, space: float, bottom: float, pitch: float
) -> dict[str, dict[str, Any]]:
    """Axes 2 hold the badges and names, axes 3 the bars beside them."""
    most = max(overlap.sizes, default=0)
    bars = (1 - NAMES) * space
    free = bars - text_width(number(most)) - 8
    return {
        "xaxis2": {
            **FIXED,
            "domain": [0, NAMES],
            "range": [-11 / pitch, 1],
            "anchor": "y2",
            "scaleanchor": "y2",
            "constrain": "range",
            "constraintoward": "left",
        },
        "xaxis3": {
            **FIXED,
            "domain": [NAMES, 1],
            "range": [0, (most or 1) * bars / max(free, 20)],
            "anchor": "y2",
        },
        "yaxis2": {
            **FIXED,
            "domain": [bottom, 1],
            "range": [len(overlap.names) - 0.5, -0.5],
            "anchor": "x2",
        },
    }


def list_names(names: Sequence[Sequence[str]]) -> list[dict[str, Any]]:
    """The names beside the badges, in their rows, as annotations."""
    return [
        {
            "name": "segment",
            "text": joined(lines),
            "align": "left",
            "showarrow": False,
            "x": 0,
            "xref": "x2",
            "xanchor": "left",
            "xshift": 14,
            "y": row,
            "yref": "y2",
            "yanchor": "middle",
        }
        for row, lines in enumerate(names)
    ]


def list_traces(overlap: Overlap, order: Sequence[int], theme: Theme) -> dict[str, dict[str, Any]]:
    """The badges of the segments and the bars of their sizes, in an order of rows."""
    rows = list(range(len(order)))
    hover = [segment_hover(overlap, at) for at in order]
    return {
        "sizes": {
            "y": rows,
            "x": [overlap.sizes[at] for at in order],
            "width": 13 / 24,
            "marker": {"color": [theme.segment(at) for at in order], "line": {"width": 0}},
            "text": [number(overlap.sizes[at]) for at in order],
            "textposition": "outside",
            "textfont": {"size": SMALL, "color": theme.ink},
            "cliponaxis": False,
            "customdata": [str(Pick("segment", (at,))) for at in order],
            "hovertext": hover,
            "hoverinfo": "text",
        },
        "segments": {
            "x": [0] * len(order),
            "y": rows,
            "hovertext": hover,
            **badges(order, theme),
        },
    }
