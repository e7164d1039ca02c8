"""Moments that move with the clock, as other tools name them, and comparisons with them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Literal, assert_never

from segbench.interchange.report import NoMeaning
from segbench.model.rules import FieldRule
from segbench.model.windows import Calendar, Last, Next, Period, Unit

Sign = Literal["<", "<=", ">", ">="]
FOREVER = Last(1_000, "years")


@dataclass(frozen=True, slots=True)
class FromNow:
    """So many units after the present moment; before it where the number is negative."""

    amount: int
    unit: Unit


@dataclass(frozen=True, slots=True)
class StartOf:
    """The first instant of a period, counted from the present one."""

    period: Period
    offset: int = 0


@dataclass(frozen=True, slots=True)
class EndOf:
    """The last instant of a period, counted from the present one."""

    period: Period
    offset: int = 0


Point = FromNow | StartOf | EndOf
"""A moment that moves with the clock."""


def bounded(field: str, sign: Sign, point: Point, *, of_days: bool) -> tuple[FieldRule, str]:
    """The rule that a field lies on that side of the moment, and what is not exact about it.

    `of_days` says that the field holds days, which count from their first instant.
    """
    match point:
        case StartOf():
            return _by_start(field, sign, point, of_days)
        case EndOf(period, offset):
            after = FieldRule(field, "after_period", window=Calendar(period, offset))
            exact = of_days or sign in (">", "<=")
            remark = "" if exact else "The last instant of the period counts otherwise."
            return (not_but_known(after) if sign in ("<", "<=") else after), remark
        case FromNow(0, _):
            past = FieldRule(field, "in_last", window=FOREVER)
            remark = "Times more than 1,000 years ago, and the very instant, may count otherwise."
            return (past if sign in ("<", "<=") else not_but_known(past)), remark
        case FromNow(amount, unit) if amount < 0:
            ago = FieldRule(field, "more_than_ago", window=Last(-amount, unit))
            remark = "" if sign in ("<=", ">") else "The very instant of the edge counts otherwise."
            return (ago if sign in ("<", "<=") else not_but_known(ago)), remark
        case FromNow(amount, unit):
            ahead = FieldRule(field, "more_than_ahead", window=Next(amount, unit))
            remark = "" if sign in ("<=", ">") else "The very instant of the edge counts otherwise."
            return (not_but_known(ahead) if sign in ("<", "<=") else ahead), remark
        case _:
            assert_never(point)


def _by_start(field: str, sign: Sign, point: StartOf, of_days: bool) -> tuple[FieldRule, str]:
    offset, remark = point.offset, ""
    if sign in ("<=", ">"):
        if of_days and point.period != "day":
            raise NoMeaning("The first day of a period cannot be told from the others here.")
        if of_days:
            offset += 1
        else:
            remark = "The first instant of the period counts otherwise."
    before = FieldRule(field, "before_period", window=Calendar(point.period, offset))
    return (before if sign in ("<", "<=") else not_but_known(before)), remark


def compared(field: str, sign: Sign, value: str, *, of_days: bool) -> FieldRule:
    """The rule that a field lies on that side of a fixed moment.

    That is a day where the field holds days, and else an instant: a day is its first one.
    """
    is_day = len(value) <= 10
    if of_days and not is_day:
        raise NoMeaning("This field holds days without a time.")
    if not of_days and is_day and sign in ("<=", ">"):
        value += "T00:00:00"
    op = "before" if sign in ("<", ">=") else "after"
    rule = FieldRule(field, op, (value,))
    return rule if sign in ("<", ">") else not_but_known(rule)


def not_but_known(rule: FieldRule) -> FieldRule:
    """The opposite of a rule among the contacts that have a value."""
    return replace(rule, unknown="include", negated=True)


def is_moment(value: str) -> bool:
    """Whether a text is an ISO day or instant."""
    try:
        dt.datetime.fromisoformat(value)
    except ValueError:
        return False
    return True
