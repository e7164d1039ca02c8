"""Edits: each takes a root group and a path and returns the new root; no value changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from segbench.errors import EditError
from segbench.model.rules import Combinator, Group, Path, RuleOrGroup, as_group
from segbench.model.tree import node_at

UNMOVED = "The outermost group cannot be moved."


def put(root: Group, path: Path, node: RuleOrGroup) -> Group:
    """The tree with `node` in the place of what is at `path`."""
    return _change(root, path, lambda _: node)


def insert(root: Group, parent: Path, index: int, node: RuleOrGroup) -> Group:
    """The tree with `node` as child number `index` of the group at `parent`."""
    group = group_at(root, parent)
    if not 0 <= index <= len(group.rules):
        raise EditError(f"The group at {list(parent)} has no place {index}.")
    rules = (*group.rules[:index], node, *group.rules[index:])
    return put(root, parent, replace(group, rules=rules))


def remove(root: Group, path: Path) -> Group:
    """The tree without the node; an inner group that loses its last member goes with it."""
    node_at(root, path)
    if not path:
        return Group()
    if len(path) > 1 and len(group_at(root, path[:-1]).rules) == 1:
        return remove(root, path[:-1])
    return take_out(root, path)


def move(root: Group, path: Path, parent: Path, index: int) -> Group:
    """The tree with the node moved to be child `index` of the group at `parent`.

    `parent` and `index` are places in the tree as it is before the move. A group left empty by the
    move stays, so that paths mean what they say; a group cannot be moved into itself.
    """
    if not path:
        raise EditError(UNMOVED)
    if parent[: len(path)] == path:
        raise EditError("A group cannot be moved into itself.")
    node, target = node_at(root, path), group_at(root, parent)
    if not 0 <= index <= len(target.rules):
        raise EditError(f"The group at {list(parent)} has no place {index}.")
    there = landing(path, parent, index)
    return insert(take_out(root, path), there[:-1], there[-1], node)


def landing(path: Path, parent: Path, index: int) -> Path:
    """Where a node is once it has been moved from `path` to be child `index` of `parent`."""
    if parent == path[:-1] and index > path[-1]:
        index -= 1
    return (*_after_removal(parent, path), index)


def take_out(root: Group, path: Path) -> Group:
    """The tree without the node; a group left empty stays, so that paths mean what they say."""
    node_at(root, path)
    if not path:
        raise EditError(UNMOVED)
    parent = group_at(root, path[:-1])
    rest = parent.rules[: path[-1]] + parent.rules[path[-1] + 1 :]
    return put(root, path[:-1], replace(parent, rules=rest))


def clone(root: Group, path: Path) -> Group:
    """The tree with an equal node directly below the one at `path`."""
    if not path:
        raise EditError("The outermost group cannot be cloned.")
    return insert(root, path[:-1], path[-1] + 1, node_at(root, path))


def wrap(root: Group, path: Path) -> Group:
    """The tree with the node inside a new group of its own."""
    if not path:
        return Group(rules=(root,))
    return put(root, path, Group(rules=(node_at(root, path),)))


def unwrap(root: Group, path: Path) -> Group:
    """The tree with the members of the group at `path` in its place."""
    group = group_at(root, path)
    if not path:
        raise EditError("The outermost group cannot be ungrouped.")
    parent = group_at(root, path[:-1])
    rules = (*parent.rules[: path[-1]], *group.rules, *parent.rules[path[-1] + 1 :])
    return put(root, path[:-1], replace(parent, rules=rules))


def combine(root: Group, path: Path, combinator: Combinator) -> Group:
    """The tree with the group at `path` under that combinator."""
    return put(root, path, replace(group_at(root, path), combinator=combinator))


def negate(root: Group, path: Path, negated: bool) -> Group:
    """The tree with the node at `path` negated, or not."""
    return _change(root, path, lambda node: replace(node, negated=negated))


def enable(root: Group, path: Path, enabled: bool) -> Group:
    """The tree with the node at `path` enabled, or disabled."""
    return _change(root, path, lambda node: replace(node, enabled=enabled))


def lock(root: Group, path: Path, locked: bool) -> Group:
    """The tree with the node at `path` locked, or not."""
    return _change(root, path, lambda node: replace(node, locked=locked))


def _change(root: Group, path: Path, change: Callable[[RuleOrGroup], RuleOrGroup]) -> Group:
    node_at(root, path)
    if not path:
        return as_group(change(root))
    index, child = path[0], root.rules[path[0]]
    if len(path) > 1 and isinstance(child, Group):
        changed: RuleOrGroup = _change(child, path[1:], change)
    else:
        changed = change(child)
    return replace(root, rules=(*root.rules[:index], changed, *root.rules[index + 1 :]))


def group_at(root: Group, path: Path) -> Group:
    """The group at a path; `EditError` where there is none."""
    node = node_at(root, path)
    if not isinstance(node, Group):
        raise EditError(f"What is at {list(path)} is a rule, not a group.")
    return node


def _after_removal(path: Path, removed: Path) -> Path:
    """Where `path` is once `removed` is gone."""
    depth = len(removed) - 1
    if len(path) > depth and path[:depth] == removed[:depth] and path[depth] > removed[depth]:
        return (*path[:depth], path[depth] - 1, *path[depth + 1 :])
    return path
