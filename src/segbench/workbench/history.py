"""The history of a segment, worked out: every point, and the steps between them by cause."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from segbench.audience.history import Cause, History, Moved, Point, Step
from segbench.lake.snapshot import Interrupted
from segbench.model.rules import RuleOrGroup
from segbench.model.segment import Segment
from segbench.workbench.notes import notes_on, rules_note
from segbench.workbench.rules_then import RulesThen
from segbench.workbench.spans import Every, When, moments
from segbench.workbench.states import Held, State, States

if TYPE_CHECKING:
    from segbench.workbench.workbench import Workbench

Going = Callable[[int, int], bool]
"""Told how many points of how many are found; says whether the others are still wanted."""


def history(
    workbench: Workbench,
    given: str | Segment | RuleOrGroup,
    since: When | None,
    until: When | None,
    every: Every,
    attribute: bool,
    going: Going | None = None,
) -> History:
    """The size of a segment at each moment of a span, and what changed it in between.

    `Interrupted` once `going` says that nobody wants it any more.
    """
    at = moments(
        since, until, workbench.as_of, every, workbench.zone, workbench.settings.first_weekday
    )
    rules = RulesThen(workbench.library, given)
    states = States(workbench, rules, at)
    stops = [states.at(moment) for moment in at]
    # One after another: of each step only the numbers of those who moved are kept.
    held = states.held(stops[0])
    points, steps = [Point(at[0], len(held.members))], []
    for before, after in pairwise(stops):
        go_on(going, len(points), len(at))
        step, held = _step(states, before, held, after, attribute)
        causes = {cause: moved.flow for cause, moved in step.causes.items()}
        points.append(Point(after.clock, len(held.members), step.moved.flow, causes))
        steps.append(step)
    notes = past_notes(workbench, states, rules, at)
    begins, keys_of = workbench.past_data.begins, workbench.past_data.keys
    return History(rules.name, tuple(points), begins, notes, workbench.zone, tuple(steps), keys_of)


def go_on(going: Going | None, found: int, points: int) -> None:
    """`Interrupted` where the rest is not wanted any more."""
    if going is not None and not going(found, points):
        raise Interrupted("Nobody wants the other points any more.")


def past_notes(
    workbench: Workbench, states: States, rules: RulesThen, at: Sequence[dt.datetime]
) -> tuple[str, ...]:
    """What is assumed at those of the moments that are earlier than what is known."""
    begins, zone = workbench.past_data.begins, workbench.zone
    early = [moment for moment in at if moment < min(begins, workbench.as_of)]
    notes: tuple[str, ...] = ()
    if early:
        notes = notes_on((states.logic(states.at(moment)) for moment in early), begins, zone)
    if rules.begins is not None and at[0] < min(rules.begins, workbench.as_of):
        notes = (*notes, rules_note(rules.begins, zone))
    return notes


def _step(
    states: States, before: State, held: Held, after: State, attribute: bool
) -> tuple[Step, Held]:
    """What happened from one state to the next, and who is in then."""
    if not attribute:
        end = states.held(after)
        return Step(states.moved(held, end)), end
    moved_on = states.held(replace(before, clock=after.clock))
    fresh = states.held(replace(after, rules=before.rules))
    end = fresh if after.rules is before.rules else states.held(after)
    causes: dict[Cause, Moved] = {
        "clock": states.moved(held, moved_on),
        "data": states.moved(moved_on, fresh),
        "rules": states.moved(fresh, end),
    }
    return Step(states.moved(held, end), causes), end
