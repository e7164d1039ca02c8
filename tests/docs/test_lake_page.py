"""docs/lake.md: each promise names a test, and the commands are ones that segbench takes."""

from __future__ import annotations

import ast
import re
import shlex
from pathlib import Path

import click
import pytest

from segbench.cli import main
from segbench.lake.retention import Retention

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "lake.md").read_text("utf-8")
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
def test_every_command_is_one_that_segbench_takes(line: str, tmp_path: Path) -> None:
    words = shlex.split(line)[1:]
    parent = click.Context(main, **main.context_settings)
    command: click.Command | None = main
    while isinstance(command, click.Group):
        command = command.get_command(parent, words.pop(0))
    assert command, line
    files = {word: tmp_path / word for word in words if word.endswith(".csv")}
    for path in files.values():
        path.touch()
    arguments = [str(files.get(word, word)) for word in words]
    with command.make_context(str(command.name), arguments, parent=parent) as context:
        assert context.params


def test_the_page_has_every_number_of_a_retention() -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \| ([^|]+) \|", PAGE, re.MULTILINE))
    usual = Retention()
    assert {name: rows[name].strip("` ") for name in Retention.__slots__} == {
        name: "null" if (number := getattr(usual, name)) is None else str(number)
        for name in Retention.__slots__
    }
