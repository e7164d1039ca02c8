"""The session: the only writer of what is on screen. Edits go in; a new state comes out."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from typing import Any, TypeVar

from segbench.audience.evaluation import waterfall
from segbench.audience.explain import Waterfall
from segbench.audience.width import wide_rows
from segbench.errors import RuleError, SegbenchError
from segbench.lake.snapshot import Interrupted
from segbench.library.merged import Merged
from segbench.library.saved import SavedSegment
from segbench.model.check import Issue
from segbench.model.rules import Group, Path
from segbench.model.segment import Segment
from segbench.ui.builder_locks import refuse_rewriting
from segbench.ui.counting import Job, data_of, prepare, standstill
from segbench.ui.edits import apply
from segbench.ui.history import History, Page
from segbench.ui.news import NewsDesk
from segbench.ui.state import Answer, State, Status, why_nobody
from segbench.workbench.workbench import Workbench

LONGEST_ID = 40
WRITTEN = "text"
"""What is being typed in while it is the text of all rules, in the place of a row's path."""
FAILED = "The count failed: {}"
Found = TypeVar("Found")


class Session:
    """One analyst's tree over one workbench, with undo, redo and counts.

    Listeners are called with the new `State` after every change, one at a time and never with an
    older state after a newer one, perhaps on another thread; they draw it and never write back.

    Who holds `standstill` keeps the workbench's data and moment as they are.
    """

    def __init__(self, workbench: Workbench, page: Page | None = None) -> None:
        self.workbench = workbench
        # `_lock` guards what is below and is held for moments; `_telling` is held while screens
        # draw. Nobody waits for `_telling` while holding `_lock`.
        self._lock = threading.RLock()
        self._telling = threading.RLock()
        self.standstill = standstill(workbench)
        self._counting = threading.Event()
        self._listeners: list[Callable[[State], None]] = []
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="segbench-count")
        self._history = History(page or Page(Group()))
        self._typing: Path | str | None = None
        self._revision = self._shape = 0
        self._answer: Answer | None = None
        self._status: Status = "empty"
        self._message = ""
        self._issues: tuple[Issue, ...] = ()
        self._heard = ""
        self._desk = NewsDesk()
        self._runnable = self._tree
        self._recount()

    @property
    def _tree(self) -> Group:
        return self._history.page.tree

    @property
    def page(self) -> Page:
        """The tree on screen, and the saved segment that it belongs to."""
        with self._lock:
            return self._history.page

    @property
    def state(self) -> State:
        """What is on screen now."""
        with self._lock:
            history = self._history
            return State(
                revision=self._revision,
                shape=self._shape,
                tree=self._tree,
                counts=self._runnable,
                issues=self._issues,
                status=self._status,
                message=self._message,
                answer=self._answer,
                can_undo=history.can_undo,
                can_redo=history.can_redo,
                name=history.page.name,
                saved=history.page.is_saved,
                heard=self._heard,
                news=self._desk.news,
            )

    def listen(self, listener: Callable[[State], None]) -> None:
        """Call the listener with every new state."""
        self._listeners.append(listener)

    def handle(self, message: Mapping[str, Any]) -> None:
        """Do the edit that a browser's message describes; `EditError` says why not.

        An edit made on an older shape of the tree is dropped: its path may mean another row now.
        """
        with self._lock:
            match message.get("id"):
                case str(known) if len(known) <= LONGEST_ID:
                    self._heard = known
            if message.get("shape") == self._shape:
                self._edit(message)
        self._tell()

    def undo(self) -> None:
        """Take the last change back; nothing where there is none."""
        self.handle({"edit": "undo", "shape": self._shape})

    def redo(self) -> None:
        """Do the last undone change again; nothing where there is none."""
        self.handle({"edit": "redo", "shape": self._shape})

    def show(self, group: Group, saved: SavedSegment | None = None) -> None:
        """Put another tree on screen, as it is saved where it is; can be undone."""
        with self._lock:
            self._turn(Page(group, saved), reshaped=True)
        self._tell()

    def write(self, group: Group, *, typing: bool = False) -> None:
        """Put rules that somebody wrote in the place of those on screen, under the same name.

        While `typing` goes on it is one step of undo. `EditError` where it would change what is
        locked.
        """
        with self._lock:
            refuse_rewriting(self._tree, group)
            merge = typing and self._typing == WRITTEN
            page = replace(self._history.page, tree=group)
            self._turn(page, reshaped=True, merge=merge)
            self._typing = WRITTEN
        self._tell()

    def save(self, name: str, *, replace_saved: bool = False) -> None:
        """Save the tree under a name.

        Under its own name it replaces what it was opened from, unless somebody changed that
        meanwhile; under another saved name only with `replace_saved`. Errors go to the caller.
        """
        with self._lock:
            segment, own = Segment(name, self._tree), self._history.page.saved
            if own is not None and own.segment.name.casefold() == segment.name.casefold():
                segment = replace(segment, description=own.segment.description)
                saved = self.workbench.save(segment, replace_saved=True, seen=own.revision)
            else:
                saved = self.workbench.save(segment, replace_saved=replace_saved)
            self._history.saved_as(saved)
        self._tell()

    def note_saved(self, saved: SavedSegment) -> None:
        """Note what is saved now of the segment on screen, whose name may be another one."""
        with self._lock:
            self._history.saved_as(saved, self._history.page.name)
        self._tell()

    def merge(self) -> Merged:
        """Put what is on screen and what somebody else saved meanwhile together, on screen.

        Both come from what the screen was opened from; at a conflict mine stays. Nothing is saved:
        saving replaces theirs, which is seen now. `RuleError` where nothing was opened.
        """
        with self._lock:
            own = self._history.page.saved
            if own is None:
                raise RuleError("There is nothing saved to merge with.")
            mine = Segment(own.segment.name, self._tree, own.segment.description)
            found = self.workbench.library.merge(mine, seen=own.revision)
        self.show(found.segment.group, found.theirs)
        return found

    def forget(self, name: str) -> None:
        """Note that the saved segment of that name is gone; what is on screen stays."""
        with self._lock:
            self._history.forget(name)
        self._tell()

    def recount(self) -> None:
        """Count again, as after the library or the data changed."""
        with self._lock:
            self._revision += 1
            self._recount()
        self._tell()

    def move_on(self) -> Future[str]:
        """Move to the newest data and the present time, after the count under way.

        The screen keeps its numbers until there are new ones. The result is why the new ones could
        not be counted, "" where they were; an error of the workbench goes to whom asks for it.
        """
        return self._worker.submit(self._move_on)

    def steadily(self, ask: Callable[[], Found]) -> Found:
        """What `ask` finds, asked again where the data moved on meanwhile: never half of each."""
        while True:
            before = data_of(self.workbench)
            try:
                found = ask()
            except Exception:
                if before == data_of(self.workbench):
                    raise
            else:
                if before == data_of(self.workbench):
                    return found

    def waterfall(self) -> Waterfall | None:
        """The steps of what was counted last; None before the first count."""
        answer = self.state.answer
        if answer is None:
            return None
        return waterfall(answer.tree, answer.evaluation, self.workbench.wording)

    def wait(self) -> State:
        """The state once nothing is being counted any more; for scripts and tests."""
        while True:
            self._worker.submit(lambda: None).result()
            state = self.state
            if state.status != "updating":
                return state

    def close(self) -> None:
        """Stop counting."""
        self._worker.shutdown(wait=False, cancel_futures=True)

    def _edit(self, message: Mapping[str, Any]) -> None:
        match message.get("edit"):
            case "undo":
                if self._history.undo():
                    self._moved()
            case "redo":
                if self._history.redo():
                    self._moved()
            case _:
                edited = apply(self._tree, message, self.workbench.catalog)
                merge = edited.typing is not None and edited.typing == self._typing
                page = replace(self._history.page, tree=edited.tree)
                self._turn(page, reshaped=edited.reshaped, merge=merge)
                self._typing = edited.typing

    def _turn(self, page: Page, *, reshaped: bool, merge: bool = False) -> None:
        if page == self._history.page:
            return
        self._history.turn(page, merge=merge)
        self._typing = None
        self._revision += 1
        self._shape += reshaped
        self._recount()

    def _moved(self) -> None:
        self._typing = None
        self._revision += 1
        self._shape += 1
        self._recount()

    def _recount(self) -> None:
        """Count at once where nothing must be asked of the data, else on the worker."""
        if self._counting.is_set():
            self.workbench.engine.snapshot.interrupt()
        job = self._prepare()
        if job is None:
            return
        if job.cached:
            try:
                self._store(job.run())
            except Exception as error:
                self._settle(None, FAILED.format(error))
        else:
            self._status, self._message = "updating", ""
            self._worker.submit(self._count, job)

    def _prepare(self) -> Job | None:
        """The count of what is on screen; None, and an error on screen, where there is none."""
        try:
            job = prepare(self.workbench, self._tree, self._revision)
        except SegbenchError as error:
            self._issues, self._status, self._message = (), "error", str(error)
            return None
        self._issues, self._runnable = job.issues, job.runnable
        return job

    def _count(self, job: Job) -> None:
        """On the worker: count, and show the numbers unless the tree has moved on meanwhile."""
        answer, problem = self._run(job)
        with self._lock:
            if job.revision != self._revision:
                return
            self._settle(answer, problem)
        self._tell()

    def _run(self, job: Job) -> tuple[Answer | None, str]:
        """What the job finds, or why it failed; neither once the tree has moved on."""
        while job.revision == self._revision:
            self._counting.set()
            try:
                answer = job.run()
                if job.data == data_of(self.workbench):
                    return answer, ""
            except Interrupted:
                continue
            except Exception as error:
                if job.data == data_of(self.workbench):
                    return None, FAILED.format(error)
            finally:
                self._counting.clear()
            # Somebody moved the workbench on meanwhile: what is shown is of its data alone.
            with self._lock:
                again = self._prepare()
            if again is None:
                return None, self._message
            job = again
        return None, ""

    def _settle(self, answer: Answer | None, problem: str) -> None:
        if answer is not None:
            self._store(answer)
        else:
            self._status, self._message = "error", problem

    def _move_on(self) -> str:
        """On the worker: take the newest data and the present time, count, and tell at once."""
        with self._lock:
            self._desk.leave(self._answer)
        with self.standstill:
            self.workbench.refresh()
        # The new catalogue takes a moment: edits should not wait for it behind `_lock`.
        self.workbench.context()
        with self._lock:
            job = self._prepare()
        answer, problem = self._run(job) if job else (None, self._message)
        with self._lock:
            if job is not None and job.revision == self._revision:
                self._settle(answer, problem)
        self._tell()
        return problem

    def _store(self, answer: Answer) -> None:
        self._answer = answer
        committed = self.workbench.engine.snapshot.committed
        self._desk.arrive(answer, committed, self.workbench.is_other_data)
        said = {(issue.path, issue.code) for issue in self._issues}
        wide = wide_rows(answer.tree, answer.evaluation)
        fresh = (issue for issue in wide if (issue.path, issue.code) not in said)
        self._issues = (*self._issues, *fresh)
        self._status = "ready" if answer.evaluation.nodes else "empty"
        self._message = why_nobody(answer)

    def _tell(self) -> None:
        with self._telling:
            state = self.state
            for listener in tuple(self._listeners):
                listener(state)
