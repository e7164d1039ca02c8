"""`segbench library counts` and `watch`: what saved segments count, and should count."""

from __future__ import annotations

import sys
from typing import Any

import click

from segbench.cli.library_words import opened
from segbench.cli.options import json_option, workspace_option
from segbench.cli.shown import REFUSED, as_json, counting, speaks_plainly, table
from segbench.library.saved import shown
from segbench.library.watch import Kind, Watch, WatchResult
from segbench.workbench.identity import current_user
from segbench.workbench.refreshing_library import Counted, refresh_counts
from segbench.workbench.watching import check_watches
from segbench.workbench.workbench import Workbench, utc_now


@click.command()
@workspace_option
@json_option
@speaks_plainly
def counts(workspace: str, machine: bool) -> None:
    """Count all saved segments in one pass, and have the library remember it.

    Those that cannot be counted any more are told with their last count, as stale.
    """
    with Workbench.open(workspace) as workbench:
        with counting("Counting", len(workbench.library.statuses())) as at:
            found = refresh_counts(workbench, at)
        snapshot = workbench.engine.snapshot.id
    if machine:
        as_json([_counted(each, snapshot) for each in found])
        return
    rows = [[each.name, _number(each.count), _change(each), _told(each)] for each in found]
    table(["segment", "count", "change", ""], rows)


@click.group()
def watch() -> None:
    """What is to be told of the counts of saved segments; `check` is for cron."""


@watch.command()
@click.argument("name")
@workspace_option
@click.option("--moves", type=float, metavar="PER_CENT", help="It moves by more than so much.")
@click.option("--never-empty", is_flag=True, help="It is empty.")
@click.option("--at-least", type=int, metavar="N", help="It has fewer than N contacts.")
@click.option("--at-most", type=int, metavar="N", help="It has more than N contacts.")
@json_option
@speaks_plainly
def add(
    name: str,
    workspace: str,
    moves: float | None,
    never_empty: bool,
    at_least: int | None,
    at_most: int | None,
    machine: bool,
) -> None:
    """Have it told when the count of a segment is not what it should be."""
    asked: dict[Kind, float | None] = {"moves": moves, "at_least": at_least, "at_most": at_most}
    wanted: list[tuple[Kind, float | None]] = [
        (kind, amount) for kind, amount in asked.items() if amount is not None
    ]
    if never_empty:
        wanted.append(("never_empty", None))
    if len(wanted) != 1:
        raise click.UsageError("Give one of --moves, --never-empty, --at-least and --at-most.")
    with opened(workspace) as library:
        made = library.watches.add(name, *wanted[0], now=utc_now(), author=current_user())
    if machine:
        as_json(_watch(made, None))
    else:
        click.echo(f"Watch {made.number}: {made.segment!r} {made.words}.")


@watch.command("list")
@workspace_option
@json_option
@speaks_plainly
def list_command(workspace: str, machine: bool) -> None:
    """List the watches and what the last look found."""
    with opened(workspace) as library:
        watches, last = library.watches.all(), library.watches.last()
    if machine:
        as_json([_watch(each, last.get(each.number)) for each in watches])
        return
    rows = [
        [
            str(each.number),
            each.segment,
            each.words,
            shown(last[each.number].at) if each.number in last else "never",
            _holds(last.get(each.number)),
        ]
        for each in watches
    ]
    table(["watch", "segment", "should be", "last look", "found"], rows)


@watch.command()
@click.argument("number", type=int)
@workspace_option
@speaks_plainly
def remove(number: int, workspace: str) -> None:
    """Take a watch away, with what it found; `list` has the numbers."""
    with opened(workspace) as library:
        library.watches.remove(number)
    click.echo(f"Watch {number} is gone.")


@watch.command()
@click.argument("name", required=False)
@workspace_option
@json_option
@speaks_plainly
def check(name: str | None, workspace: str, machine: bool) -> None:
    """Count the watched segments, of one NAME or all; exit code 1 where one is not as it should be.

    The library keeps the results; a move is measured from the look before.
    """
    with Workbench.open(workspace) as workbench:
        found = check_watches(workbench, name)
    if machine:
        as_json([_watch(*each) for each in found])
    elif not found:
        click.echo("There is no watch: segbench library watch add makes one.", err=True)
    for each, result in found:
        if not machine:
            mark = "ok " if result.holds else "NOT"
            click.echo(f"{mark}  {each.segment}: {result.message}")
    if not all(result.holds for _, result in found):
        sys.exit(REFUSED)


def _counted(each: Counted, snapshot: int) -> dict[str, Any]:
    return {
        "segment": each.name,
        "count": each.count,
        "before": each.before.count if each.before else None,
        "problem": each.problem or None,
        "snapshot": snapshot,
    }


def _number(count: int | None) -> str:
    return "?" if count is None else f"{count:,}"


def _change(each: Counted) -> str:
    if each.count is None or each.before is None:
        return ""
    change = each.count - each.before.count
    return f"{change:+,}" if change else "0"


def _told(each: Counted) -> str:
    if each.count is not None:
        return ""
    last = each.before
    stale = f" Last count {last.count:,} on {shown(last.counted)} (stale)." if last else ""
    return f"{each.problem}{stale}"


def _watch(watch: Watch, last: WatchResult | None) -> dict[str, Any]:
    found = {
        "watch": watch.number,
        "segment": watch.segment,
        "kind": watch.kind,
        "amount": watch.amount,
        "should_be": watch.words,
    }
    if last is None:
        return found | {"last": None}
    return found | {
        "last": {
            "time": last.at.isoformat(),
            "holds": last.holds,
            "count": last.count,
            "before": last.before,
            "snapshot": last.snapshot,
            "message": last.message,
        }
    }


def _holds(last: WatchResult | None) -> str:
    if last is None:
        return ""
    return last.message if last.holds else f"NOT: {last.message}"
