"""Each message of docs/builder-protocol.md makes the tree that it says, or is refused."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from segbench.errors import EditError
from segbench.model.catalog import Catalog, Choice, EventType, Field, Property
from segbench.model.checks.values import LONGEST_TEXT
from segbench.model.codec import DEEPEST, MOST_RULES
from segbench.model.rules import (
    EventRule,
    FieldRule,
    Group,
    Params,
    PrebuiltRule,
    RuleOrGroup,
    SampleRule,
    SegmentRule,
    SequenceRule,
    Step,
    TagRule,
)
from segbench.model.windows import Ago, Between, Calendar, Last, Next
from segbench.ui.edits import UNFINISHED, Edited, apply

CATALOG = Catalog(
    10,
    (
        Field("country", "text"),
        Field("score", "number"),
        Field("subscribed", "boolean"),
        Field("birthday", "date"),
        Field("seen", "datetime"),
        Field("interests", "list"),
    ),
    (Choice("vip", 3),),
    (EventType("order_placed", properties=(Property("amount", "number"),)),),
)
COUNTRY = FieldRule("country", "is_any_of", ("DE",))
SCORE = FieldRule("score", "at_least", (5,))
SEEN = FieldRule("seen", "in_last", window=Last(7))
VIP = TagRule("has_any_of", ("vip",))
ORDER = EventRule("order_placed", window=Last(30))
INNER = Group("or", (SCORE, VIP))
TREE = Group(rules=(COUNTRY, INNER, ORDER))


def group(*rules: RuleOrGroup, **options: Any) -> Group:
    return Group(rules=rules, **options)


def did(message: dict[str, Any], tree: Group = TREE) -> Edited:
    return apply(tree, message, CATALOG)


RESHAPING: dict[str, tuple[dict[str, Any], Group]] = {
    "a row at the end": (
        {"edit": "add_row", "path": []},
        group(COUNTRY, INNER, ORDER, UNFINISHED),
    ),
    "a row without a path, in the outermost group": (
        {"edit": "add_row"},
        group(COUNTRY, INNER, ORDER, UNFINISHED),
    ),
    "a row in a group": (
        {"edit": "add_row", "path": [1]},
        group(COUNTRY, Group("or", (SCORE, VIP, UNFINISHED)), ORDER),
    ),
    "a group with a row": (
        {"edit": "add_group", "path": []},
        group(COUNTRY, INNER, ORDER, group(UNFINISHED)),
    ),
    "a row removed": ({"edit": "remove", "path": [0]}, group(INNER, ORDER)),
    "a group removed": ({"edit": "remove", "path": [1]}, group(COUNTRY, ORDER)),
    "all removed": ({"edit": "remove", "path": []}, Group()),
    "a row copied below": ({"edit": "clone", "path": [0]}, group(COUNTRY, COUNTRY, INNER, ORDER)),
    "a group copied below": ({"edit": "clone", "path": [1]}, group(COUNTRY, INNER, INNER, ORDER)),
    "a row put in a group": ({"edit": "wrap", "path": [2]}, group(COUNTRY, INNER, group(ORDER))),
    "the whole put in a group": ({"edit": "wrap", "path": []}, group(TREE)),
    "a group ungrouped": ({"edit": "unwrap", "path": [1]}, group(COUNTRY, SCORE, VIP, ORDER)),
    "a row moved up": (
        {"edit": "move", "path": [2], "parent": [], "index": 0},
        group(ORDER, COUNTRY, INNER),
    ),
    "a row moved down": (
        {"edit": "move", "path": [0], "parent": [], "index": 3},
        group(INNER, ORDER, COUNTRY),
    ),
    "a row moved into a group": (
        {"edit": "move", "path": [0], "parent": [1], "index": 1},
        group(Group("or", (SCORE, COUNTRY, VIP)), ORDER),
    ),
    "a row moved out of a group": (
        {"edit": "move", "path": [1, 0], "parent": [], "index": 0},
        group(SCORE, COUNTRY, Group("or", (VIP,)), ORDER),
    ),
    "everything cleared": ({"edit": "clear"}, Group()),
}

FIRST: dict[str, tuple[dict[str, Any], RuleOrGroup]] = {
    "a text field": (
        {"edit": "choose", "subject": "field", "name": "country"},
        FieldRule("country", "is_any_of"),
    ),
    "a number field": (
        {"edit": "choose", "subject": "field", "name": "score"},
        FieldRule("score", "at_least"),
    ),
    "a truth field": (
        {"edit": "choose", "subject": "field", "name": "subscribed"},
        FieldRule("subscribed", "is_true"),
    ),
    "a date field": (
        {"edit": "choose", "subject": "field", "name": "birthday"},
        FieldRule("birthday", "in_last", window=Last(30)),
    ),
    "a tag": ({"edit": "choose", "subject": "tag", "name": "vip"}, TagRule("has_any_of", ("vip",))),
    "no tag yet": ({"edit": "choose", "subject": "tag", "name": ""}, TagRule("has_any_of", ())),
    "an event": (
        {"edit": "choose", "subject": "event", "name": "order_placed"},
        EventRule("order_placed", window=Last(30)),
    ),
    "a segment": (
        {"edit": "choose", "subject": "segment", "name": "Buyers"},
        SegmentRule("Buyers"),
    ),
    "a pre-built segment": (
        {"edit": "choose", "subject": "prebuilt", "name": "engaged"},
        PrebuiltRule("engaged", Params(days=30, opens="human")),
    ),
    "a field of lists": (
        {"edit": "choose", "subject": "field", "name": "interests"},
        FieldRule("interests", "has_any_of"),
    ),
    "a sequence": (
        {"edit": "choose", "subject": "sequence", "name": ""},
        SequenceRule((Step(""), Step(""))),
    ),
    "a sequence that begins with an event": (
        {"edit": "choose", "subject": "sequence", "name": "order_placed"},
        SequenceRule((Step("order_placed"), Step(""))),
    ),
    "a sample": ({"edit": "choose", "subject": "sample", "name": ""}, SampleRule(0, 10)),
    "a note": (
        {"edit": "note", "note": "for Maria"},
        FieldRule("country", "is_any_of", ("DE",), note="for Maria"),
    ),
    "another operator that takes the same": (
        {"edit": "operator", "op": "is_none_of"},
        FieldRule("country", "is_none_of", ("DE",)),
    ),
    "another operator that takes something else": (
        {"edit": "operator", "op": "contains"},
        FieldRule("country", "contains"),
    ),
    "another rule": (
        {
            "edit": "put",
            "node": {"kind": "field", "field": "score", "op": "between", "values": [1, 2]},
        },
        FieldRule("score", "between", (1, 2)),
    ),
    "a negated rule": (
        {"edit": "negate", "on": True},
        FieldRule("country", "is_any_of", ("DE",), negated=True),
    ),
    "a rule switched off": (
        {"edit": "enable", "on": False},
        FieldRule("country", "is_any_of", ("DE",), enabled=False),
    ),
}


@pytest.mark.parametrize("case", RESHAPING)
def test_an_edit_that_moves_nodes_makes_the_tree_and_a_new_shape(case: str) -> None:
    message, tree = RESHAPING[case]
    assert did(message) == Edited(tree, reshaped=True)


@pytest.mark.parametrize("case", FIRST)
def test_an_edit_of_one_row_keeps_the_shape_of_the_tree(case: str) -> None:
    message, rule = FIRST[case]
    assert did(message | {"path": [0]}) == Edited(group(rule, INNER, ORDER))


@pytest.mark.parametrize(
    ("message", "root"),
    [
        ({"edit": "combine", "path": [], "combinator": "or"}, Group("or", TREE.rules)),
        ({"edit": "negate", "path": [], "on": True}, Group("and", TREE.rules, negated=True)),
        (
            {"edit": "combine", "path": [1], "combinator": "and"},
            group(COUNTRY, Group("and", INNER.rules), ORDER),
        ),
        (
            {"edit": "negate", "path": [1], "on": True},
            group(COUNTRY, Group("or", INNER.rules, negated=True), ORDER),
        ),
        (
            {"edit": "enable", "path": [1], "on": False},
            group(COUNTRY, Group("or", INNER.rules, enabled=False), ORDER),
        ),
    ],
)
def test_a_toggle_of_a_group_keeps_the_shape_of_the_tree(
    message: dict[str, Any], root: Group
) -> None:
    assert did(message) == Edited(root)


def test_typing_is_told_apart() -> None:
    message = {
        "edit": "put",
        "path": [1, 0],
        "node": {"kind": "field", "field": "score", "op": "at_least"},
    }
    assert did(message).typing is None
    assert did(message | {"typing": "yes"}).typing is None
    assert did(message | {"typing": True}).typing == (1, 0)


@pytest.mark.parametrize(
    "message",
    [
        {"edit": "put", "node": {"kind": "tag", "op": "has_any_of", "tags": ["vip"]}},
        {"edit": "choose", "subject": "tag", "name": "vip"},
        {"edit": "operator", "op": "contains"},
    ],
)
def test_a_row_stays_negated_and_switched_off_whatever_it_asks(message: dict[str, Any]) -> None:
    tree = group(FieldRule("country", "is_any_of", ("DE",), negated=True, enabled=False))
    row = did(message | {"path": [0]}, tree).tree.rules[0]
    assert row != tree.rules[0]
    assert (row.negated, row.enabled) == (True, False)


@pytest.mark.parametrize(
    ("before", "op", "after"),
    [
        (ORDER, "at_least", EventRule("order_placed", "at_least", (1,), Last(30))),
        (ORDER, "between", EventRule("order_placed", "between", (1, 5), Last(30))),
        (
            EventRule("order_placed", "at_least", (7,)),
            "at_most",
            EventRule("order_placed", "at_most", (7,)),
        ),
        (
            EventRule("order_placed", "at_least", (7,)),
            "did_not",
            EventRule("order_placed", "did_not"),
        ),
        (SEEN, "not_in_last", FieldRule("seen", "not_in_last", window=Last(7))),
        (
            FieldRule("seen", "in_last", window=Last(3, "weeks")),
            "in_next",
            FieldRule("seen", "in_next", window=Next(3, "weeks")),
        ),
        (SEEN, "before", FieldRule("seen", "before")),
        (
            FieldRule("seen", "before", ("2026-01-01",)),
            "in_last",
            FieldRule("seen", "in_last", window=Last(30)),
        ),
        (
            FieldRule("seen", "in_last", window=Between("2026-01-01", "2026-01-02")),
            "not_in_last",
            FieldRule("seen", "not_in_last", window=Last(30)),
        ),
        (
            FieldRule("seen", "in_last", window=Last(3, "weeks")),
            "between_ago",
            FieldRule("seen", "between_ago", window=Ago(3, 6, "weeks")),
        ),
        (
            FieldRule("seen", "between_ago", window=Ago(3, 5, "weeks")),
            "anniversary_next",
            FieldRule("seen", "anniversary_next", window=Next(5, "weeks")),
        ),
        (SEEN, "in_period", FieldRule("seen", "in_period", window=Calendar("day"))),
        (
            FieldRule("seen", "in_period", window=Calendar("year", -1)),
            "after_period",
            FieldRule("seen", "after_period", window=Calendar("year", -1)),
        ),
        (
            FieldRule("country", "contains", ("x",)),
            "matches",
            FieldRule("country", "matches"),
        ),
        (
            FieldRule("country", "length_at_least", (3,)),
            "length_at_most",
            FieldRule("country", "length_at_most", (3,)),
        ),
        (
            FieldRule("score", "at_least", other="limit"),
            "less_than",
            FieldRule("score", "less_than", other="limit"),
        ),
        (
            FieldRule("score", "at_least", other="limit"),
            "in_top",
            FieldRule("score", "in_top"),
        ),
        (UNFINISHED, "is_any_of", FieldRule("", "is_any_of")),
        (
            FieldRule("score", "between", (1, 9)),
            "not_between",
            FieldRule("score", "not_between", (1, 9)),
        ),
        (VIP, "has_all_of", TagRule("has_all_of", ("vip",))),
        (SegmentRule("Buyers"), "is_not_in", SegmentRule("Buyers", "is_not_in")),
        (
            PrebuiltRule("engaged", Params(days=9)),
            "is_not_in",
            PrebuiltRule("engaged", Params(days=9), "is_not_in"),
        ),
        (
            FieldRule("country", "resembles", ("DE",)),
            "is_any_of",
            FieldRule("country", "is_any_of"),
        ),
    ],
)
def test_another_operator_keeps_what_fits_it(
    before: RuleOrGroup, op: str, after: RuleOrGroup
) -> None:
    assert did({"edit": "operator", "path": [0], "op": op}, group(before)).tree == group(after)


def test_a_put_takes_the_note_it_carries_and_else_keeps_the_one_of_the_row() -> None:
    tree = group(FieldRule("country", "is_any_of", ("DE",), note="old"))
    bare = {"kind": "field", "field": "score", "op": "is_empty"}
    for node, note in ((bare, "old"), (bare | {"note": "new"}, "new"), (bare | {"note": ""}, "")):
        row = did({"edit": "put", "path": [0], "node": node}, tree).tree.rules[0]
        assert row == FieldRule("score", "is_empty", note=note)


def test_a_group_can_have_a_note_and_the_outermost_one_too() -> None:
    assert did({"edit": "note", "path": [1], "note": "a"}).tree.rules[1].note == "a"
    assert did({"edit": "note", "path": [], "note": "b"}).tree == group(*TREE.rules, note="b")
    typed = {"edit": "note", "path": [1], "note": "a", "typing": True}
    assert did(typed).typing == (1,)
    assert did({"edit": "note", "path": [0], "note": "x" * LONGEST_TEXT}).tree.rules[0].note


LONG = 2**53 + 1


@pytest.mark.parametrize("number", [LONG, -LONG, 2**63 - 1])
def test_a_number_that_a_browser_can_only_round_survives_an_edit_of_its_row(number: int) -> None:
    tree = group(FieldRule("score", "between", (number, 0)))
    # JavaScript writes the shortest digits that give the same double, then zeros.
    near = int(Decimal(repr(float(number))))
    node = {"kind": "field", "field": "score", "op": "between", "values": [near, 5]}
    row = did({"edit": "put", "path": [0], "node": node}, tree).tree.rules[0]
    assert row == FieldRule("score", "between", (number, 5))


@pytest.mark.parametrize(
    ("message", "why"),
    [
        ({}, "no edit None"),
        ({"edit": "explode"}, "no edit 'explode'"),
        ({"edit": ["add_row"]}, "no edit"),
        ({"edit": "x" * 10_000}, "no edit 'xxx"),
        ({"edit": "add_row", "path": [0]}, "is a rule, not a group"),
        ({"edit": "add_group", "path": [2]}, "is a rule, not a group"),
        ({"edit": "add_row", "path": "0"}, "path is a list of child numbers"),
        ({"edit": "add_row", "path": None}, "path is a list of child numbers"),
        ({"edit": "add_row", "path": [True]}, "path is a list of child numbers"),
        ({"edit": "add_row", "path": [0.0]}, "path is a list of child numbers"),
        ({"edit": "add_row", "path": [0] * 100}, "path is a list of child numbers"),
        ({"edit": "remove", "path": [-1]}, "path is a list of child numbers"),
        ({"edit": "remove", "path": [9]}, r"nothing at \[9\]"),
        ({"edit": "remove", "path": [0, 0]}, r"nothing at \[0, 0\]"),
        ({"edit": "remove", "path": [10**400]}, "path is a list of child numbers"),
        ({"edit": "choose", "path": [0], "subject": "field", "name": "contry"}, "'country'"),
        ({"edit": "choose", "path": [0], "subject": "event", "name": "order"}, "no event 'order'"),
        ({"edit": "choose", "path": [0], "subject": "prebuilt", "name": "x"}, "pre-built segment"),
        ({"edit": "choose", "path": [0], "subject": "weather", "name": "x"}, "'weather'"),
        ({"edit": "choose", "path": [0], "subject": {}, "name": "x"}, "cannot be about"),
        ({"edit": "choose", "path": [0], "subject": "tag", "name": 5}, "name is a short text"),
        ({"edit": "choose", "path": [0], "subject": "tag", "name": "x" * 1001}, "short text"),
        ({"edit": "choose", "path": [0], "subject": "tag", "name": "\ud800"}, "half a character"),
        ({"edit": "choose", "path": [0], "subject": "segment", "name": "\0"}, "a NUL"),
        ({"edit": "choose", "path": [1], "subject": "tag", "name": "vip"}, "is a group"),
        ({"edit": "operator", "path": [0], "op": "is_any"}, "did you mean 'is_any_of'"),
        ({"edit": "operator", "path": [2], "op": "is_any_of"}, "no event operator"),
        ({"edit": "operator", "path": [1], "op": "is_in"}, "is a group"),
        ({"edit": "put", "path": [0]}, "outermost node"),
        ({"edit": "put", "path": [0], "node": {"kind": "group", "rules": []}}, "holds a rule"),
        ({"edit": "put", "path": [0], "node": {"kind": "field", "feeld": "x"}}, "At field"),
        (
            {"edit": "put", "path": [1], "node": {"kind": "tag", "op": "x", "tags": []}},
            "is a group",
        ),
        ({"edit": "operator", "path": [0], "op": "sum", "subject": "measure"}, "no operators of a"),
        ({"edit": "operator", "path": [2], "op": "is_in", "subject": "sample"}, "no operators of"),
        ({"edit": "operator", "path": [2], "op": "sum", "subject": ["measure"]}, "no operators"),
        ({"edit": "operator", "path": [2], "op": "sun", "subject": "measure"}, "did you mean"),
        ({"edit": "operator", "path": [2], "op": "did", "subject": "x" * 999}, "no operators of"),
        ({"edit": "choose", "path": [0], "subject": "sequence", "name": "order"}, "no event"),
        ({"edit": "choose", "path": [0], "subject": "measure", "name": ""}, "cannot be about"),
        ({"edit": "note", "path": [0]}, "note is a short text"),
        ({"edit": "note", "path": [0], "note": ["x"]}, "note is a short text"),
        ({"edit": "note", "path": [0], "note": "x" * 10_001}, "note is a short text"),
        ({"edit": "note", "path": [0], "note": "\0"}, "a NUL"),
        ({"edit": "note", "path": [9], "note": "x"}, "nothing at"),
        (
            {"edit": "put", "path": [0], "node": {"kind": "sample", "low": "0", "high": 5}},
            "At sample",
        ),
        (
            {"edit": "put", "path": [0], "node": {"kind": "sequence", "steps": [{"event": 5}]}},
            "At sequence",
        ),
        (
            {
                "edit": "put",
                "path": [0],
                "node": {"kind": "measure", "event": "order_placed", "op": "sum"},
            },
            "compare",
        ),
        ({"edit": "combine", "path": [], "combinator": "xor"}, "'and' or 'or', not 'xor'"),
        ({"edit": "combine", "path": [0], "combinator": "or"}, "is a rule, not a group"),
        ({"edit": "negate", "path": [0], "on": 1}, "on is true or false"),
        ({"edit": "enable", "path": [0]}, "on is true or false"),
        ({"edit": "enable", "path": [], "on": False}, "always on"),
        ({"edit": "clone", "path": []}, "cannot be cloned"),
        ({"edit": "unwrap", "path": []}, "cannot be ungrouped"),
        ({"edit": "unwrap", "path": [0]}, "is a rule, not a group"),
        ({"edit": "move", "path": [], "parent": [], "index": 0}, "cannot be moved"),
        ({"edit": "move", "path": [1], "parent": [1], "index": 0}, "into itself"),
        ({"edit": "move", "path": [0], "parent": [], "index": 4}, "has no place 4"),
        ({"edit": "move", "path": [0], "parent": [2], "index": 0}, "is a rule, not a group"),
        ({"edit": "move", "path": [0], "parent": [], "index": -1}, "index is a child number"),
        ({"edit": "move", "path": [0], "parent": [], "index": 10**400}, "index is a child number"),
        ({"edit": "move", "path": [0], "index": 0}, "parent is a list"),
        ({"edit": "move", "path": [0], "parent": [], "index": True}, "index is a child number"),
    ],
)
def test_an_edit_that_does_not_fit_is_refused_in_a_sentence(
    message: dict[str, Any], why: str
) -> None:
    with pytest.raises(EditError, match=why) as refused:
        did(message)
    assert len(str(refused.value)) < 300


def test_a_tree_grows_to_its_limit_and_no_further() -> None:
    full = Group(rules=(VIP,) * MOST_RULES)
    almost = Group(rules=(VIP,) * (MOST_RULES - 1))
    assert did({"edit": "add_row"}, almost).tree.rules[-1] == UNFINISHED
    with pytest.raises(EditError, match="at most 1,000 rules"):
        did({"edit": "add_row"}, full)


def test_a_tree_gets_as_deep_as_its_limit_and_no_deeper() -> None:
    tree, path = Group(rules=(VIP,)), [0]
    for _ in range(DEEPEST - 1):
        tree, path = did({"edit": "wrap", "path": path}, tree).tree, [*path, 0]
    with pytest.raises(EditError, match=f"nested at most {DEEPEST} deep"):
        did({"edit": "wrap", "path": path}, tree)
