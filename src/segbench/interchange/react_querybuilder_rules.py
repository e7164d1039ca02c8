"""What react-querybuilder's rules share: types, pairs of fields, case, and soundness."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import cast

from segbench.errors import near_names, offer
from segbench.interchange.moments import not_but_known
from segbench.interchange.react_querybuilder_words import DAY, EITHER, NUMBER, TEXT
from segbench.interchange.report import NoMeaning
from segbench.model.catalog import ValueType
from segbench.model.checks.values import value_issues
from segbench.model.rules import FieldRule, Group, RuleOrGroup


def type_of(name: str, types: Mapping[str, ValueType]) -> ValueType:
    """The type of a field; `NoMeaning` with near names where it is not known."""
    if name not in types:
        raise NoMeaning(f"There is no field {name[:80]!r}{offer(near_names(name[:80], types))}")
    return types[name]


def by_field(name: str, op: str, kind: ValueType, other: str) -> FieldRule:
    """The meaning of a comparison of two fields of one type."""
    words = {"text": TEXT, "number": NUMBER, "date": DAY, "datetime": DAY}.get(kind, {})
    if kind in ("date", "datetime") and op in ("<=", ">="):
        return not_but_known(FieldRule(name, "after" if op == "<=" else "before", other=other))
    negated = kind == "date" and op == "!="
    found = words.get("=" if negated else op)
    if op in EITHER or found is None or (kind == "datetime" and op == "="):
        raise NoMeaning(f"The operator {op[:40]!r} does not compare two {kind} fields here.")
    return FieldRule(name, found, other=other, negated=negated)


def in_their_case(found: RuleOrGroup, kind: ValueType) -> RuleOrGroup:
    """Their texts compare as they are written."""
    if kind != "text" or not isinstance(found, FieldRule) or found.op in EITHER.values():
        return found
    return replace(found, match_case=True)


def sound(found: RuleOrGroup, types: Mapping[str, ValueType]) -> RuleOrGroup:
    """The rule itself; `NoMeaning` where it could not be asked here."""
    rules = found.rules if isinstance(found, Group) else (found,)
    for rule in rules:
        issues = value_issues(cast(FieldRule, rule), lambda name: type_of(name, types))
        for level, _, message in issues:
            if level != "warning":
                raise NoMeaning(message)
    return found
