"""Values for which atoms are as they should be, found by trying some."""

from __future__ import annotations

import datetime as dt
import itertools
import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from segbench.model.moments import Bounds
from segbench.plan.atoms import (
    ItemHas,
    ItemIs,
    Items,
    PartIn,
    TextHas,
    TextIs,
    TextLength,
    Within,
)
from segbench.plan.texts import TextAtom, spellings, text_holds

MOST_TRIED = 20_000
_TICK = dt.timedelta(microseconds=1)
_DAY = dt.timedelta(days=1)


def bounds_hold(bounds: Bounds, value: Any) -> bool:
    """Whether the value lies within."""
    low: Any = bounds.low
    high: Any = bounds.high
    if low is not None and (value <= low if bounds.low_open else value < low):
        return False
    return high is None or bool(value < high if bounds.high_open else value <= high)


def numbers(model: Mapping[Within, bool]) -> Any:
    """A number in all intervals that it should be in and in no other."""
    ends = sorted({float(end) for atom in model for end in _ends(atom)})
    between = [(low + high) / 2 for low, high in itertools.pairwise(ends)]
    # One more is not always more: between large floats there is none.
    beside = [math.nextafter(end, way) for end in ends for way in (-math.inf, math.inf)]
    beyond = [ends[0] - 1, ends[-1] + 1] if ends else [0.0]
    return _first([*ends, *between, *beyond, *beside], model)


def times(model: Mapping[Within | PartIn, bool], kind: str) -> Any:
    """A date or an instant in all intervals and with all parts that it should have."""
    ends: set[Any] = {end for atom in model if isinstance(atom, Within) for end in _ends(atom)}
    step = _DAY if kind == "date" else _TICK
    start: Any = dt.date(2024, 1, 1) if kind == "date" else dt.datetime(2024, 1, 1)
    near = [value + n * step for value in sorted(ends) for n in (-1, 0, 1)] or [start]
    hours = range(1 if kind == "date" else 24)
    days = (
        value + dt.timedelta(days=day, hours=hour)
        for value in near
        for day in range(400)
        for hour in hours
    )
    return _first(itertools.chain(near, itertools.islice(days, MOST_TRIED)), model)


def texts(model: Mapping[TextAtom, bool]) -> str | None:
    """A text that is and has what it should."""
    tried = itertools.islice(_texts(model), MOST_TRIED)
    return next(
        (text for text in tried if all(text_holds(a, text) is on for a, on in model.items())), None
    )


def items(model: Mapping[ItemIs | ItemHas | Items, bool]) -> list[str]:
    """Items that are among what they should be, one for each atom, and among nothing else."""
    found: list[str] = []
    unwanted = {v for a, on in model.items() if isinstance(a, ItemIs) and not on for v in a.values}
    for atom, on in model.items():
        if on and isinstance(atom, ItemIs):
            found += [value for value in atom.values if value not in unwanted][:1]
        elif on and isinstance(atom, ItemHas):
            found.append(atom.part)
    sizes = {atom: on for atom, on in model.items() if isinstance(atom, Items)}
    filler = "•" * (1 + max((len(value) for value in [*found, *unwanted]), default=0))
    kept = list(dict.fromkeys(found)) or [filler]
    for _ in range(1_000):
        if all(bounds_hold(atom.bounds, len(kept)) is on for atom, on in sizes.items()):
            break
        kept.append(filler)
    return kept


def _texts(model: Mapping[TextAtom, bool]) -> Iterator[str]:
    for atom in model:
        if isinstance(atom, TextIs):
            for value in atom.values:
                yield value
                yield from () if atom.match_case else (*spellings(value), value.upper())
    has = [atom for atom, on in model.items() if on and isinstance(atom, TextHas)]
    has.sort(key=lambda atom: -len(atom.part))
    start = next((atom.part for atom in has if atom.where == "start"), "")
    end = next((atom.part for atom in has if atom.where == "end"), "")
    inside = "".join(atom.part for atom in has if atom.where == "anywhere")
    sizes = {int(end) for atom in model if isinstance(atom, TextLength) for end in _ends(atom)}
    for filler, size in itertools.product("•x", (0, *(n + d for n in sizes for d in (-1, 0, 1)))):
        for text in (start, end, start + end, start + inside + end):
            fill = filler * min(max(1, size - len(text)), 100_000)
            yield text or fill
            yield start + inside + fill + end


def _ends(atom: Within | TextLength | Items) -> tuple[Any, ...]:
    return tuple(e for e in (atom.bounds.low, atom.bounds.high) if e is not None)


def _first(values: Iterable[Any], model: Mapping[Any, bool]) -> Any:
    for value in values:
        if all(_holds(atom, value) is wanted for atom, wanted in model.items()):
            return value
    return None


def _holds(atom: Within | PartIn, value: Any) -> bool:
    if isinstance(atom, Within):
        return bounds_hold(atom.bounds, value)
    at = value
    if isinstance(value, dt.datetime):
        at = value.replace(tzinfo=dt.UTC).astimezone(ZoneInfo(atom.zone))
    parts = {"weekday": at.weekday(), "month": at.month, "month_day": 100 * at.month + at.day}
    if isinstance(at, dt.datetime):
        parts["hour"] = at.hour
    return parts[atom.part] in atom.values
