"""The campaign dashboard: settings, Recipient (To), live numbers, review, sending, exports."""

from __future__ import annotations

import datetime as dt
import html

import ipywidgets as widgets

from segbench.ui.audience import page_style
from segbench.ui.campaign_draft import CampaignDraft
from segbench.ui.campaign_head import CampaignHead
from segbench.ui.campaign_numbers import CampaignNumbers
from segbench.ui.campaign_review import CampaignReview
from segbench.ui.campaign_settings import CampaignSettings
from segbench.ui.campaign_sources import CampaignSources
from segbench.ui.campaign_split_part import CampaignSplit
from segbench.ui.export_list import exports_html
from segbench.ui.follow import EVERY
from segbench.ui.follow_panel import FollowPanel
from segbench.ui.panel import card, guarded
from segbench.ui.presence import Opened, Presence
from segbench.ui.session import Session
from segbench.ui.state import State
from segbench.ui.wire import moment_text
from segbench.workbench.workbench import Workbench


class CampaignApp(widgets.VBox):  # type: ignore[misc]
    """The whole dashboard over one workbench; what it shows of a campaign is one `CampaignDraft`.

    While a page shows it, it follows the lake, unless `follow` is off.
    """

    def __init__(
        self,
        workbench: Workbench,
        campaign: str | None = None,
        *,
        follow: bool = True,
        every: float = EVERY,
    ) -> None:
        self.workbench = workbench
        self.draft = CampaignDraft(workbench)
        self.session = Session(workbench)
        self.head = CampaignHead(self.draft)
        self.settings = CampaignSettings(self.draft)
        self.sources = CampaignSources(self.draft, self.session)
        self.numbers = CampaignNumbers(self.draft)
        self.split = CampaignSplit(self.draft)
        self.review = CampaignReview(self.draft, self.lead, self._draw_exports)
        self.exports = widgets.HTML()
        self.attached = card("Exports", [self.exports], note="Frozen; they stay as they are.")
        self.draft.before_saving = self.settings.require_right
        self.follow = FollowPanel(self.session, on=follow, every=every)
        self.title = widgets.HTML(self._title_html())
        self._shown: tuple[int, dt.datetime] | None = None
        self._named = 0
        self.presence = Presence(
            guarded(self.head.message, self._opened), self.follow.follower.seen, lambda _: None
        )
        self.presence.layout.height = "0"
        style = widgets.HTML(f"<style>{page_style()}</style>", layout={"display": "none"})
        super().__init__(
            [
                style,
                self.presence,
                self.title,
                self.follow.box,
                self.head.box,
                self.settings.box,
                self.sources.box,
                self.numbers.box,
                self.split.box,
                self.review.box,
                self.attached,
            ]
        )
        self.add_class("sbp-page")
        self.draft.listen(lambda _: self._draw())
        self.session.listen(self._moved)
        if campaign is not None:
            self.draft.open(campaign)
        self._draw()

    def refresh(self) -> None:
        """Move on to the newest data and time, and read the library anew."""
        with self.draft.standstill:
            self.workbench.refresh()
        self._shown = None
        self.title.value = self._title_html()
        self.head.refresh()
        self.sources.adding.refresh()
        self.sources.building.refresh()
        self.session.recount()
        self.draft.recount()

    def lead(self, place: str) -> None:
        """Put the focus where an issue is mended."""
        part, _, name = place.partition(".")
        match part:
            case "settings":
                self.settings.widget(name).focus()
            case "include" | "exclude":
                at = int(name) if name else None
                self.sources.widget(part, at).focus()
            case "split":
                self.split.shares.focus()

    def close(self) -> None:
        """Stop counting and drop the widgets."""
        self.follow.close()
        self.session.close()
        self.draft.close()
        self.sources.close()
        self.review.close()
        super().close()

    def _opened(self, _: Opened) -> None:
        self.refresh()

    def _draw(self) -> None:
        here = self.draft.saved
        if here is not None and here.number != self._named:
            self._named = here.number
            self.settings.forget()
            self.sources.building.hide()
            self.settings.draw(self.draft)
        self._draw_exports()

    def _draw_exports(self) -> None:
        here = self.draft.saved
        self.attached.layout.display = None if here is not None else "none"
        value = exports_html(self.workbench, here) if here is not None else ""
        if self.exports.value != value:
            self.exports.value = value

    def _moved(self, state: State) -> None:
        """Count again once the builder's session has numbers over newer data."""
        if state.answer is None:
            return
        before, self._shown = self._shown, (state.answer.snapshot, state.answer.as_of)
        if before is None or before == self._shown:
            return
        self.title.value = self._title_html()
        self.draft.recount()

    def _title_html(self) -> str:
        workbench = self.workbench
        facts = (
            f"{workbench.contacts_total:,} contacts",
            f"snapshot {workbench.engine.snapshot.id}",
            f"as of {moment_text(workbench.as_of, workbench)}",
        )
        return (
            f'<header class="sbp-head"><h1>Campaigns · {html.escape(workbench.settings.name)}</h1>'
            f"<p>{html.escape(' · '.join(facts))}</p></header>"
        )
