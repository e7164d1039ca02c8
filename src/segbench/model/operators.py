"""Looking up operators: by subject and key, by type, by figure."""

from __future__ import annotations

from segbench.errors import UnknownName
from segbench.model.catalog import ValueType
from segbench.model.operator_table import MONTHS as MONTHS
from segbench.model.operator_table import ROWS
from segbench.model.operator_table import WEEKDAYS as WEEKDAYS
from segbench.model.operator_table import Operator as Operator
from segbench.model.operator_table import Shape as Shape
from segbench.model.operator_table import Subject as Subject

OPERATORS: dict[tuple[Subject, str], Operator] = {(row.subject, row.key): row for row in ROWS}
"""Every operator, by subject and key, in menu order."""

HAPPENED_WINDOWS = ("last", "ago", "calendar", "between", "since", "until")
"""The kinds of window in which something may have happened."""

ZERO_MEASURES = frozenset({"sum", "distinct", "active_days", "active_weeks", "active_months"})
"""The figures that are 0, not unknown, where nothing happened."""


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


def measured_type(measure: str, property_type: ValueType | None) -> ValueType:
    """The type of the figure that a measure gives, from the type of its property."""
    if measure in ("first_time", "last_time"):
        return "datetime"
    if measure in ("first_value", "last_value"):
        return property_type or "text"
    return "number"


def operators_of_measure(measure: str, property_type: ValueType | None) -> tuple[Operator, ...]:
    """The field operators with which that figure can be compared."""
    rows = operators_for("field", measured_type(measure, property_type))
    sizes = measure in ZERO_MEASURES
    return tuple(
        row
        for row in rows
        if not row.ranked and not (sizes and row.key in ("is_empty", "is_not_empty"))
    )
