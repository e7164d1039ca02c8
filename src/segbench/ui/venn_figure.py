"""Two or three segments as circles: areas as near to the counts as circles allow, numbers exact."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from segbench.audience.overlap import Overlap
from segbench.ui.circles import Circle
from segbench.ui.overlap_frame import Main, framed
from segbench.ui.overlap_list import FIXED, badges, region_hover, room, segment_hover
from segbench.ui.picks import Pick
from segbench.ui.theme import SMALL, Theme, faded
from segbench.ui.venn_labels import BADGE, Label, View
from segbench.ui.venn_layout import Diagram, Inside, diagram


def venn_figure(
    overlap: Overlap, theme: Theme, width: int | None, selected: Inside | None
) -> go.Figure:
    """The figure for 2 or 3 segments."""
    counts = {region.inside: region.count for region in overlap.regions}
    drawn = diagram(overlap.sizes, counts)
    if not drawn.circles:
        return framed(overlap, Main(BADGE, {}, _axes((0, 0, 1, 1))), theme, width)
    view = View(overlap, drawn, room(width))
    shapes = []
    for at, circle in drawn.circles.items():
        twin = any(drawn.circles[a] == circle for a in drawn.circles if a < at)
        shapes.append(_circle(circle, theme.segment(at), twin, theme))
    shapes += [_outline(drawn, inside, inside == selected, theme) for inside in drawn.areas]
    traces = {
        "marks": _marks(overlap, view.labels, theme),
        "links": _links(view.labels, theme),
        "heads": _heads(overlap, view.heads, theme),
    }
    main = Main(view.height, traces, _axes(view.box), shapes=shapes, note=_note(drawn, view.labels))
    return framed(overlap, main, theme, width)


def _axes(box: tuple[float, float, float, float]) -> dict[str, dict[str, Any]]:
    left, bottom, right, top = box
    return {
        "xaxis": {**FIXED, "range": [left, right], "anchor": "y", "constrain": "domain"},
        "yaxis": {
            **FIXED,
            "range": [bottom, top],
            "anchor": "x",
            "constrain": "domain",
            "scaleanchor": "x",
            "scaleratio": 1,
        },
    }


def _circle(circle: Circle, colour: str, twin: bool, theme: Theme) -> dict[str, Any]:
    return {
        "type": "circle",
        "xref": "x",
        "yref": "y",
        "x0": circle.x - circle.radius,
        "x1": circle.x + circle.radius,
        "y0": circle.y - circle.radius,
        "y1": circle.y + circle.radius,
        "fillcolor": "rgba(0,0,0,0)" if twin else faded(colour, theme.glass),
        "layer": "below",
        "line": {"color": colour, "width": 2, "dash": "dash" if twin else "solid"},
    }


def _outline(drawn: Diagram, inside: Inside, selected: bool, theme: Theme) -> dict[str, Any]:
    """The edge of a region; unless it is selected the page shows it only while it is pointed at."""
    curves = drawn.outline(inside)
    path = " ".join(
        "M" + " L".join(f"{x:.5f},{y:.5f}" for x, y in curve) + " Z" for curve in curves
    )
    return {
        "name": str(Pick("region", inside)),
        "type": "path",
        "xref": "x",
        "yref": "y",
        "path": path,
        "layer": "below",
        "line": {"color": theme.ink if selected else "rgba(0,0,0,0)", "width": 4},
    }


def _marks(overlap: Overlap, labels: Sequence[Label], theme: Theme) -> dict[str, Any]:
    """The counts; the transparent marks behind them can be pointed at and clicked."""
    return {
        "mode": "markers+text",
        "x": [label.x for label in labels],
        "y": [label.y for label in labels],
        "text": [f"<b>{label.text}</b>" if label.count else label.text for label in labels],
        "textposition": "middle center",
        "textfont": {"size": SMALL, "color": theme.ink},
        "marker": {
            "size": [max(24.0, 1.8 * label.reach) for label in labels],
            "color": "rgba(0,0,0,0)",
            "line": {"width": 0},
        },
        "customdata": [str(Pick("region", label.inside)) for label in labels],
        "cliponaxis": False,
        "hovertext": [region_hover(overlap, label.inside, label.count) for label in labels],
        "hoverinfo": "text",
    }


def _links(labels: Sequence[Label], theme: Theme) -> dict[str, Any]:
    """Lines from the labels beside the circles to a dot in their regions."""
    x: list[float | None] = []
    y: list[float | None] = []
    for label in labels:
        if label.spot:
            inward = 1 if label.spot[0] > label.x else -1
            x += [label.x + inward * label.edge, label.spot[0], None]
            y += [label.y, label.spot[1], None]
    return {
        "mode": "lines+markers",
        "x": x,
        "y": y,
        "line": {"color": theme.ink, "width": 1},
        "marker": {"size": [0, 5, 0] * (len(x) // 3), "color": theme.ink},
        "hoverinfo": "skip",
    }


def _heads(
    overlap: Overlap, places: dict[int, tuple[float, float]], theme: Theme
) -> dict[str, Any]:
    return {
        "x": [x for x, _ in places.values()],
        "y": [y for _, y in places.values()],
        "hovertext": [segment_hover(overlap, at) for at in places],
        **badges(list(places), theme, BADGE),
    }


def _note(drawn: Diagram, labels: Sequence[Label]) -> str:
    if drawn.error < 0.0005:
        note = "Areas are to scale, numbers are exact."
    else:
        off = math.ceil(1000 * drawn.error) / 10
        text = f"{off:.1f}" if off < 3 else f"{math.ceil(off)}"
        note = f"Areas are approximate: at most {text} % of the whole off. Numbers are exact."
        if drawn.error > 0.1:
            note += " UpSet shows these sizes to scale."
    if any(inside for inside in labels if inside.spot is None and ":" in inside.text):
        note += " Counts with letters have no area in this drawing."
    return note
