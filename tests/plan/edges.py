"""One rule at a time, lowered at one clock in one zone; weeks start on Sunday."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from population import CATALOG, CONTACT_ZONE

from segbench.model.rules import Group, RuleOrGroup
from segbench.plan.logic import atoms
from segbench.plan.lower import Context, lower

NOON = dt.datetime(2026, 10, 26, 11, 30)
BERLIN = ZoneInfo("Europe/Berlin")
TODAY = dt.date(2026, 10, 26)
DAY = dt.timedelta(days=1)
HERE = Context(NOON, BERLIN, CATALOG, week_start=6, contact_zone=CONTACT_ZONE)


def logic(rule: RuleOrGroup, context: Context = HERE) -> Any:
    return lower(Group(rules=(rule,)), context).root


def atom(rule: RuleOrGroup) -> Any:
    """The one atom of a rule."""
    (found,) = atoms(logic(rule))
    return found
