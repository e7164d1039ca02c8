"""From one positive comparison of a value to its atom."""

from __future__ import annotations

import datetime as dt
from typing import cast
from zoneinfo import ZoneInfo

from segbench.errors import RuleError
from segbench.model.catalog import ValueType
from segbench.model.rules import FieldRule
from segbench.model.windows import (
    Bounds,
    Instant,
    days,
    instants,
    local_day,
    midnight,
    next_day,
    parse_moment,
)
from segbench.plan.atoms import Known, TextHas, TextIs, Truth, ValueAtom, Within, comparable
from segbench.plan.logic import Leaf, Logic


def value_atom(
    rule: FieldRule, value_type: str, as_of: dt.datetime, zone: ZoneInfo
) -> Logic[ValueAtom]:
    """The logic of a positive operator on a value of that type."""
    match value_type:
        case _ if rule.op == "is_not_empty":
            return Leaf(Known(rule.field, cast(ValueType, value_type)))
        case "text":
            return Leaf(_text(rule))
        case "boolean":
            return Leaf(Truth(rule.field, rule.op == "is_true"))
        case "number":
            return Leaf(Within(rule.field, "number", _numbers(rule)))
        case "date":
            return Leaf(Within(rule.field, "date", _days(rule, as_of, zone)))
        case "datetime":
            return Leaf(Within(rule.field, "datetime", _instants(rule, as_of, zone)))
        case _:
            raise RuleError(f"Field {rule.field!r} has an unknown type {value_type!r}.")


def _text(rule: FieldRule) -> TextIs | TextHas:
    values = tuple(comparable(str(value), rule.match_case) for value in rule.values)
    match rule.op:
        case "is_any_of":
            return TextIs(rule.field, tuple(sorted(set(values) - {""})), rule.match_case)
        case "contains":
            return TextHas(rule.field, "anywhere", values[0], rule.match_case)
        case "starts_with":
            return TextHas(rule.field, "start", values[0], rule.match_case)
        case "ends_with":
            return TextHas(rule.field, "end", values[0], rule.match_case)
        case _:
            raise _misfit(rule)


def _numbers(rule: FieldRule) -> Bounds:
    values = cast("tuple[float, ...]", rule.values)
    match rule.op, values:
        case "equals", (value,):
            return Bounds(value, value)
        case "at_least", (value,):
            return Bounds(low=value)
        case "at_most", (value,):
            return Bounds(high=value)
        case "greater_than", (value,):
            return Bounds(low=value, low_open=True)
        case "less_than", (value,):
            return Bounds(high=value, high_open=True)
        case "between", (low, high):
            return Bounds(low, high)
        case _:
            raise _misfit(rule)


def _days(rule: FieldRule, as_of: dt.datetime, zone: ZoneInfo) -> Bounds:
    if rule.window is not None:
        return days(rule.window, as_of, zone)
    moments = (parse_moment(str(value), zone) for value in rule.values)
    dates = tuple(local_day(m, zone) if isinstance(m, dt.datetime) else m for m in moments)
    match rule.op, dates:
        case "on", (day,):
            return Bounds(day, day)
        case "before", (day,):
            return Bounds(high=day, high_open=True)
        case "after", (day,):
            return Bounds(low=day, low_open=True)
        case "between", (low, high):
            return Bounds(low, high)
        case _:
            raise _misfit(rule)


def _instants(rule: FieldRule, as_of: dt.datetime, zone: ZoneInfo) -> Bounds:
    if rule.window is not None:
        return instants(rule.window, as_of, zone)
    moments = tuple(parse_moment(str(value), zone) for value in rule.values)
    match rule.op, moments:
        case "on", (when,):
            day = local_day(when, zone) if isinstance(when, dt.datetime) else when
            return Bounds(midnight(day, zone), midnight(next_day(day), zone), high_open=True)
        case "before", (when,):
            return Bounds(high=_start(when, zone), high_open=True)
        case "after", (when,):
            low, of_day = _end(when, zone)
            return Bounds(low=low, low_open=not of_day)
        case "between", (low, high):
            end, of_day = _end(high, zone)
            return Bounds(_start(low, zone), end, high_open=of_day)
        case _:
            raise _misfit(rule)


def _start(when: dt.datetime | dt.date, zone: ZoneInfo) -> Instant:
    return when if isinstance(when, dt.datetime) else midnight(when, zone)


def _end(when: dt.datetime | dt.date, zone: ZoneInfo) -> tuple[Instant, bool]:
    """The first instant after a day, or the instant itself; and whether it was a day."""
    if isinstance(when, dt.datetime):
        return when, False
    return midnight(next_day(when), zone), True


def _misfit(rule: FieldRule) -> RuleError:
    return RuleError(f"Operator {rule.op!r} does not fit field {rule.field!r} and its values.")
