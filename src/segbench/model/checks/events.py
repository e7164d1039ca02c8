"""What is wrong with one rule about events: how often, which figure, in what order."""

from __future__ import annotations

from collections.abc import Iterator

from segbench.model.catalog import Catalog, EventType, ValueType
from segbench.model.checks.values import Found, value_issues, window_issues
from segbench.model.operators import (
    HAPPENED_WINDOWS,
    ZERO_MEASURES,
    measured_type,
    operator,
)
from segbench.model.rules import EventRule, FieldRule, MeasureRule, SequenceRule, Step
from segbench.model.windows import DAYS_OF, MOST_DAYS, UNITS
from segbench.model.wording import cut

MOST_TIMES = 1_000_000_000
MOST_STEPS = 8
MOST_CONDITIONS = 50
LARGEST_FIGURE = 10**12
NEVER_EMPTY = "This figure is 0, not empty, where nothing happened."
UNCHOSEN: Found = ("hint", "unfinished", "Choose an event.")


def event_issues(rule: EventRule, catalog: Catalog) -> Iterator[Found]:
    """What is wrong with a rule about how often events happened."""
    if _unchosen((Step(rule.event, (), rule.also), *rule.since)):
        yield UNCHOSEN
        return
    _events(Step(rule.event, (), rule.also), catalog)
    row = operator("event", rule.op)
    wanted = {"none": 0, "one": 1, "two": 2}[row.shape]
    if rule.values and not wanted:
        yield "error", "wrong", f"“{row.label}” takes no number."
    elif len(rule.values) != wanted:
        yield "hint", "unfinished", "Enter how many times."
    elif wrong := [times for times in rule.values if type(times) is not int]:
        message = f"How many times must be a whole number, not {cut(wrong[0])}."
        yield "error", "wrong-type", message
    elif any(times < 0 or times > MOST_TIMES for times in rule.values):
        yield "error", "out-of-range", f"How many times must be 0 to {MOST_TIMES:,}."
    elif wanted == 2 and rule.values[0] > rule.values[1]:
        yield "error", "swapped-bounds", "The first number is larger than the second."
    yield from _choice_issues(rule, catalog)


def measure_issues(rule: MeasureRule, catalog: Catalog) -> Iterator[Found]:
    """What is wrong with a rule about a figure taken from events."""
    if _unchosen((Step(rule.event, (), rule.also), *rule.since)):
        yield UNCHOSEN
        return
    events = _events(Step(rule.event, (), rule.also), catalog)
    row = operator("measure", rule.op)
    kind: ValueType | None = None
    if row.types:
        if not rule.property:
            yield "hint", "unfinished", "Choose a property."
            return
        kind = events[0].property(rule.property).type
        if kind not in row.types:
            yield "error", "wrong-type", f"“{row.label}” does not apply to a {kind} property."
            return
    elif rule.property:
        yield "error", "wrong", f"“{row.label}” takes no property."
        return
    if rule.op == "share" and not any(condition.enabled for condition in rule.where):
        yield "hint", "unfinished", "Add a condition: a share is of the events that meet it."
    yield from _compare_issues(rule, measured_type(rule.op, kind))
    yield from _choice_issues(rule, catalog)


def _compare_issues(rule: MeasureRule, kind: ValueType) -> Iterator[Found]:
    test = rule.compare
    compared = FieldRule("", test.op, test.values, test.window, test.match_case, test.unknown)
    if rule.op in ZERO_MEASURES and test.op in ("is_empty", "is_not_empty"):
        yield "error", "wrong-operator", NEVER_EMPTY
        return
    if rule.op in ZERO_MEASURES and test.unknown in ("include", "exclude"):
        yield "error", "wrong", NEVER_EMPTY
        return
    wrong = False
    for issue in value_issues(compared, lambda _: kind, ranked=False):
        wrong = True
        yield issue
    if wrong:
        return
    summed = rule.op in ("sum", "average", "share")
    numbers = (value for value in test.values if isinstance(value, (int, float)))
    if summed and any(abs(value) > LARGEST_FIGURE for value in numbers):
        yield "error", "out-of-range", f"The number must lie within ±{LARGEST_FIGURE:,}."


def sequence_issues(rule: SequenceRule, catalog: Catalog) -> Iterator[Found]:
    """What is wrong with a sequence of events."""
    operator("sequence", rule.op)
    if not 2 <= len(rule.steps) <= MOST_STEPS:
        yield "error", "wrong", f"A sequence has 2 to {MOST_STEPS} steps, not {len(rule.steps)}."
        return
    if _unchosen(rule.steps):
        yield UNCHOSEN
        return
    for step in rule.steps:
        yield from _step_issues(step, catalog)
    if rule.within is not None:
        amount, unit = rule.within.amount, rule.within.unit
        if unit not in UNITS:
            yield "error", "wrong-unit", f"There is no unit {cut(unit)}."
        elif unit in ("months", "years"):
            yield "error", "wrong-unit", "Write how long a sequence may take in weeks or shorter."
        elif type(amount) is not int:
            yield "error", "wrong-type", f"A length of time is a whole number, not {cut(amount)}."
        elif amount < 1:
            yield "hint", "unfinished", "Enter a length of time of at least 1."
        elif amount > MOST_DAYS / DAYS_OF[unit]:
            yield "error", "out-of-range", "A sequence takes at most about 1,000 years."
    if rule.window is not None:
        yield from window_issues(rule.window, HAPPENED_WINDOWS, "datetime")


def _choice_issues(rule: EventRule | MeasureRule, catalog: Catalog) -> Iterator[Found]:
    """What is wrong with the events that a rule chooses."""
    if rule.window is not None:
        yield from window_issues(rule.window, HAPPENED_WINDOWS, "datetime")
    yield from _step_issues(Step(rule.event, rule.where, rule.also), catalog)
    if len(rule.since) > MOST_STEPS:
        yield "error", "too-many", f"At most {MOST_STEPS} events can end a count."
    for step in rule.since:
        yield from _step_issues(step, catalog)


def _step_issues(step: Step, catalog: Catalog) -> Iterator[Found]:
    events = _events(step, catalog)

    def type_of(name: str) -> ValueType:
        for event in events:
            if any(known.name == name for known in event.properties):
                return event.property(name).type
        return events[0].property(name).type

    if len(step.where) > MOST_CONDITIONS or len(step.also) > MOST_CONDITIONS:
        yield "error", "too-many", f"An event has at most {MOST_CONDITIONS} conditions or others."
        return
    for condition in step.where:
        if not condition.enabled:
            continue
        if not condition.field:
            yield "hint", "unfinished", "Choose a property for the condition."
        elif condition.clock != "workspace":
            yield "error", "wrong", "Whose clock is meant is said for the whole row."
        else:
            yield from value_issues(condition, type_of, ranked=False)


def _unchosen(steps: tuple[Step, ...]) -> bool:
    return not all(name for step in steps for name in (step.event, *step.also))


def _events(step: Step, catalog: Catalog) -> tuple[EventType, ...]:
    """The event types of a step; `UnknownName` where one does not exist."""
    return tuple(catalog.event(name) for name in (step.event, *step.also))
