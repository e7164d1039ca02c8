"""Two people's changes put together: nothing of either is lost, and what clashes is told."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from model.drawn_edits import leaves, two_edits
from segbench.model.ask import did, field, tag
from segbench.model.merging import merge
from segbench.model.rules import FieldRule, Group
from segbench.model.tree import walk

Trio = tuple[Group, Group, Group]
GERMAN = field("country").is_any_of("DE")
FRENCH = field("country").is_any_of("FR")
DUTCH = field("country").is_any_of("NL")
VIP = tag("vip")
BUYER = did("order_placed")
BASE = Group(rules=(GERMAN, VIP))
FIELDS = "abcdefg"
ROWS = st.dictionaries(st.sampled_from(FIELDS), st.integers(0, 2), max_size=6)


def flat(rows: dict[str, int]) -> Group:
    return Group(rules=tuple(FieldRule(name, "is", (value,)) for name, value in rows.items()))


@settings(max_examples=60, deadline=None)
@given(drawn=two_edits())
def test_what_only_one_changed_is_as_that_one_left_it(drawn: Trio) -> None:
    base, mine, theirs = drawn
    assert (merge(base, mine, base).group, merge(base, mine, base).conflicts) == (mine, ())
    assert (merge(base, base, theirs).group, merge(base, base, theirs).conflicts) == (theirs, ())


@settings(max_examples=40, deadline=None)
@given(drawn=two_edits())
def test_equal_changes_are_one(drawn: Trio) -> None:
    base, mine, _ = drawn
    assert (merge(base, mine, mine).group, merge(base, mine, mine).conflicts) == (mine, ())


@settings(max_examples=100, deadline=None)
@given(base=ROWS, mine=ROWS, theirs=ROWS)
def test_no_edit_of_a_row_is_lost_and_no_clash_is_hidden(
    base: dict[str, int], mine: dict[str, int], theirs: dict[str, int]
) -> None:
    """Judged by merging row by row, each row about a field of its own."""
    found = merge(flat(base), flat(mine), flat(theirs))
    kept: dict[str, int] = {}
    clashes = set()
    for name in FIELDS:
        old, one, other = base.get(name), mine.get(name), theirs.get(name)
        merged = other if one == old else one
        if one not in (old, other) and other != old:
            if old is None:
                # Both added a row of their own: neither is given up.
                continue
            clashes.add(name)
            merged = other if one is None else one
        if merged is not None:
            kept[name] = merged
    rows = [(row.field, row.values[0]) for row in found.group.rules if isinstance(row, FieldRule)]
    both = {
        name for name in mine.keys() & theirs.keys() - base.keys() if mine[name] != theirs[name]
    }
    assert sorted(row for row in rows if row[0] not in both) == sorted(kept.items())
    for name in both:
        assert sorted(v for n, v in rows if n == name) == sorted((mine[name], theirs[name]))
    told = {tuple(base)[conflict.row[0]] for conflict in found.conflicts}
    assert told == clashes


@settings(max_examples=80, deadline=None)
@given(drawn=two_edits())
def test_it_does_not_matter_who_of_the_two_merges(drawn: Trio) -> None:
    base, mine, theirs = drawn
    one, other = merge(base, mine, theirs), merge(base, theirs, mine)
    assert len(one.conflicts) == len(other.conflicts)
    assert {c.row for c in one.conflicts} == {c.row for c in other.conflicts}
    if not one.conflicts:
        assert leaves(one.group) == leaves(other.group)


@settings(max_examples=80, deadline=None)
@given(drawn=two_edits())
def test_every_new_row_of_either_is_there_or_in_a_conflict(drawn: Trio) -> None:
    base, mine, theirs = drawn
    found = merge(base, mine, theirs)
    shown = [node for _, node in walk(found.group)]
    for conflict in found.conflicts:
        for side in (conflict.mine, conflict.theirs):
            shown += [node for _, node in walk(side)] if side is not None else []
    asked = {repr(replace(node, note="", locked=False)) for node in shown}
    known = {repr(replace(row, note="", locked=False)) for row in leaves(base)}
    for row in (*leaves(mine), *leaves(theirs)):
        bare = repr(replace(row, note="", locked=False))
        assert bare in asked | known


def test_both_add_and_change_other_rows() -> None:
    found = merge(BASE, Group(rules=(GERMAN, VIP, BUYER)), Group(rules=(FRENCH, VIP)))
    assert found.group == Group(rules=(FRENCH, VIP, BUYER))
    assert found.conflicts == ()


def test_the_same_row_changed_by_both_is_a_conflict_that_tells_both() -> None:
    found = merge(BASE, Group(rules=(DUTCH, VIP)), Group(rules=(FRENCH, VIP, BUYER)))
    assert found.group == Group(rules=(DUTCH, VIP, BUYER))
    (conflict,) = found.conflicts
    assert (conflict.row, conflict.mine, conflict.theirs) == ((0,), DUTCH, FRENCH)
    assert conflict.words() == "Row 1: yours is country is “NL”; theirs is country is “FR”"
    assert conflict.data()["row_before"] == [1]


def test_a_row_that_one_changed_and_the_other_removed_stays_and_is_told() -> None:
    for mine, theirs in (((VIP,), (FRENCH, VIP)), ((FRENCH, VIP), (VIP,))):
        found = merge(BASE, Group(rules=mine), Group(rules=theirs))
        assert set(map(repr, found.group.rules)) == {repr(FRENCH), repr(VIP)}
        assert len(found.conflicts) == 1
        assert "removed" in found.conflicts[0].words()


def test_rows_changed_under_another_combinator_are_a_conflict() -> None:
    """An added row narrows an AND and widens an OR: neither of the two meant the merged one."""
    either, more = replace(BASE, combinator="or"), Group(rules=(GERMAN, VIP, BUYER))
    found = merge(BASE, either, more)
    assert [(c.row, c.mine, c.theirs) for c in found.conflicts] == [((), either, more)]
    assert merge(BASE, replace(BASE, negated=True), either).conflicts
    noted = Group(rules=(replace(GERMAN, note="agreed"), VIP))
    assert merge(BASE, either, noted).group == replace(noted, combinator="or")


def test_groups_are_merged_inside() -> None:
    base = Group(rules=(GERMAN, Group("or", (VIP, BUYER))))
    mine = Group(rules=(GERMAN, Group("or", (VIP, BUYER, FRENCH))))
    theirs = Group(rules=(GERMAN, Group("or", (VIP, BUYER.at_least(2)), enabled=False)))
    found = merge(base, mine, theirs)
    inner = Group("or", (VIP, BUYER.at_least(2), FRENCH), enabled=False)
    assert (found.group, found.conflicts) == (Group(rules=(GERMAN, inner)), ())


def test_a_note_of_one_and_a_value_of_the_other_are_both_kept() -> None:
    mine = Group(rules=(replace(GERMAN, note="agreed", locked=True), VIP))
    found = merge(BASE, mine, Group(rules=(FRENCH, VIP)))
    assert found.group == Group(rules=(replace(FRENCH, note="agreed", locked=True), VIP))
    other = Group(rules=(replace(GERMAN, note="asked"), VIP))
    assert len(merge(BASE, other, mine).conflicts) == 1


def test_an_order_that_one_changed_is_kept_with_what_the_other_added() -> None:
    base = Group(rules=(GERMAN, VIP, BUYER))
    turned = Group(rules=(BUYER, VIP, GERMAN))
    more = Group(rules=(GERMAN, FRENCH, VIP, BUYER))
    assert merge(base, more, turned).group == Group(rules=(BUYER, VIP, GERMAN, FRENCH))
    assert merge(base, turned, more).group == Group(rules=(BUYER, VIP, GERMAN, FRENCH))
