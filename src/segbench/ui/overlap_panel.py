"""The panel that compares saved segments, and the one on screen, in charts that go together."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import ipywidgets as widgets

from segbench.audience.overlap import MOST_SEGMENTS, Overlap
from segbench.errors import SegbenchError
from segbench.lake.snapshot import Interrupted
from segbench.ui.chart_links import ChartLinks
from segbench.ui.overlap_acts import OverlapActs, compared, segment_rules
from segbench.ui.overlap_charts import OverlapCharts
from segbench.ui.overlap_choices import Key, SegmentChoices
from segbench.ui.overlap_options import NAMES, OverlapOptions, View
from segbench.ui.overlap_tables import overlap_tables
from segbench.ui.panel import Message, card, guarded, labelled, mark_new, mark_stale
from segbench.ui.partition_part import PartitionPart
from segbench.ui.picks import Pick
from segbench.ui.region_part import RegionPart
from segbench.ui.region_words import part_count, part_name, part_rules
from segbench.ui.session import Session
from segbench.ui.similar_part import SimilarPart
from segbench.ui.state import State
from segbench.ui.theme import Mode, theme
from segbench.ui.venn_layout import prepare, prepared

CHOOSE = "Choose two or more segments to compare."
PREPARING = "Preparing the chart …"


@dataclass(frozen=True, slots=True)
class _Wanted:
    """All that a drawing depends on, but for the data."""

    keys: tuple[Key, ...]
    colours: tuple[int, ...]
    view: View
    picked: Pick | None
    base: str
    pane: int | None
    revision: int | None
    similar: bool


def _nowhere(_name: str) -> None:
    """For whom a proposed name is of no use."""


class OverlapPanel:
    """Chosen segments and how they overlap; follows every change of any of them.

    It asks and draws on a thread of its own: the builder never waits for it, and there is never
    more than one drawing. `propose` gets the name of a segment that was made here.
    """

    def __init__(
        self, session: Session, mode: Mode, propose: Callable[[str], None] = _nowhere
    ) -> None:
        self.session = session
        self.message = Message()
        self.choices = SegmentChoices(theme(mode), self._choose)
        self.options = OverlapOptions(self.draw)
        self.charts = OverlapCharts(mode, CHOOSE)
        self.partition = PartitionPart(self.draw)
        self.acts = OverlapActs(
            session, self.message, self.choices, self.partition, propose, self.draw
        )
        self.links = ChartLinks(
            guarded(self.message, self.acts.act), guarded(self.message, self._size)
        )
        self.region = RegionPart(
            self.acts.make_picked, lambda: self.acts.select(None), self.message
        )
        self.similar = SimilarPart(self.draw, self.message)
        self.table = widgets.HTML()
        self.pane: int | None = None
        self._shown: _Wanted | None = None
        self._found: Overlap | None = None
        self._before: Overlap | None = None
        self._drawer = ThreadPoolExecutor(1, thread_name_prefix="segbench-overlap")
        self.box = self._card()
        session.listen(self.follow)
        # The layout of circles takes seconds to import; a page should not wait for it.
        self._drawer.submit(prepare)
        self.refresh()

    def _card(self) -> widgets.VBox:
        side = widgets.VBox(
            [labelled("Compare", self.choices.box), self.similar.box],
            layout=widgets.Layout(flex="1 1 260px", min_width="0"),
        )
        options, charts = self.options, self.charts.box
        main = widgets.VBox(
            [options.box, options.more, charts, self.region.box, self.table, self.partition.box],
            layout=widgets.Layout(flex="4 1 420px", min_width="0"),
        )
        wide = widgets.Layout(flex_flow="row wrap", width="100%", grid_gap="16px")
        box = card("Overlap", [self.links, widgets.HBox([side, main], layout=wide), self.message])
        box.add_class("sbp-linked")
        return box

    @property
    def mode(self) -> Mode:
        """Whether the charts are for a light or a dark page."""
        return self.charts.mode

    @mode.setter
    def mode(self, mode: Mode) -> None:
        self.charts.mode = mode
        self.choices.theme = theme(mode)
        self.choices.mark()

    def refresh(self) -> None:
        """Read the saved segments anew and draw; the chosen ones stay chosen, renamed ones too."""
        library = self.session.workbench.library
        names = [saved.segment.name for saved in library.segments()]
        self.choices.offer(
            names, lambda name: [version.segment.name for version in library.lineage(name)]
        )
        self.partition.offer(names)
        self._found = None
        self.redraw()

    def redraw(self) -> None:
        """Compare what is chosen anew, as after the data changed; mark the card if it did."""
        self._before, self._shown = self._found, None
        self.draw()

    def follow(self, state: State) -> None:
        """Draw again when the segment on screen has new numbers; mark the chart until then."""
        if None in self.choices.chosen() or self.similar.wanted:
            mark_stale(self.box, state)
            if state.status != "updating":
                self.draw()

    def draw(self) -> None:
        """Compare what is chosen and show the charts and tables, soon."""
        if len(self.choices.chosen()) > 1 and not prepared():
            self.message.say(PREPARING)
        self._drawer.submit(guarded(self.message, self._draw))

    def wait(self) -> None:
        """Return once everything is drawn; for scripts and tests."""
        self._drawer.submit(lambda: None).result()

    def close(self) -> None:
        """Stop drawing."""
        self._drawer.shutdown(wait=False, cancel_futures=True)

    def _choose(self) -> None:
        # Positions mean other segments now.
        self.acts.picked = None
        self.draw()

    def _size(self, width: int) -> None:
        self.pane = width
        self.draw()

    def _draw(self) -> None:
        state = self.session.state
        wanted = self._wanted(state)
        if wanted == self._shown:
            return
        self._shown = None
        while True:
            try:
                self._show(wanted, state)
                self.session.steadily(lambda: self.similar.show(self.session.workbench, state))
                break
            except Interrupted:
                # A newer edit stopped the queries under way; these are still wanted.
                continue
        self._shown = wanted

    def _wanted(self, state: State) -> _Wanted:
        chosen = self.choices.chosen()
        follows = None in chosen or self.similar.wanted
        return _Wanted(
            keys=tuple(chosen),
            colours=tuple(chosen.values()),
            view=self.options.view(len(chosen)),
            picked=self.acts.picked,
            base=str(self.partition.base.value),
            pane=self.pane,
            revision=state.answer.revision if state.answer and follows else None,
            similar=self.similar.wanted,
        )

    def _show(self, wanted: _Wanted, state: State) -> None:
        before, self._before, self._found = self._before, None, None
        many = len(wanted.keys)
        if many < 2:
            return self._show_note(CHOOSE)
        if many > MOST_SEGMENTS:
            return self._show_note(f"Choose at most {MOST_SEGMENTS} segments.")
        if wanted.view.kind == "venn" and many > 3:
            return self._show_note("A Venn diagram shows 2 or 3 segments; UpSet shows more.")
        try:
            found = self.session.steadily(lambda: self._compare(wanted, state))
        except SegbenchError as error:
            return self._show_note(str(error))
        if before is not None and before.names == found.names and before != found:
            mark_new(self.box)
        self._found = found

    def _compare(self, wanted: _Wanted, state: State) -> Overlap:
        workbench, view = self.session.workbench, wanted.view
        segments = compared(wanted.keys, state)
        found = workbench.overlap(segments)
        self.acts.drawn = wanted.keys
        self.options.fit(found, view)
        self.charts.show(found, view, wanted.colours, wanted.picked, self.pane)
        charts = [NAMES[kind] for kind in view.kinds]
        self.table.value = overlap_tables(found, view.regions(found), charts)
        self.links.picked = str(wanted.picked or "")
        if wanted.picked is None:
            self.region.hide()
        else:
            rules = part_rules(wanted.picked, segment_rules(wanted.keys, state))
            name, count = part_name(wanted.picked, found.names), part_count(wanted.picked, found)
            self.region.show(name, rules, count, workbench)
        self.partition.show(workbench, segments)
        self._prepared()
        return found

    def _show_note(self, text: str) -> None:
        self._prepared()
        self.acts.drawn, self.table.value = (), ""
        self.region.hide()
        self.partition.hide()
        self.options.hide()
        self.charts.show_note(text, self.pane)

    def _prepared(self) -> None:
        """Take that message away, unless another one is there meanwhile."""
        if PREPARING in self.message.value:
            self.message.clear()
