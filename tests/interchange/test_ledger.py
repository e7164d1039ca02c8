from __future__ import annotations

from collections.abc import Callable

import pytest

from segbench.interchange.ledger import LONGEST_ORIGINAL, Ledger
from segbench.interchange.report import Effect
from segbench.model.ask import field
from segbench.model.checks.values import LONGEST_TEXT
from segbench.model.rules import FieldRule, Group

X = field("x") >= 1


@pytest.mark.parametrize(
    ("tree", "effect"),
    [
        (lambda row: Group("and", (X, row)), "wider"),
        (lambda row: Group("or", (X, row)), "narrower"),
        (lambda row: Group("and", (X, row), negated=True), "narrower"),
        (lambda row: Group("and", (X, Group("or", (X, row), negated=True))), "wider"),
        (lambda row: Group("and", (X, Group("or", (row,)))), "wider"),
        (lambda row: Group("or", (X, Group("and", (row,), negated=True))), "narrower"),
        (lambda row: Group("and", (X, Group("or", (X, row), enabled=False))), "none"),
        (lambda row: Group("or", (Group(), row, Group("and", (~X,), enabled=False))), "nobody"),
    ],
)
def test_the_report_says_what_a_missing_row_does(
    tree: Callable[[FieldRule], Group], effect: Effect
) -> None:
    ledger = Ledger("a tool")
    imported = ledger.finish(tree(ledger.set_aside("here", {"a": 1}, "Because.")))
    assert [entry.effect for entry in imported.report] == [effect]


def test_a_row_that_was_off_changes_nothing() -> None:
    ledger = Ledger("a tool")
    row = ledger.set_aside("here", {}, "Because.", active=False)
    assert ledger.finish(Group(rules=(X, row))).report[0].effect == "none"


def test_a_note_is_never_longer_than_a_note_may_be() -> None:
    ledger = Ledger("a tool")
    row = ledger.set_aside("here", "x" * 50_000, "Because. " * 5_000)
    (kept,) = ledger.finish(Group(rules=(row,))).group.rules
    assert LONGEST_ORIGINAL < len(kept.note) <= LONGEST_TEXT
    assert "Original (cut): xxx" in kept.note
