"""What the command line shows: results on stdout, progress and errors on stderr."""

from __future__ import annotations

import contextlib
import functools
import json
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, NoReturn, ParamSpec, TypeVar

import click

from segbench.errors import SegbenchError

if TYPE_CHECKING:
    from rich.progress import Progress

P = ParamSpec("P")
R = TypeVar("R")

REFUSED = 1


def as_json(data: Any) -> None:
    """Print a result for a machine."""
    click.echo(json.dumps(data, ensure_ascii=False, indent=2, default=str))


def table(headings: list[str], rows: list[list[Any]]) -> None:
    """Print a result as a table: numbers to the right, everything else to the left."""
    shown = [[f"{cell:,}" if isinstance(cell, int) else str(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(headings, *shown, strict=True)]
    numeric = [all(isinstance(row[i], int) for row in rows) for i in range(len(headings))]
    for line in [headings, *shown]:
        cells = (
            cell.rjust(width) if right else cell.ljust(width)
            for cell, width, right in zip(line, widths, numeric, strict=True)
        )
        click.echo("  ".join(cells).rstrip())


def refuse(message: str) -> NoReturn:
    """Say what is wrong and end with exit code 1."""
    click.echo(f"segbench: {message}", err=True)
    sys.exit(REFUSED)


def speaks_plainly(command: Callable[P, R]) -> Callable[P, R]:
    """The command, with every error of ours, and of the disk, as a sentence and exit code 1."""

    @functools.wraps(command)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except SegbenchError as error:
            refuse(str(error))
        except BrokenPipeError:
            raise  # Whoever reads our output has seen enough: click ends quietly.
        except OSError as error:
            refuse(f"A file cannot be read or written: {error}.")
        except RuntimeError as error:
            # DuckDB turns Ctrl+C during a query into an error of its own.
            if isinstance(error.__cause__ or error.__context__, KeyboardInterrupt):
                raise click.Abort from error
            raise

    return wrapped


@contextlib.contextmanager
def counting(label: str, total: int, then: str = "") -> Iterator[Callable[[int], None]]:
    """A progress bar on stderr; yields a function that takes how far it is.

    `then` says what goes on after the last one, for as long as it takes.
    """
    with _bar() as progress:
        task = progress.add_task(label, total=total)

        def at(done: int) -> None:
            over = bool(then) and done >= total
            progress.update(
                task,
                completed=done,
                description=then if over else label,
                total=None if over else total,
            )

        yield at


@contextlib.contextmanager
def working(label: str) -> Iterator[Callable[[str], None]]:
    """A bar that only moves, for work of unknown length; yields a function to relabel it."""
    with _bar() as progress:
        task = progress.add_task(label, total=None)
        yield lambda text: progress.update(task, description=text)


def _bar() -> Progress:
    """A bar that is gone when the work is done, and never there where nobody looks."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    hidden = not console.is_terminal
    return Progress(*columns, console=console, transient=True, disable=hidden)
