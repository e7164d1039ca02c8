"""The audience dashboard: builder, waterfall, overlap, saving and campaign exports on one page."""

from __future__ import annotations

import datetime as dt
import html
import os
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

import ipywidgets as widgets

from segbench.audience.explain import Step, Waterfall
from segbench.errors import NotSaved, SegbenchError
from segbench.model.segment import Segment
from segbench.ui.builder import SegmentBuilder
from segbench.ui.campaign_panel import CampaignPanel
from segbench.ui.figures import show_in, waterfall_figure
from segbench.ui.findings import waterfall_summary
from segbench.ui.follow import EVERY
from segbench.ui.follow_panel import FollowPanel
from segbench.ui.history import Page
from segbench.ui.library_panel import LibraryPanel
from segbench.ui.note_figure import note_figure
from segbench.ui.overlap_panel import OverlapPanel
from segbench.ui.panel import card, guarded, live_figure, mark_new, mark_stale
from segbench.ui.presence import Presence
from segbench.ui.session import Session
from segbench.ui.state import Answer, State
from segbench.ui.theme import NARROW, Mode, theme
from segbench.ui.wire import catalog_data, moment_text, state_data
from segbench.workbench.workbench import Workbench

THEME = "SEGBENCH_THEME"
"""The environment variable in which `segbench serve` says `light` or `dark`."""
SAMPLE = Waterfall("and", 1, (Step((0,), "a row", 1, 1, 0),), 1)
EMPTY = "Add a filter to see how each row narrows the contacts."


class AudienceApp(widgets.VBox):  # type: ignore[misc]
    """The whole dashboard over one workbench; what it shows comes from one `Session`.

    While a page shows it, it follows the lake, unless `follow` is off. Where `as_of` is not pinned
    it counts again every so many seconds, as windows move with the time.
    """

    def __init__(
        self,
        workbench: Workbench,
        segment: Segment | None = None,
        mode: Mode | None = None,
        *,
        follow: bool = True,
        every: float = EVERY,
    ) -> None:
        self.workbench = workbench
        self.mode = mode or ("dark" if os.environ.get(THEME) == "dark" else "light")
        self.session = Session(workbench, _page(workbench, segment))
        self.pane: int | None = None
        self.builder = SegmentBuilder(
            self._catalog(), state_data(self.session.state, workbench), self._edit
        )
        self.steps = live_figure(
            note_figure(EMPTY, theme(self.mode)), waterfall_figure(SAMPLE, mode=self.mode)
        )
        self.library = LibraryPanel(self.session, self.library_changed)
        self.overlap = OverlapPanel(self.session, self.mode)
        self.campaign = CampaignPanel(self.session)
        self.head = widgets.HTML(self._head_html())
        self._shown: tuple[int, dt.datetime] | None = None
        self._number = 0
        self.follow = FollowPanel(self.session, on=follow, every=every)
        self.presence = Presence(
            guarded(self.library.message, self._open), self.follow.follower.seen
        )
        self.presence.layout.height = "0"
        left = widgets.VBox([self.builder], layout=_share("3 1 560px"))
        self.spoken = widgets.HTML()
        self.falls = card("Waterfall", [self.steps, self.spoken])
        self.falls.layout = _share("2 1 420px")
        wide = widgets.Layout(flex_flow="row wrap", width="100%", grid_gap="16px")
        both = widgets.HBox([left, self.falls], layout=wide)
        super().__init__(
            [
                widgets.HTML(f"<style>{_style()}</style>", layout=widgets.Layout(display="none")),
                self.presence,
                self.head,
                self.follow.box,
                self.library.box,
                both,
                self.overlap.box,
                self.campaign.box,
            ]
        )
        self.add_class("sbp-page")
        if segment is not None:
            self.library.name.value = segment.name
        self.session.listen(self._draw)
        self._draw(self.session.state)

    def refresh(self) -> None:
        """Move on to the newest data and time, and read the library anew."""
        with self.session.standstill:
            self.workbench.refresh()
        self._shown = None
        self.head.value = self._head_html()
        self.library_changed()

    def library_changed(self) -> None:
        """Show what is saved now, everywhere, and count again what refers to it."""
        self.library.refresh()
        self.overlap.refresh()
        self.campaign.refresh()
        self.builder.catalog = self._catalog()
        self.session.recount()

    def close(self) -> None:
        """Stop counting and drop the widgets."""
        self.follow.close()
        self.session.close()
        self.overlap.close()
        super().close()

    def _open(self, width: int) -> None:
        # A chart fits its texts into the width that it is told; by itself it assumes 400 pixels.
        self.pane = max(240, width - 84) if width < NARROW + 84 else None
        self.overlap.pane = self.pane
        self.refresh()

    def _edit(self, message: Mapping[str, Any]) -> None:
        try:
            self.session.handle(message)
        except SegbenchError as error:
            self.builder.refuse(str(error))
            self._draw(self.session.state)

    def _draw(self, state: State) -> None:
        self._follow(state)
        self.builder.state = state_data(state, self.workbench)
        mark_stale(self.falls, state)
        if state.status == "updating":
            return
        falls = self.session.waterfall()
        if falls is None or not falls.steps:
            show_in(self.steps, note_figure(EMPTY, theme(self.mode)))
            self.spoken.value = ""
        else:
            figure = waterfall_figure(falls, mode=self.mode, width=self.pane)
            show_in(self.steps, figure)
            words = html.escape(waterfall_summary(falls))
            self.spoken.value = f'<p class="sbp-spoken">{words}</p>'
        if state.news is not None and state.news.number != self._number:
            self._number = state.news.number
            if state.news.nodes:
                mark_new(self.falls)

    def _follow(self, state: State) -> None:
        """Show all that belongs to the data, once the session has numbers over newer data."""
        if state.answer is None:
            return
        before, self._shown = self._shown, (state.answer.snapshot, state.answer.as_of)
        if before is None or before == self._shown:
            return
        self.head.value = self._head_html(state.answer)
        if before[0] != state.answer.snapshot:
            self.builder.catalog = self._catalog()
        self.overlap.redraw()
        self.campaign.moved_on()

    def _catalog(self) -> dict[str, Any]:
        saved = tuple(entry.segment for entry in self.workbench.library.segments())
        zone = self.workbench.settings.contact_time_zone
        return catalog_data(self.workbench.catalog, saved, zone)

    def _head_html(self, answer: Answer | None = None) -> str:
        workbench, settings = self.workbench, self.workbench.settings
        total = answer.evaluation.contacts if answer else workbench.contacts_total
        facts = (
            f"{total:,} contacts",
            f"snapshot {answer.snapshot if answer else workbench.engine.snapshot.id}",
            f"as of {moment_text(answer.as_of if answer else workbench.as_of, workbench)}",
        )
        return (
            f'<header class="sbp-head"><h1>{html.escape(settings.name)}</h1>'
            f"<p>{html.escape(' · '.join(facts))}</p>"
            f'<p class="sbp-note">{html.escape(settings.about)}</p></header>'
        )


def show_audience(*, follow: bool = True, every: float = EVERY) -> AudienceApp:
    """The dashboard over the workspace that SEGBENCH_WORKSPACE names, else the demo's."""
    return AudienceApp(Workbench.open(), follow=follow, every=every)


def _page(workbench: Workbench, segment: Segment | None) -> Page | None:
    """The segment to start with; as a saved one only where the library holds just these rules."""
    if segment is None:
        return None
    try:
        saved = workbench.library.segment(segment.name)
    except NotSaved:
        return Page(segment.group)
    return Page(segment.group, saved if saved.segment.group == segment.group else None)


def _share(flex: str) -> widgets.Layout:
    return widgets.Layout(flex=flex, min_width="0")


def _style() -> str:
    return (files("segbench.ui") / "page.css").read_text("utf-8")
