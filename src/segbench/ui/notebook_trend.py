"""The past and the days to come of a segment, for notebooks."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

from segbench.audience.forecast import Forecast
from segbench.audience.history import History, local_time
from segbench.audience.trend import Trend
from segbench.model.wording import day

if TYPE_CHECKING:
    from plotly.graph_objects import Figure


class NotebookHistory(History):
    """The size of a segment over time, as values, a table or a chart."""

    @classmethod
    def of(cls, found: History) -> NotebookHistory:
        """The history, with a chart."""
        return cls(**_parts(found))

    def plot(self) -> Figure:
        """The count over time, and who entered and left by which cause."""
        from segbench.ui.views.trend_figure import trend_figure

        ahead = Forecast(self.segment, self.points[-1:], self.zone, (), self.keys_of)
        first = day(local_time(self.points[0].at, self.zone).date())
        return trend_figure(Trend(self, ahead), f"since {first}")

    def _repr_html_(self) -> str:
        shown: str = self.to_frame().to_html(index=False, border=0, escape=True)
        return shown


class NotebookForecast(Forecast):
    """A segment over the next days if nothing happens, as values, a table or a chart."""

    @classmethod
    def of(cls, found: Forecast) -> NotebookForecast:
        """The forecast, with a chart."""
        return cls(**_parts(found))

    def plot(self) -> Figure:
        """The count of each day to come."""
        from segbench.ui.views.trend_figure import trend_figure

        now = self.points[0]
        past = History(self.segment, (now,), now.at, (), self.zone, (), self.keys_of)
        return trend_figure(Trend(past, self), "")

    def _repr_html_(self) -> str:
        shown: str = self.to_frame().to_html(index=False, border=0, escape=True)
        return shown


def _parts(found: Any) -> dict[str, Any]:
    return {part.name: getattr(found, part.name) for part in fields(found)}
