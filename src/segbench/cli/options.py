"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from segbench.errors import FormatError
from segbench.model.codec import from_json
from segbench.model.segment import Segment
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


def find_segment(workbench: Workbench, given: str) -> Segment:
    """The saved segment of that name, or the one in a JSON file of that path."""
    if given.endswith(".json"):
        path = Path(given)
        if not path.is_file():
            raise FormatError(f"There is no file {given!r}.")
        return from_json(path.read_bytes())
    return workbench.library.segment(given).segment
