"""react-querybuilder's edits of a tree, replayed with ours.

Their ids are kept as notes, so that a node is found by its id and seen to be the same one later.
What they call disabled is off here. Where their combinators stand between rows, our tree has groups
without a note for the brackets that AND, which binds tighter, puts around its rows.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

from segbench.errors import EditError
from segbench.model import edit, edit_group
from segbench.model.catalog import Catalog, Field
from segbench.model.rules import Combinator, FieldRule, Group, Path, RuleOrGroup
from segbench.model.tree import node_at, walk
from segbench.ui.edits import apply

CATALOG = Catalog(1, tuple(Field(name, "text") for name in ("fX", "fZ")))
OPERATORS = {"=": "is_any_of"}
NOWHERE: Path = (99,)
NEW = "new"
"""The note of a node that was not in the tree at the start."""
Op = dict[str, Any]


def tree_of(node: dict[str, Any]) -> Any:
    """Their query as ours."""
    here = str(node.get("id", ""))
    known: dict[str, Any] = {
        "enabled": not node.get("disabled", False),
        "note": here if here.startswith("[") else NEW,
    }
    if "rules" not in node:
        values = (node["value"],) if node["value"] else ()
        return FieldRule(node["field"], OPERATORS[node["operator"]], values, **known)
    negated = bool(node.get("not"))
    if "combinator" in node:
        rules = tuple(tree_of(rule) for rule in node["rules"])
        return Group(node["combinator"], rules, negated=negated, **known)
    combinator, rules = _bracketed(node["rules"])
    return Group(combinator, rules, negated=negated, **known)


def _bracketed(listed: list[Any]) -> tuple[Combinator, tuple[RuleOrGroup, ...]]:
    runs: list[list[RuleOrGroup]] = [[]]
    for each in listed:
        if each == "or":
            runs.append([])
        elif each != "and":
            runs[-1].append(tree_of(each))
    if len(runs) == 1:
        return "and", tuple(runs[0])
    return "or", tuple(run[0] if len(run) == 1 else Group("and", tuple(run)) for run in runs)


def unmarked(node: RuleOrGroup) -> RuleOrGroup:
    """The node without a mark on what is new."""
    note = "" if node.note == NEW else node.note
    if not isinstance(node, Group):
        return replace(node, note=note)
    return replace(node, note=note, rules=tuple(map(unmarked, node.rules)))


def unbracketed(group: Group) -> Group:
    """The group without brackets that say nothing: around one row, or under the same combinator."""
    rules: list[RuleOrGroup] = []
    for child in group.rules:
        inner = unbracketed(child) if isinstance(child, Group) else child
        bracket = isinstance(inner, Group) and not (inner.note or inner.negated)
        if (
            isinstance(inner, Group)
            and bracket
            and (len(inner.rules) == 1 or inner.combinator == group.combinator)
        ):
            rules.extend(inner.rules)
        else:
            rules.append(inner)
    return replace(group, rules=tuple(rules))


def edited(root: Group, op: Op, between: bool) -> Group:
    """The tree after one of their edits; `between` where combinators stand between rows."""

    def at(target: Any) -> Path:
        return path_of(root, target, between)

    match op["kind"]:
        case "add":
            parent = at(op["parent"])
            count = len(edit.group_at(root, parent).rules)
            return edit.insert(root, parent, count, tree_of(op["ruleOrGroup"]))
        case "remove":
            return edit.remove(root, at(op["target"]))
        case "insert":
            path, node = at(op["target"]), tree_of(op["ruleOrGroup"])
            if op.get("replace"):
                return edit.put(root, path, node)
            return edit.insert(root, path[:-1], path[-1], node)
        case "group":
            return edit_group.pair(root, at(op["from"]), at(op["to"]))
        case "move":
            return _moved(root, at(op["from"]), op, between)
        case "update":
            return _updated(root, op, between)
        case other:
            raise AssertionError(other)


def _moved(root: Group, path: Path, op: Op, between: bool) -> Group:
    match op["to"]:
        case "up":
            return edit_group.move_up(root, path)
        case "down":
            return edit_group.move_down(root, path)
        case []:
            return edit.move(root, path, (), 0)
        case [*parent, index]:
            there = path_of(root, parent, between)
            if op.get("clone"):
                node = replace(node_at(root, path), note=NEW)
                return edit.insert(root, there, index, node)
            return edit.move(root, path, there, index // 2 if between else index)
        case other:
            raise AssertionError(other)


def _updated(root: Group, op: Op, between: bool) -> Group:
    value, prop = op["value"], op["prop"]
    if prop == "combinator":
        target = op["target"]
        slot = between and target[-1] % 2
        path = _around(root, target) if slot else path_of(root, target, between)
        return edit.combine(root, path, value)
    path = path_of(root, op["target"], between)
    if prop == "disabled":
        return edit.enable(root, path, not value)
    if prop == "not":
        return edit.negate(root, path, value)
    if prop == "field":
        chosen = {"edit": "choose", "subject": "field", "name": value, "path": list(path)}
        return apply(root, chosen, CATALOG).tree
    node = node_at(root, path)
    assert isinstance(node, FieldRule)
    if prop == "value":
        return edit.put(root, path, replace(node, values=(value,)))
    assert prop == "operator"
    return edit.put(root, path, replace(node, op=OPERATORS[value]))


def path_of(root: Group, target: Any, between: bool) -> Path:
    """Where their path or id leads in our tree."""
    if isinstance(target, str):
        return next((path for path, node in walk(root) if node.note == target), NOWHERE)
    if not between:
        return tuple(target)
    path: Path = ()
    for slot in target:
        inside = _rows(root, path)
        if slot % 2 or slot // 2 >= len(inside):
            raise EditError(f"There is no row at {target}.")
        path = inside[slot // 2]
    return path


def _rows(root: Group, path: Path) -> list[Path]:
    """The members of a group, and those of brackets in it in their place."""
    found: list[Path] = []
    for index, child in enumerate(edit.group_at(root, path).rules):
        here = (*path, index)
        bracket = isinstance(child, Group) and not child.note
        found.extend(_rows(root, here) if bracket else [here])
    return found


def _around(root: Group, target: list[int]) -> Path:
    """The smallest group that holds both rows beside a combinator."""
    inside = _rows(root, path_of(root, target[:-1], True))
    before, after = list(pairwise(inside))[target[-1] // 2]
    shared = [one for one, other in zip(before, after, strict=False) if one == other]
    return tuple(shared)
