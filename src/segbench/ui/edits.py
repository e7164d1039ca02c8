"""Edits from the browser: untrusted messages in, a new tree or an `EditError` out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeGuard

from segbench.errors import EditError, SegbenchError
from segbench.model import edit
from segbench.model.catalog import Catalog
from segbench.model.check_values import UNREADABLE, readable
from segbench.model.codec import DEEPEST, MOST_RULES, from_data
from segbench.model.operators import OPERATORS, operator, operators_for
from segbench.model.rules import (
    EventRule,
    FieldRule,
    Group,
    Params,
    Path,
    PrebuiltRule,
    Rule,
    RuleOrGroup,
    SegmentRule,
    TagRule,
    node_at,
    walk,
)
from segbench.model.segment import prebuilt
from segbench.model.windows import Last, Next

UNFINISHED = FieldRule("", "")
"""A row before anybody chose what it asks."""


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
        case "choose":
            node = _chosen(message.get("subject"), _text(message, "name"), catalog)
            return Edited(_put_rule(root, _path(message), node))
        case "operator":
            path = _path(message)
            rule = _with_operator(_rule_at(root, path), _text(message, "op"))
            return Edited(_put_rule(root, path, rule))
        case "put":
            path = _path(message)
            tree = _put_rule(root, path, _node(message))
            return Edited(tree, typing=path if message.get("typing") is True else None)
        case "combine":
            combinator = message.get("combinator")
            if combinator not in ("and", "or"):
                raise EditError(f"A combinator is 'and' or 'or', not {combinator!r}.")
            return Edited(edit.combine(root, _path(message), combinator))
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


def _added(root: Group, path: Path, node: RuleOrGroup) -> Edited:
    group = node_at(root, path)
    if not isinstance(group, Group):
        raise EditError(f"What is at {list(path)} is a rule, not a group.")
    return Edited(edit.insert(root, path, len(group.rules), node), reshaped=True)


def _enabled(root: Group, path: Path, on: bool) -> Edited:
    if not path:
        raise EditError("The outermost group is always on.")
    return Edited(edit.enable(root, path, on))


def _chosen(subject: object, name: str, catalog: Catalog) -> Rule:
    """A new rule about a subject, with its first operator and no value yet."""
    match subject:
        case "field":
            known = catalog.field(name)
            first = operators_for("field", known.type)[0]
            window = Last(30) if first.shape == "window" else None
            return FieldRule(name, first.key, window=window)
        case "tag":
            return TagRule("has_any_of", (name,) if name else ())
        case "event":
            return EventRule(catalog.event(name).name, window=Last(30))
        case "segment":
            return SegmentRule(name)
        case "prebuilt":
            row = prebuilt(name)
            return PrebuiltRule(name, Params({param.name: param.default for param in row.params}))
        case _:
            raise EditError(f"A rule cannot be about {subject!r:.60}.")


def _with_operator(rule: Rule, key: str) -> Rule:
    """The rule under another operator; its values stay where their shape is the same."""
    new = operator(rule.kind, key)
    old = OPERATORS.get((rule.kind, rule.op))
    same = old is not None and old.shape == new.shape
    match rule:
        case EventRule():
            fresh = {"one": (1,), "two": (1, 5)}.get(new.shape, ())
            return replace(rule, op=key, values=rule.values if same else fresh)
        case FieldRule():
            changed = replace(rule, op=key, values=rule.values if same else ())
            return replace(changed, window=_window_for(changed, new.shape))
        case _:
            return replace(rule, op=key)


def _window_for(rule: FieldRule, shape: str) -> Last | Next | None:
    if shape != "window":
        return None
    length = rule.window if isinstance(rule.window, (Last, Next)) else Last(30)
    kind = Next if rule.op == "in_next" else Last
    return kind(length.amount, length.unit)


def _put_rule(root: Group, path: Path, node: RuleOrGroup) -> Group:
    """The node in a row's place; the row keeps whether it is on and negated."""
    here = _rule_at(root, path)
    return edit.put(root, path, replace(node, enabled=here.enabled, negated=here.negated))


def _rule_at(root: Group, path: Path) -> Rule:
    here = node_at(root, path)
    if isinstance(here, Group):
        raise EditError(f"What is at {list(path)} is a group, not a rule.")
    return here


def _node(message: Mapping[str, Any]) -> Rule:
    node = from_data(message.get("node"))
    if isinstance(node, Group):
        raise EditError("A row holds a rule, not a group.")
    return node


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


def _text(message: Mapping[str, Any], name: str) -> str:
    found = message.get(name)
    if not isinstance(found, str) or len(found) > 1_000:
        raise EditError(f"An edit's {name} is a short text, not {found!r:.60}.")
    if not readable(found):
        raise EditError(UNREADABLE)
    return found


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
