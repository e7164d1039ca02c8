"""Sequences of one contact in one pass: the reference engine's answer, not trying every way."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import attrgetter

from segbench.engine.memory_events import Seen, fits
from segbench.engine.memory_values import inside
from segbench.plan.atoms import Sequence as InOrder


def in_order_quickly(atom: InOrder, seen: Sequence[Seen]) -> bool:
    """Whether the steps happened one after another, and the missing one did not follow."""
    ordered = sorted(seen, key=attrgetter("at"))
    if atom.missing is None:
        return any(
            atom.within is None or end - start <= atom.within
            for start, end in _chains(atom, ordered)
        )
    missing = [event.at for event in ordered if fits(event, atom.missing)]
    for _, end in _chains(atom, ordered):
        over = atom.until if atom.within is None else end + atom.within
        if over <= atom.until and not any(end < at <= over for at in missing):
            return True
    return False


def _chains(atom: InOrder, ordered: list[Seen]) -> Iterator[tuple[dt.datetime, dt.datetime]]:
    """When chains of all steps end, each with the latest time at which it can have begun."""
    starts: list[dt.datetime | None] = [None] * len(atom.steps)
    for at, together in groupby(ordered, key=attrgetter("at")):
        if not inside(at, atom.bounds):
            continue
        events = list(together)
        before = list(starts)
        for number, step in enumerate(atom.steps):
            if any(fits(event, step) for event in events):
                start = at if number == 0 else before[number - 1]
                old = starts[number]
                if start is not None and (old is None or start > old):
                    starts[number] = start
                if number == len(starts) - 1 and start is not None:
                    yield start, at
