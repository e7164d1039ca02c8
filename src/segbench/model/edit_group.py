"""Edits of a node together with another: its neighbours, or one that it is put together with.

Each takes a root group and paths in it and returns the new root, as `model.edit` does.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from segbench.errors import EditError
from segbench.model.edit import UNMOVED, group_at, insert, move, put, take_out
from segbench.model.rules import Combinator, Group, Path
from segbench.model.tree import node_at

Place = tuple[Path, int]
"""A parent and a child number: where `move` and `insert` put a node."""


def place_above(root: Group, path: Path) -> Place:
    """The place one step further up: above the row before, at the end of a group before, or above
    the group around it; `EditError` at the top of the tree."""
    parent, index = _own_place(root, path)
    if index > 0:
        before = node_at(root, (*parent, index - 1))
        if isinstance(before, Group):
            return (*parent, index - 1), len(before.rules)
        return parent, index - 1
    if not parent:
        raise EditError("This is the first row already.")
    return parent[:-1], parent[-1]


def place_below(root: Group, path: Path) -> Place:
    """The place one step further down: below the row after, at the head of a group after, or below
    the group around it; `EditError` at the end of the tree."""
    parent, index = _own_place(root, path)
    siblings = group_at(root, parent).rules
    if index + 1 < len(siblings):
        if isinstance(siblings[index + 1], Group):
            return (*parent, index + 1), 0
        return parent, index + 2
    if not parent:
        raise EditError("This is the last row already.")
    return parent[:-1], parent[-1] + 1


def move_up(root: Group, path: Path) -> Group:
    """The tree with the node moved one step up, to `place_above`."""
    return move(root, path, *place_above(root, path))


def move_down(root: Group, path: Path) -> Group:
    """The tree with the node moved one step down, to `place_below`."""
    return move(root, path, *place_below(root, path))


def pair(root: Group, path: Path, onto: Path, combinator: Combinator = "and") -> Group:
    """The tree with the nodes at `onto` and `path` in a new group, in the place of `onto`.

    A group that the node at `path` leaves empty stays, as with `move`.
    """
    _require_apart(root, path, onto)
    both = Group(combinator, (node_at(root, onto), node_at(root, path)))
    return take_out(put(root, onto, both), path)


def gather(root: Group, parent: Path, indexes: Collection[int]) -> Group:
    """The tree with those members of the group at `parent` in a new group, where the first was.

    The new group has the combinator of the one around it, so that nothing changes yet.
    """
    around = group_at(root, parent)
    chosen = sorted(set(indexes))
    if not chosen:
        raise EditError("A group needs at least one row.")
    if not 0 <= chosen[0] <= chosen[-1] < len(around.rules):
        raise EditError(f"The group at {list(parent)} has {len(around.rules)} members.")
    members = tuple(around.rules[index] for index in chosen)
    rest = [node for index, node in enumerate(around.rules) if index not in chosen]
    rest.insert(chosen[0], Group(around.combinator, members))
    return put(root, parent, replace(around, rules=tuple(rest)))


def copy(root: Group, path: Path, parent: Path, index: int) -> Group:
    """The tree with an equal node as child `index` of the group at `parent`.

    A group cannot be copied into itself.
    """
    node = node_at(root, path)
    if parent[: len(path)] == path:
        raise EditError("A group cannot be copied into itself.")
    return insert(root, parent, index, node)


def swap(root: Group, path: Path, other: Path) -> Group:
    """The tree with the two nodes in each other's place."""
    _require_apart(root, path, other)
    first, second = node_at(root, path), node_at(root, other)
    return put(put(root, path, second), other, first)


def _own_place(root: Group, path: Path) -> Place:
    node_at(root, path)
    if not path:
        raise EditError(UNMOVED)
    return path[:-1], path[-1]


def _require_apart(root: Group, path: Path, other: Path) -> None:
    """`EditError` where there is nothing at a path, or one node is or holds the other."""
    node_at(root, path)
    node_at(root, other)
    if path == other:
        raise EditError("Two rows are needed, not the same one twice.")
    shorter = min(len(path), len(other))
    if path[:shorter] == other[:shorter]:
        raise EditError("A group and what is inside it stay together.")
