"""Locks: which edits a locked row or group refuses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from segbench.errors import EditError
from segbench.model.rules import Group, Path, RuleOrGroup
from segbench.model.tree import node_at, walk
from segbench.ui.edit_message import path_of, rows_of


def refuse_locked(root: Group, message: Mapping[str, Any]) -> None:
    """`EditError` where the edit would change something that is locked."""
    path = path_of(message)
    match message.get("edit"):
        case "lock":
            # The lock of the node itself always works; not while a group around it is locked.
            _refuse_around(root, [path[:-1]] if path else [])
        case "move" | "copy":
            _refuse_around(root, [path, path_of(message, "parent")])
        case "gather":
            _refuse_around(root, [path, *((*path, index) for index in rows_of(message))])
        case "remove":
            _refuse_around(root, [path])
            _refuse_inside(root, path)
        case "clear":
            _refuse_inside(root, ())
        case _:
            _refuse_around(root, [path])


def refuse_rewriting(root: Group, tree: Group) -> None:
    """`EditError` where something locked is not in the new tree as it was; it may lie elsewhere."""
    there = [node for _, node in walk(tree) if node.locked]
    for here, node in _outermost_locked(root):
        if node not in there:
            raise EditError(f"{_name(root, here)} is locked: unlock it before you change it.")
        there.remove(node)


def _outermost_locked(root: Group) -> Iterator[tuple[Path, RuleOrGroup]]:
    inside: Path | None = None
    for here, node in walk(root):
        if node.locked and (inside is None or here[: len(inside)] != inside):
            inside = here
            yield here, node


def _refuse_around(root: Group, paths: Iterable[Path]) -> None:
    """`EditError` where a node at one of the paths, or a group around it, is locked."""
    for path in paths:
        for depth in range(len(path) + 1):
            here = path[:depth]
            if node_at(root, here).locked:
                raise EditError(f"{_name(root, here)} is locked: unlock it first.")


def _refuse_inside(root: Group, path: Path) -> None:
    """`EditError` where something inside the node at `path` is locked."""
    for here, node in walk(node_at(root, path), path):
        if node.locked:
            raise EditError(f"{_name(root, here)} is locked: unlock it before you delete it.")


def _name(root: Group, path: Path) -> str:
    if not path:
        return "The segment"
    kind = "Group" if isinstance(node_at(root, path), Group) else "Row"
    return f"{kind} {'.'.join(str(index + 1) for index in path)}"
