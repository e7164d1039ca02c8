"""Comparisons: what stands after a field, a property or a figure."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any, assert_never

from segbench.model.moments import day_moved, next_day, parse_day
from segbench.model.operators import OPERATORS
from segbench.model.rules import FieldRule
from segbench.model.text_form.cursor import Cursor
from segbench.model.text_form.phrases import EVENT, FIELD, WINDOW
from segbench.model.text_form.slots import OtherField, choose
from segbench.model.text_form.tokens import BareDay
from segbench.model.values import Scalar
from segbench.model.windows import Ago, Between, Calendar, Last, Next, Since, Until, Window

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TRUTHS = {True: "is_true", False: "is_false"}


def resolved(op: str, values: tuple[Scalar, ...]) -> tuple[str, tuple[Scalar, ...]]:
    """The operator that a sign or `is` means with such a value.

    Texts, numbers and dates have operators of their own, and the text form knows no catalogue: so
    `= "DE"` means `is`, `is 18` means `=`, and `< "2026-01-01"` means `before`. A day without
    quotes is a date: `= 2026-01-01` means `on`.
    """
    value = values[0] if len(values) == 1 else None
    match op, value:
        case (("is" | "equals"), bool()):
            return _TRUTHS[value], ()
        case "is", int() | float():
            return "equals", values
        case "is_not", (int() | float()) if not isinstance(value, bool):
            return "does_not_equal", values
        case (("is" | "equals"), BareDay()):
            return "on", values
        case "equals", str():
            return "is", values
        case "does_not_equal", str():
            return "is_not", values
        case "less_than", str() if _DAY.match(value):
            return "before", values
        case "greater_than", str() if _DAY.match(value):
            return "after", values
        case (("at_least" | "at_most"), str()) if near := _day_beside(value, op):
            return ("after" if op == "at_least" else "before"), (near,)
        case _:
            return op, values


def _day_beside(value: str, op: str) -> str:
    """The day before (of `>=`) or after (of `<=`); empty where the value is no day."""
    try:
        step = dt.timedelta(days=-1 if op == "at_least" else 1)
        return (parse_day(value) + step).isoformat()
    except (ValueError, OverflowError):
        return ""


def read_comparison(cursor: Cursor, name: str) -> FieldRule:
    """Reads how the value of `name` is compared, without options."""
    what = f"how {name} is compared, such as is, >=, contains, in last"
    token = cursor.peek()
    op, found = choose(cursor, FIELD, what, filter(None, EVENT))
    row = OPERATORS["field", op]
    if row.shape == "window":
        return FieldRule(name, op, window=window_of(row.windows[0], found))
    if found and isinstance(found[0], OtherField):
        return FieldRule(name, op, other=found[0].name)
    values = found[0] if row.shape == "many" else tuple(found)
    if values and (problem := _doubtful(name, op, values[0])):
        cursor.refuses(problem, token)
    op, values = resolved(op, values)
    return FieldRule(name, op, tuple(map(_plain, values)))


def _doubtful(name: str, op: str, value: Scalar) -> str:
    """Why nobody can know which of two things is meant; empty where it is clear."""
    match op, value:
        case "is_not", bool():
            no = str(not value).lower()
            return f"write “is {no}”, or “is {no} unknown included” where no value is to count too."
        case (("is_not" | "does_not_equal"), BareDay()):
            return f"write “not {name} on {value}”, which holds where there is no value too."
        case _:
            return ""


def _plain(value: Scalar) -> Scalar:
    return str(value) if isinstance(value, BareDay) else value


def read_window(cursor: Cursor) -> Window:
    """Reads in which time something happened."""
    return window_of(*choose(cursor, WINDOW, "a time, such as in last 30 days"))


def window_of(kind: str, found: list[Any]) -> Window:
    """The window of that kind from what stood in the slots of its phrase."""
    match kind, found:
        case "last", [(amount, unit)]:
            return Last(amount, unit)
        case "next", [(amount, unit)]:
            return Next(amount, unit)
        case "ago", [(least, most, unit)]:
            return Ago(least, most, unit)
        case "calendar", [Calendar() as window]:
            return window
        case "between", [start, end]:
            return Between(start, end)
        case "since", [start]:
            return Since(start)
        case "until", [end]:
            return Until(end)
        case "on", [dt.date() as day]:
            return Between(day.isoformat(), day.isoformat())
        case "before", [dt.date() as day]:
            return Until(day_moved(day, -1, "days").isoformat())
        case "after", [dt.date() as day]:
            return Since(next_day(day).isoformat())
        case _:
            raise AssertionError(kind)


def window_slots(window: Window) -> list[Any]:
    """What stands in the slots of the phrase of a window: `window_of` turned around."""
    match window:
        case Last(amount, unit) | Next(amount, unit):
            return [(amount, unit)]
        case Ago(least, most, unit):
            return [(least, most, unit)]
        case Calendar():
            return [window]
        case Between(start, end):
            return [start, end]
        case Since(day) | Until(day):
            return [day]
        case _:
            assert_never(window)
