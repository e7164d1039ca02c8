"""What changed from one group to another, in words and as JSON."""

from __future__ import annotations

import json
from dataclasses import replace

from hypothesis import given, settings

from model.drawn_edits import two_edits
from segbench.model.ask import did, field, tag
from segbench.model.changes import changes
from segbench.model.rules import Group

GERMAN = field("country").is_any_of("DE")
FRENCH = field("country").is_any_of("FR")
VIP = tag("vip")
BUYER = did("order_placed")
BASE = Group(rules=(GERMAN, VIP))


def words(before: Group, after: Group) -> list[str]:
    return [change.words for change in changes(before, after)]


@settings(max_examples=60, deadline=None)
@given(drawn=two_edits())
def test_there_is_a_change_exactly_where_two_groups_differ(
    drawn: tuple[Group, Group, Group],
) -> None:
    _, one, other = drawn
    assert bool(changes(one, other)) == (one != other)
    json.dumps([change.data() for change in changes(one, other)])


def test_rows_are_new_changed_and_removed() -> None:
    after = Group(rules=(FRENCH, BUYER))
    assert words(BASE, after) == [
        "Row 1: country is “DE” became country is “FR”",
        "Row 2 was removed: tag is “vip”",
        "Row 2 is new: order_placed happened",
    ]


def test_a_group_that_joins_its_rows_otherwise_says_so_once() -> None:
    inner = Group("or", (VIP, BUYER))
    before, after = (
        Group(rules=(GERMAN, inner)),
        Group(rules=(GERMAN, replace(inner, negated=True))),
    )
    assert words(before, after) == ["Row 2: any of became not any of"]
    assert words(BASE, replace(BASE, combinator="or")) == ["The segment: all of became any of"]


def test_rows_deep_down_are_named_by_their_place() -> None:
    before = Group(rules=(GERMAN, Group("or", (VIP, Group(rules=(BUYER,))))))
    after = Group(rules=(GERMAN, Group("or", (VIP, Group(rules=(BUYER.at_least(3),))))))
    (change,) = changes(before, after)
    assert change.words == (
        "Row 2.2.1: order_placed happened became order_placed happened at least 3 times"
    )
    assert (change.kind, change.before, change.after) == ("changed", (1, 1, 0), (1, 1, 0))


def test_notes_locks_and_another_order_are_changes_too() -> None:
    noted = Group(rules=(VIP, replace(GERMAN, note="agreed", locked=True)))
    assert words(BASE, noted) == [
        "Row 2: its note none became “agreed” and it is locked now",
        "The rows are in another order",
    ]
    assert words(noted, Group(rules=(VIP, GERMAN))) == [
        "Row 2: its note “agreed” is gone and it is not locked any more"
    ]


def test_a_row_that_is_off_and_a_group_with_all_in_it_are_told() -> None:
    after = Group(rules=(replace(GERMAN, enabled=False), VIP, Group("or", (BUYER, FRENCH))))
    assert words(BASE, after) == [
        "Row 1: country is “DE” became country is “DE” (off)",
        "Row 3 is new: (order_placed happened or country is “FR”)",
    ]


def test_a_change_is_plain_data_with_rows_from_one() -> None:
    (change,) = changes(BASE, Group(rules=(FRENCH, VIP)))
    assert change.data() == {
        "kind": "changed",
        "row_before": [1],
        "row": [1],
        "before": {"kind": "field", "field": "country", "op": "is_any_of", "values": ["DE"]},
        "after": {"kind": "field", "field": "country", "op": "is_any_of", "values": ["FR"]},
        "words": "Row 1: country is “DE” became country is “FR”",
    }
