"""Numbers from packed words, some at a time: the same as those of whole sets."""

from __future__ import annotations

import random

import pytest

from segbench.engine import tally
from segbench.engine.membership import Membership
from segbench.plan.logic import AllOf, AnyOf, Leaf, Logic, Not


def drawn(chance: random.Random, depth: int) -> Logic[int]:
    if not depth:
        return Leaf(chance.randrange(4))
    parts = tuple(drawn(chance, depth - 1) for _ in range(chance.randint(1, 3)))
    return chance.choice([AllOf(parts), AnyOf(parts), Not(parts[0])])


@pytest.mark.parametrize("contacts", [1, 64, 65, 191, 192, 193, 1_000])
@pytest.mark.parametrize("block", [1, 2, 3, 1 << 14])
def test_every_block_counts_once(
    monkeypatch: pytest.MonkeyPatch, block: int, contacts: int
) -> None:
    monkeypatch.setattr(tally, "BLOCK", block)
    chance = random.Random(contacts)
    shares = (1, 0.9, 0.5, 0.01)
    sets = [{each for each in range(contacts) if chance.random() < share} for share in shares]
    members = {at: Membership.of(sorted(each), contacts) for at, each in enumerate(sets)}
    logics = [drawn(chance, 3) for _ in range(12)]
    counting = tally.BitTally(members, contacts)
    for logic in logics:
        counting.total(counting.holds(logic))
    assert counting.run() == [len(held(logic, sets, contacts)) for logic in logics]


def held(logic: Logic[int], sets: list[set[int]], contacts: int) -> set[int]:
    match logic:
        case Leaf(atom):
            return sets[atom]
        case Not(inner):
            return set(range(contacts)) - held(inner, sets, contacts)
        case AllOf(parts):
            return set.intersection(*(held(part, sets, contacts) for part in parts))
        case AnyOf(parts):
            return set.union(*(held(part, sets, contacts) for part in parts))
    raise AssertionError(logic)
