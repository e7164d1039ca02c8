"""Reading a phrase: its words and what stands in its slots."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from segbench.model.moments import parse_day
from segbench.model.operators import MONTHS, WEEKDAYS
from segbench.model.text_form.cursor import TEXT, VALUE, Cursor, Missed
from segbench.model.text_form.phrases import Phrase, Phrases
from segbench.model.text_form.tokens import BareDay
from segbench.model.values import Scalar
from segbench.model.windows import PERIODS, UNITS, Calendar, Unit

_NEAR_DAYS = {"yesterday": -1, "today": 0, "tomorrow": 1}
_NEAR_PERIODS = {"last": -1, "this": 0, "next": 1}
NEAR_WORDS = frozenset((*_NEAR_DAYS, *_NEAR_PERIODS, *PERIODS))
"""The words that a period may start with."""
_TRUTHS = {"true": True, "false": False}
_UNITS: dict[str, Unit] = {word: unit for unit in UNITS for word in (unit, unit.removesuffix("s"))}


@dataclass(frozen=True, slots=True)
class OtherField:
    """Another field in the place of a value."""

    name: str


def choose(
    cursor: Cursor, phrases: Phrases, what: str, words: Iterable[str] = ()
) -> tuple[str, list[Any]]:
    """Reads the first phrase that fits: its key, and what stood in its slots.

    Where none fits, `Missed` says what the one that came furthest expected; `what` says it where
    none came anywhere, and `words` are then near names too.
    """
    start = cursor.place
    missed: list[Missed] = []
    first = cursor.peek().word
    for phrase in (*(phrases.get(first, ()) if first else ()), *phrases.get("", ())):
        try:
            return phrase.key, _slots(cursor, phrase)
        except Missed as miss:
            missed.append(miss)
            cursor.place = start
    furthest = max((miss.place for miss in missed), default=start)
    if furthest == start:
        cursor.misses(what, words=(*filter(None, phrases), *words))
    ends = [miss for miss in missed if miss.place == furthest]
    expected = tuple(each for miss in ends for each in miss.expected)
    raise Missed(furthest, expected, (word for miss in ends for word in miss.words))


def _slots(cursor: Cursor, phrase: Phrase) -> list[Any]:
    found = []
    for part in phrase.parts:
        if part.startswith("{"):
            found.append(SLOTS[part[1:-1]](cursor))
        else:
            cursor.needs(part)
    return found


def read_scalar(cursor: Cursor) -> Scalar:
    """Reads a text, a number, `true` or `false`."""
    if cursor.peek().word in _TRUTHS:
        return _TRUTHS[cursor.take().word]
    found: Scalar = cursor.of_kind(("text", "number"), VALUE)
    return str(found) if isinstance(found, BareDay) else found


def read_text(cursor: Cursor) -> str:
    """Reads a text in quotes."""
    return str(cursor.of_kind(("text",), TEXT))


def read_whole(cursor: Cursor) -> int:
    """Reads a whole number."""
    if not isinstance(cursor.peek().value, int) or cursor.peek().kind != "number":
        cursor.misses("a whole number")
    return int(cursor.take().value)


def read_length(cursor: Cursor) -> tuple[int, Unit]:
    """Reads a length of time, such as `30 days`."""
    word = cursor.peek().word
    if word in PERIODS and cursor.peek(-2).word == "the":
        near = "next" if cursor.peek(-1).word == "next" else "last"
        cursor.refuses(
            f"this can mean a length of time or a calendar {word}: "
            f"write “in {near} 1 {word}” or “in {near} {word}”."
        )
    return read_whole(cursor), _unit(cursor)


def read_list(cursor: Cursor, item: Callable[[Cursor], Any] = read_scalar) -> tuple[Any, ...]:
    """Reads values in brackets, separated by commas."""
    cursor.needs("(")
    found: list[Any] = []
    while not cursor.accepts(")"):
        if found:
            cursor.needs(",")
            if cursor.accepts(")"):
                break
        found.append(item(cursor))
    return tuple(found)


def _value(cursor: Cursor) -> Scalar | OtherField:
    if cursor.accepts("field"):
        return OtherField(cursor.name("the name of the other field"))
    day = cursor.peek().value
    value = read_scalar(cursor)
    return day if isinstance(day, BareDay) else value


def _day(cursor: Cursor) -> dt.date:
    if cursor.peek().kind == "text":
        with contextlib.suppress(ValueError):
            day = parse_day(cursor.peek().value)
            if dt.date.min < day < dt.date.max:
                cursor.take()
                return day
    cursor.misses("a day such as 2026-10-23")


def _unit(cursor: Cursor) -> Unit:
    found = _UNITS.get(cursor.peek().word)
    if found is None:
        cursor.misses("a unit of time, such as days", words=UNITS)
    cursor.take()
    return found


def _lengths(cursor: Cursor) -> tuple[int, int, Unit]:
    least = read_whole(cursor)
    cursor.needs("and")
    return least, read_whole(cursor), _unit(cursor)


def _period(cursor: Cursor) -> Calendar:
    word = cursor.peek().word
    if word in _NEAR_DAYS:
        cursor.take()
        return Calendar("day", _NEAR_DAYS[word])
    near = _NEAR_PERIODS.get(word)
    if near is not None:
        cursor.take()
    for period in PERIODS:
        if cursor.accepts(period):
            return Calendar(period, read_whole(cursor) if near is None else near)
    known = (*_NEAR_DAYS, *_NEAR_PERIODS, *PERIODS) if near is None else PERIODS
    cursor.misses("a period, such as today, this week or month -2", words=known)


def _times(cursor: Cursor) -> int:
    for word, count in (("once", 1), ("twice", 2)):
        if cursor.accepts(word):
            return count
    count = read_whole(cursor)
    if not cursor.accepts("time"):
        cursor.needs("times")
    return count


def _percent(cursor: Cursor) -> Scalar:
    value = read_scalar(cursor)
    cursor.accepts("%")
    return value


def _known(names: tuple[str, ...]) -> Callable[[Cursor], Scalar]:
    def read(cursor: Cursor) -> Scalar:
        token = cursor.peek()
        if token.word in names:
            return str(cursor.take().word)
        if token.kind == "word" and token.word not in _TRUTHS:
            cursor.misses(f"a name such as {names[0]}", words=names)
        return read_scalar(cursor)

    return read


_weekday, _month = _known(WEEKDAYS), _known(MONTHS)
SLOTS: dict[str, Callable[[Cursor], Any]] = {
    "value": _value,
    "scalar": read_scalar,
    "text": read_text,
    "day": _day,
    "number": read_whole,
    "list": read_list,
    "texts": lambda cursor: read_list(cursor, read_text),
    "weekday": lambda cursor: (_weekday(cursor),),
    "weekdays": lambda cursor: read_list(cursor, _weekday),
    "month": lambda cursor: (_month(cursor),),
    "months": lambda cursor: read_list(cursor, _month),
    "percent": _percent,
    "length": read_length,
    "lengths": _lengths,
    "period": _period,
    "times": _times,
}
"""How each slot is read."""
