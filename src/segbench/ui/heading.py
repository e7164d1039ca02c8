"""The head of a figure: what it finds in bold, a remark in grey, over as many lines as they need.

It is an annotation, since plotly.js 4 moves titles of more than one line up and out of the figure.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from segbench.ui.theme import EDGE, LARGE, SMALL, Theme
from segbench.ui.wording import joined, wrapped


@dataclass(frozen=True, slots=True)
class Heading:
    """The pixels that a head takes at the top of its figure, and its annotation."""

    height: int
    text: str

    def annotation(self, left: float) -> dict[str, Any]:
        """The head, for a figure with a left margin of so many pixels."""
        return {
            "name": "heading",
            "text": self.text,
            "font": {"size": LARGE},
            "align": "left",
            "showarrow": False,
            "x": 0,
            "xref": "paper",
            "xanchor": "left",
            "xshift": EDGE - left,
            "y": 1,
            "yref": "paper",
            "yanchor": "top",
            "yshift": self.height - 8,
        }


def heading(finding: str, remark: str, theme: Theme, room: float) -> Heading:
    """The head from plain texts, to fit in `room` pixels beside the picture's own button."""
    large = wrapped(finding, room - 30, 4, LARGE, bold=True)
    small = wrapped(remark, room, 4) if remark else []
    text = f'<b style="color:{theme.ink}">{joined(large)}</b>'
    if small:
        text += f'<br><span style="font-size:{SMALL}px;color:{theme.muted}">{joined(small)}</span>'
    return Heading(20 + 20 * (len(large) + len(small)), text)


def caption(text: str, theme: Theme, **place: Any) -> dict[str, Any]:
    """A small grey line of plain text, already as wide as it may be, as an annotation."""
    return {
        "text": joined([text]),
        "font": {"size": SMALL, "color": theme.muted},
        "align": "left",
        "showarrow": False,
        "xanchor": "left",
        "yanchor": "middle",
        **place,
    }
