"""`segbench contacts`: look at contacts, give them tags, set their fields, take that back."""

from __future__ import annotations

from typing import Any

import click

from segbench.cli.contact_tables import (
    card_data,
    edit_data,
    made_data,
    preview_data,
    print_card,
    print_made,
    question,
    shown,
)
from segbench.cli.options import json_option, workspace_option
from segbench.cli.shown import as_json, refuse, speaks_plainly, table, working
from segbench.cli.whom import agree, told_view, told_whom, view_options, whom_options
from segbench.workbench.book import EVERYBODY
from segbench.workbench.contact_edits import Made, Preview
from segbench.workbench.contact_pages import SIZE
from segbench.workbench.workbench import Workbench

_agreed = click.option("--yes", is_flag=True, help="Agree to the counts without being asked.")


@click.group("contacts")
def contacts_group() -> None:
    """Look at contacts and edit them; every edit is kept on record and can be taken back."""


@contacts_group.command("list")
@click.argument("name", required=False)
@workspace_option
@view_options
@click.option("--page", "number", type=click.IntRange(1), default=1, show_default=True)
@click.option("--size", type=click.IntRange(1, 1_000), default=SIZE, show_default=True)
@json_option
@speaks_plainly
def list_command(
    name: str | None, workspace: str, number: int, size: int, machine: bool, **view: str | None
) -> None:
    """A page of the smart list NAME, or of everybody."""
    with working("Looking"), Workbench.open(workspace) as workbench:
        start = workbench.library.lists.one(name).smart_list if name else EVERYBODY
        smart_list = told_view(workbench, start, **view)
        page = workbench.book.page(smart_list, number, size=size)
    if machine:
        rows = [dict(zip(page.columns, row, strict=True)) for row in page.rows]
        about = {"list": smart_list.name, "total": page.total, "page": page.number}
        as_json(about | {"pages": page.pages, "snapshot": page.snapshot, "contacts": rows})
        return
    table(
        [shown(name) for name in page.columns],
        [[shown(value) for value in row] for row in page.rows],
    )
    click.echo(f"\n{page.total:,} contacts, page {page.number:,} of {page.pages:,}")


@contacts_group.command()
@click.argument("key")
@workspace_option
@click.option("--events", type=click.IntRange(0, 1_000), default=20, show_default=True)
@json_option
@speaks_plainly
def show(key: str, workspace: str, events: int, machine: bool) -> None:
    """All that is known of the contact KEY, and the segments it is in."""
    with working("Looking"), Workbench.open(workspace) as workbench:
        card = workbench.book.card(key)
        happened = workbench.book.events(key, size=max(1, events))
    if machine:
        as_json(card_data(card, happened, events))
    else:
        print_card(card, happened, events)


@contacts_group.command()
@click.argument("tags", nargs=-1, required=True)
@workspace_option
@whom_options
@_agreed
@json_option
@speaks_plainly
def tag(tags: tuple[str, ...], workspace: str, yes: bool, machine: bool, **whom: Any) -> None:
    """Give TAGS to contacts."""
    _edit(workspace, whom, yes, machine, add=tags)


@contacts_group.command()
@click.argument("tags", nargs=-1, required=True)
@workspace_option
@whom_options
@_agreed
@json_option
@speaks_plainly
def untag(tags: tuple[str, ...], workspace: str, yes: bool, machine: bool, **whom: Any) -> None:
    """Take TAGS from contacts."""
    _edit(workspace, whom, yes, machine, remove=tags)


@contacts_group.command("set")
@click.argument("fields", nargs=-1, required=True, metavar="FIELD=VALUE...")
@workspace_option
@whom_options
@_agreed
@json_option
@speaks_plainly
def set_command(
    fields: tuple[str, ...], workspace: str, yes: bool, machine: bool, **whom: Any
) -> None:
    """Set FIELDs of contacts to a VALUE; FIELD= clears one."""
    told = {}
    for entry in fields:
        name, equals, value = entry.partition("=")
        if not equals or not name:
            refuse(f"Fields are set as FIELD=VALUE, such as country=DE; not {entry!r}.")
        told[name] = value
    _edit(workspace, whom, yes, machine, told=told)


@contacts_group.command()
@click.argument("edit", type=int)
@workspace_option
@_agreed
@json_option
@speaks_plainly
def undo(edit: int, workspace: str, yes: bool, machine: bool) -> None:
    """Take the edit of that number back, where nothing was changed again since."""
    with Workbench.open(workspace) as workbench:
        agree(f"Take edit {edit} back?", yes, machine)
        with working("Taking back") as told:
            made = workbench.book.undo(edit, told)
    _told(made, machine)


@contacts_group.command()
@workspace_option
@click.option("--most", type=click.IntRange(1, 10_000), default=20, show_default=True)
@json_option
@speaks_plainly
def audit(workspace: str, most: int, machine: bool) -> None:
    """Who edited contacts, when, what, how many, and by which rules; newest first."""
    with Workbench.open(workspace) as workbench:
        edits = [edit_data(edit, undone) for edit, undone in workbench.book.edits(most)]
    if machine:
        as_json(edits)
    elif not edits:
        click.echo("No contact was ever edited here.")
    else:
        columns = ["edit", "at", "author", "contacts", "said", "chosen"]
        table(columns, [[_cell(edit[name]) for name in columns] for edit in edits])


@contacts_group.command()
@click.argument("key")
@click.argument("segment")
@click.option("--do", "number", type=click.IntRange(1), help="Do the way of this number.")
@workspace_option
@json_option
@speaks_plainly
def into(key: str, segment: str, number: int | None, workspace: str, machine: bool) -> None:
    """How the contact KEY would come into a saved SEGMENT: which tag or field would do it."""
    with working("Looking") as told, Workbench.open(workspace) as workbench:
        found = workbench.book.ways_in(key, segment)
        if number is not None and number > len(found.ways):
            refuse(f"There is no way {number}; there are {len(found.ways)}.")
        told("Editing")
        way = found.ways[number - 1] if number is not None else None
        made = workbench.book.put_in(key, found.segment, way) if way else None
    if made is not None:
        _told(made, machine)
    elif machine:
        ways = [way.words for way in found.ways]
        as_json(
            {"key": key, "segment": found.segment, "inside": found.inside, "ways": ways}
            | {"needs": list(found.needs)}
        )
    elif found.inside:
        click.echo(f"{key} is in “{found.segment}” already.")
    elif found.ways:
        for at, way in enumerate(found.ways, 1):
            click.echo(f"{at}. {way.words}")
    else:
        click.echo("Nothing that can be done by hand would do. It would need:")
        for words in found.needs:
            click.echo(f"- {words}")


def _edit(
    workspace: str,
    whom: dict[str, Any],
    yes: bool,
    machine: bool,
    *,
    told: dict[str, str] | None = None,
    **change: tuple[str, ...],
) -> None:
    """Preview an edit, ask, do it, and say what became of it."""
    with Workbench.open(workspace) as workbench:
        book = workbench.book
        with working("Counting"):
            all_ = whom.pop("everybody")
            chosen = told_whom(workbench, whom["keys"], whom["listed"], whom["segment"], all_)
            values = {name: book.typed(name, text) for name, text in (told or {}).items()}
            preview: Preview = book.preview(chosen, values=values, **change)
        if not preview.would_change:
            made = Made(None, 0, "Nothing changed: all of them are so already.")
        else:
            agree(question(preview), yes, machine)
            with working("Editing") as progress:
                made = book.edit(preview, progress)
    if machine:
        as_json(made_data(made) | {"preview": preview_data(preview)})
    else:
        print_made(made)


def _cell(value: object) -> object:
    return value if isinstance(value, int) else shown(value)


def _told(made: Made, machine: bool) -> None:
    if machine:
        as_json(made_data(made))
    else:
        print_made(made)
