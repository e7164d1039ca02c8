"""The operator table: complements, labels, phrases."""

from __future__ import annotations

import string
from collections import Counter
from typing import Any

import pytest
import trees
from hypothesis import given, settings
from population import FIELDS

from segbench.engine.memory import MemoryEngine
from segbench.errors import UnknownName
from segbench.model.operators import (
    OPERATORS,
    Operator,
    measured_type,
    operator,
    operators_for,
    operators_of_measure,
)
from segbench.model.patterns import compiled_pattern, pattern_problem
from segbench.model.rules import FieldRule, Group, replace
from segbench.plan.lower import Context, lower

NEGATIVE = [row for row in OPERATORS.values() if row.negates]
SLOTS = {
    "none": {"steps"},
    "one": {"0"},
    "two": {"0", "1"},
    "many": {"list", "all"},
    "window": {"window", "length"},
    "compare": {"property", "events", "all_events"},
}


def test_the_table_has_negative_operators_for_every_subject() -> None:
    subjects = {row.subject for row in OPERATORS.values()}
    # A figure has the field operators; a sequence says itself that something did not follow.
    assert {row.subject for row in NEGATIVE} == subjects - {"measure", "sequence"}


@pytest.mark.parametrize("row", NEGATIVE, ids=lambda row: f"{row.subject}.{row.key}")
def test_a_negative_operator_is_the_exact_complement_of_its_positive_one(
    row: Operator, context: Context, memory_engine: MemoryEngine
) -> None:
    @settings(max_examples=40)
    @given(rule=trees.RULES[row.subject, row.key])
    def complements(rule: Any) -> None:
        rule = replace(rule, negated=False, enabled=True)
        if isinstance(rule, FieldRule):
            rule = replace(rule, unknown="default")
        rule = replace(rule, note="")
        assert row.negates is not None
        negative = lower(Group(rules=(rule,)), context)
        positive = lower(Group(rules=(replace(rule, op=row.negates),)), context)
        assert memory_engine.members(negative.root) == ~memory_engine.members(positive.root)

    complements()


@pytest.mark.parametrize("row", NEGATIVE, ids=lambda row: f"{row.subject}.{row.key}")
def test_a_negative_operator_takes_what_its_positive_one_takes(row: Operator) -> None:
    assert row.negates is not None
    positive = operator(row.subject, row.negates)
    for part in ("shape", "types", "takes", "windows", "by_field", "ranked"):
        assert getattr(row, part) == getattr(positive, part)
    assert positive.negates is None


def test_labels_are_unique_within_the_menu_of_each_type() -> None:
    menus = [operators_for("field", kind) for kind in set(FIELDS.values())]
    menus += [operators_for(subject) for subject in ("tag", "event", "measure", "segment")]
    for menu in menus:
        assert menu
        assert max(Counter(row.label for row in menu).values()) == 1


@pytest.mark.parametrize("row", OPERATORS.values(), ids=lambda row: f"{row.subject}.{row.key}")
def test_a_phrase_has_a_place_for_each_value_and_no_other(row: Operator) -> None:
    slots = {name for _, name, _, _ in string.Formatter().parse(row.phrase) if name is not None}
    assert slots <= SLOTS[row.shape]
    assert bool(slots) == (row.shape != "none" or row.subject == "sequence")
    if row.shape == "two":
        assert slots == {"0", "1"}


def test_every_operator_is_found_by_its_subject_and_key() -> None:
    for (subject, key), row in OPERATORS.items():
        assert operator(subject, key) is row


def test_an_unknown_operator_is_answered_with_near_ones() -> None:
    with pytest.raises(UnknownName, match="There is no field operator 'contain'; did you mean 'co"):
        operator("field", "contain")


def test_every_type_of_value_can_be_empty() -> None:
    for kind in set(FIELDS.values()):
        assert {"is_empty", "is_not_empty"} <= {row.key for row in operators_for("field", kind)}


def test_the_last_value_of_a_property_that_is_not_known_is_taken_for_a_text() -> None:
    assert measured_type("last_value", None) == "text"
    assert measured_type("last_value", "date") == "date"
    assert measured_type("first_time", None) == measured_type("last_time", None) == "datetime"
    assert measured_type("sum", "number") == "number"


def test_a_figure_that_is_0_where_nothing_happened_is_never_empty() -> None:
    sums = {row.key for row in operators_of_measure("sum", "number")}
    means = {row.key for row in operators_of_measure("average", "number")}
    assert means - sums == {"is_empty", "is_not_empty"}
    assert not {"in_top", "in_bottom"} & means


def test_a_pattern_sees_line_ends_and_case_as_asked() -> None:
    assert compiled_pattern("a.b", match_case=True).search("a\nb")
    assert not compiled_pattern("a", match_case=True).search("A")
    assert compiled_pattern("a", match_case=False).search("A")
    assert pattern_problem("a.b") == ""
    assert pattern_problem("(") == "missing ): ("
