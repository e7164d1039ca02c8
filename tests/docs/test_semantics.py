"""Each line of docs/semantics.md names a test, and the test exists."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LINES = [
    line
    for line in (ROOT / "docs" / "semantics.md").read_text(encoding="utf-8").splitlines()
    if line.startswith("- ")
]
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`$")


def names_in(path: Path) -> set[str]:
    """The names of the test functions at the top of a file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_every_line_of_the_meaning_names_one_test() -> None:
    assert len(LINES) > 40
    assert [line for line in LINES if len(NAMED.findall(line)) != 1] == []


def test_every_test_that_the_meaning_names_exists() -> None:
    named = [match.groups() for line in LINES if (match := NAMED.search(line))]
    missing = [
        f"{path}::{name}"
        for path, name in named
        if not (ROOT / path).is_file() or name not in names_in(ROOT / path)
    ]
    assert missing == []


def test_no_line_of_the_meaning_comes_twice() -> None:
    assert len(set(LINES)) == len(LINES)
