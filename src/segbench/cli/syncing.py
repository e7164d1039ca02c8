"""`segbench sync`: a workspace follows a folder or a PostgreSQL database."""

from __future__ import annotations

import datetime as dt
from typing import Any

import click

from segbench.cli.filling import FILE, filled_lake, require_folder
from segbench.cli.options import json_option, workspace_option
from segbench.cli.shown import as_json, refuse, speaks_plainly, table, working
from segbench.cli.told import told_mapping
from segbench.lake.stage import FIXED
from segbench.lake.sync_report import SyncReport
from segbench.lake.syncing import sync
from segbench.workbench.workbench import Workbench, utc_now
from segbench.workbench.workspace import Settings, Workspace, locate

_SHOWN = 10


@click.command("sync")
@click.argument("source")
@workspace_option
@click.option("--contacts", metavar="TABLE|QUERY", help="Of a database: one contact a row.")
@click.option("--tags", metavar="TABLE|QUERY", help="Of a database: one tag of a contact a row.")
@click.option("--events", metavar="TABLE|QUERY", help="Of a database: one event a row.")
@click.option(
    "--watermark",
    multiple=True,
    metavar="[TABLE=]COLUMN",
    help="Read only rows from the last mark on, by a column that grows with every change; "
    "may be repeated for tables with different ones, such as events=at.",
)
@click.option("--full", is_flag=True, help="Read everything in spite of --watermark, and note it.")
@click.option(
    "--deleted", metavar="COLUMN", help="The column that is true or a time in deleted rows."
)
@click.option(
    "--overlap",
    type=click.FloatRange(0),
    default=0.0,
    metavar="HOURS",
    help="Read rows again that are so much older than the watermark.",
)
@click.option("--mapping", type=FILE, help="JSON or TOML: which column is what.")
@click.option(
    "--map",
    "mapped",
    multiple=True,
    metavar="TABLE.ROLE=COLUMN",
    help="One column, such as contacts.key='Contact ID'; may be repeated.",
)
@click.option(
    "--type",
    "typed",
    multiple=True,
    metavar="NAME=TYPE",
    help="The type of one field or property; may be repeated.",
)
@click.option("--tag-separator", help="Cells hold several tags with this between them.")
@click.option(
    "--list-separator", help="Between the items of a list; default: ; or, where there is none, |."
)
@click.option("--time-zone", help="Of times without an offset; default: the workspace's, or UTC.")
@click.option("--retype", is_flag=True, help="Give columns the types that the source has now.")
@click.option(
    "--drop-columns/--keep-columns",
    default=None,
    help="What to do with columns that the source has no more: drop them, or keep their last "
    "values. Without either they refuse the sync.",
)
@click.option("--allow-empty", is_flag=True, help="Let an empty table delete all that there is.")
@click.option("--name", help="What the lake remembers the source by; default: where it is.")
@click.option("--strict", is_flag=True, help="Refuse the whole sync if any row is rejected.")
@click.option("--dry-run", is_flag=True, help="Report only; write nothing.")
@click.option("--rejects", type=click.Path(dir_okay=False), help="Write rejected rows as CSV here.")
@json_option
@speaks_plainly
def sync_command(
    source: str,
    workspace: str,
    watermark: tuple[str, ...],
    overlap: float,
    mapping: str | None,
    mapped: tuple[str, ...],
    typed: tuple[str, ...],
    time_zone: str | None,
    rejects: str | None,
    machine: bool,
    **options: Any,
) -> None:
    """Make the contacts, tags and events of a workspace follow SOURCE, in one transaction.

    SOURCE is a folder with CSV or Parquet files named contacts*, tags* and events*, or the URL of a
    PostgreSQL database, whose password may be in PGPASSWORD. Without --watermark the source is the
    truth: what it does not have any more is deleted. A new workspace is made where there is none.
    """
    place = locate(workspace)
    require_folder(rejects)
    chosen = {
        **options,
        "mapping": told_mapping(mapping, mapped, typed),
        "watermark": _watermark(watermark),
        "overlap": dt.timedelta(hours=overlap),
    }
    if time_zone:
        chosen["time_zone"] = time_zone
    report = _run(place, source, chosen)
    as_json(report.summary()) if machine else _show(report, hint=not rejects)
    if rejects:
        report.write_rejects(rejects)
        if report.reasons and not machine:
            click.echo(f"All rejected rows are in {rejects}.")


def _watermark(given: tuple[str, ...]) -> str | dict[str, str] | None:
    """One column for all tables, or columns by table."""
    named = [entry.partition("=") for entry in given]
    by_table = {table: column for table, equals, column in named if equals and table in FIXED}
    if len(by_table) == len(given):
        return by_table or None
    if len(given) > 1:
        refuse("Give --watermark once, or once for each table, such as --watermark events=at.")
    return given[0]


def _run(place: Workspace, source: str, options: dict[str, Any]) -> SyncReport:
    with working("Reading") as say:
        if place.exists:
            with Workbench.open(place.root) as workbench:
                return workbench.sync(source, progress=say, **options)
        settings = Settings(place.root.name, options.get("time_zone", "UTC"))
        with filled_lake(place, settings) as lake:
            return sync(lake, source, now=utc_now(), progress=say, **options)


def _show(report: SyncReport, *, hint: bool) -> None:
    click.echo(
        f"Contacts: {report.added:,} added, {report.updated:,} updated, "
        f"{report.unchanged:,} unchanged, {report.deleted:,} deleted. "
        f"Tags: {report.tags_added:,} added, {report.tags_removed:,} removed"
        f"{f', {report.tags_retimed:,} given at another time' if report.tags_retimed else ''}. "
        f"Events: {report.events_added:,} added, {report.events_removed:,} removed."
    )
    for line in _columns(report):
        click.echo(line)
    for name in report.spared:
        click.echo(
            f"Nothing of the {name} was deleted: a malformed line of theirs may be anybody's."
        )
    if report.reasons:
        click.echo(f"Rejected {sum(report.reasons.values()):,} rows:")
        table(["rows", "reason"], [[count, reason] for reason, count in report.reasons.items()])
        for reject in report.rejected[:_SHOWN]:
            click.echo(f"  {reject.file} row {reject.row}: {reject.reason}")
        if hint and len(report.rejected) > _SHOWN:
            click.echo("  … give --rejects FILE to have all of them.")
    for name, mark in report.watermarks.items():
        click.echo(f"The {name} are read up to {mark}.")
    if report.dry_run:
        click.echo("Dry run: nothing was written.")
    elif report.snapshot is None:
        click.echo("Nothing changed: no new snapshot.")
    else:
        click.echo(f"Snapshot {report.snapshot}.")


def _columns(report: SyncReport) -> list[str]:
    """What happened to the columns, a line for each kind of change in a table."""
    lines = []
    for name, new in report.new_columns.items():
        lines.append(f"New in {name}: " + ", ".join(f"{n} ({kind})" for n, kind in new.items()))
    for name, types in report.retyped.items():
        said = (f"{n} ({old} to {new})" for n, (old, new) in types.items())
        lines.append(f"Another type in {name}: " + ", ".join(said))
    for name, dropped in report.dropped.items():
        lines.append(f"Dropped from {name}: " + ", ".join(dropped))
    for name, kept in report.kept.items():
        lines.append(f"Kept in {name} with their last values: " + ", ".join(kept))
    return lines
