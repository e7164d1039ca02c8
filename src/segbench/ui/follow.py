"""Following the lake: open screens move on when its data does, and with the time."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable

from segbench.errors import SegbenchError
from segbench.ui.session import Session
from segbench.workbench.workbench import Workbench

POLL = 1.0
"""Seconds between two looks at the lake's catalogue; each takes about 10 ms."""
EVERY = 60.0
"""Seconds after which windows are counted anew where `as_of` is not pinned."""
UNSEEN = 180
"""Looks after which nobody is taken to see the page; hidden pages beat once a minute."""


class Follower:
    """Looks after newer data on a thread of its own, and has the session move on.

    Switched off it only says that newer data is `available`. `problem` is why the newest data
    cannot be shown, "" where it can; looking goes on all the same. `told` is called on another
    thread when one of the two has changed.
    """

    def __init__(
        self,
        session: Session,
        told: Callable[[], None],
        *,
        on: bool = True,
        poll: float = POLL,
        every: float = EVERY,
    ) -> None:
        self.session, self.told = session, told
        self.on, self.poll, self.every = on, poll, dt.timedelta(seconds=every)
        self.available, self.problem = False, ""
        self._left = UNSEEN
        self._stop = threading.Event()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None

    def seen(self) -> None:
        """Note that a page shows the session now: look, until no page has for a while."""
        with self._starting:
            self._left = UNSEEN
            if self._stop.is_set() or (self._thread is not None and self._thread.is_alive()):
                return
            self._thread = threading.Thread(target=self._watch, name="segbench-follow", daemon=True)
            self._thread.start()

    def look(self) -> None:
        """Look once; move the session on where there is newer data or the time has come."""
        workbench, problem = self.session.workbench, ""
        newer = self.available
        try:
            shown, newest = self._shown(), workbench.newest_snapshot_id()
            # What maintenance made is moved on to as well, but is no news to wait for.
            newer = newest != shown and (self.on or workbench.is_other_data(shown, newest))
            if self.on and (newer or self.problem or self._is_time(workbench)):
                problem = self.session.move_on().result()
                newer = False
        except SegbenchError as error:
            problem = str(error)
        except Exception as error:
            problem = f"{type(error).__name__}: {error}"
        if not self._stop.is_set():
            self._note(newer and not self.on, problem)

    def close(self) -> None:
        """Stop looking."""
        self._stop.set()

    def _watch(self) -> None:
        while not self._stop.wait(self.poll):
            with self._starting:
                self._left -= 1
                if self._left < 0:
                    self._thread = None
                    return
            self.look()

    def _shown(self) -> int:
        answer = self.session.state.answer
        return answer.snapshot if answer else self.session.workbench.engine.snapshot.id

    def _is_time(self, workbench: Workbench) -> bool:
        if workbench.pinned_as_of is not None:
            return False
        return workbench.clock() - workbench.as_of.replace(tzinfo=dt.UTC) >= self.every

    def _note(self, available: bool, problem: str) -> None:
        changed = (available, problem) != (self.available, self.problem)
        self.available, self.problem = available, problem
        if changed:
            self.told()
