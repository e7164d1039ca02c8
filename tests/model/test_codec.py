"""Rules as JSON: a round trip changes nothing, and nothing else gets in."""

from __future__ import annotations

import json
import math
from dataclasses import fields, is_dataclass
from typing import Any

import pytest
import trees
from hypothesis import given
from hypothesis import strategies as st

from segbench.errors import FormatError
from segbench.model.ask import field, tag
from segbench.model.codec import (
    DEEPEST,
    MOST_RULES,
    fingerprint,
    from_data,
    from_json,
    group_from_data,
    to_data,
    to_json,
)
from segbench.model.rules import FieldRule, Group, Node
from segbench.model.segment import Segment
from segbench.model.tree import walk

RULE: dict[str, Any] = {"kind": "tag", "op": "has_any_of", "tags": ["x"]}


def nested(depth: int, bottom: dict[str, Any] = RULE) -> dict[str, Any]:
    """As JSON values: groups inside one another, `depth` of them, with one node at the bottom."""
    node = bottom
    for _ in range(depth):
        node = {"kind": "group", "rules": [node]}
    return node


@given(trees.groups)
def test_a_round_trip_through_json_values_changes_nothing(root: Group) -> None:
    data = json.loads(json.dumps(to_data(root)))
    back = group_from_data(data)
    assert back == root
    assert to_data(back) == data
    for (_, before), (_, after) in zip(walk(root), walk(back), strict=True):
        if isinstance(before, FieldRule):
            assert isinstance(after, FieldRule)
            assert [type(v) for v in after.values] == [type(v) for v in before.values]


@given(trees.groups, st.text(max_size=40))
def test_a_round_trip_through_a_file_changes_nothing(root: Group, description: str) -> None:
    segment = Segment("Autumn · Ünïcode", root, description)
    assert from_json(to_json(segment)) == segment
    assert from_json(to_json(segment).encode()) == segment


def noteless(value: Any) -> Any:
    """The same value with empty notes, in it and below."""
    if isinstance(value, tuple):
        return tuple(map(noteless, value))
    if not is_dataclass(value) or isinstance(value, type):
        return value
    kept = {part.name: noteless(getattr(value, part.name)) for part in fields(value)}
    return type(value)(**kept | ({"note": ""} if "note" in kept else {}))


@given(trees.groups, trees.groups)
def test_equal_rules_have_equal_fingerprints_and_others_do_not(a: Group, b: Group) -> None:
    assert fingerprint(group_from_data(to_data(a))) == fingerprint(a)
    # Notes ask nothing.
    assert (fingerprint(a) == fingerprint(b)) == (noteless(a) == noteless(b))


def test_what_is_at_its_default_is_left_out() -> None:
    assert to_data(tag("x")) == RULE
    assert to_data(field("f").is_empty()) == {"kind": "field", "field": "f", "op": "is_empty"}


@pytest.mark.parametrize(
    ("data", "where"),
    [
        (RULE | {"colour": "red"}, "colour"),
        (RULE | {"kind": "rule"}, "tag"),
        ({"op": "has_any_of", "tags": ["x"]}, "kind"),
        (RULE | {"negated": "yes"}, "negated"),
        (RULE | {"negated": 1}, "negated"),
        (RULE | {"tags": "x"}, "tags"),
        (RULE | {"tags": [1]}, "tags"),
        ({"kind": "group", "combinator": "xor"}, "combinator"),
        ({"kind": "group", "rules": [RULE, {"kind": "tag"}]}, "rules.1"),
        ({"kind": "group", "rules": {}}, "rules"),
        ({"kind": "field", "field": None, "op": "is_empty"}, "field"),
        ({"kind": "field", "field": "f", "op": "equals", "values": [None]}, "values"),
        ({"kind": "field", "field": "f", "op": "equals", "values": [[1]]}, "values"),
        ({"kind": "field", "field": "f", "op": "equals", "values": [math.nan]}, "values"),
        ({"kind": "field", "field": "f", "op": "equals", "values": [math.inf]}, "values"),
        ({"kind": "field", "field": "f", "op": "in_last", "window": {"kind": "ever"}}, "window"),
        ({"kind": "event", "event": "e", "values": [1.5]}, "values"),
        ({"kind": "event", "event": "e", "values": [True]}, "values"),
        ({"kind": "event", "event": "e", "where": [RULE]}, "where"),
        ({"kind": "prebuilt", "prebuilt": "engaged", "params": {"days": [30]}}, "params"),
        (None, "outermost"),
        ([], "outermost"),
        ("group", "outermost"),
    ],
)
def test_wrong_json_values_are_refused_with_their_place(data: object, where: str) -> None:
    with pytest.raises(FormatError, match=where):
        from_data(data)


def test_the_deepest_group_that_the_check_allows_can_be_read() -> None:
    root = group_from_data(nested(DEEPEST))
    assert max(len(path) for path, _ in walk(root)) == DEEPEST
    assert to_data(root) == nested(DEEPEST)


@pytest.mark.parametrize("depth", [DEEPEST + 1, 10_000])
@pytest.mark.parametrize("bottom", [RULE, {"kind": "group"}, {"kind": "group", "rules": []}])
def test_deeper_groups_are_refused(depth: int, bottom: dict[str, Any]) -> None:
    groups = depth if bottom is RULE else depth - 1
    with pytest.raises(FormatError, match="Groups can be nested at most 32 deep"):
        from_data(nested(groups, bottom))


def test_a_thousand_rules_can_be_read_and_one_more_is_refused() -> None:
    assert len(group_from_data({"kind": "group", "rules": [RULE] * MOST_RULES}).rules) == 1_000
    for rules in ([RULE] * (MOST_RULES + 1), [{"kind": "group", "rules": [RULE] * 500}] * 2):
        with pytest.raises(FormatError, match="at most 1,000 rules and groups"):
            from_data({"kind": "group", "rules": rules})


@pytest.mark.parametrize("place", ["values", "tags", "rules", "where", "window", "field"])
def test_ten_thousand_lists_inside_one_another_are_refused(place: str) -> None:
    monster: list[Any] = []
    for _ in range(10_000):
        monster = [monster]
    for kind in ("group", "field", "tag", "event"):
        with pytest.raises(FormatError):
            from_data({"kind": kind, place: monster})
    with pytest.raises(FormatError):
        from_data(monster)
    text = '{"segbench": "segment", "group": ' + "[" * 10_000 + "]" * 10_000 + "}"
    with pytest.raises(FormatError, match="not JSON"):
        from_json(text)


def test_a_number_of_a_million_digits_is_refused() -> None:
    data = {"kind": "field", "field": "f", "op": "equals", "values": [10**1_000_000]}
    with pytest.raises(FormatError):
        from_data(data)
    with pytest.raises(FormatError):
        from_json('{"segbench": "segment", "format": ' + "9" * 1_000_000 + "}")


@pytest.mark.parametrize("value", [object(), {1, 2}, b"x", {"a": object()}, "\ud800"])
def test_what_is_no_json_is_refused(value: object) -> None:
    with pytest.raises(FormatError):
        from_data({"kind": "field", "field": "f", "op": "equals", "values": [value]})


WORDS = st.sampled_from(
    [
        *("kind", "group", "field", "tag", "event", "segment", "prebuilt", "op", "rules"),
        *("values", "tags", "where", "window", "last", "amount", "unit", "days", "params"),
        *("combinator", "and", "negated", "enabled", "equals", "engaged", "has_any_of"),
    ]
)
JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | WORDS | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=6),
    max_leaves=20,
)


@given(JSON)
def test_random_json_is_refused_or_is_a_rule(data: object) -> None:
    try:
        node = from_data(data)
    except FormatError:
        return
    assert isinstance(node, Node)
    assert from_data(to_data(node)) == node  # type: ignore[arg-type]


@given(trees.groups, st.data())
def test_a_damaged_group_is_refused_or_is_another_group(root: Group, data: st.DataObject) -> None:
    good = to_data(root)
    key = data.draw(st.sampled_from(sorted(good)) | WORDS)
    try:
        node = group_from_data(good | {key: data.draw(JSON)})
    except FormatError:
        return
    assert group_from_data(to_data(node)) == node


@given(st.text() | st.binary())
def test_random_text_is_no_segment(text: str | bytes) -> None:
    with pytest.raises(FormatError):
        from_json(text)


@given(st.dictionaries(st.sampled_from(["name", "description", "group", "x"]), JSON))
def test_a_random_envelope_is_refused_or_is_a_segment(entries: dict[str, Any]) -> None:
    text = json.dumps({"segbench": "segment", "format": 1, "name": "n", "group": {"kind": "group"}})
    try:
        segment = from_json(json.dumps(json.loads(text) | entries))
    except FormatError:
        return
    assert isinstance(segment, Segment)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"segbench": "recipe"}, "is no segment"),
        ({"format": True}, "Segment format True is not readable"),
        ({"format": 3}, "Segment format 3 is not readable; 1 and 2 are"),
        ({"name": 5}, "must be text"),
        ({"name": ""}, "needs a name"),
        ({"name": "x" * 121}, "needs a name of 1 to 120"),
        ({"colour": "red"}, "A segment has no entry 'colour'"),
        ({"group": RULE}, "must be a group, not a tag rule"),
        ({"group": None}, "outermost node"),
    ],
)
def test_a_wrong_envelope_is_refused_with_the_reason(change: Any, message: str) -> None:
    good = json.loads(to_json(Segment("n", Group())))
    with pytest.raises(FormatError, match=message):
        from_json(json.dumps(good | change))


def test_a_window_without_its_kind_is_refused() -> None:
    rule = {"kind": "event", "event": "order", "window": {"amount": 1}}
    with pytest.raises(FormatError, match=r"At group\.rules\.0\.event\.window"):
        group_from_data({"kind": "group", "rules": [rule]})


@pytest.mark.parametrize("entry", ['"name": "n", "name": "m"', '"group": {"kind": 1, "kind": 2}'])
def test_an_entry_that_is_there_twice_is_refused(entry: str) -> None:
    with pytest.raises(FormatError, match="is there twice"):
        from_json(f'{{"segbench": "segment", "format": 2, {entry}}}')


def test_what_no_file_can_hold_has_a_fingerprint_all_the_same() -> None:
    odd = [10**5_000, 10**5_000 + 1, "\ud800", {1}, None]
    roots = [Group(rules=(FieldRule("f", "equals", (value,)),)) for value in odd]  # type: ignore[arg-type]
    assert len({fingerprint(root) for root in roots}) == len(odd)


def test_very_deep_rules_are_refused_without_a_crash() -> None:
    root = Group()
    for _ in range(40_000):
        root = Group(rules=(root,))
    for ask in (to_data, fingerprint):
        with pytest.raises(FormatError, match="at most 32 deep"):
            ask(root)
