"""What a catalogue made from rules alone knows."""

from __future__ import annotations

from typing import Any

import pytest
import trees
from hypothesis import given, settings
from population import CATALOG, CONTACT_ZONE, EVENTS, FIELDS, SEGMENTS

from segbench.errors import FormatError
from segbench.files.expectations import Example, Expectations, Happening
from segbench.files.inference import inferred_catalog
from segbench.model.check import check
from segbench.model.operators import OPERATORS
from segbench.model.prebuilt import PREBUILT
from segbench.model.rules import Group, PrebuiltRule, as_group
from segbench.model.text import parse

TYPES = Expectations(fields=FIELDS, events=EVENTS, contact_time_zone=CONTACT_ZONE)


def kinds(text: str, tests: Expectations | None = None) -> dict[str, str]:
    """The types of the fields, and of properties as `event.property`, that a rule text has."""
    found = inferred_catalog([parse(text)], tests)
    return {
        **{field.name: field.type for field in found.fields},
        **{f"{e.name}.{p.name}": p.type for e in found.events for p in e.properties},
    }


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        ('a is "x"', "a", "text"),
        ("a is empty", "a", "text"),
        ("a is empty and a > 3", "a", "number"),
        ("a between 1 and 2", "a", "number"),
        ('a between "2026-01-01" and "2026-01-02"', "a", "datetime"),
        ("a in last 3 days", "a", "datetime"),
        ("birthday in last 3 days", "birthday", "date"),
        ("birthday in last 3 hours", "birthday", "datetime"),
        ("a is true", "a", "boolean"),
        ('a has any of ("x")', "a", "list"),
        ("a > field b", "b", "number"),
        ("bought where (price > 3) happened", "bought.price", "number"),
        ("sum(price of bought) > 3", "bought.price", "number"),
        ('last_value(shop of bought) is "x"', "bought.shop", "text"),
        ("email_opened happened", "order_placed.amount", "number"),
    ],
)
def test_a_type_is_what_the_rules_allow(text: str, name: str, kind: str) -> None:
    assert kinds(text)[name] == kind


def test_the_contacts_and_the_declared_types_decide_what_rules_leave_open() -> None:
    rule = "a is empty and b is empty"
    one = Example("one", "in", {"a": 3, "c": ("x",)}, events=(Happening("e", "now", {"p": True}),))
    tests = Expectations(fields={"b": "date"}, contacts=(one,))
    found = kinds(rule, tests)
    assert (found["a"], found["b"], found["c"], found["e.p"]) == (
        "number",
        "date",
        "list",
        "boolean",
    )


def test_rules_that_disagree_about_a_type_are_left_for_check() -> None:
    group = parse('a is "x" and a > 3')
    codes = [issue.code for issue in check(group, inferred_catalog([group]))]
    assert codes == ["wrong-operator"]


def test_a_property_cannot_be_a_list() -> None:
    with pytest.raises(FormatError, match="cannot be a list"):
        inferred_catalog([], Expectations(events={"e": {"p": "list"}}))


@pytest.mark.parametrize("key", PREBUILT)
def test_every_prebuilt_segment_finds_what_it_needs(key: str) -> None:
    group = as_group(PrebuiltRule(key))
    assert not check(group, inferred_catalog([group]))


@pytest.mark.parametrize("key", OPERATORS, ids=".".join)
def test_a_sound_rule_is_sound_without_data(key: Any) -> None:
    @settings(max_examples=8)
    @given(rule=trees.RULES[key])
    def sound(rule: Any) -> None:
        group = Group(rules=(rule,))
        catalog = inferred_catalog([group, *SEGMENTS.values()], Expectations(contact_time_zone="z"))
        assert not serious(check(group, catalog, SEGMENTS, contact_zone="z"))

    sound()


@settings(max_examples=40)
@given(root=trees.groups)
def test_declared_types_are_kept(root: Group) -> None:
    found = inferred_catalog([root, *SEGMENTS.values()], TYPES)
    for field in CATALOG.fields:
        assert found.field(field.name).type == field.type
    assert not serious(check(root, found, SEGMENTS, contact_zone=CONTACT_ZONE))


def serious(issues: Any) -> list[Any]:
    return [issue for issue in issues if issue.level != "warning"]
