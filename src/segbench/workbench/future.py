"""The forecast of a segment, worked out: its rules at every day to come, over the data of now."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from segbench.audience.forecast import Forecast
from segbench.audience.history import Point, Step
from segbench.errors import RuleError
from segbench.model.rules import RuleOrGroup
from segbench.model.segment import Segment
from segbench.workbench.history import Going, go_on
from segbench.workbench.rules_then import RulesThen
from segbench.workbench.spans import LAST_YEAR, MOST_POINTS, require_year
from segbench.workbench.states import Held, States

if TYPE_CHECKING:
    from segbench.workbench.workbench import Workbench


def forecast(
    workbench: Workbench, given: str | Segment | RuleOrGroup, days: int, going: Going | None = None
) -> Forecast:
    """The size of a segment after each of the next days if nothing happens; see `history`."""
    if not 1 <= days < MOST_POINTS:
        raise RuleError(f"A forecast reaches 1 to {MOST_POINTS - 1:,} days ahead, not {days:,}.")
    now = workbench.as_of
    if now.year > LAST_YEAR - 4:
        require_year(now + dt.timedelta(days=days))
    at = tuple(now + dt.timedelta(days=day) for day in range(days + 1))
    states = States(workbench, RulesThen(workbench.library, given), at)
    state = states.at(now)
    held: list[Held] = []
    for moment in at:
        go_on(going, len(held), len(at))
        held.append(states.held(replace(state, clock=moment, seen=moment)))
    steps = tuple(Step(states.moved(before, after)) for before, after in pairwise(held))
    points = [Point(now, len(held[0].members))]
    for moment, who, step in zip(at[1:], held[1:], steps, strict=True):
        points.append(Point(moment, len(who.members), step.moved.flow))
    keys_of = workbench.past_data.keys
    return Forecast(states.rules_then.name, tuple(points), workbench.zone, steps, keys_of)
