"""Rows as the builder makes them: about a new subject, or under another operator."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from segbench.errors import EditError
from segbench.model.catalog import Catalog, EventType, ValueType
from segbench.model.operators import (
    OPERATORS,
    ZERO_MEASURES,
    measured_type,
    operator,
    operators_for,
    operators_of_measure,
)
from segbench.model.prebuilt import prebuilt
from segbench.model.rules import (
    Comparison,
    EventRule,
    FieldRule,
    MeasureRule,
    Params,
    PrebuiltRule,
    Rule,
    SampleRule,
    SegmentRule,
    SequenceRule,
    Step,
    TagRule,
)
from segbench.model.windows import Ago, Calendar, Last, Next, Unit, Window

UNFINISHED = FieldRule("", "")
"""A row before anybody chose what it asks."""
HAPPENED = ("event", "measure", "sequence")
"""Rows that turn into one another with their operator."""
_Happened = EventRule | MeasureRule | SequenceRule


def chosen(subject: object, name: str, catalog: Catalog) -> Rule:
    """A new rule about a subject, with its first operator and no value yet."""
    match subject:
        case "field":
            first = operators_for("field", catalog.field(name).type)[0]
            window = window_for(first.windows, None) if first.windows else None
            return FieldRule(name, first.key, window=window)
        case "tag":
            return TagRule("has_any_of", (name,) if name else ())
        case "event":
            return EventRule(catalog.event(name).name, window=Last(30))
        case "sequence":
            return SequenceRule((Step(catalog.event(name).name if name else ""), Step("")))
        case "segment":
            return SegmentRule(name)
        case "prebuilt":
            row = prebuilt(name)
            return PrebuiltRule(name, Params({param.name: param.default for param in row.params}))
        case "sample":
            return SampleRule(0, 10)
        case _:
            raise EditError(f"A rule cannot be about {subject!r:.60}.")


def under_operator(rule: Rule, subject: object, key: str, catalog: Catalog) -> Rule:
    """The rule under another operator; what fits that operator too stays as it is."""
    if subject != rule.kind:
        if subject not in HAPPENED or not isinstance(rule, _Happened):
            raise EditError(f"A row about a {rule.kind} has no operators of a {subject!r:.60}.")
        return _turned(rule, str(subject), key, catalog)
    row = operator(rule.kind, key)
    old = OPERATORS.get((rule.kind, rule.op))
    same = old is not None and (old.shape, old.takes) == (row.shape, row.takes)
    match rule:
        case EventRule():
            return replace(rule, op=key, values=rule.values if same else _times(row.shape))
        case FieldRule():
            other = rule.other if row.by_field else ""
            values = rule.values if same and not (rule.other and not other) else ()
            window = window_for(row.windows, rule.window) if row.windows else None
            # "Is empty, but leave the empty ones out" contradicts itself.
            kept = "default" if key == "is_empty" and rule.unknown == "exclude" else rule.unknown
            return replace(rule, op=key, values=values, other=other, window=window, unknown=kept)
        case MeasureRule():
            return _measured(rule, key, catalog)
        case _:
            return replace(rule, op=key)


def window_for(kinds: tuple[str, ...], window: Window | None) -> Window:
    """A window of the first of the kinds, as near to the given one as may be."""
    if window is not None and window.kind in kinds:
        return window
    amount, unit = _length(window)
    match kinds[0]:
        case "next":
            return Next(amount, unit)
        case "ago":
            return Ago(amount, 2 * amount, unit)
        case "calendar":
            return Calendar("day")
        case _:
            return Last(amount, unit)


def _length(window: Window | None) -> tuple[int, Unit]:
    match window:
        case Last(amount, unit) | Next(amount, unit) | Ago(_, amount, unit):
            return amount, unit
        case _:
            return 30, "days"


def _times(shape: str) -> tuple[int, ...]:
    return {"one": (1,), "two": (1, 5)}.get(shape, ())


def _turned(rule: _Happened, subject: str, key: str, catalog: Catalog) -> Rule:
    """The events of the row asked in another way: how often, which figure, or what came then."""
    row = operator(subject, key)  # type: ignore[arg-type]
    first, since = _events_of(rule)
    shared: dict[str, Any] = {
        name: getattr(rule, name)
        for name in ("window", "clock", "note", "negated", "enabled", "locked")
    }
    chosen: dict[str, Any] = {"where": first.where, "also": first.also, "since": since, **shared}
    match subject:
        case "sequence":
            return SequenceRule((first, Step("")), key, **shared)
        case "event":
            return EventRule(first.event, key, _times(row.shape), **chosen)
        case _:
            return _measured(MeasureRule(first.event, "", Comparison(""), **chosen), key, catalog)


def _events_of(rule: _Happened) -> tuple[Step, tuple[Step, ...]]:
    if isinstance(rule, SequenceRule):
        return (rule.steps[0] if rule.steps else Step("")), ()
    return Step(rule.event, rule.where, rule.also), rule.since


def _measured(rule: MeasureRule, key: str, catalog: Catalog) -> MeasureRule:
    """The rule about another figure; its property and comparison stay where they fit."""
    row = operator("measure", key)
    types = _property_types(rule.event, catalog)
    fitting = [name for name, kind in types.items() if kind in row.types]
    kept = rule.property if row.types else ""
    name = rule.property if rule.property in fitting else (fitting or [kept])[0]
    before = measured_type(rule.op, types.get(rule.property)) if rule.op else None
    tests = operators_of_measure(key, types.get(name))
    test = rule.compare
    if before != measured_type(key, types.get(name)) or test.op not in (t.key for t in tests):
        first = tests[0]
        test = Comparison(first.key, (), window_for(first.windows, None) if first.windows else None)
    if key in ZERO_MEASURES:
        test = replace(test, unknown="default")
    return replace(rule, op=key, property=name, compare=test)


def _property_types(event: str, catalog: Catalog) -> dict[str, ValueType]:
    known: EventType | None = next((e for e in catalog.events if e.name == event), None)
    return {prop.name: prop.type for prop in known.properties} if known else {}
