"""What is shown when somebody else saved the segment meanwhile: what changed, and three ways on."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable

import ipywidgets as widgets

from segbench.errors import ChangedMeanwhile
from segbench.library.differences import Difference, difference
from segbench.library.saved import SavedSegment
from segbench.model.wording import Wording
from segbench.ui.panel import Message, button, row
from segbench.ui.session import Session
from segbench.ui.wording import plain


class ClashPart:
    """Merge both, save mine as another segment, or take theirs; hidden while there is no clash.

    `done` is told after something was saved.
    """

    def __init__(self, session: Session, message: Message, done: Callable[[str], None]) -> None:
        self.session, self.message, self.done = session, message, done
        self.words = widgets.HTML()
        self.merge = button("Merge", self.put_together, message, primary=True, title=_MERGE)
        self.other = button("Save mine as another", self.save_other, message, title=_OTHER)
        self.theirs = button("Take theirs", self.take, message, title=_TAKE)
        self.box = widgets.VBox([self.words, row(self.merge, self.other, self.theirs)])
        self.box.add_class("sbp-question")
        self.hide()

    def show(self, clash: ChangedMeanwhile, name: str) -> None:
        """Say what changed; what was deleted cannot be merged."""
        self._name = name
        self._saved = clash.theirs if isinstance(clash.theirs, SavedSegment) else None
        self.words.value = _html(clash, name, self.session.workbench.wording)
        for way in (self.merge, self.theirs):
            way.disabled = self._saved is None
        self.box.layout.display = ""

    def hide(self) -> None:
        """Show nothing."""
        self._name, self._saved = "", None
        self.words.value = ""
        self.box.layout.display = "none"

    def put_together(self) -> None:
        """Put mine and theirs together on screen; nothing is saved yet."""
        merged = self.session.merge()
        wording = self.session.workbench.wording
        conflicts = list(merged.words(wording))
        self.hide()
        if not conflicts:
            self.message.say(
                "Both changes are on screen, not saved yet. Save keeps them; Undo brings yours "
                "back."
            )
            return
        told = "; ".join(conflicts)
        self.message.warn(
            f"Merged but for what both of you changed, where yours is on screen: {told}. "
            "Put it right and save, or Undo."
        )

    def save_other(self) -> None:
        """Save mine under a name of its own; theirs stays as it is."""
        name = _free(self._name, self.session.workbench.library.groups())
        self.session.save(name)
        theirs = self._name
        self.hide()
        self.done(name)
        self.message.say(f"Saved as “{name}”; “{theirs}” is as they left it.")

    def take(self) -> None:
        """Show what is saved in the place of mine; Undo brings mine back."""
        saved = self.session.workbench.library.segment(self._name)
        self.session.show(saved.segment.group, saved)
        self.hide()
        self.message.say(f"“{saved.segment.name}” is as it is saved. Undo brings yours back.")


_MERGE = "Put your changes and theirs together, row by row"
_OTHER = "Keep yours under another name"
_TAKE = "Show what they saved; Undo brings yours back"
_HEAD = '<p role="alert" style="margin:0"><b>{}</b></p>'
MOST = 8
"""So many changes are listed."""


def _html(clash: ChangedMeanwhile, name: str, wording: Wording) -> str:
    if not isinstance(clash.theirs, SavedSegment):
        return _HEAD.format(html.escape(str(clash)))
    by = f" by {clash.theirs.author}" if clash.theirs.author else ""
    head = f"“{plain(name)}” was changed{by} since you opened it; nothing was overwritten."
    found = clash.difference
    words: tuple[str, ...] = ()
    if isinstance(found, Difference):
        words = difference(found.old, found.new, wording).words
    more = len(words) - MOST
    told = [*words[:MOST], *([f"and {more:,} more"] if more > 0 else [])]
    items = "".join(f"<li>{html.escape(plain(each))}</li>" for each in told)
    return _HEAD.format(html.escape(head)) + (f"<ul>{items}</ul>" if items else "")


def _free(name: str, taken: Iterable[str]) -> str:
    known = {each.casefold() for each in taken}
    number = 2
    while (found := f"{name[:110]} ({number})").casefold() in known:
        number += 1
    return found
