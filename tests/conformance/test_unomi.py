"""Unomi's assertions about the properties of one profile."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from population import AS_OF

from conformance.answers import Asked, Types, asked
from conformance.cases import PROPERTIES, assertion_name, needs_the_cases
from segbench.engine.memory import Contact
from segbench.model.rules import FieldRule, Group, RuleOrGroup

pytestmark = needs_the_cases

TYPES: Types = {
    "age": "number",
    "gender": "text",
    "randomStats": "number",
    "@segments": "list",
    "unknown": "text",
    "fieldNotExists": "number",
}
"""The properties of the profile, and two that nobody has."""
TEXT = {
    "equalTo": "is",
    "notEqualTo": "is_not",
    "startsWith": "starts_with",
    "endsWith": "ends_with",
    "contains": "contains",
    "matchesRegex": "matches",
    "in": "is_any_of",
    "notIn": "is_none_of",
}
NUMBER = {
    "equalTo": "equals",
    "notEqualTo": "does_not_equal",
    "lessThan": "less_than",
    "greaterThan": "greater_than",
    "greaterThanOrEqualTo": "at_least",
}
LIST = {"in": "has_any_of", "notIn": "has_none_of", "all": "has_all_of"}


def rule_of(name: str, op: str, values: tuple[Any, ...]) -> RuleOrGroup:
    """Their operator as ours; what is asked of several values is asked of each."""
    kind = TYPES[name]
    if op in ("exists", "missing"):
        return FieldRule(name, "is_not_empty" if op == "exists" else "is_empty")
    if kind == "list":
        return FieldRule(name, LIST[op], values)
    if op == "all":
        return Group("and", tuple(FieldRule(name, "is", (value,)) for value in values))
    if kind == "number" and op in ("in", "notIn"):
        found = Group("or", tuple(FieldRule(name, "equals", (value,)) for value in values))
        return ~found if op == "notIn" else found
    return FieldRule(name, TEXT[op] if kind == "text" else NUMBER[op], values, match_case=True)


@pytest.fixture(scope="module")
def profile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asked]:
    known = PROPERTIES["profile"]
    values = {name: known[name] for name in ("age", "gender", "randomStats")}
    contact = Contact("profile", values | {"@segments": known["segments"]})
    with asked(tmp_path_factory.mktemp("unomi"), [contact], TYPES, {}) as found:
        yield found


@pytest.mark.parametrize("case", PROPERTIES["assertions"], ids=assertion_name)
def test_an_assertion_of_others_about_a_profile_holds(case: dict[str, Any], profile: Asked) -> None:
    node = rule_of(case["field"], case["operator"], tuple(case["args"]))
    root = Group(rules=(~node if case["negated"] else node,))
    assert profile.members(root, AS_OF) == (["profile"] if case["expected"] else [])
