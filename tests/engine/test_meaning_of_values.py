"""What the comparisons of one value mean, by both engines, on contacts made for the edge."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from both import NOON, UTC, having, held

from segbench.engine.memory import Contact
from segbench.model.ask import field, sample, tag
from segbench.model.rules import FieldRule
from segbench.model.windows import Calendar

BERLIN = ZoneInfo("Europe/Berlin")
HOUR = dt.timedelta(hours=1)
TICK = dt.timedelta(microseconds=1)


def test_composed_and_decomposed_letters_are_the_same() -> None:
    names = having(name=["Zoe\u0308", "Zoë", "Zoe"])
    both = {"Zoe\u0308", "Zoë"}
    assert held(field("name").is_("zoë"), *names) == both
    assert held(field("name").contains("e\u0308"), *names) == both
    assert held(field("name").length_at_most(3), *names) == {*both, "Zoe"}


def test_a_pattern_may_match_anywhere_and_ignores_case_unless_told() -> None:
    names = having(name=["Anna", "hannah", "bob", " anna\n"])
    assert held(field("name").matches("an+a"), *names) == {"Anna", "hannah", " anna\n"}
    assert held(field("name").matches("^an+a$"), *names) == {"Anna", " anna\n"}
    assert held(field("name", match_case=True).matches("^A"), *names) == {"Anna"}
    negative = FieldRule("name", "does_not_match", ("an+a",))
    assert held(negative, *names) == {"bob", "none"}


def test_a_dot_matches_the_end_of_a_line_too() -> None:
    assert held(field("name").matches("a.b"), *having(name=["a\nb", "ab"])) == {"a\nb"}


def test_length_counts_characters_of_the_trimmed_text() -> None:
    names = having(name=[" ab ", "🎈é", "abc", " "])
    assert held(FieldRule("name", "length_equals", (2,)), *names) == {" ab ", "🎈é"}
    assert held(field("name").length_at_least(1), *names) == {" ab ", "🎈é", "abc"}
    assert held(field("name").length_at_most(2), *names) == {" ab ", "🎈é"}


def test_a_list_has_its_items_and_blank_ones_are_none() -> None:
    people = (
        Contact("both", {"interests": ("Ski", " tea ")}),
        Contact("ski", {"interests": ("ski", "ski", "")}),
        Contact("blank", {"interests": ("", "  ")}),
        Contact("none"),
    )
    assert held(field("interests").has_any_of("SKI"), *people) == {"both", "ski"}
    assert held(field("interests").has_all_of("ski", "Tea"), *people) == {"both"}
    assert held(field("interests").has_none_of("tea"), *people) == {"ski", "blank", "none"}
    assert held(field("interests").is_empty(), *people) == {"blank", "none"}
    assert held(FieldRule("interests", "item_contains", ("k",)), *people) == {"both", "ski"}
    assert held(FieldRule("interests", "size_equals", (2,)), *people) == {"both", "ski"}
    assert held(FieldRule("interests", "size_at_most", (5,)), *people) == {"both", "ski"}


def test_two_fields_compare_only_where_both_have_a_value() -> None:
    people = (
        Contact("same", {"country": "DE", "ship_to": " de "}),
        Contact("other", {"country": "DE", "ship_to": "FR"}),
        Contact("half", {"country": "DE"}),
        Contact("none"),
    )
    same = field("country").is_(field("ship_to"))
    assert held(same, *people) == {"same"}
    assert held(field("country").is_not(field("ship_to")), *people) == {"other", "half", "none"}
    strict = replace(field("country").is_not(field("ship_to")), unknown="exclude")
    assert held(strict, *people) == {"other"}
    assert held(replace(same, match_case=True), *people) == set()


def test_a_date_and_an_instant_compare_by_their_local_days() -> None:
    late = dt.datetime(2026, 10, 25, 23, 30)
    people = (Contact("p", {"joined": dt.date(2026, 10, 26), "last_seen": late}),)
    same_day = field("joined").on(field("last_seen"))
    assert held(same_day, *people, zone=BERLIN) == {"p"}
    assert held(same_day, *people) == set()
    assert held(field("joined").after(field("last_seen")), *people) == {"p"}
    assert held(field("last_order").on(field("last_seen")), *people) == set()


def test_the_top_per_cent_take_ties_together() -> None:
    people = having(score=[5.0, 4.0, 4.5, 1.0, 2.0, 3.0, 0.0, -1.0, 7.0, 6.0])
    assert held(field("score").in_top(10), *people) == {"7.0"}
    assert held(field("score").in_top(10.0001), *people) == {"7.0", "6.0"}
    assert held(field("score").in_bottom(20), *people) == {"-1.0", "0.0"}
    tied = tuple(Contact(str(n), {"score": 1.0}) for n in range(10))
    assert len(held(field("score").in_top(10), *tied)) == 10
    known = (*people, Contact("nan", {"score": math.nan}), Contact("inf", {"score": math.inf}))
    assert held(field("score").in_top(10), *known) == {"inf", "7.0"}


def test_more_than_ago_begins_where_the_last_days_end() -> None:
    edge = NOON - dt.timedelta(days=30)
    people = having(last_seen=[edge - TICK, edge, edge + TICK, NOON, NOON + TICK])
    within = held(field("last_seen").in_last(days=30), *people)
    before = held(field("last_seen").more_than_ago(days=30), *people)
    assert within == {str(edge + TICK), str(NOON)}
    assert before == {str(edge - TICK), str(edge)}


def test_between_ago_and_the_last_days_have_nobody_in_common_and_leave_nobody_out() -> None:
    days = [NOON - dt.timedelta(days=n) + sign * TICK for n in (0, 30, 60) for sign in (-1, 0, 1)]
    people = having(last_seen=days)
    near = held(field("last_seen").in_last(days=30), *people)
    middle = held(field("last_seen").between_ago(30, 60), *people)
    whole = held(field("last_seen").in_last(days=60), *people)
    assert near | middle == whole
    assert not near & middle


PERIODS = [
    ("day", 0, "2026-10-26", "2026-10-26"),
    ("day", -1, "2026-10-25", "2026-10-25"),
    ("week", 0, "2026-10-26", "2026-11-01"),
    ("week", -1, "2026-10-19", "2026-10-25"),
    ("month", 1, "2026-11-01", "2026-11-30"),
    ("month", -8, "2026-02-01", "2026-02-28"),
    ("quarter", 0, "2026-10-01", "2026-12-31"),
    ("quarter", -4, "2025-10-01", "2025-12-31"),
    ("year", -1, "2025-01-01", "2025-12-31"),
    ("year", -2, "2024-01-01", "2024-12-31"),
]


@pytest.mark.parametrize(("period", "offset", "first", "final"), PERIODS)
def test_a_calendar_period_holds_its_first_and_last_day_and_no_other(
    period: str, offset: int, first: str, final: str
) -> None:
    low, high = dt.date.fromisoformat(first), dt.date.fromisoformat(final)
    day = dt.timedelta(days=1)
    dates = having(joined=[low - day, low, high, high + day])
    rule = field("joined").in_period(period, offset)  # type: ignore[arg-type]
    assert held(rule, *dates, zone=BERLIN) == {first, final}
    start = dt.datetime.combine(low, dt.time(), BERLIN).astimezone(UTC).replace(tzinfo=None)
    end = dt.datetime.combine(high + day, dt.time(), BERLIN).astimezone(UTC).replace(tzinfo=None)
    instants = having(last_seen=[start - TICK, start, end - TICK, end])
    seen = replace(rule, field="last_seen")
    assert held(seen, *instants, zone=BERLIN) == {str(start), str(end - TICK)}
    before = FieldRule("last_seen", "before_period", window=Calendar(period, offset))  # type: ignore[arg-type]
    assert held(before, *instants, zone=BERLIN) == {str(start - TICK)}
    after = replace(before, op="after_period")
    assert held(after, *instants, zone=BERLIN) == {str(end)}
    assert held(replace(before, field="joined"), *dates, zone=BERLIN) == {str(low - day)}
    assert held(replace(after, field="joined"), *dates, zone=BERLIN) == {str(high + day)}


def test_a_week_starts_on_the_day_that_the_workspace_says() -> None:
    sunday, monday = dt.date(2026, 10, 25), dt.date(2026, 10, 26)
    rule = field("joined").in_period("week")
    assert held(rule, *having(joined=[sunday, monday])) == {str(monday)}
    assert held(rule, *having(joined=[sunday, monday]), week_start=6) == {str(sunday), str(monday)}


def test_a_month_less_from_the_31st_is_the_last_day_of_the_month() -> None:
    as_of = dt.datetime(2026, 3, 31, 12)
    edge = dt.datetime(2026, 2, 28, 12)
    people = having(last_seen=[edge, edge + TICK])
    rule = field("last_seen").in_last(months=1)
    assert held(rule, *people, as_of=as_of) == {str(edge + TICK)}
    leap = dt.datetime(2024, 2, 29, 12)
    year = field("last_seen").in_last(years=1)
    assert held(year, *having(last_seen=[dt.datetime(2023, 2, 28, 12)]), as_of=leap) == set()
    assert held(year, *having(last_seen=[dt.datetime(2023, 2, 28, 13)]), as_of=leap) == {
        "2023-02-28 13:00:00"
    }


def test_months_keep_the_local_time_of_day_across_a_change_of_clocks() -> None:
    # Noon in Berlin is 11:00 UTC on 26 October and 10:00 UTC a month before.
    edge = dt.datetime(2026, 9, 26, 10)
    people = having(last_seen=[edge, edge + TICK])
    rule = field("last_seen").in_last(months=1)
    assert held(rule, *people, as_of=dt.datetime(2026, 10, 26, 11), zone=BERLIN) == {
        str(edge + TICK)
    }


def test_weekday_month_and_hour_are_those_of_the_local_time() -> None:
    late = dt.datetime(2026, 5, 31, 22, 30)
    people = having(last_seen=[late])
    assert held(field("last_seen").weekday_is("monday"), *people, zone=BERLIN) == {str(late)}
    assert held(field("last_seen").weekday_is("sunday"), *people) == {str(late)}
    assert held(field("last_seen").month_is("june"), *people, zone=BERLIN) == {str(late)}
    assert held(field("last_seen").hour_between(0, 1), *people, zone=BERLIN) == {str(late)}
    assert held(field("joined").weekday_is("monday"), *having(joined=[dt.date(2026, 6, 1)])) == {
        "2026-06-01"
    }


def test_hours_hold_their_start_and_not_their_end_and_may_pass_midnight() -> None:
    hours = having(last_seen=[dt.datetime(2026, 1, 1, n) for n in range(24)])
    work = held(field("last_seen").hour_between(9, 17), *hours)
    assert len(work) == 8
    assert str(dt.datetime(2026, 1, 1, 9)) in work
    night = held(field("last_seen").hour_between(22, 6), *hours)
    assert len(night) == 8
    assert not work & night


BORN = [dt.date(1990, 10, 26), dt.date(1990, 10, 27), dt.date(1990, 11, 2), dt.date(1990, 11, 3)]


def test_an_anniversary_ignores_the_year_and_leaves_out_today_where_it_is_next() -> None:
    people = having(birthday=BORN)
    assert held(field("birthday").anniversary_today(), *people) == {"1990-10-26"}
    assert held(field("birthday").anniversary_next(days=7), *people) == {"1990-10-27", "1990-11-02"}
    assert held(field("birthday").anniversary_last(days=1), *people) == {"1990-10-26"}


def test_an_anniversary_passes_the_end_of_the_year() -> None:
    as_of = dt.datetime(2026, 12, 30, 12)
    people = having(birthday=[dt.date(1990, 1, 2), dt.date(1990, 12, 31), dt.date(1990, 1, 7)])
    assert held(field("birthday").anniversary_next(days=7), *people, as_of=as_of) == {
        *("1990-01-02", "1990-12-31")
    }


def test_the_29th_of_february_falls_on_the_1st_of_march_in_common_years() -> None:
    people = having(birthday=[dt.date(2004, 2, 29)])
    today = field("birthday").anniversary_today()
    assert held(today, *people, as_of=dt.datetime(2026, 3, 1, 12)) == {"2004-02-29"}
    assert held(today, *people, as_of=dt.datetime(2026, 2, 28, 12)) == set()
    assert held(today, *people, as_of=dt.datetime(2028, 2, 29, 12)) == {"2004-02-29"}
    assert held(today, *people, as_of=dt.datetime(2028, 3, 1, 12)) == set()


def test_a_rule_may_mean_each_contacts_own_time_zone() -> None:
    # 26 October in Berlin, still the 25th in New York.
    as_of = dt.datetime(2026, 10, 26, 2)
    seen = dt.datetime(2026, 10, 26, 1)
    people = tuple(
        Contact(zone or "none", {"last_seen": seen, "time_zone": zone, "joined": seen.date()})
        for zone in ("Europe/Berlin", "America/New_York", "Mars/Base", None)
    )
    today = field("joined").in_period("day")
    assert held(today, *people, as_of=as_of, zone=BERLIN) == {contact.key for contact in people}
    own = replace(today, clock="contact")
    # Without a zone, or with one that does not exist, the workspace's holds.
    assert held(own, *people, as_of=as_of, zone=BERLIN) == {"Europe/Berlin", "Mars/Base", "none"}
    nine = replace(field("last_seen").hour_between(21, 22), clock="contact")
    assert held(nine, *people, as_of=as_of, zone=BERLIN) == {"America/New_York"}


def test_tags_given_in_a_window_need_a_known_time() -> None:
    month = NOON - dt.timedelta(days=30)
    people = (
        Contact("in", tags=frozenset({"vip"}), tagged={"vip": month + TICK}),
        Contact("edge", tags=frozenset({"vip"}), tagged={"vip": month}),
        Contact("ahead", tags=frozenset({"vip"}), tagged={"vip": NOON + TICK}),
        Contact("unknown", tags=frozenset({"vip"})),
        Contact("none"),
    )
    assert held(tag("vip").given(days=30), *people) == {"in"}
    none = replace(tag("vip").given(days=30), op="has_none_of")
    assert held(none, *people) == {"edge", "ahead", "unknown", "none"}


def test_a_sample_holds_its_share_and_two_shares_have_nobody_in_common() -> None:
    people = tuple(Contact(f"contact {number}") for number in range(2_000))
    tenth = held(sample(0, 10, salt="a"), *people)
    assert 150 < len(tenth) < 250
    parts = [held(sample(low, low + 25, salt="a"), *people) for low in (0, 25, 50, 75)]
    assert sum(map(len, parts)) == 2_000
    assert set().union(*parts) == {contact.key for contact in people}
    assert tenth < parts[0]
    assert held(sample(0, 10, salt="b"), *people) != tenth


def test_a_sample_is_the_same_for_ever() -> None:
    people = tuple(Contact(f"contact {number}") for number in range(12))
    assert held(sample(0, 25, salt="autumn"), *people) == PINNED


PINNED = {"contact 6", "contact 8", "contact 11"}
