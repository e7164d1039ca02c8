"""A lock keeps a row or a group as it is on screen, and asks nothing."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from segbench.errors import EditError
from segbench.model import edit
from segbench.model.catalog import Catalog, Field
from segbench.model.codec import fingerprint, from_data, to_data
from segbench.model.describe import describe
from segbench.model.edit_group import copy, gather
from segbench.model.rules import FieldRule, Group, RuleOrGroup, TagRule
from segbench.model.text import parse, write
from segbench.plan.lower import Context, lower

A, B = FieldRule("age", "at_least", (18,)), TagRule("has_any_of", ("vip",))
C = TagRule("has_none_of", ("new",))
INNER = Group("or", (A, B))
CONTEXT = Context(
    dt.datetime(2026, 11, 22), ZoneInfo("Europe/Berlin"), Catalog(10, (Field("age", "number"),))
)


def locked(node: RuleOrGroup) -> RuleOrGroup:
    """The node and all in it, locked."""
    if isinstance(node, Group):
        node = replace(node, rules=tuple(map(locked, node.rules)))
    return replace(node, locked=True)


def test_a_lock_asks_nothing() -> None:
    open_tree = Group(rules=(A, INNER, B))
    closed = locked(open_tree)
    assert isinstance(closed, Group)
    assert closed != open_tree
    assert lower(closed, CONTEXT) == lower(open_tree, CONTEXT)
    assert fingerprint(closed) == fingerprint(open_tree)
    assert describe(closed) == describe(open_tree)


def test_a_lock_is_in_the_json_and_in_the_text() -> None:
    tree = edit.lock(Group(rules=(A, INNER)), (1,), True)
    assert "locked" not in to_data(tree)
    assert to_data(tree)["rules"][1]["locked"] is True
    assert from_data(to_data(tree)) == tree
    assert write(tree).splitlines()[0] == 'age >= 18 and (age >= 18 or tag is "vip") locked'
    assert parse(write(tree)) == tree


def test_locking_and_unlocking_gives_the_same_tree() -> None:
    tree = Group(rules=(A, INNER))
    for path in ((), (0,), (1,), (1, 1)):
        assert edit.lock(edit.lock(tree, path, True), path, False) == tree


def test_a_locked_group_stays_together_when_it_is_combined() -> None:
    both = Group("and", (A, B), locked=True) & C
    assert both.rules == (Group("and", (A, B), locked=True), C)


def test_members_are_gathered_where_the_first_of_them_was() -> None:
    tree = Group("or", (A, B, INNER, C))
    assert gather(tree, (), (3, 1)).rules == (A, Group("or", (B, C)), INNER)
    assert gather(tree, (2,), [0]).rules[2] == Group("or", (Group("or", (A,)), B))


@pytest.mark.parametrize(
    ("parent", "indexes"), [((), ()), ((), (0, 4)), ((), (-1,)), ((0,), (0,)), ((7,), (0,))]
)
def test_what_is_not_there_cannot_be_gathered(
    parent: tuple[int, ...], indexes: tuple[int, ...]
) -> None:
    with pytest.raises(EditError):
        gather(Group("or", (A, B, INNER, C)), parent, indexes)


def test_a_copy_is_put_where_it_was_asked_for_and_the_original_stays() -> None:
    tree = Group(rules=(A, INNER))
    assert copy(tree, (0,), (1,), 2).rules == (A, Group("or", (A, B, A)))
    assert copy(tree, (1,), (), 0).rules == (INNER, A, INNER)
    for parent in ((1,), (0,)):
        with pytest.raises(EditError):
            copy(tree, (1,), parent, 0)
