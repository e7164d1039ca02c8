"""The commands of `segbench campaign` that send, schedule and cancel."""

from __future__ import annotations

import sys

import click

from segbench.audience.campaign import Confirmation
from segbench.cli.campaign_shown import campaign_data
from segbench.cli.options import json_option, workspace_option
from segbench.cli.shown import REFUSED, as_json, counting, refuse, speaks_plainly, working
from segbench.library.campaign_changes import CampaignChange
from segbench.model.campaign_states import STATE_WORDS
from segbench.model.send_settings_form import with_texts
from segbench.workbench import handing, scheduling, sending
from segbench.workbench.workbench import Workbench


@click.command()
@click.argument("name")
@click.option("--yes", is_flag=True, help="Agree to the count without being asked.")
@workspace_option
@json_option
@speaks_plainly
def send(name: str, yes: bool, workspace: str, machine: bool) -> None:
    """Hand the reviewed campaign NAME off now: its recipients are frozen and attached.

    The settings columns, personal, formats and region say what is in the files.
    """
    with Workbench.open(workspace) as workbench:
        with working("Counting"):
            agreed = sending.confirm_sending(workbench, name)
        _agree(agreed, agreed.question, yes, machine)
        with counting("Exporting", agreed.count) as at:
            record = sending.send(workbench, agreed, at)
        folder = handing.folder_of(workbench, record)
        campaign = workbench.library.campaign(name)
    if machine:
        as_json(campaign_data(campaign) | {"export": record.id, "folder": str(folder)})
    else:
        click.echo(f"Handed off “{campaign.name}”: {record.count:,} recipients, in {folder}")


@click.command()
@click.argument("name")
@click.option("--at", help="The time of sending, such as 2026-11-30 09:00 in its time zone.")
@click.option("--withdraw", is_flag=True, help="Take it off the schedule instead.")
@click.option("--yes", is_flag=True, help="Agree to the count without being asked.")
@workspace_option
@json_option
@speaks_plainly
def schedule(
    name: str, at: str | None, withdraw: bool, yes: bool, workspace: str, machine: bool
) -> None:
    """Put the campaign NAME on the schedule; `segbench campaign run-due` hands it off.

    With --at the time is set, and the campaign reviewed, first.
    """
    with Workbench.open(workspace) as workbench:
        if withdraw:
            after = scheduling.withdraw(workbench, name)
        else:
            if at is not None:
                _set_time(workbench, name, at)
            with working("Counting"):
                agreed = scheduling.confirm_schedule(workbench, name)
            due = workbench.library.campaign(name).settings.due
            question = f"Schedule “{agreed.campaign}” for {due:%Y-%m-%d %H:%M} UTC"
            _agree(agreed, f"{question}, to {agreed.count:,} recipients as of now?", yes, machine)
            after = scheduling.schedule(workbench, agreed)
    if machine:
        as_json(campaign_data(after))
    else:
        click.echo(f"“{after.name}” is {STATE_WORDS[after.state]}.")


def _set_time(workbench: Workbench, name: str, at: str) -> None:
    campaign = workbench.library.campaign(name)
    settings = with_texts(campaign.settings, {"send_at": at})
    saved = scheduling.changed(workbench, campaign, CampaignChange(settings=settings))
    reviewed = sending.mark_reviewed(workbench, saved.name)
    sending.require_sound(reviewed.campaign, reviewed.issues)


@click.command()
@click.argument("name")
@click.option("--reopen", is_flag=True, help="Make a cancelled campaign a draft again.")
@workspace_option
@json_option
@speaks_plainly
def cancel(name: str, reopen: bool, workspace: str, machine: bool) -> None:
    """Cancel the campaign NAME, unless it was handed off."""
    with Workbench.open(workspace) as workbench:
        act = scheduling.reopen if reopen else scheduling.cancel
        after = act(workbench, name)
    if machine:
        as_json(campaign_data(after))
    else:
        click.echo(f"“{after.name}” is {STATE_WORDS[after.state]}.")


@click.command("run-due")
@workspace_option
@json_option
@speaks_plainly
def run_due(workspace: str, machine: bool) -> None:
    """Hand off every scheduled campaign whose time has come, for cron.

    Safe to run twice at once, or again after it was killed: each campaign is handed off once. The
    exit code is 1 where one was held or failed.
    """
    with working("Looking") as at, Workbench.open(workspace) as workbench:
        outcomes = list(scheduling.run_due(workbench, lambda name: at(f"Handing off {name}")))
    if machine:
        as_json(
            [
                {
                    "campaign": each.campaign,
                    "export": each.record.id if each.record else None,
                    "count": each.record.count if each.record else None,
                    "held": each.held,
                    "failed": each.failed,
                }
                for each in outcomes
            ]
        )
    for each in () if machine else outcomes:
        if each.record is not None:
            click.echo(f"Handed off “{each.campaign}”: {each.record.count:,} recipients.")
        else:
            click.echo(f"“{each.campaign}” was not handed off: {each.held or each.failed}")
    if not machine and not outcomes:
        click.echo("No campaign is due.")
    if any(each.record is None for each in outcomes):
        raise SystemExit(REFUSED)


def _agree(agreed: Confirmation, question: str, yes: bool, machine: bool) -> None:
    """Repeat count and sentence, and ask; without a terminal only `--yes` agrees."""
    if yes:
        return
    if machine or not sys.stdin.isatty():
        refuse(f"{question} Give --yes to agree.")
    click.echo(agreed.sentence)
    click.echo(agreed.account)
    click.confirm(question, abort=True)


COMMANDS = (send, schedule, cancel, run_due)
