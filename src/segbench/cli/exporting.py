"""`segbench export`: freeze a segment's contacts as the recipients of a campaign."""

from __future__ import annotations

import datetime as dt
import sys

import click
from click.core import ParameterSource

from segbench.audience.campaign import Confirmation
from segbench.audience.export import ExportOptions
from segbench.audience.formats.picking import Picked, pick_columns
from segbench.audience.formats.registry import FORMATS
from segbench.audience.manifest import read_manifest
from segbench.cli.deliveries import deliver_command, destinations_command
from segbench.cli.exports import formats_command, list_command, verify_command
from segbench.cli.options import as_of_option, json_option, workspace_option
from segbench.cli.shown import as_json, counting, refuse, speaks_plainly, working
from segbench.model.campaign import ExportRecord
from segbench.workbench import handing
from segbench.workbench.workbench import Workbench


@click.group(invoke_without_command=True)
@workspace_option
@click.option("--campaign", help="The campaign's name; made where there is none.")
@click.option("--segment", help="The saved segment that is its Recipient (To).")
@click.option("--reachable", is_flag=True, help="Only who can be reached, one for each address.")
@click.option("--columns", help="Fields to export, with commas between; default: all but personal.")
@click.option("--pii", is_flag=True, help="Personal fields, too: addresses, names, numbers.")
@click.option("--format", "formats", default="csv,parquet", show_default=True, help="Formats.")
@click.option("--role", "roles", multiple=True, help="Which field is what: email=work_email.")
@click.option("--region", default="", help="Where phone numbers without country code are from: DE.")
@click.option("--shard-rows", type=click.IntRange(1), help="The most rows of a file.")
@click.option("--yes", is_flag=True, help="Agree to the count without being asked.")
@as_of_option
@json_option
@click.pass_context
@speaks_plainly
def export(
    context: click.Context,
    workspace: str,
    campaign: str | None,
    segment: str | None,
    reachable: bool,
    columns: str | None,
    pii: bool,
    formats: str,
    roles: tuple[str, ...],
    region: str,
    shard_rows: int | None,
    yes: bool,
    as_of: dt.datetime | None,
    machine: bool,
) -> None:
    """Export the recipients of a campaign with a manifest, recorded on it.

    `segbench export --campaign NAME --segment NAME` exports; the commands below are about exports
    that there are.
    """
    if context.invoked_subcommand is not None:
        _refuse_options(context)
        return
    if not campaign or not segment:
        raise click.UsageError("Missing option '--campaign' or '--segment'.")
    chosen = _split(columns) if columns else None
    options = ExportOptions(tuple(_split(formats)), _roles(roles), region, shard_rows)
    with Workbench.open(workspace, as_of=as_of) as workbench:
        with working("Counting"):
            there = workbench.columns()
            if chosen is not None:
                workbench.columns(chosen)
            picked = pick_columns(there, chosen, options, personal=pii)
            agreed = handing.confirm(workbench, campaign, segment, reachable=reachable)
        if not yes:
            _ask(agreed, machine)
        with counting("Exporting", agreed.count) as at:
            record = handing.export(workbench, agreed, picked.columns, at, picked.options)
        _tell(workbench, agreed, record, picked, machine)


for command in (formats_command, list_command, verify_command, deliver_command):
    export.add_command(command)
export.add_command(destinations_command)


def _refuse_options(context: click.Context) -> None:
    """Wrong usage where options of the export stand before a command, which has its own."""
    for name in context.params:
        if context.get_parameter_source(name) is ParameterSource.COMMANDLINE:
            raise click.UsageError(
                f"Options come behind the command: segbench export {context.invoked_subcommand} …"
            )


def _ask(agreed: Confirmation, machine: bool) -> None:
    if machine or not sys.stdin.isatty():
        refuse(f"{agreed.question} Give --yes to agree.")
    click.echo(agreed.sentence)
    if agreed.account:
        click.echo(agreed.account)
    click.confirm(agreed.question, abort=True)


def _tell(
    workbench: Workbench,
    agreed: Confirmation,
    record: ExportRecord,
    picked: Picked,
    machine: bool,
) -> None:
    folder = handing.folder_of(workbench, record)
    manifest = read_manifest(folder)
    names = [*(file["name"] for file in manifest["files"]), "manifest.json"]
    if machine:
        as_json(
            {
                "campaign": agreed.campaign,
                "segment": record.segment,
                "count": record.count,
                "export": record.id,
                "folder": str(folder),
                "files": names,
                "columns": manifest["columns"],
                "personal_columns_left_out": list(picked.left_out),
                "formats": manifest["formats"],
                "rules_sha256": record.rules_sha256,
                "manifest_sha256": record.manifest_sha256,
            }
        )
        return
    click.echo(f"{record.count:,} recipients for “{agreed.campaign}”, in {folder}:")
    click.echo(", ".join(names))
    for each in manifest["formats"]:
        if each["rows"] < (least := FORMATS[each["name"]].least):
            click.echo(
                f"{each['name']}: {each['rows']:,} contacts; lists of {least} and more match."
            )
        for reason, contacts in each["left_out"].items():
            click.echo(f"{each['name']}: {contacts:,} left out, {reason}")
        for what, cells in each["blank"].items():
            click.echo(f"{each['name']}: {cells:,} left blank, not a possible {what}")
    if picked.left_out:
        click.echo(f"Left out, since they are personal: {', '.join(picked.left_out)} (--pii)")


def _split(text: str) -> list[str]:
    return [name.strip() for name in text.split(",")]


def _roles(given: tuple[str, ...]) -> dict[str, list[str]]:
    """`email=work_email,email` as a role and its fields; nothing behind the = means none."""
    found = {}
    for text in given:
        role, equals, fields = text.partition("=")
        if not equals:
            raise click.UsageError(f"Write a role as email=FIELD, not {text!r}.")
        found[role.strip()] = _split(fields) if fields.strip() else []
    return found
