"""The panel that opens and saves segments by name."""

from __future__ import annotations

import html
from collections.abc import Callable

import ipywidgets as widgets

from segbench.errors import ChangedMeanwhile, RuleError
from segbench.library.saved import folded
from segbench.model.rules import Group
from segbench.model.segment import Segment
from segbench.ui.last_count import LastCount
from segbench.ui.library_choice import SegmentChoice
from segbench.ui.library_clash import ClashPart
from segbench.ui.library_details import DetailsPart
from segbench.ui.panel import Message, button, card, labelled, row
from segbench.ui.session import Session
from segbench.ui.state import State


class LibraryPanel:
    """Opens, saves and deletes saved segments; `changed` is told after each change."""

    def __init__(self, session: Session, changed: Callable[[], None]) -> None:
        self.session, self.changed = session, changed
        self.message = Message()
        self.choice = SegmentChoice(session.workbench, self.message)
        self.name = widgets.Text(
            placeholder="Name of the segment", layout=widgets.Layout(width="280px")
        )
        self.mark = widgets.HTML()
        self.last = LastCount(session)
        self._asked = self._named = ""
        self.clash = ClashPart(session, self.message, self._saved)
        self.details = DetailsPart(session, self.message, changed, self.clash.show, self.name)
        self.box = card(
            "Segment",
            [
                row(
                    self.choice.box,
                    self._button("Open", self.open, "Show the chosen segment in the builder"),
                    self._button("New", self.new, "Start with an empty segment"),
                    self._button("Delete", self.delete, "Delete the chosen segment"),
                    labelled("Name", self.name),
                    self._button("Save", self.save, "Save what is in the builder", primary=True),
                    self.mark,
                ),
                self.message,
                self.clash.box,
                self.details.box,
            ],
        )
        session.listen(self.draw)
        self.refresh()
        if session.state.name in self.choice.names:
            self.choice.value = session.state.name
        self.draw(session.state)

    def draw(self, state: State) -> None:
        """Show whether what is on screen is saved."""
        if state.name != self._named:
            self._named = state.name
            self.name.value = state.name or self.name.value
        if state.name:
            text = "saved" if state.saved else "changed since it was saved"
            mark = f"“{state.name}”: {text}"
            if stale := self.last.note(state):
                mark += f". It cannot be counted as it is. {stale}"
        else:
            mark = "not saved yet" if state.tree.rules else ""
        unsaved = " sbp-unsaved" if state.tree.rules and not state.saved else ""
        value = f'<span class="sbp-note{unsaved}">{html.escape(mark)}</span>'
        if self.mark.value != value:
            self.mark.value = value
        self.details.draw()

    def refresh(self) -> None:
        """Read the names of saved segments anew; the choice stays where it still exists."""
        self.choice.refresh()
        self.details.refresh()

    def open(self) -> None:
        """Put the chosen segment on screen; asks once before unsaved changes go."""
        name = self.choice.chosen()
        if self._unsaved() and self._asked != f"open {name}":
            self._asked = f"open {name}"
            self.message.warn(
                "There are unsaved changes. Press Open again to let them go; Undo brings them back."
            )
            return
        saved = self.session.workbench.library.segment(name)
        self._asked = ""
        self.clash.hide()
        self.session.show(saved.segment.group, saved)
        self.name.value = saved.segment.name
        self.message.say(f"Opened “{saved.segment.name}”.")

    def new(self) -> None:
        """Start with an empty segment; Undo brings the old one back."""
        self.name.value, self._asked = "", ""
        self.clash.hide()
        self.session.show(Group())
        self.message.say("New segment. Undo brings the last one back.")

    def take(self, segment: Segment) -> None:
        """Put an imported segment on screen, under its name and not saved yet."""
        self._asked = ""
        self.session.show(segment.group)
        self.name.value = segment.name
        self.message.say(
            f"Imported “{segment.name}”: not saved yet. Undo brings the last one back."
        )

    def save(self) -> None:
        """Save under the name; asks once before a saved segment is replaced."""
        name = " ".join(self.name.value.split())
        if not name:
            raise RuleError("Give the segment a name first.")
        state = self.session.state
        known = set(map(folded, self.session.workbench.library.statuses()))
        own = folded(name) == folded(state.name)
        if folded(name) in known and not own and self._asked != f"save {name}":
            self._asked = f"save {name}"
            self.message.warn(f"“{name}” exists already. Press Save again to replace it.")
            return
        try:
            self.session.save(name, replace_saved=self._asked == f"save {name}")
        except ChangedMeanwhile as clash:
            self.message.clear()
            self.clash.show(clash, state.name)
            return
        self.clash.hide()
        self._saved(self.session.state.name)
        self.message.say(f"Saved “{self.session.state.name}”.")

    def delete(self) -> None:
        """Delete the chosen segment; asks once."""
        name = self.choice.chosen()
        if self._asked != f"delete {name}":
            self._asked = f"delete {name}"
            self.message.warn(f"Press Delete again to delete “{name}”.")
            return
        self._asked = ""
        self.session.workbench.library.delete(name)
        self.clash.hide()
        self.session.forget(name)
        self.changed()
        self.message.say(f"Deleted “{name}”.")

    def _button(
        self, text: str, action: Callable[[], None], title: str, primary: bool = False
    ) -> widgets.Button:
        return button(text, action, self.message, primary=primary, title=title)

    def _saved(self, name: str) -> None:
        """Show what is saved now everywhere, and this segment as the chosen one."""
        self._asked = ""
        self.changed()
        self.choice.value = name

    def _unsaved(self) -> bool:
        state = self.session.state
        return bool(state.tree.rules) and not state.saved
