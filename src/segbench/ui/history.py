"""What is on screen and how it got there: pages with undo and redo."""

from __future__ import annotations

from dataclasses import dataclass, replace

from segbench.library.saved import SavedSegment
from segbench.model.rules import Group

UNDO_STEPS = 200


@dataclass(frozen=True, slots=True)
class Page:
    """A tree, and the saved segment that it was opened from or last saved as, if any."""

    tree: Group
    saved: SavedSegment | None = None

    @property
    def name(self) -> str:
        """The name of the saved segment; empty where there is none."""
        return self.saved.segment.name if self.saved else ""

    @property
    def is_saved(self) -> bool:
        """Whether the tree is what is saved; an empty one that never was has nothing to save."""
        return self.tree == (self.saved.segment.group if self.saved else Group())


class History:
    """The page on screen, those before it and those that were undone."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._undo: list[Page] = []
        self._redo: list[Page] = []

    @property
    def can_undo(self) -> bool:
        """Whether there is a page to go back to."""
        return bool(self._undo)

    @property
    def can_redo(self) -> bool:
        """Whether there is an undone page."""
        return bool(self._redo)

    def turn(self, page: Page, *, merge: bool = False) -> None:
        """Show another page; with `merge` it is one step with the page before."""
        if not merge:
            self._undo = [*self._undo[-UNDO_STEPS + 1 :], self.page]
        self._redo.clear()
        self.page = page

    def undo(self) -> bool:
        """Go back one page; False where there is none."""
        if not self._undo:
            return False
        self._redo.append(self.page)
        self.page = self._undo.pop()
        return True

    def redo(self) -> bool:
        """Show the last undone page again; False where there is none."""
        if not self._redo:
            return False
        self._undo.append(self.page)
        self.page = self._redo.pop()
        return True

    def saved_as(self, saved: SavedSegment, before: str = "") -> None:
        """Note that the tree on screen was saved, also for older pages of that segment.

        `before` is the name that it had, where that was another one.
        """
        self._change(before or saved.segment.name, saved)
        self.page = replace(self.page, saved=saved)

    def forget(self, name: str) -> None:
        """Note that no segment of that name is saved any more."""
        self._change(name, None)

    def _change(self, name: str, saved: SavedSegment | None) -> None:
        def changed(page: Page) -> Page:
            return replace(page, saved=saved) if page.name == name else page

        self.page = changed(self.page)
        self._undo = [changed(page) for page in self._undo]
        self._redo = [changed(page) for page in self._redo]
