"""One comparison of a field as JsonLogic."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from segbench.errors import SegbenchError, UnknownName
from segbench.interchange.json_logic_data import FOLDED, TAGS, folded, trimmed
from segbench.interchange.report import NoMeaning
from segbench.model.catalog import ValueType
from segbench.model.checks.values import value_issues
from segbench.model.moments import parse_day
from segbench.model.operators import operator
from segbench.model.rules import FieldRule

Types = Mapping[str, ValueType]
LARGEST = 2**53
"""Beyond it a JavaScript number is not every whole number."""
_SIGNS = {
    "equals": "==",
    "on": "==",
    "at_least": ">=",
    "at_most": "<=",
    "greater_than": ">",
    "less_than": "<",
    "before": "<",
    "after": ">",
}
_SIZES = {"size_at_least": ">=", "size_at_most": "<=", "size_equals": "=="}


def comparison_logic(rule: FieldRule, types: Types) -> Any:
    """The comparison, its negation left out; `NoMeaning` where JsonLogic cannot say it exactly."""
    _require_sound(rule, types)
    if rule.clock != "workspace":
        raise NoMeaning("JsonLogic knows no time zones.")
    kind, row = types[rule.field], operator("field", rule.op)
    positive = replace(rule, op=row.negates or rule.op)
    known = _known(rule.field, kind)
    if rule.other:
        if types[rule.other] != kind:
            raise NoMeaning("JsonLogic knows no time zone, so a day and a time do not compare.")
        known = {"and": [known, _known(rule.other, types[rule.other])]}
    logic = known if positive.op == "is_not_empty" else _positive(positive, kind, known)
    if row.negates:
        logic = {"!": [logic]}
    if rule.unknown == "include":
        return {"or": [logic, {"!": [known]}]}
    return {"and": [logic, known]} if rule.unknown == "exclude" else logic


def _require_sound(rule: FieldRule, types: Types) -> None:
    def type_of(name: str) -> ValueType:
        if name not in types:
            raise UnknownName("field", name, types)
        return types[name]

    try:
        issues = [
            message for level, _, message in value_issues(rule, type_of) if level != "warning"
        ]
    except SegbenchError as error:
        raise NoMeaning(str(error)) from None
    if issues:
        raise NoMeaning(issues[0])
    for name in filter(None, (rule.field, rule.other)):
        if "." in name or name in (FOLDED, TAGS):
            raise NoMeaning(f"JsonLogic cannot name the field {name[:80]!r}.")


def _known(name: str, kind: ValueType) -> Any:
    return {"!!": [{"var": name}]} if kind == "list" else {"!=": [{"var": name}, None]}


def _positive(rule: FieldRule, kind: ValueType, known: Any) -> Any:
    """A positive operator: false where there is no value."""
    match kind:
        case "text":
            return _text(rule, known)
        case "list":
            return _list(rule, known)
        case "boolean":
            return {"==": [{"var": rule.field}, rule.op == "is_true"]}
        case "number":
            return _ordered(rule, known, [_number(value) for value in rule.values])
        case "date":
            return _ordered(rule, known, [_day(value) for value in rule.values])
        case _:
            raise NoMeaning("JsonLogic knows no clock and no time zone, which times need.")


def _text(rule: FieldRule, known: Any) -> Any:
    mine, values = _var(rule.field, rule), _texts(rule)
    if rule.other:
        return {"and": [known, _text_by_field(rule, mine, _var(rule.other, rule))]}
    match rule.op:
        case "is" | "is_any_of":
            return {"in": [mine, values]}
        case "contains":
            return {"in": [values[0], mine]}
        case "starts_with":
            part = _countable(values[0])
            return {"and": [known, {"==": [{"substr": [mine, 0, len(part)]}, part]}]}
        case "ends_with":
            part = _countable(values[0])
            return {"and": [known, {"==": [{"substr": [mine, -len(part)]}, part]}]}
        case _:
            raise NoMeaning("JsonLogic has no operation for it.")


def _text_by_field(rule: FieldRule, mine: Any, other: Any) -> Any:
    match rule.op:
        case "is":
            return {"==": [mine, other]}
        case "contains":
            return {"in": [other, mine]}
        case _:
            raise NoMeaning("JsonLogic has no operation for it.")


def _countable(part: str) -> str:
    """The text; some count a character beyond the first 65,536 as two and others as one."""
    if any(char > "\uffff" for char in part):
        raise NoMeaning("JavaScript counts some of these characters as two.")
    return part


def _list(rule: FieldRule, known: Any) -> Any:
    mine, values = _var(rule.field, rule), _texts(rule)
    match rule.op:
        case "has_any_of":
            return {"or": [{"in": [value, mine]} for value in values]}
        case "has_all_of":
            return {"and": [{"in": [value, mine]} for value in values]}
        case "item_contains":
            return {"some": [mine, {"in": [values[0], {"var": ""}]}]}
        case _ if rule.op in _SIZES:
            size = {"reduce": [mine, {"+": [1, {"var": "accumulator"}]}, 0]}
            return {"and": [known, {_SIZES[rule.op]: [size, rule.values[0]]}]}
        case _:
            raise NoMeaning("JsonLogic has no operation for it.")


def _var(name: str, rule: FieldRule) -> Any:
    return {"var": name if rule.match_case else f"{FOLDED}.{name}"}


def _texts(rule: FieldRule) -> list[str]:
    texts = (trimmed(str(value)) for value in rule.values)
    return [text if rule.match_case else folded(text) or "" for text in texts if text]


def _ordered(rule: FieldRule, known: Any, values: list[Any]) -> Any:
    mine = {"var": rule.field}
    if rule.other:
        values = [{"var": rule.other}]
    if rule.op == "between":
        return {"and": [known, {">=": [mine, values[0]]}, {"<=": [mine, values[1]]}]}
    if rule.op not in _SIGNS:
        raise NoMeaning("JsonLogic has no operation for it.")
    return {"and": [known, {_SIGNS[rule.op]: [mine, values[0]]}]}


def _number(value: Any) -> Any:
    if isinstance(value, int) and abs(value) > LARGEST:
        raise NoMeaning("JavaScript rounds whole numbers as large as this one.")
    return value


def _day(value: Any) -> str:
    try:
        return parse_day(value).isoformat()
    except (TypeError, ValueError):
        raise NoMeaning("JsonLogic knows no time zone, so a day cannot be compared so.") from None
