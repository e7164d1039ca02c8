"""`segbench count`, `describe` and `overlap`: ask saved segments, or segments in files."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from typing import cast

import click

from segbench.audience.explain import Waterfall
from segbench.audience.overlap import Overlap
from segbench.cli.options import as_of_option, find_segment, json_option, workspace_option
from segbench.cli.shown import as_json, speaks_plainly, table, working
from segbench.errors import Uncountable
from segbench.files.segment_file import names_a_file
from segbench.library.saved import LastCount
from segbench.model.codec import fingerprint, to_data
from segbench.model.segment import Segment
from segbench.workbench.counting import remember_count, telling_last_count
from segbench.workbench.workbench import Workbench


@click.command()
@click.argument("segment")
@workspace_option
@as_of_option
@click.option("--steps", is_flag=True, help="Show the count after every row.")
@json_option
@speaks_plainly
def count(
    segment: str, workspace: str, as_of: dt.datetime | None, steps: bool, machine: bool
) -> None:
    """Count the contacts of SEGMENT: a saved name, or a JSON, YAML or text file."""
    with working("Counting"), Workbench.open(workspace, as_of=as_of) as workbench:
        found = find_segment(workbench, segment)
        falls = _waterfall(workbench, found, saved=not names_a_file(segment), machine=machine)
        snapshot, moment = workbench.engine.snapshot.id, workbench.as_of
    if machine:
        as_json(
            {
                "segment": found.name,
                "count": falls.total,
                "combinator": falls.combinator,
                "contacts": falls.contacts,
                "snapshot": snapshot,
                "as_of": f"{moment.isoformat()}Z",
                "steps": [
                    {"row": s.label, "alone": s.alone, "left": s.left, "change": s.change}
                    for s in falls.steps
                ],
            }
        )
    elif steps:
        rows = [[s.left, f"{s.change:+,}", s.label] for s in falls.steps]
        losing = falls.combinator == "and"
        start = [falls.contacts, "", "all contacts"] if losing else [0, "", "nobody"]
        table(["left", "change", "row"], [start, *rows])
    else:
        click.echo(f"{falls.total:,}")


def _waterfall(workbench: Workbench, found: Segment, *, saved: bool, machine: bool) -> Waterfall:
    """The counts of a segment; those of a saved one are remembered."""
    if not saved:
        return workbench.waterfall(found.group)
    try:
        with telling_last_count(workbench, found.name):
            falls = workbench.waterfall(found.group)
    except Uncountable as error:
        if machine:
            as_json({"segment": found.name, "error": error.why, **_stale(error)})
        raise
    remember_count(workbench, found.name, falls.total)
    return falls


def _stale(error: Uncountable) -> dict[str, object]:
    last = asdict(cast(LastCount, error.last))
    times = {name: f"{last[name]:%Y-%m-%dT%H:%M:%SZ}" for name in ("as_of", "counted")}
    return {"stale": True, "last": last | times}


@click.command("describe")
@click.argument("segment", required=False)
@workspace_option
@as_of_option
@json_option
@speaks_plainly
def describe_command(
    segment: str | None, workspace: str, as_of: dt.datetime | None, machine: bool
) -> None:
    """Say what SEGMENT asks, in a sentence; without one, what the workspace holds."""
    with working("Reading"), Workbench.open(workspace, as_of=as_of) as workbench:
        if segment is None:
            _describe_workspace(workbench, machine)
            return
        found = find_segment(workbench, segment)
        sentence = workbench.describe(found.group)
    if machine:
        data = {"rules": to_data(found.group), "rules_sha256": fingerprint(found.group)}
        as_json({"segment": found.name, "sentence": sentence, **data})
    else:
        click.echo(sentence)


@click.command()
@click.argument("segments", nargs=-1, required=True)
@workspace_option
@as_of_option
@json_option
@speaks_plainly
def overlap(
    segments: tuple[str, ...], workspace: str, as_of: dt.datetime | None, machine: bool
) -> None:
    """Count how SEGMENTS overlap: saved names, or JSON, YAML or text files; 1 to 20."""
    with working("Counting"), Workbench.open(workspace, as_of=as_of) as workbench:
        result = workbench.overlap([find_segment(workbench, given) for given in segments])
    if machine:
        as_json(_overlap_data(result))
        return
    table(["contacts", "segment"], [list(r) for r in zip(result.sizes, result.names, strict=True)])
    click.echo()
    rows: list[list[object]] = [[region.count, result.label(region)] for region in result.regions]
    table(["contacts", "exactly in"], [*rows, [result.outside, "(none of them)"]])


def _overlap_data(result: Overlap) -> dict[str, object]:
    return {
        "segments": dict(zip(result.names, result.sizes, strict=True)),
        "regions": [
            {"segments": [result.names[i] for i in region.inside], "count": region.count}
            for region in result.regions
        ],
        "union": result.union,
        "outside": result.outside,
        "contacts": result.contacts,
    }


def _describe_workspace(workbench: Workbench, machine: bool) -> None:
    catalog, settings = workbench.catalog, workbench.settings
    saved = [entry.segment for entry in workbench.library.segments()]
    if machine:
        as_json(
            {
                "workspace": settings.name,
                "about": settings.about,
                "contacts": catalog.contacts,
                "snapshot": workbench.engine.snapshot.id,
                "as_of": f"{workbench.as_of.isoformat()}Z",
                "time_zone": settings.time_zone,
                "fields": {field.name: field.type for field in catalog.fields},
                "tags": {tag.value: tag.count for tag in catalog.tags},
                "events": {event.name: event.events for event in catalog.events},
                "segments": [segment.name for segment in saved],
            }
        )
        return
    click.echo(f"{settings.name}: {catalog.contacts:,} contacts. {settings.about}\n")
    table(["field", "type", "known"], [[f.name, f.type, f.known] for f in catalog.fields])
    click.echo()
    table(["event", "events", "contacts"], [[e.name, e.events, e.contacts] for e in catalog.events])
    tags = "1 tag" if len(catalog.tags) == 1 else f"{len(catalog.tags):,} tags"
    click.echo(f"\n{tags}. Saved segments:{'' if saved else ' none yet.'}")
    for segment in saved:
        click.echo(f"  {segment.name}")
