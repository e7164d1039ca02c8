"""A field, or a figure, waiting for its comparison: `field("country").is_any_of("DE")`."""

from __future__ import annotations

import datetime as dt
import reprlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Generic, NoReturn, TypeVar, cast

from segbench.model.rules import FieldRule, Scalar, Unknown, following, last
from segbench.model.values import whole_number
from segbench.model.windows import Ago, Calendar, Period, Unit, Window

R = TypeVar("R")
Value = Scalar | dt.date | dt.datetime
Operand = Any
"""A value, or `field("other")` to compare with another field."""
Number = Any
Texts = str | list[str] | tuple[str, ...] | set[str] | frozenset[str]
"""One text of several, or all of them as one list, as pandas' `isin` takes them."""


class FieldAsk(Generic[R]):
    """A field, or a figure of events, waiting for its comparison: each method returns a rule.

    Where a value is asked for, `field("other")` may stand as well.
    """

    def __init__(self, start: FieldRule, made: Callable[[FieldRule], R]) -> None:
        self._start, self._made = start, made

    def _rule(self, op: str, *values: Operand, window: Window | None = None) -> R:
        other = values[0] if len(values) == 1 else None
        if isinstance(other, FieldAsk):
            return self._made(replace(self._start, op=op, other=other._start.field))
        texts = tuple(plain(value) for value in values)
        return self._made(replace(self._start, op=op, values=texts, window=window))

    def __eq__(self, other: object) -> NoReturn:
        raise TypeError(
            f"A field is not compared with ==: write field({self._start.field!r}).equals(...) for "
            "a number, .is_any_of(...) for text, .on(...) for a date."
        )

    __hash__ = None  # type: ignore[assignment]

    def is_any_of(self, *values: Texts) -> R:
        """The text is one of the values, given one by one or as one list."""
        return self._rule("is_any_of", *texts("is_any_of", values, "'DE', 'AT'"))

    def is_none_of(self, *values: Texts) -> R:
        """The text is none of the values; contacts without a value are in."""
        return self._rule("is_none_of", *texts("is_none_of", values, "'DE', 'AT'"))

    def contains(self, part: Operand) -> R:
        """The text contains the part."""
        return self._rule("contains", part)

    def starts_with(self, part: Operand) -> R:
        """The text starts with the part."""
        return self._rule("starts_with", part)

    def ends_with(self, part: Operand) -> R:
        """The text ends with the part."""
        return self._rule("ends_with", part)

    def at_least(self, value: Number) -> R:
        """The number is that or more; also written `field(...) >= value`."""
        return self._rule("at_least", value)

    def at_most(self, value: Number) -> R:
        """The number is that or less; also written `field(...) <= value`."""
        return self._rule("at_most", value)

    def __ge__(self, value: Number) -> R:
        return self._rule("at_least", value)

    def __le__(self, value: Number) -> R:
        return self._rule("at_most", value)

    def __gt__(self, value: Number) -> R:
        return self._rule("greater_than", value)

    def __lt__(self, value: Number) -> R:
        return self._rule("less_than", value)

    def equals(self, value: Number) -> R:
        """The number is exactly that."""
        return self._rule("equals", value)

    def between(self, low: Value, high: Value) -> R:
        """A number from low to high, or a time from the day low through the day high."""
        return self._rule("between", low, high)

    def before(self, when: Operand) -> R:
        """Before that day or instant."""
        return self._rule("before", when)

    def after(self, when: Operand) -> R:
        """After that day or instant."""
        return self._rule("after", when)

    def on(self, day: Operand) -> R:
        """On that local day."""
        return self._rule("on", day)

    def in_last(self, **length: int) -> R:
        """In the last `days=`, `weeks=`, `months=` or other unit before `as_of`."""
        return self._rule("in_last", window=last(**length))

    def not_in_last(self, **length: int) -> R:
        """Not in the last ...; contacts without a value are in."""
        return self._rule("not_in_last", window=last(**length))

    def in_next(self, **length: int) -> R:
        """In the next `days=`, `weeks=`, `months=` or other unit after `as_of`."""
        return self._rule("in_next", window=following(**length))

    def is_true(self) -> R:
        """The value is known and true."""
        return self._rule("is_true")

    def is_false(self) -> R:
        """The value is known and false."""
        return self._rule("is_false")

    def is_empty(self) -> R:
        """There is no value."""
        return self._rule("is_empty")

    def is_not_empty(self) -> R:
        """There is a value."""
        return self._rule("is_not_empty")

    def is_(self, value: Operand) -> R:
        """The text is that."""
        return self._rule("is", value)

    def is_not(self, value: Operand) -> R:
        """The text is not that; contacts without a value are in."""
        return self._rule("is_not", value)

    def matches(self, pattern: str) -> R:
        """The text has a match of the RE2 pattern."""
        return self._rule("matches", pattern)

    def length_at_least(self, characters: int) -> R:
        """The text is that long or longer."""
        return self._rule("length_at_least", whole_number(characters, "give a whole number"))

    def length_at_most(self, characters: int) -> R:
        """The text is that long or shorter."""
        return self._rule("length_at_most", whole_number(characters, "give a whole number"))

    def has_any_of(self, *values: Texts) -> R:
        """The list has one of the texts, or more."""
        return self._rule("has_any_of", *texts("has_any_of", values, "'Ski', 'Tea'"))

    def has_all_of(self, *values: Texts) -> R:
        """The list has every one of the texts."""
        return self._rule("has_all_of", *texts("has_all_of", values, "'Ski', 'Tea'"))

    def has_none_of(self, *values: Texts) -> R:
        """The list has none of the texts; contacts without a list are in."""
        return self._rule("has_none_of", *texts("has_none_of", values, "'Ski', 'Tea'"))

    def in_top(self, percent: float) -> R:
        """The number is among the largest so many per cent of all contacts that have one."""
        return self._rule("in_top", percent)

    def in_bottom(self, percent: float) -> R:
        """The number is among the smallest so many per cent."""
        return self._rule("in_bottom", percent)

    def more_than_ago(self, **length: int) -> R:
        """That long ago or longer: not in the last `days=30`, and not in the future."""
        return self._rule("more_than_ago", window=last(**length))

    def more_than_ahead(self, **length: int) -> R:
        """Later than that from now."""
        return self._rule("more_than_ahead", window=following(**length))

    def between_ago(self, least: int, most: int, unit: Unit = "days") -> R:
        """At least `least` and less than `most` units ago."""
        usage = "between_ago takes two whole numbers, such as between_ago(30, 60)"
        low, high = whole_number(least, usage), whole_number(most, usage)
        return self._rule("between_ago", window=Ago(low, high, unit))

    def in_period(self, period: Period, offset: int = 0) -> R:
        """In this day, week, month, quarter or year, or in one `offset` after it (-1: before)."""
        return self._rule("in_period", window=Calendar(period, offset))

    def weekday_is(self, *days: str) -> R:
        """The day is one of the weekdays (`"monday"`, …)."""
        return self._rule("weekday_is", *days)

    def month_is(self, *months: str) -> R:
        """The day is in one of the months (`"january"`, …)."""
        return self._rule("month_is", *months)

    def hour_between(self, start: int, end: int) -> R:
        """The local time of day is from `start` to before `end`; over midnight if `end` is less."""
        return self._rule("hour_between", start, end)

    def anniversary_today(self) -> R:
        """The day of the year is today's."""
        return self._rule("anniversary_today")

    def anniversary_next(self, **length: int) -> R:
        """The day of the year comes in the next `days=`, not today."""
        return self._rule("anniversary_next", window=following(**length))

    def anniversary_last(self, **length: int) -> R:
        """The day of the year came in the last `days=`, today included."""
        return self._rule("anniversary_last", window=last(**length))


def field(
    name: str, *, match_case: bool = False, unknown: Unknown = "default"
) -> FieldAsk[FieldRule]:
    """A field of the contact (inside `matching`, a property of the event), to be compared."""
    start = FieldRule(name, "", match_case=match_case, unknown=unknown)
    return FieldAsk(start, lambda rule: rule)


def texts(call: str, given: tuple[Texts, ...], example: str) -> tuple[str, ...]:
    """Texts given one by one or as one list; `TypeError` where they are none."""
    several = given[0] if len(given) == 1 and not isinstance(given[0], str) else given
    # A set has no order, but the same question must always be the same rule.
    unordered = isinstance(several, (set, frozenset))
    values = tuple(several) if unordered or isinstance(several, (list, tuple)) else given
    for value in values:
        if not isinstance(value, str):
            raise TypeError(
                f"{call} takes texts, such as {call}({example}), or one list of them; "
                f"not {reprlib.repr(value)}."
            )
    found = cast("tuple[str, ...]", values)
    return tuple(sorted(found)) if unordered else found


def plain(value: object) -> Scalar:
    """A value as a rule holds it: dates as ISO text."""
    return value.isoformat() if isinstance(value, dt.date) else cast(Scalar, value)
