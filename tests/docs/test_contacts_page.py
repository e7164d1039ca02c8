"""docs/contacts.md: promises name their tests, commands and examples are real."""

from __future__ import annotations

import ast
import re
import shlex
from pathlib import Path
from typing import Any

import click
import pytest
import workbenches

from segbench.cli import main

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "contacts.md").read_text("utf-8")
PROMISES = [line for line in PAGE.splitlines() if line.startswith("- ")]
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`$")
COMMANDS = [
    line.split("  #")[0].strip() for line in PAGE.splitlines() if line.startswith("segbench ")
]
(EXAMPLE,) = re.findall(r"^```python\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)


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


def test_the_example_runs_and_what_it_calls_true_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "demo-workspace").symlink_to(workbenches.filled())
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SEGBENCH_WORKSPACE", raising=False)
    names: dict[str, Any] = {}
    claims = 0
    for statement in ast.parse(EXAMPLE).body:
        source = ast.get_source_segment(EXAMPLE, statement)
        assert source is not None
        if isinstance(statement, ast.Expr):
            assert eval(source, names) is True, source
            claims += 1
        else:
            exec(source, names)
    names["workbench"].close()
    assert claims == EXAMPLE.count("# True") == 2
