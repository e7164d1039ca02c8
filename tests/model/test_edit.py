"""Edits: each gives the tree that its name promises, or an EditError."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
import trees
from hypothesis import assume, given
from hypothesis import strategies as st

from segbench.errors import EditError
from segbench.model import edit, edit_group
from segbench.model.ask import tag
from segbench.model.rules import Group, Path, RuleOrGroup
from segbench.model.tree import node_at, walk

A, B, C, D = tag("a"), tag("b"), tag("c"), tag("d")
TREE = Group("and", (A, Group("or", (B, C)), D))
NEW = tag("new")


def leaves(root: Group) -> Counter[Any]:
    return Counter(node for _, node in walk(root) if not isinstance(node, Group))


def paths(root: Group, groups_only: bool = False) -> list[Path]:
    return [path for path, node in walk(root) if isinstance(node, Group) or not groups_only]


@st.composite
def trees_with_a_path(draw: st.DrawFn) -> tuple[Group, Path]:
    root = draw(trees.groups)
    inner = [path for path in paths(root) if path]
    assume(inner)
    return root, draw(st.sampled_from(inner))


@given(trees_with_a_path(), trees.rules)
def test_what_is_put_at_a_path_is_found_there_and_the_rest_stays(
    place: tuple[Group, Path], node: RuleOrGroup
) -> None:
    root, path = place
    changed = edit.put(root, path, node)
    assert node_at(changed, path) == node
    assert edit.put(changed, path, node_at(root, path)) == root


@given(trees.groups)
def test_putting_back_what_is_there_changes_nothing(root: Group) -> None:
    for path, node in walk(root):
        assert edit.put(root, path, node) == root


def test_a_rule_put_at_the_root_becomes_a_group_of_one() -> None:
    assert edit.put(TREE, (), A) == Group(rules=(A,))


@given(trees.groups, st.data())
def test_what_is_inserted_is_found_there_and_can_be_removed(
    root: Group, data: st.DataObject
) -> None:
    parent = data.draw(st.sampled_from(paths(root, groups_only=True)))
    group = node_at(root, parent)
    assert isinstance(group, Group)
    index = data.draw(st.integers(0, len(group.rules)))
    changed = edit.insert(root, parent, index, NEW)
    assert node_at(changed, (*parent, index)) == NEW
    assert leaves(changed) == leaves(root) + Counter([NEW])
    if group.rules:
        assert edit.remove(changed, (*parent, index)) == root


@given(trees_with_a_path())
def test_removing_takes_away_the_node_and_nothing_else(place: tuple[Group, Path]) -> None:
    root, path = place
    gone = leaves(Group(rules=(node_at(root, path),)))
    assert leaves(edit.remove(root, path)) == leaves(root) - gone


def test_an_inner_group_that_loses_its_last_member_goes_with_it() -> None:
    inside = Group(rules=(A, Group(rules=(Group(rules=(B,)),))))
    assert edit.remove(inside, (1, 0, 0)) == Group(rules=(A,))
    assert edit.remove(Group(rules=(A,)), (0,)) == Group()


def test_removing_the_root_leaves_an_empty_segment() -> None:
    assert edit.remove(~TREE, ()) == Group()


@given(trees_with_a_path(), st.data())
def test_moving_keeps_every_rule_and_every_group(
    place: tuple[Group, Path], data: st.DataObject
) -> None:
    root, path = place
    targets = [p for p in paths(root, groups_only=True) if p[: len(path)] != path]
    parent = data.draw(st.sampled_from(targets))
    group = node_at(root, parent)
    assert isinstance(group, Group)
    index = data.draw(st.integers(0, len(group.rules)))
    moved = edit.move(root, path, parent, index)
    assert leaves(moved) == leaves(root)
    assert len(paths(moved)) == len(paths(root))
    assert any(node == node_at(root, path) for _, node in walk(moved))


@given(trees_with_a_path())
def test_moving_to_the_place_it_has_changes_nothing(place: tuple[Group, Path]) -> None:
    root, path = place
    assert edit.move(root, path, path[:-1], path[-1]) == root
    assert edit.move(root, path, path[:-1], path[-1] + 1) == root


@pytest.mark.parametrize(
    ("path", "parent", "index", "moved"),
    [
        ((0,), (), 3, Group("and", (Group("or", (B, C)), D, A))),
        ((2,), (), 0, Group("and", (D, A, Group("or", (B, C))))),
        ((0,), (1,), 1, Group("and", (Group("or", (B, A, C)), D))),
        ((1, 0), (), 0, Group("and", (B, A, Group("or", (C,)), D))),
        ((1, 0), (1,), 2, Group("and", (A, Group("or", (C, B)), D))),
        ((2,), (1,), 2, Group("and", (A, Group("or", (B, C, D))))),
    ],
)
def test_the_target_of_a_move_is_a_place_in_the_tree_before_it(
    path: Path, parent: Path, index: int, moved: Group
) -> None:
    assert edit.move(TREE, path, parent, index) == moved


def test_a_group_left_empty_by_a_move_stays() -> None:
    root = Group(rules=(A, Group(rules=(B,))))
    assert edit.move(root, (1, 0), (), 0) == Group(rules=(B, A, Group()))


@given(trees_with_a_path(), st.data())
def test_a_moved_node_is_found_where_it_lands(
    place: tuple[Group, Path], data: st.DataObject
) -> None:
    root, path = place
    targets = [p for p in paths(root, groups_only=True) if p[: len(path)] != path]
    parent = data.draw(st.sampled_from(targets))
    index = data.draw(st.integers(0, len(edit.group_at(root, parent).rules)))
    moved = edit.move(root, path, parent, index)
    assert node_at(moved, edit.landing(path, parent, index)) == node_at(root, path)


@given(trees_with_a_path())
def test_a_step_up_and_a_step_down_undo_each_other(place: tuple[Group, Path]) -> None:
    root, path = place
    steps = (
        (edit_group.move_up, edit_group.place_above, edit_group.move_down),
        (edit_group.move_down, edit_group.place_below, edit_group.move_up),
    )
    for step, place_after, back in steps:
        try:
            there = edit.landing(path, *place_after(root, path))
        except EditError:
            assert len(path) == 1
            continue
        moved = step(root, path)
        assert node_at(moved, there) == node_at(root, path)
        assert back(moved, there) == root


def test_steps_go_over_rows_and_into_and_out_of_groups() -> None:
    inner = Group("or", (B, C))
    assert edit_group.move_down(TREE, (1,)) == Group("and", (A, D, inner))
    assert edit_group.move_down(TREE, (0,)) == Group("and", (Group("or", (A, B, C)), D))
    assert edit_group.move_up(TREE, (2,)) == Group("and", (A, Group("or", (B, C, D))))
    assert edit_group.move_up(TREE, (1, 1)) == Group("and", (A, Group("or", (C, B)), D))
    assert edit_group.move_up(TREE, (1, 0)) == Group("and", (A, B, Group("or", (C,)), D))
    assert edit_group.move_down(TREE, (1, 1)) == Group("and", (A, Group("or", (B,)), C, D))


@given(trees_with_a_path(), st.data())
def test_two_nodes_put_together_or_swapped_are_all_still_there(
    place: tuple[Group, Path], data: st.DataObject
) -> None:
    root, path = place
    apart = [p for p in paths(root) if p[: len(path)] != path[: len(p)]]
    assume(apart)
    other = data.draw(st.sampled_from(apart))
    swapped = edit_group.swap(root, path, other)
    assert node_at(swapped, path) == node_at(root, other)
    assert node_at(swapped, other) == node_at(root, path)
    assert edit_group.swap(swapped, other, path) == root
    paired = edit_group.pair(root, path, other, "or")
    both = Group("or", (node_at(root, other), node_at(root, path)))
    assert any(node == both for _, node in walk(paired))
    assert leaves(paired) == leaves(root)
    assert len(paths(paired)) == len(paths(root)) + 1


def test_a_pair_stands_in_the_place_of_the_second_node() -> None:
    inner = Group("or", (B, C))
    assert edit_group.pair(TREE, (0,), (2,)) == Group("and", (inner, Group("and", (D, A))))
    assert edit_group.pair(TREE, (1, 1), (0,), "or") == Group(
        "and", (Group("or", (A, C)), Group("or", (B,)), D)
    )
    lonely = Group(rules=(A, Group(rules=(B,))))
    assert edit_group.pair(lonely, (1, 0), (0,)) == Group(rules=(Group(rules=(A, B)), Group()))


@given(trees_with_a_path())
def test_a_clone_stands_right_below_its_model(place: tuple[Group, Path]) -> None:
    root, path = place
    cloned = edit.clone(root, path)
    below = (*path[:-1], path[-1] + 1)
    assert node_at(cloned, below) == node_at(cloned, path) == node_at(root, path)
    assert edit.put(cloned, below, NEW) == edit.insert(root, path[:-1], path[-1] + 1, NEW)


@given(trees_with_a_path())
def test_unwrapping_what_was_wrapped_changes_nothing(place: tuple[Group, Path]) -> None:
    root, path = place
    wrapped = edit.wrap(root, path)
    assert node_at(wrapped, (*path, 0)) == node_at(root, path)
    assert edit.unwrap(wrapped, path) == root


def test_wrapping_the_root_puts_it_inside_a_new_one() -> None:
    assert edit.wrap(~TREE, ()) == Group(rules=(~TREE,))


def test_unwrapping_puts_the_members_in_the_place_of_the_group() -> None:
    assert edit.unwrap(TREE, (1,)) == Group("and", (A, B, C, D))


@given(trees.groups, st.booleans())
def test_negating_enabling_and_combining_change_that_one_thing(root: Group, flag: bool) -> None:
    for path, node in walk(root):
        assert node_at(edit.negate(root, path, flag), path) == replace(node, negated=flag)
        assert node_at(edit.enable(root, path, flag), path) == replace(node, enabled=flag)
        assert edit.negate(edit.negate(root, path, flag), path, node.negated) == root
        if isinstance(node, Group):
            combined = edit.combine(root, path, "or")
            assert node_at(combined, path) == replace(node, combinator="or")


BAD = [(9,), (-1,), (0, 0), (1, 2), (1, 0, 0)]


@pytest.mark.parametrize("path", BAD)
@pytest.mark.parametrize(
    "change",
    [
        lambda path: edit.put(TREE, path, A),
        lambda path: edit.insert(TREE, path, 0, A),
        lambda path: edit.remove(TREE, path),
        lambda path: edit.move(TREE, path, (), 0),
        lambda path: edit.move(TREE, (0,), path, 0),
        lambda path: edit.clone(TREE, path),
        lambda path: edit.wrap(TREE, path),
        lambda path: edit.unwrap(TREE, path),
        lambda path: edit.combine(TREE, path, "or"),
        lambda path: edit.negate(TREE, path, True),
        lambda path: edit.enable(TREE, path, False),
        lambda path: edit.take_out(TREE, path),
        lambda path: edit_group.move_up(TREE, path),
        lambda path: edit_group.move_down(TREE, path),
        lambda path: edit_group.pair(TREE, path, (0,)),
        lambda path: edit_group.pair(TREE, (0,), path),
        lambda path: edit_group.swap(TREE, (0,), path),
    ],
    ids=lambda change: change.__code__.co_names[-1],
)
def test_an_edit_at_a_path_to_nothing_is_an_edit_error(change: Any, path: Path) -> None:
    with pytest.raises(EditError):
        change(path)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda: edit.insert(TREE, (), 4, A), "has no place 4"),
        (lambda: edit.insert(TREE, (), -1, A), "has no place -1"),
        (lambda: edit.insert(TREE, (0,), 0, A), "is a rule, not a group"),
        (lambda: edit.move(TREE, (), (), 0), "outermost group cannot be moved"),
        (lambda: edit.move(TREE, (1,), (1,), 0), "moved into itself"),
        (lambda: edit.move(Group(rules=(TREE,)), (0,), (0, 1), 0), "moved into itself"),
        (lambda: edit.move(TREE, (0,), (), 4), "has no place 4"),
        (lambda: edit.take_out(TREE, ()), "outermost group cannot be moved"),
        (lambda: edit_group.move_up(TREE, ()), "outermost group cannot be moved"),
        (lambda: edit_group.move_up(TREE, (0,)), "the first row already"),
        (lambda: edit_group.move_down(TREE, (2,)), "the last row already"),
        (lambda: edit_group.pair(TREE, (0,), (0,)), "not the same one twice"),
        (lambda: edit_group.pair(TREE, (1, 0), (1,)), "stay together"),
        (lambda: edit_group.swap(TREE, (), (1,)), "stay together"),
        (lambda: edit.clone(TREE, ()), "outermost group cannot be cloned"),
        (lambda: edit.unwrap(TREE, ()), "outermost group cannot be ungrouped"),
        (lambda: edit.unwrap(TREE, (0,)), "is a rule, not a group"),
        (lambda: edit.combine(TREE, (0,), "or"), "is a rule, not a group"),
    ],
)
def test_an_edit_that_does_not_fit_says_why(change: Any, message: str) -> None:
    with pytest.raises(EditError, match=message):
        change()


def test_an_edit_says_in_these_words_what_is_not_there() -> None:
    with pytest.raises(EditError) as caught:
        edit.put(TREE, (1, 5, 3), A)
    assert str(caught.value) == "There is nothing at [1, 5] in this segment."
    with pytest.raises(EditError) as caught:
        edit_group.pair(TREE, (0,), (0,))
    assert str(caught.value) == "Two rows are needed, not the same one twice."
