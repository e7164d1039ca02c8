"""The session: the only writer of what is on screen. Edits go in; a new state comes out."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Literal

from segbench.audience.evaluation import Evaluation, evaluate, waterfall
from segbench.audience.explain import Waterfall
from segbench.errors import EditError, SegbenchError
from segbench.lake.snapshot import Interrupted
from segbench.model import edit
from segbench.model.check import Issue, check
from segbench.model.rules import Group, Path
from segbench.plan.logic import atoms
from segbench.plan.lower import lower
from segbench.ui.edits import apply
from segbench.workbench.workbench import Workbench

Status = Literal["ready", "updating", "empty", "error"]
UNDO_STEPS = 200


@dataclass(frozen=True)
class Answer:
    """What was counted: for which revision and tree, and the numbers; None before the first."""

    revision: int
    tree: Group
    evaluation: Evaluation


@dataclass(frozen=True)
class State:
    """Everything a screen draws, whole and consistent.

    `counts` is the tree without the rows that cannot be evaluated: what is counted and said.
    `answer` may belong to an older revision than the tree, while `status` is "updating".
    """

    revision: int
    shape: int
    tree: Group
    counts: Group
    issues: tuple[Issue, ...]
    status: Status
    message: str
    answer: Answer | None
    can_undo: bool
    can_redo: bool
    name: str
    saved: bool


class Session:
    """One analyst's tree over one workbench, with undo, redo and counts.

    Listeners are called with the new `State` after every change, perhaps on another thread; they
    draw it and never write back.
    """

    def __init__(self, workbench: Workbench, group: Group | None = None, name: str = "") -> None:
        self.workbench = workbench
        self._lock = threading.RLock()
        self._counting = threading.Event()
        self._listeners: list[Callable[[State], None]] = []
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="segbench-count")
        self._tree = Group() if group is None else group
        self._name, self._saved_tree = name, self._tree
        self._undo: list[Group] = []
        self._redo: list[Group] = []
        self._typing: Path | None = None
        self._revision = self._shape = 0
        self._answer: Answer | None = None
        self._status: Status = "empty"
        self._message = ""
        self._issues: tuple[Issue, ...] = ()
        self._runnable = self._tree
        self._recount()

    @property
    def state(self) -> State:
        """What is on screen now."""
        with self._lock:
            return State(
                revision=self._revision,
                shape=self._shape,
                tree=self._tree,
                counts=self._runnable,
                issues=self._issues,
                status=self._status,
                message=self._message,
                answer=self._answer,
                can_undo=bool(self._undo),
                can_redo=bool(self._redo),
                name=self._name,
                saved=self._tree == self._saved_tree,
            )

    def listen(self, listener: Callable[[State], None]) -> None:
        """Call the listener with every new state."""
        self._listeners.append(listener)

    def handle(self, message: Mapping[str, Any]) -> None:
        """Do the edit that a browser's message describes; `EditError` says why not.

        An edit made on an older shape of the tree is dropped: its path may mean another row now.
        """
        with self._lock:
            if message.get("shape") == self._shape:
                kind = message.get("edit")
                if kind in ("undo", "redo"):
                    self._step_back() if kind == "undo" else self._step_forward()
                    return
                edited = apply(self._tree, message, self.workbench.catalog)
                merge = edited.typing is not None and edited.typing == self._typing
                self._replace(edited.tree, reshaped=edited.reshaped, merge=merge)
                self._typing = edited.typing
                return
        self._tell()

    def undo(self) -> None:
        """Take the last change back; nothing where there is none."""
        with self._lock:
            self._step_back()

    def redo(self) -> None:
        """Do the last undone change again; nothing where there is none."""
        with self._lock:
            self._step_forward()

    def show(self, group: Group, name: str = "") -> None:
        """Put another tree on screen, as saved under that name; can be undone."""
        with self._lock:
            self._name, self._saved_tree = name, group
            self._replace(group, reshaped=True)

    def save(self, name: str, *, replace_saved: bool = False) -> None:
        """Save the tree under a name; errors of rules and names go to the caller."""
        from segbench.model.segment import Segment

        with self._lock:
            segment = self.workbench.save(Segment(name, self._tree), replace_saved=replace_saved)
            self._name, self._saved_tree = segment.name, self._tree
        self._tell()

    def recount(self) -> None:
        """Count again, as after the library or the data changed."""
        with self._lock:
            self._revision += 1
            self._recount()

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

    def _step_back(self) -> None:
        if self._undo:
            self._redo.append(self._tree)
            self._move_to(self._undo.pop())

    def _step_forward(self) -> None:
        if self._redo:
            self._undo.append(self._tree)
            self._move_to(self._redo.pop())

    def _replace(self, tree: Group, *, reshaped: bool, merge: bool = False) -> None:
        if tree == self._tree:
            self._tell()
            return
        if not merge:
            self._undo = [*self._undo[-UNDO_STEPS + 1 :], self._tree]
        self._redo.clear()
        self._typing = None
        self._tree = tree
        self._revision += 1
        self._shape += reshaped
        self._recount()

    def _move_to(self, tree: Group) -> None:
        self._tree, self._typing = tree, None
        self._revision += 1
        self._shape += 1
        self._recount()

    def _recount(self) -> None:
        """Count at once where nothing must be asked of the data, else on the worker."""
        try:
            job = self._job()
        except SegbenchError as error:
            self._status, self._message = "error", str(error)
            self._tell()
            return
        if job.cached:
            self._finish(job.revision, job.run)
            return
        self._status, self._message = "updating", ""
        self._tell()
        if self._counting.is_set():
            self.workbench.engine.snapshot.interrupt()
        self._worker.submit(self._finish, job.revision, job.run)

    def _job(self) -> _Job:
        context = self.workbench.context()
        self._issues = check(self._tree, context.catalog, context.segments)
        runnable = self._runnable = _without_wrong_rows(self._tree, self._issues)
        plan = lower(runnable, context)
        wanted = [a for logic in (plan.root, *plan.nodes.values()) for a in atoms(logic)]
        engine, tree = self.workbench.engine, self._tree
        revision = self._revision

        def run() -> Answer:
            table = engine.patterns(wanted)
            return Answer(revision, runnable, evaluate(tree, plan, table))

        return _Job(revision, engine.knows(wanted), run)

    def _finish(self, revision: int, run: Callable[[], Answer]) -> None:
        """Count, and show the numbers unless the tree has moved on meanwhile."""
        answer, problem = None, ""
        while answer is None and not problem:
            if revision != self._revision:
                return
            self._counting.set()
            try:
                answer = run()
            except Interrupted:
                continue
            except Exception as error:
                problem = f"The count failed: {error}"
            finally:
                self._counting.clear()
        with self._lock:
            if revision != self._revision:
                return
            if answer is None:
                self._status, self._message = "error", problem
            else:
                self._answer = answer
                self._status = "ready" if answer.evaluation.nodes else "empty"
                self._message = _why_nobody(answer)
            self._tell()

    def _tell(self) -> None:
        # Under the lock, so that no listener gets an older state after a newer one.
        with self._lock:
            state = self.state
            for listener in tuple(self._listeners):
                listener(state)


@dataclass(frozen=True)
class _Job:
    revision: int
    cached: bool
    run: Callable[[], Answer]


def _without_wrong_rows(tree: Group, issues: tuple[Issue, ...]) -> Group:
    """The tree with rows that cannot be evaluated switched off; the screen says so at each."""
    for issue in issues:
        if issue.level == "warning":
            continue
        if not issue.path:
            raise EditError(issue.message)
        tree = edit.enable(tree, issue.path, False)
    return tree


def _why_nobody(answer: Answer) -> str:
    """Which row of an AND leaves nobody, where one does."""
    evaluation, tree = answer.evaluation, answer.tree
    if evaluation.total or tree.negated or tree.combinator == "or" or not evaluation.nodes:
        return ""
    for index in range(len(tree.rules)):
        counts = evaluation.nodes.get((index,))
        if counts is not None and counts.after == 0:
            holds = "holds nobody by itself" if counts.alone == 0 else "leaves nobody"
            return f"Row {index + 1} {holds}."
    return ""
