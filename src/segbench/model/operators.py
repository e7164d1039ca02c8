"""The operator table: one row per operator feeds menus, sentences, checks and evaluation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from segbench.errors import UnknownName
from segbench.model.catalog import ValueType

Subject = Literal["field", "tag", "event", "segment", "prebuilt"]
Shape = Literal["none", "one", "many", "two", "window"]
"""What an operator takes: no value, one, a list, a low and a high one, or a time window."""

TEXT: frozenset[ValueType] = frozenset({"text"})
NUMBER: frozenset[ValueType] = frozenset({"number"})
BOOLEAN: frozenset[ValueType] = frozenset({"boolean"})
DATES: frozenset[ValueType] = frozenset({"date", "datetime"})
EVERY: frozenset[ValueType] = TEXT | NUMBER | BOOLEAN | DATES


@dataclass(frozen=True, slots=True)
class Operator:
    """How a rule compares.

    `negates` names the operator of which this one is the exact complement.
    `phrase` is the sentence part; `{0}`, `{1}` are values, `{list}` and `{all}` the whole
    list, `{window}` the window. `types` are the value types it applies to, empty where the subject
    has no type.
    """

    subject: Subject
    key: str
    label: str
    shape: Shape
    phrase: str
    types: frozenset[ValueType] = frozenset()
    negates: str | None = None


def _field(
    key: str,
    label: str,
    shape: Shape,
    types: frozenset[ValueType],
    phrase: str,
    negates: str | None = None,
) -> Operator:
    return Operator("field", key, label, shape, phrase, types, negates)


_ROWS: tuple[Operator, ...] = (
    _field("is_any_of", "is any of", "many", TEXT, "is {list}"),
    _field("is_none_of", "is none of", "many", TEXT, "is not {list}", "is_any_of"),
    _field("contains", "contains", "one", TEXT, "contains {0}"),
    _field("does_not_contain", "does not contain", "one", TEXT, "does not contain {0}", "contains"),
    _field("starts_with", "starts with", "one", TEXT, "starts with {0}"),
    _field(
        "does_not_start_with",
        "does not start with",
        "one",
        TEXT,
        "does not start with {0}",
        "starts_with",
    ),
    _field("ends_with", "ends with", "one", TEXT, "ends with {0}"),
    _field(
        "does_not_end_with", "does not end with", "one", TEXT, "does not end with {0}", "ends_with"
    ),
    _field("at_least", "≥ at least", "one", NUMBER, "is at least {0}"),
    _field("at_most", "≤ at most", "one", NUMBER, "is at most {0}"),
    _field("greater_than", "> greater than", "one", NUMBER, "is greater than {0}"),
    _field("less_than", "< less than", "one", NUMBER, "is less than {0}"),
    _field("equals", "= equals", "one", NUMBER, "equals {0}"),
    _field("does_not_equal", "≠ does not equal", "one", NUMBER, "does not equal {0}", "equals"),
    _field("in_last", "in the last", "window", DATES, "is {window}"),
    _field("not_in_last", "not in the last", "window", DATES, "is not {window}", "in_last"),
    _field("in_next", "in the next", "window", DATES, "is {window}"),
    _field("before", "before", "one", DATES, "is before {0}"),
    _field("after", "after", "one", DATES, "is after {0}"),
    _field("on", "on", "one", DATES, "is on {0}"),
    _field("between", "between", "two", NUMBER | DATES, "is between {0} and {1}"),
    _field(
        "not_between",
        "not between",
        "two",
        NUMBER | DATES,
        "is not between {0} and {1}",
        "between",
    ),
    _field("is_true", "is true", "none", BOOLEAN, "is true"),
    _field("is_false", "is false", "none", BOOLEAN, "is false"),
    _field("is_not_empty", "is not empty", "none", EVERY, "is not empty"),
    _field("is_empty", "is empty", "none", EVERY, "is empty", "is_not_empty"),
    Operator("tag", "has_any_of", "has any of", "many", "tag is {list}"),
    Operator("tag", "has_all_of", "has all of", "many", "tags include {all}"),
    Operator(
        "tag",
        "has_none_of",
        "has none of",
        "many",
        "tag is not {list}",
        negates="has_any_of",
    ),
    Operator("event", "did", "happened", "none", "happened"),
    Operator("event", "did_not", "did not happen", "none", "did not happen", negates="did"),
    Operator("event", "at_least", "at least … times", "one", "happened at least {0} times"),
    Operator("event", "at_most", "at most … times", "one", "happened at most {0} times"),
    Operator("event", "exactly", "exactly … times", "one", "happened exactly {0} times"),
    Operator("event", "between", "between … times", "two", "happened {0} to {1} times"),
    Operator("segment", "is_in", "is in segment", "none", "is in segment"),
    Operator(
        "segment", "is_not_in", "is not in segment", "none", "is not in segment", negates="is_in"
    ),
    Operator("prebuilt", "is_in", "is", "none", "is"),
    Operator("prebuilt", "is_not_in", "is not", "none", "is not", negates="is_in"),
)

OPERATORS: dict[tuple[Subject, str], Operator] = {(row.subject, row.key): row for row in _ROWS}
"""Every operator, by subject and key, in menu order."""


def operator(subject: Subject, key: str) -> Operator:
    """The operator of that key; `UnknownName` with near names where there is none."""
    found = OPERATORS.get((subject, key))
    if found is None:
        raise UnknownName(f"{subject} operator", key, (k for s, k in OPERATORS if s == subject))
    return found


def operators_for(subject: Subject, value_type: ValueType | None = None) -> tuple[Operator, ...]:
    """The operators of a subject, in menu order; of a field, those that fit its type."""
    return tuple(
        row
        for row in OPERATORS.values()
        if row.subject == subject and (value_type is None or value_type in row.types)
    )
