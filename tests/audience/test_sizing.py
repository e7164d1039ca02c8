"""Sizes of a split, against values that others published."""

from __future__ import annotations

import pytest

from segbench.audience.sizing import detectable, needed, weakest
from segbench.errors import CampaignError
from segbench.model.campaign_split import HOLD_OUT, Split


@pytest.mark.parametrize(
    ("baseline", "difference", "power", "significance", "size"),
    [
        # R's own example: power.prop.test(p1 = .50, p2 = .75, power = .90) has n = 76.7.
        (0.50, 0.25, 0.90, 0.05, 77),
        # Its sig.level = .05, power = .80 for 10 % against 15 %: n = 685.6 (G*Power: 686).
        (0.10, 0.05, 0.80, 0.05, 686),
        # power.prop.test(p1 = .02, p2 = .025, power = .8): n = 13,808.9.
        (0.02, 0.005, 0.80, 0.05, 13_809),
    ],
)
def test_the_size_is_that_of_published_examples(
    baseline: float, difference: float, power: float, significance: float, size: int
) -> None:
    found = needed(baseline, difference, power=power, significance=significance)
    assert found == size


def test_a_group_twice_as_large_beside_it_needs_fewer_but_not_half() -> None:
    # Fleiss 4.19 with r = 2 for 10 % against 15 % is 525.3.
    one, two = needed(0.10, 0.05), needed(0.10, 0.05, ratio=2)
    assert one / 2 < two < one
    assert two == 526


def test_a_fall_needs_as_many_as_the_same_rise() -> None:
    assert needed(0.15, -0.05) == needed(0.10, 0.05)


@pytest.mark.parametrize("size", [100, 1_000, 50_000])
def test_what_can_be_detected_needs_just_that_many(size: int) -> None:
    found = detectable(0.05, size, size)
    assert found is not None
    assert needed(0.05, found * 1.001) <= size <= needed(0.05, found * 0.999)


def test_tiny_groups_detect_nothing() -> None:
    assert detectable(0.05, 1, 1) is None
    assert detectable(0.05, 0, 100) is None


def test_the_two_smallest_groups_are_judged() -> None:
    split = Split((("A", 45), ("B", 45), (HOLD_OUT, 10)), "s", 0.10, 0.05)
    found = weakest(split, {"A": 4_500, "B": 4_500, HOLD_OUT: 100})
    assert found is not None
    assert (found.first, found.rise) == (HOLD_OUT, detectable(0.10, 100, 4_500))
    assert not found.shows(0.05)
    enough = weakest(split, {"A": 4_500, "B": 4_500, HOLD_OUT: 1_000})
    assert enough is not None
    assert enough.shows(0.05)
    assert weakest(Split((("A", 50), ("B", 50))), {"A": 1, "B": 1}) is None


@pytest.mark.parametrize(
    ("baseline", "difference", "ratio"),
    [(0.5, 0.0, 1), (0.5, 0.5, 1), (1.2, 0.1, 1), (0.1, -0.1, 1), (0.1, 0.1, 0)],
)
def test_what_cannot_be_asked_is_refused(baseline: float, difference: float, ratio: float) -> None:
    with pytest.raises(CampaignError):
        needed(baseline, difference, ratio=ratio)
