"""Why a contact is in or not: the proof tree, the smallest flips, the moment that time turns it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
import trees
from hypothesis import given, settings
from hypothesis import strategies as st
from population import AS_OF, CATALOG, CONTACTS, MONTH, SEGMENTS, TICK, ZONE

from segbench.audience.flips import _stands
from segbench.audience.why import Reason, Why, why
from segbench.engine.memory import Contact, Event, holds, true_of
from segbench.model.ask import did, did_not, field, in_order, in_segment, measure, sample, tag
from segbench.model.rules import Group, RuleOrGroup, as_group
from segbench.model.windows import Calendar
from segbench.model.wording import Wording
from segbench.plan.lower import Context, lower

WORDING = Wording(CATALOG, AS_OF, ZONE)
CONTEXT = Context(AS_OF, ZONE, CATALOG, SEGMENTS, contact_zone="time_zone")
ANNA = Contact(
    "anna",
    {"country": "FR", "age": 30, "birthday": dt.date(1990, 11, 5), "last_seen": AS_OF - MONTH},
    frozenset({"vip"}),
    (
        Event("order_placed", AS_OF - dt.timedelta(days=10), {"amount": 20.0}),
        Event("order_placed", AS_OF - dt.timedelta(days=40), {"amount": 5.5}),
    ),
)


def asked(node: RuleOrGroup, contact: Contact = ANNA) -> Why:
    return why(contact, as_group(node), CONTEXT, lambda a: true_of(a, contact, (contact,)), WORDING)


VALUES: list[tuple[Any, str, str, bool]] = [
    (field("country").is_("DE"), "“FR”", "false", False),
    (field("country").is_not("DE"), "“FR”", "true", True),
    (field("name").is_("x"), "no value", "no value", False),
    (field("name").is_not("x"), "no value", "no value", True),
    (field("age") >= 18, "30", "true", True),
    (field("age").at_least(field("goal")), "age is 30, goal is no value", "no value", False),
    (field("birthday").month_is("may"), "5 Nov 1990", "false", False),
    (field("last_seen").in_last(days=30), "26 Sep 2026, 13:30", "false", False),
    (tag("newsletter"), "has vip", "false", False),
    (did("order_placed").at_least(2), "2 times, most recently 16 Oct 2026, 13:30", "true", True),
    (did("order_placed").within(days=20), "1 time, most recently 16 Oct 2026, 13:30", "true", True),
    (did_not("page_visited"), "0 times", "true", True),
    (measure("sum", "order_placed", "amount") > 25, "25.5", "true", True),
    (measure("average", "order_placed", "amount") > 25, "12.75", "false", False),
    (measure("sum", "cart_updated", "amount") < 5, "0", "true", True),
    (measure("largest", "cart_updated", "amount") > 5, "no value", "no value", False),
    (
        in_order(did("cart_updated"), did("order_placed")),
        *("cart_updated 0×, order_placed 2×", "false", False),
    ),
    (sample(0, 10), "at 21.19 %", "false", False),
]


@pytest.mark.parametrize(("rule", "value", "state", "held"), VALUES)
def test_each_rule_stands_with_the_contacts_own_value(
    rule: Any, value: str, state: str, held: bool
) -> None:
    found = asked(rule)
    (part,) = found.reason.parts
    assert (part.value, part.state, part.held) == (value, state, held)
    assert found.held is held


def test_a_rule_in_each_contacts_own_time_zone_shows_that_time() -> None:
    early = replace(ANNA, fields={**ANNA.fields, "time_zone": "America/New_York"})
    rule = replace(field("last_seen").hour_between(7, 8), clock="contact")
    (part,) = asked(rule, early).reason.parts
    assert (part.held, part.value) == (True, "26 Sep 2026, 07:30")
    rule = replace(did("order_placed").within(Calendar("month", -1)), clock="contact")
    (part,) = asked(rule, early).reason.parts
    assert (part.held, part.value) == (True, "1 time, most recently 16 Sep 2026, 07:30")


def test_the_steps_of_a_sequence_are_counted_with_their_conditions() -> None:
    big = did("order_placed").matching(field("amount") > 10)
    (part,) = asked(in_order(big, did("page_visited"))).reason.parts
    assert part.value == "order_placed with these conditions 1×, page_visited 0×"


def test_a_saved_segment_shows_the_rules_behind_it() -> None:
    (row,) = asked(in_segment("Buyers")).reason.parts
    assert [part.asks for part in row.parts] == [
        "order_placed happened in the last 30 days (since 26 Sep 2026)",
        "segment is “Germans”",
    ]
    assert [part.held for part in row.parts] == [True, False]
    assert row.parts[1].parts[0].value == "“FR”"


def test_what_is_switched_off_is_ignored() -> None:
    off = replace(tag("newsletter"), enabled=False)
    found = asked(tag("vip") & off)
    assert [part.state for part in found.reason.parts] == ["true", "ignored"]
    assert found.held
    assert asked(Group()).reason.state == "ignored"
    assert not asked(Group()).held


def test_the_text_shows_the_tree_with_marks() -> None:
    assert asked(tag("vip") & (field("country").is_("DE") | (field("age") > 40))).text == (
        "✗ all of\n"
        "  ✓ tag is “vip”  [has vip]\n"
        "  ✗ any of\n"
        "    ✗ country is “DE”  [“FR”]\n"
        "    ✗ age is greater than 40  [30]"
    )


def flips(node: RuleOrGroup) -> list[list[tuple[tuple[int, ...], bool]]]:
    return [list(flip.changes) for flip in asked(node).flips]


def test_the_smallest_change_that_flips_is_offered() -> None:
    vip, old, german = tag("vip"), field("age") > 40, field("country").is_("DE")
    assert flips(vip & old) == [[((1,), True)]]
    assert flips(vip & old & german) == [[((1,), True), ((2,), True)]]
    assert flips(vip & (old | german)) == [[((1, 0), True)], [((1, 1), True)]]
    assert flips(vip | old) == [[((0,), False)]]
    assert flips(~Group(rules=(vip, old))) == [[((1,), True)]]
    assert flips(Group()) == []


def test_changes_that_no_contact_can_meet_are_left_out() -> None:
    german, austrian = field("country").is_("DE"), field("country").is_("AT")
    assert flips(german & austrian) == []
    assert flips((german & austrian) | tag("newsletter")) == [[((1,), True)]]


def test_a_flip_is_said_in_words() -> None:
    (flip,) = asked(tag("vip") & field("country").is_("DE")).flips
    assert flip.words == ("row 2: country is “DE”",)
    (leave,) = asked(as_group(tag("vip"))).flips
    assert leave.words == ("row 1: no longer tag is “vip”",)


@settings(max_examples=150)
@given(root=trees.groups, contact=st.sampled_from(CONTACTS))
def test_flipping_what_is_offered_flips_the_result(root: Group, contact: Contact) -> None:
    found = asked(root, contact)
    plan = lower(root, CONTEXT)
    assert found.held is holds(plan.root, contact, (contact,))
    for flip in found.flips:
        changed = dict(flip.changes)
        assert recombined(root, (), plan.nodes, changed, contact) is not found.held


def recombined(
    node: RuleOrGroup, path: Any, nodes: Any, changed: Any, contact: Contact
) -> bool | None:
    """How the tree stands once some rows stand otherwise, worked out from the tree itself."""
    if path not in nodes:
        return None
    if path in changed:
        return bool(changed[path])
    if not isinstance(node, Group):
        return _stands(nodes[path], lambda atom: true_of(atom, contact, (contact,)))
    each = [
        recombined(child, (*path, n), nodes, changed, contact) for n, child in enumerate(node.rules)
    ]
    known = [stands for stands in each if stands is not None]
    return (all(known) if node.combinator == "and" else any(known)) is not node.negated


TURNS: list[tuple[Any, dt.datetime | None]] = [
    (did("order_placed").within(days=30), AS_OF + dt.timedelta(days=20)),
    (did("order_placed").at_least(2).within(days=50), AS_OF + dt.timedelta(days=10)),
    (did_not("order_placed").within(days=30), AS_OF + dt.timedelta(days=20)),
    (field("birthday").anniversary_today(), dt.datetime(2026, 11, 4, 23)),
    (field("birthday").anniversary_next(days=7), dt.datetime(2026, 10, 28, 23)),
    (tag("vip"), None),
    (field("age") > 40, None),
    (did("order_placed").within(days=3000), None),
]


@pytest.mark.parametrize(("rule", "turns"), TURNS)
def test_the_moment_at_which_time_alone_turns_it(rule: Any, turns: dt.datetime | None) -> None:
    found = asked(rule).turns
    if turns is None:
        assert found is None
        return
    assert found is not None
    assert abs(found - turns) <= dt.timedelta(seconds=1)
    for at, held in ((found, False), (found - dt.timedelta(seconds=2), True)):
        then = lower(as_group(rule), replace(CONTEXT, as_of=at)).root
        assert holds(then, ANNA, (ANNA,)) is (held is asked(rule).held)


def test_what_is_dated_ahead_is_taken_to_happen() -> None:
    soon = replace(ANNA, events=(Event("page_visited", AS_OF + dt.timedelta(hours=5)),))
    found = asked(did("page_visited"), soon)
    assert not found.held
    assert found.turns is not None
    assert abs(found.turns - (AS_OF + dt.timedelta(hours=5))) <= dt.timedelta(seconds=1) + TICK


def leaves(reason: Reason) -> list[Reason]:
    return [leaf for part in reason.parts for leaf in leaves(part)] or [reason]


@settings(max_examples=60)
@given(root=trees.groups, contact=st.sampled_from(CONTACTS))
def test_every_tree_can_be_explained_for_every_contact(root: Group, contact: Contact) -> None:
    found = asked(root, contact)
    assert all(leaf.asks for leaf in leaves(found.reason))
    assert "…" not in found.text
