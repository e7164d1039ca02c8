"""Who will leave a segment and who will enter it if nothing happens."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import numpy as np

from segbench.audience.history import LISTED, Flow, KeysOf, Numbers, Point, Step, local_time
from segbench.errors import RuleError

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Turn:
    """A contact that enters or leaves, and the first point (naive UTC) at which it has."""

    key: str
    at: dt.datetime


@dataclass(frozen=True)
class Forecast:
    """A segment over the next days if nothing happens: no new event, no field or tag changed.

    `points` are now and the end of each of the next `days` days of 24 hours; `steps` are between
    them. What is known to come, such as an anniversary or an event dated ahead, does come.
    """

    segment: str
    points: tuple[Point, ...]
    zone: ZoneInfo
    steps: tuple[Step, ...] = field(repr=False)
    keys_of: KeysOf = field(repr=False, compare=False)

    @property
    def days(self) -> int:
        """How many days it reaches."""
        return len(self.steps)

    def after(self, days: int) -> Flow:
        """How many more are in after so many days than now, and how many of now are not."""
        entered, left = self._moved(days)
        return Flow(len(entered), len(left))

    def leaving(self, days: int | None = None, *, limit: int = LISTED) -> tuple[Turn, ...]:
        """Who is in now and not after so many days (by default all), in the order of leaving.

        The first `limit`; who leaves at the same point stands in the order of the lake.
        """
        return self._turns(self._moved(days)[1], limit)

    def entering(self, days: int | None = None, *, limit: int = LISTED) -> tuple[Turn, ...]:
        """Who is not in now, but after so many days; see `leaving`."""
        return self._turns(self._moved(days)[0], limit)

    def rows(self) -> list[dict[str, Any]]:
        """One row a point: `at` (local time), `day` (0 is now), `count`, `entered` and `left`."""
        return [
            {
                "at": local_time(point.at, self.zone),
                "day": day,
                "count": point.count,
                "entered": point.flow.entered,
                "left": point.flow.left,
            }
            for day, point in enumerate(self.points)
        ]

    def to_frame(self) -> pd.DataFrame:
        """The rows as a DataFrame."""
        import pandas as pd

        return pd.DataFrame(self.rows())

    def _moved(self, days: int | None) -> tuple[dict[int, int], dict[int, int]]:
        """Who entered and who left by then for good, each with the number of the day."""
        reach = self.days if days is None else days
        if not 0 <= reach <= self.days:
            raise RuleError(f"This forecast reaches 0 to {self.days} days ahead, not {days}.")
        entered: dict[int, int] = {}
        left: dict[int, int] = {}
        for day, step in enumerate(self.steps[:reach], 1):
            _pass(step.moved.entered, left, entered, day)
            _pass(step.moved.left, entered, left, day)
        return entered, left

    def _turns(self, moved: dict[int, int], limit: int) -> tuple[Turn, ...]:
        first = sorted((day, number) for number, day in moved.items())[: max(0, limit)]
        keys = self.keys_of(np.array([number for _, number in first], np.int64))
        return tuple(
            Turn(key, self.points[day].at) for key, (day, _) in zip(keys, first, strict=True)
        )


def _pass(moved: Numbers, undone: dict[int, int], done: dict[int, int], day: int) -> None:
    """Who turns back is where it is now; who turns is noted with the day."""
    for number in moved.tolist():
        if undone.pop(number, None) is None:
            done[number] = day
