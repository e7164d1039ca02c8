"""`segbench sql`: a segment as one readable query."""

from __future__ import annotations

import datetime as dt
import textwrap

import click

from segbench.cli.options import as_of_option, find_segment, workspace_option
from segbench.cli.shown import speaks_plainly, working
from segbench.engine.sql import DIALECTS, sql_of_plan
from segbench.workbench.workbench import Workbench


@click.command()
@click.argument("segment")
@workspace_option
@click.option("--dialect", type=click.Choice(sorted(DIALECTS)), default="duckdb", show_default=True)
@as_of_option
@speaks_plainly
def sql(segment: str, workspace: str, dialect: str, as_of: dt.datetime | None) -> None:
    """Write SEGMENT as SQL: a saved name, or a JSON, YAML or text file."""
    with working("Writing"), Workbench.open(workspace, as_of=as_of) as workbench:
        found = find_segment(workbench, segment)
        plan = workbench.plan(found.group)
        said = (
            f"Segment {found.name!r} as of {workbench.as_of.isoformat(' ', 'seconds')} UTC",
            workbench.describe(found.group),
        )
        comment = "\n".join(textwrap.fill(line, 96) for line in said)
        query = sql_of_plan(plan, workbench.catalog, dialect, comment)
    click.echo(query, nl=False)
