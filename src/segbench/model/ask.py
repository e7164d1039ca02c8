"""The words in which a notebook writes rules: `field("country").is_any_of("DE")`, `tag`, `did`."""

from __future__ import annotations

import datetime as dt
import reprlib
from dataclasses import replace
from typing import NoReturn, cast

from segbench.model.rules import (
    EventRule,
    FieldRule,
    Params,
    PrebuiltRule,
    Scalar,
    SegmentRule,
    TagRule,
    Unknown,
    last,
    length_of_time,
)
from segbench.model.windows import Next

Value = Scalar | dt.date | dt.datetime
Texts = str | list[str] | tuple[str, ...] | set[str] | frozenset[str]
"""One text of several, or all of them as one list, as pandas' `isin` takes them."""


class FieldAsk:
    """A field waiting for its comparison; each method returns a `FieldRule`."""

    def __init__(
        self, name: str, *, match_case: bool = False, unknown: Unknown = "default"
    ) -> None:
        self._start = FieldRule(name, "", match_case=match_case, unknown=unknown)

    def _rule(self, op: str, *values: Value) -> FieldRule:
        return replace(self._start, op=op, values=tuple(_plain(value) for value in values))

    def __eq__(self, other: object) -> NoReturn:
        raise TypeError(
            f"A field is not compared with ==: write field({self._start.field!r}).equals(...) for "
            "a number, .is_any_of(...) for text, .on(...) for a date."
        )

    __hash__ = None  # type: ignore[assignment]

    def is_any_of(self, *values: Texts) -> FieldRule:
        """The text is one of the values, given one by one or as one list."""
        return self._rule("is_any_of", *_texts("is_any_of", values, "'DE', 'AT'"))

    def is_none_of(self, *values: Texts) -> FieldRule:
        """The text is none of the values; contacts without a value are in."""
        return self._rule("is_none_of", *_texts("is_none_of", values, "'DE', 'AT'"))

    def contains(self, part: str) -> FieldRule:
        """The text contains the part."""
        return self._rule("contains", part)

    def starts_with(self, part: str) -> FieldRule:
        """The text starts with the part."""
        return self._rule("starts_with", part)

    def ends_with(self, part: str) -> FieldRule:
        """The text ends with the part."""
        return self._rule("ends_with", part)

    def at_least(self, value: float) -> FieldRule:
        """The number is that or more; also written `field(...) >= value`."""
        return self._rule("at_least", value)

    def at_most(self, value: float) -> FieldRule:
        """The number is that or less; also written `field(...) <= value`."""
        return self._rule("at_most", value)

    def __ge__(self, value: float) -> FieldRule:
        return self._rule("at_least", value)

    def __le__(self, value: float) -> FieldRule:
        return self._rule("at_most", value)

    def __gt__(self, value: float) -> FieldRule:
        return self._rule("greater_than", value)

    def __lt__(self, value: float) -> FieldRule:
        return self._rule("less_than", value)

    def equals(self, value: float) -> FieldRule:
        """The number is exactly that."""
        return self._rule("equals", value)

    def between(self, low: Value, high: Value) -> FieldRule:
        """A number from low to high, or a time from the day low through the day high."""
        return self._rule("between", low, high)

    def before(self, when: Value) -> FieldRule:
        """Before that day or instant."""
        return self._rule("before", when)

    def after(self, when: Value) -> FieldRule:
        """After that day or instant."""
        return self._rule("after", when)

    def on(self, day: Value) -> FieldRule:
        """On that local day."""
        return self._rule("on", day)

    def in_last(self, **length: int) -> FieldRule:
        """In the last `days=`, `weeks=`, `hours=` or `minutes=` before `as_of`."""
        return replace(self._rule("in_last"), window=last(**length))

    def not_in_last(self, **length: int) -> FieldRule:
        """Not in the last ...; contacts without a value are in."""
        return replace(self._rule("not_in_last"), window=last(**length))

    def in_next(self, **length: int) -> FieldRule:
        """In the next `days=`, `weeks=`, `hours=` or `minutes=` after `as_of`."""
        window = last(**length)
        return replace(self._rule("in_next"), window=Next(window.amount, window.unit))

    def is_true(self) -> FieldRule:
        """The value is known and true."""
        return self._rule("is_true")

    def is_false(self) -> FieldRule:
        """The value is known and false."""
        return self._rule("is_false")

    def is_empty(self) -> FieldRule:
        """There is no value."""
        return self._rule("is_empty")

    def is_not_empty(self) -> FieldRule:
        """There is a value."""
        return self._rule("is_not_empty")


def field(name: str, *, match_case: bool = False, unknown: Unknown = "default") -> FieldAsk:
    """A field of the contact (inside `matching`, a property of the event), to be compared."""
    return FieldAsk(name, match_case=match_case, unknown=unknown)


def tag(*names: Texts) -> TagRule:
    """Has the tag, or any of several, given one by one or as one list."""
    return TagRule("has_any_of", _texts("tag", names, "'VIP', 'trial'"))


def all_tags(*names: Texts) -> TagRule:
    """Has every one of the tags, given one by one or as one list."""
    return TagRule("has_all_of", _texts("all_tags", names, "'VIP', 'trial'"))


def did(event: str) -> EventRule:
    """The event happened to the contact; narrow it with `at_least`, `within`, `matching`."""
    return EventRule(event)


def did_not(event: str) -> EventRule:
    """The event did not happen to the contact; contacts without any event are in."""
    return EventRule(event, "did_not")


def in_segment(name: str) -> SegmentRule:
    """Is in the saved segment of that name."""
    return SegmentRule(name)


def engaged(*, days: int = 30) -> PrebuiltRule:
    """Is in the pre-built segment "engaged in the last N days"."""
    return PrebuiltRule("engaged", Params(days=length_of_time("days", days)))


def _texts(call: str, given: tuple[Texts, ...], example: str) -> tuple[str, ...]:
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
    texts = cast("tuple[str, ...]", values)
    return tuple(sorted(texts)) if unordered else texts


def _plain(value: Value) -> Scalar:
    return value.isoformat() if isinstance(value, dt.date) else value
