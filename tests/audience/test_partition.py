"""Whether segments divide a base: the numbers are those of plain sets, whatever the base."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from population import CONTACTS

from segbench.audience.partition import partition
from segbench.audience.region_rules import all_rules, exactly_rules, many_rules, within_base
from segbench.engine.membership import Membership
from segbench.engine.memory import MemoryEngine
from segbench.errors import RuleError
from segbench.model.ask import field, tag
from segbench.model.rules import Group, RuleOrGroup, as_group
from segbench.plan.lower import Context, lower

SOME = st.sets(st.integers(0, 24))


@settings(max_examples=200)
@given(held=st.lists(SOME, min_size=1, max_size=5), base=st.none() | SOME)
def test_every_number_is_that_of_plain_sets(held: list[set[int]], base: set[int] | None) -> None:
    members = {f"s{at}": Membership.of(ids, 25) for at, ids in enumerate(held)}
    found = partition(members, None if base is None else Membership.of(base, 25))
    whole = set(range(25)) if base is None else base
    times = {contact: sum(contact in ids for ids in held) for contact in whole}
    assert found.contacts == len(whole)
    assert found.none == sum(count == 0 for count in times.values())
    assert found.many == sum(count > 1 for count in times.values())
    assert found.alone == tuple(sum(times[contact] == 1 for contact in ids & whole) for ids in held)
    assert sum(found.alone) + found.many + found.none == found.contacts
    assert found.beside == len(set().union(*held) - whole)
    assert {(pair.first, pair.second): pair.count for pair in found.shared} == {
        (a, b): len(held[a] & held[b] & whole)
        for a, b in combinations(range(len(held)), 2)
        if held[a] & held[b] & whole
    }
    assert found.disjoint is (found.many == 0)
    assert found.covers is (found.none == 0)
    assert found.holds is all(count == 1 for count in times.values())


GERMAN, FRENCH = field("country").is_any_of("DE"), field("country").is_any_of("FR")
PARTS: tuple[RuleOrGroup, ...] = (GERMAN, as_group(tag("vip")) | FRENCH, ~tag("compliant"))


@pytest.mark.parametrize("base", [None, field("country").is_not_empty()])
def test_the_rules_of_each_line_hold_just_its_contacts(
    base: RuleOrGroup | None, memory_engine: MemoryEngine, context: Context
) -> None:
    def held(node: RuleOrGroup) -> Membership:
        return memory_engine.members(lower(as_group(node), context).root)

    segments = [held(node) for node in PARTS]
    whole = Membership.everyone(len(CONTACTS)) if base is None else held(base)
    found = partition({str(at): one for at, one in enumerate(segments)}, whole)
    for at, count in enumerate(found.alone):
        assert len(held(within_base(exactly_rules(PARTS, (at,)), base))) == count
    assert len(held(within_base(exactly_rules(PARTS, ()), base))) == found.none
    assert len(held(within_base(many_rules(PARTS), base))) == found.many
    for pair in found.shared:
        rules = all_rules(PARTS, (pair.first, pair.second))
        assert len(held(within_base(rules, base))) == pair.count


def test_rules_of_nothing_are_refused() -> None:
    for make in (
        lambda: exactly_rules((), ()),
        lambda: all_rules(PARTS, ()),
        lambda: many_rules((GERMAN,)),
    ):
        with pytest.raises(RuleError, match="Choose"):
            make()
    assert isinstance(within_base(Group(rules=(GERMAN,)), None), Group)
