"""What is locked refuses every edit but its own lock, whoever sends it."""

from __future__ import annotations

from typing import Any

import pytest

from segbench.errors import EditError
from segbench.model.catalog import Catalog, Field
from segbench.model.codec import from_data, to_data
from segbench.model.rules import FieldRule, Group, TagRule
from segbench.ui.edits import apply

AGE, VIP = FieldRule("age", "at_least", (18,)), TagRule("has_any_of", ("vip",))
HELD = FieldRule("age", "at_most", (65,), locked=True)
CLOSED = Group("or", (VIP, HELD), locked=True)
TREE = Group(rules=(HELD, CLOSED, AGE, Group(rules=(AGE, HELD))))
CATALOG = Catalog(10, (Field("age", "number"),))
ROW = "Row 1 is locked: unlock it first."
GROUP = "Group 2 is locked: unlock it first."
INSIDE = "Row 4.2 is locked: unlock it before you delete it."
ANY = "Row 1 is locked: unlock it before you delete it."


def did(tree: Group, kind: str, path: list[int], **more: Any) -> Group:
    return apply(tree, {"edit": kind, "path": path, **more}, CATALOG).tree


@pytest.mark.parametrize(
    ("kind", "path", "more", "why"),
    [
        ("put", [0], {"node": to_data(AGE)}, ROW),
        ("put", [1, 0], {"node": to_data(AGE)}, GROUP),
        ("choose", [0], {"subject": "field", "name": "age"}, ROW),
        ("operator", [0], {"op": "at_least"}, ROW),
        ("note", [1], {"note": "x"}, GROUP),
        ("combine", [1], {"combinator": "and"}, GROUP),
        ("negate", [1, 0], {"on": True}, GROUP),
        ("enable", [0], {"on": False}, ROW),
        ("lock", [1, 1], {"on": False}, GROUP),
        ("lock", [1, 0], {"on": True}, GROUP),
        ("add_row", [1], {}, GROUP),
        ("add_group", [1], {}, GROUP),
        ("clone", [1, 0], {}, GROUP),
        ("wrap", [0], {}, ROW),
        ("unwrap", [1], {}, GROUP),
        ("gather", [], {"rows": [2, 1]}, GROUP),
        ("gather", [1], {"rows": [0]}, GROUP),
        ("move", [0], {"parent": [], "index": 2}, ROW),
        ("move", [2], {"parent": [1], "index": 0}, GROUP),
        ("copy", [2], {"parent": [1], "index": 0}, GROUP),
        ("copy", [1, 0], {"parent": [], "index": 0}, GROUP),
        ("remove", [0], {}, ROW),
        ("remove", [1, 1], {}, GROUP),
        ("remove", [3], {}, INSIDE),
        ("clear", [], {}, ANY),
    ],
)
def test_what_is_locked_is_not_changed(
    kind: str, path: list[int], more: dict[str, Any], why: str
) -> None:
    with pytest.raises(EditError) as refused:
        did(TREE, kind, path, **more)
    assert str(refused.value) == why


def test_the_lock_itself_works_and_then_everything_does() -> None:
    opened = did(TREE, "lock", [1], on=False)
    assert opened.rules[1] == Group("or", (VIP, HELD))
    opened = did(did(opened, "lock", [1, 1], on=False), "remove", [1])
    assert len(opened.rules) == 3
    assert did(Group(rules=(AGE,)), "lock", [], on=True) == Group(rules=(AGE,), locked=True)
    with pytest.raises(EditError, match="The segment is locked"):
        did(Group(rules=(AGE,), locked=True), "add_row", [])


def test_what_is_around_a_lock_can_be_changed_and_moved() -> None:
    assert did(TREE, "negate", [3], on=True).rules[3].negated
    assert did(TREE, "move", [3], parent=[], index=0).rules[0] == TREE.rules[3]
    assert did(TREE, "unwrap", [3]).rules[3:] == (AGE, HELD)
    assert did(TREE, "remove", [3, 0]).rules[3] == Group(rules=(HELD,))


def test_a_row_is_not_locked_by_what_is_put_in_it() -> None:
    row = did(TREE, "put", [2], node=to_data(HELD)).rules[2]
    assert row == from_data({**to_data(HELD), "locked": False})


@pytest.mark.parametrize("rows", [None, [], [True], [-1], "0", [0.0], [0] * 1001])
def test_rows_that_are_none_are_refused(rows: object) -> None:
    with pytest.raises(EditError, match="rows are a list of child numbers"):
        did(TREE, "gather", [], rows=rows)


def test_rows_beside_one_another_are_gathered() -> None:
    tree = Group("or", (AGE, VIP, AGE))
    assert did(tree, "gather", [], rows=[2, 1]).rules == (AGE, Group("or", (VIP, AGE)))
    with pytest.raises(EditError, match=r"nothing at \[3\]"):
        did(tree, "gather", [], rows=[2, 3])
