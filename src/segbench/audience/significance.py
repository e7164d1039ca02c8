"""Whether two sets of contacts differ by more than chance, by the likelihood-ratio (G) test."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from statistics import NormalDist

BY_CHANCE = 0.001
"""A difference that chance makes in more than one of a thousand cases may be chance."""


@dataclass(frozen=True, slots=True)
class Sides:
    """How many contacts are on each side of a comparison, and how many are on both."""

    here: int
    there: int
    both: int

    @property
    def apart(self) -> bool:
        """Whether somebody is on one side only, and nobody's side is empty."""
        return bool(self.here and self.there) and not self.here == self.there == self.both

    @property
    def factor(self) -> float:
        """By how much the test is sharper since the sides share contacts, who make no difference.

        The shares of two sets drawn apart differ with a variance of p(1-p)(1/n + 1/m); of two that
        share k contacts with p(1-p)(1/n + 1/m - 2k/nm). A part of a whole is such a case too.
        """
        alone = 1 / self.here + 1 / self.there
        return alone / (alone - 2 * self.both / (self.here * self.there))


def may_be_chance(here: Sequence[int], there: Sequence[int], sides: Sides, *, of: int = 1) -> bool:
    """Whether counts of exclusive values may differ as they do by chance alone.

    Each contact has one of the values. `of` is among how many such questions this one was picked.
    """
    if not sides.apart:
        return True
    used = [(a, b) for a, b in zip(here, there, strict=True) if a or b]
    if len(used) < 2:
        return True
    everybody = sides.here + sides.there
    total = 0.0
    for a, b in used:
        share = (a + b) / everybody
        total += _term(a, sides.here * share) + _term(b, sides.there * share)
    return 2 * total * sides.factor <= most_by_chance(len(used) - 1, of)


@cache
def most_by_chance(freedom: int, of: int = 1) -> float:
    """The chi-square that chance exceeds in one of a thousand cases (Wilson and Hilferty)."""
    level = BY_CHANCE / of
    if freedom == 1:
        return NormalDist().inv_cdf(1 - level / 2) ** 2
    part = 2 / (9 * freedom)
    root: float = 1 - part + NormalDist().inv_cdf(1 - level) * math.sqrt(part)
    return freedom * root**3


def _term(count: int, expected: float) -> float:
    return count * math.log(count / expected) if count else 0.0
