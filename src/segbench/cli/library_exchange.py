"""`segbench library pull` and `push`: the library as a folder of YAML files for git."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from segbench.cli.library_words import opened
from segbench.cli.options import json_option, workspace_option
from segbench.cli.shown import REFUSED, as_json, speaks_plainly
from segbench.workbench.exchange_plan import Side, Step
from segbench.workbench.exchanging import Exchange
from segbench.workbench.exchanging import pull as pull_from
from segbench.workbench.exchanging import push as push_to
from segbench.workbench.workbench import Workbench

_DONE = {
    "write": "written",
    "merge": "merged",
    "remove": "removed",
    "save": "saved",
    "delete": "deleted",
    "conflict": "CONFLICT",
    "wait": "left",
}


def _options(command: Any) -> Any:
    for option in (
        click.option("--delete", is_flag=True, help="Also take away what the other side deleted."),
        click.option(
            "--prefer",
            type=click.Choice(["folder", "library"]),
            help="Whose to take where both sides changed the same.",
        ),
        click.option("--dry-run", is_flag=True, help="Say what would be done; change nothing."),
    ):
        command = option(command)
    return command


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@workspace_option
@_options
@json_option
@speaks_plainly
def pull(
    folder: Path,
    workspace: str,
    delete: bool,
    prefer: Side | None,
    dry_run: bool,
    machine: bool,
) -> None:
    """Bring the library's changes into a FOLDER of YAML files, one a segment.

    What changed on both sides is merged row by row. Where that cannot be, nothing is written and
    the exit code is 1.
    """
    with opened(workspace) as library:
        found = pull_from(library, folder, delete=delete, prefer=prefer, dry_run=dry_run)
    _tell(found, machine, dry_run, "The folder has all of the library.")


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@workspace_option
@_options
@click.option("--note", default="", help="Why, for the history of the segments.")
@json_option
@speaks_plainly
def push(
    folder: Path,
    workspace: str,
    delete: bool,
    prefer: Side | None,
    dry_run: bool,
    note: str,
    machine: bool,
) -> None:
    """Bring the changes in a FOLDER of YAML files into the library, in one transaction.

    Where both sides changed the same segment nothing is saved and the exit code is 1: pull first.
    """
    with Workbench.open(workspace) as workbench:
        found = push_to(workbench, folder, delete=delete, prefer=prefer, dry_run=dry_run, note=note)
    _tell(found, machine, dry_run, "The library has all of the folder.")


def _tell(found: Exchange, machine: bool, dry_run: bool, settled: str) -> None:
    steps = [step for step in found.steps if step.act != "none"]
    if machine:
        as_json({"done": found.done, "steps": [_data(step) for step in steps]})
    else:
        for step in steps:
            click.echo(f"{_DONE[step.act]:9} {step.name}: {step.words}")
        if not steps:
            click.echo(settled)
        elif found.conflicts:
            click.echo(f"{len(found.conflicts):,} in conflict: nothing was written.", err=True)
        elif dry_run:
            click.echo("Dry run: nothing was changed.")
    if found.conflicts:
        sys.exit(REFUSED)


def _data(step: Step) -> dict[str, Any]:
    path = step.agreed.path if step.agreed else step.pair.file.path if step.pair.file else None
    return {"segment": step.name, "act": step.act, "words": step.words, "file": path or None}
