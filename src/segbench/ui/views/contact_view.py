"""The view "Contact": one contact looked up, and why it is in the segment on screen or not."""

from __future__ import annotations

import html
import threading
from collections.abc import Callable, Hashable

import ipywidgets as widgets

from segbench.errors import EditError
from segbench.model.rules import Path
from segbench.ui.overlap_tables import ROW
from segbench.ui.panel import Message, button, labelled, row
from segbench.ui.picks import picked
from segbench.ui.state import Answer
from segbench.ui.theme import Mode
from segbench.ui.views.contact_tables import inspection_html, matches_html
from segbench.ui.views.key_button import LOOK
from segbench.ui.wording import plain
from segbench.workbench.inspecting import (
    MATCHES,
    example_key,
    inspect,
    look_up,
    searched_fields,
)
from segbench.workbench.workbench import Workbench

PAUSE = 0.2
"""Seconds without a key before what is typed is looked up."""
EMPTY = "Type a key, an e-mail address or a name."
LONGEST = 1_000


class ContactView:
    """What is typed decides which contact is shown, also while the segment changes.

    `changed` is told when there is something else to show; `focus` gets the path of a row that is
    to be shown in the builder.
    """

    title = "Contact"

    def __init__(self, changed: Callable[[], None], focus: Callable[[Path], None]) -> None:
        self._changed, self._focus = changed, focus
        self._text = ""
        self._request, self._answered = (0, False), 0
        self._timer: threading.Timer | None = None
        self.message = Message()
        self.input = widgets.Text(
            placeholder="Key, e-mail address or name", layout=widgets.Layout(width="320px")
        )
        self.words = widgets.HTML()
        self.words.add_class("sbp-words")
        self.box = widgets.VBox(
            [
                row(
                    labelled("Contact", self.input),
                    self._button("Somebody who is in", inside=True),
                    self._button("Somebody who is out", inside=False),
                ),
                self.message,
                self.words,
            ]
        )
        self.input.observe(lambda _: self._typed(), "value")

    def look(self, key: str) -> None:
        """Show the contact of that key."""
        self._answered = self._request[0]
        self._say(key)
        self._changed()

    def wants(self) -> Hashable:
        """What was typed, and which example was asked for last."""
        return self._text, self._request

    def find(self, workbench: Workbench, answer: Answer) -> None:
        """Look the contact up, and say how it stands in what was counted."""
        request, text = self._request, self._text
        number, inside = request
        if number > self._answered:
            key = example_key(workbench, answer.tree, inside=inside, after=text)
            if self._request != request or self.input.value[:LONGEST] != text:
                # There is a newer wish, which is drawn next.
                return
            if key is None:
                where = "in" if inside else "out of"
                self.words.value = _note(f"Nobody is {where} this segment now.")
                return
            self._answered = number
            self._say(key)
        self.words.value = self._found(workbench, answer)

    def figure(self, _mode: Mode, _width: int | None) -> None:
        """Nothing: the view is all words."""
        return

    def act(self, act: str, what: str) -> None:
        """Look a contact up, or show a row in the builder."""
        pick = picked(what)
        if act == LOOK:
            self.look(what)
        elif act == ROW and pick is not None and pick.kind == "row":
            self._focus(pick.at)
        elif act not in ("clear", "pick"):
            raise EditError(f"There is nothing to do with {what!r:.60} here.")

    def _found(self, workbench: Workbench, answer: Answer) -> str:
        text = self._text.strip()
        if not text:
            return _note(EMPTY)
        fields = searched_fields(workbench)
        labels = tuple(field.label or field.name for field in fields)
        matches = look_up(workbench, text, MATCHES + 1)
        if not matches:
            where = ", ".join(("keys", *labels))
            return _note(f"Nobody was found for “{plain(text)}”. Searched: {where}.")
        first = matches[0]
        if len(matches) > 1 and first.key not in (self._text, text):
            return matches_html(matches[:MATCHES], labels, len(matches) > MATCHES)
        found = inspect(workbench, first.key, answer.tree)
        return inspection_html(found, workbench.catalog, workbench.zone, workbench.as_of)

    def _say(self, key: str) -> None:
        """Have the key in the input, as if it had been typed."""
        self._text = key
        self.input.value = key

    def close(self) -> None:
        """Look up nothing any more."""
        if self._timer is not None:
            self._timer.cancel()

    def _typed(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        if self.input.value != self._text:
            self._timer = threading.Timer(PAUSE, self._take)
            self._timer.daemon = True
            self._timer.start()

    def _take(self) -> None:
        """What was typed stands in the place of an example that was asked for before."""
        self._answered = self._request[0]
        self._text = self.input.value[:LONGEST]
        self._changed()

    def _button(self, text: str, *, inside: bool) -> widgets.Button:
        def ask() -> None:
            if self._timer is not None:
                self._timer.cancel()
            self._text = self.input.value[:LONGEST]
            self._request = (self._request[0] + 1, inside)
            self._changed()

        title = f"Show the first such contact; pressed again, the next one ({text.split()[-1]})"
        return button(text, ask, self.message, title=title)


def _note(text: str) -> str:
    return f'<p class="sbp-note" role="status">{html.escape(text)}</p>'
