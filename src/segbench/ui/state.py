"""What a screen draws: one whole, consistent state, and what it says of itself."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from segbench.audience.evaluation import Evaluation
from segbench.errors import EditError
from segbench.model import edit
from segbench.model.check import Issue
from segbench.model.rules import Group

if TYPE_CHECKING:
    from segbench.ui.news import News

Status = Literal["ready", "updating", "empty", "error"]


@dataclass(frozen=True)
class Answer:
    """What was counted: for which revision and tree, the numbers, and over which data.

    `as_of` is naive UTC, `snapshot` the id of the lake's snapshot.
    """

    revision: int
    tree: Group
    evaluation: Evaluation
    as_of: dt.datetime
    snapshot: int


@dataclass(frozen=True)
class State:
    """Everything a screen draws, whole and consistent.

    `counts` is the tree without the rows that cannot be evaluated: what is counted and said.
    `answer` may belong to an older revision than the tree, while `status` is "updating".
    `heard` is the id of the last edit that was dealt with: made, dropped or refused.
    """

    revision: int
    shape: int
    tree: Group
    counts: Group
    issues: tuple[Issue, ...]
    status: Status
    message: str
    answer: Answer | None
    can_undo: bool
    can_redo: bool
    name: str
    saved: bool
    heard: str = ""
    news: News | None = None


def without_wrong_rows(tree: Group, issues: tuple[Issue, ...]) -> Group:
    """The tree with rows that cannot be evaluated switched off; the screen says so at each."""
    for issue in issues:
        if issue.level == "warning":
            continue
        if not issue.path:
            raise EditError(issue.message)
        tree = edit.enable(tree, issue.path, False)
    return tree


def why_nobody(answer: Answer) -> str:
    """Which row of an AND leaves nobody, where one does."""
    evaluation, tree = answer.evaluation, answer.tree
    if evaluation.total or tree.negated or tree.combinator == "or" or not evaluation.nodes:
        return ""
    for index in range(len(tree.rules)):
        counts = evaluation.nodes.get((index,))
        if counts is not None and counts.after == 0:
            holds = "holds nobody by itself" if counts.alone == 0 else "leaves nobody"
            return f"Row {index + 1} {holds}."
    return ""
