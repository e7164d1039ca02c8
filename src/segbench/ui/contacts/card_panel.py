"""The card of one contact, and how it would come into a segment."""

from __future__ import annotations

import ipywidgets as widgets

from segbench.errors import EditError, UnknownName
from segbench.ui.chart_links import ChartLinks
from segbench.ui.contacts.card_html import (
    CLEAR,
    SET,
    TURN,
    UNTAG,
    WAY,
    WHY,
    card_html,
    ways_html,
    why_html,
)
from segbench.ui.contacts.desk import Desk
from segbench.ui.contacts.edit_controls import CLEAR_FIELD, REMOVE_TAG, SET_FIELD
from segbench.ui.contacts.edit_panel import EditPanel
from segbench.ui.panel import Message, button, card, guarded, labelled, row
from segbench.workbench.ways_in import MOST, WaysIn

NONE = "(choose)"
EMPTY = "Press a key in the table to see all that is known of that contact."


class CardPanel:
    """Shows the contact that was chosen; edits of it go through the panel of edits."""

    def __init__(self, desk: Desk, edits: EditPanel) -> None:
        self.desk, self.edits = desk, edits
        self.message = Message()
        self.key = ""
        self._page = 1
        self._ways: tuple[int, WaysIn | None] = (0, None)
        self.words, self.beside = widgets.HTML(), widgets.HTML()
        for widget in (self.words, self.beside):
            widget.add_class("sbp-words")
        self.segment = widgets.Dropdown(options=[NONE], layout=widgets.Layout(width="220px"))
        self.how = button(
            "How?", self.ask, self.message, title="How this contact would come into the segment"
        )
        self.put = row(labelled("Put into a segment", self.segment), self.how)
        links = ChartLinks(guarded(self.message, self._act), lambda _: None)
        self.box = card("Contact", [links, self.words, self.put, self.beside, self.message])
        self.box.add_class("sbp-linked")
        self.draw()

    def look(self, key: str) -> None:
        """Show the contact of that key."""
        self.key, self._page = key, 1
        self.beside.value = ""
        self.message.clear()
        self.edits.about(key)
        self.draw()

    def draw(self) -> None:
        """Show the contact as it is now; one that is gone is said so."""
        self.put.layout.display = None if self.key else "none"
        if not self.key:
            self.words.value = f'<p class="sbp-note">{EMPTY}</p>'
            return
        workbench = self.desk.session.workbench
        try:
            found, happened = self.desk.session.steadily(
                lambda: (
                    workbench.book.card(self.key),
                    workbench.book.events(self.key, self._page),
                )
            )
        except UnknownName as error:
            self.key = ""
            self.edits.about("")
            self.draw()
            self.message.warn(str(error))
            return
        self.words.value = card_html(found, happened, workbench.catalog, workbench.zone)
        options = [NONE, *found.outside, *found.inside]
        if list(self.segment.options) != options:
            before = self.segment.value
            self.segment.options = options
            self.segment.value = before if before in options else NONE

    def ask(self) -> None:
        """Say how the contact would come into the chosen segment."""
        if self.segment.value == NONE:
            raise EditError("Choose a segment first.")
        book = self.desk.session.workbench.book
        key, name = self.key, str(self.segment.value)
        found = self.desk.session.steadily(lambda: book.ways_in(key, name))
        self._ways = (self._ways[0] + 1, found)
        self.beside.value = ways_html(found, self._ways[0])

    def _act(self, act: str, what: str) -> None:
        self.message.clear()
        if act == UNTAG:
            self._propose(REMOVE_TAG, what)
        elif act == CLEAR:
            self._propose(CLEAR_FIELD, what)
        elif act == SET:
            self.edits.propose(SET_FIELD, what)
            self.message.say("Give the new value under “Edit contacts” and press Preview.")
        elif act == TURN and what.isdecimal():
            self._page = max(1, int(what[:9]))
            self.draw()
        elif act == WHY:
            self._explain(what)
        elif act == WAY:
            self._do(what)

    def _propose(self, what: str, name: str) -> None:
        self.edits.propose(what, name)
        self.message.say("“Edit contacts” says what that would do; press “Do it” there.")

    def _explain(self, segment: str) -> None:
        workbench, key = self.desk.session.workbench, self.key
        group = workbench.library.segment(segment).segment.group
        found = self.desk.session.steadily(lambda: workbench.why(key, group))
        self.beside.value = why_html(segment, found)

    def _do(self, what: str) -> None:
        """Do the way that was pressed, unless another question was asked since."""
        serial, found = self._ways
        asked, _, place = what.partition(":")
        if found is None or asked != str(serial) or place not in map(str, range(MOST)):
            raise EditError("That is an older answer; press “How?” again.")
        if int(place) >= len(found.ways):
            raise EditError("There is no such way.")
        way, book = found.ways[int(place)], self.desk.session.workbench.book
        self._ways = (serial + 1, None)
        self.beside.value = ""
        self.edits.begin(lambda: book.put_in(found.key, found.segment, way))
