"""Writing one rule or group of any kind."""

from __future__ import annotations

from typing import assert_never

from segbench.model.codec import to_data
from segbench.model.operators import OPERATORS
from segbench.model.rules import (
    EventRule,
    FieldRule,
    Group,
    MeasureRule,
    PrebuiltRule,
    Rule,
    RuleOrGroup,
    SampleRule,
    SegmentRule,
    SequenceRule,
    Step,
    TagRule,
)
from segbench.model.text_form.layout import Bracket, Doc, Row
from segbench.model.text_form.phrases import EVENT_PHRASES, ONE_TAG_PHRASES, TAG_PHRASES
from segbench.model.text_form.quotes import length, named, percent, quoted, scalar, written_json
from segbench.model.text_form.words import (
    Parts,
    comparison,
    field_words,
    filled,
    joined,
    listing,
    options,
    prefix,
    since_words,
    step_words,
    window_words,
)


def root_words(root: Group) -> Doc:
    """The whole: without brackets around it where reading gives the same group without them."""
    if not _plain(root):
        return _words(root)
    if len(root.rules) > 1:
        return Bracket("", joined(root.combinator, map(_words, root.rules)), "")
    alone = root.combinator == "and" and not isinstance(root.rules[0], Group)
    return _words(root.rules[0]) if alone else _words(root)


def _plain(group: Group) -> bool:
    bare = group.enabled and not (group.negated or group.note or group.locked)
    return bool(group.rules) and bare


def _words(node: RuleOrGroup) -> Doc:
    if isinstance(node, Group):
        return Row((prefix(node), _bracket(node), *options(node)))
    if isinstance(node, FieldRule):
        return field_words(node)
    parts = _parts(node)
    if parts is None:
        return f"json {written_json(to_data(node))}"
    return Row((prefix(node), *parts, *options(node)))


def _bracket(group: Group) -> Bracket:
    told = len(group.rules) > 1 or (not group.rules and group.combinator == "and")
    opening = "(" if told else f"({group.combinator}:"
    return Bracket(opening, joined(group.combinator, map(_words, group.rules)), ")")


def _parts(rule: Rule) -> Parts | None:
    """A rule without flags and options; nothing where no phrase says exactly that."""
    if (rule.kind, rule.op) not in OPERATORS:
        return None
    match rule:
        case FieldRule():
            return comparison(rule)
        case TagRule():
            return _tag(rule)
        case EventRule():
            return _event(rule)
        case MeasureRule():
            return _measure(rule)
        case SequenceRule():
            return _sequence(rule)
        case SegmentRule():
            return (f"segment {_is(rule.op)} {quoted(rule.segment)}",)
        case PrebuiltRule():
            return _prebuilt(rule)
        case SampleRule():
            return (_sample(rule),)
        case _:
            assert_never(rule)


def _is(op: str) -> str:
    return "is not" if op == "is_not_in" else "is"


def _tag(rule: TagRule) -> Parts:
    word = "tags" if rule.op == "has_all_of" else "tag"
    one = ONE_TAG_PHRASES.get(rule.op) if len(rule.tags) == 1 else None
    tags = filled(one, rule.tags) if one else filled(TAG_PHRASES[rule.op], (rule.tags,))
    return (f"{word} ", *tags, *window_words(rule.window, "given "))


def _event(rule: EventRule) -> Parts | None:
    row = OPERATORS["event", rule.op]
    if len(rule.values) != {"none": 0, "one": 1, "two": 2}[row.shape]:
        return None
    count = filled(EVENT_PHRASES[rule.op], rule.values)
    step = step_words(Step(rule.event, rule.where, rule.also))
    return (step, " ", *count, *window_words(rule.window), *since_words(rule.since))


def _measure(rule: MeasureRule) -> Parts | None:
    compared = comparison(rule.compare)
    if compared is None:
        return None
    of = f"{named(rule.property)} of " if rule.property else ""
    step = step_words(Step(rule.event, rule.where, rule.also))
    inside = Row((of, step, *window_words(rule.window), *since_words(rule.since)))
    figure = Bracket(f"{rule.op}(", (inside,), ")")
    return (figure, " ", *compared, *options(rule.compare))


def _sequence(rule: SequenceRule) -> Parts | None:
    if not rule.steps:
        return None
    steps = [step_words(step) for step in rule.steps]
    if rule.op == "not_followed":
        steps[-1] = Row(("no ", steps[-1]))
    items = joined("then", steps)
    if rule.within is not None:
        items = (*items, f"within {length(rule.within.amount, rule.within.unit)}")
    return (Bracket("sequence(", items, ")"), *window_words(rule.window))


def _prebuilt(rule: PrebuiltRule) -> Parts:
    start = f"prebuilt {_is(rule.op)} {named(rule.prebuilt)}"
    params = [f"{named(name, ())}: {scalar(value)}" for name, value in sorted(rule.params.items())]
    return (start, listing(params)) if params else (start,)


def _sample(rule: SampleRule) -> str:
    negative = "not " if rule.op == "is_not_in" else ""
    salt = f" of {quoted(rule.salt)}" if rule.salt else ""
    return f"sample {negative}{percent(rule.low)} to {percent(rule.high)}{salt}"
