"""Every rule of the language can be made and edited row by row, and nothing of it is lost."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from population import CATALOG, SEGMENTS
from trees import RULES, rules

from segbench.model.check import check
from segbench.model.codec import to_data
from segbench.model.operators import (
    OPERATORS,
    Subject,
    operator,
    operators_for,
    operators_of_measure,
)
from segbench.model.prebuilt import PREBUILT
from segbench.model.rules import (
    Comparison,
    EventRule,
    FieldRule,
    Group,
    MeasureRule,
    Rule,
    SequenceRule,
    Step,
)
from segbench.model.windows import Ago, Last
from segbench.ui.builder_menus import PREBUILT_GROUPS, SUBJECTS, TYPES, menus
from segbench.ui.builder_rows import HAPPENED, UNFINISHED
from segbench.ui.edits import apply

Message = dict[str, Any]
EVENTS = {event.name: event for event in CATALOG.events}


def edited(rule: Rule, **message: Any) -> Any:
    """The row after an edit of it."""
    return apply(Group(rules=(rule,)), {"path": [0], **message}, CATALOG).tree.rules[0]


def name_of(rule: Any) -> str:
    """What the picker calls the subject of a rule."""
    names = {"field": "field", "event": "event", "measure": "event", "segment": "segment"}
    if rule.kind == "prebuilt":
        return str(rule.prebuilt)
    return str(getattr(rule, names[rule.kind])) if rule.kind in names else ""


@pytest.mark.parametrize("key", OPERATORS, ids=".".join)
@settings(max_examples=15)
@given(data=st.data())
def test_a_row_with_every_operator_is_made_by_picking_and_typing(
    key: tuple[Subject, str], data: st.DataObject
) -> None:
    wanted = replace(data.draw(RULES[key]), negated=False, enabled=True)
    subject, op = key
    picked = "event" if subject == "measure" else subject
    row = edited(UNFINISHED, edit="choose", subject=picked, name=name_of(wanted))
    row = edited(row, edit="operator", op=op, subject=subject)
    assert (row.kind, row.op) == key
    assert edited(row, edit="put", node=to_data(wanted)) == wanted


@given(rule=rules)
def test_a_row_put_back_as_it_came_is_the_same(rule: Rule) -> None:
    assert edited(rule, edit="put", node=to_data(rule)) == rule


def in_menu(rule: Rule) -> list[tuple[Subject, str]]:
    """The operators that the menu of the row offers."""
    match rule:
        case FieldRule():
            kind = CATALOG.field(rule.field).type
            return [("field", row.key) for row in operators_for("field", kind)]
        case EventRule() | MeasureRule() | SequenceRule():
            event = rule.steps[0].event if isinstance(rule, SequenceRule) else rule.event
            types = {prop.type for prop in EVENTS[event].properties}
            return [
                (row.subject, row.key)
                for row in OPERATORS.values()
                if row.subject in HAPPENED and (not row.types or row.types & types)
            ]
        case _:
            return [(rule.kind, row.key) for row in operators_for(rule.kind)]


@settings(max_examples=300)
@given(rule=rules, data=st.data())
def test_no_operator_of_a_menu_makes_a_wrong_row_of_a_right_one(
    rule: Rule, data: st.DataObject
) -> None:
    rule = replace(rule, enabled=True)
    subject, op = data.draw(st.sampled_from(in_menu(rule)))
    row = edited(rule, edit="operator", op=op, subject=subject)
    assert (row.kind, row.op, row.note, row.negated) == (subject, op, rule.note, rule.negated)
    issues = check(Group(rules=(row,)), CATALOG, SEGMENTS, contact_zone="time_zone")
    unchosen = subject == "sequence" and Step("") in row.steps
    wrong = [issue for issue in issues if issue.level == "error" and not unchosen]
    assert wrong == []


@given(rule=rules, data=st.data())
def test_values_stay_just_where_the_operator_takes_the_same(
    rule: Rule, data: st.DataObject
) -> None:
    if not isinstance(rule, FieldRule):
        return
    _, op = data.draw(st.sampled_from(in_menu(rule)))
    old, new = operator("field", rule.op), operator("field", op)
    row = edited(rule, edit="operator", op=op)
    if rule.other:
        assert (row.other, row.values) == (rule.other if new.by_field else "", ())
    elif (old.shape, old.takes) == (new.shape, new.takes):
        assert row.values == rule.values
    else:
        assert row.values == ()


WHERE = (FieldRule("amount", "at_least", (5,)),)
ORDERED = EventRule(
    "order_placed",
    "at_least",
    (2,),
    Last(30),
    WHERE,
    also=("cart_updated",),
    since=(Step("email_opened"),),
    clock="contact",
    note="why",
)


def test_an_event_becomes_a_figure_and_an_event_again_with_all_it_chooses() -> None:
    figure = edited(ORDERED, edit="operator", op="sum", subject="measure")
    assert figure == MeasureRule(
        "order_placed",
        "sum",
        Comparison("at_least"),
        "amount",
        Last(30),
        WHERE,
        also=("cart_updated",),
        since=(Step("email_opened"),),
        clock="contact",
        note="why",
    )
    again = edited(figure, edit="operator", op="at_least", subject="event")
    assert again == replace(ORDERED, values=(1,))


def test_an_event_becomes_the_first_step_of_a_sequence_and_an_event_again() -> None:
    steps = edited(ORDERED, edit="operator", op="not_followed", subject="sequence")
    first = Step("order_placed", WHERE, ("cart_updated",))
    assert steps == SequenceRule(
        (first, Step("")), "not_followed", None, Last(30), clock="contact", note="why"
    )
    again = edited(steps, edit="operator", op="did", subject="event")
    assert again == replace(ORDERED, op="did", values=(), since=())


def figure(op: str, compare: Comparison, prop: str = "") -> MeasureRule:
    return MeasureRule("order_placed", op, compare, prop)


@pytest.mark.parametrize(
    ("before", "op", "after"),
    [
        (
            figure("sum", Comparison("at_least", (9,)), "items"),
            "largest",
            figure("largest", Comparison("at_least", (9,)), "items"),
        ),
        (
            figure("sum", Comparison("at_least", (9,)), "items"),
            "active_days",
            figure("active_days", Comparison("at_least", (9,))),
        ),
        (
            figure("active_days", Comparison("at_least", (9,))),
            "last_time",
            figure("last_time", Comparison("in_last", window=Last(30))),
        ),
        (
            figure("largest", Comparison("is_empty"), "items"),
            "sum",
            figure("sum", Comparison("at_least"), "items"),
        ),
        (
            figure("first_time", Comparison("between_ago", window=Ago(1, 2))),
            "last_value",
            figure("last_value", Comparison("at_least"), "amount"),
        ),
        (
            figure("last_value", Comparison("is", ("EUR",)), "currency"),
            "first_value",
            figure("first_value", Comparison("is", ("EUR",)), "currency"),
        ),
        (
            replace(figure("sum", Comparison("at_least"), "amount"), event="gone"),
            "average",
            replace(figure("average", Comparison("at_least"), "amount"), event="gone"),
        ),
    ],
)
def test_another_figure_keeps_the_comparison_that_fits_it(
    before: MeasureRule, op: str, after: MeasureRule
) -> None:
    assert edited(before, edit="operator", op=op, subject="measure") == after


def test_a_sequence_without_steps_can_still_become_an_event() -> None:
    row = edited(SequenceRule(()), edit="operator", op="did", subject="event")
    assert row == EventRule("")


def test_the_operators_of_what_happened_have_names_of_their_own() -> None:
    keys = [key for subject, key in OPERATORS if subject in HAPPENED]
    assert len(keys) == len(set(keys))


def test_the_menus_have_every_figure_with_what_compares_it() -> None:
    for row in menus()["operators"]["measure"]:
        wanted = operator("measure", row["key"]).types or {None}
        assert set(row["figures"]) == {kind or "" for kind in wanted}
        for kind, known in row["figures"].items():
            tests = operators_of_measure(row["key"], kind or None)
            assert known["operators"] == [test.key for test in tests]


def test_the_menus_have_every_subject_and_type() -> None:
    operators = menus()["operators"]
    assert set(operators["field"]) == set(TYPES)
    subjects = {subject for subject, _ in OPERATORS}
    assert set(operators) == subjects == {*SUBJECTS, "field", "measure"}


def test_every_pre_built_segment_is_in_one_group_of_the_picker() -> None:
    grouped = [row.key for _, rows in PREBUILT_GROUPS for row in rows]
    assert sorted(grouped) == sorted(PREBUILT)
    assert [row["key"] for row in menus()["prebuilt"]] == grouped
    kinds = {param["kind"] for row in menus()["prebuilt"] for param in row["params"]}
    assert kinds == {"whole", "number", "choice", "field"}
    assert all(
        param["choices"]
        for row in menus()["prebuilt"]
        for param in row["params"]
        if param["kind"] == "choice"
    )
