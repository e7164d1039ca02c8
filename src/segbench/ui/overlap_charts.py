"""The two charts of an overlap beside each other, or a note in their place."""

from __future__ import annotations

from collections.abc import Sequence

import ipywidgets as widgets

from segbench.audience.overlap import Overlap, Region
from segbench.audience.region_list import MOST_WITH_EMPTY
from segbench.ui.figures import overlap_figure, show_in
from segbench.ui.note_figure import note_figure
from segbench.ui.overlap_options import View
from segbench.ui.panel import live_figure
from segbench.ui.picks import Pick
from segbench.ui.theme import Mode, theme

SAMPLE = Overlap(("A", "B"), (1, 1), (Region((0, 1), 1),), contacts=1, outside=0)


class OverlapCharts:
    """Two figures that are made once a page; the second is hidden where there is but a note."""

    def __init__(self, mode: Mode, note: str) -> None:
        self.mode = mode
        sample = overlap_figure(SAMPLE, "upset", mode=mode)
        self.figures = [live_figure(note_figure(note, theme(mode)), sample) for _ in range(2)]
        self._panes = [
            widgets.Box([figure], layout=widgets.Layout(min_width="0")) for figure in self.figures
        ]
        for pane in self._panes:
            pane.add_class("sbp-pane")
        wide = widgets.Layout(flex_flow="row wrap", width="100%", grid_gap="16px")
        self.box = widgets.HBox(self._panes, layout=wide)
        self.box.add_class("sbp-charts")
        self._panes[1].layout.display = "none"

    def show(
        self,
        overlap: Overlap,
        view: View,
        colours: Sequence[int],
        picked: Pick | None,
        width: int | None,
    ) -> None:
        """Show the charts of the view; only the first has the list of segments."""
        selected = None if picked is None or picked.kind == "many" else picked.at
        for at, kind in enumerate(view.kinds):
            figure = overlap_figure(
                overlap,
                kind,
                mode=self.mode,
                width=width,
                order=view.order,
                least=view.least,
                how=view.how,
                empty=view.empty and len(overlap.names) <= MOST_WITH_EMPTY,
                none=view.none,
                measure=view.measure,
                colours=colours,
                selected=selected,
                listed=at == 0,
            )
            show_in(self.figures[at], figure)
        self._panes[1].layout.display = ""

    def show_note(self, text: str, width: int | None) -> None:
        """Show a text instead."""
        self._panes[1].layout.display = "none"
        show_in(self.figures[0], note_figure(text, theme(self.mode), width))
