from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from population import AS_OF, CATALOG, CONTACTS, FIELDS, SEGMENTS, ZONE
from trees import MAKERS, by_hypothesis, group_of, groups

from interchange.json_logic_evaluator import UnknownOperation, evaluated, less
from segbench.engine.memory import Contact, MemoryEngine
from segbench.interchange.json_logic import to_json_logic
from segbench.interchange.json_logic_data import folded, json_logic_data, trimmed
from segbench.model.ask import field
from segbench.model.rules import FieldRule, Group, RuleOrGroup, TagRule
from segbench.model.tree import walk
from segbench.plan.atoms import comparable
from segbench.plan.lower import Context, lower

CONTEXT = Context(AS_OF, ZONE, CATALOG, SEGMENTS, contact_zone="time_zone")
DATA = [json_logic_data(contact.fields, FIELDS, contact.tags) for contact in CONTACTS]


def is_sayable(rule: RuleOrGroup) -> bool:
    return "segbench" not in json.dumps(to_json_logic(Group(rules=(rule,)), FIELDS).data)


SUBJECTS = [make for (subject, _), make in MAKERS.items() if subject in ("field", "tag")]
sayable = st.sampled_from(SUBJECTS).flatmap(by_hypothesis).filter(is_sayable)
sayable_groups = st.one_of(group_of(sayable), group_of(sayable | group_of(sayable, 3), 4))


def members_here(group: Group) -> list[str]:
    found = MemoryEngine(CONTACTS).members(lower(group, CONTEXT).root)
    return [CONTACTS[ordinal].key for ordinal in found.ids()]


def members_there(logic: object) -> list[str]:
    pairs = zip(CONTACTS, DATA, strict=True)
    return [contact.key for contact, data in pairs if evaluated(logic, data)]


@given(sayable_groups)
def test_exported_logic_holds_the_same_contacts(group: Group) -> None:
    exported = to_json_logic(group, FIELDS)
    assert [entry.what for entry in exported.report if entry.path] == []
    assert members_there(exported.data) == members_here(group)


@given(groups)
def test_exported_logic_answers_right_or_not_at_all(group: Group) -> None:
    exported = to_json_logic(group, FIELDS)
    try:
        answer = members_there(exported.data)
    except UnknownOperation:
        assert any(entry.path for entry in exported.report)
    else:
        assert answer == members_here(group)


@given(groups)
def test_each_rule_that_cannot_be_said_is_reported(group: Group) -> None:
    exported = to_json_logic(group, FIELDS)
    refused = json.dumps(exported.data).count('{"segbench": [{"')
    assert refused == sum(bool(entry.path) for entry in exported.report)
    assert refused <= sum(not isinstance(node, Group) for _, node in walk(group))


@given(st.text())
def test_texts_are_folded_as_the_engines_fold_them(text: str) -> None:
    assert trimmed(text) == comparable(text, match_case=True)
    assert (folded(trimmed(text)) or "") == comparable(text, match_case=False)


def test_rules_of_every_type_but_times_can_be_said() -> None:
    said = {
        op
        for op, rule in {
            "is": field("country")._rule("is", "DE"),
            "at_least": field("age") >= 3,
            "before": field("birthday").before("2026-01-01"),
            "has_all_of": FieldRule("interests", "has_all_of", ("a", "b")),
            "size_equals": FieldRule("interests", "size_equals", (2,)),
            "is_true": field("subscribed").is_true(),
        }.items()
        if is_sayable(rule)
    }
    assert len(said) == 6


def test_the_evaluator_has_the_quirk_that_null_is_less_than_five() -> None:
    assert less(None, 5)


def test_a_missing_number_is_not_less_than_five() -> None:
    logic = to_json_logic(Group(rules=(field("age") < 5,)), FIELDS).data
    assert not evaluated(logic, json_logic_data({}, FIELDS))
    assert evaluated(logic, json_logic_data({"age": 4}, FIELDS))


def test_is_not_holds_the_contact_without_a_value() -> None:
    logic = to_json_logic(Group(rules=(field("country").is_none_of("DE"),)), FIELDS).data
    held = [evaluated(logic, json_logic_data({"country": c}, FIELDS)) for c in (" de", None, "FR")]
    assert held == [False, True, True]


def test_a_text_that_starts_like_null_is_not_a_missing_one() -> None:
    logic = to_json_logic(Group(rules=(field("name").starts_with("nu"),)), FIELDS).data
    assert not evaluated(logic, json_logic_data({}, FIELDS))


def test_the_report_says_that_case_is_ignored_through_folded_texts() -> None:
    folds = to_json_logic(Group(rules=(field("country").is_any_of("DE"),)), FIELDS)
    assert [entry.what for entry in folds.report] == ["folded"]
    exact = Group(rules=(field("country", match_case=True).is_any_of("DE"),))
    assert to_json_logic(exact, FIELDS).report == ()


@pytest.mark.parametrize(
    "rule",
    [
        field("last_seen").in_last(days=3),
        FieldRule("name", "matches", ("a.c",)),
        FieldRule("no such field", "is", ("x",)),
        FieldRule("age", "is", ("x",)),
        FieldRule("age", "no such operator", ("x",)),
        FieldRule("age", "equals", (2**53 + 1,)),
        FieldRule("name", "starts_with", ("🎈",)),
        TagRule("has_any_of", ()),
    ],
)
def test_what_cannot_be_said_is_an_operation_that_evaluators_refuse(rule: RuleOrGroup) -> None:
    exported = to_json_logic(Group(rules=(rule,)), FIELDS)
    assert [entry.path for entry in exported.report] == ["rules.0"]
    with pytest.raises(UnknownOperation):
        evaluated(exported.data, json_logic_data({}, FIELDS))


@pytest.mark.parametrize("name", ["a.b", "tags", "folded"])
def test_a_field_whose_name_json_logic_would_misread_is_refused(name: str) -> None:
    exported = to_json_logic(Group(rules=(field(name) >= 1,)), {name: "number"})
    assert exported.report[0].what == "field: at_least"


def test_a_segment_without_rules_holds_nobody_also_when_negated() -> None:
    assert to_json_logic(~Group(), FIELDS).data is False
    assert evaluated(to_json_logic(~Group(), FIELDS).data, {}) is False


def test_contacts_of_the_population_become_plain_json_but_for_infinity() -> None:
    for contact, data in zip(CONTACTS, DATA, strict=True):
        assert isinstance(contact, Contact)
        assert json.loads(json.dumps(data)) == data
