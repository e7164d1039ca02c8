"""The phrases of the text form: one for each operator, and none that is read as another."""

from __future__ import annotations

from dataclasses import fields
from typing import get_args

import pytest

from segbench.model.operators import OPERATORS, Subject
from segbench.model.rules import EventRule, FieldRule, MeasureRule, TagRule
from segbench.model.text import parse, write
from segbench.model.text_form.phrases import (
    EVENT,
    EVENT_PHRASES,
    FIELD,
    FIELD_PHRASES,
    FUNCTIONS,
    ONE_TAG_PHRASES,
    TAG,
    TAG_PHRASES,
    WINDOW,
    WINDOW_PHRASES,
    Phrases,
)
from segbench.model.text_form.slots import SLOTS
from segbench.model.text_form.words import SLOTS as WRITTEN_SLOTS
from segbench.model.windows import Window

FILLED = {
    "value": ('"x"', "3", "field other", "true"),
    "scalar": ('"x"', "3", "-0.5"),
    "text": ('"2026-01-01"',),
    "day": ("2026-01-01", '"2026-02-28"'),
    "number": ("2",),
    "list": ("()", '("a", "b")'),
    "texts": ("()", '("a", "b")'),
    "weekday": ("monday",),
    "weekdays": ("(monday, sunday)",),
    "month": ("may",),
    "months": ("(may, june)",),
    "percent": ("10%", "0.5 %"),
    "length": ("1 day", "3 months"),
    "lengths": ("30 and 60 days",),
    "period": ("today", "this week", "last day", "quarter -2"),
    "times": ("3 times", "once", "1 time"),
}
SWAPPED = {
    ("is", "3"): "equals",
    ("is_not", "3"): "does_not_equal",
    ("is", "true"): "is_true",
    ("equals", "true"): "is_true",
    ("equals", '"x"'): "is",
    ("does_not_equal", '"x"'): "is_not",
    ("more_than", "3 times"): "at_least",
    ("more_than", "once"): "at_least",
    ("more_than", "1 time"): "at_least",
    ("fewer_than", "3 times"): "at_most",
    ("fewer_than", "once"): "at_most",
    ("fewer_than", "1 time"): "at_most",
}
"""Where the value says that another operator is meant."""


def ways(phrases: Phrases) -> list[tuple[str, str, str]]:
    """Every phrase with something in its slots: the operator, the text, what is in the slots."""
    found = []
    for phrase in (phrase for row in phrases.values() for phrase in row):
        slots = [part[1:-1] for part in phrase.parts if part.startswith("{")]
        for place in range(max((len(FILLED[slot]) for slot in slots), default=1)):
            text, value = " ".join(phrase.parts), ""
            for slot in slots:
                value = FILLED[slot][place % len(FILLED[slot])]
                text = text.replace(f"{{{slot}}}", value, 1)
            found.append((phrase.key, text, value))
    return found


def keys(subject: Subject) -> list[str]:
    return [key for at, key in OPERATORS if at == subject]


def test_every_operator_has_exactly_one_canonical_phrase() -> None:
    assert list(FIELD_PHRASES) == keys("field")
    assert list(TAG_PHRASES) == keys("tag")
    assert set(ONE_TAG_PHRASES) < set(TAG_PHRASES)
    assert list(EVENT_PHRASES) == keys("event")
    assert set(keys("measure")) == set(FUNCTIONS.values())
    for table in (FIELD_PHRASES, TAG_PHRASES, EVENT_PHRASES, WINDOW_PHRASES):
        assert len(set(table.values())) == len(table)


def test_every_kind_of_window_has_a_phrase() -> None:
    kinds = [fields(kind)[-1].default for kind in get_args(get_args(Window)[0])]
    assert list(WINDOW_PHRASES) == kinds


def test_each_slot_is_read_written_and_tried_here() -> None:
    read_only = {"weekday", "month", "day"}
    assert set(SLOTS) == set(FILLED) == set(WRITTEN_SLOTS) | read_only


def test_a_phrase_takes_another_field_where_its_operator_does() -> None:
    for key, phrase in FIELD_PHRASES.items():
        row = OPERATORS["field", key]
        assert ("{value}" in phrase) == row.by_field, key


def test_no_two_ways_to_write_something_are_the_same() -> None:
    for phrases in (FIELD, TAG, EVENT, WINDOW):
        parts = [phrase.parts for row in phrases.values() for phrase in row]
        assert len(set(parts)) == len(parts)


CLEAR = [way for way in ways(FIELD) if way[::2] != ("is_not", "true")]
"""All but `is not true`, which is refused: it can mean two things."""


@pytest.mark.parametrize(("key", "text", "value"), CLEAR)
def test_no_phrase_of_one_field_operator_is_read_as_another(
    key: str, text: str, value: str
) -> None:
    (rule,) = parse(f"age {text} matching case").rules
    assert isinstance(rule, FieldRule)
    assert (rule.field, rule.op) == ("age", SWAPPED.get((key, value), key))
    assert rule.match_case
    if not rule.other:
        (figure,) = parse(f"last_value(a of b) {text}").rules
        assert isinstance(figure, MeasureRule)
        assert (figure.compare.op, figure.compare.values) == (rule.op, rule.values)


@pytest.mark.parametrize(("key", "text", "value"), ways(TAG))
def test_no_phrase_of_one_tag_operator_is_read_as_another(key: str, text: str, value: str) -> None:
    for word in ("tag", "Tags"):
        (rule,) = parse(f'{word} {text} note "n"').rules
        assert isinstance(rule, TagRule)
        assert (rule.op, rule.note) == (key, "n")


@pytest.mark.parametrize(("key", "text", "value"), ways(EVENT))
def test_no_phrase_of_one_event_operator_is_read_as_another(
    key: str, text: str, value: str
) -> None:
    for events in ("opened", "(opened or clicked)", "opened where (a = 1)"):
        (rule,) = parse(f"{events} {text} in last 3 days").rules
        assert isinstance(rule, EventRule)
        assert (rule.event, rule.op) == ("opened", SWAPPED.get((key, value), key))
        assert rule.window is not None


@pytest.mark.parametrize(("kind", "text", "value"), ways(WINDOW))
def test_no_phrase_of_one_window_is_read_as_another(kind: str, text: str, value: str) -> None:
    (rule,) = parse(f"opened happened {text} in contact time zone").rules
    assert isinstance(rule, EventRule)
    assert rule.window is not None
    assert rule.window.kind == {"on": "between", "before": "until", "after": "since"}.get(
        kind, kind
    )
    (given,) = parse(write(parse(f'tag is "x" given {text}'))).rules
    assert isinstance(given, TagRule)
    assert given.window == rule.window


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("a more than 3 times", "event"),
        ("a more than 3", "field"),
        ("a more than 3 days ago", "field"),
        ("a at least 3", "field"),
        ('a at least 3 note "n"', "field"),
        ("a at least once", "event"),
        ("a between 3 and 5 times", "event"),
        ("a between 3 and 5", "field"),
        ("a between 3 and 5 days ago", "field"),
        ("a < 3 times in last 3 days", "event"),
        ("a < 3 and b happened 3 times", "group"),
    ],
)
def test_a_comparison_is_about_events_where_it_says_times(text: str, kind: str) -> None:
    found = parse(text).rules
    assert ("group" if len(found) > 1 else found[0].kind) == kind
    assert found[0].kind == kind.replace("group", "field")


def test_days_without_quotes_are_dates() -> None:
    for text, op in (("is", "on"), ("=", "on"), (">=", "after"), ("<=", "before")):
        (rule,) = parse(f"a {text} 2026-03-01").rules
        assert isinstance(rule, FieldRule)
        day = {"on": "2026-03-01", "after": "2026-02-28", "before": "2026-03-02"}[op]
        assert (rule.op, rule.values) == (op, (day,))
        assert all(type(value) is str for value in rule.values)
    assert parse('a is "2026-03-01"') == parse('a = "2026-03-01"')
    (listed,) = parse("a in (2026-03-01)").rules
    assert isinstance(listed, FieldRule)
    assert type(listed.values[0]) is str
