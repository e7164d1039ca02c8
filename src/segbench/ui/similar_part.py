"""The saved segments that are most like the one on screen."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence

import ipywidgets as widgets

from segbench.audience.likeness import Ranked
from segbench.ui.overlap_tables import table
from segbench.ui.panel import Message, button
from segbench.ui.state import State
from segbench.ui.wording import number, percent, plain
from segbench.workbench.regions import alike_segments
from segbench.workbench.workbench import Workbench


class SimilarPart:
    """A ranked list on demand; once it was asked for it follows the segment on screen."""

    def __init__(self, asked: Callable[[], None], message: Message) -> None:
        self.wanted = False
        self._asked = asked
        self.words = widgets.HTML()
        find = button(
            "Find similar saved segments",
            self._ask,
            message,
            title="Rank the saved segments by how much they share with the one on screen",
        )
        self.box = widgets.VBox([find, self.words], layout=widgets.Layout(margin="8px 0 0 0"))

    def show(self, workbench: Workbench, state: State) -> None:
        """Rank anew where it was asked for and the numbers are others now."""
        answer = state.answer
        if not self.wanted or answer is None:
            return
        if not answer.evaluation.nodes:
            self.words.value = _note("Add a filter to the segment on screen first.")
            return
        found = alike_segments(workbench, answer.tree, but=state.name if state.saved else "")
        self.words.value = similar_html(found)

    def _ask(self) -> None:
        self.wanted = True
        self.words.value = _note("Looking …")
        self._asked()


def similar_html(found: Sequence[Ranked]) -> str:
    """The ranked segments, each with a button that compares it."""
    if not found:
        return _note("No saved segment shares a contact with the one on screen.")
    rows = []
    for ranked in found:
        name, pair = plain(ranked.name), ranked.likeness
        safe = html.escape(ranked.name, quote=True)
        numbers = "".join(
            f'<td class="sbp-number">{text}</td>'
            for text in (percent(pair.both, pair.either), number(pair.both))
        )
        rows.append(
            f'<tr><th scope="row">{html.escape(name)}</th>{numbers}<td>'
            f'<button type="button" class="sbp-act sbp-small" data-act="compare" data-name="{safe}"'
            f' aria-label="Compare with {safe}">Compare</button></td></tr>'
        )
    return f'<div class="sbp-wide">{table(["Most alike", "Jaccard", "In both", ""], rows)}</div>'


def _note(text: str) -> str:
    return f'<p class="sbp-note">{html.escape(text)}</p>'
