"""From rules to logic: what is ignored, what is refused, what is shared."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import replace
from typing import Any

import pytest
import trees
from hypothesis import given
from hypothesis import strategies as st
from population import AS_OF, CATALOG, MONTH, SEGMENTS, TICK, ZONE

from segbench.engine.memory import MemoryEngine
from segbench.errors import ReferenceCycle, RuleError, UnknownName
from segbench.model.ask import all_tags, did, did_not, engaged, field, in_segment, tag
from segbench.model.moments import Bounds
from segbench.model.rules import EventRule, FieldRule, Group, RuleOrGroup, SegmentRule
from segbench.model.tree import walk
from segbench.model.vocabulary import Vocabulary
from segbench.plan.atoms import Events, Happened, HasTag, Known, TextHas, TextIs, Truth, Within
from segbench.plan.logic import (
    AllOf,
    Everyone,
    Leaf,
    Not,
    Nothing,
    all_of,
    any_of,
    atoms,
    complement,
)
from segbench.plan.lower import Context, lower

A, B = tag("vip"), tag("newsletter")
OFF = replace(B, enabled=False)


def one(rule: RuleOrGroup, context: Context) -> Any:
    """The logic of a segment of that one rule."""
    return lower(Group(rules=(rule,)), context).root


def test_a_disabled_row_is_ignored(context: Context) -> None:
    assert lower(A & OFF, context).root == one(A, context)
    assert lower(A | OFF, context).root == one(A, context)
    assert lower(A & OFF, context).nodes.keys() == {(), (0,)}
    assert one(A & Group(rules=(B,), enabled=False), context) == one(A, context)


def test_an_empty_inner_group_is_ignored(context: Context) -> None:
    for empty in (Group(), ~Group(), Group(rules=(OFF,)), Group(rules=(Group("or"),))):
        for combinator in ("and", "or"):
            plan = lower(Group(combinator, (A, empty)), context)
            assert plan.root == one(A, context)
            assert (1,) not in plan.nodes


@pytest.mark.parametrize("root", [Group(), ~Group(), Group("or", (OFF,)), ~Group(rules=(Group(),))])
def test_a_segment_without_an_enabled_rule_holds_nobody(root: Group, context: Context) -> None:
    plan = lower(root, context)
    assert plan.root == Nothing()
    assert plan.nodes == {}
    assert one(in_segment("Nobody"), context) == Nothing()
    assert one(in_segment("All off"), context) == Nothing()


def test_the_outermost_group_counts_even_where_it_is_switched_off(context: Context) -> None:
    assert lower(replace(A & B, enabled=False), context).root == lower(A & B, context).root


@given(root=trees.groups)
def test_every_active_node_has_its_logic_under_its_path(root: Group, context: Context) -> None:
    plan = lower(root, context)
    for path, node in walk(root):
        if path in plan.nodes and not isinstance(node, Group):
            alone = one(replace(node, enabled=True), context)
            assert plan.nodes[path] == alone
    if plan.nodes:
        assert plan.nodes[()] == plan.root


@given(root=trees.groups, chance=st.randoms(use_true_random=False))
def test_the_order_of_rows_never_changes_who_is_held(
    root: Group, chance: random.Random, context: Context, memory_engine: MemoryEngine
) -> None:
    def shuffled(node: RuleOrGroup) -> RuleOrGroup:
        if not isinstance(node, Group):
            return node
        rules = [shuffled(rule) for rule in node.rules]
        chance.shuffle(rules)
        return replace(node, rules=tuple(rules))

    other = shuffled(root)
    assert isinstance(other, Group)
    before, after = lower(root, context), lower(other, context)
    assert set(atoms(before.root)) == set(atoms(after.root))
    assert memory_engine.members(before.root) == memory_engine.members(after.root)


def test_equal_questions_anywhere_are_one_atom(context: Context) -> None:
    same = field("country").is_any_of(" de", "AT")
    again = field("country").is_any_of("at", "DE ", "De")
    plan = lower(same & Group("or", (~again, A)) & in_segment("Germans"), context)
    assert len(atoms(plan.root)) == 3


def test_negation_is_the_complement_and_two_of_them_cancel(context: Context) -> None:
    rule = field("country").is_any_of("DE")
    assert one(~rule, context) == complement(one(rule, context))
    assert one(~field("country").is_none_of("DE"), context) == one(rule, context)
    assert one(field("country").is_none_of("DE"), context) == one(~rule, context)


def test_each_rule_can_say_where_contacts_without_a_value_go(context: Context) -> None:
    known = Leaf(Known("country", "text"))
    german = Leaf(TextIs("country", ("de",)))
    words = {"include": any_of((german, Not(known))), "exclude": all_of((german, known))}
    for unknown, logic in words.items():
        rule = FieldRule("country", "is_any_of", ("DE",), unknown=unknown)  # type: ignore[arg-type]
        assert one(rule, context) == logic
    rule = FieldRule("country", "is_none_of", ("DE",), unknown="exclude")
    assert one(rule, context) == AllOf((Not(german), known))


def test_values_are_folded_trimmed_sorted_and_blank_ones_dropped(context: Context) -> None:
    rule = field("country").is_any_of("fr", " DE\t", "de", " ", "")
    assert one(rule, context) == Leaf(TextIs("country", ("de", "fr")))
    exact = field("country", match_case=True).is_any_of("fr", " DE")
    assert one(exact, context) == Leaf(TextIs("country", ("DE", "fr"), True))
    assert one(field("name").contains(" ANN "), context) == Leaf(TextHas("name", "anywhere", "ann"))


def test_tags_are_trimmed_sorted_and_blank_ones_dropped(context: Context) -> None:
    assert one(tag("vip", " a ", ""), context) == Leaf(HasTag(("a", "vip")))
    assert one(all_tags("vip", " "), context) == Leaf(HasTag(("vip",)))
    assert one(tag("\u00a0a"), context) == Leaf(HasTag(("\u00a0a",)))


def test_times_become_thresholds(context: Context) -> None:
    ever = Bounds(high=AS_OF)

    def at_least(times: int) -> Any:
        return Leaf(Happened(Events(("order_placed",), Everyone()), times, ever))

    order = did("order_placed")
    assert one(order, context) == at_least(1) == one(order.at_least(1), context)
    assert one(did_not("order_placed"), context) == Not(at_least(1))
    assert one(order.at_most(0), context) == Not(at_least(1))
    assert one(order.at_most(2), context) == Not(at_least(3))
    assert one(order.exactly(2), context) == AllOf((at_least(2), Not(at_least(3))))
    assert one(order.exactly(0), context) == Not(at_least(1))
    assert one(order.times(2, 4), context) == AllOf((at_least(2), Not(at_least(5))))
    assert one(order.at_least(0), context) == Everyone()


def test_nothing_after_as_of_has_happened_yet(context: Context) -> None:
    def bounds(rule: EventRule) -> Bounds:
        (atom,) = atoms(one(rule, context))
        return atom.bounds

    order = did("order_placed")
    assert bounds(order) == Bounds(high=AS_OF)
    assert bounds(order.within(days=30)) == Bounds(AS_OF - MONTH, AS_OF, low_open=True)
    start = dt.datetime(2026, 9, 30, 22)
    assert bounds(order.during("2026-10-01", "2027-01-01")) == Bounds(start, AS_OF)
    ended = dt.datetime(2026, 10, 2, 22)
    assert bounds(order.during("2026-10-01", "2026-10-02")) == Bounds(start, ended, high_open=True)


def test_disabled_conditions_of_an_event_are_ignored(context: Context) -> None:
    off = replace(field("amount") > 5, enabled=False)
    assert one(did("order_placed").matching(off), context) == one(did("order_placed"), context)


@pytest.mark.parametrize(
    ("rule", "bounds"),
    [
        (
            field("last_seen").on("2026-10-25"),
            Bounds(dt.datetime(2026, 10, 24, 22), dt.datetime(2026, 10, 25, 23), high_open=True),
        ),
        (
            field("last_seen").before("2026-10-25"),
            Bounds(high=dt.datetime(2026, 10, 24, 22), high_open=True),
        ),
        (field("last_seen").after("2026-10-25"), Bounds(low=dt.datetime(2026, 10, 25, 23))),
        (
            field("last_seen").after("2026-10-25T12:00:00+00:00"),
            Bounds(low=dt.datetime(2026, 10, 25, 12), low_open=True),
        ),
        (
            field("last_seen").between("2026-10-24", "2026-10-25"),
            Bounds(dt.datetime(2026, 10, 23, 22), dt.datetime(2026, 10, 25, 23), high_open=True),
        ),
        (
            field("last_seen").between("2026-10-25T00:00", "2026-10-25T01:00"),
            Bounds(dt.datetime(2026, 10, 24, 22), dt.datetime(2026, 10, 24, 23)),
        ),
        (
            field("last_seen").in_next(hours=1),
            Bounds(AS_OF, AS_OF + dt.timedelta(hours=1), low_open=True),
        ),
    ],
)
def test_days_of_an_instant_are_local_days(rule: Any, bounds: Bounds, context: Context) -> None:
    assert one(rule, context) == Leaf(Within("last_seen", "datetime", bounds))


def test_a_segment_is_expanded_where_it_is_referred_to(context: Context) -> None:
    assert one(in_segment("Buyers"), context) == lower(SEGMENTS["Buyers"], context).root
    assert one(SegmentRule("Buyers", "is_not_in"), context) == complement(
        one(in_segment("Buyers"), context)
    )


def test_a_cycle_is_an_error_that_names_the_loop(context: Context) -> None:
    saved = {
        "start": Group(rules=(in_segment("a"),)),
        "a": A & in_segment("b"),
        "b": Group(rules=(Group(rules=(in_segment("a"),)),)),
    }
    with pytest.raises(ReferenceCycle, match="'a' → 'b' → 'a'") as caught:
        one(in_segment("start"), replace(context, segments=saved))
    assert caught.value.loop == ("a", "b", "a")
    with pytest.raises(ReferenceCycle, match="'me' → 'me'"):
        one(in_segment("me"), replace(context, segments={"me": ~Group(rules=(in_segment("me"),))}))


def test_a_missing_segment_is_an_error_that_names_near_ones(context: Context) -> None:
    with pytest.raises(
        UnknownName, match="There is no saved segment 'Buyer'; did you mean 'Buyers"
    ):
        one(in_segment("Buyer"), context)


def test_segments_refer_to_each_other_through_many_levels(context: Context) -> None:
    def chain(length: int) -> Context:
        saved = {f"s{n}": A | in_segment(f"s{n + 1}") for n in range(length)}
        return replace(context, segments=saved | {f"s{length}": Group(rules=(B,))})

    assert set(atoms(one(in_segment("s0"), chain(50)))) == {
        HasTag(("vip",)),
        HasTag(("newsletter",)),
    }
    with pytest.raises(RuleError, match="through too many others"):
        one(in_segment("s0"), chain(5_000))


def test_shared_segments_are_expanded_once(context: Context) -> None:
    saved = {f"s{n}": in_segment(f"s{n + 1}") & in_segment(f"s{n + 1}") for n in range(60)}
    saved["s60"] = Group(rules=(A,))
    assert one(in_segment("s0"), replace(context, segments=saved)) == one(A, context)


def test_engaged_counts_opens_only_where_no_machine_made_them(context: Context) -> None:
    logic = one(engaged(days=30), context)
    opened = [atom for atom in atoms(logic) if atom.events.names == ("email_opened",)]
    assert [atom.events.where for atom in opened] == [Not(Leaf(Truth("machine_open", True)))]
    assert {name for atom in atoms(logic) for name in atom.events.names} == {
        *("email_clicked", "page_visited", "order_placed", "email_opened")
    }
    assert {atom.bounds for atom in atoms(logic)} == {Bounds(AS_OF - MONTH, AS_OF, low_open=True)}


def test_the_workspace_says_which_events_are_engagement(context: Context) -> None:
    own = replace(context, vocabulary=Vocabulary(("order_placed", "not here")))
    logic = one(engaged(days=1), own)
    assert [atom.events.names for atom in atoms(logic)] == [("order_placed",)]


def test_the_clock_is_the_one_of_the_context() -> None:
    rule = field("last_seen").in_last(days=1)
    early = one(rule, Context(AS_OF, ZONE, CATALOG))
    late = one(rule, Context(AS_OF + TICK, ZONE, CATALOG))
    assert early != late
