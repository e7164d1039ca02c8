"""docs/sync.md: every promise names its test, every command is taken, the example runs."""

from __future__ import annotations

import ast
import re
import shlex
from pathlib import Path

import click
import pytest

from segbench.cli.main import main
from segbench.cli.syncing import sync_command
from segbench.lake.lake import Lake
from segbench.workbench.workbench import Workbench
from segbench.workbench.workspace import Settings, Workspace

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "sync.md").read_text("utf-8")
PROMISES = [line for line in PAGE.splitlines() if line.startswith("- ")]
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`$")
COMMANDS = [line for line in PAGE.splitlines() if line.startswith("segbench ")]


def test_every_promise_names_a_test_that_exists() -> None:
    assert len(PROMISES) > 30
    for line in PROMISES:
        found = NAMED.search(line)
        assert found, line
        tree = ast.parse((ROOT / found[1]).read_text("utf-8"))
        assert found[2] in {n.name for n in tree.body if isinstance(n, ast.FunctionDef)}, line


@pytest.mark.parametrize("line", COMMANDS)
def test_every_command_is_one_that_segbench_takes(line: str) -> None:
    words = shlex.split(line)[1:]
    parent = click.Context(main, **main.context_settings)
    with sync_command.make_context(words[0], words[1:], parent=parent) as context:
        assert context.params["source"] == words[1]


def test_the_example_runs(tmp_path: Path) -> None:
    code = re.search(r"^```python\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
    assert code is not None
    *steps, last = code[1].strip().splitlines()
    place = Workspace(tmp_path / "ws")
    place.write(Settings())
    Lake.create(place.lake).close()
    with Workbench.open(place.root) as workbench:
        names: dict[str, object] = {"workbench": workbench}
        exec("\n".join(steps), names)
        assert eval(last, names) == (2, 1)
        assert workbench.contacts_total == 2


def test_every_option_that_the_page_names_is_one() -> None:
    known = {
        name
        for parameter in sync_command.params
        for name in (*parameter.opts, *parameter.secondary_opts)
    }
    assert set(re.findall(r"--[a-z-]+", PAGE)) <= known
