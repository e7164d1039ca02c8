"""The words with which a file is refused, what exactly is written, and how rules are made."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from segbench.errors import EditError, FormatError
from segbench.model.ask import did, field, tag
from segbench.model.codec import (
    fingerprint,
    from_data,
    from_json,
    group_from_data,
    to_data,
    to_json,
)
from segbench.model.rules import (
    EventRule,
    FieldRule,
    Group,
    Node,
    Params,
    PrebuiltRule,
    SampleRule,
    Step,
    TagRule,
    as_step,
    following,
    last,
)
from segbench.model.segment import Segment
from segbench.model.tree import node_at
from segbench.model.windows import Between, Last, Next

RULE = {"kind": "tag", "op": "has_any_of", "tags": ["x"]}
GROUP = {"kind": "group", "rules": [RULE]}
FILE = {"segbench": "segment", "format": 2, "name": "A", "group": GROUP}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"segbench": "campaign"}, 'This JSON is no segment: it lacks "segbench": "segment".'),
        ({"format": 3}, "Segment format 3 is not readable; 1 and 2 are."),
        ({"name": 5}, "A segment's name and description must be text."),
        ({"description": None}, "A segment's name and description must be text."),
        ({"zz": 1, "owner": 1}, "A segment has no entry 'owner'."),
        ({"group": RULE}, "The outermost node must be a group, not a tag rule."),
    ],
)
def test_a_file_is_refused_in_these_words(change: dict[str, Any], words: str) -> None:
    with pytest.raises(FormatError) as caught:
        from_json(json.dumps(FILE | change))
    assert str(caught.value) == words


def test_a_file_that_is_no_json_says_why() -> None:
    with pytest.raises(FormatError, match=r"^This is not JSON: Expecting value: line 1 column 1"):
        from_json("")
    with pytest.raises(FormatError, match=r"^This is not JSON: .+\.$"):
        from_json("[" * 100_000)
    with pytest.raises(FormatError, match=r"^These are no JSON values: .*set.*\.$"):
        from_data({"kind": "group", "note": {1}})


def test_a_description_may_be_missing_and_the_older_format_is_read() -> None:
    wanted = Segment("A", Group(rules=(tag("x"),)))
    assert from_json(json.dumps(FILE)) == wanted
    assert from_json(json.dumps(FILE | {"format": 1, "description": ""})) == wanted


def test_a_segment_is_written_in_plain_letters_with_sorted_keys() -> None:
    text = to_json(Segment("Zoë", Group(rules=(tag("🎈"),)), "why"))
    assert '"name": "Zoë"' in text
    assert "🎈" in text
    data = json.loads(text)
    assert list(data) == sorted(data) == ["description", "format", "group", "name", "segbench"]
    assert text.startswith('{\n  "description": "why",\n  "format": 2,')


def test_a_description_comes_back() -> None:
    segment = Segment("Zoë", Group(rules=(tag("🎈"),)), "why")
    assert from_json(to_json(segment)) == segment


def test_only_what_differs_from_the_default_is_written() -> None:
    assert to_data(Group()) == {"kind": "group"}
    assert to_data(tag("x")) == RULE
    rule = did("e").within(days=3).matching(field("n").is_("a"))
    assert to_data(rule) == {
        "kind": "event",
        "event": "e",
        "window": {"kind": "last", "amount": 3},
        "where": [{"kind": "field", "field": "n", "op": "is", "values": ["a"]}],
    }
    assert to_data(PrebuiltRule("p")) == {"kind": "prebuilt", "prebuilt": "p"}
    params = PrebuiltRule("engaged", Params(opens="all", days=7))
    assert list(to_data(params)["params"]) == ["days", "opens"]


def test_the_place_of_a_mistake_and_the_number_of_others_are_said() -> None:
    with pytest.raises(FormatError, match=r"^At group\.rules\.0\.tag\.tags: .*[^)]\.$"):
        group_from_data({"kind": "group", "rules": [RULE | {"tags": 5}]})
    with pytest.raises(FormatError, match=r"^At .*\(and 1 more problems\)\.$"):
        group_from_data({"kind": "group", "rules": [RULE | {"tags": 5, "op": 5}]})
    with pytest.raises(FormatError, match=r"^At the outermost node: "):
        from_data({})
    with pytest.raises(FormatError, match=r"^At .*window.*: "):
        from_data(
            {
                "kind": "field",
                "field": "a",
                "op": "in_last",
                "window": {"kind": "last", "amount": 1, "x": 1},
            }
        )


def test_too_many_and_too_deep_are_refused_at_the_first_that_is_too_much() -> None:
    assert len(group_from_data({"kind": "group", "rules": [RULE] * 1_000}).rules) == 1_000
    with pytest.raises(FormatError, match=r"^A segment holds at most 1,000 rules and groups\.$"):
        from_data({"kind": "group", "rules": [RULE] * 1_001})
    with pytest.raises(FormatError, match="at most 1,000"):
        from_data({"kind": "group", "rules": [{"kind": "group", "rules": [RULE] * 500}] * 2})
    for bottom in ({"kind": "group"}, {"rules": []}):
        deep: Any = bottom
        for _ in range(32):
            deep = {"kind": "group", "rules": [deep]}
        with pytest.raises(FormatError, match=r"^Groups can be nested at most 32 deep\.$"):
            from_data(deep)


def test_a_note_changes_no_fingerprint_and_a_parameter_called_note_does() -> None:
    plain = Group(rules=(did("e").matching(field("n").is_("a")),))
    inner = replace(plain.rules[0], note="why")
    assert fingerprint(replace(plain, note="why", rules=(inner,))) == fingerprint(plain)
    kept = "83226bbe6a7f43fcf1e89f7804b11d835c5e02b50826235c6e84ee28c477cffd"
    assert fingerprint(Group(rules=(tag("Zoë"),))) == kept
    one, two = (Group(rules=(PrebuiltRule("p", Params(note=said)),)) for said in ("a", "b"))
    assert fingerprint(one) != fingerprint(two)


def test_a_rule_is_narrowed_by_each_word_in_its_own_way() -> None:
    event = did("e")
    assert event.at_least(2) == EventRule("e", "at_least", (2,))
    assert event.at_most(2) == EventRule("e", "at_most", (2,))
    assert event.exactly(2) == EventRule("e", "exactly", (2,))
    assert event.times(2, 5) == EventRule("e", "between", (2, 5))
    assert event.during("2026-10-01", "2026-10-02") == EventRule(
        "e", window=Between("2026-10-01", "2026-10-02")
    )
    assert event.within(Last(3)) == event.within(days=3) == EventRule("e", window=Last(3))
    first, second = field("a").is_("x"), field("b").is_("y")
    assert event.matching(first).matching(second).where == (first, second)
    assert event.after_last(did("f"), Step("g")).since == (Step("f"), Step("g"))
    assert tag("a").given(weeks=2) == TagRule("has_any_of", ("a",), window=Last(2, "weeks"))
    assert tag("a").given(Last(3)).window == Last(3)
    assert following(weeks=2) == Next(2, "weeks")


def test_an_event_with_conditions_is_a_step_and_one_with_a_count_is_none() -> None:
    step = Step("e", (field("a").is_("x"),), ("f",))
    assert as_step(EventRule("e", where=step.where, also=step.also)) == step
    assert as_step(step) is step
    for wrong in (did("e").at_least(2), did("e").within(days=1), ~did("e"), tag("e"), "e"):
        with pytest.raises(TypeError, match=r"^A step is an event with conditions, such as did"):
            as_step(wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (
            lambda: did("e").at_least(1.5),
            "at_least takes a whole number, such as at_least(3); not 1.5.",
        ),
        (
            lambda: did("e").times(True, 2),
            "times takes two whole numbers, such as times(2, 5); not True.",
        ),
        (lambda: last(days="3"), "days takes a whole number, such as days=30; not '3'."),
        (
            lambda: last(),
            "Give one of minutes, hours, days, weeks, months, years, such as days=30; not none.",
        ),
    ],
)
def test_what_is_no_whole_number_is_refused_in_these_words(make: Any, words: str) -> None:
    with pytest.raises(TypeError) as caught:
        make()
    assert str(caught.value) == words


def test_a_rule_in_an_if_says_what_to_write_instead() -> None:
    with pytest.raises(TypeError, match=r"^A rule has no truth value of its own.*in an 'if'\.$"):
        bool(tag("a"))
    assert isinstance(tag("a"), Node)


def test_a_path_to_nothing_names_the_first_step_that_fails() -> None:
    root = tag("a") & (tag("b") | tag("c"))
    with pytest.raises(EditError) as caught:
        node_at(root, (1, 2, 0))
    assert str(caught.value) == "There is nothing at [1, 2] in this segment."
    assert node_at(root, (1, 1)) == tag("c")


def test_the_edges_of_a_sample_are_numbers_with_a_point_and_truth_stays_truth() -> None:
    sample = SampleRule(0, 10)
    assert [type(sample.low), type(sample.high)] == [float, float]
    assert SampleRule(False, 10).low is False
    assert SampleRule("0", 10).low == "0"  # type: ignore[arg-type]


def test_a_group_with_a_note_or_without_rules_is_never_taken_apart() -> None:
    c = tag("c")
    for kept in (Group("and", (tag("a"),), note="why"), Group("and"), Group("or", (tag("a"),))):
        assert (kept & c) == Group("and", (kept, c))
        assert (c & kept) == Group("and", (c, kept))


def test_a_comparison_is_one_of_fields_only_where_the_other_is_named() -> None:
    assert FieldRule("a", "is").other == ""
    assert field("a").equals(field("b")) == FieldRule("a", "equals", other="b")
