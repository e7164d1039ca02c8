"""What is wrong with the values of one comparison."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator
from typing import Any, Literal

from segbench.model.catalog import BLANKS, ValueType
from segbench.model.operators import operator
from segbench.model.rules import FieldRule, Scalar
from segbench.model.windows import MOST_DAYS, Between, Window, parse_day, span

Found = tuple[Literal["error", "warning", "hint"], str, str]
LONGEST_TEXT = 10_000
UNREADABLE = "A text cannot have a NUL or half a character in it."
MOST_VALUES = 100_000


def value_issues(rule: FieldRule, value_type: ValueType) -> Iterator[Found]:
    """What is wrong with a comparison of a value of that type."""
    if not rule.op:
        yield "hint", "unfinished", "Choose how to compare."
        return
    row = operator("field", rule.op)
    if value_type not in row.types:
        yield "error", "wrong-operator", f"“{row.label}” does not apply to a {value_type} field."
        return
    match row.shape:
        case "none":
            return
        case "window":
            kinds = ("next",) if rule.op == "in_next" else ("last",)
            if rule.window is None:
                yield "hint", "unfinished", "Enter a length of time."
            else:
                yield from window_issues(rule.window, kinds, value_type)
        case "many":
            yield from _list_issues(rule.values)
        case shape:
            wanted = 2 if shape == "two" else 1
            yield from _fixed_issues(rule.values, wanted, value_type)


def window_issues(window: Window, kinds: tuple[str, ...], value_type: ValueType) -> Iterator[Found]:
    """What is wrong with a window over values of that type."""
    if window.kind not in kinds:
        yield "error", "wrong-window", f"A window of kind {window.kind!r} does not fit here."
    elif isinstance(window, Between):
        if max(len(window.start), len(window.end)) > 10:
            yield "error", "wrong-type", "A period is from one day to another, without times."
        else:
            yield from _fixed_issues((window.start, window.end), 2, value_type)
    elif type(window.amount) is not int:
        message = f"A length of time must be a whole number, not {window.amount!r}."
        yield "error", "wrong-type", message
    elif window.amount < 1:
        yield "hint", "unfinished", "Enter a length of time of at least 1."
    elif window.amount > MOST_DAYS * 1440 or span(window).days > MOST_DAYS:
        yield "error", "out-of-range", f"A window is at most {MOST_DAYS:,} days long."
    elif value_type == "date" and window.unit in ("hours", "minutes"):
        yield "error", "wrong-unit", "This field holds dates without a time: use days or weeks."


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


def readable(text: str) -> bool:
    """Whether every engine can be asked for a text: no NUL, no half of a surrogate pair."""
    return "\0" not in text and not any("\ud800" <= char <= "\udfff" for char in text)


def _parsed(value: Scalar, value_type: ValueType) -> Any:
    """The value in a form that `_swapped` knows; `ValueError` with a sentence where it is wrong."""
    if value_type == "number":
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise ValueError(f"{value!r} is not a number.")
        if isinstance(value, int) and not -(2**63) <= value < 2**63:
            raise ValueError("A whole number must lie within ±9,223,372,036,854,775,807.")
        if not math.isfinite(value):
            raise ValueError("A number must be finite.")
        return value
    if not isinstance(value, str):
        raise ValueError(f"{value!r} is not a {'text' if value_type == 'text' else value_type}.")
    if value_type == "text":
        if not value.strip(BLANKS) or len(value) > LONGEST_TEXT:
            raise ValueError(f"Enter a text of 1 to {LONGEST_TEXT:,} characters.")
        if not readable(value):
            raise ValueError(UNREADABLE)
        return value
    try:
        moment = parse_day(value) if len(value) <= 10 else dt.datetime.fromisoformat(value)
    except ValueError:
        raise ValueError(f"{value!r} is not a date; write it like 2026-10-23.") from None
    # A time zone moves an instant by up to a day, and the calendar ends there.
    exact = value_type == "datetime" or isinstance(moment, dt.datetime)
    if exact and not dt.MINYEAR < moment.year < dt.MAXYEAR:
        raise ValueError("A time must lie in the years 2 to 9998.")
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
            low, high = low.replace(tzinfo=None), high.replace(tzinfo=None) + dt.timedelta(days=1)
    return bool(low > high)
