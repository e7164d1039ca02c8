"""The exports of a campaign as a table, the newest first and with its files to save."""

from __future__ import annotations

import datetime as dt
import html

from segbench.model.campaign import Campaign, ExportRecord
from segbench.ui.downloads import download_link
from segbench.workbench.handing import folder_of
from segbench.workbench.workbench import Workbench


def exports_html(workbench: Workbench, campaign: Campaign, shown: str = "") -> str:
    """The exports; the one of the id `shown`, else the newest, has its link.

    A page carries one export at most: each is megabytes inside its link.
    """
    name = html.escape(campaign.name)
    if not campaign.exports:
        return f'<p class="sbp-note">No exports for “{name}” yet.</p>'
    linked = shown or campaign.exports[-1].id
    rows = "".join(
        _row(workbench, record, record.id == linked) for record in reversed(campaign.exports)
    )
    recipients = html.escape(", ".join(campaign.recipients))
    return (
        f'<p class="sbp-note">Recipient (To) of “{name}”: {recipients}</p>'
        f'<table class="sbp-table"><caption>Exports of “{name}”</caption>'
        "<thead><tr><th>When</th><th>Recipient (To)</th><th>Recipients</th><th>Files</th>"
        f"</tr></thead><tbody>{rows}</tbody></table>"
    )


def _row(workbench: Workbench, record: ExportRecord, linked: bool) -> str:
    local = record.created.astimezone(workbench.zone)
    folder = folder_of(workbench, record)
    link = download_link(folder) if linked else f"<code>{html.escape(folder.name)}</code>"
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
