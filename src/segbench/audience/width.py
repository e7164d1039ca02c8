"""Rows of an OR that are far wider than the rows beside them, by count."""

from __future__ import annotations

from collections.abc import Iterator

from segbench.audience.evaluation import Evaluation
from segbench.model.check import Issue
from segbench.model.rules import Group, Path
from segbench.model.tree import walk

TIMES = 10
"""How many times as many contacts as all rows beside it make a row conspicuous."""
SHARE = 0.25
"""A row of less than this share of all contacts is never conspicuous."""


def wide_rows(root: Group, evaluation: Evaluation) -> tuple[Issue, ...]:
    """A warning for each row of an OR that all but decides its count, in reading order."""
    return tuple(
        issue
        for path, node in walk(root)
        if isinstance(node, Group) and node.combinator == "or" and path in evaluation.nodes
        for issue in _wide_in(node, path, evaluation)
    )


def _wide_in(group: Group, path: Path, evaluation: Evaluation) -> Iterator[Issue]:
    counted = {
        place: evaluation.nodes[place].alone
        for index in range(len(group.rules))
        if (place := (*path, index)) in evaluation.nodes
    }
    if len(counted) < 2:
        return
    for place, alone in counted.items():
        beside = sum(counted.values()) - alone
        if beside and alone >= TIMES * beside and alone >= SHARE * evaluation.contacts:
            yield Issue(
                place,
                "warning",
                "wide-or",
                f"This row alone holds {alone:,} contacts, {alone // beside:,} times as many as "
                "the rows beside it: with OR, all of them are in.",
            )
