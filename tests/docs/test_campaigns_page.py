"""docs/campaigns.md: promises name tests, commands are taken, tables are those of the code."""

from __future__ import annotations

import ast
import re
import shlex
from dataclasses import fields
from pathlib import Path

import click
import pytest

from segbench.cli import main
from segbench.model.campaign_states import ACTS, NEXT, STATE_WORDS, STATES
from segbench.model.send_settings import SendSettings
from segbench.model.sending_policy import SendingPolicy
from segbench.workbench.ladders import LABELS

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "campaigns.md").read_text("utf-8")
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


def test_the_page_has_every_setting() -> None:
    rows = re.findall(r"^\| (`[^|]+`) \|", PAGE, re.MULTILINE)
    named = {name for row in rows for name in re.findall(r"`(\w+)`", row)}
    assert {field.name for field in fields(SendSettings)} <= named


def test_the_page_has_every_number_of_the_policy() -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \| `(\d+)` \|", PAGE, re.MULTILINE))
    usual = SendingPolicy()
    assert rows == {field.name: str(getattr(usual, field.name)) for field in fields(usual)}


def test_the_page_has_the_ladder_in_its_order() -> None:
    table = PAGE.split("| reason |")[1].split("\n\n")[0]
    first = [line.split("|")[1].strip() for line in table.splitlines()[2:]]
    assert first[: len(LABELS)] == list(LABELS.values())


def test_the_page_has_every_step_between_states() -> None:
    table = PAGE.split("| state |")[1].split("\n\n")[0].splitlines()[2:]
    for state, line in zip(STATES, table, strict=True):
        cells = [cell.strip() for cell in line.split("|")[1:-1]]
        assert cells[0] == STATE_WORDS[state]
        order = ("edit", "review", "schedule", "withdraw", "hand_off", "cancel", "reopen")
        assert set(order) == set(ACTS)
        wanted = [STATE_WORDS[NEXT[state][act]] if act in NEXT[state] else "" for act in order]
        assert cells[1:] == wanted
