"""Whom e-mail reaches among all contacts of a workbench: worked out once for its data."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from segbench.audience.reachability import Reach
from segbench.engine.local import LocalEngine
from segbench.engine.membership import Membership
from segbench.errors import RuleError, UnknownName
from segbench.model.rules import PrebuiltRule, RuleOrGroup

if TYPE_CHECKING:
    from segbench.workbench.workbench import Workbench

UNREACHABLE = PrebuiltRule("unreachable")
_KNOWN: WeakKeyDictionary[LocalEngine, tuple[dt.datetime, Reach]] = WeakKeyDictionary()
"""By the engine over one snapshot, for the moment that was asked last."""


def known_reach(workbench: Workbench) -> Reach | None:
    """Whom e-mail reaches, where that was worked out already; never asks the data."""
    found = _KNOWN.get(workbench.engine)
    return found[1] if found is not None and found[0] == workbench.as_of else None


def find_reach(workbench: Workbench) -> Reach:
    """Whom e-mail reaches; worked out where it is not known yet."""
    found = known_reach(workbench)
    if found is not None:
        return found
    engine, as_of = workbench.engine, workbench.as_of
    reach = _reach(workbench)
    if (engine, as_of) == (workbench.engine, workbench.as_of):
        _KNOWN[engine] = as_of, reach
    return reach


def count_reachable(workbench: Workbench, node: RuleOrGroup) -> int | None:
    """How many contacts of a rule or group e-mail reaches; None where that cannot be told."""
    return find_reach(workbench).count(workbench.members(node))


def _reach(workbench: Workbench) -> Reach:
    try:
        plan = workbench.plan(UNREACHABLE)
    except RuleError as error:
        return Reach(None, _why(workbench, error))
    unreachable: Membership = workbench.engine.members(plan.root)
    return Reach(~unreachable)


def _why(workbench: Workbench, error: RuleError) -> str:
    """Why it cannot be told, in plain words."""
    field = workbench.settings.words.email
    try:
        workbench.catalog.field(field)
    except UnknownName:
        return "there is no e-mail field"
    return str(error)
