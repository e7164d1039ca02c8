"""RFM: scores on their edges, every cell in its group, and each buyer in exactly one."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Any

import pytest
from crm_people import CRM, TICK, event, held, person
from hypothesis import given, settings
from hypothesis import strategies as st
from population import AS_OF, ZONE

from segbench.engine.memory import Contact, Event, MemoryEngine
from segbench.errors import RuleError
from segbench.model.prebuilt import prebuilt
from segbench.model.prebuilt_segments.rfm import OTHER, RFM_GROUPS
from segbench.model.rules import Params
from segbench.model.vocabulary import STANDARD
from segbench.plan.lower import Context, lower

CUTS: dict[str, Any] = {
    **{"days": 60, "r1": 40, "r2": 20, "r3": 10},
    **{"f1": 2, "f2": 3, "f3": 4},
    **{"m1": 10, "m2": 100, "m3": 1_000},
}
RECENT = (50, 30, 15, 5)
SUMS = (1, 10, 100, 1_000)


def groups_of(people: Sequence[Contact], **cuts: Any) -> dict[str, list[str]]:
    """The groups that hold each contact."""
    found: dict[str, list[str]] = {contact.key: [] for contact in people}
    engine, context = MemoryEngine(people), Context(AS_OF, ZONE, CRM)
    for name in RFM_GROUPS:
        group = prebuilt("rfm").expand(Params({**cuts, "group": name}), CRM, STANDARD)
        for ordinal in engine.members(lower(group, context).root).ids():
            found[people[ordinal].key].append(name)
    return found


def scored(r: int, f: int, m: int) -> Contact:
    """A buyer with exactly these scores by `CUTS`."""
    last = event("order_placed", RECENT[r], amount=SUMS[m])
    before = (event("order_placed", 55, amount=0.0) for _ in range(f))
    return person(f"R{r} F{f} M{m}", last, before)


FIRST_MATCH = """
Champions R3 F2-3 M2-3; Loyal R2-3 F2-3 M1-3; Potential Loyalists R3 F1-3 M1-3;
Promising R3 F0-3 M1-3; New Customer R3 F0-3 M0-3; Needing Attention R2-3 F0-3 M0-3;
Cannot lose them R0-1 F2-3 M2-3; At Risk R0-1 F1-3 M1-3; About to Sleep R1 F0-3 M0-3;
Hibernating R0 F0-2 M0-3
"""


def by_the_words(r: int, f: int, m: int) -> str:
    """The first group of the definition, as it is written, that has these scores."""
    for line in FIRST_MATCH.split(";"):
        *name, recent, often, much = line.split()
        spans = ([*span[1:].split("-")] for span in (recent, often, much))
        scores = zip((r, f, m), spans, strict=True)
        if all(int(span[0]) <= score <= int(span[-1]) for score, span in scores):
            return " ".join(name)
    return OTHER


CELLS = list(product(range(4), repeat=3))


def test_every_combination_of_scores_is_in_the_group_of_the_definition() -> None:
    people = [scored(*cell) for cell in CELLS]
    wanted = {p.key: [by_the_words(*cell)] for p, cell in zip(people, CELLS, strict=True)}
    assert groups_of(people, **CUTS) == wanted
    assert [cell for cell in CELLS if by_the_words(*cell) == OTHER] == [(0, 3, 0)]
    assert {by_the_words(*cell) for cell in CELLS} == set(RFM_GROUPS)


def test_who_did_not_order_in_the_window_is_in_no_group() -> None:
    people = [
        person("never"),
        person("too old", event("order_placed", 60, amount=9_000.0)),
        person("not yet", event("order_placed", -1, amount=9_000.0)),
        person("just within", event("order_placed", 60, TICK)),
    ]
    found = groups_of(people, **CUTS)
    assert found == {"never": [], "too old": [], "not yet": [], "just within": ["Hibernating"]}


def test_scores_are_reached_on_their_cut_points() -> None:
    people = [
        person("R3", event("order_placed", 10, TICK, amount=1_000.0), orders(2)),
        person("R2", event("order_placed", 10, amount=1_000.0), orders(2)),
        person("F2", event("order_placed", 5, amount=1_000.0), orders(2)),
        person("F1", event("order_placed", 5, amount=1_000.0), orders(1)),
        person("M2", event("order_placed", 5, amount=100.0), orders(2)),
        person("M1", event("order_placed", 5, amount=99.99), orders(2)),
    ]
    found = groups_of(people, **CUTS)
    assert found["R3"] == found["F2"] == found["M2"] == ["Champions"]
    assert found["R2"] == found["M1"] == ["Loyal"]
    assert found["F1"] == ["Potential Loyalists"]


def orders(more: int) -> list[Event]:
    return [event("order_placed", 55, amount=0.0) for _ in range(more)]


def test_orders_of_unknown_amount_count_as_orders_without_money() -> None:
    people = [person("in", event("order_placed", 5), event("order_placed", 6, amount=10.0))]
    assert groups_of(people, **CUTS) == {"in": ["Potential Loyalists"]}


@st.composite
def buyers(draw: st.DrawFn) -> list[Contact]:
    """Contacts whose orders lie on the cut points and beside them."""
    moments = [
        event("order_placed", days, tick * TICK).at
        for days in (0, 5, 10, 20, 40, 60)
        for tick in (-1, 0, 1)
    ]
    amounts = st.sampled_from([None, -5.0, 0.0, 0.1, 5.0, 9.99, 10.0, 90.0, 1_000.0])
    order = st.builds(
        lambda at, amount: Event("order_placed", at, {"amount": amount}),
        st.sampled_from(moments),
        amounts,
    )
    lists = draw(st.lists(st.lists(order, max_size=6), min_size=1, max_size=8))
    return [person(str(number), made) for number, made in enumerate(lists)]


@st.composite
def cuts(draw: st.DrawFn) -> dict[str, Any]:
    """Cut points that rise, some of them equal."""

    def rising(values: st.SearchStrategy[Any]) -> list[Any]:
        return sorted(draw(st.lists(values, min_size=3, max_size=3)))

    r3, r2, r1 = rising(st.sampled_from([1, 5, 10, 20, 40, 60]))
    f1, f2, f3 = rising(st.integers(1, 6))
    m1, m2, m3 = rising(st.sampled_from([-5, 0, 0.1, 5.1, 10, 100, 1_000]))
    edges = {"r1": r1, "r2": r2, "r3": r3, "f1": f1, "f2": f2, "f3": f3}
    return {"days": 60, **edges, "m1": m1, "m2": m2, "m3": m3}


@settings(max_examples=60)
@given(buyers(), cuts())
def test_each_buyer_is_in_exactly_one_group_and_nobody_else_in_any(
    people: list[Contact], cuts: dict[str, Any]
) -> None:
    found = groups_of(people, **cuts)
    start = event("order_placed", 60).at
    for contact in people:
        buys = any(start < order.at <= AS_OF for order in contact.events)
        assert len(found[contact.key]) == (1 if buys else 0), (contact, cuts)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"r3": 91}, "must rise from r3 to days: r3 91, r2 90, r1 180, days 365"),
        ({"r1": 366}, "must rise from r3 to days: r3 30, r2 90, r1 366, days 365"),
        ({"days": 100}, "must rise from r3 to days"),
        ({"f1": 4}, "must rise from f1 to f3: f1 4, f2 3, f3 5"),
        ({"m2": 500.5}, "must rise from m1 to m3: m1 50, m2 500.5, m3 500"),
    ],
)
def test_cut_points_must_rise(wrong: dict[str, Any], words: str) -> None:
    with pytest.raises(RuleError, match=words):
        held("rfm", [], **wrong)


def test_an_unknown_group_is_answered_with_the_groups_there_are() -> None:
    with pytest.raises(
        RuleError, match=r"no RFM group 'VIP'; there are Champions, Loyal, .*, Other"
    ):
        prebuilt("rfm").expand(Params(group="VIP"), CRM, STANDARD)
