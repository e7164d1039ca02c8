"""Hypothesis strategies for what can be asked of `population`: rules, groups, segments.

`RULES` has one strategy per row of the operator table; a test holds it to that.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st
from population import (
    AWKWARD,
    EVENTS,
    FIELDS,
    POOLS,
    SEGMENTS,
    TAGS,
    TICK,
    TIMES,
    ZONE,
)

from segbench.model.catalog import ValueType
from segbench.model.operators import Shape, Subject, operator
from segbench.model.rules import (
    EventRule,
    FieldRule,
    Group,
    Params,
    PrebuiltRule,
    RuleOrGroup,
    SegmentRule,
    TagRule,
)
from segbench.model.windows import Between, Last, Next, Window, local_day
from segbench.plan.atoms import BLANKS

TEXT_FIELDS = [name for name, kind in FIELDS.items() if kind == "text"]
DAYS = sorted({local_day(at, ZONE) for at in TIMES})
mostly = st.sampled_from
on = mostly([True] * 5 + [False])
off = on.map(lambda flag: not flag)
unknowns = mostly(["default"] * 4 + ["include", "exclude"])


def values_of(name: str) -> list[Any]:
    """The values that a field or property has in the population."""
    drawn = list(POOLS[name])
    for contact in AWKWARD:
        sources = (contact.fields, *(event.properties for event in contact.events))
        drawn += [source[name] for source in sources if source.get(name) is not None]
    return drawn


def texts(name: str) -> st.SearchStrategy[str]:
    """A value of a text field: as it is, in another case, padded, cut or missed by a letter."""

    @st.composite
    def drawn(draw: st.DrawFn) -> str:
        value: str = draw(mostly([v for v in values_of(name) if v.strip()]))
        change = draw(st.integers(0, 7))
        if change == 1:
            value = value.swapcase()
        elif change == 2:
            value = value.upper()
        elif change == 3:
            value = draw(mostly(BLANKS)) + value + draw(mostly(BLANKS))
        elif change == 4:
            start = draw(st.integers(0, len(value) - 1))
            value = value[start : draw(st.integers(start + 1, len(value)))]
        elif change == 5:
            value += draw(mostly("xé%_"))
        return value if value.strip() else "x"

    return drawn()


def scalars(name: str, kind: ValueType) -> st.SearchStrategy[Any]:
    """A value as a rule of that type takes it: one that occurs, or a near miss."""
    if kind == "text":
        return texts(name)
    known = [v for v in values_of(name) if not isinstance(v, float) or math.isfinite(v)]
    if kind == "number":
        near = [*known, *(v + 1 for v in known), *(math.nextafter(v, math.inf) for v in known)]
        return mostly(near)
    if kind == "date":
        return mostly([(v + dt.timedelta(n)).isoformat() for v in known for n in (-1, 0, 1)])
    return mostly([text for v in known for text in moments(v)])


def moments(at: dt.datetime) -> tuple[str, ...]:
    """An instant as a rule may write it: with offset, local, as a day, and a tick later."""
    local = at.replace(tzinfo=dt.UTC).astimezone(ZONE)
    return (
        at.replace(tzinfo=dt.UTC).isoformat(),
        (at + TICK).replace(tzinfo=dt.UTC).isoformat(),
        local.replace(tzinfo=None).isoformat(),
        local.date().isoformat(),
    )


def ordered(values: Sequence[Any]) -> tuple[Any, ...]:
    """Two values, the lower first; instants by their day, which keeps the check content."""
    return tuple(sorted(values))


def rolling(kind: type[Last] | type[Next], days_only: bool) -> st.SearchStrategy[Window]:
    """Rolling windows on whose edges things happen."""
    choices = [(1, "days"), (2, "days"), (7, "days"), (30, "days"), (1, "weeks"), (365, "days")]
    if not days_only:
        choices += [(24, "hours"), (36, "hours"), (90, "minutes"), (720, "hours")]
    return mostly(choices).map(lambda choice: kind(*choice))  # type: ignore[arg-type]


def between() -> st.SearchStrategy[Window]:
    return st.lists(mostly(DAYS), min_size=2, max_size=2).map(
        lambda pair: Between(min(pair).isoformat(), max(pair).isoformat())
    )


@st.composite
def comparison(draw: st.DrawFn, op: str, fields: dict[str, ValueType]) -> FieldRule:
    """A rule with that operator on a field whose type fits it."""
    row = operator("field", op)
    name = draw(mostly([name for name, kind in fields.items() if kind in row.types]))
    kind = fields[name]
    values: tuple[Any, ...] = ()
    window = None
    if row.shape == "window":
        window = draw(rolling(Next if op == "in_next" else Last, kind == "date"))
    elif row.shape == "many":
        values = tuple(draw(st.lists(texts(name), min_size=1, max_size=4)))
    elif row.shape == "one":
        values = (draw(scalars(name, kind)),)
    elif row.shape == "two":
        values = ordered([draw(scalars(name, kind)), draw(scalars(name, kind))])
    return FieldRule(name, op, values, window, draw(off), draw(unknowns), draw(off), draw(on))


def fields(op: str) -> st.SearchStrategy[FieldRule]:
    return comparison(op, FIELDS)


def tags(op: str) -> st.SearchStrategy[TagRule]:
    names = st.lists(mostly([*TAGS, " vip", "nobody has this"]), min_size=1, max_size=3)
    return st.builds(TagRule, st.just(op), names.map(tuple), off, on)


@st.composite
def events(draw: st.DrawFn, op: str) -> EventRule:
    name = draw(mostly(list(EVENTS)))
    counts: dict[Shape, int] = {"none": 0, "one": 1, "two": 2}
    wanted = counts[operator("event", op).shape]
    times = st.lists(st.integers(0, 4), min_size=wanted, max_size=wanted)
    where: tuple[FieldRule, ...] = ()
    properties = EVENTS[name]
    if properties and draw(st.booleans()):
        fitting = [
            key
            for (subject, key) in RULES
            if subject == "field" and operator("field", key).types & set(properties.values())
        ]
        ops = draw(st.lists(mostly(fitting), min_size=1, max_size=2))
        where = tuple(draw(comparison(key, properties)) for key in ops)
    window = draw(st.none() | rolling(Last, False) | between())
    return EventRule(name, op, tuple(sorted(draw(times))), window, where, draw(off), draw(on))


def segments(op: str) -> st.SearchStrategy[SegmentRule]:
    return st.builds(SegmentRule, mostly(list(SEGMENTS)), st.just(op), off, on)


def prebuilts(op: str) -> st.SearchStrategy[PrebuiltRule]:
    params = mostly([Params(), Params(days=1), Params(days=7), Params(days=30)])
    return st.builds(PrebuiltRule, st.just("engaged"), params, st.just(op), off, on)


RULES: dict[tuple[Subject, str], st.SearchStrategy[Any]] = {
    ("field", "is_any_of"): fields("is_any_of"),
    ("field", "is_none_of"): fields("is_none_of"),
    ("field", "contains"): fields("contains"),
    ("field", "does_not_contain"): fields("does_not_contain"),
    ("field", "starts_with"): fields("starts_with"),
    ("field", "does_not_start_with"): fields("does_not_start_with"),
    ("field", "ends_with"): fields("ends_with"),
    ("field", "does_not_end_with"): fields("does_not_end_with"),
    ("field", "at_least"): fields("at_least"),
    ("field", "at_most"): fields("at_most"),
    ("field", "greater_than"): fields("greater_than"),
    ("field", "less_than"): fields("less_than"),
    ("field", "equals"): fields("equals"),
    ("field", "does_not_equal"): fields("does_not_equal"),
    ("field", "in_last"): fields("in_last"),
    ("field", "not_in_last"): fields("not_in_last"),
    ("field", "in_next"): fields("in_next"),
    ("field", "before"): fields("before"),
    ("field", "after"): fields("after"),
    ("field", "on"): fields("on"),
    ("field", "between"): fields("between"),
    ("field", "not_between"): fields("not_between"),
    ("field", "is_true"): fields("is_true"),
    ("field", "is_false"): fields("is_false"),
    ("field", "is_not_empty"): fields("is_not_empty"),
    ("field", "is_empty"): fields("is_empty"),
    ("tag", "has_any_of"): tags("has_any_of"),
    ("tag", "has_all_of"): tags("has_all_of"),
    ("tag", "has_none_of"): tags("has_none_of"),
    ("event", "did"): events("did"),
    ("event", "did_not"): events("did_not"),
    ("event", "at_least"): events("at_least"),
    ("event", "at_most"): events("at_most"),
    ("event", "exactly"): events("exactly"),
    ("event", "between"): events("between"),
    ("segment", "is_in"): segments("is_in"),
    ("segment", "is_not_in"): segments("is_not_in"),
    ("prebuilt", "is_in"): prebuilts("is_in"),
    ("prebuilt", "is_not_in"): prebuilts("is_not_in"),
}
"""A strategy for each operator, by subject and key. A new operator needs a new line here."""

rules: st.SearchStrategy[Any] = st.deferred(lambda: mostly(list(RULES)).flatmap(RULES.get))
"""Any valid rule."""


def group_of(members: st.SearchStrategy[RuleOrGroup], most: int = 4) -> st.SearchStrategy[Group]:
    return st.builds(
        Group, mostly(["and", "or"]), st.lists(members, max_size=most).map(tuple), off, on
    )


@st.composite
def deep(draw: st.DrawFn) -> Group:
    """One rule at the bottom of a long chain of groups, alone on most floors."""
    node: RuleOrGroup = draw(rules)
    for _ in range(draw(st.integers(1, 24))):
        node = Group(draw(mostly(["and", "or"])), (node,), draw(off))
    return Group(rules=(node,))


groups: st.SearchStrategy[Group] = st.one_of(
    group_of(rules), group_of(rules | group_of(rules | group_of(rules, 3), 3), 4), deep()
)
"""Any valid segment: nested, negated, disabled, empty or deep."""
