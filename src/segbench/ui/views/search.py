"""A slow answer, looked for on a thread of its own, and given up where nobody wants it any more."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from typing import Generic, TypeVar

from segbench.errors import SegbenchError
from segbench.lake.snapshot import Interrupted
from segbench.workbench.history import Going

Found = TypeVar("Found")
PARTS = 4
"""How often it is told how far it is."""


class Search(Generic[Found]):
    """The newest question and the last answer.

    `changed` is told on the search's thread when it gets on and when there is an answer. `wanted`
    says of a question whether somebody still waits for its answer.
    """

    def __init__(self, changed: Callable[[], None], wanted: Callable[[Hashable], bool]) -> None:
        self._changed, self._wanted = changed, wanted
        self._lock = threading.Lock()
        self._asked: Hashable = None
        self._closed = False
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="segbench-search")
        self.found: Found | None = None
        self.found_for: Hashable = None
        self.found_at: Hashable = None
        self.problem = ""
        self.part = 0

    def ask(
        self, question: Hashable, find: Callable[[Going], Found], moment: Hashable = None
    ) -> None:
        """Look for the answer, unless it is there or on its way.

        One of another `moment` is shown until there is a newer one, and one on its way is waited
        for: else a slow search would begin anew with every move of the clock, and never end.
        """
        with self._lock:
            there = self.found_for == question and self.found_at == moment
            if self._closed or there or self._asked == question:
                return
            self._asked, self.part = question, 0
        self._worker.submit(self._look, question, find, moment)

    def knows(self, question: Hashable) -> bool:
        """Whether `found` or `problem` is the answer."""
        return self.found_for == question

    def wait(self) -> None:
        """Return once nothing is looked for; for scripts and tests."""
        self._worker.submit(lambda: None).result()

    def close(self) -> None:
        """Give up what is looked for, for good."""
        with self._lock:
            self._asked, self._closed = None, True
        self._worker.shutdown(wait=False, cancel_futures=True)

    def _look(self, question: Hashable, find: Callable[[Going], Found], moment: Hashable) -> None:
        def going(found: int, points: int) -> bool:
            part = PARTS * found // points
            if part != self.part:
                self.part = part
                self._changed()
            return self._is_on(question)

        while not self._given_up(question):
            found, problem = None, ""
            try:
                found = find(going)
            except Interrupted:
                continue
            except SegbenchError as error:
                problem = str(error)
            except Exception as error:
                problem = f"That failed: {type(error).__name__}: {error}"
            with self._lock:
                if self._asked == question and self._wanted(question):
                    self.found_for, self.found_at, self._asked = question, moment, None
                    self.found, self.problem = found or self.found, problem
            self._changed()

    def _is_on(self, question: Hashable) -> bool:
        return self._asked == question and self._wanted(question)

    def _given_up(self, question: Hashable) -> bool:
        """Whether to stop; who asks again from then on is answered anew."""
        with self._lock:
            if self._is_on(question):
                return False
            if self._asked == question:
                self._asked = None
            return True
