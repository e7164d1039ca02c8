"""Edits from the browser: untrusted messages in, a new tree or an `EditError` out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeGuard, cast

from segbench.errors import EditError, SegbenchError
from segbench.model import edit
from segbench.model.catalog import Catalog
from segbench.model.checks.values import LONGEST_TEXT, UNREADABLE, readable
from segbench.model.codec import DEEPEST, MOST_RULES, from_data, to_data
from segbench.model.rules import Combinator, Group, Path, Rule, RuleOrGroup
from segbench.model.tree import node_at, walk
from segbench.ui.builder_rows import UNFINISHED as UNFINISHED
from segbench.ui.builder_rows import chosen, under_operator

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
            return _added(root, _path(message), UNFINISHED)
        case "add_group":
            return _added(root, _path(message), Group(rules=(UNFINISHED,)))
        case "choose" | "operator" | "put":
            return _asked(root, message, catalog)
        case "note":
            path = _path(message)
            tree = _noted(root, path, _text(message, "note", LONGEST_TEXT))
            return Edited(tree, typing=_typing(message, path))
        case "combine":
            return Edited(edit.combine(root, _path(message), _combinator(message)))
        case "negate":
            return Edited(edit.negate(root, _path(message), _on(message)))
        case "enable":
            return _enabled(root, _path(message), _on(message))
        case "remove":
            return Edited(edit.remove(root, _path(message)), reshaped=True)
        case "clone":
            return Edited(edit.clone(root, _path(message)), reshaped=True)
        case "wrap":
            return Edited(edit.wrap(root, _path(message)), reshaped=True)
        case "unwrap":
            return Edited(edit.unwrap(root, _path(message)), reshaped=True)
        case "move":
            tree = edit.move(root, _path(message), _path(message, "parent"), _index(message))
            return Edited(tree, reshaped=True)
        case "clear":
            return Edited(Group(), reshaped=True)
        case other:
            raise EditError(f"There is no edit {other!r:.60}.")


def _asked(root: Group, message: Mapping[str, Any], catalog: Catalog) -> Edited:
    """The tree with a row that asks something else."""
    path = _path(message)
    here = _rule_at(root, path)
    if message["edit"] == "choose":
        node = chosen(message.get("subject"), _text(message, "name"), catalog)
        return Edited(_put_rule(root, path, node))
    if message["edit"] == "operator":
        subject = message.get("subject", here.kind)
        changed = under_operator(here, subject, _text(message, "op"), catalog)
        return Edited(_put_rule(root, path, changed))
    data = message.get("node")
    noted = isinstance(data, dict) and "note" in data
    tree = _put_rule(root, path, _node(data, here), noted=noted)
    return Edited(tree, typing=_typing(message, path))


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
        root, path, replace(node, enabled=here.enabled, negated=here.negated, note=note)
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


def _path(message: Mapping[str, Any], name: str = "path") -> Path:
    found = message.get(name, [] if name == "path" else None)
    whole = isinstance(found, list) and len(found) <= DEEPEST + 1
    if not whole or not all(map(_is_child_number, found)):
        raise EditError(f"An edit's {name} is a list of child numbers, not {found!r:.60}.")
    return tuple(found)


def _index(message: Mapping[str, Any]) -> int:
    found = message.get("index")
    if not _is_child_number(found):
        raise EditError(f"An edit's index is a child number, not {found!r:.60}.")
    return found


def _is_child_number(value: object) -> TypeGuard[int]:
    # Not `isinstance`: true and false are whole numbers to Python.
    return type(value) is int and 0 <= value <= MOST_RULES


def _text(message: Mapping[str, Any], name: str, most: int = 1_000) -> str:
    found = message.get(name)
    if not isinstance(found, str) or len(found) > most:
        raise EditError(f"An edit's {name} is a short text, not {found!r:.60}.")
    if not readable(found):
        raise EditError(UNREADABLE)
    return found


def _typing(message: Mapping[str, Any], path: Path) -> Path | None:
    return path if message.get("typing") is True else None


def _combinator(message: Mapping[str, Any]) -> Combinator:
    found = message.get("combinator")
    if found not in ("and", "or"):
        raise EditError(f"A combinator is 'and' or 'or', not {found!r:.60}.")
    return cast("Combinator", found)


def _on(message: Mapping[str, Any]) -> bool:
    found = message.get("on")
    if not isinstance(found, bool):
        raise EditError(f"An edit's on is true or false, not {found!r:.60}.")
    return found


def _refuse_too_large(root: Group) -> None:
    for count, (path, node) in enumerate(walk(root)):
        if count > MOST_RULES:
            raise EditError(f"A segment holds at most {MOST_RULES:,} rules and groups.")
        if isinstance(node, Group) and len(path) >= DEEPEST:
            raise EditError(f"Groups can be nested at most {DEEPEST} deep.")
