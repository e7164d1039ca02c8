"""Every issue code, with the rule that causes it; what is sound has none and can be lowered."""

from __future__ import annotations

import inspect
import re
from dataclasses import replace
from typing import Any

import pytest
import trees
from hypothesis import given
from population import CATALOG, CONTACT_ZONE, SEGMENTS

from segbench.errors import RuleError
from segbench.model import check as check_module
from segbench.model.ask import (
    all_tags,
    did,
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
from segbench.model.catalog import Catalog, Choice, EventType
from segbench.model.check import Issue, check, require_sound
from segbench.model.checks import events as check_events
from segbench.model.checks import rules as check_rules
from segbench.model.checks import strays as check_strays
from segbench.model.checks import values as check_values
from segbench.model.rules import (
    Comparison,
    EventRule,
    FieldRule,
    Group,
    MeasureRule,
    Params,
    PrebuiltRule,
    TagRule,
)
from segbench.model.vocabulary import Vocabulary
from segbench.model.windows import Between, Last, Next, Since, Until
from segbench.plan.lower import Context, lower

MODULES = (check_module, check_rules, check_events, check_strays, check_values)

WRONG: list[tuple[Any, str, str, str]] = [
    # what is unfinished
    (FieldRule("", ""), "hint", "unfinished", "Choose what to filter on"),
    (FieldRule("name", ""), "hint", "unfinished", "Choose how to compare"),
    (FieldRule("name", "contains"), "hint", "unfinished", "Enter a value"),
    (FieldRule("name", "contains", ("",)), "hint", "unfinished", "Enter a value"),
    (FieldRule("name", "is_any_of"), "hint", "unfinished", "Choose at least one value"),
    (FieldRule("name", "is_any_of", (" ",)), "hint", "unfinished", "Choose at least one value"),
    (FieldRule("age", "between", (1,)), "hint", "unfinished", "Enter both values"),
    (FieldRule("birthday", "in_last"), "hint", "unfinished", "Enter a length of time"),
    (field("birthday").in_last(days=0), "hint", "unfinished", "at least 1"),
    (TagRule("has_any_of", ()), "hint", "unfinished", "Choose at least one tag"),
    (TagRule("has_any_of", (" ",)), "hint", "unfinished", "Choose at least one tag"),
    (EventRule("order_placed", "at_least"), "hint", "unfinished", "Enter how many times"),
    (did("order_placed").matching(FieldRule("", "")), "hint", "unfinished", "Choose a property"),
    # what does not exist
    (field("nmae").is_empty(), "error", "unknown-name", "no field 'nmae'; did you mean 'name'"),
    (FieldRule("name", "sounds_like"), "error", "unknown-name", "no field operator"),
    (TagRule("has_some_of", ("vip",)), "error", "unknown-name", "no tag operator"),
    (did("order"), "error", "unknown-name", "no event 'order'; did you mean 'order_placed'"),
    (did("order_placed").matching(field("x").is_empty()), "error", "unknown-name", "property of"),
    (in_segment("Buyer"), "error", "unknown-name", "no saved segment 'Buyer'; did you mean 'Bu"),
    (PrebuiltRule("engage"), "error", "unknown-name", "no pre-built segment"),
    (PrebuiltRule("engaged", Params(day=1)), "error", "unknown-name", "parameter of 'engaged'"),
    # what does not fit
    (field("age").contains("1"), "error", "wrong-operator", "does not apply to a number field"),
    (field("name") >= 1, "error", "wrong-operator", "does not apply to a text field"),
    (FieldRule("age", "equals", ("5",)), "error", "wrong-type", "'5' is not a number"),
    (FieldRule("age", "equals", (True,)), "error", "wrong-type", "True is not a number"),
    (field("age").equals(float("nan")), "error", "wrong-type", "must be finite"),
    (field("age").equals(float("-inf")), "error", "wrong-type", "must be finite"),
    (field("age").equals(10**400), "error", "wrong-type", "must lie within"),
    (field("score").equals(2**63), "error", "wrong-type", "must lie within"),
    (FieldRule("name", "contains", (5,)), "error", "wrong-type", "5 is not a text"),
    (FieldRule("name", "contains", (" ",)), "error", "wrong-type", "1 to 10,000 characters"),
    (field("name").contains("x" * 10_001), "error", "wrong-type", "1 to 10,000 characters"),
    (field("name").contains("a\0b"), "error", "wrong-type", "NUL or half a character"),
    (field("name").is_any_of("a", "\ud800"), "error", "wrong-type", "NUL or half a character"),
    (tag("a\0b"), "error", "wrong-type", "NUL or half a character"),
    (FieldRule("name", "is_any_of", ("a", 5)), "error", "wrong-type", "with text only"),
    (field("birthday").on("23.10.2026"), "error", "wrong-type", "write it like 2026-10-23"),
    (field("birthday").on("2026-02-29"), "error", "wrong-type", "write it like 2026-10-23"),
    (field("last_seen").on("2026-10-23Tnoon"), "error", "wrong-type", "write it like 2026-10-23"),
    (field("last_seen").on("9999-12-31"), "error", "wrong-type", "years 2 to 9998"),
    (field("last_seen").before("0001-01-01"), "error", "wrong-type", "years 2 to 9998"),
    (field("birthday").on("0001-01-01T00:00"), "error", "wrong-type", "years 2 to 9998"),
    (did("order_placed").during("2026-01-01", "9999-12-31"), "error", "wrong-type", "years 2 to"),
    (
        EventRule("order_placed", window=Between("2026-01-01T10:00", "2026-01-02T10:00")),
        *("error", "wrong-type", "from one day to another"),
    ),
    (field("age").between(2, 1), "error", "swapped-bounds", "swap them"),
    (field("birthday").between("20261024", "2026-10-23"), "error", "swapped-bounds", "swap them"),
    (
        field("last_seen").between("2026-10-23T09:00+00:00", "2026-10-23T10:00+02:00"),
        *("error", "swapped-bounds", "swap them"),
    ),
    (did("order_placed").times(2, 1), "error", "swapped-bounds", "The first number is larger"),
    (EventRule("order_placed", "at_least", ("3",)), "error", "wrong-type", "not '3'"),  # type: ignore[arg-type]
    (EventRule("order_placed", "exactly", (2.5,)), "error", "wrong-type", "not 2.5"),  # type: ignore[arg-type]
    (EventRule("order_placed", "at_most", (True,)), "error", "wrong-type", "not True"),
    (EventRule("order_placed", window=Last("30")), "error", "wrong-type", "whole number, not '30'"),  # type: ignore[arg-type]
    (FieldRule("birthday", "in_last", window=Last(2.5)), "error", "wrong-type", "not 2.5"),  # type: ignore[arg-type]
    (FieldRule("birthday", "in_next", window=Next(True)), "error", "wrong-type", "not True"),
    (PrebuiltRule("engaged", Params(days="7")), "error", "wrong-type", "not '7'"),
    (TagRule("has_any_of", (["vip"],)), "error", "wrong-type", "A tag is a text"),  # type: ignore[arg-type]
    (did("order_placed").at_least(-1), "error", "out-of-range", "0 to 1,000,000,000"),
    (did("order_placed").at_least(10**9 + 1), "error", "out-of-range", "0 to 1,000,000,000"),
    (field("birthday").in_last(days=366_001), "error", "out-of-range", "about 1,000 years"),
    (field("birthday").in_last(days=10**30), "error", "out-of-range", "about 1,000 years"),
    (engaged(days=0), "error", "out-of-range", "days must be 1 to 3,650, not 0"),
    (field("birthday").in_last(hours=2), "error", "wrong-unit", "use days or longer"),
    (
        FieldRule("birthday", "in_next", window=Last(1)),
        *("error", "wrong-window", "kind 'last' does not fit"),
    ),
    (EventRule("order_placed", window=Next(1)), "error", "wrong-window", "kind 'next'"),
    (
        FieldRule("name", "is_any_of", tuple(f"v{n}" for n in range(100_001))),
        *("error", "too-many", "at most 100,000 values"),
    ),
    # other fields
    (field("age").at_least(field("nmae")), "error", "unknown-name", "no field 'nmae'"),
    (field("age").at_least(field("name")), "error", "wrong-type", "'name', which is a text"),
    (FieldRule("name", "matches", other="country"), "error", "wrong-operator", "one field with"),
    (FieldRule("age", "equals", (5,), other="goal"), "error", "wrong", "not with both"),
    (field("age").equals(field("age")), "warning", "same-field", "with itself"),
    # patterns, counts, shares, parts of dates
    (field("name").matches("a("), "error", "wrong-pattern", "missing )"),
    (field("name").matches("(?=a)"), "error", "wrong-pattern", "'(?=a)' is no pattern"),
    (field("name").length_at_least(-1), "error", "out-of-range", "0 to 1,000,000,000"),
    (FieldRule("name", "length_equals"), "hint", "unfinished", "Enter a number"),
    (field("score").in_top(0), "error", "out-of-range", "more than 0 and less than 100"),
    (field("score").in_top(100), "error", "out-of-range", "more than 0 and less than 100"),
    (field("score").in_bottom(0.00001), "error", "out-of-range", "at least 0.0001"),
    (field("last_seen").weekday_is(), "hint", "unfinished", "Choose at least one"),
    (field("last_seen").weekday_is("Mon"), "error", "wrong-type", "there are monday, tuesday"),
    (field("last_seen").hour_between(9, 25), "error", "out-of-range", "from 0 to 24"),
    (field("last_seen").hour_between(9, 9), "error", "swapped-bounds", "different hours"),
    (FieldRule("last_seen", "hour_between", (9,)), "hint", "unfinished", "both hours"),
    (field("birthday").hour_between(9, 10), "error", "wrong-operator", "apply to a date field"),
    (field("interests").contains("x"), "error", "wrong-operator", "does not apply to a list"),
    (field("birthday").between_ago(60, 30), "error", "swapped-bounds", "the shorter one"),
    (field("birthday").in_period("day", 1_001), "error", "out-of-range", "1,000 periods"),
    (field("birthday").in_period("decade"), "error", "wrong-window", "period 'decade'"),  # type: ignore[arg-type]
    (FieldRule("birthday", "in_last", window=Last(1, "eons")), "error", "wrong-unit", "'eons'"),  # type: ignore[arg-type]
    # figures, sequences, samples
    (measure("sum", "order_placed") > 1, "hint", "unfinished", "Choose a property"),
    (measure("sum", "order_placed", "currency") > 1, "error", "wrong-type", "a text property"),
    (measure("sum", "order_placed", "amuont") > 1, "error", "unknown-name", "mean 'amount'"),
    (measure("active_days", "order_placed", "amount") > 1, "error", "wrong", "no property"),
    (measure("median", "order_placed", "amount") > 1, "error", "unknown-name", "no measure op"),
    (measure("share", "order_placed") > 1, "hint", "unfinished", "Add a condition"),
    (
        measure("sum", "order_placed", "amount").is_empty(),
        *("error", "wrong-operator", "is 0, not empty"),
    ),
    (measure("sum", "order_placed", "amount") > 1e13, "error", "out-of-range", "±1,000,000,000"),
    (
        measure("average", "order_placed", "amount").in_top(10),
        *("error", "wrong-operator", "ranks contacts"),
    ),
    (in_order(did("order_placed")), "error", "wrong", "2 to 8 steps, not 1"),
    (in_order(did("order_placed"), did("no")), "error", "unknown-name", "no event 'no'"),
    (
        not_followed(did("cart_updated"), did("order_placed"), months=1),
        *("error", "wrong-unit", "weeks or shorter"),
    ),
    (
        not_followed(did("cart_updated"), did("order_placed"), hours=0),
        *("hint", "unfinished", "at least 1"),
    ),
    (
        not_followed(did("cart_updated"), did("order_placed"), hours=10**10),
        *("error", "out-of-range", "1,000 years"),
    ),
    (
        did("order_placed").after_last(*[did("page_visited")] * 9),
        *("error", "too-many", "At most 8 events"),
    ),
    (
        did("order_placed").matching(*[field("amount") > 1] * 51),
        *("error", "too-many", "at most 50 conditions"),
    ),
    (did("").at_least(1), "hint", "unfinished", "Choose an event"),
    (sample(10, 5), "error", "swapped-bounds", "the smaller one"),
    (sample(0, 101), "error", "out-of-range", "between 0 and 100"),
    (sample(0, 0.001), "error", "out-of-range", "hundredths"),
    (sample(0, 10, salt="\0"), "error", "wrong-type", "NUL"),
    (prebuilt("engaged", opens="loud"), "error", "wrong-type", "one of"),
    (replace(tag("vip"), note="\0"), "error", "wrong-type", "A note"),
    # what stands where nothing can stand
    (
        FieldRule("birthday", "before", ("2026-01-01",), Last(3)),
        *("error", "wrong", "“before” takes no window"),
    ),
    (
        FieldRule("birthday", "anniversary_today", window=Last(3)),
        *("error", "wrong", "takes no window"),
    ),
    (FieldRule("subscribed", "is_true", (False,)), "error", "wrong", "“is true” takes no value"),
    (FieldRule("birthday", "in_last", (1,), Last(3)), "error", "wrong", "takes no value"),
    (
        MeasureRule("order_placed", "last_time", Comparison("in_last", (1,), Last(3))),
        *("error", "wrong", "takes no value"),
    ),
    (
        MeasureRule("order_placed", "active_days", Comparison("equals", (1,), Last(3))),
        *("error", "wrong", "takes no window"),
    ),
    (EventRule("order_placed", "did", (3,)), "error", "wrong", "“happened” takes no number"),
    (
        FieldRule("age", "equals", (1,), unknown="maybe"),  # type: ignore[arg-type]
        *("error", "wrong", "default, include, exclude, not 'maybe'"),
    ),
    (
        FieldRule("age", "equals", (1,), clock="mars"),  # type: ignore[arg-type]
        *("error", "wrong", "workspace, contact, not 'mars'"),
    ),
    (Group("xor", (tag("vip"),)), "error", "wrong", "and, or, not 'xor'"),  # type: ignore[arg-type]
    (TagRule(None, ("vip",)), "error", "wrong-type", "operator is a text, not None"),  # type: ignore[arg-type]
    (field("name", unknown="exclude").is_empty(), "error", "wrong", "leave the empty ones out"),
    *(
        (
            measure("sum", "order_placed", "amount", unknown=unknown) > 1,
            *("error", "wrong", "is 0, not empty"),
        )
        for unknown in ("include", "exclude")
    ),
    *(
        (FieldRule("interests", op, (0,)), "error", "wrong", "A list without items is no value")
        for op in ("size_equals", "size_at_most", "size_at_least")
    ),
    *(
        (FieldRule("name", op, (0,)), "error", "wrong", "A text without characters is no value")
        for op in ("length_equals", "length_at_most", "length_at_least")
    ),
    # what is too large, too fine or at the end of the calendar
    (engaged(days=10**400), "error", "out-of-range", "days must be 1 to 3,650, not 1"),
    (engaged(days=10**5_000), "error", "out-of-range", "not a value too long to show"),
    (field("name").is_(10**5_000), "error", "wrong-type", "a value too long to show is not a text"),  # type: ignore[arg-type]
    (sample(0, 10**400), "error", "out-of-range", "between 0 and 100"),
    (field("score").in_top(12.34567), "error", "out-of-range", "at most four decimals"),
    (field("last_seen").hour_between(0, 24), "error", "swapped-bounds", "0 to 24 is every hour"),
    (field("last_seen").hour_between(24, 3), "error", "out-of-range", "from 0 to 23"),
    *(
        (rule, "error", "wrong-type", "the end of the calendar")
        for rule in (
            field("last_seen").after("9998-12-31"),
            field("last_seen").on("9998-12-31"),
            field("last_seen").between("2026-01-01", "9998-12-31"),
            did("order_placed").during("2026-01-01", "9998-12-31"),
            did("order_placed").within(Until("9998-12-31")),
        )
    ),
    (did("order_placed").within(Since(5)), "error", "wrong-type", "A day is a text"),  # type: ignore[arg-type]
    # what is odd
    (tag("Vip"), "warning", "unused-tag", "No contact has the tag 'Vip'; did you mean 'vip'?"),
    (Group(), "warning", "empty-group", "is ignored"),
    (
        Group(rules=(TagRule("has_any_of", ("vip",), enabled=False),)),
        *("warning", "empty-group", "is ignored"),
    ),
]


@pytest.mark.parametrize(
    ("node", "level", "code", "words"), WRONG, ids=[f"{row[2]}-{n}" for n, row in enumerate(WRONG)]
)
def test_what_is_wrong_is_found_and_said(node: Any, level: str, code: str, words: str) -> None:
    root = tag("vip") & Group("or", (node, tag("vip")))
    issues = check(root, CATALOG, SEGMENTS, contact_zone=CONTACT_ZONE)
    assert [(i.path, i.level, i.code) for i in issues] == [((1, 0), level, code)]
    assert words in issues[0].message
    if level == "warning":
        require_sound(root, CATALOG, SEGMENTS)
    else:
        with pytest.raises(RuleError, match=re.escape(f"Row 2.1: {issues[0].message}")):
            require_sound(root, CATALOG, SEGMENTS)


def nested(depth: int) -> Group:
    root = Group(rules=(tag("vip"),))
    for _ in range(depth - 1):
        root = Group(rules=(root,))
    return root


A_LOOP = {"a": Group(rules=(in_segment("b"),)), "b": tag("vip") | in_segment("a")}
WHOLE: list[tuple[Group, str]] = [
    (nested(33), "too-deep"),
    (Group(rules=(tag("vip"),) * 1_001), "too-many"),
    (Group(rules=(in_segment("a"),)), "cycle"),
]


@pytest.mark.parametrize(("root", "code"), WHOLE, ids=[code for _, code in WHOLE])
def test_a_tree_that_is_wrong_as_a_whole_is_refused(root: Group, code: str) -> None:
    assert [issue.code for issue in check(root, CATALOG, A_LOOP)] == [code]
    with pytest.raises(RuleError):
        require_sound(root, CATALOG, A_LOOP)


def test_a_very_deep_tree_is_refused_before_it_is_walked() -> None:
    assert [issue.code for issue in check(nested(40_000), CATALOG)] == ["too-deep"]
    with pytest.raises(RuleError, match="at most 32 deep"):
        require_sound(nested(40_000), CATALOG)
    (issue,) = check(Group(rules=(in_segment("a"),)), CATALOG, {"a": nested(40_000)})
    assert issue.code == "broken-segment"
    assert "at most 32 deep" in issue.message


def test_a_tree_at_the_limits_is_sound() -> None:
    require_sound(nested(32), CATALOG)
    require_sound(Group(rules=(tag("vip"),) * 1_000), CATALOG)


def test_contacts_without_events_cannot_be_asked_for_engagement() -> None:
    issues = check(Group(rules=(engaged(),)), Catalog(1))
    assert [issue.code for issue in issues] == ["missing-data"]


BOUGHT = Catalog(9, events=(EventType("purchase"), EventType("refund")))


def test_engaged_is_an_error_where_no_engagement_event_happened() -> None:
    root = did("purchase") & engaged()
    (issue,) = check(root, BOUGHT)
    assert (issue.path, issue.level, issue.code) == ((1,), "error", "missing-data")
    assert issue.message == (
        "None of the workspace's engagement events (email_clicked, email_replied, page_visited, …) "
        "happened here; set engagement_events in workspace.json. Events here: purchase, refund."
    )
    with pytest.raises(RuleError, match="Row 2: None of the workspace's engagement events"):
        require_sound(root, BOUGHT)


def test_the_workspace_says_what_engagement_is() -> None:
    root = did("purchase") & engaged()
    assert check(root, BOUGHT, vocabulary=Vocabulary(("purchase",))) == ()
    require_sound(root, BOUGHT, vocabulary=Vocabulary(("purchase",)))
    assert [i.code for i in check(root, BOUGHT, vocabulary=Vocabulary(("visit",)))] == [
        "missing-data"
    ]


def test_engagement_reaches_into_saved_segments() -> None:
    root = Group(rules=(in_segment("Active"),))
    saved = {"Active": Group(rules=(engaged(),))}
    (issue,) = check(root, BOUGHT, saved)
    assert issue.code == "broken-segment"
    assert issue.message.startswith("Saved segment 'Active': Row 1: None of the workspace's")
    require_sound(root, BOUGHT, saved, vocabulary=Vocabulary(("refund",)))


def test_every_code_is_caused_by_some_test_here() -> None:
    source = "".join(map(inspect.getsource, MODULES))
    levels = {"error", "warning", "hint"}
    codes = set(re.findall(r'"(?:error|warning|hint)", "([a-z-]+)"', source)) - levels
    tested = {row[2] for row in WRONG} | {code for _, code in WHOLE}
    # "wrong" is the net under errors that have no code of their own.
    assert codes - tested == {"archived-segment", "broken-segment", "missing-data"}


def test_a_row_says_that_its_segment_is_archived_and_still_counts() -> None:
    root = Group(rules=(in_segment("Old"), in_segment("New")))
    saved = {"Old": Group(rules=(in_segment("New"),)), "New": Group(rules=(tag("vip"),))}
    found = check(root, CATALOG, saved, archived={"Old"})
    assert [(i.path, i.level, i.code) for i in found] == [((0,), "warning", "archived-segment")]
    require_sound(root, CATALOG, saved)
    # It is said where it stands, and not again wherever that is used.
    assert check(Group(rules=(in_segment("Old"),)), CATALOG, saved, archived={"New"}) == ()


def test_a_loop_names_the_segments_in_it() -> None:
    (issue,) = check(Group(rules=(in_segment("a"),)), CATALOG, A_LOOP)
    assert issue.message == "Segments refer to each other in a loop: 'a' → 'b' → 'a'."
    outside = A_LOOP | {"c": Group(rules=(in_segment("a"),))}
    (issue,) = check(Group(rules=(in_segment("c"),)), CATALOG, outside)
    assert issue.message.endswith("'a' → 'b' → 'a'.")


def test_a_loop_through_a_disabled_row_is_none() -> None:
    off = replace(in_segment("a"), enabled=False)
    for group in (
        Group(rules=(off,)),
        Group(rules=(Group(rules=(in_segment("a"),), enabled=False),)),
    ):
        saved = A_LOOP | {"b": group}
        require_sound(Group(rules=(in_segment("a"),)), CATALOG, saved)


def test_segments_that_share_segments_are_no_loop_and_are_checked_once() -> None:
    # Every level refers to the next one twice: 2^60 ways down.
    saved = {f"s{n}": in_segment(f"s{n + 1}") | in_segment(f"s{n + 1}") for n in range(60)}
    saved["s60"] = Group(rules=(tag("vip"),))
    assert check(Group(rules=(in_segment("s0"),)), CATALOG, saved) == ()


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (FieldRule("name", "contains"), "Row 1: Enter a value."),
        (EventRule("order_placed", "at_least"), "Row 1: Enter how many times."),
        (
            field("gone").is_empty(),
            "Row 1: There is no field 'gone'; did you mean 'joined' or 'age' or 'name'?",
        ),
        (in_segment("gone"), "Row 1: There is no saved segment 'gone'."),
    ],
)
def test_a_saved_segment_that_cannot_be_asked_is_found_from_far_above(
    rule: Any, words: str
) -> None:
    saved = {"bad": Group(rules=(rule,)), "middle": tag("vip") & in_segment("bad")}
    (issue,) = check(Group(rules=(in_segment("middle"),)), CATALOG, saved)
    message = f"Saved segment 'bad': {words}"
    assert issue == Issue((0,), "error", "broken-segment", message)
    saved["bad"] = Group(rules=(replace(rule, enabled=False),))
    assert check(Group(rules=(in_segment("middle"),)), CATALOG, saved) == ()


def test_what_is_wrong_in_a_disabled_row_is_shown_but_stops_nothing() -> None:
    unfinished = FieldRule("name", "contains")
    for off in (replace(unfinished, enabled=False), Group(rules=(unfinished,), enabled=False)):
        root = tag("vip") & off
        assert [issue.code for issue in check(root, CATALOG)] == ["unfinished"]
        require_sound(root, CATALOG)


def test_a_disabled_condition_of_an_event_stops_nothing() -> None:
    off = FieldRule("currency", "contains", enabled=False)
    require_sound(Group(rules=(did("order_placed").matching(off),)), CATALOG)


@pytest.mark.parametrize(
    ("low", "high"),
    [
        ("2026-10-23", "2026-10-23"),
        ("2026-10-23T10:00", "2026-10-23"),
        ("20261023", "2026-10-24"),
        ("2026-10-23T10:00+02:00", "2026-10-23T09:00+00:00"),
        ("2026-10-23T10:00", "2026-10-23T09:30+00:00"),
    ],
)
def test_a_span_that_can_hold_an_instant_is_not_called_swapped(low: str, high: str) -> None:
    assert check(Group(rules=(field("last_seen").between(low, high),)), CATALOG) == ()


def test_the_last_day_of_the_calendar_may_stand_for_no_end() -> None:
    require_sound(Group(rules=(field("birthday").before("9999-12-31"),)), CATALOG)


def test_a_blank_tag_beside_others_is_odd_but_no_error() -> None:
    issues = check(Group(rules=(all_tags("vip", " "),)), CATALOG)
    assert [(issue.level, issue.code) for issue in issues] == [("warning", "unused-tag")]


def test_of_very_many_unused_tags_the_first_are_named_and_the_others_counted() -> None:
    catalog = replace(CATALOG, tags=tuple(Choice(f"known {n}", 1) for n in range(500)))
    issues = check(Group(rules=(tag(*[f"x{n}" for n in range(100_000)]),)), catalog)
    assert [issue.code for issue in issues] == ["unused-tag"] * 6
    assert issues[-1].message == "No contact has 99,995 more of these tags."


@given(root=trees.groups)
def test_what_is_sound_can_be_lowered(root: Group, context: Context) -> None:
    issues = check(root, CATALOG, SEGMENTS, contact_zone=CONTACT_ZONE)
    assert {issue.level for issue in issues} <= {"warning"}
    assert {issue.code for issue in issues} <= {"empty-group", "unused-tag"}
    lower(root, context)


def test_times_of_tags_can_be_asked_only_where_they_are_known() -> None:
    root = Group(rules=(tag("vip").given(days=30),))
    assert check(root, CATALOG) == ()
    (issue,) = check(root, replace(CATALOG, tag_times=False))
    assert (issue.level, issue.code) == ("error", "missing-data")
    assert issue.message == "It is not known here when tags were given."


@pytest.mark.parametrize(
    ("zone", "words"),
    [("", "names no field"), ("age", "'age' does not hold time zones"), ("no", "no field 'no'")],
)
def test_the_time_zone_of_contacts_must_be_a_field_here(zone: str, words: str) -> None:
    root = Group(rules=(replace(field("last_seen").in_period("day"), clock="contact"),))
    (issue,) = check(root, CATALOG, contact_zone=zone)
    assert issue.level == "error"
    assert words in issue.message


def test_a_deleted_segment_is_told_from_one_that_never_was() -> None:
    root = Group(rules=(in_segment("Germens"),))
    (never,) = check(root, CATALOG, SEGMENTS)
    assert never.message == "There is no saved segment 'Germens'; did you mean 'Germans'?"
    (gone,) = check(root, CATALOG, SEGMENTS, deleted={"Germens"})
    assert gone.message == "The saved segment 'Germens' was deleted; did you mean 'Germans'?"
