"""The notebook words build the expected rules."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import numpy as np
import pytest

from segbench.model.ask import (
    all_tags,
    did,
    did_not,
    engaged,
    field,
    in_order,
    in_segment,
    measure,
    not_followed,
    prebuilt,
    sample,
    tag,
)
from segbench.model.operators import OPERATORS
from segbench.model.rules import (
    Comparison,
    EventRule,
    FieldRule,
    MeasureRule,
    Params,
    PrebuiltRule,
    SampleRule,
    SegmentRule,
    SequenceRule,
    Step,
    TagRule,
)
from segbench.model.windows import Ago, Between, Calendar, Last, Next

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


X = field("x")
WORDS: list[tuple[Any, FieldRule]] = [
    (X.is_("a"), FieldRule("x", "is", ("a",))),
    (X.is_not("a"), FieldRule("x", "is_not", ("a",))),
    (X.matches("a"), FieldRule("x", "matches", ("a",))),
    (X.does_not_contain("a"), FieldRule("x", "does_not_contain", ("a",))),
    (X.does_not_start_with("a"), FieldRule("x", "does_not_start_with", ("a",))),
    (X.does_not_end_with("a"), FieldRule("x", "does_not_end_with", ("a",))),
    (X.does_not_match("a"), FieldRule("x", "does_not_match", ("a",))),
    (X.length_at_least(2), FieldRule("x", "length_at_least", (2,))),
    (X.length_at_most(2), FieldRule("x", "length_at_most", (2,))),
    (X.length_equals(2), FieldRule("x", "length_equals", (2,))),
    (X.has_any_of("a", "b"), FieldRule("x", "has_any_of", ("a", "b"))),
    (X.has_all_of("a", "b"), FieldRule("x", "has_all_of", ("a", "b"))),
    (X.has_none_of("a", "b"), FieldRule("x", "has_none_of", ("a", "b"))),
    (X.item_contains("a"), FieldRule("x", "item_contains", ("a",))),
    (X.no_item_contains("a"), FieldRule("x", "no_item_contains", ("a",))),
    (X.size_at_least(2), FieldRule("x", "size_at_least", (2,))),
    (X.size_at_most(2), FieldRule("x", "size_at_most", (2,))),
    (X.size_equals(2), FieldRule("x", "size_equals", (2,))),
    (X.in_top(5), FieldRule("x", "in_top", (5,))),
    (X.in_bottom(5), FieldRule("x", "in_bottom", (5,))),
    (X.greater_than(5), FieldRule("x", "greater_than", (5,))),
    (X.less_than(5), FieldRule("x", "less_than", (5,))),
    (X.does_not_equal(5), FieldRule("x", "does_not_equal", (5,))),
    (X.not_between(5, 6), FieldRule("x", "not_between", (5, 6))),
    (X.more_than_ago(weeks=2), FieldRule("x", "more_than_ago", window=Last(2, "weeks"))),
    (X.more_than_ahead(weeks=2), FieldRule("x", "more_than_ahead", window=Next(2, "weeks"))),
    (X.between_ago(2, 3), FieldRule("x", "between_ago", window=Ago(2, 3, "days"))),
    (X.between_ago(2, 3, "weeks"), FieldRule("x", "between_ago", window=Ago(2, 3, "weeks"))),
    (X.in_period("week"), FieldRule("x", "in_period", window=Calendar("week", 0))),
    (X.in_period("week", -1), FieldRule("x", "in_period", window=Calendar("week", -1))),
    (X.not_in_period("week"), FieldRule("x", "not_in_period", window=Calendar("week", 0))),
    (X.not_in_period("week", 2), FieldRule("x", "not_in_period", window=Calendar("week", 2))),
    (X.before_period("week"), FieldRule("x", "before_period", window=Calendar("week", 0))),
    (X.before_period("week", 2), FieldRule("x", "before_period", window=Calendar("week", 2))),
    (X.after_period("week"), FieldRule("x", "after_period", window=Calendar("week", 0))),
    (X.after_period("week", 2), FieldRule("x", "after_period", window=Calendar("week", 2))),
    (X.weekday_is("monday", "sunday"), FieldRule("x", "weekday_is", ("monday", "sunday"))),
    (X.month_is("may", "june"), FieldRule("x", "month_is", ("may", "june"))),
    (X.hour_between(9, 17), FieldRule("x", "hour_between", (9, 17))),
    (X.anniversary_today(), FieldRule("x", "anniversary_today")),
    (X.anniversary_next(days=3), FieldRule("x", "anniversary_next", window=Next(3))),
    (X.anniversary_last(days=3), FieldRule("x", "anniversary_last", window=Last(3))),
    (X.contains(field("y")), FieldRule("x", "contains", other="y")),
]


@pytest.mark.parametrize(("asked", "rule"), WORDS, ids=[f"{n}" for n in range(len(WORDS))])
def test_a_word_of_a_field_builds_its_own_operator(asked: FieldRule, rule: FieldRule) -> None:
    assert asked == rule


def test_words_for_several_events_and_for_figures_keep_all_that_is_said() -> None:
    steps = (Step("a"), Step("b"))
    assert in_order(did("a"), did("b")) == SequenceRule(steps, "in_order")
    assert in_order(did("a"), did("b"), hours=2).within == Last(2, "hours")
    never = not_followed(did("a"), did("b"), days=2)
    assert never == SequenceRule(steps, "not_followed", Last(2))
    assert prebuilt("lapsed", months=2) == PrebuiltRule("lapsed", Params(months=2))
    assert sample(0, 10, salt="s") == SampleRule(0, 10, "s")
    events = did("e").within(days=3).matching(field("p") > 1).after_last(did("f"))
    asked = measure("last_value", events, "p", match_case=True, unknown="include").is_("a")
    assert asked == MeasureRule(
        "e",
        "last_value",
        Comparison("is", ("a",), None, True, "include"),
        "p",
        Last(3),
        (FieldRule("p", "greater_than", (1,)),),
        since=(Step("f"),),
    )


@pytest.mark.parametrize("name", ["has_any_of", "has_all_of", "has_none_of"])
def test_a_list_asked_for_a_number_says_what_to_write(name: str) -> None:
    words = f"{name} takes texts, such as {name}('Ski', 'Tea'), or one list of them; not 5."
    with pytest.raises(TypeError, match=re.escape(words)):
        getattr(X, name)(5)


@pytest.mark.parametrize(
    "name",
    [
        *("length_at_least", "length_at_most", "length_equals"),
        *("size_at_least", "size_at_most", "size_equals"),
    ],
)
def test_a_length_that_is_no_whole_number_says_what_to_write(name: str) -> None:
    with pytest.raises(TypeError, match="give a whole number; not '2'"):
        getattr(X, name)("2")


def test_two_lengths_ago_must_be_whole_numbers() -> None:
    words = "between_ago takes two whole numbers, such as between_ago(30, 60); not '3'."
    for least, most in (("3", 4), (3, "3")):
        with pytest.raises(TypeError, match=re.escape(words)):
            X.between_ago(least, most)  # type: ignore[arg-type]
