"""The laws of the text form: reading turns writing around, for any rules and any text."""

from __future__ import annotations

import json
from typing import Any

import trees
from hypothesis import example, given
from hypothesis import strategies as st

from segbench.model.codec import group_from_data, to_data
from segbench.model.operator_table import MONTHS, WEEKDAYS
from segbench.model.operators import OPERATORS, Subject
from segbench.model.rules import (
    Comparison,
    EventRule,
    FieldRule,
    Group,
    MeasureRule,
    Params,
    PrebuiltRule,
    RuleOrGroup,
    SampleRule,
    SegmentRule,
    SequenceRule,
    Step,
    TagRule,
    as_group,
)
from segbench.model.text import TextError, parse, write
from segbench.model.text_form.phrases import FUNCTIONS
from segbench.model.text_form.quotes import RESERVED
from segbench.model.windows import (
    PERIODS,
    UNITS,
    Ago,
    Between,
    Calendar,
    Last,
    Next,
    Since,
    Until,
)

WORDS = [
    *("country", "email_opened", "cart-updated", "a.b", "größe", "Or", "Straße", "_", "x1"),
    *("is", "in", "last", "of", "then", "to", "field", "happened", "did", "where", "since", "note"),
    "locked",
    *("within", "days", "at", "between", "true", "sequence", "unknown", "given", "matching"),
    *sorted(RESERVED),
    *sorted(FUNCTIONS),
    *('odd "name"', "a`b", "a\\b", "", " ", "1a", "a b", "a\nb", "\u202e", "\\`", "\x00", "😀"),
]
names = st.sampled_from(WORDS) | st.text(max_size=6)
texts = st.text(max_size=12) | st.sampled_from(["“x”", '\\"', "'", "# no comment", "2026-01-01"])
wholes = st.integers(-3, 40) | st.integers()
scalars: st.SearchStrategy[Any] = st.one_of(
    st.booleans(), wholes, st.floats(allow_nan=False, allow_infinity=False), texts
)
units, flags = st.sampled_from(UNITS), st.sampled_from([False, False, False, True])
notes = st.just("") | texts
clocks = st.sampled_from(["workspace", "workspace", "contact"])
unknowns = st.sampled_from(["default", "default", "include", "exclude"])
windows: st.SearchStrategy[Any] = st.one_of(
    st.builds(Last, wholes, units),
    st.builds(Next, wholes, units),
    st.builds(Ago, wholes, wholes, units),
    st.builds(Calendar, st.sampled_from(PERIODS), st.integers(-3, 3) | wholes),
    st.builds(Between, texts, texts),
    st.builds(Since, texts),
    st.builds(Until, texts),
)
perhaps = st.none() | windows
off, on = flags, flags.map(lambda flag: not flag)


def ops(subject: Subject) -> st.SearchStrategy[str]:
    return st.sampled_from([*(key for at, key in OPERATORS if at == subject)] * 4 + ["", "odd"])


@st.composite
def values(draw: st.DrawFn, subject: Subject, op: str) -> tuple[Any, ...]:
    """As many values as the operator takes, mostly, and of any type."""
    row = OPERATORS.get((subject, op))
    sizes = {"none": (0, 0), "one": (1, 1), "two": (2, 2), "window": (0, 0)}
    low, high = sizes.get(row.shape if row else "", (0, 4))
    if draw(st.integers(0, 9)) == 0:
        low, high = 0, 3
    item = wholes if subject == "event" else scalars | st.sampled_from(WEEKDAYS + MONTHS)
    return tuple(draw(st.lists(item, min_size=low, max_size=high)))


@st.composite
def fitting_window(draw: st.DrawFn, op: str) -> Any:
    row = OPERATORS.get(("field", op))
    if draw(st.integers(0, 9)) == 0:
        return draw(perhaps)
    kinds = row.windows if row else ()
    return draw(windows.filter(lambda window: window.kind in kinds)) if kinds else None


@st.composite
def fields(draw: st.DrawFn) -> FieldRule:
    op = draw(ops("field"))
    held, window, other = draw(values("field", op)), draw(fitting_window(op)), ""
    if draw(st.integers(0, 4)) == 0:
        held, other = (), draw(names)
    options = (
        draw(off),
        draw(unknowns),
        draw(off),
        draw(on),
        other,
        draw(clocks),
        draw(notes),
        draw(off),
    )
    return FieldRule(draw(names), op, held, window, *options)


wheres = st.lists(fields(), max_size=2).map(tuple)
several = st.lists(names, max_size=2).map(tuple)
steps: st.SearchStrategy[Step] = st.builds(Step, names, wheres, several)
sinces = st.just(()) | st.lists(steps, max_size=2).map(tuple)


@st.composite
def events(draw: st.DrawFn) -> EventRule:
    op = draw(ops("event"))
    step = draw(steps)
    head = (step.event, op, draw(values("event", op)), draw(perhaps), step.where)
    return EventRule(
        *head, draw(off), draw(on), step.also, draw(sinces), draw(clocks), draw(notes), draw(off)
    )


@st.composite
def measures(draw: st.DrawFn) -> MeasureRule:
    step, test = draw(steps), draw(fields())
    compare = Comparison(test.op, test.values, test.window, test.match_case, test.unknown)
    head = (step.event, draw(ops("measure")), compare, draw(names), draw(perhaps), step.where)
    tail = (step.also, draw(sinces), draw(clocks), draw(notes), draw(off))
    return MeasureRule(*head, draw(off), draw(on), *tail)


edges = st.floats(allow_nan=False, allow_infinity=False) | st.integers(0, 100)
rules: st.SearchStrategy[Any] = st.one_of(
    fields(),
    events(),
    measures(),
    st.builds(
        TagRule,
        ops("tag"),
        st.lists(texts, max_size=3).map(tuple),
        off,
        on,
        perhaps,
        clocks,
        notes,
        off,
    ),
    st.builds(
        SequenceRule,
        st.lists(steps, max_size=3).map(tuple),
        ops("sequence"),
        st.none() | st.builds(Last, wholes, units),
        perhaps,
        *(off, on, clocks, notes, off),
    ),
    st.builds(SegmentRule, texts, ops("segment"), off, on, notes, off),
    st.builds(
        PrebuiltRule,
        names,
        st.dictionaries(names, scalars, max_size=3).map(Params),
        ops("prebuilt"),
        *(off, on, notes, off),
    ),
    st.builds(SampleRule, edges, edges, texts, ops("sample"), off, on, notes, off),
)


def groups_of(members: st.SearchStrategy[RuleOrGroup]) -> st.SearchStrategy[Group]:
    combinators = st.sampled_from(["and", "or"])
    return st.builds(
        Group, combinators, st.lists(members, max_size=3).map(tuple), off, on, notes, off
    )


def can_be_read(rule: Any) -> bool:
    """Not “is not false”: no field has it, and reading says what to write instead."""
    return not (rule.op == "is_not" and any(isinstance(each, bool) for each in rule.values))


rules = rules.filter(lambda rule: not isinstance(rule, FieldRule) or can_be_read(rule))
groups = groups_of(st.recursive(rules, groups_of, max_leaves=6))
"""Groups of anything that a segment file can hold, sound or not."""


def exact(root: Group) -> str:
    """The group with the types of its values: 1, 1.0 and true are equal in Python."""
    return json.dumps(to_data(root), sort_keys=True)


@given(groups, st.sampled_from([0, 20, 88, 10_000]))
def test_what_is_written_reads_back_as_the_same_rules(root: Group, width: int) -> None:
    back = parse(write(root, width=width))
    assert back == root
    assert exact(back) == exact(root)


@given(trees.groups)
def test_every_valid_segment_reads_back_and_writes_the_same_text(root: Group) -> None:
    text = write(root)
    assert parse(text) == root
    assert write(parse(text)) == text


@given(rules)
def test_a_rule_alone_reads_back(rule: Any) -> None:
    assert exact(parse(write(as_group(rule)))) == exact(as_group(rule))


@given(groups)
def test_a_written_text_shows_everything_that_is_in_it(root: Group) -> None:
    seen = write(root).replace("\n", "").replace("\u200c", "").replace("\u200d", "")
    hidden = [char for char in seen if char != " " and (char < " " or char in "\x7f\xa0\u202e")]
    assert not hidden
    seen.encode()


PIECES = [
    *("country", "is", "not", "(", ")", "and", "or", ":", ",", '"x"', "3", "-1.5e3", "%", "in"),
    *("last", "days", "tag", "tags", "sum", "of", "sequence", "then", "no", "within", "since"),
    *("where", "happened", "at", "least", "times", "between", "ago", "note", "json", "{}", "`a`"),
    *('{"kind": "field", "field": "a", "op": "b"}', "disabled", "segment", "prebuilt", "sample"),
    *("to", "field", "true", "any", "weekday", "monday", "#", "\n", ">=", "unknown", "given", "“"),
]
junk = st.text() | st.lists(st.sampled_from(PIECES), max_size=24).map(" ".join)


@given(junk | st.binary().map(lambda raw: raw.decode("utf-8", "surrogateescape")))
@example("json " + '{"kind": "sample", "high": 1, "low": 1' + "0" * 400 + "}")
@example("sample 1" + "0" * 400 + "% to 2%")
@example("json " + '{"a":' * 100_000)
@example("(" * 100_000)
@example("not " * 100_000)
@example("a = " + "9" * 10_000)
@example("where where where")
def test_any_text_gives_rules_or_a_text_error(text: str) -> None:
    try:
        root = parse(text)
    except TextError as found:
        error = found
    else:
        assert parse(write(root)) == root
        assert group_from_data(to_data(root)) == root
        return
    assert 0 <= error.offset <= len(text)
    assert all(line.isprintable() for line in str(error).split("\n"))


@given(groups, st.data())
def test_a_damaged_text_gives_rules_or_a_text_error(root: Group, data: st.DataObject) -> None:
    text = write(root)
    cut = data.draw(st.integers(0, len(text)))
    piece = data.draw(st.sampled_from(["", *PIECES]))
    rest = text[cut + data.draw(st.integers(0, 3)) :]
    try:
        root = parse(text[:cut] + piece + rest)
    except TextError:
        return
    assert parse(write(root)) == root
