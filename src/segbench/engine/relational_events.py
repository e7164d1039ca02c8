"""Atoms about events as Ibis tables of ordinals: how often, which figure, in what order."""

from __future__ import annotations

import datetime as dt
from functools import reduce
from operator import and_, or_
from typing import TYPE_CHECKING, Any

from segbench.engine.relational_values import (
    comparable,
    inside,
    local,
    matching,
    predicate,
    present,
    within,
)
from segbench.model.moments import Bounds
from segbench.plan.atoms import (
    LARGEST_SUMMAND,
    MILLION,
    After,
    Events,
    Happened,
    Known,
    Measured,
    Sequence,
    Within,
    millionths,
)
from segbench.plan.logic import Everyone

if TYPE_CHECKING:
    import ibis


def happened(atom: Happened, events: ibis.Table) -> ibis.Table:
    """The contacts to whom the events happened often enough."""
    found = occurrences(atom, events)
    if atom.times <= 1:
        return found
    counted = found.group_by("ordinal").aggregate(times=found.count())
    return counted.filter(counted["times"] >= atom.times).select("ordinal")


def occurrences(atom: Happened, events: ibis.Table) -> ibis.Table:
    """The contact of each of the events that count, as often as they happened to it."""
    return _chosen(atom.events, atom.bounds, atom.after, events).select("ordinal")


def moments(wanted: Events, after: After | None, events: ibis.Table) -> ibis.Table:
    """Whenever such an event happened, or only after the last of others: ordinal and time."""
    return _chosen(wanted, Bounds(), after, events).select("ordinal", "at")


def measured(atom: Measured, events: ibis.Table) -> ibis.Table:
    """The contacts of whose events the figure passes the test."""
    found = _chosen(atom.events, atom.bounds, atom.after, events)
    if atom.measure in ("sum", "average", "share"):
        return _summed(atom, found)
    if atom.measure in ("first_value", "last_value"):
        found = _edge_values(atom, found)
        figure = found["value"].max()
    else:
        found, figure = _figure(atom, found)
    table = found.group_by("ordinal").aggregate(value=figure)
    return table.filter(predicate(atom.test, table, "value")).select("ordinal")


def in_order(atom: Sequence, events: ibis.Table) -> ibis.Table:
    """The contacts whose steps happened one after another, the missing one not following.

    One pass per step: where it happened, `start` is the latest time at which a chain of the steps
    so far began. Nothing can come after a latest time that an earlier one could not.
    """
    import ibis

    flags = {f"step{number}": _all(_is(step, events)) for number, step in enumerate(atom.steps)}
    timely = within(events["at"], atom.bounds)
    columns: dict[str, Any] = {name: timely & flag for name, flag in flags.items()}
    if atom.missing is not None:
        past = within(events["at"], Bounds(high=atom.until))
        columns["missing"] = past & _all(_is(atom.missing, events))
    table = events.filter(reduce(or_, columns.values())).select("ordinal", "at", **columns)
    # Ranks, so that "before" leaves out what happened at the same instant.
    table = table.mutate(rank=ibis.dense_rank().over(group_by="ordinal", order_by="at"))
    start: Any = table["step0"].ifelse(table["at"], ibis.null("timestamp"))
    table = table.mutate(start=start)
    before = ibis.range_window(group_by="ordinal", order_by="rank", preceding=(None, 1))
    for number in range(1, len(atom.steps)):
        earlier = table["start"].max().over(before)
        reached = table[f"step{number}"].ifelse(earlier, ibis.null("timestamp"))
        table = table.mutate(start=reached)
    return _ended(atom, table).select("ordinal")


def _ended(atom: Sequence, table: ibis.Table) -> ibis.Table:
    """The rows at which a chain of all steps ends as it should."""
    import ibis

    length = None if atom.within is None else _interval(atom.within)
    if atom.missing is None:
        ends = table.filter(table["start"].notnull())
        return ends if length is None else ends.filter(ends["at"] - length <= ends["start"])
    later = ibis.range_window(group_by="ordinal", order_by="rank", following=(1, None))
    missing = table["missing"].ifelse(table["at"], ibis.null("timestamp"))
    table = table.mutate(missing_at=missing).mutate(
        next=lambda t: t["missing_at"].min().over(later)
    )
    ends = table.filter(table["start"].notnull())
    if length is None:
        return ends.filter(ends["next"].isnull())
    until = ibis.timestamp(atom.until)
    over = ends.filter(ends["at"] + length <= until)
    return over.filter(over["next"].isnull() | (over["next"] > over["at"] + length))


def _interval(length: dt.timedelta) -> Any:
    import ibis

    return ibis.interval(seconds=length.days * 86_400 + length.seconds)


def _chosen(wanted: Events, bounds: Bounds, after: After | None, events: ibis.Table) -> ibis.Table:
    """The events that count."""
    found = events.filter([*_is(wanted, events), *inside(events["at"], bounds)])
    if after is None:
        return found
    ends = reduce(or_, (_all(_is(each, events)) for each in after.last))
    # Properties may have any name, so the columns that are joined to them get unused ones.
    owner, last = _unused(("owner", "last"), events.columns)
    ended = events.filter([ends, *inside(events["at"], Bounds(high=after.until))])
    lasts = ended.group_by("ordinal").aggregate(**{last: ended["at"].max()})
    lasts = lasts.rename({owner: "ordinal"})
    joined = found.left_join(lasts, found["ordinal"] == lasts[owner])
    later = joined[last].isnull() | (joined["at"] > joined[last])
    return joined.filter(later).select(*events.columns)


def _unused(names: tuple[str, ...], columns: tuple[str, ...]) -> list[str]:
    """The names, each with as many underscores as make it none of the columns."""
    # DuckDB does not tell columns apart by case.
    taken = {column.lower() for column in columns}
    found = []
    for name in names:
        while name in taken:
            name += "_"
        found.append(name)
    return found


def _is(wanted: Events, events: ibis.Table) -> list[Any]:
    names = events["event"]
    named = names == wanted.names[0] if len(wanted.names) == 1 else names.isin(wanted.names)
    where = [] if isinstance(wanted.where, Everyone) else [matching(wanted.where, events)]
    return [named, *where]


def _all(tests: list[Any]) -> Any:
    return reduce(and_, tests)


def _summed(atom: Measured, found: ibis.Table) -> ibis.Table:
    """Sums in whole millionths, which no order of addition changes.

    An average is at least t where the sum of the differences from t is at least 0.
    """
    import ibis

    if atom.measure == "share":
        assert atom.part is not None
        # A column, since a part that is always true would be one number, which has no sum.
        found = found.mutate(part=matching(atom.part, found))
        whole = found["part"].ifelse(100 * MILLION, 0).cast("int64")
    else:
        found = found.filter(present(found[atom.property]))
        whole = _millionths(found[atom.property].cast("float64"))
    if isinstance(atom.test, Known):
        return found.select("ordinal")
    assert isinstance(atom.test, Within)
    bounds = atom.test.bounds
    edges = [
        (ibis.literal(millionths(edge), "int64"), lower)
        for edge, lower in ((bounds.low, True), (bounds.high, False))
        if edge is not None
    ]
    if atom.measure == "sum":
        sums = [(whole.sum(), edge, lower) for edge, lower in edges]
    else:
        sums = [((whole - edge).sum(), ibis.literal(0), lower) for edge, lower in edges]
    named = {f"sum{number}": total for number, (total, _, _) in enumerate(sums)}
    table = found.group_by("ordinal").aggregate(**named)
    tests = [
        _beyond(table[f"sum{number}"], edge, lower, bounds)
        for number, (_, edge, lower) in enumerate(sums)
    ]
    return table.filter(tests).select("ordinal")


def _beyond(total: Any, edge: Any, lower: bool, bounds: Bounds) -> Any:
    if lower:
        return total > edge if bounds.low_open else total >= edge
    return total < edge if bounds.high_open else total <= edge


def _millionths(value: Any) -> Any:
    """`memory_events.millionths` of a floating number."""
    edge = float(LARGEST_SUMMAND)
    return (value.clip(-edge, edge) * float(MILLION)).round().cast("int64")


def _figure(atom: Measured, found: ibis.Table) -> tuple[ibis.Table, Any]:
    """The events that have a value for the figure, and the figure as an aggregate of them."""
    if atom.measure in ("first_time", "last_time"):
        at = found["at"]
        return found, at.min() if atom.measure == "first_time" else at.max()
    if atom.measure in ("active_days", "active_weeks", "active_months"):
        return found, _period(found["at"], atom).nunique()
    value = found[atom.property]
    found = found.filter(predicate(Known(atom.property, atom.type), found))
    if atom.measure == "distinct":
        if atom.type == "text":
            return found, comparable(value, match_case=False).nunique()
        # -0.0 and 0.0 are one number.
        return found, (value + 0.0 if value.type().is_floating() else value).nunique()
    return found, value.min() if atom.measure == "smallest" else value.max()


def _period(at: Any, atom: Measured) -> Any:
    """A number or day that is the same for all instants of one local day, week or month."""
    day = local(at, atom.zone).date()
    if atom.measure == "active_days":
        return day
    if atom.measure == "active_months":
        return day.year().cast("int64") * 12 + day.month()
    return (day - _days((day.day_of_week.index() - atom.week_start + 7) % 7)).cast("date")


def _days(count: Any) -> Any:
    return count.cast("int64").as_interval("D")


def _edge_values(atom: Measured, found: ibis.Table) -> ibis.Table:
    """The events with a value at the contact's first or last time of one: ordinal, value."""
    known = found.filter(predicate(Known(atom.property, atom.type), found))
    known = known.select("ordinal", "at", value=known[atom.property])
    at = known["at"]
    edge = at.min() if atom.measure == "first_value" else at.max()
    edges = known.group_by("ordinal").aggregate(edge=edge)
    joined = known.inner_join(edges, "ordinal")
    return joined.filter(joined["at"] == joined["edge"]).select("ordinal", "value")
