"""docs/ux.md: every point of the checklist is there, and what is said to hold names its test."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "ux.md").read_text("utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in PAGE.splitlines()
    if re.match(r"\| \d+ \|", line)
]
STATES = ("holds", "open", "refused")


def tests_of_the_repository() -> set[str]:
    """The names of all test functions."""
    found: set[str] = set()
    for path in (ROOT / "tests").rglob("test_*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        found |= {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    return found


def test_every_point_is_there_once_and_in_order() -> None:
    assert [int(row[0]) for row in ROWS] == list(range(1, 81))
    assert all(len(row) == 4 and row[1] for row in ROWS)


def test_every_state_is_one_of_three_and_a_refusal_says_why() -> None:
    assert [row for row in ROWS if row[2].split(":")[0] not in STATES] == []
    assert [row for row in ROWS if row[2].startswith("refused") and len(row[2]) < 20] == []


def test_what_holds_names_a_test_of_that_number() -> None:
    known = tests_of_the_repository()
    for number, _, state, cell in ROWS:
        names = re.findall(r"`(test_\w+)`", cell)
        assert bool(names) == (state == "holds"), number
        for name in names:
            assert name in known, name
            assert name.startswith(f"test_ux_{int(number):02d}_"), name


def test_no_test_of_a_point_is_missing_on_the_page() -> None:
    named = set(re.findall(r"`(test_ux_\w+)`", PAGE))
    numbered = {name for name in tests_of_the_repository() if re.match(r"test_ux_\d\d_", name)}
    assert numbered - named == set()
