"""A segment over time: its past and, where it is wanted, the days to come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from segbench.audience.forecast import Forecast
from segbench.audience.history import CAUSES, Cause, Flow, History, Point

SOON = 7
"""Days for which a longer forecast is summed up as well."""


@dataclass(frozen=True)
class Trend:
    """A history that ends, and a forecast that begins, at the clock of one workbench."""

    history: History
    forecast: Forecast

    @property
    def flow(self) -> Flow:
        """All that entered and left in the past, once for each step; it sums to the change."""
        return summed([point.flow for point in self.history.points])

    @property
    def causes(self) -> Mapping[Cause, Flow]:
        """The same by cause; none where the history was made without them."""
        parts = [point.causes for point in self.history.points[1:]]
        known = [cause for cause in CAUSES if parts and cause in parts[0]]
        return {cause: summed([part[cause] for part in parts]) for cause in known}

    @property
    def steepest(self) -> Point | None:
        """The point with the largest change of the count since the one before; the latest such."""
        moved = [point for point in self.history.points if point.flow.net]
        return max(moved, key=lambda point: (abs(point.flow.net), point.at), default=None)

    @property
    def soon(self) -> int:
        """How many days ahead are summed up first."""
        return min(SOON, self.forecast.days)


def summed(flows: Sequence[Flow]) -> Flow:
    """All that entered and left in several steps."""
    return Flow(sum(flow.entered for flow in flows), sum(flow.left for flow in flows))
