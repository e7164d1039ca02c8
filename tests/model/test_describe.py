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
    sample,
    tag,
)
from segbench.model.catalog import Catalog, EventType, Field, Property
from segbench.model.describe import NOBODY, Wording, describe, label, phrase
from segbench.model.moments import days
from segbench.model.operators import OPERATORS
from segbench.model.rules import (
    EventRule,
    FieldRule,
    Group,
    SampleRule,
    SegmentRule,
    TagRule,
    replace,
)
from segbench.model.tree import walk
from segbench.model.windows import Ago, Calendar, Last, Since, Until
from segbench.model.wording import day

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
    (did("order_placed").times(1, 1), "order_placed happened 1 time"),
    (did("order_placed").times(3, 3), "order_placed happened 3 times"),
    (did("order_placed").times(0, 1), "order_placed happened 0 to 1 times"),
    (
        FieldRule("country", "is", other="ship_to", unknown="include"),
        "country is ship_to or either is empty",
    ),
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
    (in_segment("Buyers"), "segment is “Buyers”"),
    (SegmentRule("Buyers", "is_not_in"), "segment is not “Buyers”"),
    (engaged(days=7), "contact is engaged in the last 7 days"),
    (replace(engaged(days=7), op="is_not_in"), "contact is not engaged in the last 7 days"),
    (field("country").is_("DE"), "country is “DE”"),
    (field("country").is_not("DE"), "country is not “DE” (empty included)"),
    (field("country").is_not(field("ship_to")), "country is not ship_to (either empty included)"),
    (field("last_order").after(field("last_seen")), "last_order is after last_seen"),
    (field("name").matches("^a"), "name matches the pattern “^a”"),
    (
        FieldRule("name", "does_not_match", ("^a",)),
        "name does not match the pattern “^a” (empty included)",
    ),
    (field("name").length_at_least(3), "name is at least 3 characters long"),
    (field("name").length_at_most(3), "name is at most 3 characters long"),
    (FieldRule("name", "length_equals", (3,)), "name is exactly 3 characters long"),
    (field("interests").has_any_of("a", "b"), "interests has any of “a”, “b”"),
    (field("interests").has_all_of("a", "b"), "interests has all of “a”, “b”"),
    (field("interests").has_none_of("a"), "interests does not have “a” (empty included)"),
    (
        FieldRule("interests", "item_contains", ("a",)),
        "interests has an item that contains “a”",
    ),
    (
        FieldRule("interests", "no_item_contains", ("a",)),
        "interests has no item that contains “a” (empty included)",
    ),
    (FieldRule("interests", "size_at_least", (2,)), "interests has at least 2 items"),
    (FieldRule("interests", "size_at_most", (2,)), "interests has 1 to 2 items"),
    (FieldRule("interests", "size_at_most", (1,)), "interests has 1 item"),
    (FieldRule("interests", "size_equals", (2,)), "interests has exactly 2 items"),
    (FieldRule("interests", "size_equals", (1,)), "interests has exactly 1 item"),
    (field("name").length_at_least(1), "name is at least 1 character long"),
    (field("last_seen").more_than_ago(years=1), "last_seen is 1 year or more ago"),
    (field("score").in_top(10), "score is in the top 10 %"),
    (field("score").in_bottom(2.5), "score is in the bottom 2.5 %"),
    (field("last_seen").more_than_ago(months=3), "last_seen is 3 months or more ago"),
    (field("last_seen").more_than_ahead(days=3), "last_seen is more than 3 days from now"),
    (field("last_seen").between_ago(30, 60), "last_seen is between 30 and 60 days ago"),
    (field("last_seen").in_period("day"), "last_seen is today"),
    (field("last_seen").in_period("week", -1), "last_seen is last week"),
    (
        FieldRule("last_seen", "not_in_period", window=Calendar("day", -1)),
        "last_seen is not yesterday (empty included)",
    ),
    (
        FieldRule("last_seen", "before_period", window=Calendar("year")),
        "last_seen is before this year",
    ),
    (
        FieldRule("last_seen", "after_period", window=Calendar("quarter", -3)),
        "last_seen is after quarter 3 before this one",
    ),
    (field("birthday").weekday_is("monday", "friday"), "birthday falls on any of Monday, Friday"),
    (field("birthday").month_is("may"), "birthday falls in May"),
    (field("last_seen").hour_between(9, 17), "last_seen has a time of day from 9:00 to 17:00"),
    (field("birthday").anniversary_today(), "birthday has its anniversary today"),
    (field("birthday").anniversary_next(days=7), "birthday has its anniversary in the next 7 days"),
    (field("birthday").anniversary_last(days=7), "birthday has its anniversary in the last 7 days"),
    (tag("vip").given(days=30), "contact was given the tag “vip” in the last 30 days"),
    (
        tag("vip", "new").given(days=30),
        "contact was given any of the tags “vip”, “new” in the last 30 days",
    ),
    (
        all_tags("vip", "new").given(days=30),
        "contact was given all of the tags “vip”, “new” in the last 30 days",
    ),
    (
        TagRule("has_none_of", ("vip",), window=Calendar("week")),
        "contact was not given the tag “vip” this week",
    ),
    (
        TagRule("has_none_of", ("vip", "new"), window=Calendar("week")),
        "contact was not given any of the tags “vip”, “new” this week",
    ),
    (
        did("order_placed").at_least(2).after_last(did("page_visited"), did("email_clicked")),
        "order_placed happened at least 2 times since the last page_visited or email_clicked",
    ),
    (
        EventRule("email_clicked", also=("page_visited",), window=Since("2026-01-01")),
        "(email_clicked or page_visited) happened since 1 Jan 2026",
    ),
    (did("order_placed").within(Until("2026-01-31")), "order_placed happened up to 31 Jan 2026"),
    (
        measure("sum", did("order_placed").within(days=90), "amount") >= 100,
        "the sum of amount of order_placed in the last 90 days is at least 100 "
        "(0 where nothing happened)",
    ),
    (
        measure("average", "order_placed", "amount") < 10,
        "the average amount of order_placed is less than 10",
    ),
    (
        measure("smallest", "order_placed", "amount") > 1,
        "the smallest amount of order_placed is greater than 1",
    ),
    (
        measure("largest", "order_placed", "amount").is_empty(),
        "the largest amount of order_placed is empty",
    ),
    (
        measure("distinct", "order_placed", "currency") >= 2,
        "the number of different values of currency of order_placed is at least 2 "
        "(0 where nothing happened)",
    ),
    (
        measure("first_value", "order_placed", "currency").is_("EUR"),
        "the first currency of order_placed is “EUR”",
    ),
    (
        measure("last_value", "order_placed", "gift").is_true(),
        "the most recent gift of order_placed is true",
    ),
    (
        measure("share", did("email_opened").matching(field("machine_open").is_true())) > 50,
        "the share (in %) of email_opened that are email_opened with machine open is true "
        "is greater than 50",
    ),
    (
        measure("active_days", "page_visited") >= 3,
        "the number of different days with page_visited is at least 3 (0 where nothing happened)",
    ),
    (
        measure("active_weeks", "page_visited") >= 3,
        "the number of different weeks with page_visited is at least 3 (0 where nothing happened)",
    ),
    (
        measure("active_months", "page_visited") >= 3,
        "the number of different months with page_visited is at least 3 (0 where nothing happened)",
    ),
    (
        measure("first_time", "page_visited").in_last(days=30),
        "the first time of page_visited is in the last 30 days",
    ),
    (
        measure("last_time", "page_visited").before("2026-01-01"),
        "the most recent time of page_visited is before 1 Jan 2026",
    ),
    (
        in_order(did("page_visited"), did("order_placed"), days=3),
        "page_visited, then order_placed happened within 3 days",
    ),
    (
        not_followed(did("cart_updated"), did("order_placed"), hours=72),
        "cart_updated happened, but no order_placed after it within 72 hours",
    ),
    (sample(0, 10), "contact is in the sample from 0 % to 10 %"),
    (sample(0, 10, salt="a"), "contact is in the sample from 0 % to 10 % of draw “a”"),
    (replace(sample(0, 10), op="is_not_in"), "contact is not in the sample from 0 % to 10 %"),
    (
        replace(field("last_seen").in_period("day"), clock="contact"),
        "last_seen is today (in each contact's time zone)",
    ),
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
    assert phrase(in_segment(text)) == f"segment is “{text}”"


@given(trees.groups)
def test_every_tree_is_said_with_matching_brackets_and_no_gap(root: Group) -> None:
    words = describe(root)
    assert "…" not in words
    assert "unknown operator" not in words
    if "(" not in "".join(map(str, (n for _, n in walk(root) if not isinstance(n, Group)))):
        assert words.count("(") == words.count(")")
    assert words == NOBODY or words.startswith("Contacts where ")


def test_groups_too_deep_to_say_are_said_in_plain_words() -> None:
    root = Group(rules=(tag("x"),))
    for _ in range(40_000):
        root = Group(rules=(root,))
    words = "(groups nested more than 32 deep)"
    assert describe(root) == f"Contacts where {words}."
    assert phrase(root) == words


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (FieldRule("f", "in_period", window=Calendar("decade")), "f is this decade"),  # type: ignore[arg-type]
        (FieldRule("f", "in_period", window=Calendar("day", "x")), "f is day 'x'"),  # type: ignore[arg-type]
        (FieldRule("f", "in_last", window=Last(3, "fortnights")), "f is in the last 3 fortnights"),  # type: ignore[arg-type]
        (FieldRule("f", "in_last", window=Last("3")), "f is in the last '3' days"),  # type: ignore[arg-type]
        (
            FieldRule("f", "between_ago", window=Ago("1", 2)),  # type: ignore[arg-type]
            "f is between '1' and 2 days ago",
        ),
        (did("e").within(Since(5)), "e happened since 5"),  # type: ignore[arg-type]
        (SampleRule("a", "b"), "contact is in the sample from 'a' % to 'b' %"),  # type: ignore[arg-type]
        (FieldRule("f", None), "f None (unknown operator)"),  # type: ignore[arg-type]
        (FieldRule("f", "{x}{0.a}"), "f {x}{0.a} (unknown operator)"),
        (FieldRule("f", "equals", (10**5000,)), "f equals a value too long to show"),
        (FieldRule("f", "month_is", (10**5000,)), "f falls in A value too long to show"),
        (SampleRule(0, 10**400), "contact is in the sample from 0 % to 1" + "0" * 58 + "… %"),
    ],
)
def test_what_the_check_refuses_is_still_said(rule: Any, words: str) -> None:
    field_of_times = Field("f", "datetime")
    wording = Wording(Catalog(0, (field_of_times,)), AS_OF, ZONE)
    assert phrase(rule, wording) == words
