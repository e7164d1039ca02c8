"""A group written as react-querybuilder's `RuleGroupType`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from segbench.errors import FormatError
from segbench.interchange.react_querybuilder_in import OURS, from_react_querybuilder
from segbench.interchange.react_querybuilder_lists import LISTS
from segbench.interchange.react_querybuilder_words import DAY, EITHER, NUMBER, SEVERAL, TEXT
from segbench.interchange.report import Exported, Unmapped
from segbench.interchange.untrusted import at
from segbench.model.catalog import ValueType
from segbench.model.codec import DEEPEST, to_data
from segbench.model.operators import OPERATORS
from segbench.model.rules import FieldRule, Group, Rule, RuleOrGroup
from segbench.model.tree import walk

WHY = "react-querybuilder has no words for it: only segbench can read this row."
_WORDS = {
    ours: theirs
    for table in (TEXT, NUMBER, DAY, EITHER, {"between": "between", "notBetween": "not_between"})
    for theirs, ours in table.items()
}
_MODES = {ours: theirs for theirs, ours in LISTS.items()}


def to_react_querybuilder(group: Group, types: Mapping[str, ValueType] | None = None) -> Exported:
    """The group as a `RuleGroupType`, which reads back as the same group.

    A rule that has no words there becomes one with the field `segbench`, its kind as the operator
    and our JSON as the value. Rules about dates have words only where `types` says what the
    fields hold.
    """
    require_shallow(group)
    writing = _Writing(types)
    data = writing.group(group, "")
    return Exported(data, tuple(writing.report))


def require_shallow(group: Group) -> None:
    """`FormatError` where groups are nested too deep to be written."""
    if any(isinstance(node, Group) and len(path) >= DEEPEST for path, node in walk(group)):
        raise FormatError(f"Groups can be nested at most {DEEPEST} deep.")


@dataclass(frozen=True)
class _Writing:
    types: Mapping[str, ValueType] | None
    report: list[Unmapped] = field(default_factory=list)

    def node(self, node: RuleOrGroup, place: str) -> dict[str, Any]:
        return self.group(node, place) if isinstance(node, Group) else self.rule(node, place)

    def group(self, group: Group, place: str) -> dict[str, Any]:
        whole = at(place, "rules")
        members = [self.node(rule, at(whole, index)) for index, rule in enumerate(group.rules)]
        data: dict[str, Any] = {"combinator": group.combinator, "rules": members}
        if group.negated:
            data["not"] = True
        if not group.enabled:
            data["muted"] = True
        if group.locked:
            data["disabled"] = True
        if group.note:
            data[OURS] = {"note": group.note}
        return data

    def rule(self, rule: Rule, place: str) -> dict[str, Any]:
        found = _in_words(rule, self.types) if isinstance(rule, FieldRule) else None
        if found is not None:
            return found
        data: dict[str, Any] = {"field": OURS, "operator": rule.kind, "value": to_data(rule)}
        if not rule.enabled:
            data["muted"] = True
        if rule.locked:
            data["disabled"] = True
        self.report.append(Unmapped(place, f"{rule.kind}: {getattr(rule, 'op', '')}", WHY))
        return data


def _in_words(rule: FieldRule, types: Mapping[str, ValueType] | None) -> dict[str, Any] | None:
    """The rule in their words; None where it would not read back as itself."""
    kind = _type_of(rule, types)
    if kind is None or rule.field == OURS:
        return None
    words = _words(rule)
    if words is None:
        return None
    if rule.note:
        words[OURS] = {"note": rule.note}
    bare = replace(rule, negated=False, enabled=True, locked=False)
    known = types if types is not None else dict.fromkeys((rule.field, rule.other), kind)
    if _read(words, known) != bare:
        words[OURS] = {**words.get(OURS, {}), "match_case": rule.match_case}
        if _read(words, known) != bare:
            return None
    data = words
    if rule.negated:
        data = {"combinator": "and", "not": True, "rules": [words], OURS: {"negated": "rule"}}
    if not rule.enabled:
        data["muted"] = True
    if rule.locked:
        data["disabled"] = True
    return data


def _read(words: dict[str, Any], types: Mapping[str, ValueType]) -> RuleOrGroup | None:
    try:
        imported = from_react_querybuilder({"combinator": "and", "rules": [words]}, types)
    except FormatError:
        return None
    return None if imported.report else imported.group.rules[0]


def _words(rule: FieldRule) -> dict[str, Any] | None:
    if rule.op in _MODES:
        mode, op = _MODES[rule.op]
        value = list(rule.values) if op == "in" else _first(rule)
        inner = {"field": "", "operator": op, "value": value}
        query = {"combinator": "and", "rules": [inner]}
        match = {"mode": mode}
        return {"field": rule.field, "operator": "=", "match": match, "value": query}
    if rule.op in ("is_true", "is_false"):
        return {"field": rule.field, "operator": "=", "value": rule.op == "is_true"}
    op = _WORDS.get(rule.op, "")
    if not op:
        return None
    data: dict[str, Any] = {"field": rule.field, "operator": op}
    if rule.other:
        return {**data, "value": rule.other, "valueSource": "field"}
    if op in EITHER:
        return {**data, "value": None}
    return {**data, "value": list(rule.values) if op in SEVERAL else _first(rule)}


def _first(rule: FieldRule) -> Any:
    return rule.values[0] if len(rule.values) == 1 else None


def _type_of(rule: FieldRule, types: Mapping[str, ValueType] | None) -> ValueType | None:
    if types is not None:
        return types.get(rule.field)
    row = OPERATORS.get(("field", rule.op))
    if row is None:
        return None
    if rule.op in EITHER.values():
        return "text"
    if rule.op in ("between", "not_between"):
        numbers = not any(isinstance(value, str) for value in rule.values)
        return "number" if numbers else None
    return next(iter(row.types)) if len(row.types) == 1 else None
