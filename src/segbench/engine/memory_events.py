"""The reference engine's answer for the events of one contact."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Protocol, assert_never

from segbench.engine.memory_values import inside, local, missing, value_true, values_match
from segbench.model.moments import Bounds
from segbench.plan.atoms import (
    MILLION,
    After,
    Events,
    Happened,
    Known,
    Measured,
    Within,
    comparable,
    millionths,
)
from segbench.plan.atoms import Sequence as InOrder


class Seen(Protocol):
    """An event of a contact."""

    @property
    def name(self) -> str:
        """What happened."""

    @property
    def at(self) -> dt.datetime:
        """When, naive UTC."""

    @property
    def properties(self) -> Mapping[str, Any]:
        """What is known of it."""


def happened(atom: Happened, seen: Sequence[Seen]) -> bool:
    """Whether the events happened often enough."""
    return len(chosen(atom.events, atom.bounds, atom.after, seen)) >= atom.times


def measured(atom: Measured, seen: Sequence[Seen]) -> bool:
    """Whether the figure of the events passes the test; never where there is none."""
    events = chosen(atom.events, atom.bounds, atom.after, seen)
    if atom.measure in ("sum", "average", "share"):
        return _summed(atom, events)
    figure = figure_of(atom, events)
    return figure is not None and value_true(atom.test, {"": figure})


def in_order(atom: InOrder, seen: Sequence[Seen]) -> bool:
    """Whether the steps happened one after another, and the missing one did not follow."""
    return any(
        _ends_well(atom, chain[0], chain[-1], seen)
        for chain in _chains(atom.steps, atom.bounds, seen)
    )


def _ends_well(atom: InOrder, first: Seen, final: Seen, seen: Sequence[Seen]) -> bool:
    if atom.missing is None:
        return atom.within is None or final.at - first.at <= atom.within
    over = atom.until if atom.within is None else final.at + atom.within
    if over > atom.until:
        return False
    return not any(final.at < event.at <= over and fits(event, atom.missing) for event in seen)


def _chains(
    steps: tuple[Events, ...], bounds: Bounds, seen: Sequence[Seen]
) -> list[tuple[Seen, ...]]:
    """Every way in which the steps happened, each later than the one before."""
    chains: list[tuple[Seen, ...]] = [()]
    for step in steps:
        fitting = [event for event in seen if fits(event, step) and inside(event.at, bounds)]
        chains = [
            (*chain, event)
            for chain in chains
            for event in fitting
            if not chain or event.at > chain[-1].at
        ]
    return chains


def fits(event: Seen, wanted: Events) -> bool:
    """Whether the event is one of those wanted."""
    return event.name in wanted.names and values_match(wanted.where, event.properties)


def chosen(events: Events, bounds: Bounds, after: After | None, seen: Sequence[Seen]) -> list[Seen]:
    """The events that count."""
    last = _last_time(after, seen)
    return [
        event
        for event in seen
        if fits(event, events) and inside(event.at, bounds) and (last is None or event.at > last)
    ]


def _last_time(after: After | None, seen: Sequence[Seen]) -> dt.datetime | None:
    if after is None:
        return None
    times = (
        event.at
        for event in seen
        if event.at <= after.until and any(fits(event, each) for each in after.last)
    )
    return max(times, default=None)


def _summed(atom: Measured, events: Sequence[Seen]) -> bool:
    """Sums in whole millionths, so that the order of events never matters."""
    summands = _summands(atom, events)
    if not summands:
        return False
    if isinstance(atom.test, Known):
        return True
    assert isinstance(atom.test, Within)
    bounds, total = atom.test.bounds, sum(summands)
    count = 1 if atom.measure == "sum" else len(summands)
    return inside(
        total,
        Bounds(
            None if bounds.low is None else millionths(bounds.low) * count,
            None if bounds.high is None else millionths(bounds.high) * count,
            bounds.low_open,
            bounds.high_open,
        ),
    )


def _summands(atom: Measured, events: Sequence[Seen]) -> list[int]:
    """What is summed, in whole millionths."""
    if atom.measure == "share":
        assert atom.part is not None
        return [100 * MILLION * values_match(atom.part, event.properties) for event in events]
    values = (event.properties.get(atom.property) for event in events)
    return [millionths(value) for value in values if not missing(value)]


def figure(atom: Measured, seen: Sequence[Seen]) -> Any:
    """The figure of a contact's events, None where there is none; of sums as a plain number."""
    events = chosen(atom.events, atom.bounds, atom.after, seen)
    if atom.measure not in ("sum", "average", "share"):
        return figure_of(atom, events)
    summands = _summands(atom, events)
    if not summands:
        return None
    return sum(summands) / MILLION / (1 if atom.measure == "sum" else len(summands))


def figure_of(atom: Measured, events: Sequence[Seen]) -> Any:
    """The figure, or None where no event has a value for it."""
    if not events:
        return None
    times = [event.at for event in events]
    if atom.measure in ("first_time", "last_time"):
        return min(times) if atom.measure == "first_time" else max(times)
    if atom.measure.startswith("active_"):
        return len({_period(at, atom) for at in times})
    known = [
        (event.at, event.properties[atom.property])
        for event in events
        if not missing(event.properties.get(atom.property))
    ]
    if not known:
        return None
    values = [value for _, value in known]
    match atom.measure:
        case "smallest":
            return min(values)
        case "largest":
            return max(values)
        case "distinct":
            return len({_distinct(value) for value in values})
        case "first_value" | "last_value":
            edge = (min if atom.measure == "first_value" else max)(at for at, _ in known)
            return max(value for at, value in known if at == edge)
        case "sum" | "average" | "share" | "active_days" | "active_weeks" | "active_months":
            raise AssertionError(atom.measure)
        case "first_time" | "last_time":
            raise AssertionError(atom.measure)
        case _:
            assert_never(atom.measure)


def _distinct(value: Any) -> Any:
    return comparable(value, match_case=False) if isinstance(value, str) else value


def _period(at: dt.datetime, atom: Measured) -> Any:
    day = local(at, atom.zone).date()
    if atom.measure == "active_days":
        return day
    if atom.measure == "active_months":
        return day.year, day.month
    return day - dt.timedelta(days=(day.weekday() - atom.week_start) % 7)
