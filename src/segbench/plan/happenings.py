"""From rules about events to logic: how often, which figure, in what order."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from segbench.errors import UnknownName
from segbench.model.catalog import Catalog, ValueType
from segbench.model.moments import Bounds, length_of
from segbench.model.operators import ZERO_MEASURES, measured_type
from segbench.model.rules import EventRule, FieldRule, MeasureRule, SequenceRule, Step
from segbench.plan.atoms import (
    After,
    Atom,
    Events,
    Happened,
    Known,
    Measure,
    Measured,
    Sequence,
    ValueAtom,
    Within,
)
from segbench.plan.fields import happened_bounds, value_logic
from segbench.plan.logic import (
    AllOf,
    AnyOf,
    Everyone,
    Leaf,
    Logic,
    Not,
    Nothing,
    all_of,
    any_of,
    complement,
)
from segbench.plan.values import Moment


def event_logic(rule: EventRule, catalog: Catalog, moment: Moment) -> Logic[Atom]:
    """The logic of an event rule over "at least k times" atoms."""
    events, bounds, after = event_choice(rule, catalog, moment)

    def at_least(times: int) -> Logic[Atom]:
        return all_of(()) if times <= 0 else Leaf(Happened(events, times, bounds, after))

    match rule.op, rule.values:
        case "did", _:
            return at_least(1)
        case "did_not", _:
            return complement(at_least(1))
        case "at_least", (times,):
            return at_least(times)
        case "at_most", (times,):
            return complement(at_least(times + 1))
        case "exactly", (times,):
            return all_of((at_least(times), complement(at_least(times + 1))))
        case "between", (low, high):
            return all_of((at_least(low), complement(at_least(high + 1))))
        case _:
            raise UnknownName("event operator", rule.op)


def event_choice(
    rule: EventRule | MeasureRule, catalog: Catalog, moment: Moment
) -> tuple[Events, Bounds, After | None]:
    """The events that a rule counts: which, when, and after the last of which others."""
    events = step_events(Step(rule.event, rule.where, rule.also), catalog, moment)
    return events, happened_bounds(rule.window, moment), _after(rule, catalog, moment)


def measure_logic(rule: MeasureRule, catalog: Catalog, moment: Moment) -> Logic[Atom]:
    """The logic of a figure's comparison, over atoms that are false where nothing happened."""
    frame = measure_frame(rule, catalog, moment)
    kind = frame.test.type if isinstance(frame.test, Known) else "number"
    compare = rule.compare
    test = FieldRule(
        "", compare.op, compare.values, compare.window, compare.match_case, compare.unknown
    )
    logic = value_logic(test, lambda _: kind, moment)
    return _measured(logic, frame, zero=rule.op in ZERO_MEASURES)


def measure_frame(rule: MeasureRule, catalog: Catalog, moment: Moment) -> Measured:
    """The figure of a rule, its test only whether there is one."""
    events, bounds, after = event_choice(rule, catalog, moment)
    part: Logic[ValueAtom] | None = None
    if rule.op == "share":
        events, part = replace(events, where=Everyone()), events.where
    prop = catalog.event(rule.event).property(rule.property).type if rule.property else None
    kind = measured_type(rule.op, prop)
    # The days of a first or last time are local ones; only days and weeks that are counted
    # depend on the zone otherwise.
    counted = rule.op.startswith("active_")
    return Measured(
        events,
        cast(Measure, rule.op),
        rule.property,
        prop or kind,
        Known("", kind),
        bounds,
        after,
        moment.zone.key if counted else "",
        moment.week_start if rule.op == "active_weeks" else 0,
        part,
    )


def sequence_logic(rule: SequenceRule, catalog: Catalog, moment: Moment) -> Logic[Atom]:
    """The logic of a sequence: one atom."""
    steps = tuple(step_events(step, catalog, moment) for step in rule.steps)
    within = length_of(rule.within) if rule.within is not None else None
    bounds = happened_bounds(rule.window, moment)
    if rule.op == "in_order":
        return Leaf(Sequence(steps, bounds, within, None, moment.as_of))
    if rule.op == "not_followed":
        return Leaf(Sequence(steps[:-1], bounds, within, steps[-1], moment.as_of))
    raise UnknownName("sequence operator", rule.op)


def step_events(step: Step, catalog: Catalog, moment: Moment) -> Events:
    """The events of a step; each property is looked up in the first event that has it."""
    types = [catalog.event(name) for name in (step.event, *step.also)]

    def type_of(name: str) -> ValueType:
        for event in types:
            for known in event.properties:
                if known.name == name:
                    return known.type
        return types[0].property(name).type

    where = all_of(
        complement(logic) if condition.negated else logic
        for condition in step.where
        if condition.enabled
        for logic in (value_logic(condition, type_of, moment),)
    )
    return Events(tuple(sorted({event.name for event in types})), where)


def _after(rule: EventRule | MeasureRule, catalog: Catalog, moment: Moment) -> After | None:
    if not rule.since:
        return None
    steps = {step_events(step, catalog, moment): None for step in rule.since}
    return After(tuple(sorted(steps, key=repr)), moment.as_of)


def _measured(logic: Logic[ValueAtom], frame: Measured, zero: bool) -> Logic[Atom]:
    """The logic of the comparison with each of its atoms asked of the figure."""
    match logic:
        case Everyone() | Nothing():
            return logic
        case Leaf(atom):
            return _zero_based(atom, frame) if zero else Leaf(replace(frame, test=atom))
        case Not(inner):
            return complement(_measured(inner, frame, zero))
        case AllOf(parts):
            return all_of(_measured(part, frame, zero) for part in parts)
        case AnyOf(parts):
            return any_of(_measured(part, frame, zero) for part in parts)


def _zero_based(atom: ValueAtom, frame: Measured) -> Logic[Atom]:
    """The atom over a figure that is 0 where nothing happened.

    A test that 0 passes is asked as the complement of what lies below and above.
    """
    if isinstance(atom, Known):
        return Everyone()
    assert isinstance(atom, Within)
    bounds = atom.bounds
    if not _holds_zero(bounds):
        return Leaf(replace(frame, test=atom))
    outside: list[Logic[Atom]] = []
    if bounds.low is not None:
        below = Bounds(high=bounds.low, high_open=not bounds.low_open)
        outside.append(Leaf(replace(frame, test=replace(atom, bounds=below))))
    if bounds.high is not None:
        above = Bounds(low=bounds.high, low_open=not bounds.high_open)
        outside.append(Leaf(replace(frame, test=replace(atom, bounds=above))))
    return complement(any_of(outside))


def _holds_zero(bounds: Bounds) -> bool:
    low, high = cast("tuple[float | None, float | None]", (bounds.low, bounds.high))
    above = low is None or low < 0 or (low == 0 and not bounds.low_open)
    return above and (high is None or high > 0 or (high == 0 and not bounds.high_open))
