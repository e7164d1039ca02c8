"""What chance may make is said to be so, and no more."""

from __future__ import annotations

import math
import random
from collections import Counter

import pytest

from segbench.audience.significance import Sides, may_be_chance, most_by_chance

DRAWS = 1_500


@pytest.mark.parametrize("values", [2, 8])
@pytest.mark.parametrize("size", [5, 40, 600, 1_900])
def test_groups_drawn_at_random_seldom_differ_by_more_than_chance(values: int, size: int) -> None:
    chance = random.Random(values * size)
    has = [chance.randrange(values) ** 2 // values for _ in range(2_000)]
    everybody = Counter(has)
    names = sorted(everybody)
    there = [everybody[name] for name in names]
    wrong = 0
    for _ in range(DRAWS):
        drawn = Counter(chance.sample(has, size))
        here = [drawn[name] for name in names]
        wrong += not may_be_chance(here, there, Sides(size, len(has), size))
    assert wrong <= 0.006 * DRAWS


def test_groups_that_share_contacts_seldom_differ_by_more_than_chance() -> None:
    chance = random.Random(5)
    has = [chance.randrange(4) for _ in range(3_000)]
    wrong = 0
    for _ in range(DRAWS):
        drawn = chance.sample(range(3_000), 900)
        here, there = drawn[:600], drawn[300:]
        counts = [[Counter(has[at] for at in side)[v] for v in range(4)] for side in (here, there)]
        wrong += not may_be_chance(*counts, Sides(600, 600, 300))
    assert wrong <= 0.006 * DRAWS


@pytest.mark.parametrize(
    ("here", "there", "sides"),
    [
        ([10, 0], [10, 19_990], Sides(10, 20_000, 10)),
        ([700, 300], [600, 400], Sides(1_000, 1_000, 0)),
        ([550, 450], [510, 490], Sides(1_000, 1_000, 900)),
    ],
)
def test_a_clear_difference_is_no_chance(here: list[int], there: list[int], sides: Sides) -> None:
    assert not may_be_chance(here, there, sides)


def test_contacts_on_both_sides_make_the_test_sharper() -> None:
    here, there = [550, 450], [510, 490]
    assert may_be_chance(here, there, Sides(1_000, 1_000, 0))
    assert not may_be_chance(here, there, Sides(1_000, 1_000, 900))


def test_one_contact_of_a_rare_value_may_be_chance() -> None:
    assert may_be_chance([1, 9], [10, 19_990], Sides(10, 20_000, 10))


def test_the_more_questions_the_more_is_chance() -> None:
    limits = [most_by_chance(1, of) for of in (1, 10, 100)]
    assert limits == sorted(limits)
    # 10.828 is the chi-square of one degree of freedom that is exceeded in one of a thousand.
    assert limits[0] == pytest.approx(10.828, abs=0.001)
    assert most_by_chance(10) == pytest.approx(29.59, rel=0.01)
    assert math.isfinite(most_by_chance(500))
