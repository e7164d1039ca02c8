"""Choosing a saved segment: a list of names that a search narrows down."""

from __future__ import annotations

import ipywidgets as widgets

from segbench.errors import RuleError
from segbench.library.saved import SavedSegment
from segbench.ui.panel import Message, guarded, labelled, row
from segbench.ui.wording import plain
from segbench.workbench.workbench import Workbench

NEW = "(choose)"


class SegmentChoice:
    """A search, and the list of the saved segments that it finds; `value` is the chosen name."""

    def __init__(self, workbench: Workbench, message: Message) -> None:
        self.workbench = workbench
        self.find = widgets.Text(
            placeholder="Name, folder, tag, owner, rule", layout=widgets.Layout(width="200px")
        )
        self.list = widgets.Dropdown(options=[(NEW, NEW)], layout=widgets.Layout(width="280px"))
        self.note = widgets.HTML(layout=widgets.Layout(display="none"))
        self.box = row(
            labelled("Find", self.find), labelled("Saved segments", self.list), self.note
        )
        self.find.observe(guarded(message, lambda _: self.refresh()), "value")

    @property
    def value(self) -> str:
        """The name in the list; `NEW` where none is chosen."""
        return str(self.list.value)

    @value.setter
    def value(self, name: str) -> None:
        if name not in self.names and name in self.workbench.library.groups():
            # What is chosen is seen, whatever was looked for.
            self.find.value = ""
            self.refresh()
        self.list.value = name

    @property
    def names(self) -> tuple[str, ...]:
        """The names in the list."""
        return tuple(name for _, name in self.list.options if name != NEW)

    def chosen(self) -> str:
        """The chosen name; `RuleError` where there is none."""
        if self.value == NEW:
            raise RuleError("Choose a saved segment first.")
        return self.value

    def refresh(self) -> None:
        """Read the saved segments anew; the choice stays where it still exists."""
        text, workbench = self.find.value, self.workbench
        found = workbench.library.search(text, wording=workbench.wording)
        options = ((NEW, NEW), *((_label(saved), saved.segment.name) for saved in found))
        if tuple(self.list.options) != options:
            before = self.list.value
            # In one message: between two, a page would drop what is chosen at once.
            with self.list.hold_sync():
                self.list.options = options
                self.list.value = before if before in self.names else NEW
        told = _found(len(found)) if text.strip() else ""
        self.note.value = f'<span class="sbp-note" role="status">{told}</span>' if told else ""
        self.note.layout.display = "" if told else "none"


def _found(count: int) -> str:
    return f"{count:,} found" if count else "Nothing is like that"


def _label(saved: SavedSegment) -> str:
    filing = saved.filing
    marks = [filing.folder, "" if filing.status == "published" else filing.status]
    told = ", ".join(plain(mark) for mark in marks if mark)
    return f"{saved.segment.name} ({told})" if told else saved.segment.name
