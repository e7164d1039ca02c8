"""The audience dashboard: builder, waterfall, overlap, saving and campaign exports on one page."""

from __future__ import annotations

import datetime as dt
import html
import os
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

import ipywidgets as widgets

from segbench.errors import NotSaved, SegbenchError
from segbench.model.rules import Group
from segbench.model.segment import Segment
from segbench.ui.address import address_of, kept_in, page_of
from segbench.ui.builder import SegmentBuilder
from segbench.ui.campaign_panel import CampaignPanel
from segbench.ui.explore_panel import ExplorePanel
from segbench.ui.follow import EVERY
from segbench.ui.follow_panel import FollowPanel
from segbench.ui.history import Page
from segbench.ui.library_panel import LibraryPanel
from segbench.ui.overlap_panel import OverlapPanel
from segbench.ui.panel import guarded, mark_new, mark_stale
from segbench.ui.presence import Opened, Presence
from segbench.ui.session import Session
from segbench.ui.state import Answer, State
from segbench.ui.theme import Mode
from segbench.ui.tiles import TilesPanel
from segbench.ui.views.compare_view import CompareView
from segbench.ui.views.contact_view import ContactView
from segbench.ui.views.profile_view import ProfileView
from segbench.ui.views.sensitivity_view import SensitivityView
from segbench.ui.views.trend_view import TrendView
from segbench.ui.waterfall_panel import WaterfallPanel
from segbench.ui.wire import catalog_data, moment_text, state_data
from segbench.ui.writing_panel import WritingPanel
from segbench.workbench.workbench import Workbench

THEME = "SEGBENCH_THEME"
"""The environment variable in which `segbench serve` says `light` or `dark`."""


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
        self.mode: Mode = mode or ("dark" if os.environ.get(THEME) == "dark" else "light")
        self._given_mode = mode
        self.session = Session(workbench, _page(workbench, segment))
        self.builder = SegmentBuilder(
            self._catalog(), state_data(self.session.state, workbench), self._edit
        )
        self.waterfall = WaterfallPanel(self.mode, self.builder.focus)
        self.tiles = TilesPanel(self.session)
        self.library = LibraryPanel(self.session, self.library_changed)
        self.explore = ExplorePanel(self.session, self.mode)
        self.contact = ContactView(self.explore.draw, self.builder.focus)
        self.explore.offer(
            [
                ProfileView(self.session, self.explore.draw),
                SensitivityView(self.session, self.explore.draw),
                TrendView(self.session, self.explore.draw, self.explore.is_open, self._look),
                self.contact,
                CompareView(self.session, self.explore.draw, self._propose),
            ]
        )
        self.overlap = OverlapPanel(self.session, self.mode, self._propose)
        self.campaign = CampaignPanel(self.session)
        self.head = widgets.HTML(self._head_html())
        self._shown: tuple[int, dt.datetime] | None = None
        self._number = 0
        self.follow = FollowPanel(self.session, on=follow, every=every)
        self.presence = Presence(
            guarded(self.library.message, self._open),
            self.follow.follower.seen,
            guarded(self.library.message, self._restore),
        )
        self.presence.layout.height = "0"
        self.writing = WritingPanel(
            self.session, lambda: self.library.name.value, self.library.take
        )
        left = widgets.VBox([self.builder, self.writing.editor], layout=_share("3 1 560px"))
        self.falls = self.waterfall.box
        self.falls.layout = _share("2 1 420px")
        wide = widgets.Layout(flex_flow="row wrap", width="100%", grid_gap="16px")
        both = widgets.HBox([left, self.falls], layout=wide)
        super().__init__(
            [
                widgets.HTML(
                    f"<style>{page_style()}</style>", layout=widgets.Layout(display="none")
                ),
                self.presence,
                self.head,
                self.follow.box,
                self.library.box,
                self.tiles.box,
                both,
                self.explore.box,
                self.overlap.box,
                self.campaign.box,
            ]
        )
        self.add_class("sbp-page")
        if segment is not None:
            self.library.name.value = segment.name
        self.session.listen(self._draw)
        self._draw(self.session.state)
        self.tiles.start()

    def refresh(self) -> None:
        """Move on to the newest data and time, and read the library anew."""
        with self.session.standstill:
            self.workbench.refresh()
        self._shown = None
        self.head.value = self._head_html()
        self.library_changed()

    def put_first(self, box: widgets.Widget) -> None:
        """Show this card right under the head of the page."""
        shown = self.children
        head = shown.index(self.head) + 1
        others = [child for child in shown if child is not box]
        self.set_trait("children", [*others[:head], box, *others[head:]])

    def library_changed(self) -> None:
        """Show what is saved now, everywhere, and count again what refers to it."""
        self.library.refresh()
        self.explore.refresh()
        self.overlap.refresh()
        self.campaign.refresh()
        self.builder.catalog = self._catalog()
        self.session.recount()

    def close(self) -> None:
        """Stop counting and drop the widgets."""
        self.follow.close()
        self.session.close()
        self.tiles.close()
        self.explore.close()
        self.overlap.close()
        self.writing.close()
        super().close()

    def _look(self, key: str) -> None:
        """Look at one contact."""
        self.contact.look(key)
        self.explore.open(self.contact.title)

    def _propose(self, name: str) -> None:
        self.library.name.value = name

    def _open(self, page: Opened) -> None:
        if self._given_mode is None:
            self.mode = "dark" if page.dark else "light"
            self.waterfall.mode = self.explore.mode = self.overlap.mode = self.mode
        self.refresh()
        if page.address:
            self._restore(page.address)

    def _restore(self, address: str) -> None:
        """Show what the address of the page keeps; what is on screen already stays as it is."""
        if address == self.presence.address:
            return
        page = page_of(kept_in(address), self.workbench.library) if address else Page(Group())
        self.session.show(page.tree, page.saved)

    def _edit(self, message: Mapping[str, Any]) -> None:
        try:
            self.session.handle(message)
        except SegbenchError as error:
            self.builder.refuse(str(error))
            self._draw(self.session.state)

    def _draw(self, state: State) -> None:
        self._follow(state)
        self.presence.address = address_of(self.session.page)
        self.builder.state = state_data(state, self.workbench)
        mark_stale(self.falls, state)
        if state.status == "updating":
            return
        self.waterfall.show(self.workbench, state)
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


def page_style() -> str:
    """The style sheet of a dashboard's page."""
    return (files("segbench.ui") / "page.css").read_text("utf-8")
