"""The panel that attaches a frozen recipient export to a campaign."""

from __future__ import annotations

import datetime as dt
import html
from dataclasses import replace

import ipywidgets as widgets

from segbench.audience.campaign import Confirmation
from segbench.errors import ExportError, NotSaved, SegbenchError
from segbench.model.campaign import Campaign, ExportRecord
from segbench.ui.downloads import download_link
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
            note="Freezes who is in the segment now; the segment itself stays live. "
            "Everybody who matches is exported, unsubscribed contacts too.",
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
            self.fields.options, self.fields.value = columns, columns
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
                again = handing.confirm(self.session.workbench, agreed.campaign, agreed.segment)
            except SegbenchError:
                again = None
            if again is not None and self._is_same_promise(again, agreed):
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
            self.agreed = handing.confirm(self.session.workbench, self.campaign.value, chosen)
        self.export.disabled = False
        self.message.clear()
        self.question.value = (
            f'<p class="sbp-question"><b>{html.escape(self.agreed.question)}</b><br>'
            f"{html.escape(self.agreed.sentence)}</p>"
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

    def _is_same_promise(self, again: Confirmation, agreed: Confirmation) -> bool:
        """Whether nothing but the moment, or a maintenance of the lake, came in between.

        Newer data changes it: who is who may be new in it.
        """
        if self.session.workbench.is_other_data(agreed.snapshot, again.snapshot):
            return False
        return replace(again, as_of=agreed.as_of, snapshot=agreed.snapshot) == agreed

    def _show_exports(self) -> None:
        try:
            campaign = self.session.workbench.library.campaign(self.campaign.value)
        except NotSaved:
            self.exports.value = ""
            return
        self.exports.value = self._exports_html(campaign)

    def _exports_html(self, campaign: Campaign) -> str:
        if not campaign.exports:
            return f'<p class="sbp-note">No exports for “{html.escape(campaign.name)}” yet.</p>'
        newest = campaign.exports[-1]
        rows = "".join(
            self._export_row(record, record is newest) for record in reversed(campaign.exports)
        )
        return (
            f'<p class="sbp-note">Recipient (To) of “{html.escape(campaign.name)}”: '
            f"{html.escape(', '.join(campaign.recipients))}</p>"
            f'<table class="sbp-table"><caption>Exports of “{html.escape(campaign.name)}”</caption>'
            "<thead><tr><th>When</th><th>Recipient (To)</th><th>Recipients</th><th>Files</th>"
            f"</tr></thead><tbody>{rows}</tbody></table>"
        )

    def _export_row(self, record: ExportRecord, newest: bool) -> str:
        workbench = self.session.workbench
        local = record.created.astimezone(workbench.zone)
        folder = handing.folder_of(workbench, record)
        # A page carries one export at most: each is megabytes inside its link.
        link = download_link(folder) if newest else f"<code>{html.escape(folder.name)}</code>"
        if record.expired is not None:
            since = record.expired.astimezone(workbench.zone)
            link += f'<p class="sbp-note">{_expired(record, since)}</p>'
        return (
            f"<tr><td>{local:%d %b %Y, %H:%M}</td><td>{html.escape(record.segment)}</td>"
            f'<td class="sbp-number">{record.count:,}</td><td>{link}</td></tr>'
        )


def _expired(record: ExportRecord, since: dt.datetime) -> str:
    return (
        f"Snapshot {record.snapshot}, which this export was taken from, expired on "
        f"{since.day} {since:%b %Y}. The files are complete as they were written; who was in "
        "cannot be counted again from the data of then."
    )


def _details(title: str, widget: widgets.Widget) -> widgets.Accordion:
    folded = widgets.Accordion([widget], titles=[title])
    folded.selected_index = None
    return folded
