"""A field, or a figure, waiting for its comparison: `field("country").is_any_of("DE")`."""

from __future__ import annotations

from segbench.model.ask_texts import TextWords
from segbench.model.ask_times import TimeWords
from segbench.model.ask_words import Number, R, Value
from segbench.model.ask_words import Texts as Texts
from segbench.model.ask_words import texts as texts
from segbench.model.rules import FieldRule, Unknown


class FieldAsk(TextWords[R], TimeWords[R]):
    """A field, or a figure of events, waiting for its comparison: each method returns a rule.

    Where a value is asked for, `field("other")` may stand as well.
    """

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

    def in_top(self, percent: float) -> R:
        """The number is among the largest so many per cent of all contacts that have one."""
        return self._rule("in_top", percent)

    def in_bottom(self, percent: float) -> R:
        """The number is among the smallest so many per cent."""
        return self._rule("in_bottom", percent)

    def greater_than(self, value: Number) -> R:
        """The number is more than that; also written `field(...) > value`."""
        return self._rule("greater_than", value)

    def less_than(self, value: Number) -> R:
        """The number is less than that; also written `field(...) < value`."""
        return self._rule("less_than", value)

    def does_not_equal(self, value: Number) -> R:
        """The number is not that; contacts without a value are in."""
        return self._rule("does_not_equal", value)

    def not_between(self, low: Value, high: Value) -> R:
        """Not from low to high; contacts without a value are in."""
        return self._rule("not_between", low, high)


def field(
    name: str, *, match_case: bool = False, unknown: Unknown = "default"
) -> FieldAsk[FieldRule]:
    """A field of the contact (inside `matching`, a property of the event), to be compared."""
    start = FieldRule(name, "", match_case=match_case, unknown=unknown)
    return FieldAsk(start, lambda rule: rule)
