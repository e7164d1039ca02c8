"""What the pages say is there is there."""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path

import click
import pytest

import segbench
from segbench.cli import main
from segbench.model.catalog import Catalog
from segbench.model.operators import OPERATORS
from segbench.ui.wire import catalog_data

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])
README = (ROOT / "README.md").read_text("utf-8")
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_of_a_page_leads_to_a_file(page: Path) -> None:
    for target in LINK.findall(page.read_text("utf-8")):
        assert (page.parent / target).exists(), target


def test_the_readme_shows_the_two_commands_first() -> None:
    first = re.search(r"```\n(.*?)```", README, re.DOTALL)
    assert first is not None
    commands = [line.split("#")[0].split() for line in first[1].splitlines()]
    assert commands == [["make", "demo"], ["make", "test"]]


def shown_commands() -> list[str]:
    lines = [line.split("  #")[0].strip() for line in README.splitlines()]
    return [line for line in lines if line.startswith("segbench ")]


@pytest.mark.parametrize("line", shown_commands())
def test_every_command_in_the_readme_is_one_that_segbench_takes(line: str, tmp_path: Path) -> None:
    words = shlex.split(line)[1:]
    files = {word: tmp_path / word for word in words if word.endswith((".csv", ".parquet"))}
    for path in files.values():
        path.touch()
    command = main.get_command(click.Context(main), words[0])
    assert command is not None
    arguments = [str(files.get(word, word)) for word in words[1:]]
    # With the parent, as on a command line: click keeps what it learns of a command's help option.
    parent = click.Context(main, **main.context_settings)
    with command.make_context(words[0], arguments, parent=parent) as context:
        assert isinstance(context, click.Context)


def test_the_readme_uses_public_names_only() -> None:
    imported = re.findall(r"^from segbench import (.+)$", README, re.MULTILINE)
    assert imported
    for names in imported:
        assert {name.strip() for name in names.split(",")} <= set(segbench.__all__)


def test_the_architecture_says_why_for_every_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"].values()
    wanted = [*project["dependencies"], *(each for extra in extras for each in extra)]
    page = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    reasons = page.split("## Why these libraries")[1]
    known_elsewhere = {"mypy", "ruff", "pytest", "pre-commit"}
    for requirement in wanted:
        name = re.split(r"[\[<>=]", requirement)[0]
        short = name.removeprefix("duckdb-extension").lstrip("-") or name
        assert name in known_elsewhere or name in reasons or short in reasons, name


def test_the_protocol_page_names_everything_that_goes_down() -> None:
    page = (ROOT / "docs" / "builder-protocol.md").read_text("utf-8")
    for key in catalog_data(Catalog(0), ()):
        assert f"{key}:" in page, key
    assert {subject for subject, _ in OPERATORS} <= set(re.findall(r"\w+", page))
