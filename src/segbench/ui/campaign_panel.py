"""The panel that attaches a frozen recipient export to a campaign."""

from __future__ import annotations

import html

import ipywidgets as widgets

from segbench.audience.campaign import Confirmation
from segbench.audience.formats.roles import is_personal
from segbench.errors import ExportError, NotSaved, SegbenchError
from segbench.ui.export_list import exports_html
from segbench.ui.panel import Message, button, card, guarded, labelled, row
from segbench.ui.session import Session
from segbench.workbench import handing

NONE = "(choose)"


class CampaignPanel:
    """Name a campaign, choose Recipient (To), confirm the count, export."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.message = Message()
        self.campaign = widgets.Combobox(
            placeholder="Name of the campaign", layout=widgets.Layout(width="280px")
        )
        self.recipient = widgets.Dropdown(options=[NONE], layout=widgets.Layout(width="280px"))
        self.fields = widgets.SelectMultiple(rows=6, layout=widgets.Layout(width="280px"))
        self.question = widgets.HTML()
        self.exports = widgets.HTML()
        self.confirm = button("Confirm count", self.ask, self.message)
        self.export = button("Export recipients", self.write, self.message, primary=True)
        self.export.disabled = True
        self.agreed: Confirmation | None = None
        self.box = card(
            "Campaign recipients",
            [
                row(
                    labelled("Campaign", self.campaign),
                    labelled("Recipient (To)", self.recipient),
                    self.confirm,
                    self.export,
                ),
                self.question,
                self.message,
                self.exports,
                _details("Fields to export", self.fields),
            ],
            note="Freezes who is in the segment now and can be reached by e-mail, one contact for "
            "each address; the segment itself stays live.",
        )
        for widget in (self.campaign, self.recipient, self.fields):
            widget.observe(guarded(self.message, lambda _: self.withdraw()), "value")
        self.refresh()

    def refresh(self) -> None:
        """Read segments, campaigns and fields anew."""
        workbench = self.session.workbench
        names = [saved.segment.name for saved in workbench.library.segments()]
        if tuple(self.recipient.options) != (NONE, *names):
            before = self.recipient.value
            self.recipient.options = [NONE, *names]
            self.recipient.value = before if before in names else NONE
        self.campaign.options = [known.name for known in workbench.library.campaigns()]
        columns = list(workbench.columns())
        if list(self.fields.options) != columns:
            # Personal fields only where somebody asks for them.
            chosen = [name for name in columns if not is_personal(name)]
            self.fields.options, self.fields.value = columns, chosen
        self.withdraw()

    def withdraw(self) -> None:
        """Forget what was agreed to, since something of it changed; show the campaign's exports."""
        self.agreed = None
        self.export.disabled = True
        self.question.value = ""
        self._show_exports()

    def moved_on(self) -> None:
        """Look again at what was agreed to: new data, or a later moment, may say otherwise."""
        columns = list(self.session.workbench.columns())
        if list(self.fields.options) != columns:
            self.refresh()
        with self.session.standstill:
            agreed = self.agreed
            if agreed is None:
                return
            try:
                again = self._confirm(agreed.campaign, agreed.segment)
            except SegbenchError:
                again = None
            workbench = self.session.workbench
            if again is not None and handing.is_same_promise(workbench, again, agreed):
                self.agreed = again
                return
            self.withdraw()
        self.message.warn("The data has changed meanwhile: confirm the count again.")

    def ask(self) -> None:
        """Show the count and the sentence that exporting would agree to."""
        if not self.campaign.value.strip():
            raise ExportError("Give the campaign a name first.")
        if self.recipient.value == NONE:
            raise ExportError("Choose a saved segment as Recipient (To) first.")
        self.withdraw()
        chosen = str(self.recipient.value)
        with self.session.standstill:
            self.agreed = self._confirm(self.campaign.value, chosen)
        self.export.disabled = False
        self.message.clear()
        self.question.value = (
            f'<p class="sbp-question"><b>{html.escape(self.agreed.question)}</b><br>'
            f"{html.escape(self.agreed.account)}<br>{html.escape(self.agreed.sentence)}</p>"
        )

    def write(self) -> None:
        """Export what was confirmed and record it on the campaign."""
        if not self.fields.value:
            raise ExportError("Choose at least one field to export.")
        with self.session.standstill:
            if self.agreed is None:
                raise ExportError("Confirm the count first.")
            self.export.disabled = True
            self.message.say("Exporting …")
            agreed, columns = self.agreed, list(self.fields.value)
            record = handing.export(self.session.workbench, agreed, columns)
            self.withdraw()
        self.message.say(f"Exported {record.count:,} recipients to “{agreed.campaign}”.")

    def _confirm(self, campaign: str, segment: str) -> Confirmation:
        return handing.confirm(self.session.workbench, campaign, segment, reachable=True)

    def _show_exports(self) -> None:
        try:
            campaign = self.session.workbench.library.campaign(self.campaign.value)
        except NotSaved:
            self.exports.value = ""
            return
        self.exports.value = exports_html(self.session.workbench, campaign)


def _details(title: str, widget: widgets.Widget) -> widgets.Accordion:
    folded = widgets.Accordion([widget], titles=[title])
    folded.selected_index = None
    return folded
