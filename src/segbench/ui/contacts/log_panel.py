"""The card with the record of edits: who, when, what, how many, by which rules, and Undo."""

from __future__ import annotations

import html
from collections.abc import Callable
from zoneinfo import ZoneInfo

import ipywidgets as widgets

from segbench.lake.edit_log import Edit
from segbench.ui.chart_links import ChartLinks
from segbench.ui.contacts.desk import Desk
from segbench.ui.contacts.table_html import act
from segbench.ui.overlap_tables import folded
from segbench.ui.panel import Message, card, guarded
from segbench.ui.views.trend_words import when
from segbench.ui.wording import number, plain

UNDO = "undo"
MOST = 20
NOTE = "Kept in the lake with each edit. Undo leaves alone what was changed again since."


class LogPanel:
    """`undo` is told which edit to take back; it was asked for twice."""

    def __init__(self, desk: Desk, undo: Callable[[int], None]) -> None:
        self.desk, self._undo = desk, undo
        self.message = Message()
        self._asked = ""
        self.words = widgets.HTML()
        self.words.add_class("sbp-words")
        links = ChartLinks(guarded(self.message, self._act), lambda _: None)
        self.box = card("Edits", [links, self.message, self.words], note=NOTE)
        self.box.add_class("sbp-linked")
        self.draw()

    def draw(self) -> None:
        """Show the latest edits."""
        workbench = self.desk.session.workbench
        edits = self.desk.session.steadily(lambda: workbench.book.edits(MOST))
        self.words.value = log_html(edits, workbench.zone)

    def _act(self, kind: str, what: str) -> None:
        if kind != UNDO or not what.isdecimal():
            return
        if self._asked != what:
            self._asked = what
            self.message.warn(f"Press Undo again to take edit {what} back.")
            return
        self._asked = ""
        self.message.clear()
        self._undo(int(what))


def log_html(edits: tuple[tuple[Edit, int | None], ...], zone: ZoneInfo) -> str:
    """The latest edits as a table."""
    if not edits:
        return "<p>No contact was ever edited here.</p>"
    heads = ("Edit", "At", "By", "What", "Contacts", "Whose", "")
    cells = "".join(f'<th scope="col">{head}</th>' for head in heads)
    rows = "".join(_row(edit, undone, zone) for edit, undone in edits)
    inner = f'<table class="sbp-table"><thead><tr>{cells}</tr></thead><tbody>{rows}</tbody></table>'
    return folded("edits", f"The latest {number(len(edits))} edits", inner)


def _row(edit: Edit, undone: int | None, zone: ZoneInfo) -> str:
    last = f'<span class="sbp-note">taken back by {undone}</span>'
    if undone is None:
        last = act(UNDO, str(edit.id), "Undo", f"Undo edit {edit.id}")
    texts = (when(edit.at, zone), edit.author or "–", edit.said)
    cells = "".join(f"<td>{html.escape(plain(text))}</td>" for text in texts)
    return (
        f'<tr><th scope="row">{edit.id}</th>{cells}'
        f'<td class="sbp-number">{number(edit.contacts)}</td>'
        f"<td>{html.escape(plain(edit.chosen or '–'))}</td><td>{last}</td></tr>"
    )
