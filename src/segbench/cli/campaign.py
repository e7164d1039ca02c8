"""`segbench campaign`: make a campaign, say whom it goes to, review it and send it."""

from __future__ import annotations

import click

from segbench.cli import campaign_sending
from segbench.cli.campaign_shown import (
    audience_data,
    campaign_data,
    issues_data,
    show_audience,
    show_campaign,
    show_issues,
)
from segbench.cli.campaign_sources import HELP, read_source, without
from segbench.cli.campaign_split import split
from segbench.cli.options import json_option, workspace_option
from segbench.cli.shown import REFUSED, as_json, refuse, speaks_plainly, table, working
from segbench.errors import NotSaved, RuleError
from segbench.library.campaign_changes import CampaignChange
from segbench.model.campaign import Campaign
from segbench.model.campaign_states import STATE_WORDS
from segbench.model.recipe import RecipientSource, Role
from segbench.model.send_settings_form import with_texts
from segbench.workbench.audiences import find_audience
from segbench.workbench.scheduling import changed
from segbench.workbench.sending import mark_reviewed
from segbench.workbench.workbench import Workbench


@click.group("campaign")
def campaign_group() -> None:
    """Campaigns: settings, recipients, review, sending, schedule."""


@campaign_group.command()
@click.argument("name")
@click.option("--like", help="A campaign whose settings and recipients it starts with.")
@workspace_option
@json_option
@speaks_plainly
def create(name: str, like: str | None, workspace: str, machine: bool) -> None:
    """Make the campaign NAME, a draft."""
    with Workbench.open(workspace) as workbench:
        made = workbench.campaign(name, create=True, like=like).campaign
    _done(made, machine, f"Made the campaign “{made.name}”.")


@campaign_group.command("list")
@workspace_option
@json_option
@speaks_plainly
def list_command(workspace: str, machine: bool) -> None:
    """List all campaigns."""
    with Workbench.open(workspace) as workbench:
        found = workbench.library.campaigns()
    if machine:
        as_json([campaign_data(campaign) for campaign in found])
    elif found:
        rows = [[each.name, STATE_WORDS[each.state], len(each.exports)] for each in found]
        table(["campaign", "state", "exports"], rows)
    else:
        click.echo("No campaigns yet. Make one with: segbench campaign create NAME")


@campaign_group.command()
@click.argument("name")
@workspace_option
@json_option
@speaks_plainly
def show(name: str, workspace: str, machine: bool) -> None:
    """Show the campaign NAME: settings, recipients with the reachability ladder, exports."""
    problem, audience = "", None
    with working("Counting"), Workbench.open(workspace) as workbench:
        campaign = workbench.library.campaign(name)
        steps = workbench.library.mailings.steps(name)
        try:
            audience = find_audience(workbench, campaign.recipe)
        except (RuleError, NotSaved) as error:
            problem = str(error)
    if machine:
        numbers = audience_data(audience) if audience is not None else {"error": problem}
        as_json(campaign_data(campaign) | {"audience": numbers})
        return
    show_campaign(campaign, steps)
    click.echo()
    if audience is not None:
        show_audience(audience)
    else:
        click.echo(problem)


@campaign_group.command("set")
@click.argument("name")
@click.argument("settings", nargs=-1, metavar="SETTING=VALUE...")
@click.option("--rename", metavar="NEW", help="Another name for the campaign.")
@workspace_option
@json_option
@speaks_plainly
def set_command(
    name: str, settings: tuple[str, ...], rename: str | None, workspace: str, machine: bool
) -> None:
    """Change send settings of the campaign NAME, such as subject="Hello {{ first_name }}".

    An empty value takes a setting away. The time of sending is send_at="2026-11-30 09:00", in the
    time_zone of the campaign.
    """
    texts = {}
    for entry in settings:
        key, equals, value = entry.partition("=")
        if not equals:
            refuse(f"Write SETTING=VALUE, such as subject=Hello; not {entry!r}.")
        texts[key.strip()] = value
    with Workbench.open(workspace) as workbench:
        campaign = workbench.library.campaign(name)
        new = with_texts(campaign.settings, texts)
        after = changed(workbench, campaign, CampaignChange(name=rename, settings=new))
    _done(after, machine, f"Saved “{after.name}”.")


def _sources_command(role: Role, words: str) -> None:
    @campaign_group.command("to" if role == "include" else role, help=f"{words} {HELP}")
    @click.argument("name")
    @click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
    @click.option("--replace", is_flag=True, help="In the place of those that it has.")
    @click.option("--remove", is_flag=True, help="Take these away.")
    @workspace_option
    @json_option
    @speaks_plainly
    def command(
        name: str,
        sources: tuple[str, ...],
        replace: bool,
        remove: bool,
        workspace: str,
        machine: bool,
    ) -> None:
        if replace and remove:
            refuse("Choose --replace or --remove, not both.")
        with Workbench.open(workspace) as workbench:
            campaign = workbench.library.campaign(name)
            before: tuple[RecipientSource, ...] = getattr(campaign, role)
            if remove:
                after = without(before, sources)
            else:
                given = tuple(read_source(workbench, source) for source in sources)
                after = given if replace else (*before, *given)
            including = role == "include"
            change = CampaignChange(
                include=after if including else None, exclude=None if including else after
            )
            saved = changed(workbench, campaign, change)
        told = ", ".join(source.name for source in getattr(saved, role)) or "nobody"
        _done(saved, machine, f"“{saved.name}”: {'To' if role == 'include' else 'Not to'} {told}.")


_sources_command("include", "Send the campaign NAME to these, the most important first.")
_sources_command("exclude", "Leave these out of the campaign NAME.")


@campaign_group.command()
@click.argument("name")
@workspace_option
@json_option
@speaks_plainly
def review(name: str, workspace: str, machine: bool) -> None:
    """Look the campaign NAME through; where nothing must be mended it can be sent then.

    The exit code is 1 where something must be mended.
    """
    with working("Reviewing"), Workbench.open(workspace) as workbench:
        reviewed = mark_reviewed(workbench, name)
    if machine:
        numbers = audience_data(reviewed.audience) if reviewed.audience is not None else None
        issues = issues_data(reviewed.issues)
        as_json(campaign_data(reviewed.campaign) | {"issues": issues, "audience": numbers})
    else:
        show_issues(reviewed.issues)
        count = f": {reviewed.audience.count:,} recipients" if reviewed.audience else ""
        click.echo(f"“{reviewed.campaign.name}” is {STATE_WORDS[reviewed.campaign.state]}{count}.")
    if reviewed.campaign.state != "reviewed":
        raise SystemExit(REFUSED)


def _done(campaign: Campaign, machine: bool, words: str) -> None:
    if machine:
        as_json(campaign_data(campaign))
    else:
        click.echo(words)


for _command in (split, *campaign_sending.COMMANDS):
    campaign_group.add_command(_command)
