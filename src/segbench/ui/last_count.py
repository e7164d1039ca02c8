"""What the saved segment on screen counts, kept; and what it last counted, once it cannot be."""

from __future__ import annotations

import threading

from segbench.errors import LibraryError, NotSaved
from segbench.ui.session import Session
from segbench.ui.state import State
from segbench.workbench.counting import last_count_words, remember_count


class LastCount:
    """Has the library remember counts of saved segments, on a thread of its own.

    A library that is busy must not hold up the screen.
    """

    def __init__(self, session: Session) -> None:
        self.session = session
        self._kept: tuple[object, ...] = ()
        self._told: tuple[tuple[object, ...], str] = ((), "")
        self._thread: threading.Thread | None = None

    def note(self, state: State) -> str:
        """Remember the count of what is on screen; what is to be said where there is none."""
        if not state.name or not state.saved:
            return ""
        if any(issue.level == "error" for issue in state.issues):
            return self._stale(state)
        workbench, answer = self.session.workbench, state.answer
        if answer is None or state.status != "ready" or answer.tree != state.tree:
            return ""
        data = (answer.snapshot, answer.as_of)
        if data != (workbench.engine.snapshot.id, workbench.as_of):
            return ""
        found = (state.name, answer.tree, answer.evaluation.total, *data)
        if found != self._kept:
            self._kept = found
            asked = (workbench, state.name, answer.evaluation.total)
            self._thread = threading.Thread(target=remember_count, args=asked, daemon=True)
            self._thread.start()
        return ""

    def wait(self) -> None:
        """Return once the last count is in the library; for scripts and tests."""
        if self._thread is not None:
            self._thread.join()

    def _stale(self, state: State) -> str:
        asked = (state.name, state.tree)
        if asked != self._told[0]:
            try:
                words = last_count_words(self.session.workbench, state.name)
            except (LibraryError, NotSaved):
                words = ""
            self._told = (asked, words)
        return self._told[1]
