"""What the overlap charts show of a result: which kind, which regions, which measure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import ipywidgets as widgets

from segbench.audience.likeness import Measure
from segbench.audience.overlap import Overlap
from segbench.audience.region_list import MOST_WITH_EMPTY, How, Order, RegionList, list_regions
from segbench.ui.figures import Kind
from segbench.ui.panel import labelled, row

KINDS: dict[str, Kind] = {
    "Automatic": "auto",
    "Venn": "venn",
    "UpSet": "upset",
    "Heat map": "heatmap",
}
NAMES = {kind: name for name, kind in KINDS.items()}
ORDERS: tuple[tuple[str, Order], ...] = (
    ("Size", "size"),
    ("Number of segments", "degree"),
    ("Difference from chance", "deviation"),
)
HOWS: tuple[tuple[str, How], ...] = (
    ("In exactly these", "exactly"),
    ("In all of these, whatever else", "all"),
)
MEASURES: tuple[tuple[str, Measure], ...] = (
    ("Share of the row's segment", "share"),
    ("Jaccard", "jaccard"),
    ("Lift", "lift"),
    ("Contacts", "count"),
)
BESIDE: dict[Kind, Kind] = {"venn": "upset", "upset": "heatmap", "heatmap": "upset"}
"""The second chart beside each one."""


@dataclass(frozen=True, slots=True)
class View:
    """What is chosen; `kind` is never `auto`."""

    kind: Kind
    order: Order
    how: How
    least: int
    empty: bool
    none: bool
    measure: Measure

    @property
    def kinds(self) -> tuple[Kind, Kind]:
        """The chart and the one beside it."""
        return self.kind, BESIDE[self.kind]

    def regions(self, overlap: Overlap) -> RegionList:
        """The regions that are shown, as UpSet and the table have them."""
        return list_regions(
            overlap,
            self.how,
            order=self.order,
            least=self.least,
            empty=self.empty and len(overlap.names) <= MOST_WITH_EMPTY,
            none=self.none,
        )


class OverlapOptions:
    """The controls over the charts; `changed` is told when one of them is."""

    def __init__(self, changed: Callable[[], None]) -> None:
        self.kind = widgets.ToggleButtons(options=list(KINDS), style={"button_width": "auto"})
        self.order = widgets.Dropdown(options=ORDERS, description="Sort by")
        self.how = widgets.Dropdown(options=HOWS, description="Count contacts")
        self.least = widgets.IntSlider(
            value=1, min=1, max=1, description="At least", continuous_update=False
        )
        self.empty = widgets.Checkbox(description="Show empty ones", indent=False)
        self.none = widgets.Checkbox(description="Show “in none”", indent=False)
        self.measure = widgets.Dropdown(options=MEASURES, description="Shade by")
        for each in (self.order, self.how, self.measure):
            each.layout.width = "auto"
        self.least.layout.width = "260px"
        for each in (self.empty, self.none):
            each.layout.width = "auto"
        self.heatmap = row(_label("Heat map"), self.measure)
        upset = (self.order, self.how, self.least, self.empty, self.none)
        self.box = widgets.VBox([labelled("Chart", self.kind)])
        self.more = widgets.VBox([row(_label("UpSet"), *upset), self.heatmap])
        for line in self.more.children:
            line.add_class("sbp-options")
        for control in (self.kind, *upset, self.measure):
            control.observe(lambda _: changed(), "value")

    def view(self, many: int) -> View:
        """What is chosen, for so many segments."""
        kind = KINDS[self.kind.value]
        if kind == "auto":
            kind = "venn" if many <= 3 else "upset"
        return View(
            kind,
            self.order.value,
            self.how.value,
            self.least.value,
            self.empty.value,
            self.none.value,
            self.measure.value,
        )

    def hide(self) -> None:
        """Show only what chooses a chart."""
        self.more.layout.display = "none"

    def fit(self, overlap: Overlap, view: View) -> None:
        """Let the slider reach the largest region; switch off what these segments cannot show."""
        largest = max((region.count for region in overlap.regions), default=1)
        if self.least.max != largest:
            self.least.max = largest
        too_many = len(overlap.names) > MOST_WITH_EMPTY
        self.empty.disabled = too_many
        self.empty.tooltip = (
            f"Empty ones are listed of up to {MOST_WITH_EMPTY} segments" if too_many else ""
        )
        self.more.layout.display = ""
        self.heatmap.layout.display = "" if "heatmap" in view.kinds else "none"


def _label(text: str) -> widgets.HTML:
    return widgets.HTML(f'<span class="sbp-label">{text}</span>')
