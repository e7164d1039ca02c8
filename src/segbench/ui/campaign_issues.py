"""The issues of a review as rows, each with the button that leads to where it is mended."""

from __future__ import annotations

import functools
import html
from collections.abc import Callable

import ipywidgets as widgets

from segbench.audience.review import ReviewIssue
from segbench.ui.panel import Message, button, drop, row

SIGNS = {"error": "Must be mended", "warning": "Look at it", "note": "Note"}
MENDED_HERE = ("settings", "include", "exclude", "split")
"""The places of issues that the dashboard can lead to."""


class IssueRows:
    """Rows that are made anew only where the issues are others."""

    def __init__(self, lead: Callable[[str], None], message: Message) -> None:
        self._lead, self._message = lead, message
        self.box = widgets.VBox(layout=widgets.Layout(min_width="0"))
        self._shown: tuple[tuple[ReviewIssue, ...], str] | None = None

    def show(self, issues: tuple[ReviewIssue, ...], fine: str) -> None:
        """Show the issues, or where there are none that it is fine."""
        if (issues, fine) == self._shown:
            return
        self.close()
        self._shown = (issues, fine)
        rows = [self._row(issue) for issue in issues]
        self.box.children = rows or (widgets.HTML(f'<p class="sbp-note">{fine}</p>'),)

    def close(self) -> None:
        """Drop the rows."""
        old, self.box.children = self.box.children, ()
        for each in old:
            drop(each)

    def _row(self, issue: ReviewIssue) -> widgets.HBox:
        words = (
            f'<span class="sbp-level sbp-{issue.level}">{SIGNS[issue.level]}</span> '
            f"{html.escape(issue.message)}"
        )
        parts: list[widgets.Widget] = [widgets.HTML(words)]
        if issue.place.split(".")[0] in MENDED_HERE:
            go = functools.partial(self._lead, issue.place)
            parts.append(button("Go there", go, self._message, title=f"Mend it: {issue.message}"))
        made = row(*parts)
        made.layout.align_items = "center"
        made.add_class("sbp-issue")
        return made
