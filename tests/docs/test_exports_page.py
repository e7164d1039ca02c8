"""docs/exports.md: each promise names a test, and commands, formats and settings are real."""

from __future__ import annotations

import ast
import re
import shlex
from pathlib import Path

import click
import pytest

from segbench.audience.formats.registry import FORMATS
from segbench.cli import main
from segbench.destinations.settings import KINDS, setting_names

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "exports.md").read_text("utf-8")
PROMISES = [line for line in PAGE.splitlines() if line.startswith("- ")]
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`$")
COMMANDS = [
    line.split("  #")[0].strip() for line in PAGE.splitlines() if line.startswith("segbench ")
]


def test_every_promise_names_a_test_that_exists() -> None:
    assert len(PROMISES) > 40
    for line in PROMISES:
        found = NAMED.search(line)
        assert found, line
        tree = ast.parse((ROOT / found[1]).read_text("utf-8"))
        assert found[2] in {n.name for n in tree.body if isinstance(n, ast.FunctionDef)}, line


@pytest.mark.parametrize("line", COMMANDS)
def test_every_command_is_one_that_segbench_takes(line: str) -> None:
    words = shlex.split(line)[1:]
    parent = click.Context(main, **main.context_settings)
    command: click.Command | None = main.get_command(parent, words.pop(0))
    if isinstance(command, click.Group) and not words[0].startswith("-"):
        command = command.get_command(parent, words.pop(0))
    assert command, line
    with command.make_context(str(command.name), words, parent=parent) as context:
        assert isinstance(context, click.Context)


def table_after(heading: str) -> dict[str, str]:
    """The rows of the table below a heading, by what stands first in them."""
    text = PAGE.split(f"## {heading}\n")[1].split("\n## ")[0]
    rows = re.findall(r"^\| `(\w+)` \| (.+) \|$", text, re.MULTILINE)
    return dict(rows)


def test_the_page_has_every_format() -> None:
    assert list(table_after("Formats")) == list(FORMATS)


def test_the_page_has_every_kind_of_destination_with_its_settings() -> None:
    rows = table_after("Destinations")
    assert list(rows) == list(KINDS)
    for kind, row in rows.items():
        told = set(re.findall(r"`(\w+)`", row.split(" | ")[0]))
        services = {"mailchimp", "klaviyo", "highlevel"}
        more = {"endpoint", "private"} if kind in services else set()
        assert told | more == set(setting_names(kind)), kind
