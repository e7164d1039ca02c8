"""The examples of docs/history.md run on the demo, and say what is true."""

from __future__ import annotations

import ast
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import workbenches
from click.testing import CliRunner

from segbench.audience.history import CAUSES
from segbench.cli import main

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "history.md").read_text("utf-8")
BLOCKS = re.findall(r"^```python\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
COMMANDS = re.findall(r"^segbench (.+)$", PAGE, re.MULTILINE)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "demo-workspace").symlink_to(workbenches.filled())
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SEGBENCH_WORKSPACE", raising=False)


def test_the_examples_run_and_what_they_call_true_is(here: None) -> None:
    names: dict[str, Any] = {}
    claims = 0
    for block in BLOCKS:
        for statement in ast.parse(block).body:
            source = ast.get_source_segment(block, statement)
            assert source is not None
            if isinstance(statement, ast.Expr):
                found = eval(source, names)
                if block.splitlines()[statement.end_lineno - 1].endswith("# True"):  # type: ignore[operator]
                    claims += 1
                    assert found is True, source
            else:
                exec(source, names)
    assert claims == PAGE.count("# True") > 4
    names["workbench"].close()


def test_the_commands_do_what_they_say(here: None) -> None:
    assert len(COMMANDS) == 2
    for command in COMMANDS:
        result = CliRunner().invoke(main, shlex.split(command))
        assert result.exit_code == 0, result.output


def test_every_cause_is_explained_in_the_order_in_which_it_acts() -> None:
    assert tuple(re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE)) == CAUSES
