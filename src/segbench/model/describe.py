"""Sentences: what a rule, a group or a segment asks, exactly, in words."""

from __future__ import annotations

from typing import assert_never

from segbench.errors import SegbenchError
from segbench.model.catalog import EventType, ValueType
from segbench.model.codec import DEEPEST, deeper_than
from segbench.model.operators import ZERO_MEASURES, Operator, measured_type, operator
from segbench.model.prebuilt import sentence
from segbench.model.rules import (
    EventRule,
    FieldRule,
    Group,
    MeasureRule,
    PrebuiltRule,
    RuleOrGroup,
    SampleRule,
    Scalar,
    SegmentRule,
    SequenceRule,
    Step,
    TagRule,
)
from segbench.model.wording import PLAIN as PLAIN
from segbench.model.wording import Wording as Wording
from segbench.model.wording import (
    cut,
    hour,
    known_event,
    known_field,
    known_property,
    length,
    listed,
    padded,
    window_phrase,
)
from segbench.model.wording import quoted as quoted

NOBODY = "Nobody: add a filter."


def describe(root: Group, wording: Wording = PLAIN) -> str:
    """The whole segment as one sentence; disabled members are not in it."""
    words = phrase(root, wording, outermost=True)
    return f"Contacts where {words}." if words else NOBODY


def phrase(node: RuleOrGroup, wording: Wording = PLAIN, *, outermost: bool = False) -> str:
    """A rule or group in words, with brackets that match the tree; empty where it is ignored."""
    if deeper_than(2 * DEEPEST, node):
        return f"(groups nested more than {DEEPEST} deep)"
    return _phrase(node, wording, outermost)


def _phrase(node: RuleOrGroup, wording: Wording, outermost: bool = False) -> str:
    if not node.enabled and not outermost:
        return ""
    if isinstance(node, Group):
        return _group(node, wording, outermost)
    words = label(node, wording)
    return f"not ({words})" if node.negated else words


def label(rule: RuleOrGroup, wording: Wording = PLAIN) -> str:
    """A rule in words, without its own NOT; a group as `phrase` gives it."""
    match rule:
        case FieldRule():
            return _clocked(rule, _field(rule, wording, *known_field(rule.field, wording)))
        case TagRule():
            return _clocked(rule, _tag(rule, wording))
        case EventRule():
            return _clocked(rule, _event(rule, wording))
        case MeasureRule():
            return _clocked(rule, _measure(rule, wording))
        case SequenceRule():
            return _clocked(rule, _sequence(rule, wording))
        case SegmentRule():
            return f"{_operator('segment', rule.op).phrase} {quoted(rule.segment)}"
        case PrebuiltRule():
            return _prebuilt(rule)
        case SampleRule():
            return _sample(rule)
        case Group():
            return _group(rule, wording, outermost=True)
        case _:
            assert_never(rule)


def _clocked(rule: FieldRule | TagRule | EventRule | MeasureRule | SequenceRule, words: str) -> str:
    return f"{words} (in each contact's time zone)" if rule.clock == "contact" else words


def _group(group: Group, wording: Wording, outermost: bool) -> str:
    parts = [words for rule in group.rules if (words := _phrase(rule, wording))]
    if not parts:
        return ""
    joined = f" {group.combinator} ".join(parts)
    if group.negated:
        return f"not ({joined})"
    return joined if outermost or len(parts) == 1 else f"({joined})"


def _field(rule: FieldRule, wording: Wording, name: str, kind: ValueType | None) -> str:
    if not rule.field:
        return "(no field chosen yet)"
    other = known_field(rule.other, wording)[0] if rule.other else ""
    return f"{name} {_comparison(rule, wording, kind, other)}"


def _comparison(
    rule: FieldRule,
    wording: Wording,
    kind: ValueType | None,
    other: str = "",
    *,
    zero: bool = False,
) -> str:
    """How a value is compared, in words: the part after its name; `zero` where none is empty."""
    row = _operator("field", rule.op)
    show = hour if row.takes == "hour" else None
    names = row.takes in ("weekday", "month")
    values = tuple(map(_capital, rule.values)) if names else rule.values
    verb = row.phrase.format(
        *((other, other) if other else padded(values, show)),
        list=listed(values, bare=names),
        all=listed(values, "all of"),
        window=window_phrase(rule.window, wording, kind),
        length=length(rule.window, bare=False),
    )
    suffix = " (matching case)" if rule.match_case else ""
    return _counted(row, rule.values, verb) + suffix + ("" if zero else _emptiness(rule, row))


def _emptiness(rule: FieldRule, row: Operator) -> str:
    """Where those without a value go, said where it is not what one expects."""
    if row.negates and rule.op != "is_empty" and rule.unknown != "exclude":
        return " (either empty included)" if rule.other else " (empty included)"
    if not row.negates and rule.unknown == "include":
        return " or either is empty" if rule.other else " or is empty"
    if rule.op == "is_empty" and rule.unknown == "exclude":
        return " but not empty"
    return ""


def _counted(row: Operator, values: tuple[Scalar, ...], words: str) -> str:
    """One item, one character; other numbers in the plural."""
    if row.takes != "count" or values != (1,):
        return words
    words = words.replace("1 to 1 items", "1 items")
    return words.replace("1 items", "1 item").replace("1 characters", "1 character")


def _capital(value: Scalar) -> str:
    return (value if isinstance(value, str) else cut(value)).capitalize()


def _tag(rule: TagRule, wording: Wording) -> str:
    row = _operator("tag", rule.op)
    if rule.window is not None:
        return f"{_given(rule)}{_when(rule, wording)}"
    return row.phrase.format(list=listed(rule.tags), all=listed(rule.tags, "all of"))


def _given(rule: TagRule) -> str:
    row = _operator("tag", rule.op)
    several = "all of the tags" if rule.op == "has_all_of" else "any of the tags"
    one = "the tag " if len(rule.tags) <= 1 else ""
    verb = "contact was not given" if row.negates else "contact was given"
    unknown = f" ({cut(rule.op)} is an unknown operator)" if row.label == row.key else ""
    return f"{verb} {one}{listed(rule.tags, several)}{unknown}"


def _when(rule: TagRule | EventRule | MeasureRule | SequenceRule, wording: Wording) -> str:
    if rule.window is None:
        return ""
    return f" {window_phrase(rule.window, wording, 'datetime')}"


def _event(rule: EventRule, wording: Wording) -> str:
    words = _operator("event", rule.op).phrase.format(*padded(rule.values))
    if len(rule.values) == 2 and rule.values[0] == rule.values[1]:
        words = words.replace(f"{quoted(rule.values[0])} to ", "", 1)
    if set(rule.values) == {1}:
        words = words.replace("1 times", "1 time")
    step = _step(Step(rule.event, rule.where, rule.also), wording)
    return f"{step} {words}{_when(rule, wording)}{_since(rule, wording)}"


def _since(rule: EventRule | MeasureRule, wording: Wording) -> str:
    if not rule.since:
        return ""
    return f" since the last {' or '.join(_step(step, wording) for step in rule.since)}"


def _step(step: Step, wording: Wording) -> str:
    """Events in words, with their conditions."""
    event = known_event(step.event, wording)
    where = _where(step, wording, event)
    names = " or ".join(_event_name(name, wording) for name in (step.event, *step.also))
    both = f"({names})" if step.also else names
    return f"{both} with {where}" if where else both


def _where(step: Step, wording: Wording, event: EventType | None) -> str:
    shown = []
    for part in step.where:
        if part.enabled:
            name, kind = known_property(part.field, event)
            other = known_property(part.other, event)[0] if part.other else ""
            text = f"{name} {_comparison(part, wording, kind, other)}" if part.field else "…"
            shown.append(f"not ({text})" if part.negated else text)
    return " and ".join(shown)


def _event_name(name: str, wording: Wording) -> str:
    event = known_event(name, wording)
    return (event.label if event and event.label else name) or "(no event chosen yet)"


def _measure(rule: MeasureRule, wording: Wording) -> str:
    event = known_event(rule.event, wording)
    name, kind = known_property(rule.property, event) if rule.property else ("…", None)
    whole = Step(rule.event, (), rule.also)
    figure = _operator("measure", rule.op).phrase.format(
        property=name,
        events=_step(Step(rule.event, rule.where, rule.also), wording),
        all_events=_step(whole, wording),
    )
    test = rule.compare
    compared = FieldRule("", test.op, test.values, test.window, test.match_case, test.unknown)
    zero = rule.op in ZERO_MEASURES
    words = _comparison(compared, wording, measured_type(rule.op, kind), zero=zero)
    nothing = " (0 where nothing happened)" if zero else ""
    return f"{figure}{_when(rule, wording)}{_since(rule, wording)} {words}{nothing}"


def _sequence(rule: SequenceRule, wording: Wording) -> str:
    steps = [_step(step, wording) for step in rule.steps] or ["…"]
    limit = f" within {length(rule.within, bare=False)}" if rule.within is not None else ""
    if rule.op == "not_followed":
        happened = ", then ".join(steps[:-1]) or "…"
        return f"{happened} happened{_when(rule, wording)}, but no {steps[-1]} after it{limit}"
    return f"{', then '.join(steps)} happened{_when(rule, wording)}{limit}"


def _prebuilt(rule: PrebuiltRule) -> str:
    try:
        words = f"contact {sentence(rule)}"
    except SegbenchError:
        return f"{rule.prebuilt} (unknown pre-built segment)"
    if rule.op != "is_not_in":
        return words
    is_not = words.replace("contact is ", "contact is not ", 1)
    return is_not if is_not != words else f"not ({words})"


def _sample(rule: SampleRule) -> str:
    salt = f" of draw {quoted(rule.salt)}" if rule.salt else ""
    words = f"the sample from {_edge(rule.low)} % to {_edge(rule.high)} %{salt}"
    return f"{_operator('sample', rule.op).phrase.removesuffix('the sample')}{words}"


def _edge(edge: float) -> str:
    try:
        return f"{edge:g}"
    except (TypeError, ValueError, OverflowError):
        return cut(edge)


def _operator(subject: str, key: str) -> Operator:
    name = key if isinstance(key, str) else cut(key)
    try:
        return operator(subject, name)  # type: ignore[arg-type]
    except SegbenchError:
        shown = name.replace("{", "{{").replace("}", "}}") or "…"
        return Operator(subject, key, key, "none", f"{shown} (unknown operator)")  # type: ignore[arg-type]
