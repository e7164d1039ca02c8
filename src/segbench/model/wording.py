"""Words for names, values and windows, as sentences use them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import assert_never
from zoneinfo import ZoneInfo

from segbench.errors import SegbenchError
from segbench.model.catalog import Catalog, EventType, ValueType
from segbench.model.moments import days, instants, local_day, next_day
from segbench.model.rules import Scalar
from segbench.model.windows import Ago, Between, Calendar, Last, Next, Since, Until, Window


@dataclass(frozen=True)
class Wording:
    """What a sentence may use: labels from the catalogue, dates from `as_of` (naive UTC)."""

    catalog: Catalog | None = None
    as_of: dt.datetime | None = None
    zone: ZoneInfo | None = None
    week_start: int = 0


PLAIN = Wording()
_PERIODS = {
    ("day", -1): "yesterday",
    ("day", 0): "today",
    ("day", 1): "tomorrow",
}
# A sentence also shows windows that the check refuses: other units, periods and amounts.
_NO_DAYS = (SegbenchError, OverflowError, KeyError, TypeError, ValueError, AssertionError)


def cut(value: object) -> str:
    """Any value as Python writes it, cut to 60 characters."""
    try:
        text = repr(value)
    except (ValueError, RecursionError):
        # Python writes no whole number of thousands of digits.
        text = "a value too long to show"
    return text if len(text) <= 60 else f"{text[:59]}…"


def quoted(value: Scalar) -> str:
    """A value as a sentence shows it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        try:
            return f"{value:,}"
        except ValueError:
            return cut(value)
    return f"“{value if isinstance(value, str) else cut(value)}”"


def day(date: dt.date) -> str:
    """A date as a sentence shows it: 23 Oct 2026."""
    return f"{date.day} {date:%b} {date.year}"


def hour(value: Scalar) -> str:
    """An hour as a sentence shows it: 9:00."""
    return f"{value if isinstance(value, str) else cut(value)}:00"


def listed(
    values: tuple[Scalar, ...], several: str = "any of", most: int = 12, *, bare: bool = False
) -> str:
    """One value as it is, several with commas: the words and/or are left to the rules around."""
    shown = [value if bare and isinstance(value, str) else quoted(value) for value in values[:most]]
    if len(values) > most:
        shown.append(f"{len(values) - most:,} more")
    return f"{several} {', '.join(shown)}" if len(shown) > 1 else "".join(shown) or "…"


def padded(
    values: tuple[Scalar, ...], show: Callable[[Scalar], str] | None = None
) -> tuple[str, str]:
    """The first two values in words, an ellipsis where there is none."""
    shown = [(show or _value)(value) for value in values[:2]]
    return (shown[0] if shown else "…", shown[1] if len(shown) > 1 else "…")


def window_phrase(window: Window | None, wording: Wording, kind: ValueType | None) -> str:
    """A window in words, with its resolved edge where the clock and the type are known."""
    match window:
        case None:
            return "…"
        case Last():
            return f"in the last {length(window)}{_edge(window, wording, kind)}"
        case Next():
            return f"in the next {length(window)}{_edge(window, wording, kind)}"
        case Ago(least, most, unit):
            both = f"{_amount(least)} and {_amount(most)} {unit}"
            return f"between {both} ago{_range(window, wording, kind)}"
        case Calendar(period, offset):
            return f"{_period(period, offset)}{_range(window, wording, kind)}"
        case Between(start, end):
            return f"from {_day_text(start)} to {_day_text(end)}"
        case Since(start):
            return f"since {_day_text(start)}"
        case Until(end):
            return f"up to {_day_text(end)}"
        case _:
            assert_never(window)


def window_dates(window: Window | None, wording: Wording, kind: ValueType | None) -> str:
    """The days that a moving window means now: `since 23 Oct 2026`; empty where it has none."""
    match window:
        case Last() | Next():
            found = _edge(window, wording, kind)
        case Ago() | Calendar():
            found = _range(window, wording, kind)
        case _:
            found = ""
    return found.strip(" ()")


def length(window: Window | None, *, bare: bool = True) -> str:
    """How long a rolling window is, in words; of one unit `bare` leaves out the number."""
    if not isinstance(window, (Last, Next)):
        return "…"
    if window.amount == 1:
        return f"{'' if bare else '1 '}{str(window.unit).removesuffix('s')}"
    return f"{_amount(window.amount)} {window.unit}"


def known_field(name: str, wording: Wording) -> tuple[str, ValueType | None]:
    """What a field is called, and its type where the catalogue knows it."""
    for field in wording.catalog.fields if wording.catalog else ():
        if field.name == name:
            return field.label or name, field.type
    return name, None


def known_event(name: str, wording: Wording) -> EventType | None:
    """The event type of that name, where the catalogue knows it."""
    events = wording.catalog.events if wording.catalog else ()
    return next((event for event in events if event.name == name), None)


def known_property(name: str, event: EventType | None) -> tuple[str, ValueType | None]:
    """What a property is called, and its type where its event is known."""
    properties = event.properties if event else ()
    types = (prop.type for prop in properties if prop.name == name)
    return name.replace("_", " "), next(types, None)


def _period(period: str, offset: int) -> str:
    if (period, offset) in _PERIODS:
        return _PERIODS[period, offset]
    near = {-1: f"last {period}", 0: f"this {period}", 1: f"next {period}"}
    if offset in near:
        return near[offset]
    if type(offset) is not int:
        return f"{period} {cut(offset)}"
    return f"{period} {quoted(abs(offset))} {'after' if offset > 0 else 'before'} this one"


def _amount(value: object) -> str:
    return quoted(value) if type(value) is int else cut(value)


def _edge(window: Last | Next, wording: Wording, kind: ValueType | None) -> str:
    """The far end of a rolling window as a day; empty where the type or the clock is not known."""
    if wording.as_of is None or wording.zone is None or kind is None:
        return ""
    since = isinstance(window, Last)
    try:
        if kind == "date":
            bounds = days(window, wording.as_of, wording.zone)
            edge = bounds.low if since else bounds.high
            assert isinstance(edge, dt.date)
            # Of whole days the window leaves out the one it starts from.
            edge = next_day(edge) if since else edge
        else:
            bounds = instants(window, wording.as_of, wording.zone)
            moment = bounds.low if since else bounds.high
            assert isinstance(moment, dt.datetime)
            edge = local_day(moment, wording.zone)
    except _NO_DAYS:
        return ""
    return f" ({'since' if since else 'until'} {day(edge)})"


def _range(window: Ago | Calendar, wording: Wording, kind: ValueType | None) -> str:
    """The first and last day of a window; empty where the type or the clock is not known."""
    if wording.as_of is None or wording.zone is None or kind is None:
        return ""
    try:
        bounds = days(window, wording.as_of, wording.zone, wording.week_start)
        low, high = bounds.low, bounds.high
        assert isinstance(low, dt.date)
        assert isinstance(high, dt.date)
        # The days before the first whole one belong to it in part where there is a time of day.
        low = next_day(low) if bounds.low_open and kind == "date" else low
    except _NO_DAYS:
        return ""
    return f" ({day(low)})" if low == high else f" ({day(low)} to {day(high)})"


def _day_text(text: str) -> str:
    try:
        return day(dt.date.fromisoformat(text))
    except (ValueError, TypeError):
        return (text if isinstance(text, str) else cut(text)) or "…"


def _value(value: Scalar) -> str:
    """A single value: a date in words where it is one, else as `quoted` shows it."""
    if isinstance(value, str) and len(value) == 10 and value[4:5] == "-":
        return _day_text(value)
    return quoted(value)
