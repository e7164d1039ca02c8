"""Time windows: the times that rules speak of, as values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

Unit = Literal["minutes", "hours", "days", "weeks", "months", "years"]
Period = Literal["day", "week", "month", "quarter", "year"]
UNITS: tuple[Unit, ...] = ("minutes", "hours", "days", "weeks", "months", "years")
PERIODS: tuple[Period, ...] = ("day", "week", "month", "quarter", "year")
MOST_DAYS = 366_000
"""The longest rolling window: a thousand years."""

DAYS_OF: dict[Unit, float] = {
    "minutes": 1 / 1440,
    "hours": 1 / 24,
    "days": 1,
    "weeks": 7,
    "months": 30,
    "years": 365,
}
"""About how many days a unit has; exact up to weeks."""


@dataclass(frozen=True, slots=True)
class Last:
    """The last `amount` units before `as_of`: `as_of - N < t <= as_of`.

    A day is 24 hours, a week seven of them; months and years are those of the calendar.
    """

    amount: int
    unit: Unit = "days"
    kind: Literal["last"] = "last"


@dataclass(frozen=True, slots=True)
class Next:
    """The next `amount` units after `as_of`: `as_of < t <= as_of + N`."""

    amount: int
    unit: Unit = "days"
    kind: Literal["next"] = "next"


@dataclass(frozen=True, slots=True)
class Ago:
    """Between `least` and `most` units ago: `as_of - most < t <= as_of - least`."""

    least: int
    most: int
    unit: Unit = "days"
    kind: Literal["ago"] = "ago"


@dataclass(frozen=True, slots=True)
class Calendar:
    """A day, week, month, quarter or year of the local calendar, counted from the present one.

    Today is `Calendar("day")`, yesterday `Calendar("day", -1)`, next quarter
    `Calendar("quarter", 1)`. It holds its start and not the start of the one after it.
    """

    period: Period
    offset: int = 0
    kind: Literal["calendar"] = "calendar"


@dataclass(frozen=True, slots=True)
class Between:
    """From the local day `start` up to and including the local day `end` (ISO dates)."""

    start: str
    end: str
    kind: Literal["between"] = "between"


@dataclass(frozen=True, slots=True)
class Since:
    """From the local day `start` (ISO date) on."""

    start: str
    kind: Literal["since"] = "since"


@dataclass(frozen=True, slots=True)
class Until:
    """Up to and including the local day `end` (ISO date)."""

    end: str
    kind: Literal["until"] = "until"


class ByKind:
    """Tells a reader of JSON that `kind` says which value it is; used by pydantic alone."""

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        from pydantic import Field

        return handler.generate_schema(Annotated[source, Field(discriminator="kind")])


Window = Annotated[Last | Next | Ago | Calendar | Between | Since | Until, ByKind()]
