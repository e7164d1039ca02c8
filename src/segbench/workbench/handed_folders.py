"""The folders of hand-offs: found again by their id, read back, and removed once given up."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import re
import shutil
from pathlib import Path

from segbench.audience.export import verify_export
from segbench.audience.manifest import NAME, read_manifest
from segbench.audience.whole_folder import file_sha256
from segbench.model.campaign import Campaign, ExportRecord
from segbench.workbench.workbench import Workbench

_OURS = re.compile(r"-c(\d+)r(\d+)-[0-9a-f]{12}$")
GIVEN_UP = dt.timedelta(days=1)
"""After so long without a new file an export is not under way any more."""


def hand_off_id(campaign: Campaign, *parts: object) -> str:
    """The id of a hand-off: the same for the same campaign, revision and parts."""
    text = repr((campaign.created.isoformat(), *parts))
    digest = hashlib.sha256(text.encode()).hexdigest()[:12]
    return f"c{campaign.number}r{campaign.revision}-{digest}"


def scheduled_id(campaign: Campaign) -> str:
    """The id of the hand-off of a scheduled campaign at its time."""
    return hand_off_id(campaign, "scheduled", campaign.settings.due)


def find_folder(workbench: Workbench, id: str) -> Path | None:
    """The whole folder of a hand-off that is there already; what is damaged is removed."""
    exports = workbench.workspace.exports
    for folder in sorted(exports.glob(f"*-{id}")) if exports.is_dir() else ():
        if not verify_export(folder):
            return folder
        shutil.rmtree(folder, ignore_errors=True)
    return None


def record_in(folder: Path, id: str) -> ExportRecord:
    """The record of the export in a folder, as its manifest has it."""
    manifest = read_manifest(folder)
    created = dt.datetime.fromisoformat(manifest["created"].replace("Z", "+00:00"))
    return ExportRecord(
        id,
        created,
        folder.name,
        manifest["segment"]["name"],
        manifest["counts"]["exported"],
        manifest["segment"]["rules_sha256"],
        file_sha256(folder / NAME),
        manifest["snapshot"]["id"],
    )


def sweep_unfinished(workbench: Workbench) -> None:
    """Remove what killed exports left behind: hidden folders that nobody touched for a day."""
    exports, now = workbench.workspace.exports, workbench.clock()
    for folder in exports.glob(".segbench-*.unfinished") if exports.is_dir() else ():
        with contextlib.suppress(FileNotFoundError):
            touched = dt.datetime.fromtimestamp(folder.stat().st_mtime, dt.UTC)
            if now - touched > GIVEN_UP:
                shutil.rmtree(folder, ignore_errors=True)


def sweep(workbench: Workbench, number: int | None = None) -> None:
    """Remove the files of hand-offs that were given up: no campaign can record them any more.

    Those of the revision of a reviewed or scheduled campaign stay: its hand-off may be under way.
    `number` is that of the one campaign that is looked at; default: all.
    """
    exports = workbench.workspace.exports
    found = [
        (folder, int(match[1]), int(match[2]))
        for folder in (exports.iterdir() if exports.is_dir() else ())
        if (match := _OURS.search(folder.name)) and number in (None, int(match[1]))
    ]
    if not found:
        return
    known = {campaign.number: campaign for campaign in workbench.library.campaigns()}
    for folder, owner, revision in found:
        campaign = known.get(owner)
        if campaign is None or not _may_stay(campaign, revision, folder.name):
            shutil.rmtree(folder, ignore_errors=True)


def _may_stay(campaign: Campaign, revision: int, folder: str) -> bool:
    under_way = campaign.state in ("reviewed", "scheduled") and campaign.revision == revision
    return under_way or folder in {record.folder for record in campaign.exports}
