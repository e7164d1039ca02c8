from __future__ import annotations

import json

import pytest
from hypothesis import given
from population import FIELDS
from trees import groups

from segbench.errors import FormatError
from segbench.interchange.react_querybuilder_in import from_react_querybuilder
from segbench.interchange.react_querybuilder_out import to_react_querybuilder
from segbench.model.ask import did, field, tag
from segbench.model.catalog import ValueType
from segbench.model.rules import Group

TYPES: dict[str, ValueType] = {
    "powerUpAge": "number",
    "birthdate": "date",
    "created_at": "datetime",
}


@given(groups)
def test_a_group_comes_back_as_it_was(group: Group) -> None:
    data = to_react_querybuilder(group, FIELDS).data
    assert from_react_querybuilder(data, FIELDS).group == group


@given(groups)
def test_a_group_comes_back_through_text_and_without_types(group: Group) -> None:
    text = json.dumps(to_react_querybuilder(group).data)
    assert from_react_querybuilder(text, FIELDS).group == group


def test_what_has_no_words_there_is_written_as_ours_and_reported() -> None:
    group = tag("vip") & did("order_placed") & field("powerUpAge").equals(3)
    exported = to_react_querybuilder(group)
    tagged, _, number = exported.data["rules"]
    assert tagged == {
        "field": "segbench",
        "operator": "tag",
        "value": {"kind": "tag", "op": "has_any_of", "tags": ["vip"]},
    }
    assert number == {"field": "powerUpAge", "operator": "=", "value": 3}
    assert [entry.path for entry in exported.report] == ["rules.0", "rules.1"]


def test_a_negated_rule_is_written_as_a_negated_group_that_others_understand() -> None:
    group = Group(rules=(~field("powerUpAge").equals(3),))
    written = to_react_querybuilder(group).data["rules"][0]
    assert written["not"] is True
    assert written["rules"] == [{"field": "powerUpAge", "operator": "=", "value": 3}]
    # Once somebody adds a rule to that group, it is a group.
    written["rules"].append({"field": "powerUpAge", "operator": "=", "value": 4})
    assert isinstance(
        from_react_querybuilder({"combinator": "and", "rules": [written]}, TYPES).group.rules[0],
        Group,
    )


def test_dates_have_words_where_it_is_known_what_the_field_holds() -> None:
    group = Group(rules=(field("birthdate").on("2026-01-01"),))
    assert to_react_querybuilder(group, TYPES).report == ()
    assert len(to_react_querybuilder(group).report) == 1


def test_a_whole_day_is_not_written_as_an_instant() -> None:
    group = Group(rules=(field("created_at").after("2026-01-01"),))
    assert to_react_querybuilder(group, TYPES).data["rules"][0]["field"] == "segbench"


def test_a_group_nested_too_deep_is_not_written() -> None:
    group = Group()
    for _ in range(40):
        group = Group(rules=(group,))
    with pytest.raises(FormatError, match="at most 32 deep"):
        to_react_querybuilder(group)
