"""`segbench demo` and `segbench import`: contacts into a workspace."""

from __future__ import annotations

import contextlib
import datetime as dt
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import click

from segbench.cli.options import json_option, workspace_option
from segbench.cli.shown import as_json, counting, refuse, speaks_plainly, table, working
from segbench.demo.fill import CRM, MOST, RETAIL, demo_crm, fill, folder, retail
from segbench.errors import LakeError
from segbench.lake.importing import import_files
from segbench.lake.lake import Lake
from segbench.lake.mapping import read_mapping
from segbench.lake.report import ImportReport
from segbench.workbench.workbench import utc_now
from segbench.workbench.workspace import SETTINGS, Settings, Workspace

FILE = click.Path(exists=True, dir_okay=False)


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
    place = folder(workspace)
    if data == RETAIL:
        source, total = retail(), 2_469
        end = source.settings.as_of or end
    else:
        source, total = demo_crm(contacts, seed=seed, until=end), contacts
    with counting("Making contacts", total, then="Writing the lake") as at:
        report = fill(place, source, at)
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
@click.option("--tag-separator", help="Cells hold several tags with this between them.")
@click.option("--time-zone", help="Of times without an offset; default: the workspace's, or UTC.")
@click.option("--strict", is_flag=True, help="Refuse the whole import if any row is rejected.")
@click.option("--dry-run", is_flag=True, help="Report only; write nothing.")
@click.option("--rejects", type=click.Path(dir_okay=False), help="Write rejected rows as CSV here.")
@json_option
@speaks_plainly
def import_command(
    workspace: str,
    contacts: str | None,
    tags: str | None,
    events: str | None,
    mapping: str | None,
    mapped: tuple[str, ...],
    tag_separator: str | None,
    time_zone: str | None,
    strict: bool,
    dry_run: bool,
    rejects: str | None,
    machine: bool,
) -> None:
    """Bring your own contacts, tags and events into a workspace, in one transaction.

    A new workspace is made where there is none. A contact whose key is known already is updated
    in the columns that the file has.
    """
    place = folder(workspace)
    zone = time_zone or (place.settings().time_zone if place.exists else "UTC")
    with working("Reading") as say, _lake(place, zone) as lake:
        report = import_files(
            lake,
            contacts=contacts,
            tags=tags,
            events=events,
            mapping=_mapping(mapping, mapped),
            strict=strict,
            time_zone=zone,
            tag_separator=tag_separator,
            dry_run=dry_run,
            progress=say,
        )
    if rejects:
        report.write_rejects(rejects)
    as_json(report.summary()) if machine else _show(report, rejects)


@contextlib.contextmanager
def _lake(place: Workspace, time_zone: str) -> Iterator[Lake]:
    """The workspace's lake. A new workspace is filled aside and moved to its place at the end, so
    that a refused import, or a dry run, leaves nothing."""
    if place.exists:
        with Lake.open(place.lake) as lake:
            yield lake
        return
    there = place.root.exists()
    if there and (not place.root.is_dir() or place.lake.exists()):
        at = place.lake if place.root.is_dir() else place.root
        raise LakeError(f"{str(at)!r} exists already, but is no workspace; name another folder.")
    aside = (
        place.root / ".filling" if there else place.root.with_name(f".{place.root.name}.filling")
    )
    fresh = Workspace(aside)
    shutil.rmtree(fresh.root, ignore_errors=True)
    try:
        fresh.write(Settings(place.root.name, time_zone))
        with Lake.create(fresh.lake) as lake:
            empty = lake.snapshots()
            yield lake
            filled = lake.snapshots() != empty
        if filled and there:
            fresh.lake.rename(place.lake)
            (fresh.root / SETTINGS).rename(place.root / SETTINGS)
        elif filled:
            fresh.root.rename(place.root)
    finally:
        shutil.rmtree(fresh.root, ignore_errors=True)


def _mapping(path: str | None, mapped: tuple[str, ...]) -> dict[str, dict[str, object]]:
    """The mapping file with the single columns of `--map` laid over it."""
    merged = read_mapping(path) if path else {}
    for entry in mapped:
        place, equals, column = entry.partition("=")
        name, dot, role = place.partition(".")
        if not equals or not dot or not column:
            refuse(f"--map takes TABLE.ROLE=COLUMN, such as contacts.key=ID; not {entry!r}.")
        if role in ("fields", "properties", "skip"):
            refuse(f"--map says one column's role; {name}.{role} goes into a --mapping file.")
        merged.setdefault(name, {})[role] = column
    return merged


def _show(report: ImportReport, rejects: str | None) -> None:
    for name, types in report.types.items():
        click.echo(f"{Path(name).name}: " + ", ".join(f"{f} ({t})" for f, t in types.items()))
    click.echo(
        f"Contacts: {report.added:,} added, {report.updated:,} updated, "
        f"{report.unchanged:,} unchanged. Tags: {report.tags_added:,} added. "
        f"Events: {report.events_added:,} added, {report.already_there:,} there already."
    )
    if report.reasons:
        click.echo(f"Rejected {sum(report.reasons.values()):,} rows:")
        table(["rows", "reason"], [[count, reason] for reason, count in report.reasons.items()])
        for reject in report.rejected[:10]:
            click.echo(f"  {reject.file} row {reject.row}: {reject.reason}")
        if rejects:
            click.echo(f"All of them are in {rejects}.")
        elif len(report.rejected) > 10:
            click.echo("  … give --rejects FILE to have all of them.")
    if report.dry_run:
        click.echo("Dry run: nothing was written.")
    elif report.snapshot is None:
        click.echo("Nothing changed: no new snapshot.")
    else:
        click.echo(f"Snapshot {report.snapshot}.")
