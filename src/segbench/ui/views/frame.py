"""What the charts of all views share, so that one chart can turn into another in one message.

Every figure has the same traces in the same order (`TRACES`), those it does not need being hidden.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import plotly.graph_objects as go

from segbench.ui.heading import heading
from segbench.ui.theme import EDGE, NARROW, Mode, layout, theme

_LINE = {"type": "scatter"}
_BAR = {"type": "bar", "xaxis": "x2", "yaxis": "y2"}
_ROW = {"type": "bar", "orientation": "h", "xaxis": "x3", "yaxis": "y3"}
_DOT = {"type": "scatter", "xaxis": "x3", "yaxis": "y3"}
TRACES: Final[dict[str, dict[str, str]]] = {
    **{f"row {at}": _ROW for at in range(1, 4)},
    **{f"bar {at}": _BAR for at in range(1, 7)},
    **{f"line {at}": _LINE for at in range(1, 8)},
    **{f"dot {at}": _DOT for at in range(1, 4)},
}
"""Name and what never changes, back to front: horizontal bars, upright bars, lines, dots.

plotly.js resets the axes of a trace whose type, orientation or axes are changed later. Lines are on
`x` and `y`, upright bars on `x2` and `y2`, rows and dots on `x3` and `y3`.
"""
AXES: Final = ("xaxis", "yaxis", "xaxis2", "yaxis2", "xaxis3", "yaxis3")
_FIXED: Final = {"fixedrange": True, "automargin": False, "showgrid": False, "zeroline": False}
_UNUSED: Final = {**_FIXED, "visible": False, "domain": [0.999, 1]}


def framed(
    finding: str,
    remark: str,
    traces: Mapping[str, Mapping[str, Any]],
    axes: Mapping[str, Mapping[str, Any]],
    *,
    height: int,
    mode: Mode = "light",
    width: int | None = None,
    left: float = EDGE,
    right: float = EDGE,
    below: float = EDGE,
    annotations: Sequence[Mapping[str, Any]] = (),
    shapes: Sequence[Mapping[str, Any]] = (),
    **more: Any,
) -> go.Figure:
    """A figure under its finding: `height` pixels of picture, with so many around it.

    `traces` are by the names in `TRACES`, `axes` by those in `AXES`; those that are not named are
    hidden. `finding` and `remark` are plain texts; texts in traces must be safe for plotly.
    """
    unknown = sorted({*traces} - {*TRACES} | ({*axes} - {*AXES}))
    if unknown:
        raise ValueError(f"There is no {unknown[0]!r} in the frame of the views.")
    colours = theme(mode)
    head = heading(finding, remark, colours, (width or NARROW) - 2 * EDGE)
    return go.Figure(
        data=[_trace(name, traces.get(name)) for name in TRACES],
        layout=layout(
            colours,
            width=width,
            height=round(head.height + height + below),
            margin={"l": left, "r": right, "t": head.height, "b": below, "pad": 0},
            annotations=[head.annotation(left), *annotations],
            shapes=list(shapes),
            **{name: _axis(axes.get(name)) for name in AXES},
            **more,
        ),
    )


def sample() -> go.Figure:
    """A figure that has every trace, for the widget that shows all others."""
    line = {"x": [0], "y": [0]}
    axes = {name: {"domain": [0, 1]} for name in AXES}
    return framed("", "", dict.fromkeys(TRACES, line), axes, height=100)


def _trace(name: str, props: Mapping[str, Any] | None) -> dict[str, Any]:
    return {"name": name, **TRACES[name], "visible": props is not None, **(props or {})}


def _axis(props: Mapping[str, Any] | None) -> dict[str, Any]:
    return dict(_UNUSED) if props is None else {**_FIXED, **props}
