"""An OR row that is far wider than its neighbours is said, others are not."""

from __future__ import annotations

import pytest

from segbench.audience.evaluation import Evaluation, NodeCount
from segbench.audience.width import wide_rows
from segbench.model.ask import tag
from segbench.model.rules import Group, replace

A, B, C = tag("a"), tag("b"), tag("c")


def counted(*alone: int, contacts: int = 1_000) -> Evaluation:
    nodes = {(): NodeCount(0, 0)}
    nodes |= {(n,): NodeCount(count, count) for n, count in enumerate(alone) if count >= 0}
    return Evaluation(contacts, 0, nodes)


def test_a_row_ten_times_as_wide_as_all_beside_it_is_said() -> None:
    (issue,) = wide_rows(A | B | C, counted(20, 900, 30))
    assert (issue.path, issue.level, issue.code) == ((1,), "warning", "wide-or")
    assert issue.message == (
        "This row alone holds 900 contacts, 18 times as many as the rows beside it: "
        "with OR, all of them are in."
    )


@pytest.mark.parametrize(
    ("root", "evaluation"),
    [
        (A & B, counted(1, 900)),
        (A | B, counted(100, 900)),
        (A | B, counted(10, 240)),
        (A | B, counted(0, 900)),
        (A | replace(B, enabled=False), counted(900, -1)),
        (Group("or", (A,)), counted(900)),
    ],
)
def test_others_are_not(root: Group, evaluation: Evaluation) -> None:
    assert wide_rows(root, evaluation) == ()


def test_groups_inside_are_looked_at_too() -> None:
    nodes = {(): NodeCount(9, 9), (0,): NodeCount(9, 9), (1,): NodeCount(900, 900)}
    nodes |= {(1, 0): NodeCount(10, 10), (1, 1): NodeCount(890, 900)}
    (issue,) = wide_rows(A & (B | C), Evaluation(1_000, 9, nodes))
    assert issue.path == (1, 1)
