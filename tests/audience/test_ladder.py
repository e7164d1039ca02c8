"""The ladder and the recipients: everybody who matches is accounted for exactly once."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from segbench.audience.ladder import Reason, climb_down, ladder_data
from segbench.audience.recipients import choose
from segbench.engine.membership import Membership
from segbench.model.recipe import segment_source

MANY = 80
SETS = st.lists(st.sets(st.integers(0, MANY - 1)), max_size=5)


def members(ordinals: set[int]) -> Membership:
    return Membership.of(sorted(ordinals), MANY)


@given(targeted=st.sets(st.integers(0, MANY - 1)), applies=SETS, unknown=st.integers(0, 5))
def test_the_rungs_add_up_and_each_takes_whom_none_before_it_took(
    targeted: set[int], applies: list[set[int]], unknown: int
) -> None:
    reasons = [Reason(f"r{n}", f"reason {n}", members(each)) for n, each in enumerate(applies)]
    reasons.insert(min(unknown, len(reasons)), Reason("?", "not known", None, "no field"))
    ladder = climb_down(members(targeted), reasons)
    left = set(targeted)
    for rung, reason in zip(ladder.rungs, reasons, strict=True):
        if reason.members is None:
            assert (rung.alone, rung.taken, rung.left) == (None, 0, len(left))
            continue
        here = set(reason.members.ids().tolist())
        assert rung.alone == len(targeted & here)
        assert rung.taken == len(left & here)
        left -= here
        assert rung.left == len(left)
    assert set(ladder.final.ids().tolist()) == left
    assert ladder.targeted == sum(rung.taken for rung in ladder.rungs) + len(ladder.final)
    assert ladder.unreachable == len(targeted) - len(left)
    for one, first in enumerate(applies):
        for other, second in enumerate(applies):
            assert ladder.both(f"r{one}", f"r{other}") == len(targeted & first & second)
    assert [step["left"] for step in ladder_data(ladder)] == [rung.left for rung in ladder.rungs]


@given(include=SETS, exclude=SETS, unreachable=SETS)
def test_final_is_included_less_excluded_less_unreachable(
    include: list[set[int]], exclude: list[set[int]], unreachable: list[set[int]]
) -> None:
    chosen = choose(_sources(include), _sources(exclude), MANY)
    ladder = climb_down(
        chosen.targeted,
        [Reason(f"r{n}", "", members(each)) for n, each in enumerate(unreachable)],
    )
    whole = set().union(*include)
    assert set(ladder.final.ids().tolist()) == (
        whole - set().union(*exclude) - set().union(*unreachable)
    )
    taken = sum(rung.taken for rung in ladder.rungs)
    assert len(chosen.matching) == len(chosen.excluded) + taken + len(ladder.final)
    assert sum(claim.count for claim in chosen.include) == len(chosen.matching)
    assert sum(claim.count for claim in chosen.exclude) == len(chosen.excluded)


@given(include=SETS)
def test_each_contact_is_claimed_by_the_first_source_that_has_it(include: list[set[int]]) -> None:
    chosen = choose(_sources(include), [], MANY)
    for ordinal in set().union(*include):
        first = next(at for at, each in enumerate(include) if ordinal in each)
        claimed = [at for at, claim in enumerate(chosen.include) if ordinal in claim.members]
        assert claimed == [first]


def _sources(sets: list[set[int]]) -> list[tuple[object, Membership]]:
    return [(segment_source(f"s{n}"), members(each)) for n, each in enumerate(sets)]
