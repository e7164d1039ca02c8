"""Attaching a frozen recipient export to a campaign: confirm first, then write and record."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from segbench.audience.campaign import Confirmation, export_folder_name
from segbench.audience.export import USUAL, ExportOptions
from segbench.errors import ExportError, NotSaved
from segbench.library.campaign_changes import CampaignChange
from segbench.model.campaign import Campaign, ExportRecord
from segbench.model.recipe import Recipe, segment_source
from segbench.workbench.promises import Promise, promise_recipe, promise_segment, write_promise
from segbench.workbench.workbench import Workbench


def open_campaign(workbench: Workbench, name: str, segment: str) -> Campaign:
    """The campaign of that name, made where there is none, with the segment in Recipient (To).

    Recipients that it has already stay.
    """
    library, now = workbench.library, workbench.clock()
    wanted = library.segment(segment).segment.name
    try:
        known = library.campaign(name)
    except NotSaved:
        zone = str(workbench.zone)
        known = library.mailings.create(name, now, workbench.author, time_zone=zone)
    if segment_source(wanted) in known.include:
        return known
    change = CampaignChange(include=(*known.include, segment_source(wanted)))
    return library.mailings.change(known.name, change, now, workbench.author, known.revision)


def confirm(
    workbench: Workbench, campaign: str, segment: str, *, reachable: bool = False
) -> Confirmation:
    """What somebody must agree to before a segment is exported for a campaign; changes nothing.

    All who match, or, of those who are `reachable`, one for each address.
    """
    return _promise(workbench, campaign, segment, reachable).agreed


def export(
    workbench: Workbench,
    agreed: Confirmation,
    columns: Sequence[str] | None = None,
    progress: Callable[[int], None] | None = None,
    options: ExportOptions = USUAL,
) -> ExportRecord:
    """Freeze the recipients that were agreed to, as files, and record them on the campaign.

    The campaign is made where there is none, and the segment joins its Recipient (To).
    `ExportError` where the segment or its contacts are not what was agreed to any more.
    """
    library = workbench.library
    promise = _promise(workbench, agreed.campaign, agreed.segment, agreed.recipe is not None)
    require_same(promise, agreed)
    workbench.columns(columns)
    campaign = open_campaign(workbench, agreed.campaign, agreed.segment)
    now, id = workbench.clock(), secrets.token_hex(4)
    folder = workbench.workspace.exports / export_folder_name(campaign.name, now, id)
    manifest = write_promise(workbench, promise, folder, now, columns, progress, options)
    sums = manifest.rules_sha256, manifest.sha256
    count, snapshot = len(promise.members), workbench.engine.snapshot.id
    record = ExportRecord(id, now, folder.name, agreed.segment, count, *sums, snapshot)
    try:
        library.record_export(campaign.name, record, now=now)
    except BaseException:
        # Files with contacts in them that no campaign knows of must not stay behind.
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return record


def require_same(promise: Promise, agreed: Confirmation) -> None:
    """`ExportError` where what would be handed over is not what was agreed to."""
    if promise.agreed != agreed:
        raise ExportError(
            f"{agreed.segment!r} or its contacts changed since it was confirmed: {agreed.count:,} "
            f"contacts then, {promise.agreed.count:,} now. Look at it and confirm again."
        )


def is_same_promise(workbench: Workbench, again: Confirmation, agreed: Confirmation) -> bool:
    """Whether nothing but the moment, or a maintenance of the lake, came in between.

    Newer data changes it: who is who may be new in it.
    """
    if workbench.is_other_data(agreed.snapshot, again.snapshot):
        return False
    return replace(again, as_of=agreed.as_of, snapshot=agreed.snapshot) == agreed


def folder_of(workbench: Workbench, record: ExportRecord) -> Path:
    """Where the files of an export are."""
    return workbench.workspace.exports / record.folder


def _promise(workbench: Workbench, campaign: str, segment: str, reachable: bool) -> Promise:
    if not reachable:
        return promise_segment(workbench, campaign, segment)
    saved = workbench.library.segment(segment).segment.name
    return promise_recipe(workbench, campaign, Recipe((segment_source(saved),)))
