"""What can be asked of `population`: rules, groups, segments, drawn at random or by hypothesis.

`MAKERS` has one function per row of the operator table; a test holds it to that. Each takes `pick`,
which chooses one of several.
"""

from __future__ import annotations

import contextlib
import random
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from hypothesis import strategies as st
from population import CATALOG, EVENTS, FIELDS, SEGMENTS, TAGS
from tree_values import Pick, operands, scalar, text, window

from segbench.errors import RuleError
from segbench.model.catalog import ValueType
from segbench.model.operators import (
    HAPPENED_WINDOWS,
    OPERATORS,
    ZERO_MEASURES,
    Subject,
    operator,
    operators_of_measure,
)
from segbench.model.prebuilt import PREBUILT
from segbench.model.rules import (
    Comparison,
    EventRule,
    FieldRule,
    Group,
    Last,
    MeasureRule,
    Params,
    PrebuiltRule,
    RuleOrGroup,
    SampleRule,
    SegmentRule,
    SequenceRule,
    Step,
    TagRule,
)
from segbench.model.vocabulary import STANDARD

__all__ = ["MAKERS", "RULES", "groups", "random_group", "rules", "scalar", "text"]

Maker = Callable[[Pick], Any]
FLAGS = (False, False, False, True)
UNKNOWNS = ("default",) * 4 + ("include", "exclude")
CLOCKED = ("workspace", "workspace", "workspace", "contact")


def variants() -> list[tuple[str, dict[str, Any]]]:
    """Every pre-built segment that this population has the data for, also at other values."""
    found: list[tuple[str, dict[str, Any]]] = []
    for key, row in PREBUILT.items():
        changes: list[dict[str, Any]] = [{}]
        for param in row.params:
            changes += [{param.name: choice} for choice in param.choices]
            if param.kind == "whole":
                changes += [{param.name: int(n)} for n in (1, 7) if param.least <= n <= param.most]
            if param.kind == "field":
                changes = [{param.name: name} for name in ("country", "interests", "score")]
        for params in changes:
            with contextlib.suppress(RuleError):
                row.expand(Params(params), CATALOG, STANDARD)
                found.append((key, params))
    return found


PREBUILTS = variants()


def switches(pick: Pick) -> dict[str, Any]:
    """Whether a row is negated, enabled and has a note."""
    return {
        "negated": pick((False, False, False, True)),
        "enabled": pick((True,) * 6 + (False,)),
        "note": pick(("",) * 8 + ("why", "“x”")),
    }


def comparison(
    pick: Pick, op: str, fields: dict[str, ValueType], *, clocked: bool = True
) -> FieldRule:
    """A rule with that operator on a field whose type fits it."""
    row = operator("field", op)
    name = pick([name for name, kind in fields.items() if kind in row.types])
    kind = fields[name]
    unknown = "default" if op == "is_empty" else pick(UNKNOWNS)
    options: dict[str, Any] = {"match_case": pick(FLAGS), "unknown": unknown}
    others = [n for n, k in fields.items() if n != name and comparable_types(k, kind)]
    if row.by_field and others and pick(FLAGS):
        options["other"] = pick(others)
    elif row.shape == "window":
        options["window"] = window(pick, row.windows, kind == "date")
    else:
        options["values"] = operands(pick, row, name, kind)
    if clocked:
        options["clock"] = pick(CLOCKED)
    return FieldRule(name, op, **options, **switches(pick))


def comparable_types(one: ValueType, other: ValueType) -> bool:
    """Whether fields of these types can be compared with each other."""
    return one == other or {one, other} == {"date", "datetime"}


def tag_rule(pick: Pick, op: str) -> TagRule:
    names = (*TAGS, " vip", "nobody has this")
    tags = tuple(pick(names) for _ in range(pick((1, 2, 3))))
    when = happened(pick) if pick(FLAGS) else None
    return TagRule(op, tags, window=when, clock=pick(CLOCKED), **switches(pick))


def happened(pick: Pick) -> Any:
    return window(pick, HAPPENED_WINDOWS, False)


def where(pick: Pick, properties: dict[str, ValueType]) -> tuple[FieldRule, ...]:
    """Conditions on the properties of one event."""
    types = set(properties.values())
    ops = [key for key, row in FIELD_OPERATORS.items() if row.types & types and not row.ranked]
    count = pick((1, 1, 2)) if ops else 0
    return tuple(comparison(pick, pick(ops), properties, clocked=False) for _ in range(count))


FIELD_OPERATORS = {row.key: row for row in OPERATORS.values() if row.subject == "field"}


def step(pick: Pick) -> Step:
    name = pick(tuple(EVENTS))
    conditions = where(pick, EVENTS[name]) if pick((True, False, False)) else ()
    also = (pick(tuple(EVENTS)),) if pick(FLAGS) else ()
    return Step(name, conditions, also)


def chosen(pick: Pick, first: Step) -> dict[str, Any]:
    """Which events count."""
    return {
        "window": happened(pick) if pick((True, True, False)) else None,
        "where": first.where,
        "also": first.also,
        "since": tuple(step(pick) for _ in range(pick((0, 0, 0, 0, 1, 2)))),
        "clock": pick(CLOCKED),
        **switches(pick),
    }


def event_rule(pick: Pick, op: str) -> EventRule:
    first = step(pick)
    wanted = {"none": 0, "one": 1, "two": 2}[operator("event", op).shape]
    times = tuple(sorted(pick(range(5)) for _ in range(wanted)))
    return EventRule(first.event, op, times, **chosen(pick, first))


def measure_rule(pick: Pick, op: str) -> MeasureRule:
    row = operator("measure", op)
    with_property = {n: p for n, p in EVENTS.items() if not row.types or row.types & {*p.values()}}
    name = pick(tuple(with_property))
    properties = EVENTS[name]
    prop = pick([p for p, kind in properties.items() if kind in row.types]) if row.types else ""
    first = step(pick)
    conditions = where(pick, properties) if op == "share" or pick(FLAGS) else ()
    if op == "share" and not any(rule.enabled for rule in conditions):
        name, conditions = "page_visited", (FieldRule("page", "contains", ("p",)),)
    first = Step(name, conditions, first.also)
    kind = properties.get(prop)
    compare = measured(pick, op, prop, kind)
    return MeasureRule(name, op, compare, prop, **chosen(pick, first))


def measured(pick: Pick, op: str, prop: str, kind: ValueType | None) -> Comparison:
    row = pick(operators_of_measure(op, kind))
    never = op in ZERO_MEASURES or row.key == "is_empty"
    unknown = "default" if never else pick(UNKNOWNS)
    options = {"match_case": pick(FLAGS), "unknown": unknown}
    if row.shape == "window":
        return Comparison(row.key, (), window(pick, row.windows, kind == "date"), **options)
    if op in ("first_value", "last_value", "smallest", "largest"):
        return Comparison(row.key, operands(pick, row, prop, kind or "text"), **options)
    if op in ("first_time", "last_time"):
        return Comparison(row.key, operands(pick, row, "last_seen", "datetime"), **options)
    figures = (0, 1, 2, 3, -1, 10, 10.01, 20.01, 33.333333, 50, 100, 1e9)
    wanted = {"none": 0, "one": 1, "two": 2}[row.shape]
    return Comparison(row.key, tuple(sorted(pick(figures) for _ in range(wanted))), **options)


def sequence_rule(pick: Pick, op: str) -> SequenceRule:
    steps = tuple(step(pick) for _ in range(pick((2, 2, 3))))
    lengths = (Last(1, "days"), Last(36, "hours"), Last(30, "days"), Last(7, "days"), None)
    when = happened(pick) if pick((True, False)) else None
    return SequenceRule(steps, op, pick(lengths), when, clock=pick(CLOCKED), **switches(pick))


def segment_rule(pick: Pick, op: str) -> SegmentRule:
    return SegmentRule(pick(tuple(SEGMENTS)), op, **switches(pick))


def prebuilt_rule(pick: Pick, op: str) -> PrebuiltRule:
    name, params = pick(PREBUILTS)
    return PrebuiltRule(name, Params(params), op, **switches(pick))


def sample_rule(pick: Pick, op: str) -> SampleRule:
    low, high = sorted((pick((0, 10, 33.33, 50)), pick((0.01, 12.5, 60, 100))))
    if low == high:
        low, high = 0, 100
    return SampleRule(low, high, pick(("", "a", "ß\n")), op, **switches(pick))


_OF: dict[Subject, Callable[..., Any]] = {
    "field": lambda pick, op: comparison(pick, op, FIELDS),
    "tag": tag_rule,
    "event": event_rule,
    "measure": measure_rule,
    "sequence": sequence_rule,
    "segment": segment_rule,
    "prebuilt": prebuilt_rule,
    "sample": sample_rule,
}


def maker(subject: Subject, key: str) -> Maker:
    of = _OF[subject]
    return lambda pick: of(pick, op=key)


MAKERS: dict[tuple[Subject, str], Maker] = {key: maker(*key) for key in OPERATORS}
"""What makes a rule with each operator, by subject and key."""


def by_hypothesis(make: Maker) -> st.SearchStrategy[Any]:
    """The strategy that draws what `make` makes."""

    @st.composite
    def drawn(draw: st.DrawFn) -> Any:
        return make(lambda choices: draw(st.sampled_from(choices)))

    return drawn()


RULES: dict[tuple[Subject, str], st.SearchStrategy[Any]] = {
    key: by_hypothesis(make) for key, make in MAKERS.items()
}
"""A strategy for each operator, by subject and key."""


def any_rule(pick: Pick) -> Any:
    # Subjects evenly, or fields would be three rules of four.
    subject = pick(
        (
            "field",
            "field",
            "field",
            "tag",
            "event",
            "event",
            "measure",
            "measure",
            "sequence",
            "segment",
            "prebuilt",
            "sample",
        )
    )
    return MAKERS[pick(BY_SUBJECT[subject])](pick)


BY_SUBJECT: dict[str, list[Any]] = {
    subject: [key for key in MAKERS if key[0] == subject] for subject, _ in MAKERS
}


def group(pick: Pick, members: Maker, most: int = 4) -> Group:
    """A group of up to so many members."""
    rules = tuple(members(pick) for _ in range(pick(range(most + 1))))
    return Group(pick(("and", "or")), rules, **switches(pick))


def any_group(pick: Pick, rule: Maker = any_rule, depth: int = 3) -> Group:
    """A group of rules and, down to that depth, of groups."""

    def member(pick: Pick) -> Any:
        if depth > 1 and pick((False, True)):
            return any_group(pick, rule, depth - 1)
        return rule(pick)

    return group(pick, member, 4 if depth == 3 else 3)


def deep(pick: Pick, rule: Maker = any_rule) -> Group:
    """One rule at the bottom of a long chain of groups, alone on most floors."""
    node: RuleOrGroup = rule(pick)
    for _ in range(pick(range(1, 25))):
        node = Group(pick(("and", "or")), (node,), pick((False, True)))
    return Group(rules=(node,))


def any_segment(pick: Pick, rule: Maker = any_rule) -> Group:
    """Any valid segment: nested, negated, disabled, empty or deep."""
    return pick((any_group, any_group, partial(any_group, depth=1), deep))(pick, rule)


def random_rule(chance: random.Random) -> Any:
    """A rule drawn by that generator."""
    return any_rule(chance.choice)


def random_group(chance: random.Random, pool: Sequence[Any]) -> Group:
    """A segment drawn by that generator, of rules out of a pool."""
    return any_segment(chance.choice, lambda pick: pick(pool))


rules: st.SearchStrategy[Any] = by_hypothesis(any_rule)
"""Any valid rule."""
groups: st.SearchStrategy[Group] = by_hypothesis(any_segment)
"""Any valid segment."""


def group_of(members: st.SearchStrategy[RuleOrGroup], most: int = 4) -> st.SearchStrategy[Group]:
    """Groups of members that another strategy draws."""
    return st.builds(
        Group,
        st.sampled_from(("and", "or")),
        st.lists(members, max_size=most).map(tuple),
        st.sampled_from(FLAGS),
    )
