"""Attaching a frozen recipient export to a campaign: confirm first, then write and record."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from pathlib import Path

from segbench.audience.campaign import Confirmation, confirmation, export_folder_name
from segbench.audience.export import write_export
from segbench.audience.manifest import ManifestFacts
from segbench.errors import ExportError, NotSaved
from segbench.model.campaign import Campaign, ExportRecord
from segbench.model.rules import Group, SegmentRule, walk
from segbench.model.segment import Segment
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
        known = library.create_campaign(name, now=now)
    if wanted in known.recipients:
        return known
    return library.set_recipients(name, (*known.recipients, wanted), now=now)


def confirm(workbench: Workbench, campaign: Campaign, segment: str) -> Confirmation:
    """What somebody must agree to: the segment in words and its exact count now."""
    saved = workbench.library.segment(segment).segment
    count = workbench.count(saved.group)
    sentence, snapshot = workbench.describe(saved.group), workbench.engine.snapshot.id
    return confirmation(campaign, saved.name, sentence, count, snapshot)


def export(
    workbench: Workbench,
    agreed: Confirmation,
    columns: Sequence[str] | None = None,
    progress: Callable[[int], None] | None = None,
) -> ExportRecord:
    """Freeze the recipients that were agreed to, as files, and record them on the campaign.

    `ExportError` where the segment, the data or the count is not what was agreed to any more.
    """
    library = workbench.library
    campaign = library.campaign(agreed.campaign)
    saved = library.segment(agreed.segment).segment
    members = workbench.members(saved.group)
    now, snapshot = workbench.clock(), workbench.engine.snapshot
    sentence = workbench.describe(saved.group)
    if agreed != confirmation(campaign, saved.name, sentence, len(members), snapshot.id):
        raise ExportError(
            f"{saved.name!r} or its contacts changed since it was confirmed: {agreed.count:,} "
            f"contacts then, {len(members):,} now. Look at it and confirm again."
        )
    id = secrets.token_hex(4)
    folder = export_folder_name(campaign.name, now, id)
    manifest = write_export(
        folder=workbench.workspace.exports / folder,
        engine=workbench.engine,
        members=members,
        columns=workbench.columns(columns),
        manifest_facts=ManifestFacts(
            campaign=campaign.name,
            segment=saved,
            sentence=agreed.sentence,
            snapshot_id=snapshot.id,
            snapshot_time=snapshot.committed,
            as_of=workbench.as_of,
            time_zone=str(workbench.zone),
            matching=len(members),
            created=now,
            refers_to=_led_to(saved, library.groups()),
        ),
        progress=progress,
    )
    record = ExportRecord(
        id, now, folder, saved.name, len(members), manifest.rules_sha256, manifest.sha256
    )
    library.record_export(campaign.name, record, now=now)
    return record


def folder_of(workbench: Workbench, record: ExportRecord) -> Path:
    """Where the files of an export are."""
    return workbench.workspace.exports / record.folder


def _led_to(segment: Segment, groups: dict[str, Group]) -> tuple[Segment, ...]:
    """The saved segments that a segment refers to, at any depth, sorted by name.

    A row that is switched off may name a segment that does not exist (any more); it is left out.
    """
    found: dict[str, Segment] = {}
    waiting = [segment.group]
    while waiting:
        for _, node in walk(waiting.pop()):
            if not isinstance(node, SegmentRule) or node.segment not in groups:
                continue
            if node.segment not in found:
                found[node.segment] = Segment(node.segment, groups[node.segment])
                waiting.append(groups[node.segment])
    return tuple(found[name] for name in sorted(found))
