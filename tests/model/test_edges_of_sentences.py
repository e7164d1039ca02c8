"""Sentences at their edges: dates of periods, amounts of one, what is missing or switched off."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from segbench.model.ask import did, field, in_order, measure, not_followed, prebuilt, sample, tag
from segbench.model.catalog import Catalog, EventType, Field, Property
from segbench.model.describe import Wording, describe, label, phrase
from segbench.model.rules import EventRule, FieldRule, Group, PrebuiltRule, SequenceRule
from segbench.model.windows import Ago, Between, Calendar, Last
from segbench.model.wording import quoted

BERLIN = ZoneInfo("Europe/Berlin")
CATALOG = Catalog(
    0,
    (Field("born", "date", "Birthday"), Field("seen", "datetime", "Last seen")),
    (),
    (
        EventType("e", "Order", properties=(Property("due", "date"), Property("paid", "datetime"))),
        EventType("v", "Visit"),
    ),
)
MONDAY = dt.datetime(2026, 10, 26, 12)
CLOCK = Wording(CATALOG, MONDAY, BERLIN)
LATE = Wording(CATALOG, dt.datetime(2026, 10, 26, 23, 30), BERLIN)
SUNDAYS = replace(CLOCK, week_start=6)


def period(name: str, window: Calendar, wording: Wording) -> str:
    return phrase(FieldRule(name, "in_period", window=window), wording)


@pytest.mark.parametrize(
    ("window", "words"),
    [
        (Calendar("day"), "today (26 Oct 2026)"),
        (Calendar("day", -1), "yesterday (25 Oct 2026)"),
        (Calendar("day", 1), "tomorrow (27 Oct 2026)"),
        (Calendar("day", 2), "day 2 after this one (28 Oct 2026)"),
        (Calendar("week"), "this week (26 Oct 2026 to 1 Nov 2026)"),
        (Calendar("week", -1), "last week (19 Oct 2026 to 25 Oct 2026)"),
        (Calendar("month", 1), "next month (1 Nov 2026 to 30 Nov 2026)"),
        (Calendar("quarter", -3), "quarter 3 before this one (1 Jan 2026 to 31 Mar 2026)"),
        (Calendar("year", 1_000), "year 1,000 after this one (1 Jan 3026 to 31 Dec 3026)"),
    ],
)
def test_a_period_says_its_first_and_last_day(window: Calendar, words: str) -> None:
    assert period("seen", window, CLOCK) == f"Last seen is {words}"
    assert period("born", window, CLOCK) == f"Birthday is {words}"


def test_a_period_is_that_of_the_local_day() -> None:
    assert period("seen", Calendar("day"), LATE) == "Last seen is today (27 Oct 2026)"


def test_a_month_ago_is_counted_in_local_time() -> None:
    # 23:30 in Berlin; in UTC a month ago it was already the next day there.
    late = replace(CLOCK, as_of=dt.datetime(2026, 10, 26, 22, 30))
    words = phrase(field("seen").in_last(months=1), late)
    assert words == "Last seen is in the last month (since 26 Sep 2026)"


def test_a_week_says_the_days_of_the_workspaces_week() -> None:
    words = period("seen", Calendar("week"), SUNDAYS)
    assert words == "Last seen is this week (25 Oct 2026 to 31 Oct 2026)"


@pytest.mark.parametrize(
    "wording",
    [
        Wording(CATALOG, None, BERLIN),
        Wording(CATALOG, MONDAY, None),
        Wording(replace(CATALOG, fields=()), MONDAY, BERLIN),
    ],
    ids=["no clock", "no zone", "no type"],
)
def test_days_are_left_out_where_they_are_not_known(wording: Wording) -> None:
    name = "Last seen" if wording.catalog and wording.catalog.fields else "seen"
    assert period("seen", Calendar("week"), wording) == f"{name} is this week"
    assert phrase(field("seen").in_last(days=3), wording) == f"{name} is in the last 3 days"


def test_what_lies_between_two_lengths_ago_says_its_days() -> None:
    window = Ago(1_000, 2_000)
    words = "is between 1,000 and 2,000 days ago"
    born, seen = (FieldRule(name, "between_ago", window=window) for name in ("born", "seen"))
    # A date is in from the day after the far end; of that day an instant may be in part.
    assert phrase(born, CLOCK) == f"Birthday {words} (6 May 2021 to 30 Jan 2024)"
    assert phrase(seen, CLOCK) == f"Last seen {words} (5 May 2021 to 30 Jan 2024)"


def test_a_window_beyond_the_calendar_is_said_without_days() -> None:
    assert phrase(field("seen").in_last(days=10**9), CLOCK).endswith("last 1,000,000,000 days")
    assert period("seen", Calendar("year", 10**6), CLOCK).endswith("1,000,000 after this one")


def test_days_are_written_out_also_in_a_window_and_kept_as_typed_where_they_are_none() -> None:
    assert phrase(did("v").during("2026-10-01", "2026-10-02"), CLOCK) == (
        "Visit happened from 1 Oct 2026 to 2 Oct 2026"
    )
    assert phrase(replace(did("v"), window=Between("soon", ""))) == "v happened from soon to …"
    assert phrase(field("code").is_("1234-67890")) == "code is 1234-67890"
    assert phrase(field("code").is_("123-567890")) == "code is “123-567890”"
    assert phrase(field("code").is_("2026-1-1")) == "code is “2026-1-1”"


@pytest.mark.parametrize(
    ("value", "words"),
    [(True, "true"), (False, "false"), (1_234.5, "1,234.5"), (0, "0"), ("a", "“a”")],
)
def test_a_value_is_quoted_by_its_kind(value: Any, words: str) -> None:
    assert quoted(value) == words


def test_once_is_one_time_and_more_are_times() -> None:
    assert phrase(did("v").at_least(1), CLOCK) == "Visit happened at least 1 time"
    assert phrase(did("v").at_least(11), CLOCK) == "Visit happened at least 11 times"
    assert phrase(did("v").times(1, 2), CLOCK) == "Visit happened 1 to 2 times"
    assert phrase(EventRule("v", "between", (3,)), CLOCK) == "Visit happened 3 to … times"


def test_a_list_shows_up_to_twelve_values() -> None:
    twelve = [f"c{n}" for n in range(12)]
    assert phrase(field("x").is_any_of(*twelve)).endswith("“c10”, “c11”")
    assert phrase(field("x").is_any_of(*twelve, "c12")).endswith("“c11”, 1 more")


def test_where_a_missing_value_goes_is_said_only_where_it_is_not_the_rule() -> None:
    empty = field("x").is_empty()
    assert phrase(empty) == "x is empty"
    assert phrase(replace(empty, unknown="exclude")) == "x is empty but not empty"
    assert phrase(replace(empty, unknown="include")) == "x is empty"
    assert phrase(replace(field("x").is_("a"), unknown="include")) == "x is “a” or is empty"
    cased = FieldRule("x", "is", ("a",), match_case=True, unknown="include")
    assert phrase(cased) == "x is “a” (matching case) or is empty"
    assert phrase(replace(field("x").is_("a"), unknown="exclude")) == "x is “a”"
    none_of = field("x").is_none_of("a")
    assert phrase(none_of) == "x is not “a” (empty included)"
    assert phrase(replace(none_of, unknown="exclude")) == "x is not “a”"


def test_a_figure_says_its_label_window_and_where_a_missing_one_goes() -> None:
    paid = measure("last_value", did("e").within(days=7), "paid", unknown="include")
    assert phrase(paid.in_last(days=3), CLOCK) == (
        "the most recent paid of Order in the last 7 days (since 19 Oct 2026) "
        "is in the last 3 days (since 23 Oct 2026) or is empty"
    )
    due = measure("first_value", "e", "due", match_case=True)
    assert phrase(due.in_last(days=3), CLOCK) == (
        "the first due of Order is in the last 3 days (since 24 Oct 2026) (matching case)"
    )
    assert phrase(measure("sum", "e") > 1, CLOCK) == (
        "the sum of … of Order is greater than 1 (0 where nothing happened)"
    )


def test_a_condition_may_compare_two_properties_and_switched_off_ones_are_not_said() -> None:
    other = FieldRule("due_day", "before", other="paid_day")
    off = replace(field("due").is_empty(), enabled=False)
    unnamed = FieldRule("", "is", ("a",))
    assert phrase(did("e").matching(other, off), CLOCK) == (
        "Order with due day is before paid day happened"
    )
    assert phrase(did("e").matching(~other), CLOCK) == (
        "Order with not (due day is before paid day) happened"
    )
    assert phrase(did("e").matching(unnamed, other), CLOCK) == (
        "Order with … and due day is before paid day happened"
    )


def test_events_counted_together_stand_in_brackets() -> None:
    both = replace(did("e"), also=("v", ""))
    assert phrase(both, CLOCK) == "(Order or Visit or (no event chosen yet)) happened"


def test_a_sequence_says_its_steps_window_and_limit() -> None:
    order, visit = did("e"), did("v")
    rule = in_order(visit, order, visit, hours=2)
    assert phrase(replace(rule, window=Last(7)), CLOCK) == (
        "Visit, then Order, then Visit happened in the last 7 days (since 19 Oct 2026) "
        "within 2 hours"
    )
    rule = not_followed(visit, order, visit, days=1)
    assert phrase(rule, CLOCK) == "Visit, then Order happened, but no Visit after it within 1 day"
    assert phrase(SequenceRule((), "not_followed"), CLOCK) == "… happened, but no … after it"


def test_a_count_since_other_events_names_them_all() -> None:
    rule = did("e").after_last(did("v"), did("gone"))
    assert phrase(rule, CLOCK) == "Order happened since the last Visit or gone"


def test_a_negated_group_has_one_pair_of_brackets_and_a_lone_rule_none() -> None:
    a, b = tag("a"), tag("b")
    assert phrase(~(a & b)) == "not (tag is “a” and tag is “b”)"
    assert phrase(Group("or", (a & b,))) == "(tag is “a” and tag is “b”)"
    assert describe(a & Group("or", (b,))) == "Contacts where tag is “a” and tag is “b”."
    assert label(a | b, CLOCK) == "tag is “a” or tag is “b”"
    assert label(Group("or", (did("v"), did("e"))), CLOCK) == "Visit happened or Order happened"


def test_a_pre_built_segment_is_negated_in_its_own_words_or_in_brackets() -> None:
    engaged = prebuilt("engaged", days=30)
    words = phrase(engaged)
    assert words.startswith("contact is ")
    assert phrase(replace(engaged, op="is_not_in")) == words.replace("is ", "is not ", 1)
    assert phrase(PrebuiltRule("gone")) == "gone (unknown pre-built segment)"


def test_a_sample_says_its_edges_and_its_draw() -> None:
    assert phrase(sample(0, 12.5)) == "contact is in the sample from 0 % to 12.5 %"
    assert (
        phrase(sample(0, 10, salt="spring"))
        == "contact is in the sample from 0 % to 10 % of draw “spring”"
    )
