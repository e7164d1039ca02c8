"""react-querybuilder's sequences of edits give their trees."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.cases import EDITS, needs_the_cases
from conformance.different import EDITS as DIFFERENT
from conformance.tree_edits import edited, tree_of, unbracketed, unmarked
from segbench.errors import EditError
from segbench.model.codec import DEEPEST
from segbench.model.rules import Group, as_group

pytestmark = needs_the_cases

Case = dict[str, Any]


def between(case: Case) -> bool:
    """Whether the combinators stand between the rows."""
    return "combinator" not in EDITS["start_queries"][case["fixture"]]


def replayed(case: Case) -> tuple[Group, list[bool]]:
    """The tree after all edits, and which of them were refused."""
    root, refused = tree_of(EDITS["start_queries"][case["fixture"]]), []
    for op, abort in zip(case["ops"], case["expected"]["aborts"], strict=True):
        before = root
        try:
            root = edited(root, op, between(case))
        except EditError:
            refused.append(True)
            continue
        refused.append(False)
        if abort in ("no-change", "same-location"):
            assert root == before
    return root, refused


@pytest.mark.parametrize("case", EDITS["cases"], ids=lambda case: case["name"])
def test_edits_of_others_give_their_trees(case: Case) -> None:
    root, refused = replayed(case)
    expected = case["expected"]
    ours, theirs = (unmarked(tree) for tree in (root, tree_of(expected["query"])))
    if between(case):
        # Theirs has no brackets to compare, so what counts is what both ask.
        ours, theirs = unbracketed(as_group(ours)), unbracketed(as_group(theirs))
    same = ours == theirs and refused == expected["refused"]
    assert same == (case["name"] not in DIFFERENT)


def test_no_edit_is_refused_that_others_allow() -> None:
    for case in EDITS["cases"]:
        _, refused = replayed(case)
        assert all(
            theirs
            for ours, theirs in zip(refused, case["expected"]["refused"], strict=True)
            if ours
        )


def test_their_limit_of_levels_is_an_option_and_lower_than_ours() -> None:
    limits = [
        case["options"]["maxLevels"] for case in EDITS["cases"] if "maxLevels" in case["options"]
    ]
    assert limits
    assert max(limits) < DEEPEST
