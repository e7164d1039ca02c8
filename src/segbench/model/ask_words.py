"""What all words of a comparison share: the rule that they start from, and its values."""

from __future__ import annotations

import datetime as dt
import reprlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Generic, NoReturn, TypeVar, cast

from segbench.model.rules import FieldRule, Scalar
from segbench.model.windows import Window

R = TypeVar("R")
Value = Scalar | dt.date | dt.datetime
Operand = Any
"""A value, or `field("other")` to compare with another field."""
Number = Any
Texts = str | list[str] | tuple[str, ...] | set[str] | frozenset[str]
"""One text of several, or all of them as one list, as pandas' `isin` takes them."""


class Words(Generic[R]):
    """Something that waits for its comparison."""

    def __init__(self, start: FieldRule, made: Callable[[FieldRule], R]) -> None:
        self._start, self._made = start, made

    def _rule(self, op: str, *values: Operand, window: Window | None = None) -> R:
        other = values[0] if len(values) == 1 else None
        if isinstance(other, Words):
            return self._made(replace(self._start, op=op, other=other._start.field))
        texts = tuple(plain(value) for value in values)
        return self._made(replace(self._start, op=op, values=texts, window=window))

    def __eq__(self, other: object) -> NoReturn:
        raise TypeError(
            f"A field is not compared with ==: write field({self._start.field!r}).equals(...) for "
            "a number, .is_any_of(...) for text, .on(...) for a date."
        )

    __hash__ = None  # type: ignore[assignment]


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
