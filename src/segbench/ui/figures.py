"""The charts, and the one way to show a new one in a widget that is already on the page.

The figures are pure functions of results. A `FigureWidget` is made once, from a complete figure,
and changed by `show_in` alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import plotly.graph_objects as go

from segbench.audience.likeness import Measure
from segbench.audience.overlap import Overlap
from segbench.audience.region_list import How, Order, list_regions
from segbench.ui.heatmap_figure import heatmap_figure
from segbench.ui.segment_colours import coloured
from segbench.ui.theme import Mode, theme
from segbench.ui.upset_figure import upset_figure
from segbench.ui.venn_figure import venn_figure
from segbench.ui.waterfall_figure import waterfall_figure

__all__ = ["Kind", "overlap_figure", "show_in", "waterfall_figure"]

Kind = Literal["auto", "venn", "upset", "heatmap"]


def overlap_figure(
    overlap: Overlap,
    kind: Kind = "auto",
    *,
    mode: Mode = "light",
    width: int | None = None,
    order: Order = "size",
    top: int = 30,
    least: int = 1,
    how: How = "exactly",
    empty: bool = False,
    none: bool = False,
    measure: Measure = "share",
    colours: Sequence[int] = (),
    selected: tuple[int, ...] | None = None,
    listed: bool = True,
) -> go.Figure:
    """How segments overlap: circles for 2 or 3, UpSet for more, or the share of each pair.

    Without a `width` the figure fills its pane, and its texts fit 400 pixels. `order`, `top` (how
    many regions), `least` (contacts in a region), `how`, `empty` and `none` are for UpSet, as in
    `list_regions`; it states what it leaves out. `measure` is for the heat map. `colours` are
    places in the palette, one for each segment. `selected` are the positions of a region's
    segments, in a heat map those of a pair. Without `listed` UpSet and the heat map have no list of
    segments. The marks' customdata are `Pick`s.

    Raises:
        ValueError: circles for more than 3 segments.
        RuleError: empty regions of more than 5 segments.
    """
    many = len(overlap.names)
    if kind == "venn" and many > 3:
        raise ValueError(
            f"Circles show 2 or 3 segments, not {many}; choose kind='upset' or kind='heatmap'."
        )
    if kind == "auto":
        kind = "venn" if many <= 3 else "upset"
    painted = coloured(theme(mode), colours)
    if kind == "venn":
        return venn_figure(overlap, painted, width, selected)
    if kind == "heatmap":
        return heatmap_figure(overlap, painted, width, selected, measure=measure, listed=listed)
    regions = list_regions(overlap, how, order=order, least=least, top=top, empty=empty, none=none)
    return upset_figure(overlap, regions, painted, width, selected, order=order, listed=listed)


def show_in(widget: go.FigureWidget, figure: go.Figure) -> tuple[Any, ...]:
    """Makes a widget show a figure, in one message, and returns the traces that had to be added.

    The widget's traces stay, with their callbacks: each is matched in order by type, and hidden
    when the figure has no use for it. Figures from the same function match completely; only others
    need new traces, which are a second message and have no callbacks yet. Axes stay too, hidden,
    since plotly.js draws those of hidden traces.
    """
    spare = list(widget.data)
    added = []
    with widget.batch_update():
        for wanted in figure.data:
            place = next((at for at, old in enumerate(spare) if old.type == wanted.type), None)
            if place is None:
                added.append(wanted)
            else:
                old = spare.pop(place)
                _assign(old, old.to_plotly_json(), wanted.to_plotly_json(), deep=True)
        for old in spare:
            if old.visible is not False:
                old.visible = False
        before = widget.layout.to_plotly_json()
        kept = {name: {**axis, "visible": False} for name, axis in before.items() if "axis" in name}
        _assign(widget.layout, before, kept | figure.layout.to_plotly_json(), deep=False)
    if not added:
        return ()
    widget.add_traces(added)
    return tuple(widget.data[-len(added) :])


def _assign(target: Any, old: Mapping[str, Any], new: Mapping[str, Any], *, deep: bool) -> None:
    """Sets what differs, deep down; unsets what is no longer there.

    With `deep`, parts that only one side has are set leaf by leaf too: plotly.js refuses a message
    that sets `marker` for one trace and `marker.color` for another.
    """
    for key in [*new, *(key for key in old if key not in new)]:
        before, after = old.get(key), new.get(key)
        if key in ("type", "uid") or _same(before, after):
            continue
        parts = [isinstance(side, Mapping) for side in (before, after)]
        if all(parts) or (deep and any(parts)):
            _assign(target[key], before or {}, after or {}, deep=deep)
        else:
            target[key] = after


def _same(before: Any, after: Any) -> bool:
    if type(before) is not type(after):
        return False
    if hasattr(before, "tolist"):
        return bool(before.tolist() == after.tolist())
    return bool(before == after)
