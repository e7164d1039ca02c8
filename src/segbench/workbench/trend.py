"""The past and the days to come of the segment on screen, in one answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from segbench.audience.trend import Trend
from segbench.errors import NotSaved
from segbench.model.rules import Group
from segbench.workbench.future import forecast
from segbench.workbench.history import Going, history
from segbench.workbench.spans import Every

if TYPE_CHECKING:
    from segbench.workbench.workbench import Workbench

DAYS = 30
"""How far the days to come reach."""


def find_trend(
    workbench: Workbench,
    rules: Group,
    every: Every = "day",
    *,
    name: str = "",
    going: Going | None = None,
) -> Trend:
    """The trend of rules; of a saved segment with just these, by its rules of every moment.

    `Interrupted` once `going` says that nobody wants it any more.
    """
    given = name if _is_saved(workbench, name, rules) else rules
    past = history(workbench, given, None, None, every, attribute=True, going=going)
    return Trend(past, forecast(workbench, rules, DAYS, going))


def _is_saved(workbench: Workbench, name: str, rules: Group) -> bool:
    try:
        return bool(name) and workbench.library.segment(name).segment.group == rules
    except NotSaved:
        return False
