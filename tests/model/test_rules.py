"""Rules combine with `&`, `|` and `~`, and refuse Python's own words."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest
import trees
from hypothesis import given
from population import SEGMENTS

from segbench.errors import EditError
from segbench.model.ask import did, engaged, field, tag
from segbench.model.rules import EventRule, Group, Params, PrebuiltRule, as_group, last
from segbench.model.tree import node_at, walk
from segbench.model.windows import Last

A, B, C, D = tag("a"), tag("b"), tag("c"), tag("d")


@pytest.mark.parametrize(
    "use",
    [
        lambda: A and B,
        lambda: A or B,
        lambda: not A,
        lambda: 1 if A else 2,
        lambda: 18 < field("age") < 65,
        lambda: bool(A & B),
    ],
    ids=["and", "or", "not", "if", "chained comparison", "bool of a group"],
)
def test_python_words_on_a_rule_say_what_to_write_instead(use: Any) -> None:
    with pytest.raises(TypeError, match=r"Write a & b instead of 'a and b', a \| b .* ~a instead"):
        use()


def test_a_chain_of_one_combinator_stays_flat() -> None:
    assert Group("and", (A, B, C)) == A & B & C
    assert Group("or", (A, B, C)) == A | B | C
    assert Group("and", (A, B, C, D)) == (A & B) & (C & D)


def test_mixed_combinators_nest_as_written() -> None:
    assert Group("and", (A, Group("or", (B, C)))) == A & (B | C)
    assert Group("or", (A, Group("and", (B, C)))) == A | B & C


def test_a_negated_or_disabled_group_is_never_taken_apart() -> None:
    for kept in (~(A & B), Group("and", (A, B), enabled=False), Group("and")):
        assert kept & C == Group("and", (kept, C))


def test_not_twice_is_the_rule_itself() -> None:
    assert (~A).negated
    assert ~~A == A
    assert ~~(A & B) == A & B


def test_combining_with_something_else_is_a_type_error() -> None:
    with pytest.raises(TypeError, match="unsupported operand"):
        A & True  # type: ignore[operator]


@given(trees.rules, trees.rules, trees.rules)
def test_the_brackets_of_one_combinator_do_not_matter(a: Any, b: Any, c: Any) -> None:
    assert (a & b) & c == a & (b & c)
    assert (a | b) | c == a | (b | c)


@given(trees.groups)
def test_equal_trees_have_equal_hashes(root: Group) -> None:
    assert hash(copy.deepcopy(root)) == hash(root)
    assert {root: 1}[copy.deepcopy(root)] == 1


@given(trees.groups)
def test_a_tree_survives_copying_and_pickling(root: Group) -> None:
    assert copy.deepcopy(root) == root
    assert pickle.loads(pickle.dumps(root)) == root


def test_parameters_never_change() -> None:
    params = Params(days=7)
    for change in (
        lambda: params.__setitem__("days", 8),
        lambda: params.update(days=8),
        lambda: params.pop("days"),
        lambda: params.clear(),
        lambda: params.setdefault("x", 1),
        lambda: params.__delitem__("days"),
    ):
        with pytest.raises(TypeError, match="Params never change"):
            change()
    assert params == {"days": 7}
    assert PrebuiltRule("engaged", Params(days=7)) == engaged(days=7)


@given(trees.groups)
def test_walking_gives_every_node_once_with_its_path(root: Group) -> None:
    walked = list(walk(root))
    paths = [path for path, _ in walked]
    assert paths == sorted(set(paths))
    assert all(node_at(root, path) is node for path, node in walked)
    assert len(walked) == 1 + sum(len(n.rules) for _, n in walked if isinstance(n, Group))


def test_walking_does_not_recurse() -> None:
    node = Group(rules=(A,))
    for _ in range(5_000):
        node = Group(rules=(node,))
    assert sum(1 for _ in walk(node)) == 5_002


@pytest.mark.parametrize("path", [(5,), (-1,), (0, 0), (1, 0, 0)])
def test_a_path_to_nothing_is_an_edit_error(path: tuple[int, ...]) -> None:
    with pytest.raises(EditError, match="There is nothing at"):
        node_at(A & (B | C), path)


def test_a_bare_rule_becomes_a_group_of_one() -> None:
    assert as_group(A) == Group(rules=(A,))
    assert as_group(SEGMENTS["Buyers"]) is SEGMENTS["Buyers"]


def test_a_length_of_time_is_one_unit() -> None:
    assert last(weeks=2) == Last(2, "weeks")
    for wrong in ({}, {"days": 1, "hours": 2}, {"decades": 1}):
        with pytest.raises(TypeError, match="Give one of minutes, hours, days, weeks"):
            last(**wrong)


def test_narrowing_an_event_gives_a_new_rule() -> None:
    start = did("order_placed")
    narrowed = start.at_least(2).within(days=30).matching(field("amount") >= 5)
    assert start == EventRule("order_placed")
    assert narrowed.values == (2,)
    assert narrowed.window == Last(30)
    assert len(narrowed.where) == 1
