"""The curve of one row's window is what the workbench counts for each length."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from segbench.errors import RuleError
from segbench.model.ask import did, did_not, field, tag
from segbench.model.edit import put
from segbench.model.rules import EventRule, Group
from segbench.model.tree import node_at
from segbench.model.windows import Last
from segbench.workbench.workbench import Workbench

OPENED = did("email_opened").at_least(2).within(days=30)
BESIDE = field("country").is_any_of("DE", "US") & (tag("compliant") | did("order_placed"))
AMOUNTS = (1, 2, 7, 30, 90, 365)


def one_by_one(shared: Workbench, root: Group, path: tuple[int, ...]) -> list[object]:
    row = node_at(root, path)
    assert isinstance(row, EventRule)
    trees = [put(root, path, replace(row, window=Last(amount))) for amount in AMOUNTS]
    return [shared.evaluate(tree) for tree in trees]


@pytest.mark.parametrize(
    ("root", "path"),
    [
        (Group("and", (OPENED,)), (0,)),
        (Group("and", (OPENED, *BESIDE.rules)), (0,)),
        (Group("or", (BESIDE, Group("and", (tag("compliant"), OPENED), negated=True))), (1, 1)),
        (Group("and", (did_not("email_opened").within(days=9), *BESIDE.rules)), (0,)),
        (Group("and", (did("email_opened").exactly(2).within(days=9), *BESIDE.rules)), (0,)),
    ],
)
def test_each_point_of_the_curve_is_the_evaluation_of_that_length(
    shared: Workbench, root: Group, path: tuple[int, ...]
) -> None:
    found = shared.sensitivity(root, path, AMOUNTS)
    assert list(found.evaluations) == one_by_one(shared, root, path)
    frame = found.to_frame()
    assert frame["days"].tolist() == list(AMOUNTS)
    assert frame["total"].tolist() == [each.total for each in found.evaluations]
    assert frame["alone"].tolist() == [each.nodes[path].alone for each in found.evaluations]


@pytest.mark.parametrize(
    ("root", "amounts", "said"),
    [
        (Group("and", (tag("compliant"),)), (1, 2), "in the last so many days"),
        (Group("and", (did("email_opened"),)), (1, 2), "in the last so many days"),
        (Group("and", (OPENED,)), (), "rising numbers"),
        (Group("and", (OPENED,)), (2, 1), "rising numbers"),
        (Group("and", (replace(OPENED, enabled=False),)), (1, 2), "switched off"),
    ],
)
def test_what_has_no_curve_says_why(
    shared: Workbench, root: Group, amounts: Sequence[int], said: str
) -> None:
    with pytest.raises(RuleError, match=said):
        shared.sensitivity(root, (0,), amounts)
