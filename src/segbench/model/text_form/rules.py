"""Reading one rule of any kind."""

from __future__ import annotations

from dataclasses import replace

from segbench.model.rules import (
    Comparison,
    EventRule,
    MeasureRule,
    Params,
    PrebuiltRule,
    Rule,
    SampleRule,
    Scalar,
    SegmentRule,
    SequenceRule,
    Step,
    TagRule,
)
from segbench.model.text_form.clauses import (
    HAPPENED,
    SAID,
    WORDS,
    read_clauses,
    read_field,
    read_json,
    read_step,
)
from segbench.model.text_form.cursor import Cursor
from segbench.model.text_form.phrases import EVENT, FIELD, FUNCTIONS, TAG
from segbench.model.text_form.slots import choose, read_length, read_list, read_scalar, read_text
from segbench.model.windows import Last

_BEFORE_COUNT = ("than", "least", "most", "and", "to")
_COUNTED = ("time", "times", "once", "twice")
_VALUES = ("field", "true", "false")


def read_rule(cursor: Cursor) -> Rule:
    """Reads a rule without `not` and `disabled`."""
    match cursor.peek().word:
        case "tag" | "tags":
            return _tag(cursor)
        case "segment":
            return _segment(cursor)
        case "prebuilt":
            return _prebuilt(cursor)
        case "sample":
            return _sample(cursor)
        case "json":
            return read_json(cursor)
        case "(":
            return _event(cursor, read_step(cursor))
        case "sequence" if cursor.peek(1).word == "(":
            return _sequence(cursor)
        case "and" | "or" | "no":
            cursor.misses("a rule")
    if cursor.peek(1).word == "(":
        return _measure(cursor)
    if cursor.peek(1).word == "where":
        return _event(cursor, read_step(cursor))
    name = cursor.name("a rule")
    return _event(cursor, Step(name)) if _counts(cursor) else read_field(cursor, name)


def _counts(cursor: Cursor) -> bool:
    """Whether how often something happened comes next, and no comparison of a value."""
    word = cursor.peek().word
    if cursor.peek().kind == "number" or word in _COUNTED:
        return True
    if not word or word not in EVENT:
        return False
    if word not in FIELD:
        return True
    ahead = 1
    while cursor.peek(ahead).word in _BEFORE_COUNT or cursor.peek(ahead).kind == "number":
        ahead += 1
    after = cursor.peek(ahead)
    if word == "at" and after.kind == "word":
        return after.word not in (*WORDS, *_VALUES)
    return after.word in _COUNTED


def _tag(cursor: Cursor) -> TagRule:
    cursor.take()
    what = "how the tag is compared, such as is, is any of"
    op, (tags,) = choose(cursor, TAG, what)
    clauses = read_clauses(cursor, ("given", "clock", *SAID))
    return TagRule(op, (tags,) if isinstance(tags, str) else tags, **clauses)


def _event(cursor: Cursor, step: Step) -> EventRule:
    what = "how often it happened, such as happened, at least 3 times"
    op, counts = choose(cursor, EVENT, what)
    if op == "more_than":
        op, counts = "at_least", [counts[0] + 1]
    elif op == "fewer_than":
        op, counts = "at_most", [counts[0] - 1]
    rule = EventRule(step.event, op, tuple(counts), where=step.where, also=step.also)
    return replace(rule, **read_clauses(cursor, HAPPENED))


def _measure(cursor: Cursor) -> MeasureRule:
    op = FUNCTIONS.get(cursor.peek().word)
    if op is None:
        cursor.misses("a figure, such as sum or last_time", words=(*FUNCTIONS, "sequence"))
    figure = cursor.take().value
    cursor.needs("(")
    asked = cursor.peek(1).word == "of"
    name = cursor.name("the name of a property") if asked else ""
    if asked:
        cursor.needs("of")
    step = read_step(cursor)
    inside = read_clauses(cursor, ("window", "since"))
    cursor.needs(")")
    token = cursor.peek()
    test = read_field(cursor, str(figure))
    if test.other:
        cursor.refuses("a figure is compared with values, not with a field.", token)
    compare = Comparison(test.op, test.values, test.window, test.match_case, test.unknown)
    rule = MeasureRule(step.event, op, compare, name, where=step.where, also=step.also)
    return replace(rule, clock=test.clock, note=test.note, locked=test.locked, **inside)


def _sequence(cursor: Cursor) -> SequenceRule:
    cursor.needs("sequence", "(")
    op, steps, within = "in_order", [], None
    while True:
        op = "not_followed" if cursor.accepts("no") else "in_order"
        steps.append(read_step(cursor))
        if op == "not_followed" and cursor.sees("then"):
            cursor.refuses("“no” can stand before the last step only.")
        if not cursor.accepts("then"):
            break
    if cursor.accepts("within"):
        within = Last(*read_length(cursor))
    if not cursor.accepts(")"):
        cursor.misses("“then”", "“within”", "“)”", words=("then", "within", "where"))
    rule = SequenceRule(tuple(steps), op, within)
    return replace(rule, **read_clauses(cursor, ("window", "clock", *SAID)))


def _is_in(cursor: Cursor) -> str:
    """Reads `is` or `is not`."""
    cursor.needs("is")
    return "is_not_in" if cursor.accepts("not") else "is_in"


def _segment(cursor: Cursor) -> SegmentRule:
    cursor.take()
    op = _is_in(cursor)
    cursor.accepts("in")
    return SegmentRule(read_text(cursor), op, **read_clauses(cursor, SAID))


def _prebuilt(cursor: Cursor) -> PrebuiltRule:
    cursor.take()
    op = _is_in(cursor)
    key = cursor.name("the name of a pre-built segment")
    params: dict[str, Scalar] = {}
    if cursor.sees("("):
        read_list(cursor, lambda at: _param(at, params))
    return PrebuiltRule(key, Params(params), op, **read_clauses(cursor, SAID))


def _param(cursor: Cursor, known: dict[str, Scalar]) -> None:
    """Reads a parameter into those that are known."""
    token = cursor.peek()
    name = cursor.name("the name of a parameter")
    if name in known:
        cursor.refuses("this parameter is there twice.", token)
    cursor.needs(":")
    known[name] = read_scalar(cursor)


def _sample(cursor: Cursor) -> SampleRule:
    cursor.take()
    op = "is_not_in" if cursor.accepts("not") else "is_in"
    low = _edge(cursor)
    cursor.needs("to")
    high = _edge(cursor)
    salt = read_text(cursor) if cursor.accepts("of") else ""
    return SampleRule(low, high, salt, op, **read_clauses(cursor, SAID))


def _edge(cursor: Cursor) -> float:
    token = cursor.peek()
    value = cursor.of_kind(("number",), "a number and “%”")
    cursor.needs("%")
    try:
        return float(value)
    except OverflowError:
        cursor.refuses("this number is too large.", token)
