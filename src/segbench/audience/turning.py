"""When time alone will take a contact into a segment, or out of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from segbench.engine.chains import in_order_quickly
from segbench.engine.memory import Contact, true_of
from segbench.model.moments import local_day, midnight
from segbench.model.rules import Group
from segbench.plan.atoms import Atom, InShare
from segbench.plan.atoms import Sequence as InOrder
from segbench.plan.logic import fold
from segbench.plan.lower import Context, lower

DAYS = 400
HOURS = 48
_EXACT = dt.timedelta(seconds=1)

Truth = Callable[[Atom], bool]


def turning_point(
    contact: Contact, root: Group, context: Context, truth: Truth
) -> dt.datetime | None:
    """The first moment (naive UTC, to the second) at which the result differs from now's.

    Nothing new is taken to happen; what is known to come, such as an anniversary or an event dated
    ahead, does. Looked at: every hour of two days, then every midnight of 400. None where nothing
    changes at any of these; a change that is undone between two of them is not seen.
    """

    def held(at: dt.datetime) -> bool:
        logic = lower(root, replace(context, as_of=at)).root
        found = fold(logic, lambda atom: np.bool_(_true(atom, contact, truth)), lambda: np.True_)
        return bool(found)

    now = held(context.as_of)
    before = context.as_of
    for at in _moments(context):
        if held(at) is not now:
            return _between(before, at, held, now)
        before = at
    return None


def _true(atom: Atom, contact: Contact, truth: Truth) -> bool:
    # Where a contact stands among all others is a matter of the data, not of time.
    if isinstance(atom, InShare):
        return truth(atom)
    # The reference engine tries every chain, which takes minutes for a contact with many visits.
    if isinstance(atom, InOrder):
        return in_order_quickly(atom, contact.events)
    return true_of(atom, contact, (contact,))


def _moments(context: Context) -> Iterator[dt.datetime]:
    for hour in range(1, HOURS + 1):
        yield context.as_of + dt.timedelta(hours=hour)
    first = local_day(context.as_of, context.zone) + dt.timedelta(days=3)
    for number in range(DAYS):
        yield midnight(first + dt.timedelta(days=number), context.zone)


def _between(
    low: dt.datetime, high: dt.datetime, held: Callable[[dt.datetime], bool], now: bool
) -> dt.datetime:
    """The first second at which the result is the other one, between two moments."""
    while high - low > _EXACT:
        middle = low + (high - low) / 2
        if held(middle) is now:
            low = middle
        else:
            high = middle
    return high
