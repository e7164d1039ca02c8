"""A field's numbers or days cut into parts with edges that read well, each part a rule."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from segbench.model.moments import day_moved, midnight
from segbench.model.rules import FieldRule, Group, RuleOrGroup

MOST_SINGLE = 12
"""Up to so many different numbers each is a part of its own."""
PARTS = 8
MOST_PERIODS = 12
FIRST_DAY, LAST_DAY = dt.date(2, 1, 1), dt.date(9998, 12, 31)
"""The days that a row may name: at the ends of the calendar, midnight elsewhere is beyond it."""
_EPOCH = dt.datetime(1970, 1, 1)
_STEPS = (1, 3, 12, 24, 60, 120, 240, 600, 1_200, 12_000)
"""The months that a period of days may have."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a field's values: what it is called, and the rule of who has such a value."""

    words: str
    rule: RuleOrGroup


@dataclass(frozen=True)
class Scale:
    """Parts that follow each other: part i begins at `edges[i - 1]` and ends before `edges[i]`."""

    edges: NDArray[Any]
    parts: tuple[Part, ...]

    def count(
        self, numbers: NDArray[Any], counts: NDArray[np.int64] | None = None
    ) -> NDArray[np.int64]:
        """How many of the numbers, each as often as `counts` says, lie in each part."""
        places = np.searchsorted(self.edges, numbers, side="right")
        if counts is None:
            return np.bincount(places, minlength=len(self.parts))
        found = np.zeros(len(self.parts), np.int64)
        np.add.at(found, places, counts)
        return found


def number_scale(field: str, numbers: NDArray[Any], counts: NDArray[np.int64]) -> Scale:
    """Parts of about as many contacts each, from all numbers of a field and how often each is.

    Every number is a part of its own where they are few. Numbers are ascending and known.
    """
    if len(numbers) <= MOST_SINGLE and np.all(np.isfinite(numbers)):
        return _singles(field, numbers)
    edges = _round_edges(numbers, counts)
    finite = numbers[np.isfinite(numbers)]
    if np.all(finite == np.round(finite)) and all(edge == round(edge) for edge in edges):
        parts = _whole_parts(field, [int(edge) for edge in edges])
    else:
        parts = _parts(field, edges)
    return Scale(np.array(edges, dtype=numbers.dtype), tuple(parts))


def date_scale(field: str, early: dt.date, late: dt.date, zone: ZoneInfo | None) -> Scale:
    """Parts of whole months or years from an early to a late day, and what lies around them.

    With a zone the edges are moments in microseconds since 1970, else days since 1970. Days before
    `FIRST_DAY` and after `LAST_DAY`, which often stand for never, lie around them.
    """
    early, late = (min(max(day, FIRST_DAY), LAST_DAY) for day in (early, late))
    months = next(step for step in _STEPS if _periods(early, late, step) <= MOST_PERIODS)
    starts = [_start(early, months)]
    last = _start(LAST_DAY, months)
    while starts[-1] <= late and starts[-1] < last:
        starts.append(_start(day_moved(starts[-1], months, "months"), months))
    parts = [Part(f"before {_begin(starts[0], months)}", _compared(field, "before", starts[0]))]
    for start, end in pairwise(starts):
        until = end - dt.timedelta(days=1)
        rule = FieldRule(field, "between", (start.isoformat(), until.isoformat()))
        parts.append(Part(_period(start, until, months), rule))
    until = starts[-1] - dt.timedelta(days=1)
    parts.append(Part(f"{_begin(starts[-1], months)} or later", _compared(field, "after", until)))
    return Scale(np.array([_place(start, zone) for start in starts], np.int64), tuple(parts))


def place_of(day: dt.date) -> int:
    """A day as days since 1970."""
    return (day - _EPOCH.date()).days


def _singles(field: str, numbers: NDArray[Any]) -> Scale:
    plain = [number.item() for number in numbers]
    parts = [Part(_text(number), FieldRule(field, "equals", (number,))) for number in plain]
    below = Part(f"below {_text(plain[0])}", FieldRule(field, "less_than", (plain[0],)))
    return Scale(numbers, (below, *parts))


def _round_edges(numbers: NDArray[Any], counts: NDArray[np.int64]) -> list[float]:
    """Round numbers near the quantiles, above the smallest number and up to the largest."""
    below = np.cumsum(counts)
    quantiles = [_quantile(numbers, below, part / PARTS) for part in range(1, PARTS)]
    width = _quantile(numbers, below, 0.95) - _quantile(numbers, below, 0.05)
    step = _round_step(width / (2 * PARTS)) if width else _round_step(abs(quantiles[0]) or 1)
    if np.all(numbers == np.round(numbers)):
        step = max(step, Decimal(1))
    rounded = {float(round(Decimal(q) / step) * step) for q in quantiles if math.isfinite(q)}
    found = sorted(edge for edge in rounded if numbers[0] < edge <= numbers[-1])
    return found or [numbers[len(numbers) // 2].item()]


def _quantile(numbers: NDArray[Any], below: NDArray[np.int64], share: float) -> float:
    place = int(np.searchsorted(below, share * below[-1]))
    return float(numbers[min(place, len(numbers) - 1)])


def _round_step(width: float) -> Decimal:
    """The largest of 1, 2 and 5 times a power of ten that is not above the width."""
    if not math.isfinite(width):
        return Decimal(1)
    power = Decimal(10) ** math.floor(math.log10(width))
    return max(unit * power for unit in (1, 2, 5) if unit * power <= Decimal(width)) or power


def _whole_parts(field: str, edges: list[int]) -> list[Part]:
    parts = [Part(f"up to {edges[0] - 1:,}", FieldRule(field, "at_most", (edges[0] - 1,)))]
    for low, end in pairwise(edges):
        high = end - 1
        words = f"{low:,}" if low == high else f"{low:,} to {high:,}"
        parts.append(Part(words, FieldRule(field, "between", (low, high))))
    return [*parts, Part(f"{edges[-1]:,} or more", FieldRule(field, "at_least", (edges[-1],)))]


def _parts(field: str, edges: list[float]) -> list[Part]:
    texts = [_text(edge) for edge in edges]
    parts = [Part(f"below {texts[0]}", FieldRule(field, "less_than", (edges[0],)))]
    for at in range(len(edges) - 1):
        low = FieldRule(field, "at_least", (edges[at],))
        high = FieldRule(field, "less_than", (edges[at + 1],))
        parts.append(Part(f"{texts[at]} to below {texts[at + 1]}", Group(rules=(low, high))))
    return [*parts, Part(f"{texts[-1]} or more", FieldRule(field, "at_least", (edges[-1],)))]


def _text(number: float) -> str:
    whole = math.isfinite(number) and number == round(number) and abs(number) < 1e15
    return f"{int(number):,}" if whole else f"{number:,.10g}"


def _compared(field: str, op: str, day: dt.date) -> FieldRule:
    return FieldRule(field, op, (day.isoformat(),))


def _place(day: dt.date, zone: ZoneInfo | None) -> int:
    if zone is None:
        return place_of(day)
    return (midnight(day, zone) - _EPOCH) // dt.timedelta(microseconds=1)


def _start(day: dt.date, months: int) -> dt.date:
    """The first day of the period that a day lies in."""
    year, month = divmod((day.year * 12 + day.month - 1) // months * months, 12)
    return max(dt.date(max(year, 1), month + 1, 1), FIRST_DAY)


def _periods(early: dt.date, late: dt.date, months: int) -> int:
    ends = [(day.year * 12 + day.month - 1) // months for day in (early, late)]
    return ends[1] - ends[0] + 1


def _begin(start: dt.date, months: int) -> str:
    return f"{start:%b} {start.year}" if months < 12 else str(start.year)


def _period(start: dt.date, until: dt.date, months: int) -> str:
    if months == 1:
        return f"{start:%b} {start.year}"
    if months < 12:
        return f"{start:%b} to {until:%b} {until.year}"
    return str(start.year) if months == 12 else f"{start.year} to {until.year}"
