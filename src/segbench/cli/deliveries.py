"""`segbench export deliver` and `destinations`: hand exports to where they are needed."""

from __future__ import annotations

import contextlib
import json
from typing import Any

import click

from segbench.cli.options import json_option, workspace_option
from segbench.cli.shown import as_json, counting, speaks_plainly, table
from segbench.destinations.secret import find_secret
from segbench.destinations.settings import (
    KINDS,
    find_entry,
    read_destinations,
    setting_names,
    write_destinations,
)
from segbench.errors import DeliveryError
from segbench.workbench.delivering import deliver
from segbench.workbench.verifying import find_export
from segbench.workbench.workbench import Workbench
from segbench.workbench.workspace import locate


@click.command("deliver")
@workspace_option
@click.argument("export")
@click.argument("destination")
@click.option("--again", is_flag=True, help="Also where it was delivered there already.")
@json_option
@speaks_plainly
def deliver_command(
    workspace: str, export: str, destination: str, again: bool, machine: bool
) -> None:
    """Hand an export, by its id, to a destination; or go on where it was broken off."""
    with Workbench.open(workspace) as workbench:
        count = find_export(workbench, export)[1].count
        with counting("Delivering", count) as at:
            done = deliver(workbench, export, destination, again=again, progress=at)
    reasons: dict[str, int] = dict(done.detail.get("reasons", {}))
    if machine:
        as_json(
            {
                "export": done.export,
                "destination": done.destination,
                "key": done.key,
                "state": done.state,
                "accepted": done.accepted,
                "rejected": done.rejected,
                "reasons": reasons,
                "rejects": done.detail.get("rejects", []),
            }
        )
        return
    click.echo(f"{done.accepted:,} recipients delivered to “{destination}”.")
    for reason, contacts in sorted(reasons.items(), key=lambda each: -each[1]):
        click.echo(f"{contacts:,} rejected: {reason}")


@click.command("destinations")
@workspace_option
@click.option("--add", metavar="NAME", help="Add one, or write it anew: kind=folder path=/mnt/x.")
@click.option("--remove", metavar="NAME", help="Take one out.")
@click.argument("settings", nargs=-1, metavar="[KEY=VALUE]...")
@json_option
@speaks_plainly
def destinations_command(
    workspace: str, add: str | None, remove: str | None, settings: tuple[str, ...], machine: bool
) -> None:
    """The destinations of the workspace; they name where secrets come from, never a secret."""
    place = locate(workspace)
    place.settings()
    entries = read_destinations(place.root)
    if add is not None:
        entries[add] = _entry(settings)
    elif settings:
        raise click.UsageError("Settings belong to --add NAME.")
    if remove is not None:
        find_entry(entries, remove)
        del entries[remove]
    if add is not None or remove is not None:
        write_destinations(place.root, entries)
    if machine:
        as_json({name: entry | {"secret_found": _found(entry)} for name, entry in entries.items()})
    elif entries:
        words = {True: "found", False: "missing", None: "-"}
        rows = [
            [name, entry["kind"], _where(entry), entry.get("secret", "-"), words[_found(entry)]]
            for name, entry in entries.items()
        ]
        table(["name", "kind", "where", "secret", ""], rows)
    else:
        kinds = (f"  {kind}: {', '.join(setting_names(kind))}" for kind in KINDS)
        click.echo("No destinations yet. Kinds and their settings:")
        click.echo("\n".join(kinds))


def _entry(settings: tuple[str, ...]) -> dict[str, Any]:
    """KEY=VALUE pairs; true and false, lists and objects, and what counts is taken as JSON."""
    entry: dict[str, Any] = {}
    for text in settings:
        key, equals, value = text.partition("=")
        if not equals:
            # Not repeated: it may be a secret that slipped in.
            raise click.UsageError("Write each setting as KEY=VALUE.")
        entry[key] = value
        # An id of digits only stays a text.
        counts = key in ("port", "batch") and value.isdigit()
        if counts or value[:1] in ("[", "{") or value in ("true", "false"):
            with contextlib.suppress(ValueError):
                entry[key] = json.loads(value)
    return entry


def _found(entry: dict[str, Any]) -> bool | None:
    """Whether the secret is there; None where none is needed."""
    if "secret" not in entry:
        return None
    try:
        find_secret(entry["secret"])
    except DeliveryError:
        return False
    return True


def _where(entry: dict[str, Any]) -> str:
    keys = ("path", "bucket", "host", "url", "audience", "list", "location")
    return next((str(entry[key]) for key in keys if entry.get(key)), "-")
