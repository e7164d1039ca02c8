"""`segbench lists`: smart lists, saved views of contacts."""

from __future__ import annotations

import click

from segbench.cli.options import json_option, workspace_option
from segbench.cli.shown import as_json, speaks_plainly, table, working
from segbench.cli.whom import agree, told_view, view_options
from segbench.library.list_rows import SavedList
from segbench.model.codec import to_data
from segbench.model.smart_list import SmartList
from segbench.workbench.workbench import Workbench


@click.group("lists")
def lists_group() -> None:
    """Smart lists: saved views of contacts, which manage them; a segment chooses recipients."""


@lists_group.command("list")
@workspace_option
@json_option
@speaks_plainly
def list_command(workspace: str, machine: bool) -> None:
    """Every smart list."""
    with Workbench.open(workspace) as workbench:
        saved = workbench.book.lists()
    if machine:
        as_json([_data(each) for each in saved])
    elif saved:
        rows = [[s.smart_list.name, s.author, f"{s.updated:%Y-%m-%d %H:%M}"] for s in saved]
        table(["list", "by", "changed (UTC)"], rows)
    else:
        click.echo("No smart list is saved yet.")


@lists_group.command()
@click.argument("name")
@workspace_option
@json_option
@speaks_plainly
def show(name: str, workspace: str, machine: bool) -> None:
    """What the smart list NAME shows, and how many are on it."""
    with working("Counting"), Workbench.open(workspace) as workbench:
        saved = workbench.library.lists.one(name)
        total = workbench.book.count(saved.smart_list)
        words = workbench.describe(saved.smart_list.group) if saved.smart_list.asks else "Everybody"
        users = workbench.library.lists.used_by(name)
    if machine:
        as_json(_data(saved) | {"count": total, "sentence": words, "campaigns": list(users)})
        return
    found = saved.smart_list
    click.echo(f"{found.name}: {total:,} contacts\n{words}")
    if found.search:
        click.echo(f"Search: {found.search}")
    click.echo(f"Columns: {', '.join(found.columns) or 'the usual ones'}")
    click.echo(f"Sort: {', '.join(f'{n} {d}' for n, d in found.sort) or 'as the lake has them'}")
    click.echo(f"Used by: {', '.join(users) or 'no campaign'}")


@lists_group.command()
@click.argument("name")
@workspace_option
@view_options
@click.option("--description", help="What it is for.")
@click.option("--replace", is_flag=True, help="Change the list of that name where there is one.")
@json_option
@speaks_plainly
def save(
    name: str,
    workspace: str,
    description: str | None,
    replace: bool,
    machine: bool,
    **view: str | None,
) -> None:
    """Save the smart list NAME; what is not said stays as it is."""
    with working("Saving"), Workbench.open(workspace) as workbench:
        known = {each.smart_list.name.casefold(): each for each in workbench.book.lists()}
        before = known.get(name.casefold()) if replace else None
        start = before.smart_list if before else SmartList(name)
        if description is not None:
            start = SmartList(
                start.name, start.group, start.columns, start.sort, start.search, description
            )
        wanted = told_view(workbench, start, **view)
        seen = before.revision if before else None
        saved = workbench.book.save(wanted, replace=replace, seen=seen)
        total = workbench.book.count(saved.smart_list)
    if machine:
        as_json(_data(saved) | {"count": total})
    else:
        click.echo(f"Saved “{saved.smart_list.name}”: {total:,} contacts.")


@lists_group.command()
@click.argument("old")
@click.argument("new")
@workspace_option
@speaks_plainly
def rename(old: str, new: str, workspace: str) -> None:
    """Give the smart list OLD the name NEW; campaigns follow."""
    with Workbench.open(workspace) as workbench:
        now, author = workbench.clock(), workbench.author
        saved = workbench.library.lists.rename(old, new, now=now, author=author)
    click.echo(f"It is “{saved.smart_list.name}” now.")


@lists_group.command()
@click.argument("name")
@click.option("--yes", is_flag=True, help="Agree without being asked.")
@workspace_option
@speaks_plainly
def delete(name: str, yes: bool, workspace: str) -> None:
    """Delete the smart list NAME; no contact goes with it."""
    with Workbench.open(workspace) as workbench:
        found = workbench.library.lists.one(name).smart_list.name
        agree(f"Delete the smart list “{found}”?", yes, False)
        workbench.library.lists.delete(found)
    click.echo(f"Deleted “{found}”.")


@lists_group.command("to-segment")
@click.argument("name")
@click.option("--name", "new", help="The segment's name; by default the list's.")
@workspace_option
@speaks_plainly
def to_segment(name: str, new: str | None, workspace: str) -> None:
    """Save the rules of the smart list NAME as a segment."""
    with working("Saving"), Workbench.open(workspace) as workbench:
        saved = workbench.book.as_segment(name, new)
    click.echo(f"Saved the segment “{saved}”.")


@lists_group.command("from-segment")
@click.argument("segment")
@click.option("--name", "new", help="The list's name; by default the segment's.")
@workspace_option
@speaks_plainly
def from_segment(segment: str, new: str | None, workspace: str) -> None:
    """Save a smart list of the rules of a saved SEGMENT."""
    with working("Saving"), Workbench.open(workspace) as workbench:
        saved = workbench.book.of_segment(segment, new)
    click.echo(f"Saved the smart list “{saved.smart_list.name}”.")


def _data(saved: SavedList) -> dict[str, object]:
    found = saved.smart_list
    return {
        "name": found.name,
        "description": found.description,
        "rules": to_data(found.group),
        "columns": list(found.columns),
        "sort": [list(each) for each in found.sort],
        "search": found.search,
        "revision": saved.revision,
        "created": saved.created,
        "updated": saved.updated,
        "author": saved.author,
    }
