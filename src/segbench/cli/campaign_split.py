"""`segbench campaign split`: groups and a hold-out, sized for a difference."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import click

from segbench.audience.sizing import needed
from segbench.cli.campaign_shown import audience_data, campaign_data
from segbench.cli.options import json_option, workspace_option
from segbench.cli.shown import as_json, speaks_plainly, table, working
from segbench.library.campaign_changes import CampaignChange
from segbench.model.send_settings_form import split_from_text
from segbench.workbench import scheduling
from segbench.workbench.audiences import find_audience
from segbench.workbench.workbench import Workbench


@click.command()
@click.argument("name")
@click.argument("shares", metavar="SHARES")
@click.option("--seed", help="What the draw goes by; default: the campaign's name.")
@click.option("--baseline", type=float, help="The rate without the change, such as 0.05.")
@click.option("--difference", type=float, help="The rise to see, such as 0.01.")
@click.option("--power", type=float, help="The chance to see it; default: 0.8.")
@click.option("--significance", type=float, help="That of a false alarm; default: 0.05.")
@workspace_option
@json_option
@speaks_plainly
def split(
    name: str, shares: str, seed: str | None, workspace: str, machine: bool, **numbers: float | None
) -> None:
    """Split the recipients of the campaign NAME, such as "A=45, B=45, hold-out=10"; "" for none.

    The group hold-out is not sent to.
    """
    with working("Counting"), Workbench.open(workspace) as workbench:
        campaign = workbench.library.campaign(name)
        before = campaign.settings.split
        new = None
        if shares.strip():
            new = split_from_text(shares, before)
            told = {key: number for key, number in numbers.items() if number is not None}
            if seed is not None or not new.seed:
                told["seed"] = campaign.name if seed is None else seed  # type: ignore[assignment]
            new = replace(new, **told)  # type: ignore[arg-type]
        settings = replace(campaign.settings, split=new)
        after = scheduling.changed(workbench, campaign, CampaignChange(settings=settings))
        audience = find_audience(workbench, after.recipe)
    wanted = None
    if new is not None and new.difference:
        wanted = needed(
            new.baseline, new.difference, power=new.power, significance=new.significance
        )
    if machine:
        as_json(campaign_data(after) | {"audience": audience_data(audience), "needed": wanted})
        return
    if new is None:
        click.echo(f"“{after.name}” is not split.")
        return
    rows: list[list[Any]] = [[size, group] for group, size in audience.sizes.items()]
    table(["contacts", "group"], rows)
    if wanted is not None:
        click.echo(f"Two groups of {wanted:,} would show that difference.")
