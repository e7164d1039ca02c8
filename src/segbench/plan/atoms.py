"""Atoms: positive, absolute, hashable questions. Each is false wherever there is no value."""

from __future__ import annotations

import datetime as dt
import unicodedata
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Literal

from segbench.model.catalog import BLANKS, ValueType
from segbench.model.moments import Bounds
from segbench.plan.logic import Logic


@dataclass(frozen=True, slots=True)
class Known:
    """The field has a value."""

    field: str
    type: ValueType


@dataclass(frozen=True, slots=True)
class TextIs:
    """The text is one of the values, which are sorted and as `comparable` makes them."""

    field: str
    values: tuple[str, ...]
    match_case: bool = False


@dataclass(frozen=True, slots=True)
class TextHas:
    """The text contains, starts or ends with the part, which is as `comparable` makes it."""

    field: str
    where: Literal["anywhere", "start", "end"]
    part: str
    match_case: bool = False


@dataclass(frozen=True, slots=True)
class TextMatches:
    """The trimmed text has a match of the RE2 pattern; `.` matches line ends too."""

    field: str
    pattern: str
    match_case: bool = False


@dataclass(frozen=True, slots=True)
class TextLength:
    """How many characters (code points) the trimmed text has lies within the bounds."""

    field: str
    bounds: Bounds


@dataclass(frozen=True, slots=True)
class ItemIs:
    """Some item of the list is one of the values, compared as `TextIs` does."""

    field: str
    values: tuple[str, ...]
    match_case: bool = False


@dataclass(frozen=True, slots=True)
class ItemHas:
    """Some item of the list contains the part."""

    field: str
    part: str
    match_case: bool = False


@dataclass(frozen=True, slots=True)
class Items:
    """How many items the list has, blank ones not counted, lies within the bounds; never 0."""

    field: str
    bounds: Bounds


@dataclass(frozen=True, slots=True)
class Within:
    """The number, date or instant lies within the bounds."""

    field: str
    type: Literal["number", "date", "datetime"]
    bounds: Bounds


@dataclass(frozen=True, slots=True)
class PartIn:
    """A part of the date, or of the instant's local time in the zone, is one of the values.

    `weekday` is 0 (Monday) to 6, `month` 1 to 12, `hour` 0 to 23, `month_day` is
    100 * month + day. Values are sorted.
    """

    field: str
    type: Literal["date", "datetime"]
    part: Literal["weekday", "month", "hour", "month_day"]
    values: tuple[int, ...]
    zone: str


@dataclass(frozen=True, slots=True)
class Truth:
    """The boolean is that value."""

    field: str
    value: bool


@dataclass(frozen=True, slots=True)
class Compared:
    """The values of two fields are both there and stand in that relation.

    Texts compare as `TextIs` and `TextHas` do. A date and an instant, and two instants that are
    `on` the same day, compare by their local days in the zone.
    """

    field: str
    type: ValueType
    how: Literal["is", "contains", "starts", "ends", "<", "<=", ">", ">=", "=", "on"]
    other: str
    other_type: ValueType
    match_case: bool
    zone: str


ValueAtom = (
    Known
    | TextIs
    | TextHas
    | TextMatches
    | TextLength
    | ItemIs
    | ItemHas
    | Items
    | Within
    | PartIn
    | Truth
    | Compared
)
"""Atoms about one value: of a contact's field or, in an event's `where`, of a property."""


@dataclass(frozen=True, slots=True)
class InShare:
    """The number is among the largest (smallest) `share` millionths of those that have one.

    It holds where the contacts with a strictly larger (smaller) number are fewer than that share
    of all contacts that have one, so contacts with equal numbers are in or out together.
    """

    field: str
    share: int
    largest: bool


@dataclass(frozen=True, slots=True)
class HasTag:
    """The contact has one of the tags, which are sorted; with bounds, given at such a time."""

    tags: tuple[str, ...]
    bounds: Bounds | None = None


@dataclass(frozen=True, slots=True)
class Sampled:
    """The first 8 hex digits of md5(salt, unit separator, key) are `low` or more, below `high`.

    No `high` means up to the last.
    """

    salt: str
    low: str
    high: str


@dataclass(frozen=True, slots=True)
class Events:
    """Events of any of the names (sorted) whose properties are as in `where`."""

    names: tuple[str, ...]
    where: Logic[ValueAtom]


@dataclass(frozen=True, slots=True)
class After:
    """Only what happened after the contact's last of these events, none of them after `until`."""

    last: tuple[Events, ...]
    until: dt.datetime


@dataclass(frozen=True, slots=True)
class Happened:
    """The events happened at least `times` times within the bounds."""

    events: Events
    times: int
    bounds: Bounds
    after: After | None = None


Measure = Literal[
    "sum",
    "average",
    "smallest",
    "largest",
    "distinct",
    "first_value",
    "last_value",
    "share",
    "active_days",
    "active_weeks",
    "active_months",
    "first_time",
    "last_time",
]


@dataclass(frozen=True, slots=True)
class Measured:
    """A figure of the events within the bounds is as `test` (an atom about the field "") asks.

    Never true where no event has a value for it. `part` holds the conditions of a share, whose
    events are otherwise all of them. `week_start` is 0 for Monday.
    """

    events: Events
    measure: Measure
    property: str
    type: ValueType
    test: ValueAtom
    bounds: Bounds
    after: After | None
    zone: str
    week_start: int = 0
    part: Logic[ValueAtom] | None = None


@dataclass(frozen=True, slots=True)
class Sequence:
    """The steps happened within the bounds, each later than the one before.

    The last at most `within` after the first; or, with `missing`, that one did not happen after
    the last step: within `within`, which must be over by `until`, or at all up to `until`.
    """

    steps: tuple[Events, ...]
    bounds: Bounds
    within: dt.timedelta | None
    missing: Events | None
    until: dt.datetime


Atom = ValueAtom | InShare | HasTag | Sampled | Happened | Measured | Sequence

MILLION = 1_000_000
LARGEST_SUMMAND = 10**12
"""Larger numbers than this, infinite ones too, count as this much in a sum or an average."""


def fold_case(text: str) -> str:
    """Lower case by single characters, as SQL engines do: no character becomes two.

    Greek capital sigma gives `σ` wherever it stands, and `İ` gives `i`.
    """
    lower = text.lower()
    if lower.isascii():
        return lower
    return "".join(char.lower()[0] for char in text)


def trimmed(text: str) -> str:
    """Text without white space around it, in Unicode normal form C: `é` is one character."""
    return unicodedata.normalize("NFC", text.strip(BLANKS))


def comparable(text: str, match_case: bool) -> str:
    """Text as it is compared: trimmed, normalised and, unless `match_case`, folded."""
    return trimmed(text) if match_case else fold_case(trimmed(text))


def millionths(value: Any) -> int:
    """A number in whole millionths, halves away from zero; beyond ±10^12 it counts as that."""
    clipped = min(max(float(value), -float(LARGEST_SUMMAND)), float(LARGEST_SUMMAND))
    return int(Decimal(clipped * MILLION).to_integral_value(ROUND_HALF_UP))
