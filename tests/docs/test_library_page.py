"""docs/library.md: each promise names a test, and the commands are ones that segbench takes."""

from __future__ import annotations

import ast
import re
import shlex
from pathlib import Path

import click
import pytest

from segbench.cli import main
from segbench.library.watch import KINDS
from segbench.model.filing import STATUSES

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "library.md").read_text("utf-8")
PROMISES = [line for line in PAGE.splitlines() if line.startswith("- ")]
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`$")
COMMANDS = [
    line.split("  #")[0].strip() for line in PAGE.splitlines() if line.startswith("segbench ")
]


def test_every_promise_names_a_test_that_exists() -> None:
    assert len(PROMISES) > 20
    for line in PROMISES:
        found = NAMED.search(line)
        assert found, line
        tree = ast.parse((ROOT / found[1]).read_text("utf-8"))
        assert found[2] in {n.name for n in tree.body if isinstance(n, ast.FunctionDef)}, line


@pytest.mark.parametrize("line", COMMANDS)
def test_every_command_is_one_that_segbench_takes(line: str) -> None:
    words = shlex.split(line)[1:]
    parent = click.Context(main, **main.context_settings)
    command: click.Command | None = main
    while isinstance(command, click.Group):
        command = command.get_command(parent, words.pop(0))
    assert command, line
    with command.make_context(str(command.name), words, parent=parent) as context:
        assert context.params


def test_every_command_of_the_library_is_on_the_page() -> None:
    parent = click.Context(main)
    group = main.get_command(parent, "library")
    assert isinstance(group, click.Group)
    shown = {shlex.split(line)[2] for line in COMMANDS}
    assert shown == set(group.commands)


def test_every_status_and_kind_of_watch_is_on_the_page() -> None:
    assert all(f"`{status}`" in PAGE for status in STATUSES)
    assert all(f"--{kind.replace('_', '-')}" in PAGE for kind in KINDS)
