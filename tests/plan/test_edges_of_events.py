"""The atoms that events, contacts' zones and saved segments become."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from plan.edges import DAY, HERE, NOON, TODAY, atom, logic
from segbench.errors import ReferenceCycle, RuleError, UnknownName
from segbench.model.ask import did, field, in_order, in_segment, measure, not_followed, tag
from segbench.model.catalog import Choice, Field
from segbench.model.moments import Bounds
from segbench.model.rules import EventRule, Group
from segbench.model.windows import Last
from segbench.plan.atoms import (
    Happened,
    Known,
    Measured,
    Sequence,
    Truth,
    Within,
)
from segbench.plan.logic import (
    AllOf,
    AnyOf,
    Everyone,
    Leaf,
    Not,
    Nothing,
    all_of,
    any_of,
    atoms,
    complement,
    fold,
)
from segbench.plan.lower import lower
from segbench.plan.zones import zones_of

HAPPENED = Happened(atom(did("order_placed")).events, 1, Bounds(high=NOON))


def times(least: int) -> Any:
    return Leaf(replace(HAPPENED, times=least))


@pytest.mark.parametrize(
    ("rule", "wanted"),
    [
        (did("order_placed"), times(1)),
        (did("order_placed").at_least(0), Everyone()),
        (did("order_placed").at_least(1), times(1)),
        (did("order_placed").at_least(3), times(3)),
        (did("order_placed").at_most(0), complement(times(1))),
        (did("order_placed").at_most(2), complement(times(3))),
        (did("order_placed").exactly(0), complement(times(1))),
        (did("order_placed").exactly(2), all_of((times(2), complement(times(3))))),
        (did("order_placed").times(2, 4), all_of((times(2), complement(times(5))))),
        (did("order_placed").times(0, 4), complement(times(5))),
    ],
)
def test_a_count_is_made_of_at_least_so_many_times(rule: Any, wanted: Any) -> None:
    assert logic(rule) == wanted


def test_an_unknown_way_of_counting_is_named() -> None:
    with pytest.raises(UnknownName, match="There is no event operator 'often'"):
        logic(EventRule("order_placed", "often"))


def test_conditions_are_negated_switched_off_and_dated_each_for_itself() -> None:
    gift = field("gift").is_true()
    off = replace(field("currency").is_("EUR"), enabled=False)
    assert atom(did("order_placed").matching(~gift, off)).events.where == Not(
        Leaf(Truth("gift", True))
    )
    due = atom(did("order_placed").matching(field("due").in_last(days=1))).events.where
    assert due == Leaf(Within("due", "date", Bounds(TODAY - DAY, TODAY, low_open=True)))


def test_only_what_came_after_the_last_of_the_others_counts_each_other_named_once() -> None:
    dated = did("order_placed").matching(field("due").in_last(days=1))
    found = atom(did("cart_updated").after_last(did("page_visited"), dated, did("page_visited")))
    wanted = {atom(did("page_visited")).events, atom(dated).events}
    assert set(found.after.last) == wanted
    assert len(found.after.last) == 2
    assert found.after.until == NOON


def test_a_figure_asks_its_test_of_its_events_in_their_zone() -> None:
    weeks = atom(measure("active_weeks", did("order_placed").within(days=1)) > 2)
    assert weeks == Measured(
        *(HAPPENED.events, "active_weeks", "", "number"),
        Within("", "number", Bounds(low=2, low_open=True)),
        Bounds(NOON - DAY, NOON, low_open=True),
        *(None, "Europe/Berlin", 6),
    )
    months = atom(measure("active_months", "order_placed") > 2)
    assert (months.zone, months.week_start) == ("Europe/Berlin", 0)
    total = atom(measure("sum", "order_placed", "amount") > 2)
    assert (total.zone, total.property, total.type) == ("", "amount", "number")
    last = atom(measure("last_time", "order_placed").in_last(days=1))
    assert last.test == Within("", "datetime", Bounds(NOON - DAY, NOON, low_open=True))


def test_a_share_is_of_all_events_and_its_part_has_the_conditions() -> None:
    gifts = did("order_placed").matching(field("gift").is_true())
    found = atom(measure("share", gifts) > 50)
    assert found.events == HAPPENED.events
    assert found.part == Leaf(Truth("gift", True))
    assert atom(measure("sum", gifts, "amount") > 5).part is None


ZERO: list[tuple[Any, list[Bounds], bool]] = [
    (measure("active_days", "order_placed") >= 1, [Bounds(low=1)], False),
    (measure("active_days", "order_placed") >= 0, [Bounds(high=0, high_open=True)], True),
    (measure("active_days", "order_placed") > 0, [Bounds(low=0, low_open=True)], False),
    (measure("active_days", "order_placed") <= 0, [Bounds(low=0, low_open=True)], True),
    (measure("active_days", "order_placed") < 0, [Bounds(high=0, high_open=True)], False),
    (measure("active_days", "order_placed") < 3, [Bounds(low=3)], True),
    (measure("active_days", "order_placed") > -1, [Bounds(high=-1)], True),
    (
        measure("active_days", "order_placed").between(-1, 2),
        [Bounds(high=-1, high_open=True), Bounds(low=2, low_open=True)],
        True,
    ),
    (measure("active_days", "order_placed").between(1, 2), [Bounds(1, 2)], False),
]


@pytest.mark.parametrize(("rule", "bounds", "negative"), ZERO, ids=[str(n) for n in range(9)])
def test_a_figure_that_zero_passes_is_asked_by_what_lies_outside(
    rule: Any, bounds: list[Bounds], negative: bool
) -> None:
    (first, *_) = atoms(logic(rule))
    tests = [Leaf(replace(first, test=Within("", "number", each))) for each in bounds]
    assert logic(rule) == (complement(any_of(tests)) if negative else tests[0])


def test_a_sequence_keeps_the_order_of_its_steps_and_its_last_may_be_missing() -> None:
    steps = [did("page_visited"), did("cart_updated"), did("order_placed")]
    events = tuple(atom(step).events for step in steps)
    hour = dt.timedelta(hours=1)
    assert atom(in_order(*steps)) == Sequence(events, Bounds(high=NOON), None, None, NOON)
    assert atom(not_followed(*steps, hours=1)) == Sequence(
        events[:2], Bounds(high=NOON), hour, events[2], NOON
    )
    late = replace(in_order(*steps), window=Last(1))
    assert atom(late).bounds == Bounds(NOON - DAY, NOON, low_open=True)
    dated = did("order_placed").matching(field("due").in_last(days=1))
    assert atom(in_order(dated, steps[0])).steps[0] == atom(dated).events


def test_a_figure_can_be_negated_and_say_where_a_missing_one_goes() -> None:
    average = measure("average", "order_placed", "amount", unknown="include") > 5
    above, known = atoms(logic(average))
    assert known == replace(above, test=Known("", "number"))
    assert logic(average) == any_of((Leaf(above), Not(Leaf(known))))
    excluded = measure("average", "order_placed", "amount", unknown="exclude").does_not_equal(5)
    equal = replace(above, test=Within("", "number", Bounds(5, 5)))
    assert logic(excluded) == all_of((Not(Leaf(equal)), Leaf(known)))


def test_a_zone_that_is_none_is_passed_over_and_those_after_it_are_found() -> None:
    names = ("Europe/Berlin", "Nowhere/Land", "america/new_york", "America/New_York", "UTC")
    found = zones_of(Field("z", "text", choices=tuple(Choice(name, 1) for name in names)))
    assert set(found) >= {"europe/berlin", "america/new_york", "utc"}
    assert "nowhere/land" not in found
    with pytest.raises(RuleError, match="Field 'z' has too many different values"):
        zones_of(Field("z", "text", known=1))
    assert zones_of(Field("z", "text")) == {}


def test_a_chain_of_segments_is_left_again_so_that_it_can_be_entered_twice() -> None:
    saved = {"a": Group(rules=(tag("vip"),)), "b": Group(rules=(in_segment("a"),))}
    twice = in_segment("b") | in_segment("a") | in_segment("b")
    assert lower(twice, replace(HERE, segments=saved)).root == logic(tag("vip"))


def test_a_loop_is_named_from_where_it_starts() -> None:
    saved = {"a": Group(rules=(in_segment("b"),)), "b": Group(rules=(in_segment("b"),))}
    with pytest.raises(ReferenceCycle) as caught:
        lower(Group(rules=(in_segment("a"),)), replace(HERE, segments=saved))
    assert "'a'" not in str(caught.value)
    with pytest.raises(UnknownName, match=r"There is no saved segment 'c'\."):
        lower(Group(rules=(in_segment("c"),)), replace(HERE, segments=saved))


def test_a_figure_whose_window_has_no_inside_holds_nobody() -> None:
    rule = measure("last_time", "order_placed").between_ago(3, 3)
    assert logic(rule) == Nothing()
    assert logic(~rule) == Everyone()


def test_what_events_do_not_have_is_named_with_what_is_near() -> None:
    with pytest.raises(UnknownName, match="property of event 'order_placed' named 'amuont'"):
        logic(did("order_placed").matching(field("amuont") > 1))
    sequence = in_order(did("cart_updated"), did("order_placed"))
    with pytest.raises(UnknownName, match="There is no sequence operator 'at_once'"):
        logic(replace(sequence, op="at_once"))


def test_everyone_and_nobody_are_folded_and_have_no_atoms_wherever_they_stand() -> None:
    for group, held in ((AllOf, 0b01), (AnyOf, 0b11)):
        whole: Any = group((Leaf(0b01), Everyone()))
        assert fold(whole, lambda atom: atom, lambda: 0b11) == held
        assert atoms(whole) == (0b01,)
    nobody: Any = Not(AnyOf((Leaf(0b01), Nothing())))
    assert fold(nobody, lambda atom: atom, lambda: 0b11) & 0b11 == 0b10
    assert atoms(nobody) == (0b01,)


def test_a_figure_that_is_never_empty_loses_nobody_where_the_empty_are_left_out() -> None:
    kept = measure("sum", "order_placed", "amount")
    left_out = measure("sum", "order_placed", "amount", unknown="exclude")
    assert logic(left_out <= 10) == logic(kept <= 10)
    assert logic(left_out.does_not_equal(3)) == logic(kept.does_not_equal(3))
