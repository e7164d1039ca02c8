"""`segbench history` and `forecast`: the size of a segment over time, and in the days to come."""

from __future__ import annotations

import datetime as dt
from typing import Any, get_args

import click

from segbench.audience.forecast import Forecast
from segbench.audience.history import CAUSES, Flow, History, Point, local_time
from segbench.cli.options import find_segment, json_option, workspace_option
from segbench.cli.shown import as_json, speaks_plainly, table, working
from segbench.errors import RuleError
from segbench.files.segment_file import names_a_file
from segbench.model.moments import parse_moment
from segbench.model.segment import Segment
from segbench.workbench.spans import Every, When
from segbench.workbench.workbench import Workbench

SOON = 7
"""Days for which a longer forecast is summed up as well."""


@click.command()
@click.argument("segment")
@workspace_option
@click.option("--since", help="The first day or time, local: 2026-10-01 or 2026-10-01T09:30.")
@click.option("--until", help="The last day or time; default: the clock of the workspace.")
@click.option(
    "--every",
    type=click.Choice(get_args(Every)),
    default="day",
    show_default=True,
    help="How far apart the points are.",
)
@json_option
@speaks_plainly
def history(
    segment: str, workspace: str, since: str | None, until: str | None, every: Every, machine: bool
) -> None:
    """Show how many contacts SEGMENT held over time, who entered and left, and why.

    SEGMENT is a saved name, which has the rules that it had at each moment, or a JSON, YAML or
    text file. By default the last 30 days, 12 weeks or 12 months.
    """
    with working("Counting"), Workbench.open(workspace) as workbench:
        first, last = (_moment(workbench, given) for given in (since, until))
        asked = _asked(workbench, segment)
        found = workbench.history(asked, since=first, until=last, every=every)
    if machine:
        as_json(_history_data(found))
        return
    rows: list[list[Any]] = [
        [_when(found, point), point.count, *_moves(point)] for point in found.points
    ]
    table(["at", "contacts", "change", *CAUSES], rows)
    for note in found.notes:
        click.echo(f"\n{note}")


@click.command()
@click.argument("segment")
@workspace_option
@click.option("--days", type=int, default=30, show_default=True, help="How many days ahead.")
@json_option
@speaks_plainly
def forecast(segment: str, workspace: str, days: int, machine: bool) -> None:
    """Show who leaves SEGMENT and who enters it in the next days if nothing happens.

    SEGMENT is a saved name, or a JSON, YAML or text file. A day is 24 hours.
    """
    with working("Counting"), Workbench.open(workspace) as workbench:
        found = workbench.forecast(_asked(workbench, segment), days=days)
        leaving = found.leaving() if machine else ()
    if machine:
        as_json(
            {
                "segment": found.segment,
                "days": [_row_data(row) for row in found.rows()],
                "after": {str(days): _flow_data(found.after(days)) for days in _reaches(found)},
                "leaving": [{"key": turn.key, "by": _utc(turn.at)} for turn in leaving],
            }
        )
        return
    rows = [
        [f"{local_time(point.at, found.zone):%Y-%m-%d %H:%M}", day, point.count, _flow(point.flow)]
        for day, point in enumerate(found.points)
    ]
    table(["at", "day", "contacts", "change"], rows)
    click.echo()
    for reach in _reaches(found):
        flow = found.after(reach)
        click.echo(f"In {_days(reach)}: {flow.left:,} leave, {flow.entered:,} enter.")


def _asked(workbench: Workbench, segment: str) -> str | Segment:
    return find_segment(workbench, segment) if names_a_file(segment) else segment


def _moment(workbench: Workbench, given: str | None) -> When | None:
    if given is None:
        return None
    try:
        return parse_moment(given, workbench.zone)
    except ValueError:
        raise RuleError(
            f"{given!r} is no day or time; write 2026-10-01 or 2026-10-01T09:30."
        ) from None


def _reaches(found: Forecast) -> list[int]:
    return [SOON, found.days] if found.days > SOON else [found.days]


def _days(number: int) -> str:
    return "1 day" if number == 1 else f"{number:,} days"


def _when(found: History, point: Point) -> str:
    return f"{local_time(point.at, found.zone):%Y-%m-%d %H:%M}"


def _moves(point: Point) -> list[str]:
    return [_flow(point.flow), *(_flow(point.causes.get(cause, Flow())) for cause in CAUSES)]


def _flow(flow: Flow) -> str:
    """Who entered and who left: `+12 -3`."""
    parts = [f"+{flow.entered:,}"] if flow.entered else []
    parts += [f"-{flow.left:,}"] if flow.left else []
    return " ".join(parts)


def _flow_data(flow: Flow) -> dict[str, int]:
    return {"entered": flow.entered, "left": flow.left}


def _row_data(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "at": row["at"].isoformat()}


def _history_data(found: History) -> dict[str, Any]:
    return {
        "segment": found.segment,
        "history_begins": _utc(found.begins),
        "notes": list(found.notes),
        "points": [_row_data(row) for row in found.rows()],
    }


def _utc(moment: dt.datetime) -> str:
    return f"{moment.isoformat()}Z"
