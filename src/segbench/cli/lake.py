"""`segbench lake`: make a workspace's lake, look at its snapshots, maintain it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Any

import click

from segbench.cli.options import json_option, workspace_option
from segbench.cli.shown import as_json, refuse, speaks_plainly, table, working
from segbench.lake.history import COUNTED, SnapshotEntry, row_changes
from segbench.lake.lake import Lake
from segbench.lake.maintenance import Maintenance
from segbench.lake.retention import Retention
from segbench.library.library import Library
from segbench.library.places import EXAMPLE
from segbench.workbench.maintaining import Maintained, citations, maintain_workspace
from segbench.workbench.workbench import utc_now
from segbench.workbench.workspace import Settings, locate, made_aside

MONTHS_FOR_EVER = "all"


@click.group("lake")
def lake_group() -> None:
    """The contact data on disk: make it, see its snapshots, maintain it."""


@lake_group.command()
@workspace_option
@click.option(
    "--catalogue",
    metavar="URL",
    help="A PostgreSQL database for the catalogue, for use from many machines, such as "
    "postgresql://user@host:5432/database; its password comes from PGPASSWORD or ~/.pgpass. "
    "Default: a file beside the data, for one machine.",
)
@click.option(
    "--library",
    default="",
    metavar="URL",
    help="A PostgreSQL database for saved segments and campaigns, with the schema that they get, "
    f"such as {EXAMPLE}. Default: a file in the workspace, for one machine.",
)
@click.option("--time-zone", default="UTC", show_default=True, help="Of the workspace.")
@json_option
@speaks_plainly
def create(
    workspace: str, catalogue: str | None, library: str, time_zone: str, machine: bool
) -> None:
    """Make a workspace without contacts; `segbench import` fills it."""
    place = locate(workspace)
    with made_aside(place, Settings(place.root.name, time_zone, library=library)) as fresh:
        Library.open(fresh.library).close()
        with Lake.create(fresh.lake, catalogue=catalogue) as lake:
            where = lake.catalogue
        database = where.place if catalogue else None
    if machine:
        schema = where.schema if catalogue else None
        as_json({"workspace": str(place.root), "catalogue": database, "schema": schema})
        return
    click.echo(f"{place.root.name}: an empty lake.")
    if catalogue:
        click.echo(f"Its catalogue is the schema {where.schema} of {database}.")
    click.echo(f"Next: segbench import --workspace {workspace} --contacts FILE")


@lake_group.command()
@workspace_option
@json_option
@speaks_plainly
def history(workspace: str, machine: bool) -> None:
    """List the snapshots: when each was made and why, what it changed, who cites it."""
    place = locate(workspace)
    place.settings()
    with Lake.open(place.lake) as lake:
        entries = lake.snapshots()
    with Library.open(place.library) as library:
        cited = citations(place, library)
    changes = [
        row_changes(before, entry) for before, entry in zip([None, *entries], entries, strict=False)
    ]
    if machine:
        as_json([_entry(entry, cited) for entry in entries])
        return
    rows = [
        [
            str(entry.id),
            f"{entry.time:%Y-%m-%d %H:%M:%S}",
            *(_signed(change, name) for name in COUNTED),
            entry.message,
            ", ".join(cited.get(entry.id, ())),
        ]
        for entry, change in zip(entries, changes, strict=True)
    ]
    table(["snapshot", "time (UTC)", *COUNTED, "why", "cited by"], rows)


@lake_group.command()
@workspace_option
@click.option(
    "--all-days", type=click.IntRange(1), help="Keep all snapshots of so many days; default: 30."
)
@click.option(
    "--daily-days",
    type=click.IntRange(0),
    help="Keep the last of each day for so many days; default: 365.",
)
@click.option(
    "--months",
    metavar=f"NUMBER|{MONTHS_FOR_EVER}",
    help="Keep the last of each month for so many months; default: all.",
)
@click.option(
    "--file-hours",
    type=click.IntRange(0),
    help="Keep unused files for so many hours, for queries that run; default: 24.",
)
@click.option(
    "--drop-cited",
    is_flag=True,
    help="Let snapshots expire that exports cite, and mark those exports.",
)
@click.option("--dry-run", is_flag=True, help="Say what would go; change nothing.")
@json_option
@speaks_plainly
def maintain(
    workspace: str, months: str | None, drop_cited: bool, dry_run: bool, machine: bool, **days: Any
) -> None:
    """Let old snapshots expire, compact files, remove what nobody needs.

    Which snapshots stay is in workspace.json, at "retention"; the options say otherwise for once.
    Snapshots that exports cite and those that somebody has open stay.
    """
    place = locate(workspace)
    told = {name: number for name, number in days.items() if number is not None}
    if months is not None:
        told["months"] = _months(months)
    policy = dataclasses.replace(place.settings().retention, **told)
    with working("Looking") as say:
        done = maintain_workspace(
            place, policy, now=utc_now(), drop_cited=drop_cited, dry_run=dry_run, progress=say
        )
    as_json(_data(done, policy)) if machine else _show(done)


def _months(given: str) -> int | None:
    if given == MONTHS_FOR_EVER:
        return None
    if not given.isdecimal():
        refuse(f"--months takes a number or {MONTHS_FOR_EVER!r}, not {given!r}.")
    return int(given)


def _signed(change: Mapping[str, int] | None, name: str) -> str:
    if change is None:
        return "?"
    return f"{change[name]:+,}" if change[name] else "0"


def _entry(entry: SnapshotEntry, cited: Mapping[int, Iterable[str]]) -> dict[str, Any]:
    return {
        "snapshot": entry.id,
        "time": entry.time.isoformat(),
        "why": entry.message,
        "rows": dict(entry.rows) or None,
        "cited_by": list(cited.get(entry.id, ())),
    }


def _data(done: Maintained, policy: Retention) -> dict[str, Any]:
    lake = done.lake
    return {
        "dry_run": lake.dry_run,
        "retention": dataclasses.asdict(policy),
        "kept": {str(id): why for id, why in lake.kept.items()},
        "expired": [entry.id for entry in lake.expired],
        "marked_campaigns": list(done.marked),
        "files": {
            name: {"before": files.files, "after": lake.files_after[name].files}
            for name, files in lake.files.items()
        },
        "removed_files": len(lake.removed),
        "freed_bytes": lake.freed,
    }


def _show(done: Maintained) -> None:
    lake = done.lake
    would = "Would let" if lake.dry_run else "Let"
    click.echo(f"{would} {_snapshots(lake)} expire; {len(lake.kept):,} stay.")
    if done.marked:
        marked = "To mark" if lake.dry_run else "Marked"
        click.echo(f"{marked} as citing an expired snapshot: {', '.join(done.marked)}.")
    for name, files in lake.files.items():
        if lake.dry_run and (files.worn or files.small):
            click.echo(
                f"{name}: {files.files:,} files, of which {files.small:,} could be merged and "
                f"{files.worn:,} have many deleted rows."
            )
        elif lake.files_after[name] != files:
            click.echo(f"{name}: {files.files:,} files are {lake.files_after[name].files:,} now.")
    freed = f"{len(lake.removed):,} unused files, {lake.freed / 1e6:,.1f} MB"
    click.echo(f"{'Would remove' if lake.dry_run else 'Removed'} {freed}.")
    if lake.dry_run:
        click.echo("Dry run: nothing was changed.")


def _snapshots(lake: Maintenance) -> str:
    ids = [str(entry.id) for entry in lake.expired]
    if not ids:
        return "no snapshot"
    named = ", ".join(ids[:10]) + (", …" if len(ids) > 10 else "")
    return f"{len(ids):,} snapshot{'s'[: len(ids) > 1]} ({named})"
