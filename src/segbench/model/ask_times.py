"""The words that compare dates and times."""

from __future__ import annotations

from segbench.model.ask_words import Operand, R, Words
from segbench.model.rules import following, last
from segbench.model.values import whole_number
from segbench.model.windows import Ago, Calendar, Period, Unit


class TimeWords(Words[R]):
    """Comparisons of a date or an instant."""

    def in_last(self, **length: int) -> R:
        """In the last `days=`, `weeks=`, `months=` or other unit before `as_of`."""
        return self._rule("in_last", window=last(**length))

    def not_in_last(self, **length: int) -> R:
        """Not in the last ...; contacts without a value are in."""
        return self._rule("not_in_last", window=last(**length))

    def in_next(self, **length: int) -> R:
        """In the next `days=`, `weeks=`, `months=` or other unit after `as_of`."""
        return self._rule("in_next", window=following(**length))

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

    def before(self, when: Operand) -> R:
        """Before that day or instant."""
        return self._rule("before", when)

    def after(self, when: Operand) -> R:
        """After that day or instant."""
        return self._rule("after", when)

    def on(self, day: Operand) -> R:
        """On that local day."""
        return self._rule("on", day)

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

    def not_in_period(self, period: Period, offset: int = 0) -> R:
        """Not in that day, week, month, quarter or year; contacts without a value are in."""
        return self._rule("not_in_period", window=Calendar(period, offset))

    def before_period(self, period: Period, offset: int = 0) -> R:
        """Before that day, week, month, quarter or year."""
        return self._rule("before_period", window=Calendar(period, offset))

    def after_period(self, period: Period, offset: int = 0) -> R:
        """After that day, week, month, quarter or year."""
        return self._rule("after_period", window=Calendar(period, offset))
