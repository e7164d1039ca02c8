"""Scheduled campaigns: put on the schedule, and handed off once their time has come."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from segbench.audience.campaign import Confirmation
from segbench.audience.review_words import times
from segbench.errors import CampaignError, RuleError, SegbenchError
from segbench.library.campaign_changes import CampaignChange
from segbench.model.campaign import Campaign, ExportRecord
from segbench.model.campaign_states import next_state
from segbench.workbench.handed_folders import (
    find_folder,
    scheduled_id,
    sweep,
    sweep_unfinished,
)
from segbench.workbench.handing import require_same
from segbench.workbench.promises import promise_campaign
from segbench.workbench.reviewing import review_campaign
from segbench.workbench.sending import hand_off, require_sound
from segbench.workbench.workbench import Workbench


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a scheduled campaign whose time had come.

    `record` is its export. Where that is None it was `held`, off the schedule, or `failed` and is
    tried again the next time; both say why.
    """

    campaign: str
    record: ExportRecord | None
    held: str = ""
    failed: str = ""


def confirm_schedule(workbench: Workbench, name: str) -> Confirmation:
    """What somebody must agree to before a campaign is scheduled; changes nothing.

    The count is that of now: at its time the campaign is evaluated anew.
    """
    campaign = workbench.library.campaign(name)
    next_state(campaign.name, campaign.state, "schedule")
    _due(campaign)
    require_sound(campaign, review_campaign(workbench, campaign).issues)
    return promise_campaign(workbench, campaign).agreed


def schedule(workbench: Workbench, agreed: Confirmation) -> Campaign:
    """The campaign, scheduled; `ExportError` where it is not what was agreed to any more."""
    campaign = workbench.library.campaign(agreed.campaign)
    next_state(campaign.name, campaign.state, "schedule")
    due = _due(campaign)
    require_same(promise_campaign(workbench, campaign), agreed)
    return workbench.library.mailings.advance(
        campaign.name,
        "schedule",
        workbench.clock(),
        workbench.author,
        {"due": due.isoformat(), "count": agreed.count},
        campaign.revision,
    )


def withdraw(workbench: Workbench, name: str) -> Campaign:
    """The campaign, off the schedule and a draft again."""
    return _advance(workbench, name, "withdraw")


def cancel(workbench: Workbench, name: str) -> Campaign:
    """The campaign, cancelled; the files of a hand-off that was cut short are removed."""
    campaign = _advance(workbench, name, "cancel")
    sweep(workbench, campaign.number)
    return campaign


def reopen(workbench: Workbench, name: str) -> Campaign:
    """The cancelled campaign, a draft again."""
    return _advance(workbench, name, "reopen")


def due_campaigns(workbench: Workbench) -> tuple[Campaign, ...]:
    """The scheduled campaigns whose time has come, the earliest first."""
    now = workbench.clock()
    found = [
        (due, campaign.name, campaign)
        for campaign in workbench.library.campaigns()
        if campaign.state == "scheduled" and (due := campaign.settings.due) and due <= now
    ]
    return tuple(campaign for *_, campaign in sorted(found, key=lambda each: each[:2]))


def run_due(
    workbench: Workbench, progress: Callable[[str], None] | None = None
) -> Iterator[Outcome]:
    """Hand off every scheduled campaign whose time has come, over the newest data, one by one.

    What keeps one from being sent takes it off the schedule, with the reason noted; the others go
    on. Several processes may do this at once, and each be killed at any moment: every campaign is
    handed off once.
    """
    workbench.refresh()
    for campaign in due_campaigns(workbench):
        if progress is not None:
            progress(campaign.name)
        outcome = _run(workbench, campaign)
        if outcome is not None:
            yield outcome
    sweep(workbench)
    sweep_unfinished(workbench)


def _run(workbench: Workbench, campaign: Campaign) -> Outcome | None:
    """Hand one campaign off; None where another process did, or somebody took it away."""
    id = scheduled_id(campaign)
    try:
        promise = None
        if find_folder(workbench, id) is None:
            reviewed = review_campaign(workbench, campaign, at_its_time=True)
            require_sound(campaign, reviewed.issues)
            promise = promise_campaign(workbench, campaign)
            _require_like(workbench, campaign, promise.agreed.count)
        record = hand_off(workbench, campaign, promise, id, _due(campaign))
    except SegbenchError as error:
        now = workbench.library.campaign(campaign.name)
        if now.revision != campaign.revision:
            mine = next((each for each in now.exports if each.id == id), None)
            return Outcome(now.name, mine) if mine is not None else None
        if isinstance(error, (CampaignError, RuleError)):
            return _hold(workbench, campaign, str(error))
        return Outcome(campaign.name, None, failed=str(error))
    return Outcome(campaign.name, record)


def _hold(workbench: Workbench, campaign: Campaign, why: str) -> Outcome:
    detail = {"held": why}
    workbench.library.mailings.advance(
        campaign.name, "withdraw", workbench.clock(), workbench.author, detail, campaign.revision
    )
    return Outcome(campaign.name, None, why)


def _require_like(workbench: Workbench, campaign: Campaign, count: int) -> None:
    """`CampaignError` where far more would be sent to than somebody agreed to."""
    steps = workbench.library.mailings.steps(campaign.name)
    agreed = next((s.detail.get("count") for s in reversed(steps) if s.state == "scheduled"), None)
    jump = workbench.settings.sending.jump
    if agreed and count >= jump * agreed:
        raise CampaignError(
            f"There are {count:,} recipients now, {times(count, agreed)} × the {agreed:,} that "
            "were agreed to when it was scheduled."
        )


def _due(campaign: Campaign) -> dt.datetime:
    due = campaign.settings.due
    if due is None:
        raise CampaignError(
            f"The campaign {campaign.name!r} has no time of sending: set send_at first."
        )
    return due


def _advance(workbench: Workbench, name: str, act: Any) -> Campaign:
    return workbench.library.mailings.advance(name, act, workbench.clock(), workbench.author)


def changed(workbench: Workbench, campaign: Campaign, change: CampaignChange) -> Campaign:
    """The campaign with a change of it saved; `LibraryError` where somebody else was faster."""
    return workbench.library.mailings.change(
        campaign.name, change, workbench.clock(), workbench.author, campaign.revision
    )
