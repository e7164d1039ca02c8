"""The size of a segment over time, and why it changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from segbench.errors import RuleError

if TYPE_CHECKING:
    import pandas as pd

Cause = Literal["clock", "data", "rules"]
CAUSES: tuple[Cause, ...] = ("clock", "data", "rules")
"""In the order in which they are taken to act within one step."""
LISTED = 1_000
Numbers = NDArray[np.int64]
KeysOf = Callable[[Numbers], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Flow:
    """How many contacts entered and left."""

    entered: int = 0
    left: int = 0

    @property
    def net(self) -> int:
        """By how much the count changed."""
        return self.entered - self.left


@dataclass(frozen=True, slots=True)
class Point:
    """The segment at a moment (naive UTC), and what happened since the point before.

    `flow` compares the two points. `causes` has a part for each cause: their nets sum to the
    flow's net exactly, but a contact that enters by one cause and leaves by another within the
    step is in both parts and not in `flow`. Empty at the first point, and where not asked for.
    """

    at: dt.datetime
    count: int
    flow: Flow = Flow()
    causes: Mapping[Cause, Flow] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Moved:
    """The numbers of the contacts that entered and left."""

    entered: Numbers
    left: Numbers

    @property
    def flow(self) -> Flow:
        """How many they are."""
        return Flow(len(self.entered), len(self.left))


@dataclass(frozen=True, slots=True)
class Step:
    """What happened between two points: altogether, and by each cause."""

    moved: Moved
    causes: Mapping[Cause, Moved] = field(default_factory=dict)


@dataclass(frozen=True)
class History:
    """A segment over time; iterate `points`, or take `to_frame()`.

    `begins` is when the first snapshot with contacts was committed (naive UTC): earlier points
    take its fields, tags and contacts. `notes` say in words what that means for these rules.
    """

    segment: str
    points: tuple[Point, ...]
    begins: dt.datetime
    notes: tuple[str, ...]
    zone: ZoneInfo
    steps: tuple[Step, ...] = field(repr=False)
    keys_of: KeysOf = field(repr=False, compare=False)

    def entered(
        self, point: Point | int, cause: Cause | None = None, *, limit: int = LISTED
    ) -> tuple[str, ...]:
        """The keys of contacts that entered between the point before and this one.

        With `cause`, by that cause. In the order of the lake, the first `limit`.
        """
        return self.keys_of(self._moved(point, cause).entered[: max(0, limit)])

    def left(
        self, point: Point | int, cause: Cause | None = None, *, limit: int = LISTED
    ) -> tuple[str, ...]:
        """The keys of contacts that left, as `entered` gives them."""
        return self.keys_of(self._moved(point, cause).left[: max(0, limit)])

    def rows(self) -> list[dict[str, Any]]:
        """One row a point: `at` (local time), `count`, `entered`, `left`, and these two by cause.

        The columns by cause are `clock_entered`, `clock_left`, `data_entered` and so on.
        """
        causes = self.steps[0].causes if self.steps else CAUSES
        return [
            {
                "at": local_time(point.at, self.zone),
                "count": point.count,
                "entered": point.flow.entered,
                "left": point.flow.left,
                **{
                    f"{cause}_{way}": getattr(point.causes.get(cause, Flow()), way)
                    for cause in causes
                    for way in ("entered", "left")
                },
            }
            for point in self.points
        ]

    def to_frame(self) -> pd.DataFrame:
        """The rows as a DataFrame."""
        import pandas as pd

        return pd.DataFrame(self.rows())

    def _moved(self, point: Point | int, cause: Cause | None) -> Moved:
        place = self._place(point)
        if not place:
            nobody = np.empty(0, np.int64)
            return Moved(nobody, nobody)
        step = self.steps[place - 1]
        if cause is None:
            return step.moved
        if cause not in step.causes:
            known = " or ".join(map(repr, step.causes)) or "none: it was made without them"
            raise RuleError(f"This history has no cause {cause!r}; it has {known}.")
        return step.causes[cause]

    def _place(self, point: Point | int) -> int:
        try:
            if isinstance(point, Point):
                return self.points.index(point)
            return range(len(self.points))[point]
        except (ValueError, IndexError):
            most = len(self.points) - 1
            raise RuleError(f"This history has no such point; it has points 0 to {most}.") from None


@dataclass(frozen=True, slots=True)
class Passage:
    """A contact enters or leaves a segment, at a moment (naive UTC) and by a cause."""

    at: dt.datetime
    entered: bool
    cause: Cause


@dataclass(frozen=True)
class Timeline:
    """One contact and one segment over time.

    `held` says whether the contact was in at `since`; each passage turns that round. Moments are
    exact to a second. `notes` are as in `History`.
    """

    key: str
    segment: str
    since: dt.datetime
    until: dt.datetime
    held: bool
    passages: tuple[Passage, ...]
    notes: tuple[str, ...]

    def held_at(self, moment: dt.datetime) -> bool:
        """Whether the contact was in at a moment (naive UTC) of this span."""
        if not self.since <= moment <= self.until:
            raise RuleError(f"This timeline is from {self.since} to {self.until} (UTC).")
        past = [passage for passage in self.passages if passage.at <= moment]
        return past[-1].entered if past else self.held


def local_time(at: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """A naive UTC instant as an aware local one."""
    return at.replace(tzinfo=dt.UTC).astimezone(zone)
