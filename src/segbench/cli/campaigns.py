"""`segbench export`: freeze a segment's contacts as the recipients of a campaign."""

from __future__ import annotations

import datetime as dt
import sys

import click

from segbench.audience.campaign import Confirmation
from segbench.cli.options import as_of_option, json_option, workspace_option
from segbench.cli.shown import as_json, counting, refuse, speaks_plainly, working
from segbench.model.campaign import ExportRecord
from segbench.workbench import handing
from segbench.workbench.workbench import Workbench


@click.command()
@workspace_option
@click.option("--campaign", required=True, help="The campaign's name; made where there is none.")
@click.option("--segment", required=True, help="The saved segment that is its Recipient (To).")
@click.option("--columns", help="Fields to export, with commas between; default: all.")
@click.option("--yes", is_flag=True, help="Agree to the count without being asked.")
@as_of_option
@json_option
@speaks_plainly
def export(
    workspace: str,
    campaign: str,
    segment: str,
    columns: str | None,
    yes: bool,
    as_of: dt.datetime | None,
    machine: bool,
) -> None:
    """Export the recipients of a campaign: CSV, Parquet and a manifest, recorded on it."""
    chosen = [name.strip() for name in columns.split(",")] if columns else None
    with Workbench.open(workspace, as_of=as_of) as workbench:
        with working("Counting"):
            workbench.columns(chosen)
            agreed = handing.confirm(workbench, campaign, segment)
        if not yes:
            _ask(agreed, machine)
        with counting("Exporting", agreed.count) as at:
            record = handing.export(workbench, agreed, chosen, at)
        folder = handing.folder_of(workbench, record)
    if machine:
        as_json(_data(agreed, record, str(folder)))
    else:
        click.echo(f"{record.count:,} recipients for “{agreed.campaign}”, in {folder}:")
        click.echo("recipients.csv, recipients.parquet, manifest.json")


def _ask(agreed: Confirmation, machine: bool) -> None:
    if machine or not sys.stdin.isatty():
        refuse(f"{agreed.question} Give --yes to agree.")
    click.echo(agreed.sentence)
    click.confirm(agreed.question, abort=True)


def _data(agreed: Confirmation, record: ExportRecord, folder: str) -> dict[str, object]:
    return {
        "campaign": agreed.campaign,
        "segment": record.segment,
        "count": record.count,
        "export": record.id,
        "folder": folder,
        "rules_sha256": record.rules_sha256,
        "manifest_sha256": record.manifest_sha256,
    }
