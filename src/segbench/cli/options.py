"""Options that several commands share."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, TypeVar

import click

from segbench.errors import FormatError
from segbench.files.reading import read
from segbench.files.segment_file import names_a_file
from segbench.model.moments import to_utc
from segbench.model.segment import Segment
from segbench.model.text_form.errors import TextError
from segbench.workbench.workbench import Workbench
from segbench.workbench.workspace import DEFAULT, ENVIRONMENT

F = TypeVar("F", bound=Callable[..., Any])


def workspace_option(command: F) -> F:
    """`--workspace`: which folder to work on."""
    return click.option(
        "--workspace",
        "-w",
        envvar=ENVIRONMENT,
        default=DEFAULT,
        show_default=True,
        help=f"The workspace folder; also taken from {ENVIRONMENT}.",
    )(command)


def maybe_workspace_option(what_for: str) -> Callable[[F], F]:
    """`--workspace` of a command that also works without one."""
    return click.option("--workspace", "-w", help=what_for)


def json_option(command: F) -> F:
    """`--json`: print for a machine."""
    return click.option("--json", "machine", is_flag=True, help="Print JSON for a machine.")(
        command
    )


def as_of_option(command: F) -> F:
    """`--as-of`: the clock of the evaluation."""
    return click.option(
        "--as-of",
        type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S%z"]),
        help="Evaluate as of this instant (UTC unless it has an offset); default: the workspace's.",
    )(command)


def naive(moment: dt.datetime) -> dt.datetime:
    """An instant as naive UTC; one without an offset is UTC already."""
    return to_utc(moment) if moment.tzinfo else moment


def find_segment(workbench: Workbench, given: str) -> Segment:
    """The saved segment of that name, or the one in a JSON, YAML or text file of that path."""
    if names_a_file(given):
        try:
            return read(given).segment
        except TextError as error:
            place = f"{given}:{error.line}:{error.column}"
            raise FormatError(f"{place}: {error.problem}") from None
    return workbench.library.segment(given).segment
