"""`segbench demo` and `segbench import`: contacts into a workspace."""

from __future__ import annotations

import contextlib
import datetime as dt
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from segbench.cli.options import json_option, workspace_option
from segbench.cli.shown import as_json, counting, refuse, speaks_plainly, table, working
from segbench.cli.told import told_mapping
from segbench.demo.fill import CRM, MOST, RETAIL, demo_crm, fill, retail
from segbench.errors import SegbenchError, near_names, offer
from segbench.lake.importing import import_files
from segbench.lake.lake import Lake
from segbench.lake.report import ImportReport
from segbench.model.operators import WEEKDAYS
from segbench.model.vocabulary import ENGAGEMENT_EVENTS
from segbench.workbench.preparing import prepare_workspace
from segbench.workbench.workbench import utc_now
from segbench.workbench.workspace import Settings, Workspace, locate, made_aside

FILE = click.Path(exists=True, dir_okay=False)
OF_SETTING = {
    "engagement_events": "engagement",
    "week_start": "week-start",
    "contact_time_zone": "contact-time-zone",
}
"""The option of each setting that only a new workspace takes."""
GENERATED_ONLY = ("contacts", "seed", "until")
"""Options of the generated CRM, which the retail data has no use for."""


@click.command()
@workspace_option
@click.option(
    "--data",
    type=click.Choice([CRM, RETAIL]),
    default=CRM,
    show_default=True,
    help="A generated CRM, or retail households (needs segbench[retail]).",
)
@click.option(
    "--contacts",
    type=click.IntRange(1_000, MOST),
    default=50_000,
    show_default=True,
    help="How many contacts to generate.",
)
@click.option(
    "--seed", type=click.IntRange(0), default=7, show_default=True, help="Same seed, same contacts."
)
@click.option(
    "--until",
    type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"]),
    help="The end of the year of events, UTC; default: today, 00:00.",
)
@json_option
@speaks_plainly
def demo(
    workspace: str, data: str, contacts: int, seed: int, until: dt.datetime | None, machine: bool
) -> None:
    """Make a workspace with demo contacts, events and a few saved segments."""
    start = time.perf_counter()
    end = until or utc_now().replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    place = locate(workspace)
    if data == RETAIL:
        _require_no_generated_options()
        source, total = retail(), 2_469
        end = source.settings.as_of or end
    else:
        source, total = demo_crm(contacts, seed=seed, until=end), contacts
    with counting("Making contacts", total, then="Writing the lake") as at:
        report = fill(place, source, at)
    _prepare(place)
    seconds = time.perf_counter() - start
    if machine:
        as_json(
            {
                "workspace": str(place.root),
                "contacts": report.contacts,
                "tags": report.tags,
                "events": report.events,
                "snapshot": report.snapshot,
                "as_of": f"{end.isoformat()}Z",
                "segments": [segment.name for segment in source.segments],
                "about": source.settings.about,
                "seconds": round(seconds, 2),
            }
        )
        return
    click.echo(
        f"{place.root.name}: {report.contacts:,} contacts, {report.tags:,} tags, "
        f"{report.events:,} events in {seconds:.1f} s."
    )
    click.echo(source.settings.about)
    click.echo(f"Next: segbench serve --workspace {workspace}")


def _require_no_generated_options() -> None:
    context = click.get_current_context()
    typed = click.core.ParameterSource.COMMANDLINE
    for name in GENERATED_ONLY:
        if context.get_parameter_source(name) is typed:
            raise click.UsageError(f"--data {RETAIL} is what it is: it takes no --{name}.")


@click.command("import")
@workspace_option
@click.option("--contacts", type=FILE, help="CSV or Parquet: one contact a row.")
@click.option("--tags", type=FILE, help="CSV or Parquet: one tag of a contact a row.")
@click.option("--events", type=FILE, help="CSV or Parquet: one event a row.")
@click.option("--mapping", type=FILE, help="JSON or TOML: which column is what.")
@click.option(
    "--map",
    "mapped",
    multiple=True,
    metavar="TABLE.ROLE=COLUMN",
    help="One column, such as contacts.key='Contact ID' or events.at=When; may be repeated.",
)
@click.option(
    "--type",
    "typed",
    multiple=True,
    metavar="NAME=TYPE",
    help="The type of one field or property, such as interests=list; may be repeated.",
)
@click.option("--tag-separator", help="Cells hold several tags with this between them.")
@click.option(
    "--list-separator", help="Between the items of a list; default: ; or, where there is none, |."
)
@click.option("--time-zone", help="Of times without an offset; default: the workspace's, or UTC.")
@click.option(
    "--engagement",
    multiple=True,
    metavar="EVENT",
    help="An event that counts as engagement, for the pre-built “engaged”; may be repeated. Only "
    f"for a new workspace; default: {', '.join(ENGAGEMENT_EVENTS)}.",
)
@click.option(
    "--week-start",
    type=click.Choice(WEEKDAYS, case_sensitive=False),
    help="The first day of a week. Only for a new workspace; default: monday.",
)
@click.option(
    "--contact-time-zone",
    metavar="FIELD",
    help="The field with each contact's own time zone. Only for a new workspace.",
)
@click.option("--strict", is_flag=True, help="Refuse the whole import if any row is rejected.")
@click.option("--dry-run", is_flag=True, help="Report only; write nothing.")
@click.option("--rejects", type=click.Path(dir_okay=False), help="Write rejected rows as CSV here.")
@json_option
@speaks_plainly
def import_command(
    workspace: str,
    mapping: str | None,
    mapped: tuple[str, ...],
    typed: tuple[str, ...],
    time_zone: str | None,
    engagement: tuple[str, ...],
    week_start: str | None,
    contact_time_zone: str | None,
    rejects: str | None,
    machine: bool,
    **files: Any,
) -> None:
    """Bring your own contacts, tags and events into a workspace, in one transaction.

    A new workspace is made where there is none. A contact whose key is known already is updated
    in the columns that the file has. A tag is kept once, with the last time at which it was given.
    """
    place = locate(workspace)
    require_folder(rejects)
    chosen = {
        "engagement_events": engagement,
        "week_start": week_start,
        "contact_time_zone": contact_time_zone,
    }
    settings = _settings(place, time_zone, {name: given for name, given in chosen.items() if given})
    told = told_mapping(mapping, mapped, typed)
    zone = time_zone or settings.time_zone
    with working("Reading") as say, filled_lake(place, settings) as lake:
        report = import_files(lake, mapping=told, time_zone=zone, progress=say, **files)
        if contact_time_zone:
            _require_text(contact_time_zone, report)
    if not files["dry_run"]:
        _prepare(place)
    as_json(report.summary()) if machine else _show(report, hint=not rejects)
    if rejects:
        report.write_rejects(rejects)
        if report.reasons and not machine:
            click.echo(f"All rejected rows are in {rejects}.")


def _prepare(place: Workspace) -> None:
    """The contacts are there by now: what cannot be prepared is made when it is asked for."""
    with working("Preparing fields"), contextlib.suppress(SegbenchError):
        prepare_workspace(place)


def require_folder(rejects: str | None) -> None:
    """Refuse before anything is imported what could not be written afterwards."""
    if rejects and not Path(rejects).absolute().parent.is_dir():
        refuse(f"There is no folder for --rejects {rejects}; make it first.")


def _settings(place: Workspace, time_zone: str | None, chosen: dict[str, Any]) -> Settings:
    """The settings that the workspace has, or will have."""
    if not place.exists:
        return Settings(place.root.name, time_zone or "UTC", **chosen)
    for name in chosen:
        refuse(
            f"--{OF_SETTING[name]} is for a new workspace; {str(place.root)!r} is there already: "
            f"change {name} in its workspace.json."
        )
    return place.settings()


def _require_text(field: str, report: ImportReport) -> None:
    """Refuse a field of time zones that contacts do not have, or that is no text."""
    fields = report.types.get("contacts", {})
    if field not in fields:
        refuse(
            f"--contact-time-zone names no field of these contacts: there is no {field!r}"
            f"{offer(near_names(field, fields))} Their fields: {', '.join(fields) or 'none'}."
        )
    if fields[field] != "text":
        refuse(
            f"--contact-time-zone needs a field of text such as Europe/Berlin; "
            f"{field!r} is {fields[field]}."
        )


@contextlib.contextmanager
def filled_lake(place: Workspace, settings: Settings) -> Iterator[Lake]:
    """The workspace's lake, or that of a new one, of which nothing is left unless it is filled."""
    if place.exists:
        with Lake.open(place.lake) as lake:
            yield lake
        return
    with made_aside(place, settings) as fresh:
        with Lake.create(fresh.lake) as lake:
            empty = lake.snapshots()
            yield lake
            filled = lake.snapshots() != empty
        if not filled:
            shutil.rmtree(fresh.lake)


def _show(report: ImportReport, *, hint: bool) -> None:
    for name, types in report.types.items():
        if not types:
            continue
        click.echo(f"{Path(name).name}: " + ", ".join(f"{f} ({t})" for f, t in types.items()))
    later = f", {report.tags_later:,} given later" if report.tags_later else ""
    click.echo(
        f"Contacts: {report.added:,} added, {report.updated:,} updated, "
        f"{report.unchanged:,} unchanged. Tags: {report.tags_added:,} added{later}. "
        f"Events: {report.events_added:,} added, {report.already_there:,} there already."
    )
    if report.reasons:
        click.echo(f"Rejected {sum(report.reasons.values()):,} rows:")
        table(["rows", "reason"], [[count, reason] for reason, count in report.reasons.items()])
        for reject in report.rejected[:10]:
            click.echo(f"  {reject.file} row {reject.row}: {reject.reason}")
        if hint and len(report.rejected) > 10:
            click.echo("  … give --rejects FILE to have all of them.")
    if report.dry_run:
        click.echo("Dry run: nothing was written.")
    elif report.snapshot is None:
        click.echo("Nothing changed: no new snapshot.")
    else:
        click.echo(f"Snapshot {report.snapshot}.")
