"""`segbench library`: saved segments, what became of them, and where they are used."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import click

from segbench.cli.library_changes import archive, delete, file, rename, restore
from segbench.cli.library_exchange import pull, push
from segbench.cli.library_words import (
    details,
    opened,
    overview,
    segment_data,
    told_difference,
    version_data,
)
from segbench.cli.options import json_option, workspace_option
from segbench.cli.shown import as_json, refuse, speaks_plainly, table
from segbench.cli.watches import counts, watch
from segbench.library.differences import difference
from segbench.library.library import Library
from segbench.library.saved import SavedSegment
from segbench.model.filing import STATUSES


@click.group("library")
def library_group() -> None:
    """Saved segments: find, file, compare, restore, count and watch them; as files for git."""


for command in (file, archive, restore, rename, delete, pull, push, counts, watch):
    library_group.add_command(command)


def _filters(command: Any) -> Any:
    """The options that narrow a list of segments down."""
    for option in (
        click.option("--folder", default="", help="Those in this folder and below it."),
        click.option("--tag", default="", help="Those with this tag."),
        click.option("--owner", default="", help="Those of this owner."),
        click.option(
            "--status", default="", type=click.Choice(["", *STATUSES]), help="Those of this status."
        ),
    ):
        command = option(command)
    return command


@library_group.command("list")
@workspace_option
@_filters
@json_option
@speaks_plainly
def list_command(workspace: str, machine: bool, **filters: str) -> None:
    """List saved segments with their folder, status, owner and last count."""
    _list(workspace, "", machine, filters)


@library_group.command()
@click.argument("words", nargs=-1, required=True)
@workspace_option
@_filters
@json_option
@speaks_plainly
def search(words: tuple[str, ...], workspace: str, machine: bool, **filters: str) -> None:
    """List the saved segments that have all the WORDS.

    Looked for in name, description, folder, tags, owner, the rules as a sentence and the names in
    them, whatever the case.
    """
    _list(workspace, " ".join(words), machine, filters)


@library_group.command()
@click.argument("name")
@workspace_option
@json_option
@speaks_plainly
def show(name: str, workspace: str, machine: bool) -> None:
    """Show a saved segment: its rules in words, where it is filed, who uses it."""
    with opened(workspace) as library:
        saved, users = library.segment(name), library.users(name)
        last, watches = library.last_count(name), library.watches.all(name)
    if machine:
        used = asdict(users)
        watched = [each.words for each in watches]
        data = segment_data(saved, last) | {"used_by": used, "watches": watched}
        as_json(data | version_data(saved))
        return
    for label, text in details(saved, users, last, watches):
        click.echo(f"{label:12} {text}")


@library_group.command()
@click.argument("name")
@workspace_option
@json_option
@speaks_plainly
def history(name: str, workspace: str, machine: bool) -> None:
    """List every version of a segment, deleted or not: who made it, when, what changed."""
    with opened(workspace) as library:
        versions = _versions(library, name)
    steps = list(zip([None, *versions], versions, strict=False))
    found = [None if old is None else difference(old, new) for old, new in steps]
    if machine:
        as_json(
            [
                version_data(new) | {"changes": step.data() if step else None}
                for (_, new), step in zip(steps, found, strict=True)
            ]
        )
        return
    rows = [
        [
            str(new.revision),
            f"{new.updated:%Y-%m-%d %H:%M}",
            new.author,
            new.note,
            step.sentence if step else "saved first",
        ]
        for (_, new), step in reversed(list(zip(steps, found, strict=True)))
    ]
    table(["revision", "time (UTC)", "who", "why", "what changed"], rows)


@library_group.command()
@click.argument("name")
@click.argument("old", type=int, required=False)
@click.argument("new", type=int, required=False)
@workspace_option
@json_option
@speaks_plainly
def diff(name: str, old: int | None, new: int | None, workspace: str, machine: bool) -> None:
    """Say what changed from revision OLD of a segment to NEW, row by row.

    Without NEW: to what is saved now; without OLD too: what the last change was.
    """
    with opened(workspace) as library:
        versions = {each.revision: each for each in _versions(library, name)}
    known = sorted(versions)
    last = known[-1] if new is None else new
    earlier = [revision for revision in known if revision < last]
    first = old if old is not None else (earlier[-1] if earlier else last)
    for revision in (first, last):
        if revision not in versions:
            has = ", ".join(map(str, known))
            refuse(f"The segment {name!r} has no revision {revision}; it has {has}.")
    found = difference(versions[first], versions[last])
    as_json(found.data()) if machine else told_difference(found)


def _list(workspace: str, text: str, machine: bool, filters: dict[str, Any]) -> None:
    with opened(workspace) as library:
        found, counts_known = library.search(text, **filters), library.last_counts()
    if machine:
        as_json([segment_data(each, counts_known.get(each.segment.name)) for each in found])
    elif found:
        overview(found, counts_known)
    else:
        click.echo("No saved segment is like that." if text or any(filters.values()) else "None.")


def _versions(library: Library, name: str) -> tuple[SavedSegment, ...]:
    """Every version of a segment, oldest first; `NotSaved` where there never was one."""
    found = library.lineage(name)
    if not found:
        library.segment(name)
    return found
