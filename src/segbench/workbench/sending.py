"""Review and Send: the two steps, and the hand-off that happens once, whatever is killed when.

The files of a hand-off are in place before the library knows of them. Their folder carries an id
that follows from what is handed off, so whoever does it again finds the folder, checks it and takes
it over; the library takes each id, and each campaign's hand-off, only once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

from segbench.audience.campaign import Confirmation, export_folder_name
from segbench.audience.review import ReviewIssue, is_sound
from segbench.errors import CampaignError, ExportError
from segbench.model.campaign import Campaign, ExportRecord
from segbench.model.campaign_states import next_state
from segbench.workbench.handed_files import picked_files
from segbench.workbench.handed_folders import find_folder, hand_off_id, record_in, sweep
from segbench.workbench.handing import require_same
from segbench.workbench.promises import Promise, promise_campaign, write_promise
from segbench.workbench.reviewing import Reviewed, review_campaign
from segbench.workbench.workbench import Workbench

Progress = Callable[[int], None]


def mark_reviewed(workbench: Workbench, name: str, seen: int | None = None) -> Reviewed:
    """Review a saved campaign; it is `reviewed` where nothing keeps it from being sent."""
    reviewed = review_campaign(workbench, workbench.library.campaign(name))
    next_state(reviewed.campaign.name, reviewed.campaign.state, "review")
    if not is_sound(reviewed.issues):
        return reviewed
    said = [issue.code for issue in reviewed.issues]
    count = reviewed.audience.count if reviewed.audience is not None else 0
    campaign = workbench.library.mailings.advance(
        name,
        "review",
        workbench.clock(),
        workbench.author,
        {"issues": said, "count": count},
        seen if seen is not None else reviewed.campaign.revision,
    )
    return replace(reviewed, campaign=campaign)


def confirm_sending(workbench: Workbench, name: str) -> Confirmation:
    """What somebody must agree to before a reviewed campaign is handed off; changes nothing."""
    campaign = workbench.library.campaign(name)
    next_state(campaign.name, campaign.state, "hand_off")
    require_sound(campaign, review_campaign(workbench, campaign, at_its_time=True).issues)
    return promise_campaign(workbench, campaign).agreed


def send(
    workbench: Workbench,
    agreed: Confirmation,
    progress: Progress | None = None,
) -> ExportRecord:
    """Freeze the final recipients that were agreed to, attach them, and hand the campaign off.

    `ExportError` where they are not what was agreed to any more, `CampaignError` where the campaign
    cannot be handed off (any more).
    """
    campaign = workbench.library.campaign(agreed.campaign)
    next_state(campaign.name, campaign.state, "hand_off")
    promise = promise_campaign(workbench, campaign)
    require_same(promise, agreed)
    id = hand_off_id(campaign, agreed.members_sha256, agreed.snapshot, agreed.as_of)
    return hand_off(workbench, campaign, promise, id, workbench.clock(), progress)


def hand_off(
    workbench: Workbench,
    campaign: Campaign,
    promise: Promise | None,
    id: str,
    stamp: dt.datetime,
    progress: Progress | None = None,
) -> ExportRecord:
    """Write the files, unless they are there from before, and record them with the new state.

    `stamp` stands in front of the folder's name. Without a promise only what is there is recorded.
    """
    folder = find_folder(workbench, id)
    if folder is None and promise is not None:
        folder = workbench.workspace.exports / export_folder_name(campaign.name, stamp, id)
        files, now = picked_files(workbench, campaign.settings), workbench.clock()
        try:
            write_promise(workbench, promise, folder, now, files.columns, progress, files.options)
        except ExportError:
            # Another process may have put the very same folder there meanwhile.
            if find_folder(workbench, id) is None:
                raise
    if folder is None:
        raise ExportError(f"There are no files of the hand-off {id}.")
    record = record_in(folder, id)
    try:
        after = workbench.library.mailings.hand_off(
            campaign.name,
            record,
            workbench.clock(),
            workbench.author,
            {"folder": folder.name},
            campaign.revision,
        )
    finally:
        sweep(workbench, campaign.number)
    return next(each for each in after.exports if each.id == id)


def require_sound(campaign: Campaign, issues: tuple[ReviewIssue, ...]) -> None:
    """`CampaignError` with the first thing that keeps a campaign from being sent."""
    if not is_sound(issues):
        raise CampaignError(f"The campaign {campaign.name!r} cannot be sent. {issues[0].message}")
