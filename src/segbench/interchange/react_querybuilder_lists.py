"""What react-querybuilder's match modes mean here: rules over lists, and over events."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from segbench.interchange.report import NoMeaning
from segbench.model.catalog import ValueType
from segbench.model.rules import EventRule, FieldRule, RuleOrGroup

Meaning = Callable[[Mapping[str, Any], Mapping[str, ValueType]], RuleOrGroup]
"""Reads one inner rule, given the types of its fields."""

LISTS = {
    ("some", "in"): "has_any_of",
    ("none", "in"): "has_none_of",
    ("some", "contains"): "item_contains",
    ("none", "contains"): "no_item_contains",
}
"""Our operators for lists, by match mode and inner operator."""
_ONE = {"=": "in", "in": "in", "contains": "contains"}
_OPPOSITE = {"!=": "in", "notIn": "in", "doesNotContain": "contains"}
_COUNTED = {"atLeast": "at_least", "atMost": "at_most", "exactly": "exactly"}


def matched_list(field: str, mode: tuple[str, int], query: Mapping[str, Any]) -> FieldRule:
    """The meaning of a match over a list of texts."""
    how = {("atLeast", 1): "some", ("atMost", 0): "none", ("exactly", 0): "none"}.get(mode, mode[0])
    rules = _inner_rules(query)
    ops = {op for rule in rules if isinstance(op := rule.get("operator"), str)}
    if len(ops) != 1 or (len(rules) > 1 and (ops != {"="} or query.get("combinator") != "or")):
        raise NoMeaning("Only one comparison with the items of a list has a meaning here.")
    (op,) = ops
    if how == "all" and op in _OPPOSITE:
        how, op = "none", _OPPOSITE[op]
    found = LISTS.get((how, _ONE.get(op, "")))
    if found is None:
        raise NoMeaning(f"{mode[0]!r} items with {op!r} cannot be said of a list here.")
    return FieldRule(field, found, tuple(text for rule in rules for text in _texts(rule)))


def _texts(rule: Mapping[str, Any]) -> tuple[str, ...]:
    value = rule.get("value")
    values = value if isinstance(value, list) else [value]
    if rule.get("field") != "" or not all(isinstance(each, str) for each in values):
        raise NoMeaning("The items of a list are compared with text.")
    if rule.get("operator") != "in" and len(values) != 1:
        raise NoMeaning("Enter a value.")
    return tuple(values)


def matched_events(
    event: str,
    mode: tuple[str, int],
    query: Mapping[str, Any],
    types: Mapping[str, ValueType],
    meaning: Meaning,
) -> EventRule:
    """The meaning of a match over a list of objects, which are events here."""
    rules = _inner_rules(query)
    if len(rules) > 1 and query.get("combinator") != "and":
        raise NoMeaning("The conditions on one event can only be joined by AND here.")
    where = []
    for rule in rules:
        found = meaning(rule, types)
        if not isinstance(found, FieldRule):
            raise NoMeaning("This condition takes more than one row, and an event has no groups.")
        where.append(found)
    name, threshold = mode
    match name:
        case "some":
            return EventRule(event, where=tuple(where))
        case "none":
            return EventRule(event, "did_not", where=tuple(where))
        case "all" if len(where) == 1:
            return EventRule(event, "did_not", where=(~where[0],))
        case "all":
            raise NoMeaning("That all events meet several conditions cannot be said here.")
        case _:
            return EventRule(event, _COUNTED[name], (threshold,), where=tuple(where))


def match_mode(match: object) -> tuple[str, int]:
    """How many items are to match: the mode, and the count where it has one."""
    mode = match.get("mode") if isinstance(match, dict) else None
    if mode in ("all", "none", "some"):
        return str(mode), 0
    if not isinstance(match, dict) or not isinstance(mode, str) or mode not in _COUNTED:
        raise NoMeaning("There is no such match mode here.")
    threshold = match.get("threshold")
    if isinstance(threshold, float) and threshold.is_integer():
        threshold = int(threshold)
    if type(threshold) is not int or threshold < 0:
        raise NoMeaning("A share of the items cannot be asked for here, only how many match.")
    return mode, threshold


def _inner_rules(query: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    rules = query.get("rules")
    if query.get("not") or query.get("muted") or not isinstance(rules, list) or not rules:
        raise NoMeaning("Only a plain group of rules about the items has a meaning here.")
    for rule in rules:
        if not isinstance(rule, dict) or "rules" in rule or rule.get("muted"):
            raise NoMeaning("Only plain rules about the items have a meaning here.")
    return rules
