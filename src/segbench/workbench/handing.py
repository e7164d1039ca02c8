"""Attaching a frozen recipient export to a campaign: confirm first, then write and record."""

from __future__ import annotations

import datetime as dt
import secrets
import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from segbench.audience.campaign import Confirmation, confirmation, export_folder_name
from segbench.audience.export import write_export
from segbench.audience.manifest import ManifestFacts
from segbench.engine.membership import Membership
from segbench.errors import ExportError, NotSaved
from segbench.model.campaign import Campaign, ExportRecord, campaign_name
from segbench.model.rules import Group, SegmentRule
from segbench.model.segment import Segment
from segbench.model.tree import walk
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


def confirm(workbench: Workbench, campaign: str, segment: str) -> Confirmation:
    """What somebody must agree to before a segment is exported for a campaign; changes nothing."""
    saved = workbench.library.segment(segment).segment
    return _promise(workbench, campaign, saved, workbench.library.groups())[0]


def export(
    workbench: Workbench,
    agreed: Confirmation,
    columns: Sequence[str] | None = None,
    progress: Callable[[int], None] | None = None,
) -> ExportRecord:
    """Freeze the recipients that were agreed to, as files, and record them on the campaign.

    The campaign is made where there is none, and the segment joins its Recipient (To).
    `ExportError` where the segment or its contacts are not what was agreed to any more.
    """
    library, groups = workbench.library, workbench.library.groups()
    saved = library.segment(agreed.segment).segment
    promise, members = _promise(workbench, agreed.campaign, saved, groups)
    if promise != agreed:
        raise ExportError(
            f"{saved.name!r} or its contacts changed since it was confirmed: {agreed.count:,} "
            f"contacts then, {promise.count:,} now. Look at it and confirm again."
        )
    chosen = workbench.columns(columns)
    campaign = open_campaign(workbench, agreed.campaign, saved.name)
    now, id = workbench.clock(), secrets.token_hex(4)
    folder = workbench.workspace.exports / export_folder_name(campaign.name, now, id)
    facts = _facts(workbench, promise, saved, groups, now)
    manifest = write_export(
        folder=folder,
        engine=workbench.engine,
        members=members,
        columns=chosen,
        manifest_facts=facts,
        progress=progress,
    )
    sums = manifest.rules_sha256, manifest.sha256
    snapshot = workbench.engine.snapshot.id
    record = ExportRecord(id, now, folder.name, saved.name, len(members), *sums, snapshot)
    try:
        library.record_export(campaign.name, record, now=now)
    except BaseException:
        # Files with contacts in them that no campaign knows of must not stay behind.
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return record


def _promise(
    workbench: Workbench, campaign: str, saved: Segment, groups: Mapping[str, Group]
) -> tuple[Confirmation, Membership]:
    """What exporting the segment would hand over now, and exactly to whom."""
    members = workbench.members(saved.group, groups)
    promise = confirmation(
        campaign=campaign_name(campaign),
        segment=saved.name,
        sentence=workbench.describe(saved.group),
        count=len(members),
        members_sha256=members.sha256,
        snapshot=workbench.engine.snapshot.id,
        as_of=workbench.as_of,
    )
    return promise, members


def _facts(
    workbench: Workbench,
    promise: Confirmation,
    saved: Segment,
    groups: Mapping[str, Group],
    now: dt.datetime,
) -> ManifestFacts:
    snapshot = workbench.engine.snapshot
    return ManifestFacts(
        campaign=promise.campaign,
        segment=saved,
        sentence=promise.sentence,
        snapshot_id=snapshot.id,
        snapshot_time=snapshot.committed,
        as_of=workbench.as_of,
        time_zone=str(workbench.zone),
        matching=promise.count,
        created=now,
        refers_to=_led_to(saved, groups),
    )


def folder_of(workbench: Workbench, record: ExportRecord) -> Path:
    """Where the files of an export are."""
    return workbench.workspace.exports / record.folder


def _led_to(segment: Segment, groups: Mapping[str, Group]) -> tuple[Segment, ...]:
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
