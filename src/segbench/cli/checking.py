"""`segbench check`: what is wrong or odd in segment files, for CI and before a commit."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import click

from segbench.cli.named import Files, reached, read_all, with_strangers
from segbench.cli.options import as_of_option, json_option, maybe_workspace_option, naive
from segbench.cli.shown import REFUSED, as_json, speaks_plainly
from segbench.errors import SegbenchError
from segbench.files.expectations import Expectations
from segbench.files.inference import inferred_catalog
from segbench.files.schema import schema
from segbench.model.check import Issue, check
from segbench.model.checks.values import Level
from segbench.model.moments import zone_of
from segbench.model.rules import Group
from segbench.model.text_form.errors import TextError
from segbench.model.tree import node_at
from segbench.plan.lint import logical_issues
from segbench.plan.lower import Context, lower
from segbench.workbench.workbench import Workbench, utc_now

WITHOUT_DATA = ("missing-data", "unused-tag")
"""What only data can tell."""
ZONE = "time_zone"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about a file: at a row of its segment or, where it cannot be read, at a line."""

    file: str
    level: Level
    code: str
    message: str
    row: str = ""
    line: int | None = None
    column: int | None = None

    @property
    def text(self) -> str:
        """The finding as one line."""
        place = f":{self.line}:{self.column}" if self.line else f":row {self.row}" * bool(self.row)
        return f"{self.file}{place}: {self.level} {self.code}: {self.message}"


@click.command("check")
@click.argument("files", nargs=-1)
@maybe_workspace_option("Check the names of fields, tags and events in this workspace, too.")
@as_of_option
@click.option("--strict", is_flag=True, help="Exit code 1 on warnings, too.")
@click.option("--schema", "show_schema", is_flag=True, help="Print the JSON Schema of the files.")
@json_option
@speaks_plainly
def check_command(
    files: tuple[str, ...],
    workspace: str | None,
    as_of: dt.datetime | None,
    strict: bool,
    show_schema: bool,
    machine: bool,
) -> None:
    """Check segment FILES, and those in folders: do they read, can they be asked, do they make
    sense? Without a workspace the names are taken to exist."""
    if show_schema:
        as_json(schema())
        return
    if not files:
        raise click.UsageError("Name segment files, or a folder of them.")
    given = read_all(files)
    if workspace is None:
        found = [*_faults(given), *_without_data(given, naive(as_of or utc_now()))]
    else:
        with Workbench.open(workspace, as_of=as_of) as workbench:
            found = [*_faults(given), *_with_data(given, workbench)]
    _show(found, given, machine)
    bad = [finding for finding in found if strict or finding.level != "warning"]
    if bad:
        sys.exit(REFUSED)


def _show(found: list[Finding], given: Files, machine: bool) -> None:
    count = len(given.read) + len(given.faults)
    if machine:
        as_json({"files": count, "issues": [asdict(finding) for finding in found]})
        return
    for finding in found:
        click.echo(finding.text)
    files = "1 file" if count == 1 else f"{count:,} files"
    click.echo(
        f"{files} checked, {len(found):,} found." if found else f"{files} checked.", err=True
    )


def _faults(given: Files) -> Iterator[Finding]:
    for path, error in given.faults.items():
        if isinstance(error, TextError):
            place = (error.line, error.column)
            yield Finding(str(path), "error", "format", error.problem, "", *place)
        else:
            yield Finding(str(path), "error", "format", " ".join(str(error).split()))


def _without_data(given: Files, as_of: dt.datetime) -> Iterator[Finding]:
    for path, file in given.read.items():
        group, tests = file.segment.group, file.tests or Expectations()
        segments = with_strangers(group, reached(group, given.groups))
        zone = tests.contact_time_zone or ZONE
        catalog = inferred_catalog(
            [group, *segments.values()], replace(tests, contact_time_zone=zone)
        )
        context = Context(as_of, zone_of(tests.time_zone), catalog, segments, contact_zone=zone)
        yield from _findings(path, group, context, WITHOUT_DATA)


def _with_data(given: Files, workbench: Workbench) -> Iterator[Finding]:
    context = workbench.context({**workbench.library.groups(), **given.groups})
    for path, file in given.read.items():
        yield from _findings(path, file.segment.group, context)


def _findings(
    path: Path, group: Group, context: Context, beside: tuple[str, ...] = ()
) -> Iterator[Finding]:
    issues = check(
        group,
        context.catalog,
        context.segments,
        vocabulary=context.vocabulary,
        contact_zone=context.contact_zone,
    )
    told = [issue for issue in _active_first(group, issues) if issue.code not in beside]
    if all(issue.level == "warning" for issue in told):
        told += _logical(group, context)
    for issue in sorted(told, key=lambda issue: issue.path):
        row = ".".join(str(index + 1) for index in issue.path)
        yield Finding(str(path), issue.level, issue.code, issue.message, row)


def _active_first(group: Group, issues: tuple[Issue, ...]) -> Iterator[Issue]:
    """The issues; one in a row that is switched off keeps nothing from being asked."""
    for issue in issues:
        around = (node_at(group, issue.path[:depth]) for depth in range(1, len(issue.path) + 1))
        if all(node.enabled for node in around):
            yield issue
        elif issue.level == "error":
            yield replace(issue, level="warning")


def _logical(group: Group, context: Context) -> tuple[Issue, ...]:
    try:
        return logical_issues(group, lower(group, context))
    except SegbenchError:
        # Without data, a rule may need what nobody can infer; then logic has nothing to say.
        return ()
