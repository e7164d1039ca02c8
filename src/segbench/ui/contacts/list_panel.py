"""The card that opens and saves smart lists, and turns them into segments and back."""

from __future__ import annotations

import html
from collections.abc import Callable

import ipywidgets as widgets

from segbench.errors import RuleError
from segbench.model.smart_list import SmartList
from segbench.ui.contacts.desk import UNNAMED, Desk
from segbench.ui.panel import Message, button, card, labelled, row

NONE = "(choose)"
NOTE = "A smart list manages contacts; a segment chooses recipients and is rules only."


class ListPanel:
    """Saved smart lists; `changed` is told when a segment was saved."""

    def __init__(self, desk: Desk, changed: Callable[[], None]) -> None:
        self.desk, self._changed = desk, changed
        self.message = Message()
        wide = widgets.Layout(width="260px")
        self.choice = widgets.Dropdown(options=[NONE], layout=wide)
        self.name = widgets.Text(placeholder="Name of the list", layout=wide)
        self.segment = widgets.Dropdown(options=[NONE], layout=wide)
        self.mark = widgets.HTML()
        self._asked = ""
        self.box = card(
            "Smart list",
            [
                row(
                    labelled("Saved smart lists", self.choice),
                    self._button("Open", self.open),
                    self._button("Everybody", self.everybody),
                    self._button("Delete", self.delete),
                    labelled("Name", self.name),
                    button("Save", self.save, self.message, primary=True),
                    self._button("Rename", self.rename),
                    self.mark,
                ),
                row(
                    self._button("Save as a segment", self.as_segment),
                    labelled("Saved segments", self.segment),
                    self._button("Show as a list", self.of_segment),
                ),
                self.message,
            ],
            note=NOTE,
        )
        desk.listen(self.draw)
        desk.session.listen(lambda _: self.draw())
        self.refresh()

    def refresh(self) -> None:
        """Read what is saved anew; the choices stay where they still exist."""
        workbench = self.desk.session.workbench
        lists = [saved.smart_list.name for saved in workbench.book.lists()]
        segments = [saved.segment.name for saved in workbench.library.segments()]
        for control, names in ((self.choice, lists), (self.segment, segments)):
            if tuple(control.options) != (NONE, *names):
                before = control.value
                control.options = [NONE, *names]
                control.value = before if before in names else NONE
        self.draw()

    def draw(self) -> None:
        """Show whether what is on screen is saved."""
        saved = self.desk.saved
        if saved is None:
            text, unsaved = "not saved", ""
        else:
            same = self.desk.as_list() == saved.smart_list
            unsaved = "" if same else " sbp-unsaved"
            state = "saved" if same else "changed since it was saved"
            text = f"“{saved.smart_list.name}”: {state}"
        value = f'<span class="sbp-note{unsaved}">{html.escape(text)}</span>'
        if self.mark.value != value:
            self.mark.value = value

    def open(self) -> None:
        """Show the chosen list."""
        saved = self.desk.session.workbench.library.lists.one(self._chosen(self.choice, "list"))
        self._show(saved.smart_list.name)
        self.desk.open(saved.smart_list, saved)
        self.message.say(f"Opened “{saved.smart_list.name}”.")

    def everybody(self) -> None:
        """Show all contacts, as a list that is not saved."""
        self._show("")
        self.desk.open(SmartList(UNNAMED), None)
        self.message.say("All contacts. Undo in the builder brings the rows back.")

    def save(self) -> None:
        """Save under the name; asks once before another list is replaced."""
        name = " ".join(self.name.value.split())
        if not name:
            raise RuleError("Give the smart list a name first.")
        own = name.casefold() == self.desk.name.casefold()
        known = {str(known).casefold() for known in self.choice.options}
        if name.casefold() in known and not own and self._asked != f"save {name}":
            self._asked = f"save {name}"
            self.message.warn(f"“{name}” exists already. Press Save again to replace it.")
            return
        seen = self.desk.saved.revision if own and self.desk.saved else None
        replace = own or self._asked == f"save {name}"
        book = self.desk.session.workbench.book
        saved = book.save(self.desk.as_list(name), replace=replace, seen=seen)
        self._asked = ""
        self.refresh()
        self.choice.value = saved.smart_list.name
        self.desk.saved_as(saved)
        self.message.say(f"Saved the smart list “{saved.smart_list.name}”.")

    def rename(self) -> None:
        """Give the list on screen the name that was typed; campaigns that use it follow."""
        saved, name = self.desk.saved, self.name.value
        if saved is None:
            raise RuleError("Open or save a smart list first; then it can have another name.")
        workbench = self.desk.session.workbench
        renamed = workbench.library.lists.rename(
            saved.smart_list.name, name, now=workbench.clock(), author=workbench.author
        )
        self.refresh()
        self.choice.value = renamed.smart_list.name
        self.desk.saved_as(renamed)
        self.message.say(f"It is “{renamed.smart_list.name}” now.")

    def delete(self) -> None:
        """Delete the chosen list; asks once. No contact goes with it."""
        name = self._chosen(self.choice, "list")
        if self._asked != f"delete {name}":
            self._asked = f"delete {name}"
            self.message.warn(f"Press Delete again to delete “{name}”. No contact goes with it.")
            return
        self._asked = ""
        self.desk.session.workbench.library.lists.delete(name)
        if self.desk.name.casefold() == name.casefold():
            self.desk.saved = None
        self.refresh()
        self.message.say(f"Deleted “{name}”.")

    def as_segment(self) -> None:
        """Save the rules as a segment under the name; says why where a segment cannot say them."""
        name = " ".join(self.name.value.split()) or self.desk.name
        if not name:
            raise RuleError("Give it a name first.")
        made = self.desk.session.workbench.book.as_segment(self.desk.as_list(name))
        self.refresh()
        self._changed()
        self.message.say(f"Saved the segment “{made}”: rules only, for campaigns.")

    def of_segment(self) -> None:
        """Show the chosen segment's rules as a list that is not saved yet."""
        name = self._chosen(self.segment, "segment")
        segment = self.desk.session.workbench.library.segment(name).segment
        self._show(segment.name)
        self.desk.open(SmartList.of(segment), None)
        self.message.say(f"The contacts of “{segment.name}” as a list: not saved yet.")

    def _show(self, name: str) -> None:
        self._asked = ""
        self.name.value = name

    def _button(self, text: str, action: Callable[[], None]) -> widgets.Button:
        return button(text, action, self.message)

    @staticmethod
    def _chosen(control: widgets.Dropdown, what: str) -> str:
        if control.value == NONE:
            raise RuleError(f"Choose a saved {what} first.")
        return str(control.value)
