"""Edits from the browser: untrusted messages in, a new tree or an `EditError` out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeGuard

from segbench.errors import EditError, SegbenchError
from segbench.model import edit
from segbench.model.catalog import Catalog
from segbench.model.checks.values import LONGEST_TEXT
from segbench.model.codec import DEEPEST, MOST_RULES, from_data, to_data
from segbench.model.edit_group import copy, gather
from segbench.model.rules import Group, Path, Rule, RuleOrGroup
from segbench.model.tree import node_at, walk
from segbench.ui.builder_locks import refuse_locked
from segbench.ui.builder_rows import UNFINISHED as UNFINISHED
from segbench.ui.builder_rows import chosen, under_operator
from segbench.ui.edit_message import (
    combinator_of,
    index_of,
    on_of,
    path_of,
    rows_of,
    text_of,
    typing_of,
)

LARGEST_EXACT = 2**53 - 1
"""Whole numbers up to this one are the same in a browser."""


@dataclass(frozen=True, slots=True)
class Edited:
    """A tree after an edit: whether paths changed their meaning, and the row being typed in."""

    tree: Group
    reshaped: bool = False
    typing: Path | None = None


def apply(root: Group, message: Mapping[str, Any], catalog: Catalog) -> Edited:
    """The tree after the edit that the message describes; `EditError` where it does not fit."""
    try:
        refuse_locked(root, message)
        edited = _apply(root, message, catalog)
    except EditError:
        raise
    except SegbenchError as error:
        raise EditError(str(error)) from error
    _refuse_too_large(edited.tree)
    return edited


def _apply(root: Group, message: Mapping[str, Any], catalog: Catalog) -> Edited:
    match message.get("edit"):
        case "add_row":
            return _added(root, path_of(message), UNFINISHED)
        case "add_group":
            return _added(root, path_of(message), Group(rules=(UNFINISHED,)))
        case "choose" | "operator" | "put":
            return _asked(root, message, catalog)
        case "note":
            path = path_of(message)
            tree = _noted(root, path, text_of(message, "note", LONGEST_TEXT))
            return Edited(tree, typing=typing_of(message, path))
        case "combine":
            return Edited(edit.combine(root, path_of(message), combinator_of(message)))
        case "negate":
            return Edited(edit.negate(root, path_of(message), on_of(message)))
        case "enable":
            return _enabled(root, path_of(message), on_of(message))
        case "lock":
            return Edited(edit.lock(root, path_of(message), on_of(message)))
        case _:
            return Edited(_reshaped(root, message), reshaped=True)


def _reshaped(root: Group, message: Mapping[str, Any]) -> Group:
    """The tree with nodes in other places."""
    path = path_of(message)
    match message.get("edit"):
        case "remove":
            return edit.remove(root, path)
        case "clone":
            return edit.clone(root, path)
        case "wrap":
            return edit.wrap(root, path)
        case "unwrap":
            return edit.unwrap(root, path)
        case "move":
            return edit.move(root, path, path_of(message, "parent"), index_of(message))
        case "copy":
            return copy(root, path, path_of(message, "parent"), index_of(message))
        case "gather":
            return gather(root, path, rows_of(message))
        case "clear":
            return Group()
        case other:
            raise EditError(f"There is no edit {other!r:.60}.")


def _asked(root: Group, message: Mapping[str, Any], catalog: Catalog) -> Edited:
    """The tree with a row that asks something else."""
    path = path_of(message)
    here = _rule_at(root, path)
    if message["edit"] == "choose":
        node = chosen(message.get("subject"), text_of(message, "name"), catalog)
        return Edited(_put_rule(root, path, node))
    if message["edit"] == "operator":
        subject = message.get("subject", here.kind)
        changed = under_operator(here, subject, text_of(message, "op"), catalog)
        return Edited(_put_rule(root, path, changed))
    data = message.get("node")
    noted = isinstance(data, dict) and "note" in data
    tree = _put_rule(root, path, _node(data, here), noted=noted)
    return Edited(tree, typing=typing_of(message, path))


def _added(root: Group, path: Path, node: RuleOrGroup) -> Edited:
    group = node_at(root, path)
    if not isinstance(group, Group):
        raise EditError(f"What is at {list(path)} is a rule, not a group.")
    return Edited(edit.insert(root, path, len(group.rules), node), reshaped=True)


def _enabled(root: Group, path: Path, on: bool) -> Edited:
    if not path:
        raise EditError("The outermost group is always on.")
    return Edited(edit.enable(root, path, on))


def _noted(root: Group, path: Path, note: str) -> Group:
    return edit.put(root, path, replace(node_at(root, path), note=note))


def _put_rule(root: Group, path: Path, node: Rule, *, noted: bool = False) -> Group:
    """The node in a row's place; the row keeps whether it is on and negated, and its note."""
    here = _rule_at(root, path)
    note = node.note if noted else here.note
    return edit.put(
        root,
        path,
        replace(node, enabled=here.enabled, negated=here.negated, note=note, locked=here.locked),
    )


def _rule_at(root: Group, path: Path) -> Rule:
    here = node_at(root, path)
    if isinstance(here, Group):
        raise EditError(f"What is at {list(path)} is a group, not a rule.")
    return here


def _node(data: object, here: Rule) -> Rule:
    node = from_data(data)
    if long := _long_numbers(to_data(here)):
        node = from_data(_exact(to_data(node), long))
    if isinstance(node, Group):
        raise EditError("A row holds a rule, not a group.")
    return node


def _long_numbers(data: object) -> dict[float, int]:
    """The whole numbers that a browser cannot hold, by what it makes of them."""
    if isinstance(data, dict):
        data = list(data.values())
    if isinstance(data, list):
        return {near: exact for part in data for near, exact in _long_numbers(part).items()}
    return {float(data): data} if _is_long(data) else {}


def _exact(data: Any, long: Mapping[float, int]) -> Any:
    """The data with the numbers that the browser could only round as they were."""
    if isinstance(data, dict):
        return {name: _exact(value, long) for name, value in data.items()}
    if isinstance(data, list):
        return [_exact(value, long) for value in data]
    return long.get(float(data), data) if _is_long(data) else data


def _is_long(value: object) -> TypeGuard[int]:
    return type(value) is int and LARGEST_EXACT < abs(value) < 2**64


def _refuse_too_large(root: Group) -> None:
    for count, (path, node) in enumerate(walk(root)):
        if count > MOST_RULES:
            raise EditError(f"A segment holds at most {MOST_RULES:,} rules and groups.")
        if isinstance(node, Group) and len(path) >= DEEPEST:
            raise EditError(f"Groups can be nested at most {DEEPEST} deep.")
