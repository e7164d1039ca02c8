"""What is wrong with the values of one comparison."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any, assert_never

from segbench.model.catalog import BLANKS, ValueType
from segbench.model.checks.levels import Found as Found
from segbench.model.checks.levels import Level as Level
from segbench.model.checks.strays import stray_issues, unknown_issues
from segbench.model.moments import parse_day
from segbench.model.operators import MONTHS, WEEKDAYS, Operator, operator, operators_for
from segbench.model.patterns import pattern_problem
from segbench.model.rules import FieldRule, Scalar
from segbench.model.windows import (
    DAYS_OF,
    MOST_DAYS,
    PERIODS,
    UNITS,
    Ago,
    Between,
    Calendar,
    Last,
    Next,
    Since,
    Until,
    Window,
)
from segbench.model.wording import cut

TypeOf = Callable[[str], ValueType]
LONGEST_TEXT = 10_000
UNREADABLE = "A text cannot have a NUL or half a character in it."
MOST_VALUES = 100_000
# A day of instants ends where the next one starts, which must be in the calendar too.
_LAST_DAY = dt.date(dt.MAXYEAR - 1, 12, 31)
_A_DAY = dt.timedelta(days=1)


def value_issues(rule: FieldRule, type_of: TypeOf, *, ranked: bool = True) -> Iterator[Found]:
    """What is wrong with a comparison of a value, or of the values of two fields.

    `ranked` says that there are contacts to rank, as there are not within one event.
    """
    value_type = type_of(rule.field)
    if not rule.op:
        yield "hint", "unfinished", "Choose how to compare."
        return
    if not isinstance(rule.op, str):
        yield "error", "wrong-type", f"The name of an operator is a text, not {cut(rule.op)}."
        return
    row = operator("field", rule.op)
    if wrong := (*unknown_issues(rule), *_misfits(row, value_type, ranked)):
        yield wrong[0]
    elif rule.other:
        yield from _other_issues(rule, row, value_type, type_of(rule.other))
    elif stray := (*stray_issues(rule, row),):
        yield stray[0]
    else:
        yield from _operand_issues(rule, row, value_type)


def _misfits(row: Operator, value_type: ValueType, ranked: bool) -> Iterator[Found]:
    if value_type not in row.types:
        kind = "list" if value_type == "list" else f"{value_type} field"
        rows = sorted(operators_for("field", value_type), key=lambda each: each.shape != row.shape)
        instead = ", ".join(f"“{each.label}”" for each in rows[:4])
        told = f"“{row.label}” does not apply to a {kind}; there are {instead} and others."
        yield "error", "wrong-operator", told
    elif row.ranked and not ranked:
        yield "error", "wrong-operator", f"“{row.label}” ranks contacts: it is for fields only."


def _operand_issues(rule: FieldRule, row: Operator, value_type: ValueType) -> Iterator[Found]:
    if row.shape == "none":
        return
    elif row.shape == "window":
        if rule.window is None:
            yield "hint", "unfinished", "Enter a length of time."
        else:
            yield from window_issues(rule.window, row.windows, value_type)
    elif row.takes in ("weekday", "month"):
        yield from _name_issues(rule.values, WEEKDAYS if row.takes == "weekday" else MONTHS)
    elif row.takes == "hour":
        yield from _hour_issues(rule.values)
    elif row.takes in ("count", "percent"):
        yield from _amount_issues(rule.values, row.takes, value_type)
    elif row.takes == "pattern":
        yield from _pattern_issues(rule.values)
    elif row.shape == "many":
        yield from _list_issues(rule.values)
    else:
        kind = "text" if row.takes == "text" else value_type
        yield from _fixed_issues(rule.values, 2 if row.shape == "two" else 1, kind)


def window_issues(window: Window, kinds: tuple[str, ...], value_type: ValueType) -> Iterator[Found]:
    """What is wrong with a window over values of that type."""
    if window.kind not in kinds:
        yield "error", "wrong-window", f"A window of kind {window.kind!r} does not fit here."
        return
    match window:
        case Between(start, end):
            yield from _day_issues((start, end))
        case Since(day) | Until(day):
            yield from _day_issues((day,))
        case Calendar(period, offset):
            if period not in PERIODS:
                yield "error", "wrong-window", f"There is no calendar period {cut(period)}."
            elif type(offset) is not int or abs(offset) > 1_000:
                yield "error", "out-of-range", "A calendar period lies at most 1,000 periods away."
        case Last(amount, unit) | Next(amount, unit):
            yield from _length_issues((amount,), unit, value_type)
        case Ago(least, most, unit):
            yield from _length_issues((least, most), unit, value_type)
            if type(least) is type(most) is int and least >= most:
                yield "error", "swapped-bounds", "The first length must be the shorter one."
        case _:
            assert_never(window)


def _day_issues(days: tuple[str, ...]) -> Iterator[Found]:
    if not all(isinstance(day, str) for day in days):
        yield "error", "wrong-type", "A day is a text such as 2026-10-23."
    elif max(map(len, days)) > 10:
        yield "error", "wrong-type", "A period is from one day to another, without times."
    else:
        yield from _fixed_issues(days, len(days), "datetime")


def _length_issues(amounts: tuple[int, ...], unit: str, value_type: ValueType) -> Iterator[Found]:
    if unit not in UNITS:
        yield "error", "wrong-unit", f"There is no unit {cut(unit)}; there are {', '.join(UNITS)}."
        return
    per_day = DAYS_OF[unit]
    for amount in amounts:
        if type(amount) is not int:
            message = f"A length of time must be a whole number, not {cut(amount)}."
            yield "error", "wrong-type", message
            return
        if amount < 1:
            yield "hint", "unfinished", "Enter a length of time of at least 1."
            return
        if amount > MOST_DAYS / per_day:
            yield "error", "out-of-range", "A window is at most about 1,000 years long."
            return
    if value_type == "date" and unit in ("hours", "minutes"):
        yield "error", "wrong-unit", "This field holds dates without a time: use days or longer."


def _other_issues(
    rule: FieldRule, row: Operator, value_type: ValueType, other: ValueType
) -> Iterator[Found]:
    if not row.by_field:
        yield "error", "wrong-operator", f"“{row.label}” does not compare one field with another."
    elif rule.values or rule.window is not None:
        yield "error", "wrong", "Compare with values or with another field, not with both."
    elif rule.other == rule.field:
        yield "warning", "same-field", "This compares a field with itself."
    elif other != value_type and {other, value_type} != {"date", "datetime"}:
        message = f"A {value_type} cannot be compared with {rule.other!r}, which is a {other}."
        yield "error", "wrong-type", message


def _name_issues(values: tuple[Scalar, ...], names: tuple[str, ...]) -> Iterator[Found]:
    if not values:
        yield "hint", "unfinished", "Choose at least one."
    elif wrong := [value for value in values if value not in names]:
        yield (
            "error",
            "wrong-type",
            f"There is no {cut(wrong[0])} here: there are {', '.join(names)}.",
        )


def _hour_issues(values: tuple[Scalar, ...]) -> Iterator[Found]:
    if len(values) != 2 or any(value == "" for value in values):
        yield "hint", "unfinished", "Enter both hours."
    elif any(type(value) is not int or not 0 <= value <= 24 for value in values):
        yield "error", "out-of-range", "An hour is a whole number from 0 to 24."
    elif values[0] == 24:
        yield "error", "out-of-range", "The first hour is from 0 to 23: a day starts at 0."
    elif values == (0, 24):
        yield "error", "swapped-bounds", "From 0 to 24 is every hour."
    elif values[0] == values[1]:
        yield "error", "swapped-bounds", "From and to must be different hours."


def _amount_issues(
    values: tuple[Scalar, ...], takes: str, value_type: ValueType
) -> Iterator[Found]:
    if len(values) != 1 or values[0] == "":
        yield "hint", "unfinished", "Enter a number."
        return
    value = values[0]
    if takes == "count":
        if type(value) is not int or not 0 <= value <= 1_000_000_000:
            yield "error", "out-of-range", "How many must be a whole number, 0 to 1,000,000,000."
        elif value == 0:
            what = "list without items" if value_type == "list" else "text without characters"
            yield "error", "wrong", f"A {what} is no value: use “is empty”."
    elif isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value < 100:
        yield "error", "out-of-range", "A share must be more than 0 and less than 100 per cent."
    elif value < 0.0001:
        yield "error", "out-of-range", "A share must be at least 0.0001 per cent."
    elif Decimal(repr(float(value))) % Decimal("0.0001"):
        yield "error", "out-of-range", "A share has at most four decimals."


def _pattern_issues(values: tuple[Scalar, ...]) -> Iterator[Found]:
    yield from _fixed_issues(values, 1, "text")
    if len(values) == 1 and isinstance(values[0], str) and (why := pattern_problem(values[0])):
        yield "error", "wrong-pattern", f"{values[0]!r} is no pattern: {why}."


def _list_issues(values: tuple[Scalar, ...]) -> Iterator[Found]:
    if not any(isinstance(value, str) and value.strip(BLANKS) for value in values):
        yield "hint", "unfinished", "Choose at least one value."
    elif len(values) > MOST_VALUES:
        yield "error", "too-many", f"A list holds at most {MOST_VALUES:,} values."
    elif not all(isinstance(value, str) for value in values):
        yield "error", "wrong-type", "A text field is compared with text only."
    elif not all(readable(value) for value in values if isinstance(value, str)):
        yield "error", "wrong-type", UNREADABLE


def _fixed_issues(
    values: tuple[Scalar, ...], wanted: int, value_type: ValueType
) -> Iterator[Found]:
    if len(values) != wanted or any(value == "" for value in values):
        yield "hint", "unfinished", "Enter both values." if wanted == 2 else "Enter a value."
        return
    try:
        parsed = [_parsed(value, value_type) for value in values]
    except ValueError as error:
        yield "error", "wrong-type", str(error)
        return
    if wanted == 2 and _swapped(*parsed):
        yield "error", "swapped-bounds", "The first value comes after the second: swap them."


def readable(text: object) -> bool:
    """Whether it is a text that every engine can be asked for: no NUL, no half a surrogate pair."""
    if not isinstance(text, str):
        return False
    return "\0" not in text and not any("\ud800" <= char <= "\udfff" for char in text)


def _parsed(value: Scalar, value_type: ValueType) -> Any:
    """The value in a form that `_swapped` knows; `ValueError` with a sentence where it is wrong."""
    if value_type == "number":
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise ValueError(f"{cut(value)} is not a number.")
        if isinstance(value, int) and not -(2**63) <= value < 2**63:
            raise ValueError("A whole number must lie within ±9,223,372,036,854,775,807.")
        if not math.isfinite(value):
            raise ValueError("A number must be finite.")
        return value
    if not isinstance(value, str):
        raise ValueError(f"{cut(value)} is not a {value_type}.")
    if value_type == "text":
        if not value.strip(BLANKS) or len(value) > LONGEST_TEXT:
            raise ValueError(f"Enter a text of 1 to {LONGEST_TEXT:,} characters.")
        if not readable(value):
            raise ValueError(UNREADABLE)
        return value
    try:
        moment = parse_day(value) if len(value) <= 10 else dt.datetime.fromisoformat(value)
    except ValueError:
        raise ValueError(f"{cut(value)} is not a date; write it like 2026-10-23.") from None
    # A time zone moves an instant by up to a day, and the calendar ends there.
    exact = value_type == "datetime" or isinstance(moment, dt.datetime)
    if exact and not dt.MINYEAR < moment.year < dt.MAXYEAR:
        raise ValueError("A time must lie in the years 2 to 9998.")
    if value_type == "datetime" and moment == _LAST_DAY:
        raise ValueError("31 Dec 9998 is the end of the calendar for times: write a day before it.")
    return moment


def _swapped(low: Any, high: Any) -> bool:
    """Whether nothing can lie between the two; a day is there from its start to its end."""
    if isinstance(low, dt.date):
        if not isinstance(low, dt.datetime):
            low = dt.datetime.combine(low, dt.time.min)
        if not isinstance(high, dt.datetime):
            high = dt.datetime.combine(high, dt.time.max)
        if (low.tzinfo is None) != (high.tzinfo is None):
            # One is local and the other not: which is later is for the zone to say.
            low, high = low.replace(tzinfo=None), high.replace(tzinfo=None)
            return high < dt.datetime.max - _A_DAY and bool(low > high + _A_DAY)
    return bool(low > high)
