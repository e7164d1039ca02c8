"""A count to be made: of one tree, over one snapshot, at one moment."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from segbench.audience.evaluation import evaluate
from segbench.engine.local import LocalEngine
from segbench.model.check import Issue, check
from segbench.model.rules import Group
from segbench.plan.lint import logical_issues
from segbench.plan.logic import atoms
from segbench.plan.lower import Context, lower
from segbench.ui.state import Answer, without_wrong_rows
from segbench.workbench.workbench import Workbench

MOST_LINTED = 60
"""Larger trees are not looked through for useless rows at each edit: 100 rows take 60 ms."""

Data = tuple[LocalEngine, dt.datetime]
"""What numbers belong to: the engine over one snapshot, and the moment of evaluation."""


@dataclass(frozen=True)
class Job:
    """A count that `run` makes; `cached` where nothing has to be asked of the data."""

    revision: int
    data: Data
    runnable: Group
    issues: tuple[Issue, ...]
    cached: bool
    run: Callable[[], Answer]


_STANDSTILLS: WeakKeyDictionary[Workbench, threading.RLock] = WeakKeyDictionary()


def standstill(workbench: Workbench) -> threading.RLock:
    """Who holds this keeps the workbench's data and moment as they are, in all its sessions."""
    return _STANDSTILLS.setdefault(workbench, threading.RLock())


def data_of(workbench: Workbench) -> Data:
    """What a count would belong to now."""
    return workbench.engine, workbench.as_of


def prepare(workbench: Workbench, tree: Group, revision: int) -> Job:
    """The count of the rows that can be evaluated; `SegbenchError` where it cannot be planned."""
    data, context = _steady(workbench)
    issues = check(
        tree,
        context.catalog,
        context.segments,
        vocabulary=context.vocabulary,
        contact_zone=context.contact_zone,
        deleted=context.deleted,
        archived=context.archived,
    )
    runnable = without_wrong_rows(tree, issues)
    plan = lower(runnable, context)
    if len(plan.nodes) <= MOST_LINTED:
        issues = (*issues, *logical_issues(runnable, plan))
    wanted = [a for logic in (plan.root, *plan.nodes.values()) for a in atoms(logic)]
    engine, as_of = data

    def run() -> Answer:
        found = evaluate(tree, plan, engine.patterns(wanted))
        return Answer(revision, runnable, found, as_of, engine.snapshot.id)

    return Job(revision, data, runnable, issues, engine.knows(wanted), run)


def _steady(workbench: Workbench) -> tuple[Data, Context]:
    """Engine, moment and context of one moment: another thread may move the workbench on."""
    while True:
        before = data_of(workbench)
        context = workbench.context()
        if before == data_of(workbench) and context.as_of == before[1]:
            return before, context
