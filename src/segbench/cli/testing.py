"""`segbench test`: segment files against the tests that they bring."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Mapping

import click

from segbench.cli.named import Files, read_all
from segbench.cli.options import as_of_option, maybe_workspace_option
from segbench.cli.shown import REFUSED, speaks_plainly
from segbench.cli.trials import Outcome, contact_outcomes, size_outcome
from segbench.errors import SegbenchError
from segbench.files.segment_file import SegmentFile
from segbench.model.rules import Group
from segbench.workbench.workbench import Workbench


@click.command("test")
@click.argument("files", nargs=-1, required=True)
@maybe_workspace_option("Also check sizes, on the contacts of this workspace.")
@as_of_option
@speaks_plainly
def test_command(files: tuple[str, ...], workspace: str | None, as_of: dt.datetime | None) -> None:
    """Run the tests in segment FILES, and in those of folders: contacts that must be in or out, and
    with a workspace how many contacts there may be."""
    given = read_all(files)
    if workspace is None:
        failed, passed = _run(given, given.groups, None)
    else:
        with Workbench.open(workspace, as_of=as_of) as workbench:
            groups = {**workbench.library.groups(), **given.groups}
            failed, passed = _run(given, groups, workbench)
    click.echo(f"{passed:,} passed, {failed:,} failed.", err=True)
    if failed:
        sys.exit(REFUSED)


def _run(given: Files, groups: Mapping[str, Group], workbench: Workbench | None) -> tuple[int, int]:
    """How many tests failed and passed; each file gets a line, each failure its reasons."""
    failed = len(given.faults)
    passed = 0
    for path, error in given.faults.items():
        click.echo(f"{path}: {error}")
    for path, file in given.read.items():
        try:
            outcomes = _outcomes(file, groups, workbench)
        except SegbenchError as error:
            click.echo(f"{path}: {error}")
            failed += 1
            continue
        good = sum(outcome.passed for outcome in outcomes)
        failed, passed = failed + len(outcomes) - good, passed + good
        unmeasured = workbench is None and file.tests is not None and file.tests.size is not None
        note = "; size not checked: name a workspace with -w" if unmeasured else ""
        click.echo(f"{path}: {good} of {len(outcomes)} passed{note}")
        for outcome in outcomes:
            _show(outcome)
    return failed, passed


def _outcomes(
    file: SegmentFile, groups: Mapping[str, Group], workbench: Workbench | None
) -> list[Outcome]:
    found = list(contact_outcomes(file, groups))
    if workbench is not None and file.tests is not None and file.tests.size is not None:
        found.append(size_outcome(file.segment, file.tests.size, workbench, groups))
    return found


def _show(outcome: Outcome) -> None:
    if outcome.passed:
        return
    click.echo(f"  {outcome.name}: {outcome.said}")
    for line in outcome.why.splitlines():
        click.echo(f"    {line}")
