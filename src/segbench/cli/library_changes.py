"""`segbench library file`, `archive`, `restore`, `rename` and `delete`."""

from __future__ import annotations

from dataclasses import replace

import click

from segbench.cli.library_words import opened, segment_data
from segbench.cli.options import json_option, workspace_option
from segbench.cli.shown import as_json, speaks_plainly
from segbench.library.saved import SavedSegment
from segbench.model.filing import STATUSES, Filing, Status
from segbench.workbench.identity import current_user
from segbench.workbench.workbench import utc_now


@click.command()
@click.argument("name")
@workspace_option
@click.option("--folder", help="Where it is, such as Lifecycle/Welcome; '' is the top.")
@click.option("--tag", "tags", multiple=True, help="Give it this tag; may be repeated.")
@click.option("--untag", multiple=True, help="Take this tag away; may be repeated.")
@click.option("--owner", help="Whose it is; '' is nobody's.")
@click.option("--status", type=click.Choice(STATUSES), help="What it is worth.")
@json_option
@speaks_plainly
def file(
    name: str,
    workspace: str,
    folder: str | None,
    tags: tuple[str, ...],
    untag: tuple[str, ...],
    owner: str | None,
    status: Status | None,
    machine: bool,
) -> None:
    """File a segment: its folder, tags, owner and status. What is not named stays."""
    with opened(workspace) as library:
        saved = library.segment(name)
        gone = {" ".join(tag.split()).casefold() for tag in untag}
        kept = tuple(tag for tag in saved.filing.tags if tag.casefold() not in gone)
        was = saved.filing
        filing = Filing(
            was.folder if folder is None else folder,
            (*kept, *tags),
            was.owner if owner is None else owner,
            was.status if status is None else status,
        )
        now, author = utc_now(), current_user()
        filed = library.file(name, filing, now, author, seen=saved.revision)
    _tell(filed, machine, "Filed" if filed.revision != saved.revision else "Nothing to change in")


@click.command()
@click.argument("name")
@workspace_option
@click.option("--undo", is_flag=True, help="Publish it again.")
@json_option
@speaks_plainly
def archive(name: str, workspace: str, undo: bool, machine: bool) -> None:
    """Archive a segment: it still counts, and says so where it is used."""
    with opened(workspace) as library:
        saved = library.segment(name)
        filing = replace(saved.filing, status="published" if undo else "archived")
        filed = library.file(name, filing, utc_now(), current_user(), seen=saved.revision)
        users = library.users(name)
    _tell(filed, machine, "Published" if undo else "Archived")
    if users and not undo and not machine:
        click.echo(f"It is used by {users.words}.")


@click.command()
@click.argument("name")
@click.argument("revision", type=int)
@workspace_option
@json_option
@speaks_plainly
def restore(name: str, revision: int, workspace: str, machine: bool) -> None:
    """Save the rules and description of an earlier REVISION anew; also of a deleted segment.

    `segbench library history` lists the revisions. What is saved now stays in the history.
    """
    with opened(workspace) as library:
        saved = library.restore(name, revision, now=utc_now(), author=current_user())
    _tell(saved, machine, f"Restored revision {revision} of")


@click.command()
@click.argument("old")
@click.argument("new")
@workspace_option
@json_option
@speaks_plainly
def rename(old: str, new: str, workspace: str, machine: bool) -> None:
    """Rename a segment; what refers to it follows."""
    with opened(workspace) as library:
        saved = library.rename(old, new, utc_now(), current_user())
    _tell(saved, machine, f"{old!r} is now")


@click.command()
@click.argument("name")
@workspace_option
@json_option
@speaks_plainly
def delete(name: str, workspace: str, machine: bool) -> None:
    """Delete a segment that nothing uses; its versions are kept, and `restore` brings it back."""
    with opened(workspace) as library:
        saved = library.segment(name)
        library.delete(name)
    _tell(saved, machine, "Deleted")


def _tell(saved: SavedSegment, machine: bool, what: str) -> None:
    if machine:
        as_json(segment_data(saved, None))
    else:
        click.echo(f"{what} {saved.segment.name!r} (revision {saved.revision}).")
