"""What stands in a rule where nothing, or something else, can stand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

from segbench.model.checks.levels import Found
from segbench.model.operators import Operator
from segbench.model.rules import FieldRule, Group, RuleOrGroup
from segbench.model.values import Clock, Combinator, Unknown
from segbench.model.wording import cut


def choice_issues(node: RuleOrGroup) -> Iterator[Found]:
    """A clock, combinator or operator that is none; Python holds nobody to the types."""
    if isinstance(node, Group):
        yield from _literal_issues("A combinator", node.combinator, get_args(Combinator))
        return
    if not isinstance(node.op, str):
        yield "error", "wrong-type", f"The name of an operator is a text, not {cut(node.op)}."
        return
    clock = getattr(node, "clock", "workspace")
    yield from _literal_issues("The clock", clock, get_args(Clock))


def unknown_issues(rule: FieldRule) -> Iterator[Found]:
    """What is wrong with where those without a value go."""
    yield from _literal_issues("“unknown”", rule.unknown, get_args(Unknown))
    if rule.op == "is_empty" and rule.unknown == "exclude":
        yield "error", "wrong", "“is empty” cannot leave the empty ones out."


def stray_issues(rule: FieldRule, row: Operator) -> Iterator[Found]:
    """Values and windows that the operator does not take, and so would not be asked."""
    if rule.values and row.shape in ("none", "window"):
        yield "error", "wrong", f"“{row.label}” takes no value."
    if rule.window is not None and row.shape != "window":
        yield "error", "wrong", f"“{row.label}” takes no window of time."


def _literal_issues(what: str, value: object, known: tuple[str, ...]) -> Iterator[Found]:
    if value not in known:
        yield "error", "wrong", f"{what} is one of {', '.join(known)}, not {cut(value)}."
