"""From one positive comparison of a value to its atom."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal, cast
from zoneinfo import ZoneInfo

from segbench.errors import RuleError
from segbench.model.catalog import ValueType
from segbench.model.moments import (
    Bounds,
    Instant,
    days,
    instants,
    local_day,
    midnight,
    next_day,
    parse_moment,
)
from segbench.model.operators import MONTHS, WEEKDAYS
from segbench.model.rules import FieldRule
from segbench.model.windows import Calendar, Last, Next
from segbench.plan.atoms import (
    ItemHas,
    ItemIs,
    Items,
    Known,
    PartIn,
    TextHas,
    TextIs,
    TextLength,
    TextMatches,
    Truth,
    ValueAtom,
    Within,
    comparable,
)
from segbench.plan.logic import Leaf, Logic, all_of, any_of


@dataclass(frozen=True, slots=True)
class Moment:
    """When and where a comparison is made: naive UTC, the local zone, the first day of weeks."""

    as_of: dt.datetime
    zone: ZoneInfo
    week_start: int = 0


def value_atom(rule: FieldRule, value_type: ValueType, moment: Moment) -> Logic[ValueAtom]:
    """The logic of a positive operator on a value of that type."""
    match value_type:
        case _ if rule.op == "is_not_empty":
            return Leaf(Known(rule.field, value_type))
        case "text":
            return Leaf(_text(rule))
        case "list":
            return _list(rule)
        case "boolean":
            return Leaf(Truth(rule.field, rule.op == "is_true"))
        case "number":
            return Leaf(Within(rule.field, "number", _numbers(rule)))
        case "date" | "datetime":
            return _time(rule, value_type, moment)
        case _:
            raise RuleError(f"Field {rule.field!r} has an unknown type {value_type!r}.")


def _text(rule: FieldRule) -> ValueAtom:
    values = _comparable(rule)
    match rule.op:
        case "is_any_of" | "is":
            return TextIs(rule.field, values, rule.match_case)
        case "contains":
            return TextHas(rule.field, "anywhere", values[0], rule.match_case)
        case "starts_with":
            return TextHas(rule.field, "start", values[0], rule.match_case)
        case "ends_with":
            return TextHas(rule.field, "end", values[0], rule.match_case)
        case "matches":
            return TextMatches(rule.field, str(rule.values[0]), rule.match_case)
        case "length_at_least" | "length_at_most" | "length_equals":
            return TextLength(rule.field, _amount(rule))
        case _:
            raise _misfit(rule)


def _list(rule: FieldRule) -> Logic[ValueAtom]:
    match rule.op:
        case "has_any_of":
            return Leaf(ItemIs(rule.field, _comparable(rule), rule.match_case))
        case "has_all_of":
            return all_of(
                Leaf(ItemIs(rule.field, (value,), rule.match_case)) for value in _comparable(rule)
            )
        case "item_contains":
            return Leaf(ItemHas(rule.field, _comparable(rule)[0], rule.match_case))
        case "size_at_least" | "size_at_most" | "size_equals":
            return Leaf(Items(rule.field, _amount(rule)))
        case _:
            raise _misfit(rule)


def _comparable(rule: FieldRule) -> tuple[str, ...]:
    """The rule's texts as they are compared, sorted, blank ones left out."""
    texts = {comparable(str(value), rule.match_case) for value in rule.values}
    return tuple(sorted(texts - {""}))


def _amount(rule: FieldRule) -> Bounds:
    count = cast(int, rule.values[0])
    match rule.op.rpartition("_")[2]:
        case "least":
            return Bounds(low=count)
        case "most":
            return Bounds(high=count)
        case _:
            return Bounds(count, count)


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


def _time(
    rule: FieldRule, value_type: Literal["date", "datetime"], moment: Moment
) -> Logic[ValueAtom]:
    match rule.op:
        case "weekday_is":
            return Leaf(_part(rule, value_type, "weekday", _numbered(rule, WEEKDAYS, 0), moment))
        case "month_is":
            return Leaf(_part(rule, value_type, "month", _numbered(rule, MONTHS, 1), moment))
        case "hour_between":
            return Leaf(_part(rule, value_type, "hour", _hours(rule), moment))
        case "anniversary_today" | "anniversary_next" | "anniversary_last":
            found = _anniversary(rule, moment)
            return Leaf(_part(rule, value_type, "month_day", found, moment))
    bounds = (_days if value_type == "date" else _instants)(rule, moment)
    return any_of(()) if _is_empty(bounds) else Leaf(Within(rule.field, value_type, bounds))


def _is_empty(bounds: Bounds) -> bool:
    """Whether no value can lie within, as in "between 30 and 30 days ago"."""
    low, high = bounds.low, bounds.high
    edge = bounds.low_open or bounds.high_open
    return low is not None and high is not None and (low > high or (low == high and edge))  # type: ignore[operator]


def _part(
    rule: FieldRule,
    value_type: Literal["date", "datetime"],
    part: Literal["weekday", "month", "hour", "month_day"],
    values: set[int],
    moment: Moment,
) -> PartIn:
    zone = moment.zone.key if value_type == "datetime" else ""
    return PartIn(rule.field, value_type, part, tuple(sorted(values)), zone)


def _numbered(rule: FieldRule, names: tuple[str, ...], first: int) -> set[int]:
    return {names.index(str(value)) + first for value in rule.values}


def _hours(rule: FieldRule) -> set[int]:
    """The hours from the first to before the second, over midnight where that comes earlier."""
    start, end = cast("tuple[int, int]", rule.values)
    return {hour % 24 for hour in range(start, end if end > start else end + 24)}


def _anniversary(rule: FieldRule, moment: Moment) -> set[int]:
    """The days of the year in the window; 29 February falls on 1 March in common years."""
    window = rule.window if rule.window is not None else Calendar("day")
    bounds = days(window, moment.as_of, moment.zone)
    low, high = cast(dt.date, bounds.low), cast(dt.date, bounds.high)
    day = next_day(low) if bounds.low_open else low
    found: set[int] = set()
    # After 8 years every day of the year has come, also the 29th of February.
    while day <= high and len(found) < 366:
        found.add(100 * day.month + day.day)
        if (day.month, day.day) == (3, 1) and (day - dt.timedelta(days=1)).day == 28:
            found.add(229)
        day = next_day(day)
    return found


def _days(rule: FieldRule, moment: Moment) -> Bounds:
    if rule.window is not None:
        return _edges(rule, days(rule.window, moment.as_of, moment.zone, moment.week_start))
    zone = moment.zone
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


def _edges(rule: FieldRule, window: Bounds) -> Bounds:
    """What an operator makes of its window: the inside, or what lies before or after it."""
    match rule.op, rule.window:
        case ("in_last", Last()) | ("in_next", Next()) | ("in_period", Calendar()):
            return window
        case "between_ago", _:
            return window
        case ("more_than_ago", Last()):
            return Bounds(high=window.low)
        case ("more_than_ahead", Next()):
            return Bounds(low=window.high, low_open=True)
        case ("before_period", Calendar()):
            return Bounds(high=window.low, high_open=True)
        case ("after_period", Calendar()):
            return Bounds(low=window.high, low_open=not window.high_open)
        case _:
            raise _misfit(rule)


def _instants(rule: FieldRule, moment: Moment) -> Bounds:
    zone = moment.zone
    if rule.window is not None:
        return _edges(rule, instants(rule.window, moment.as_of, zone, moment.week_start))
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
