"""The exact words of each issue, and what lies just inside and just outside each limit."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import pytest
from population import CATALOG, CONTACT_ZONE, SEGMENTS

from segbench.model.ask import did, field, in_order, measure, sample, tag
from segbench.model.catalog import BLANKS, Catalog, Choice, Field
from segbench.model.check import check
from segbench.model.rules import EventRule, FieldRule, Group, SequenceRule, Step, TagRule
from segbench.model.windows import Ago, Between, Calendar, Last

CART, ORDER = did("cart_updated"), did("order_placed")
LARGE = ORDER.matching(field("amount") > 1)
UNREADABLE = "A text cannot have a NUL or half a character in it."
LENGTH = ("hint", "unfinished", "Enter a length of time of at least 1.")
HOURS = ("hint", "unfinished", "Enter both hours.")
AN_HOUR = ("error", "out-of-range", "An hour is a whole number from 0 to 24.")
HOW_MANY = ("error", "out-of-range", "How many must be a whole number, 0 to 1,000,000,000.")
NO_TIMES = ("error", "wrong-type", "A period is from one day to another, without times.")
SAMPLE = ("error", "wrong-type", "The edges of a sample are numbers, in per cent.")
YEARS = ("error", "out-of-range", "A window is at most about 1,000 years long.")


def found(rule: Any, catalog: Catalog = CATALOG) -> list[tuple[str, str, str]]:
    """The issues of a segment of that one rule."""
    issues = check(Group(rules=(rule,)), catalog, SEGMENTS, contact_zone=CONTACT_ZONE)
    return [(issue.level, issue.code, issue.message) for issue in issues]


def within(amount: Any, unit: Any) -> SequenceRule:
    return replace(in_order(CART, ORDER), within=Last(amount, unit))


SAID: list[tuple[Any, tuple[str, str, str]]] = [
    (FieldRule("", ""), ("hint", "unfinished", "Choose what to filter on.")),
    (FieldRule("name", ""), ("hint", "unfinished", "Choose how to compare.")),
    (FieldRule("name", "is"), ("hint", "unfinished", "Enter a value.")),
    (FieldRule("age", "between"), ("hint", "unfinished", "Enter both values.")),
    (FieldRule("last_seen", "weekday_is"), ("hint", "unfinished", "Choose at least one.")),
    (FieldRule("name", "is_any_of"), ("hint", "unfinished", "Choose at least one value.")),
    (FieldRule("last_seen", "hour_between"), HOURS),
    (FieldRule("last_seen", "hour_between", (9, "")), HOURS),
    (FieldRule("last_seen", "hour_between", (9, 10, 11)), HOURS),
    (FieldRule("last_seen", "hour_between", (-1, 9)), AN_HOUR),
    (FieldRule("last_seen", "hour_between", (9.0, 10)), AN_HOUR),
    (
        FieldRule("last_seen", "hour_between", (0, 24)),
        ("error", "swapped-bounds", "From 0 to 24 is every hour."),
    ),
    (FieldRule("name", "length_equals", ("",)), ("hint", "unfinished", "Enter a number.")),
    (FieldRule("name", "length_equals", (1, 2)), ("hint", "unfinished", "Enter a number.")),
    (FieldRule("name", "length_equals", (1.5,)), HOW_MANY),
    (FieldRule("name", "length_equals", (10**9 + 1,)), HOW_MANY),
    (
        FieldRule("score", "in_top", ("5",)),
        ("error", "out-of-range", "A share must be more than 0 and less than 100 per cent."),
    ),
    (
        FieldRule("score", "in_top", (0.00004,)),
        ("error", "out-of-range", "A share must be at least 0.0001 per cent."),
    ),
    (
        FieldRule("interests", "is", ("a",)),
        (
            "error",
            "wrong-operator",
            "“is” does not apply to a list; there are “has an item that contains”, “has no item "
            "that contains”, “has at least … items”, “has at most … items” and others.",
        ),
    ),
    (FieldRule("last_seen", "in_last"), ("hint", "unfinished", "Enter a length of time.")),
    (FieldRule("last_seen", "in_last", window=Last(0)), LENGTH),
    (
        FieldRule("last_seen", "in_last", window=Last(1, "eons")),  # type: ignore[arg-type]
        (
            *("error", "wrong-unit"),
            "There is no unit 'eons'; there are minutes, hours, days, weeks, months, years.",
        ),
    ),
    (
        FieldRule("birthday", "in_last", window=Last(90, "minutes")),
        (
            *("error", "wrong-unit"),
            "This field holds dates without a time: use days or longer.",
        ),
    ),
    (
        FieldRule("birthday", "between_ago", window=Ago(3, 3)),
        ("error", "swapped-bounds", "The first length must be the shorter one."),
    ),
    (
        FieldRule("birthday", "in_period", window=Calendar("day", -1_001)),
        ("error", "out-of-range", "A calendar period lies at most 1,000 periods away."),
    ),
    (EventRule("order_placed", window=Between("2026-10-01T00", "2026-10-02")), NO_TIMES),
    (EventRule("order_placed", window=Between("2026-10-01", "2026-10-02T00")), NO_TIMES),
    (FieldRule("last_seen", "in_last", window=Last(366_000 * 24 + 1, "hours")), YEARS),
    (FieldRule("last_seen", "in_last", window=Last(12_201, "months")), YEARS),
    (
        FieldRule("age", "equals", (5,), other="goal"),
        ("error", "wrong", "Compare with values or with another field, not with both."),
    ),
    (
        FieldRule("age", "equals", (), Last(1), other="goal"),
        ("error", "wrong", "Compare with values or with another field, not with both."),
    ),
    (
        FieldRule("age", "equals", other="age"),
        ("warning", "same-field", "This compares a field with itself."),
    ),
    (
        FieldRule("birthday", "on", (5,)),
        ("error", "wrong-type", "5 is not a date."),
    ),
    (FieldRule("name", "is", (5,)), ("error", "wrong-type", "5 is not a text.")),
    (
        FieldRule("score", "equals", (-(2**63) - 1,)),
        (
            *("error", "wrong-type"),
            "A whole number must lie within ±9,223,372,036,854,775,807.",
        ),
    ),
    (
        field("age").between(2, 1),
        ("error", "swapped-bounds", "The first value comes after the second: swap them."),
    ),
    (
        field("birthday").between("9998-12-31T00:00:00+02:00", "9996-12-31"),
        ("error", "swapped-bounds", "The first value comes after the second: swap them."),
    ),
    (tag("a\0"), ("error", "wrong-type", UNREADABLE)),
    (TagRule("has_any_of", ("",)), ("hint", "unfinished", "Choose at least one tag.")),
    (EventRule("order_placed", "at_least"), ("hint", "unfinished", "Enter how many times.")),
    (
        EventRule("order_placed", "exactly", (-1,)),
        ("error", "out-of-range", "How many times must be 0 to 1,000,000,000."),
    ),
    (did(""), ("hint", "unfinished", "Choose an event.")),
    (
        measure("average", "order_placed") > 1,
        ("hint", "unfinished", "Choose a property."),
    ),
    (
        measure("share", "order_placed") > 1,
        (
            *("hint", "unfinished"),
            "Add a condition: a share is of the events that meet it.",
        ),
    ),
    (
        measure("share", LARGE) > 10**12 + 1,
        ("error", "out-of-range", "The number must lie within ±1,000,000,000,000."),
    ),
    (
        measure("active_days", "order_placed").is_not_empty(),
        (
            *("error", "wrong-operator"),
            "This figure is 0, not empty, where nothing happened.",
        ),
    ),
    (
        within(1, "months"),
        (
            *("error", "wrong-unit"),
            "Write how long a sequence may take in weeks or shorter.",
        ),
    ),
    (within("1", "days"), ("error", "wrong-type", "A length of time is a whole number, not '1'.")),
    (within(0, "days"), LENGTH),
    (
        within(366_001, "days"),
        ("error", "out-of-range", "A sequence takes at most about 1,000 years."),
    ),
    (
        replace(CART, where=(FieldRule("", "is"),)),
        ("hint", "unfinished", "Choose a property for the condition."),
    ),
    (
        replace(CART, where=(FieldRule("page", "is", ("/",), clock="contact"),)),
        ("error", "wrong", "Whose clock is meant is said for the whole row."),
    ),
    (sample("0", 10), SAMPLE),  # type: ignore[arg-type]
    (sample(0, True), SAMPLE),
    (
        sample(-1, 10),
        ("error", "out-of-range", "The edges of a sample lie between 0 and 100 per cent."),
    ),
    (
        sample(0.001, 10),
        ("error", "out-of-range", "A sample is measured in hundredths of a per cent."),
    ),
    (
        sample(10, 10),
        ("error", "swapped-bounds", "The first edge of a sample must be the smaller one."),
    ),
    (sample(0, 10, salt="\ud800"), ("error", "wrong-type", UNREADABLE)),
    (sample(0, 10, salt="x" * 10_001), ("error", "wrong-type", UNREADABLE)),
]


@pytest.mark.parametrize(("rule", "issue"), SAID, ids=[str(n) for n in range(len(SAID))])
def test_an_issue_is_said_in_these_words_and_alone(rule: Any, issue: tuple[str, str, str]) -> None:
    assert found(rule) == [issue]


TOO_MANY = [
    (replace(ORDER, also=("page_visited",) * 51), "An event has at most 50 conditions or others."),
    (ORDER.matching(*[field("amount") > 1] * 51), "An event has at most 50 conditions or others."),
    (ORDER.after_last(*[CART] * 9), "At most 8 events can end a count."),
]


@pytest.mark.parametrize(("rule", "words"), TOO_MANY, ids=["also", "where", "since"])
def test_one_more_than_the_most_is_too_many(rule: Any, words: str) -> None:
    assert found(rule) == [("error", "too-many", words)]


@pytest.mark.parametrize("steps", [1, 9])
def test_a_sequence_has_two_to_eight_steps(steps: int) -> None:
    words = f"A sequence has 2 to 8 steps, not {steps}."
    assert found(SequenceRule((Step("cart_updated"),) * steps)) == [("error", "wrong", words)]


def test_a_step_of_a_sequence_may_have_conditions_and_they_are_checked() -> None:
    wrong = in_order(CART.matching(field("amount").contains("1")), ORDER)
    assert [code for _, code, _ in found(wrong)] == ["wrong-operator"]


def test_a_property_is_looked_up_in_each_of_the_events_that_are_counted_together() -> None:
    both = replace(CART, also=("order_placed",))
    assert found(both.matching(field("currency").is_("EUR"))) == []
    assert found(both.matching(field("amount").is_("EUR")))[0][1] == "wrong-operator"


def test_the_window_of_a_sequence_and_of_a_tag_lies_in_the_past() -> None:
    for rule in (
        replace(in_order(CART, ORDER), window=Calendar("week", 2_000)),
        tag("vip").given(Calendar("week", 2_000)),
    ):
        assert [code for _, code, _ in found(rule)] == ["out-of-range"]


@pytest.mark.parametrize("blank", BLANKS)
def test_a_tag_of_one_blank_character_is_no_tag(blank: str) -> None:
    assert found(TagRule("has_any_of", (blank,)))[0][1] == "unfinished"


def test_a_no_break_space_is_no_blank_neither_in_a_tag_nor_in_a_text() -> None:
    catalog = replace(CATALOG, tags=(Choice("\u00a0", 1),))
    assert found(TagRule("has_any_of", ("\u00a0",)), catalog) == []
    assert found(field("name").is_any_of("\u00a0")) == []
    assert found(field("name").is_("\u00a0")) == []


@pytest.mark.parametrize(
    ("zones", "sound"),
    [
        (Field(CONTACT_ZONE, "text"), True),
        (Field(CONTACT_ZONE, "text", known=2, choices=(Choice("Europe/Berlin", 2),)), True),
        (Field(CONTACT_ZONE, "text", known=2), False),
        (Field(CONTACT_ZONE, "number"), False),
    ],
    ids=["nobody has one", "listed", "too many to list", "a number"],
)
def test_contacts_zones_must_be_texts_that_are_all_listed(zones: Field, sound: bool) -> None:
    others = (known for known in CATALOG.fields if known.name != CONTACT_ZONE)
    catalog = replace(CATALOG, fields=(*others, zones))
    rule = replace(field("last_seen").weekday_is("monday"), clock="contact")
    words = f"Field {CONTACT_ZONE!r} does not hold time zones."
    assert found(rule, catalog) == ([] if sound else [("error", "missing-data", words)])


def test_every_weekday_and_month_has_its_name() -> None:
    days = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    assert found(field("birthday").weekday_is(*days)) == []
    wrong = found(FieldRule("birthday", "weekday_is", ("monday", "january")))
    assert wrong == [
        ("error", "wrong-type", f"There is no 'january' here: there are {', '.join(days)}.")
    ]


def test_text_is_compared_with_text_and_numbers_with_numbers_only() -> None:
    kinds = ("age", "birthday", "subscribed", "name")
    for mine, other in itertools.permutations(kinds, 2):
        op = {"age": "equals", "birthday": "on", "name": "is"}.get(mine)
        if op is not None:
            assert [c for _, c, _ in found(FieldRule(mine, op, other=other))] == ["wrong-type"]
