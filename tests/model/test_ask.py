"""The notebook words build the expected rules."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import numpy as np
import pytest

from segbench.model.ask import all_tags, did, did_not, engaged, field, in_segment, tag
from segbench.model.operators import OPERATORS
from segbench.model.rules import EventRule, FieldRule, Params, PrebuiltRule, SegmentRule, TagRule
from segbench.model.windows import Between, Last, Next

ASKED: list[tuple[Any, Any]] = [
    (field("x").is_any_of("a", "b"), FieldRule("x", "is_any_of", ("a", "b"))),
    (field("x").is_none_of("a"), FieldRule("x", "is_none_of", ("a",))),
    (field("x").is_any_of(["a", "b"]), FieldRule("x", "is_any_of", ("a", "b"))),
    (field("x").is_none_of(("b", "a")), FieldRule("x", "is_none_of", ("b", "a"))),
    (field("x").is_any_of({"c", "a", "b"}), FieldRule("x", "is_any_of", ("a", "b", "c"))),
    (field("x").is_any_of([]), FieldRule("x", "is_any_of")),
    (field("x").contains("a"), FieldRule("x", "contains", ("a",))),
    (field("x").starts_with("a"), FieldRule("x", "starts_with", ("a",))),
    (field("x").ends_with("a"), FieldRule("x", "ends_with", ("a",))),
    (field("x").at_least(1), FieldRule("x", "at_least", (1,))),
    (field("x") >= 1, FieldRule("x", "at_least", (1,))),
    (field("x").at_most(1.5), FieldRule("x", "at_most", (1.5,))),
    (field("x") <= 1.5, FieldRule("x", "at_most", (1.5,))),
    (field("x") > 1, FieldRule("x", "greater_than", (1,))),
    (field("x") < 1, FieldRule("x", "less_than", (1,))),
    (field("x").equals(1), FieldRule("x", "equals", (1,))),
    (field("x").between(1, 2), FieldRule("x", "between", (1, 2))),
    (
        field("x").between(dt.date(2026, 1, 1), dt.date(2026, 1, 31)),
        FieldRule("x", "between", ("2026-01-01", "2026-01-31")),
    ),
    (
        field("x").before(dt.datetime(2026, 1, 1, 12)),
        FieldRule("x", "before", ("2026-01-01T12:00:00",)),
    ),
    (
        field("x").after(dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC)),
        FieldRule("x", "after", ("2026-01-01T12:00:00+00:00",)),
    ),
    (field("x").on("2026-01-01"), FieldRule("x", "on", ("2026-01-01",))),
    (field("x").in_last(days=30), FieldRule("x", "in_last", window=Last(30))),
    (field("x").not_in_last(weeks=2), FieldRule("x", "not_in_last", window=Last(2, "weeks"))),
    (field("x").in_next(hours=3), FieldRule("x", "in_next", window=Next(3, "hours"))),
    (field("x").is_true(), FieldRule("x", "is_true")),
    (field("x").is_false(), FieldRule("x", "is_false")),
    (field("x").is_empty(), FieldRule("x", "is_empty")),
    (field("x").is_not_empty(), FieldRule("x", "is_not_empty")),
    (
        field("x", match_case=True, unknown="include").contains("A"),
        FieldRule("x", "contains", ("A",), match_case=True, unknown="include"),
    ),
    (tag("a", "b"), TagRule("has_any_of", ("a", "b"))),
    (tag(["a", "b"]), TagRule("has_any_of", ("a", "b"))),
    (all_tags({"b", "a"}), TagRule("has_all_of", ("a", "b"))),
    (all_tags("a", "b"), TagRule("has_all_of", ("a", "b"))),
    (did("e"), EventRule("e")),
    (did_not("e"), EventRule("e", "did_not")),
    (did("e").at_least(2), EventRule("e", "at_least", (2,))),
    (did("e").at_least(np.int64(2)), EventRule("e", "at_least", (2,))),
    (did("e").within(days=np.int64(5)), EventRule("e", window=Last(5))),
    (did("e").at_most(2), EventRule("e", "at_most", (2,))),
    (did("e").exactly(2), EventRule("e", "exactly", (2,))),
    (did("e").times(2, 3), EventRule("e", "between", (2, 3))),
    (did("e").within(minutes=5), EventRule("e", window=Last(5, "minutes"))),
    (
        did("e").during(dt.date(2026, 1, 1), "2026-01-31"),
        EventRule("e", window=Between("2026-01-01", "2026-01-31")),
    ),
    (
        did("e").matching(field("p") > 1).matching(field("q").is_true()),
        EventRule("e", where=(FieldRule("p", "greater_than", (1,)), FieldRule("q", "is_true"))),
    ),
    (in_segment("S"), SegmentRule("S")),
    (engaged(), PrebuiltRule("engaged", Params(days=30))),
    (engaged(days=7), PrebuiltRule("engaged", Params(days=7))),
]


@pytest.mark.parametrize(("asked", "rule"), ASKED)
def test_a_notebook_word_builds_the_rule_it_says(asked: Any, rule: Any) -> None:
    assert asked == rule
    assert type(asked) is type(rule)


def test_words_build_operators_of_the_table_only() -> None:
    assert {(rule.kind, rule.op) for rule, _ in ASKED} <= set(OPERATORS)


def test_a_field_compared_with_two_equals_signs_says_what_to_write() -> None:
    with pytest.raises(TypeError, match=r"write field\('age'\)\.equals"):
        assert field("age") == 5
    with pytest.raises(TypeError, match="is_any_of"):
        assert field("country") != "DE"


SLIPS: list[tuple[Any, str]] = [
    (
        lambda: field("c").is_any_of("DE", ["AT"]),
        "is_any_of takes texts, such as is_any_of('DE', 'AT'), or one list of them; not ['AT'].",
    ),
    (
        lambda: field("c").is_none_of(["DE", 5]),
        "is_none_of takes texts, such as is_none_of('DE', 'AT'), or one list of them; not 5.",
    ),
    (lambda: field("c").is_any_of(None), "not None."),
    (lambda: field("c").is_any_of(["DE"], ["AT"]), "not ['DE']."),
    (lambda: field("c").is_any_of({"DE": 1}), "not {'DE': 1}."),
    (lambda: field("c").is_any_of({"DE", 5}), "not 5."),
    (lambda: tag("a", ["b"]), "tag takes texts, such as tag('VIP', 'trial'), or one list of them"),
    (lambda: all_tags([1]), "all_tags takes texts, such as all_tags('VIP', 'trial'), or one list"),
    (
        lambda: did("e").at_least("3"),
        "at_least takes a whole number, such as at_least(3); not '3'.",
    ),
    (lambda: did("e").at_least(2.5), "not 2.5."),
    (lambda: did("e").at_least(True), "not True."),
    (lambda: did("e").at_most("3"), "at_most takes a whole number, such as at_most(3); not '3'."),
    (lambda: did("e").exactly(None), "exactly takes a whole number, such as exactly(3); not None."),
    (
        lambda: did("e").times(1, "3"),
        "times takes two whole numbers, such as times(2, 5); not '3'.",
    ),
    (lambda: did("e").within(days="30"), "days takes a whole number, such as days=30; not '30'."),
    (lambda: did("e").within(days=2.5), "days takes a whole number, such as days=30; not 2.5."),
    (lambda: field("c").in_last(weeks=True), "weeks takes a whole number, such as weeks=30; not"),
    (lambda: field("c").in_next(hours="2"), "hours takes a whole number, such as hours=30; not"),
    (lambda: engaged(days="30"), "days takes a whole number, such as days=30; not '30'."),
]


@pytest.mark.parametrize(("slip", "words"), SLIPS, ids=range(len(SLIPS)))
def test_a_slip_of_the_pen_says_what_to_write(slip: Any, words: str) -> None:
    with pytest.raises(TypeError, match=re.escape(words)):
        slip()


def test_a_whole_number_of_numpy_becomes_a_plain_one() -> None:
    assert type(did("e").exactly(np.int64(2)).values[0]) is int


def test_every_operator_of_a_field_has_a_word() -> None:
    """Named as its key; `is` is a word of Python, so it ends in an underscore."""
    for subject, key in OPERATORS:
        if subject == "field":
            assert callable(getattr(field("x"), "is_" if key == "is" else key)), key
