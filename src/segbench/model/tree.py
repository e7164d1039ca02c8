"""Finding the way in a tree of rules."""

from __future__ import annotations

from collections.abc import Iterator

from segbench.errors import EditError
from segbench.model.rules import Group, Path, RuleOrGroup


def walk(node: RuleOrGroup, path: Path = ()) -> Iterator[tuple[Path, RuleOrGroup]]:
    """Every node with its path, in reading order, the root first; never recurses."""
    waiting: list[tuple[Path, RuleOrGroup]] = [(path, node)]
    while waiting:
        here, current = waiting.pop()
        yield here, current
        if isinstance(current, Group):
            waiting.extend(
                ((*here, index), child) for index, child in reversed(list(enumerate(current.rules)))
            )


def node_at(root: Group, path: Path) -> RuleOrGroup:
    """The node at a path; `EditError` where there is none."""
    node: RuleOrGroup = root
    for depth, index in enumerate(path):
        if not isinstance(node, Group) or not 0 <= index < len(node.rules):
            raise EditError(f"There is nothing at {list(path[: depth + 1])} in this segment.")
        node = node.rules[index]
    return node
