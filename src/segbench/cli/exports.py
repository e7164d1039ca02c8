"""`segbench export formats`, `list` and `verify`: about exports that there are."""

from __future__ import annotations

import sys

import click

from segbench.audience.formats.registry import FORMATS
from segbench.cli.options import json_option, workspace_option
from segbench.cli.shown import REFUSED, as_json, speaks_plainly, table, working
from segbench.workbench.verifying import verify
from segbench.workbench.workbench import Workbench


@click.command("formats")
@json_option
@speaks_plainly
def formats_command(machine: bool) -> None:
    """The formats that recipients can be exported in."""
    if machine:
        as_json([{"name": f.name, "label": f.label, "about": f.about} for f in FORMATS.values()])
    else:
        table(["format", "for", "what"], [[f.name, f.label, f.about] for f in FORMATS.values()])


@click.command("list")
@workspace_option
@click.option("--campaign", help="Those of one campaign; default: of all.")
@json_option
@speaks_plainly
def list_command(workspace: str, campaign: str | None, machine: bool) -> None:
    """The exports of campaigns, and where they were delivered to."""
    with Workbench.open(workspace) as workbench:
        library = workbench.library
        campaigns = [library.campaign(campaign)] if campaign else library.campaigns()
        delivered: dict[str, list[str]] = {}
        for each in library.deliveries.all():
            delivered.setdefault(each.export, []).append(f"{each.destination} ({each.state})")
        found = [
            {
                "export": record.id,
                "created": record.created,
                "campaign": known.name,
                "segment": record.segment,
                "count": record.count,
                "folder": str(workbench.workspace.exports / record.folder),
                "deliveries": delivered.get(record.id, []),
            }
            for known in campaigns
            for record in known.exports
        ]
        zone = workbench.zone
    if machine:
        as_json(found)
    elif not found:
        click.echo("No exports yet.")
    else:
        rows = [
            [
                each["export"],
                f"{each['created'].astimezone(zone):%Y-%m-%d %H:%M}",  # type: ignore[attr-defined]
                each["campaign"],
                each["segment"],
                each["count"],
                ", ".join(each["deliveries"]) or "-",  # type: ignore[arg-type]
            ]
            for each in found
        ]
        table(["export", "when", "campaign", "recipient (to)", "recipients", "delivered"], rows)


@click.command("verify")
@workspace_option
@click.argument("what", metavar="FOLDER|ID")
@json_option
@speaks_plainly
def verify_command(workspace: str, what: str, machine: bool) -> None:
    """Verify an export: its files, and the same contacts again from the data it cites.

    Exit code 1 where something is wrong; what cannot be checked any more is said and is no fault.
    """
    with Workbench.open(workspace) as workbench, working("Reading the files") as doing:
        found = verify(workbench, what, doing)
    if machine:
        as_json(
            {
                "folder": str(found.folder),
                "export": found.record.id if found.record else None,
                "holds": found.holds,
                "problems": found.problems,
                "checked": found.checked,
                "could_not_be_checked": found.unchecked,
            }
        )
    else:
        for heading, lines in (
            ("Wrong", found.problems),
            ("Checked", found.checked),
            ("Could not be checked", found.unchecked),
        ):
            for line in lines:
                click.echo(f"{heading}: {line}")
    if not found.holds:
        sys.exit(REFUSED)
