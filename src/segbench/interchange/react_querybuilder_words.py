"""What react-querybuilder's operators mean here, by the type of the field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, cast

from segbench.interchange.moments import (
    EndOf,
    FromNow,
    Point,
    Sign,
    StartOf,
    bounded,
    compared,
    is_moment,
)
from segbench.interchange.report import NoMeaning
from segbench.interchange.untrusted import kind_of
from segbench.model.catalog import ValueType
from segbench.model.rules import FieldRule, Group, RuleOrGroup
from segbench.model.windows import Period, Unit

TEXT = {
    "=": "is",
    "!=": "is_not",
    "in": "is_any_of",
    "notIn": "is_none_of",
    "contains": "contains",
    "doesNotContain": "does_not_contain",
    "beginsWith": "starts_with",
    "doesNotBeginWith": "does_not_start_with",
    "endsWith": "ends_with",
    "doesNotEndWith": "does_not_end_with",
}
NUMBER = {
    "=": "equals",
    "!=": "does_not_equal",
    "<": "less_than",
    "<=": "at_most",
    ">": "greater_than",
    ">=": "at_least",
    "between": "between",
    "notBetween": "not_between",
}
DAY = {"=": "on", "<": "before", ">": "after"}
EITHER = {"null": "is_empty", "notNull": "is_not_empty"}
SEVERAL = ("in", "notIn", "between", "notBetween")

_UNITS: dict[str, Unit] = {
    "minute": "minutes",
    "hour": "hours",
    "day": "days",
    "week": "weeks",
    "month": "months",
    "year": "years",
}
_PERIODS: dict[str, Period] = {
    "Day": "day",
    "Week": "week",
    "Month": "month",
    "Quarter": "quarter",
    "Year": "year",
}
Remarks = list[str]


def valued(field: str, kind: ValueType, op: str, value: Any, remarks: Remarks) -> RuleOrGroup:
    """The meaning of a comparison with values; adds to the remarks what is not exact about it."""
    if op in EITHER:
        return FieldRule(field, EITHER[op])
    match kind:
        case "text" if op in TEXT:
            return FieldRule(field, TEXT[op], _texts(op, value))
        case "number" if op in ("in", "notIn"):
            return _any_number(field, op, value)
        case "number" if op in NUMBER:
            numbers = tuple(map(_number, _list(value) if op in SEVERAL else [value]))
            return FieldRule(field, NUMBER[op], _ordered(numbers) if op in SEVERAL else numbers)
        case "boolean" if op in ("=", "!="):
            return FieldRule(field, "is_true" if _truth(value) else "is_false", negated=op == "!=")
        case "date" | "datetime":
            return _timed(field, kind, op, value, remarks)
        case _:
            raise NoMeaning(f"The operator {op!r} has no meaning for a {kind} field.")


def _texts(op: str, value: Any) -> tuple[str, ...]:
    values = _list(value) if op in SEVERAL else [value]
    for each in values:
        if not isinstance(each, str):
            raise NoMeaning(f"A text field is compared with text, not with {kind_of(each)}.")
    return tuple(values)


def _list(value: Any) -> list[Any]:
    """Several values: a list, or a text with commas, where `\\,` is a comma."""
    if isinstance(value, str):
        parts = value.replace("\\,", "\0").split(",")
        return [part.replace("\0", ",").strip() for part in parts if part.strip()]
    return value if isinstance(value, list) else [value]


def _number(value: Any) -> int | float:
    if isinstance(value, str):
        try:
            # Python reads `1_000` as a number and others do not.
            return _parsed_number(value.replace("_", "?"))
        except ValueError:
            raise NoMeaning(f"{value[:40]!r} is not a number.") from None
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise NoMeaning(f"A number field is compared with numbers, not with {kind_of(value)}.")
    return value


def _parsed_number(text: str) -> int | float:
    if len(text) > 40:
        raise ValueError(text)
    try:
        return int(text)
    except ValueError:
        return float(text)


def _ordered(numbers: tuple[int | float, ...]) -> tuple[int | float, ...]:
    """Two bounds in order, as their own conversions put them."""
    return tuple(sorted(numbers)) if len(numbers) == 2 else numbers


def _any_number(field: str, op: str, value: Any) -> RuleOrGroup:
    numbers = [_number(each) for each in _list(value)]
    if not numbers:
        raise NoMeaning("Enter at least one number.")
    found = Group("or", tuple(FieldRule(field, "equals", (number,)) for number in numbers))
    return ~found if op == "notIn" else found


def _truth(value: Any) -> bool:
    if value is True or value == "true":
        return True
    if value is False or value == "false":
        return False
    raise NoMeaning(f"True or false is needed, not {kind_of(value)}.")


def _timed(
    field: str, kind: Literal["date", "datetime"], op: str, value: Any, remarks: Remarks
) -> RuleOrGroup:
    of_days = kind == "date"
    if op in ("between", "notBetween"):
        return _timed_between(field, of_days, op, value, remarks)
    if op in ("<", "<=", ">", ">="):
        return _side(field, cast(Sign, op), value, of_days, remarks)
    if op not in ("=", "!="):
        raise NoMeaning(f"The operator {op!r} has no meaning for a {kind} field.")
    when = _moment(value)
    if of_days:
        if len(when) > 10:
            raise NoMeaning("This field holds days without a time.")
        return FieldRule(field, "on", (when,), negated=op == "!=")
    if len(when) <= 10:
        raise NoMeaning("It is not said whether the whole day is meant or its first instant.")
    return FieldRule(field, "between" if op == "=" else "not_between", (when, when))


def _timed_between(field: str, of_days: bool, op: str, value: Any, remarks: Remarks) -> RuleOrGroup:
    ends = _list(value)
    if len(ends) != 2:
        raise NoMeaning("Enter both values.")
    if all(isinstance(end, str) for end in ends):
        low, high = map(_moment, ends)
        if of_days and max(len(low), len(high)) > 10:
            raise NoMeaning("This field holds days without a time.")
        if not of_days and len(high) <= 10:
            high += "T00:00:00"
        return FieldRule(field, "between" if op == "between" else "not_between", (low, high))
    inside = Group(
        "and",
        (
            _side(field, ">=", ends[0], of_days, remarks),
            _side(field, "<=", ends[1], of_days, remarks),
        ),
    )
    return inside if op == "between" else ~inside


def _side(field: str, sign: Sign, value: Any, of_days: bool, remarks: Remarks) -> FieldRule:
    if not isinstance(value, dict):
        return compared(field, sign, _moment(value), of_days=of_days)
    rule, remark = bounded(field, sign, _point(value), of_days=of_days)
    if remark:
        remarks.append(remark)
    return rule


def _moment(value: Any) -> str:
    if not isinstance(value, str) or not is_moment(value):
        raise NoMeaning("A date is needed, such as 2026-10-23.")
    return value


def _point(value: Mapping[str, Any]) -> Point:
    """A relative date: an anchor and an offset from it."""
    anchor, offset, unit = (value.get(key) for key in ("anchor", "offset", "unit"))
    if value.get("mode") != "relative" or not isinstance(anchor, str):
        raise NoMeaning("This is no relative date.")
    offset = 0 if offset is None else offset
    if type(offset) is not int:
        raise NoMeaning(f"An offset is a whole number, not {kind_of(offset)}.")
    if anchor == "now":
        if not isinstance(unit, str) or unit not in _UNITS:
            raise NoMeaning("There is no such unit of time here.")
        return FromNow(offset, _UNITS[unit])
    edge = StartOf if anchor.startswith("startOf") else EndOf
    period = _PERIODS.get(anchor.removeprefix("startOf").removeprefix("endOf"))
    if period is None or not anchor.startswith(("startOf", "endOf")):
        raise NoMeaning(f"There is no anchor {anchor[:40]!r} here.")
    if offset and unit != period:
        raise NoMeaning("The offset is in another unit than the anchor.")
    return edge(period, offset)
