"""What rules about `population` compare with: values that occur, near misses, windows."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Sequence
from typing import Any

from population import AWKWARD, CLOCKS, POOLS, TICK, TIMES, ZONE

from segbench.model.catalog import ValueType
from segbench.model.moments import local_day
from segbench.model.operators import MONTHS, WEEKDAYS, Operator
from segbench.model.windows import PERIODS, Ago, Between, Calendar, Last, Next, Since, Until, Window
from segbench.plan.atoms import BLANKS

Pick = Callable[[Sequence[Any]], Any]
"""Chooses one of several: at random, or by hypothesis."""

DAYS = sorted({local_day(at, clock.zone) for at in TIMES for clock in CLOCKS})
PATTERNS = (
    *("^a", "a.b", "b$", "e$", "[0-9]+", ".", "s{2}", "(?i)ZO"),
    *("é|ß", "\\.", "^\\S+$", "\\bde\\b", "ı|İ"),
)


def values_of(name: str) -> list[Any]:
    """The values that a field or property has in the population; of a list, its items."""
    drawn = list(POOLS[name])
    for contact in AWKWARD:
        sources = (contact.fields, *(event.properties for event in contact.events))
        drawn += [source[name] for source in sources if source.get(name) is not None]
    return [item for value in drawn for item in (value if isinstance(value, tuple) else (value,))]


KNOWN = {name: values_of(name) for name in POOLS}


def text(pick: Pick, name: str) -> str:
    """A value of a text field: as it is, in another case, padded, cut or missed by a letter."""
    value: str = pick([v for v in KNOWN[name] if v.strip()])
    change = pick(range(8))
    if change == 1:
        value = value.swapcase()
    elif change == 2:
        value = value.upper()
    elif change == 3:
        value = pick(BLANKS) + value + pick(BLANKS)
    elif change == 4:
        start = pick(range(len(value)))
        value = value[start : pick(range(start + 1, len(value) + 1))]
    elif change == 5:
        value += pick("xé%_")
    return value if value.strip() else "x"


def scalar(pick: Pick, name: str, kind: ValueType) -> Any:
    """A value as a rule of that type takes it: one that occurs, or a near miss."""
    if kind in ("text", "list"):
        return text(pick, name)
    known = [v for v in KNOWN[name] if not isinstance(v, float) or math.isfinite(v)]
    if kind == "number":
        value = pick(known)
        return pick((value, value + 1, math.nextafter(value, math.inf)))
    if kind == "date":
        return (pick(known) + dt.timedelta(pick((-1, 0, 1)))).isoformat()
    return pick(moments(pick(known)))


def moments(at: dt.datetime) -> tuple[str, ...]:
    """An instant as a rule may write it: with offset, local, as a day, and a tick later."""
    local = at.replace(tzinfo=dt.UTC).astimezone(ZONE)
    return (
        at.replace(tzinfo=dt.UTC).isoformat(),
        (at + TICK).replace(tzinfo=dt.UTC).isoformat(),
        local.replace(tzinfo=None).isoformat(),
        local.date().isoformat(),
    )


def operands(pick: Pick, row: Operator, name: str, kind: ValueType) -> tuple[Any, ...]:
    """What stands after an operator on a field of that type."""
    match row.takes:
        case "pattern":
            return (pick(PATTERNS),)
        case "count":
            return (pick((1, 2, 3, 4, 5, 8)),)
        case "percent":
            return (pick((0.0001, 1, 10, 12.5, 33.3333, 50, 99.9999)),)
        case "weekday":
            return tuple(sorted({pick(WEEKDAYS) for _ in range(pick((1, 2)))}))
        case "month":
            return tuple(sorted({pick(MONTHS) for _ in range(pick((1, 2)))}))
        case "hour":
            return pick(((0, 12), (9, 17), (22, 6), (23, 24), (12, 0), (0, 1)))
    if row.shape == "many":
        return tuple(text(pick, name) for _ in range(pick((1, 1, 2, 4))))
    if row.shape == "one":
        return (scalar(pick, name, kind),)
    if row.shape == "two":
        # Instants in order of their text, which the check of swapped bounds is content with.
        return tuple(sorted((scalar(pick, name, kind), scalar(pick, name, kind))))
    return ()


def window(pick: Pick, kinds: Sequence[str], days_only: bool) -> Window:
    """A window on whose edges things happen."""
    days = ((1, "days"), (2, "days"), (7, "days"), (30, "days"), (365, "days"), (1, "weeks"))
    months = ((1, "months"), (3, "months"), (1, "years"), (6, "years"))
    hours = () if days_only else ((24, "hours"), (36, "hours"), (90, "minutes"), (720, "hours"))
    amount, unit = pick((*days, *months, *hours))
    match pick(kinds):
        case "last":
            return Last(amount, unit)
        case "next":
            return Next(amount, unit)
        case "ago":
            return Ago(amount, amount + pick((1, 7, 30)), unit)
        case "calendar":
            return Calendar(pick(PERIODS), pick((-2, -1, -1, 0, 0, 1)))
        case "since":
            return Since(pick(DAYS).isoformat())
        case "until":
            return Until(pick(DAYS).isoformat())
        case _:
            pair = sorted((pick(DAYS), pick(DAYS)))
            return Between(pair[0].isoformat(), pair[1].isoformat())
