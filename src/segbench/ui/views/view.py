"""What the card "Explore" asks of each of its views."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Protocol, runtime_checkable

import ipywidgets as widgets
import plotly.graph_objects as go

from segbench.ui.state import Answer
from segbench.ui.theme import Mode
from segbench.workbench.workbench import Workbench


class View(Protocol):
    """One way to look closer at the segment on screen.

    The card calls all of it but `act` on a thread of its own, and only while the view is open.
    """

    title: str
    box: widgets.Widget
    """Its controls, its words and its tables; they stand under the chart."""

    def wants(self) -> Hashable:
        """All that it shows depends on, beside the segment, the data and the width."""
        ...

    def find(self, workbench: Workbench, answer: Answer) -> None:
        """Look at the segment that was counted, and write the words.

        It may be asked again where the data moved on meanwhile. A `SegbenchError` is shown in the
        place of the view.
        """
        ...

    def figure(self, mode: Mode, width: int | None) -> go.Figure | None:
        """The chart of what was found, made with `framed`; None where there is nothing to draw."""
        ...

    def act(self, act: str, what: str) -> None:
        """Do what was clicked in its chart or tables; both are untrusted texts."""
        ...


@runtime_checkable
class Closes(Protocol):
    """A view with work of its own under way, which ends with the card."""

    def close(self) -> None:
        """Stop it."""
        ...
