"""What lies just inside each limit has no issue."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from population import CATALOG, CONTACT_ZONE, SEGMENTS

from segbench.errors import RuleError
from segbench.model.ask import (
    did,
    field,
    in_order,
    in_segment,
    measure,
    not_followed,
    prebuilt,
    sample,
    tag,
)
from segbench.model.catalog import Catalog, Field
from segbench.model.check import Issue, check, require_sound
from segbench.model.rules import EventRule, FieldRule, Group, SequenceRule, TagRule
from segbench.model.windows import Ago, Between, Calendar, Last

CART, ORDER = did("cart_updated"), did("order_placed")
LARGE = ORDER.matching(field("amount") > 1)
UNREADABLE = "A text cannot have a NUL or half a character in it."


def found(rule: Any, catalog: Catalog = CATALOG) -> list[tuple[str, str, str]]:
    """The issues of a segment of that one rule."""
    issues = check(Group(rules=(rule,)), catalog, SEGMENTS, contact_zone=CONTACT_ZONE)
    return [(issue.level, issue.code, issue.message) for issue in issues]


def within(amount: Any, unit: Any) -> SequenceRule:
    return replace(in_order(CART, ORDER), within=Last(amount, unit))


SOUND: list[Any] = [
    field("last_seen").hour_between(0, 23),
    field("last_seen").hour_between(23, 24),
    field("name").length_at_least(1),
    field("name").length_at_most(10**9),
    field("score").in_top(0.0001),
    field("score").in_bottom(99.9999),
    field("name").contains("x" * 10_000),
    field("score").equals(-(2**63)),
    field("score").equals(2**63 - 1),
    field("last_seen").on("9998-12-30"),
    field("last_seen").on("0002-01-01"),
    field("birthday").on("0001-01-01"),
    FieldRule("last_seen", "in_last", window=Last(366_000)),
    FieldRule("last_seen", "in_last", window=Last(366_000 * 24, "hours")),
    FieldRule("last_seen", "in_last", window=Last(1, "minutes")),
    FieldRule("birthday", "in_last", window=Last(1, "days")),
    FieldRule("birthday", "between_ago", window=Ago(1, 2)),
    FieldRule("birthday", "in_period", window=Calendar("year", -1_000)),
    FieldRule("birthday", "in_period", window=Calendar("year", 1_000)),
    FieldRule("birthday", "before", other="last_seen"),
    FieldRule("age", "equals", other="goal"),
    field("age").between(1, 1),
    did("order_placed").at_least(0),
    did("order_placed").at_least(10**9),
    did("order_placed").times(2, 2),
    did("order_placed").after_last(*[did("page_visited")] * 8),
    did("order_placed").matching(*[field("amount") > 1] * 50),
    replace(ORDER, also=("page_visited",) * 50),
    in_order(*[CART] * 8),
    within(366_000, "days"),
    within(1, "minutes"),
    replace(within(1, "days"), window=Between("2026-10-01", "2026-10-02")),
    measure("share", LARGE) > 10**12,
    measure("largest", "order_placed", "amount") > 10**13,
    measure("average", "order_placed", "amount").is_empty(),
    not_followed(CART, ORDER),
    sample(0, 100),
    sample(0, 0.01),
    sample(33.33, 66.67, salt="x" * 10_000),
    TagRule("has_any_of", ("vip", "newsletter")),
    FieldRule("interests", "item_contains", ("x",)),
]


@pytest.mark.parametrize("rule", SOUND, ids=[str(n) for n in range(len(SOUND))])
def test_what_lies_just_inside_a_limit_is_sound(rule: Any) -> None:
    assert found(rule) == []


def issues(root: Group, saved: dict[str, Group] | None = None) -> list[Issue]:
    return list(check(root, CATALOG, saved))


def test_a_tree_that_is_too_large_or_too_deep_has_that_one_error() -> None:
    deep = Group()
    for _ in range(32):
        deep = Group(rules=(deep,))
    words = "Groups can be nested at most 32 deep."
    assert Issue((0,) * 32, "error", "too-deep", words) in issues(deep)
    words = "A segment holds at most 1,000 rules and groups."
    assert issues(Group(rules=(tag("vip"),) * 1_001)) == [Issue((), "error", "too-many", words)]


def test_a_loop_after_another_segment_is_found_and_is_one_error() -> None:
    saved = {
        "a": Group(rules=(in_segment("b"),)),
        "b": in_segment("c") & in_segment("b"),
        "c": Group(rules=(tag("vip"),)),
    }
    words = "Segments refer to each other in a loop: 'b' → 'b'."
    root = Group(rules=(in_segment("a"),))
    assert issues(root, saved) == [Issue((0,), "error", "cycle", words)]


def test_contacts_own_time_needs_a_field_with_their_zones() -> None:
    rule = replace(field("last_seen").weekday_is("monday"), clock="contact")
    words = "This workspace names no field with the contacts' time zones."
    wanted = [Issue((0,), "error", "missing-data", words)]
    assert issues(Group(rules=(rule,))) == wanted


def test_events_of_one_contact_cannot_be_ranked_among_all() -> None:
    (issue,) = found(ORDER.matching(field("amount").in_top(10)))
    assert issue[:2] == ("error", "wrong-operator")
    assert issue[2].endswith("ranks contacts: it is for fields only.")


PARAMS: list[tuple[str, dict[str, Any], str, str, str]] = [
    ("engaged", {"days": 0}, "error", "out-of-range", "days must be 1 to 3,650, not 0."),
    ("engaged", {"days": 1.5}, "error", "wrong-type", "days must be a whole number, not 1.5."),
    (
        "engaged",
        {"opens": "x"},
        "error",
        "wrong-type",
        "opens is one of human, all, none, not 'x'.",
    ),
    ("missing_required", {"field": ""}, "hint", "unfinished", "Choose a field for required field."),
    ("missing_required", {"field": 5}, "hint", "unfinished", "Choose a field for required field."),
    (
        *("vip", {"average": "5"}, "error", "wrong-type"),
        "average order above must be a number, not '5'.",
    ),
    (
        *("vip", {"average": -1.5}, "error", "out-of-range"),
        "average order above must be 0 to 1,000,000,000,000, not -1.5.",
    ),
]


@pytest.mark.parametrize(("key", "params", "level", "code", "words"), PARAMS)
def test_what_is_wrong_with_a_parameter_is_said_once(
    key: str, params: dict[str, Any], level: str, code: str, words: str
) -> None:
    # This catalogue has no e-mail field, which is asked for only where the parameters are right.
    bare = Catalog(1, fields=(Field("age", "number"),))
    for catalog in (CATALOG, bare):
        assert found(prebuilt(key, **params), catalog) == [(level, code, words)]


def test_a_parameter_may_name_a_field_that_is_there_and_no_other() -> None:
    assert found(prebuilt("missing_required", field="name")) == []
    ((level, code, _),) = found(prebuilt("missing_required", field="nmae"))
    assert (level, code) == ("error", "unknown-name")


def test_what_follows_a_switched_off_group_is_still_checked() -> None:
    off = Group(rules=(tag("vip"), tag("newsletter")), enabled=False)
    root = Group(rules=(off, FieldRule("name", "is")))
    with pytest.raises(RuleError, match=r"^Row 2: Enter a value\.$"):
        require_sound(root, CATALOG)
    require_sound(
        Group(rules=(replace(off, rules=(FieldRule("name", "is"),)), tag("vip"))), CATALOG
    )


def test_an_event_that_is_counted_with_another_must_be_chosen_and_exist() -> None:
    unfinished = EventRule("order_placed", "at_least", also=("",))
    assert found(unfinished) == [("hint", "unfinished", "Choose an event.")]
    (issue,) = found(replace(unfinished, also=("no",)))
    assert issue[:2] == ("error", "unknown-name")


def test_a_sequence_cannot_take_years_and_a_time_has_a_year_to_spare() -> None:
    words = "Write how long a sequence may take in weeks or shorter."
    assert found(within(1, "years")) == [("error", "wrong-unit", words)]
    words = "A time must lie in the years 2 to 9998."
    assert found(field("last_seen").on("9999-01-01")) == [("error", "wrong-type", words)]


def test_a_local_end_of_the_calendar_is_after_every_instant() -> None:
    instant = "2026-10-25T02:30:00.000001+02:00"
    assert found(field("birthday").between(instant, "9999-12-31")) == []
