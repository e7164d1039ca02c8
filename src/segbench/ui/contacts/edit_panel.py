"""The card that edits contacts: a preview, the edit with its progress, and its undo."""

from __future__ import annotations

import html
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor

import ipywidgets as widgets

from segbench.errors import EditError
from segbench.ui.contacts.desk import Desk
from segbench.ui.contacts.edit_controls import SET_FIELD, EditControls
from segbench.ui.panel import Message, button, card, guarded, row
from segbench.ui.wording import contacts, plain
from segbench.workbench.contact_edits import Made, Preview
from segbench.workbench.edit_words import effect_words, preview_words

NOTE = "Preview first: it says how many would change, and which segments would grow or shrink."


class EditPanel:
    """`done` is told after each edit, when the workbench has its data already."""

    def __init__(self, desk: Desk, done: Callable[[Made], None]) -> None:
        self.desk, self._done = desk, done
        self.message = Message()
        self.preview: Preview | None = None
        self.last: int | None = None
        self._previewed: Hashable = None
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="segbench-edit")
        self.question, self.progress = widgets.HTML(), widgets.HTML()
        self.look = button("Preview", self.ask, self.message)
        self.do = button("Do it", self.make, self.message, primary=True)
        self.undo = button("Undo the last edit", self._undo_last, self.message)
        self.do.disabled = self.undo.disabled = True
        self.controls = EditControls(desk, guarded(self.message, lambda _: self.withdraw()))
        self.box = card(
            "Edit contacts",
            [
                row(*self.controls.widgets, self.look, self.do, self.undo),
                self.question,
                self.progress,
                self.message,
            ],
            note=NOTE,
        )
        desk.listen(self.refresh)
        desk.session.listen(lambda _: self.refresh())

    def refresh(self) -> None:
        """Follow the data, the list and the selection.

        What was previewed is forgotten where it would be something else now.
        """
        self.controls.refresh()
        if self.preview is not None and self._previewed != self.controls.subject():
            self.withdraw()

    def about(self, key: str) -> None:
        """Offer the contact of that key, which the card shows; "" for none."""
        self.controls.key = key
        self.refresh()

    def propose(self, what: str, name: str) -> None:
        """Preview an edit of the contact that the card shows; a new value is to be typed first."""
        self.controls.set(what, name)
        if what != SET_FIELD:
            self.ask()

    def withdraw(self) -> None:
        """Forget what was previewed, since something of it changed."""
        self.preview = None
        self.do.disabled = True
        self.question.value = ""

    def ask(self) -> None:
        """Say what the edit would do."""
        self.withdraw()
        self.message.clear()
        session = self.desk.session
        with session.standstill:
            change, whom = self.controls.change(), self.controls.whom()
            preview = session.workbench.book.preview(whom, **change)
            self._previewed, self.preview = self.controls.subject(), preview
        words = html.escape(preview_words(preview))
        self.question.value = f'<p class="sbp-question" role="status">{words}</p>'
        self.do.disabled = not preview.would_change

    def make(self) -> None:
        """Do what was previewed, on a thread of its own."""
        preview = self.preview
        if preview is None or self._previewed != self.controls.subject():
            self.withdraw()
            raise EditError("Preview the edit first.")
        book = self.desk.session.workbench.book
        self.begin(lambda: book.edit(preview, self._tell))

    def take_back(self, edit: int) -> None:
        """Take an edit back, on a thread of its own."""
        book = self.desk.session.workbench.book
        self.begin(lambda: book.undo(edit, self._tell))

    def begin(self, make: Callable[[], Made]) -> None:
        """Have an edit made on the panel's thread, after those that are waiting."""
        self.withdraw()
        self.message.clear()
        self._tell("Waiting for the edit before")
        self._busy(True)
        self._worker.submit(guarded(self.message, lambda: self._make(make)))

    def wait(self) -> None:
        """Return once every edit is made; for scripts and tests."""
        self._worker.submit(lambda: None).result()

    def close(self) -> None:
        """Take no more edits; one that is being made is finished."""
        self._worker.shutdown(wait=False)

    def _make(self, make: Callable[[], Made]) -> None:
        """On the panel's thread: nobody moves the workbench on while the edit is made."""
        try:
            with self.desk.session.standstill:
                made = make()
            self.last = made.edit if made.edit is not None else self.last
        finally:
            self.progress.value = ""
            self._busy(False)
        self._done(made)
        self.message.say(_said(made))

    def _undo_last(self) -> None:
        if self.last is not None:
            self.take_back(self.last)

    def _busy(self, on: bool) -> None:
        self.look.disabled = on
        self.undo.disabled = on or self.last is None

    def _tell(self, text: str) -> None:
        self.progress.value = (
            f'<div class="sbp-message" role="status">{html.escape(text)} '
            f'<progress aria-label="{html.escape(text)}"></progress></div>'
        )


def _said(made: Made) -> str:
    if made.edit is None:
        return made.said
    parts = [f"Edit {made.edit}: {plain(made.said)}."]
    if made.left:
        parts.append(f"{contacts(made.left)} left alone: changed again since.")
    return " ".join([*parts, *map(effect_words, made.effects)])
