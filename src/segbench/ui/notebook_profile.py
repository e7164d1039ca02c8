"""Profiles and comparisons in a notebook: values that plot themselves."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Self

from segbench.audience.profile import Profile, most_telling
from segbench.ui.views.profile_words import (
    SHOWN,
    nothing_to_tell,
    other_side,
    values_finding,
    values_remark,
    values_summary,
)
from segbench.workbench.comparing import Comparison

if TYPE_CHECKING:
    from plotly.graph_objects import Figure


@dataclass(frozen=True)
class NotebookProfile(Profile):
    """How a segment differs from all contacts, or from the segment named `other`."""

    other: str = ""

    @classmethod
    def of(cls, found: Profile, other: str) -> Self:
        """The profile against the segment of that name; all contacts where it is empty."""
        return cls(found.sides, found.fields, other)

    @property
    def text(self) -> str:
        """What tells the two sides apart, in sentences."""
        nothing = nothing_to_tell(self, self.other)
        if nothing:
            return nothing
        rows = most_telling(self, SHOWN)
        finding = values_finding(self, self.other, None).removesuffix(".")
        return f"{finding}. {values_summary(self.other, rows)}"

    def plot(self, field: str | None = None) -> Figure:
        """The most telling values, or those of a field, as a chart."""
        from segbench.ui.note_figure import note_figure
        from segbench.ui.theme import theme
        from segbench.ui.views.profile_figure import profile_figure

        nothing = nothing_to_tell(self, self.other)
        if nothing:
            return note_figure(nothing, theme("light"))
        one = self.field(field) if field is not None else None
        rows = most_telling(self, SHOWN) if one is None else [(one, each) for each in one.values]
        finding = values_finding(self, self.other, one)
        if not rows:
            return note_figure(finding, theme("light"))
        remark, other = values_remark(self, self.other), other_side(self.other)
        return profile_figure(rows, finding, remark, other, [""] * len(rows))

    def _repr_html_(self) -> str:
        return _frame_html(self.to_frame())


class NotebookComparison(Comparison):
    """Two segments beside each other, as values, a table or a chart."""

    @classmethod
    def of(cls, found: Comparison) -> Self:
        """The comparison."""
        return cls(**{part.name: getattr(found, part.name) for part in fields(found)})

    @property
    def text(self) -> str:
        """How they differ, in sentences."""
        from segbench.ui.views.compare_words import comparison_summary

        return comparison_summary(self)

    def plot(self) -> Figure:
        """The contacts of one alone, of both and of the other alone, as a chart."""
        from segbench.ui.note_figure import note_figure
        from segbench.ui.theme import theme
        from segbench.ui.views.compare_figure import compare_figure

        if self.sameness is None:
            return note_figure(self.problem, theme("light"))
        return compare_figure(self, -1)

    def _repr_html_(self) -> str:
        return _frame_html(self.to_frame())


def _frame_html(frame: Any) -> str:
    shown: str = frame.to_html(index=False, border=0, escape=True)
    return shown
