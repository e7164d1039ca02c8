"""Whether rules that were read could be asked at all, as far as that shows without the data."""

from __future__ import annotations

from segbench.errors import SegbenchError
from segbench.interchange.report import NoMeaning
from segbench.model.catalog import ValueType
from segbench.model.checks.values import value_issues
from segbench.model.operators import operator
from segbench.model.rules import FieldRule, Group, RuleOrGroup

_ORDER: tuple[ValueType, ...] = ("text", "number", "boolean", "datetime", "list", "date")


def require_sound(found: RuleOrGroup, kind: ValueType | None = None) -> None:
    """`NoMeaning` where a comparison could not be asked of a field of that type.

    Without a type, the field is taken to be of the first one that fits the operator.
    """
    for rule in found.rules if isinstance(found, Group) else (found,):
        if isinstance(rule, Group):
            require_sound(rule, kind)
        elif isinstance(rule, FieldRule):
            _require_sound_rule(rule, kind)


def _require_sound_rule(rule: FieldRule, kind: ValueType | None) -> None:
    try:
        fitting = kind or _fitting_type(rule)
        issues = [
            message
            for level, _, message in value_issues(rule, lambda _: fitting)
            if level != "warning"
        ]
    except SegbenchError as error:
        raise NoMeaning(str(error)) from None
    if not rule.field:
        raise NoMeaning("It names no property.")
    if issues:
        raise NoMeaning(issues[0])


def _fitting_type(rule: FieldRule) -> ValueType:
    types = operator("field", rule.op).types
    texts = any(isinstance(value, str) for value in rule.values)
    fitting = [kind for kind in _ORDER if kind in types]
    return "datetime" if texts and "datetime" in fitting else fitting[0]
