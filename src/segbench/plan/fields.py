"""From rules about fields and tags to logic."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar, cast

from segbench.errors import RuleError
from segbench.model.catalog import BLANKS, ValueType
from segbench.model.moments import Bounds, instants, until_now
from segbench.model.operators import operator
from segbench.model.rules import FieldRule, TagRule
from segbench.model.windows import Window
from segbench.plan.atoms import Atom, Compared, HasTag, InShare, Known, ValueAtom, trimmed
from segbench.plan.logic import Leaf, Logic, all_of, any_of, complement
from segbench.plan.values import Moment, value_atom

TypeOf = Callable[[str], ValueType]
A = TypeVar("A")

_HOW = {
    "is": "is",
    "contains": "contains",
    "starts_with": "starts",
    "ends_with": "ends",
    "at_least": ">=",
    "at_most": "<=",
    "greater_than": ">",
    "less_than": "<",
    "equals": "=",
    "before": "<",
    "after": ">",
    "on": "on",
}


def field_logic(rule: FieldRule, type_of: TypeOf, moment: Moment) -> Logic[Atom]:
    """The logic of a rule about a field of the contact."""
    if operator("field", rule.op).ranked:
        known: Logic[Atom] = Leaf(Known(rule.field, "number"))
        share = round(float(rule.values[0]) * 10_000)
        ranked: Logic[Atom] = Leaf(InShare(rule.field, share, rule.op == "in_top"))
        return placed(rule, ranked, known)
    return cast("Logic[Atom]", value_logic(rule, type_of, moment))


def value_logic(rule: FieldRule, type_of: TypeOf, moment: Moment) -> Logic[ValueAtom]:
    """The logic of a comparison of a value; where a missing one goes is settled here."""
    row = operator("field", rule.op)
    kind = type_of(rule.field)
    positive = replace(rule, op=row.negates or rule.op)
    known: Logic[ValueAtom] = Leaf(Known(rule.field, kind))
    if rule.other:
        logic: Logic[ValueAtom] = Leaf(_compared(positive, kind, type_of(rule.other), moment))
        known = all_of((known, Leaf(Known(rule.other, type_of(rule.other)))))
    else:
        logic = value_atom(positive, kind, moment)
    return placed(rule, complement(logic) if row.negates else logic, known)


def placed(rule: FieldRule, logic: Logic[A], known: Logic[A]) -> Logic[A]:
    """The logic with contacts without a value where the rule says that they go."""
    if rule.unknown == "include":
        return any_of((logic, complement(known)))
    if rule.unknown == "exclude":
        return all_of((logic, known))
    return logic


def tag_logic(rule: TagRule, moment: Moment) -> Logic[Atom]:
    """The logic of a rule about tags."""
    tags = tuple(sorted({trimmed(tag) for tag in rule.tags if tag.strip(BLANKS)}))
    bounds = happened_bounds(rule.window, moment) if rule.window is not None else None
    if rule.op == "has_all_of":
        return all_of(Leaf(HasTag((tag,), bounds)) for tag in tags)
    any_tag: Logic[Atom] = Leaf(HasTag(tags, bounds))
    return complement(any_tag) if operator("tag", rule.op).negates else any_tag


def happened_bounds(window: Window | None, moment: Moment) -> Bounds:
    """A window over what happened; nothing after `as_of` has happened yet."""
    if window is None:
        return Bounds(high=moment.as_of)
    bounds = instants(window, moment.as_of, moment.zone, moment.week_start)
    return until_now(bounds, moment.as_of)


def _compared(rule: FieldRule, kind: ValueType, other: ValueType, moment: Moment) -> Compared:
    how = _HOW.get(rule.op)
    if how is None:
        raise RuleError(f"Operator {rule.op!r} does not compare one field with another.")
    days = how == "on" or kind != other
    zone = moment.zone.key if days and "datetime" in (kind, other) else ""
    return Compared(rule.field, kind, how, rule.other, other, rule.match_case, zone)  # type: ignore[arg-type]
