"""How many contacts a split needs to show a difference between two rates, and what it can show.

The normal approximation for two independent proportions with a pooled variance under the null
hypothesis: J. L. Fleiss, B. Levin, M. C. Paik, Statistical Methods for Rates and Proportions, 3rd
edition (2003), equations 4.14 (equal groups) and 4.19 (a ratio), two-sided, without a correction
for continuity. It is what R's `power.prop.test` computes for equal groups.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from statistics import NormalDist

from segbench.errors import CampaignError
from segbench.model.campaign_split import HOLD_OUT, Split

_NORMAL = NormalDist()


def needed(
    baseline: float,
    difference: float,
    *,
    power: float = 0.8,
    significance: float = 0.05,
    ratio: float = 1.0,
) -> int:
    """How many contacts the first of two groups needs; the other has `ratio` times as many.

    Rates are shares of 1: from `baseline` to `baseline + difference`. `CampaignError` where a
    number cannot be.
    """
    _require(baseline, difference, power, significance, ratio)
    return math.ceil(round(_size(baseline, difference, power, significance, ratio), 6))


def detectable(
    baseline: float, first: int, second: int, *, power: float = 0.8, significance: float = 0.05
) -> float | None:
    """The smallest rise of the rate that groups of these sizes show; None where they show none."""
    if first < 1 or second < 1:
        return None
    ratio, low, high = second / first, 0.0, 1 - baseline - 1e-9
    if _size(baseline, high, power, significance, ratio) > first:
        return None
    for _ in range(60):
        middle = (low + high) / 2
        if _size(baseline, middle, power, significance, ratio) > first:
            low = middle
        else:
            high = middle
    return high


@dataclass(frozen=True, slots=True)
class Weakest:
    """The two groups of a split that show least, and the smallest rise that they show.

    `rise` is None where they show none. The `first` has the baseline rate: the hold-out, where it
    is one of them.
    """

    first: str
    second: str
    rise: float | None

    def shows(self, difference: float) -> bool:
        """Whether they show a rise of that much."""
        return self.rise is not None and self.rise <= difference


def weakest(split: Split, sizes: Mapping[str, int]) -> Weakest | None:
    """The two groups that show least; None where the split does not say what it is to show."""
    if not split.difference:
        return None
    pair = min(
        combinations(split.names, 2),
        key=lambda pair: 1 / (1 / max(sizes[pair[0]], 0.5) + 1 / max(sizes[pair[1]], 0.5)),
    )
    first, second = sorted(pair, key=lambda name: name != HOLD_OUT)
    rise = detectable(
        split.baseline,
        sizes[first],
        sizes[second],
        power=split.power,
        significance=split.significance,
    )
    return Weakest(first, second, rise)


def _size(p1: float, difference: float, power: float, significance: float, r: float) -> float:
    p2 = p1 + difference
    if not difference:
        return math.inf
    pooled = (p1 + r * p2) / (r + 1)
    chance = _NORMAL.inv_cdf(1 - significance / 2) * math.sqrt((r + 1) * pooled * (1 - pooled))
    miss = _NORMAL.inv_cdf(power) * math.sqrt(max(0.0, r * p1 * (1 - p1) + p2 * (1 - p2)))
    return (chance + miss) ** 2 / (r * difference**2)


def _require(
    baseline: float, difference: float, power: float, significance: float, ratio: float
) -> None:
    if not 0 <= baseline < 1 or not 0 < baseline + difference < 1 or not difference:
        raise CampaignError(
            "The baseline rate and the difference to detect are shares of 1 that add up to between "
            "0 and 1, such as 0.02 and 0.005."
        )
    if not 0 < power < 1 or not 0 < significance < 1:
        raise CampaignError("Power and significance lie between 0 and 1.")
    if not 0 < ratio < math.inf:
        raise CampaignError("One group is more than 0 times as large as the other.")
