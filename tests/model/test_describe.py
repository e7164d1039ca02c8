"""Sentences: the exact words for each operator, and brackets that match the tree."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import trees
from hypothesis import given
from hypothesis import strategies as st
from population import AS_OF, HOSTILE, ZONE

from segbench.model.ask import all_tags, did, did_not, engaged, field, in_segment, tag
from segbench.model.catalog import Catalog, EventType, Field, Property
from segbench.model.describe import NOBODY, Wording, day, describe, label, phrase
from segbench.model.operators import OPERATORS
from segbench.model.rules import EventRule, FieldRule, Group, SegmentRule, TagRule, replace, walk
from segbench.model.windows import days

SAID: list[tuple[Any, str]] = [
    (field("country").is_any_of("DE"), "country is “DE”"),
    (field("country").is_any_of("DE", "AT"), "country is any of “DE”, “AT”"),
    (field("country").is_none_of("DE"), "country is not “DE” (empty included)"),
    (field("name").contains("ann"), "name contains “ann”"),
    (
        FieldRule("name", "does_not_contain", ("ann",)),
        "name does not contain “ann” (empty included)",
    ),
    (field("name").starts_with("A"), "name starts with “A”"),
    (
        FieldRule("name", "does_not_start_with", ("A",)),
        "name does not start with “A” (empty included)",
    ),
    (field("name").ends_with("a"), "name ends with “a”"),
    (
        FieldRule("name", "does_not_end_with", ("a",)),
        "name does not end with “a” (empty included)",
    ),
    (field("age") >= 1200, "age is at least 1,200"),
    (field("age") <= 18, "age is at most 18"),
    (field("score") > 0.5, "score is greater than 0.5"),
    (field("score") < -1, "score is less than -1"),
    (field("age").equals(18), "age equals 18"),
    (FieldRule("age", "does_not_equal", (18,)), "age does not equal 18 (empty included)"),
    (field("last_seen").in_last(days=30), "last_seen is in the last 30 days"),
    (field("last_seen").in_last(weeks=1), "last_seen is in the last week"),
    (
        field("last_seen").not_in_last(hours=36),
        "last_seen is not in the last 36 hours (empty included)",
    ),
    (field("birthday").in_next(days=1), "birthday is in the next day"),
    (field("birthday").before("2026-10-23"), "birthday is before 23 Oct 2026"),
    (field("birthday").after("2026-10-01"), "birthday is after 1 Oct 2026"),
    (field("birthday").on("2024-02-29"), "birthday is on 29 Feb 2024"),
    (
        field("birthday").between("2026-01-01", "2026-01-31"),
        "birthday is between 1 Jan 2026 and 31 Jan 2026",
    ),
    (field("age").between(18, 65), "age is between 18 and 65"),
    (
        FieldRule("age", "not_between", (18, 65)),
        "age is not between 18 and 65 (empty included)",
    ),
    (field("subscribed").is_true(), "subscribed is true"),
    (field("subscribed").is_false(), "subscribed is false"),
    (field("name").is_not_empty(), "name is not empty"),
    (field("name").is_empty(), "name is empty"),
    (field("name", match_case=True).contains("A"), "name contains “A” (matching case)"),
    (field("country", unknown="include").is_any_of("DE"), "country is “DE” or is empty"),
    (field("country", unknown="exclude").is_none_of("DE"), "country is not “DE”"),
    (tag("vip"), "tag is “vip”"),
    (tag("vip", "new"), "tag is any of “vip”, “new”"),
    (all_tags("vip", "new"), "tags include all of “vip”, “new”"),
    (TagRule("has_none_of", ("vip", "new")), "tag is not any of “vip”, “new”"),
    (did("order_placed"), "order_placed happened"),
    (did_not("order_placed").within(days=30), "order_placed did not happen in the last 30 days"),
    (did("order_placed").at_least(2), "order_placed happened at least 2 times"),
    (did("order_placed").at_most(1), "order_placed happened at most 1 time"),
    (did("order_placed").exactly(0), "order_placed happened exactly 0 times"),
    (did("order_placed").times(2, 3), "order_placed happened 2 to 3 times"),
    (
        did("order_placed").during("2026-01-01", "2026-01-31"),
        "order_placed happened from 1 Jan 2026 to 31 Jan 2026",
    ),
    (
        did("order_placed")
        .matching(field("amount") >= 10, ~field("paid_at").is_empty())
        .at_least(2)
        .within(days=90),
        "order_placed with amount is at least 10 and not (paid at is empty) "
        "happened at least 2 times in the last 90 days",
    ),
    (in_segment("Buyers"), "is in segment “Buyers”"),
    (SegmentRule("Buyers", "is_not_in"), "is not in segment “Buyers”"),
    (engaged(days=7), "is engaged in the last 7 days"),
    (replace(engaged(days=7), op="is_not_in"), "is not engaged in the last 7 days"),
    (~tag("vip"), "not (tag is “vip”)"),
    (field("").is_empty(), "(no field chosen yet)"),
    (FieldRule("name", "sounds_like", ("x",)), "name sounds_like (unknown operator)"),
    (FieldRule("age", "at_least"), "age is at least …"),
    (FieldRule("last_seen", "in_last"), "last_seen is …"),
    (TagRule("has_any_of", ()), "tag is …"),
    (EventRule("order_placed", "at_least"), "order_placed happened at least … times"),
]


@pytest.mark.parametrize(("rule", "words"), SAID, ids=[words for _, words in SAID])
def test_a_rule_is_said_in_exactly_these_words(rule: Any, words: str) -> None:
    assert phrase(rule) == words
    assert describe(Group(rules=(rule,))) == f"Contacts where {words}."
    assert label(replace(rule, negated=True)) == label(replace(rule, negated=False))


def test_every_operator_has_its_exact_words_here() -> None:
    assert {(rule.kind, rule.op) for rule, _ in SAID} >= set(OPERATORS)


A, B, C = tag("a"), tag("b"), tag("c")


@pytest.mark.parametrize(
    ("root", "words"),
    [
        (A & B & C, "tag is “a” and tag is “b” and tag is “c”"),
        (A & (B | C), "tag is “a” and (tag is “b” or tag is “c”)"),
        ((A & B) | C, "(tag is “a” and tag is “b”) or tag is “c”"),
        (~(A | B), "not (tag is “a” or tag is “b”)"),
        (A & ~(B | C), "tag is “a” and not (tag is “b” or tag is “c”)"),
        (Group(rules=(Group(rules=(Group(rules=(A,)),)),)), "tag is “a”"),
        (Group(rules=(~Group(rules=(A,)),)), "not (tag is “a”)"),
        (Group(rules=(A, B), enabled=False), "tag is “a” and tag is “b”"),
    ],
)
def test_brackets_stand_where_the_tree_branches(root: Group, words: str) -> None:
    assert describe(root) == f"Contacts where {words}."


def test_disabled_rules_and_groups_are_not_said() -> None:
    off = replace(B, enabled=False)
    assert describe(A & off) == "Contacts where tag is “a”."
    assert describe(A & Group(rules=(B, C), enabled=False)) == "Contacts where tag is “a”."
    assert describe(A & Group("or", (off, C))) == "Contacts where tag is “a” and tag is “c”."
    conditions = did("e").matching(replace(field("p") > 1, enabled=False))
    assert phrase(conditions) == "e happened"


@pytest.mark.parametrize(
    "root", [Group(), ~Group(), Group(rules=(Group(),)), Group(rules=(replace(A, enabled=False),))]
)
def test_a_segment_without_an_active_rule_says_that_it_holds_nobody(root: Group) -> None:
    assert describe(root) == NOBODY


def test_the_catalogue_gives_labels_and_the_clock_gives_dates() -> None:
    wording = Wording(
        Catalog(0, (Field("last_seen", "datetime", "Last seen"),), (), (EventType("e", "Order"),)),
        AS_OF,
        ZONE,
    )
    assert phrase(field("last_seen").in_last(days=30), wording) == (
        "Last seen is in the last 30 days (since 26 Sep 2026)"
    )
    assert phrase(field("last_seen").in_next(days=7), wording) == (
        "Last seen is in the next 7 days (until 2 Nov 2026)"
    )
    assert phrase(did("e"), wording) == "Order happened"


ZONES = ("Europe/Berlin", "Pacific/Kiritimati", "America/Los_Angeles")
DATED = Catalog(
    0,
    (Field("birthday", "date", "Birthday"), Field("last_seen", "datetime")),
    (),
    (EventType("e", "Order", properties=(Property("due", "date"),)),),
)
NOVEMBER = Wording(DATED, dt.datetime(2026, 11, 1, 12), ZONE)


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (field("birthday").in_last(days=30), "Birthday is in the last 30 days (since 3 Oct 2026)"),
        (field("birthday").in_last(days=1), "Birthday is in the last day (since 1 Nov 2026)"),
        (field("birthday").in_last(weeks=1), "Birthday is in the last week (since 26 Oct 2026)"),
        (field("birthday").in_next(days=30), "Birthday is in the next 30 days (until 1 Dec 2026)"),
        (
            field("last_seen").in_last(days=30),
            "last_seen is in the last 30 days (since 2 Oct 2026)",
        ),
        (did("e").within(days=30), "Order happened in the last 30 days (since 2 Oct 2026)"),
        (
            did("e").matching(field("due").in_last(days=30)),
            "Order with due is in the last 30 days (since 3 Oct 2026) happened",
        ),
        (field("gone").in_last(days=30), "gone is in the last 30 days"),
        (
            did("e").matching(field("gone").in_last(days=3)),
            "Order with gone is in the last 3 days happened",
        ),
        (
            did("gone").matching(field("due").in_last(days=3)),
            "gone with due is in the last 3 days happened",
        ),
    ],
)
def test_a_window_says_the_first_or_last_day_inside_where_the_type_is_known(
    rule: Any, words: str
) -> None:
    assert phrase(rule, NOVEMBER) == words


@given(
    amount=st.integers(1, 400),
    unit=st.sampled_from(("days", "weeks")),
    hours=st.integers(0, 24 * 800),
    zone=st.sampled_from(ZONES),
)
def test_the_day_said_of_a_date_field_is_the_first_that_its_window_holds(
    amount: int, unit: str, hours: int, zone: str
) -> None:
    wording = Wording(DATED, AS_OF + dt.timedelta(hours=hours), ZoneInfo(zone))
    rule = field("birthday").in_last(**{unit: amount})
    assert rule.window is not None
    low = days(rule.window, wording.as_of, wording.zone).low  # type: ignore[arg-type]
    assert isinstance(low, dt.date)
    assert f"(since {day(low + dt.timedelta(days=1))})" in phrase(rule, wording)


def test_a_long_list_is_cut_and_counted() -> None:
    words = phrase(field("country").is_any_of(*(f"c{n}" for n in range(1_512))))
    assert words.endswith("“c10”, “c11”, 1,500 more")


@pytest.mark.parametrize("text", ["{0}", "{list}", "{", "}", "%s", HOSTILE, "{0.__class__}"])
def test_braces_in_names_and_values_are_only_text(text: str) -> None:
    assert phrase(field(text).contains(text)) == f"{text} contains “{text}”"
    assert phrase(tag(text)) == f"tag is “{text}”"
    assert phrase(did(text)) == f"{text} happened"
    assert phrase(in_segment(text)) == f"is in segment “{text}”"


@given(trees.groups)
def test_every_tree_is_said_with_matching_brackets_and_no_gap(root: Group) -> None:
    words = describe(root)
    assert "…" not in words
    assert "unknown operator" not in words
    if "(" not in "".join(map(str, (n for _, n in walk(root) if not isinstance(n, Group)))):
        assert words.count("(") == words.count(")")
    assert words == NOBODY or words.startswith("Contacts where ")
