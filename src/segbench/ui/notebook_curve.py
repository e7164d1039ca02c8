"""What a segment would hold with other numbers in its rows, for notebooks."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

from segbench.audience.curve import Curve

if TYPE_CHECKING:
    from plotly.graph_objects import Figure


class NotebookCurve(Curve):
    """What a segment would hold with other numbers, as values, a table or a chart."""

    @classmethod
    def of(cls, found: Curve) -> NotebookCurve:
        """The curve, with a chart."""
        return cls(**{part.name: getattr(found, part.name) for part in fields(found)})

    def plot(self) -> Figure:
        """The chart, with the present number marked."""
        from segbench.ui.views.sensitivity_figure import curve_figure

        return curve_figure(self)

    def _repr_html_(self) -> str:
        shown: str = self.to_frame().to_html(index=False, border=0, escape=True)
        return shown
