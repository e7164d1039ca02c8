"""What contacts did over time, and what they ordered, as segments are compared by."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING, Literal, cast
from weakref import WeakKeyDictionary

import numpy as np
import pyarrow as pa

from segbench.audience.activity import (
    Activity,
    Ledger,
    Period,
    Periods,
    Sales,
    activity,
    memberships,
)
from segbench.engine.cache import Held, Sized, SizedCache
from segbench.engine.local import LocalEngine
from segbench.engine.membership import Membership
from segbench.errors import RuleError
from segbench.lake.connection import quoted, text
from segbench.model.moments import local_day, midnight, next_day, period_days
from segbench.model.vocabulary import Vocabulary

if TYPE_CHECKING:
    from segbench.workbench.workbench import Workbench

Every = Literal["week", "month"]
PERIODS: dict[Every, int] = {"week": 26, "month": 13}
"""How many periods are looked at, the present one included."""
ENGAGEMENT = ""
"""The name that stands for all events of engagement, opens by machines left out."""
_EPOCH = np.datetime64("1970-01-01", "us")
_Kept = tuple[dt.datetime, SizedCache[Sized]]
_found: WeakKeyDictionary[LocalEngine, _Kept] = WeakKeyDictionary()
"""What was read of the events of an engine's snapshot up to a moment, as much as its sets may take:
the next segment does not read it again."""
_reading = threading.Lock()


def event_names(workbench: Workbench) -> tuple[str, ...]:
    """The events that activity can be asked of: those that the vocabulary names, then the rest."""
    words, known = workbench.settings.words, [event.name for event in workbench.catalog.events]
    named = (
        *words.engagement,
        *(words.opened, words.clicked, words.replied, words.order, words.cart, words.checkout),
    )
    return tuple(dict.fromkeys((*(name for name in named if name in known), *known)))


def activity_of(
    workbench: Workbench,
    here: Membership,
    there: Membership,
    event: str = ENGAGEMENT,
    every: Every = "week",
) -> Activity:
    """How many contacts of two sides did an event in each of the last weeks or months.

    `ENGAGEMENT` stands for any event of engagement. The last period ends at `as_of`.
    """
    if event != ENGAGEMENT:
        workbench.catalog.event(event)
    if every not in PERIODS:
        raise RuleError(f"Ask for every 'week' or 'month', not {every!r}.")
    key = ("active", event, every)
    return activity(_known(workbench, key, lambda: _active(workbench, event, every)), here, there)


def sales_of(workbench: Workbench, members: Membership) -> Sales | None:
    """The orders of some contacts up to `as_of`; None where no order is known here."""
    words = workbench.settings.words
    if words.order not in (event.name for event in workbench.catalog.events):
        return None
    return _known(workbench, ("orders",), lambda: _ledger(workbench, words)).of(members)


def _known(workbench: Workbench, key: Hashable, read: Callable[[], Held]) -> Held:
    with _reading:
        as_of, kept = _found.get(workbench.engine, (None, None))
        if kept is None or as_of != workbench.as_of:
            # What belongs to an earlier moment is asked no more.
            kept = SizedCache(workbench.settings.cache_mb.sets << 20)
            _found[workbench.engine] = workbench.as_of, kept
        found = kept.get(key)
        if found is None:
            found = read()
            kept.put(key, found)
        return cast(Held, found)


def _periods(workbench: Workbench, every: Every) -> list[Period]:
    today = local_day(workbench.as_of, workbench.zone)
    week_start = workbench.settings.first_weekday
    days = [period_days(today, every, -back, week_start) for back in range(PERIODS[every])]
    return [Period(start, end, whole=end < today) for start, end in days[::-1]]


def _active(workbench: Workbench, event: str, every: Every) -> Periods:
    periods = _periods(workbench, every)
    days = [*(period.start for period in periods), next_day(periods[-1].end)]
    starts = [midnight(day, workbench.zone) for day in days]
    edges = np.array(starts[:-1], dtype="datetime64[us]").astype(np.int64)
    where = f"{_events(workbench, event)} AND {_between(starts[0], workbench.as_of)}"
    marks = np.zeros(workbench.contacts_total, np.uint64)
    for batch in workbench.engine.snapshot.batches(
        f'SELECT ordinal, "at" FROM events WHERE {where}'
    ):
        at = batch.column("at").cast(pa.timestamp("us")).cast(pa.int64()).to_numpy()
        places = np.searchsorted(edges, at, side="right") - 1
        bits = np.uint64(1) << places.astype(np.uint64)
        np.bitwise_or.at(marks, batch.column("ordinal").to_numpy(), bits)
    return Periods(tuple(zip(periods, memberships(marks, len(periods)), strict=True)))


def _events(workbench: Workbench, event: str) -> str:
    """The condition that chooses the events."""
    if event != ENGAGEMENT:
        return f"event = {text(event)}"
    words = workbench.settings.words
    names = ", ".join(map(text, words.engagement)) or "NULL"
    condition = f"event IN ({names})"
    if workbench.engine.snapshot.property_types().get(words.machine_open) == "boolean":
        machine = quoted(words.machine_open)
        condition += f" AND NOT (event = {text(words.opened)} AND coalesce({machine}, false))"
    return condition


def _between(start: dt.datetime, end: dt.datetime) -> str:
    return f"\"at\" >= TIMESTAMP '{start}' AND \"at\" <= TIMESTAMP '{end}'"


def _ledger(workbench: Workbench, words: Vocabulary) -> Ledger:
    snapshot = workbench.engine.snapshot
    columns = "ordinal, count(*) AS orders"
    valued = snapshot.property_types().get(words.amount) == "number"
    if valued:
        amount = quoted(words.amount)
        known = f"FILTER (WHERE isfinite({amount}::DOUBLE))"
        columns += f", count({amount}) {known} AS valued, sum({amount}::DOUBLE) {known} AS amounts"
    table = snapshot.batches(
        f"SELECT {columns} FROM events WHERE event = {text(words.order)} "
        f"AND \"at\" <= TIMESTAMP '{workbench.as_of}' GROUP BY ordinal"
    ).read_all()
    ordinals, orders = (table[name].to_numpy() for name in ("ordinal", "orders"))
    if not valued:
        return Ledger(ordinals, orders)
    amounts = np.nan_to_num(table["amounts"].to_numpy().astype(np.float64), nan=0.0)
    return Ledger(ordinals, orders, table["valued"].to_numpy(), amounts)
