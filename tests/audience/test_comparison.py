"""Rules beside each other, and the rows that decide."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from segbench.audience.comparison import aligned, deciding
from segbench.engine.membership import Membership
from segbench.model.ask import did, field, tag
from segbench.model.rules import Group, as_group

GERMAN = field("country").is_any_of("DE")
FRENCH = field("country").is_any_of("FR")
BUYER = did("order_placed").within(days=30)
VIP = tag("vip")
SETS = st.sets(st.integers(0, 29))


def states(first: Group, second: Group) -> list[tuple[str, int, str, str]]:
    return [(line.state, line.depth, line.first, line.second) for line in aligned(first, second)]


def test_the_order_of_rows_notes_and_locks_make_no_difference() -> None:
    noted = replace(VIP, note="agreed", locked=True)
    lines = aligned(GERMAN & VIP & BUYER, BUYER & GERMAN & noted)
    assert {line.state for line in lines} == {"same"}
    assert [line.first for line in lines] == [line.second for line in lines]


def test_another_value_is_a_change_and_other_rows_are_in_one_only() -> None:
    assert states(GERMAN & VIP, FRENCH & BUYER) == [
        ("same", 0, "all of", "all of"),
        ("changed", 1, "country is “DE”", "country is “FR”"),
        ("first", 1, "tag is “vip”", ""),
        ("second", 1, "", "order_placed happened in the last 30 days"),
    ]


def test_a_row_that_is_the_same_elsewhere_is_not_taken_for_a_changed_one() -> None:
    lines = states(GERMAN | FRENCH, FRENCH | field("country").is_empty())
    assert [line[0] for line in lines] == ["same", "changed", "same"]
    assert lines[2][2:] == ("country is “FR”", "country is “FR”")


def test_groups_are_looked_into_and_their_combinator_is_a_change() -> None:
    first = Group(rules=(GERMAN, Group("or", (VIP, BUYER))))
    second = Group(rules=(GERMAN, Group("and", (VIP,), negated=True)))
    assert states(first, second)[2:] == [
        ("changed", 1, "any of", "not all of"),
        ("same", 2, "tag is “vip”", "tag is “vip”"),
        ("first", 2, "order_placed happened in the last 30 days", ""),
    ]


def test_a_row_that_is_off_or_negated_differs_and_says_so() -> None:
    off = Group(rules=(replace(GERMAN, enabled=False), ~VIP))
    assert states(off, GERMAN & VIP)[1:] == [
        ("changed", 1, "country is “DE” (off)", "country is “DE”"),
        ("changed", 1, "not (tag is “vip”)", "tag is “vip”"),
    ]


def test_a_group_in_one_segment_only_is_listed_with_all_in_it() -> None:
    lines = states(as_group(GERMAN), Group(rules=(GERMAN, Group("or", (VIP, BUYER)))))
    assert [(state, depth) for state, depth, _, _ in lines] == [
        ("same", 0),
        ("same", 1),
        ("second", 1),
        ("second", 2),
        ("second", 2),
    ]


@given(contacts=SETS, rows=st.lists(SETS, max_size=5))
def test_each_row_decides_of_those_it_is_given_with_and_alone_of_the_rest(
    contacts: set[int], rows: list[set[int]]
) -> None:
    given_rows = {(at,): (f"row {at}", Membership.of(ids, 30)) for at, ids in enumerate(rows)}
    found = deciding(Membership.of(contacts, 30), given_rows)
    assert len(found) == len(rows)
    for row in found:
        ids = rows[row.path[0]]
        others = set().union(*(other for at, other in enumerate(rows) if at != row.path[0]))
        assert (row.count, row.alone) == (len(contacts & ids), len(contacts & ids - others))
    assert [row.count for row in found] == sorted((row.count for row in found), reverse=True)
