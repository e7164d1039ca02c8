"""How a campaign's recipients are split, and what the split is to detect."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from segbench.errors import CampaignError

MOST_GROUPS = 10
LONGEST_GROUP = 40
HOLD_OUT = "hold-out"
"""The group of that name is not sent to: it shows what happens without the campaign."""


@dataclass(frozen=True, slots=True)
class Split:
    """Groups with their shares in per cent, drawn by a hash of `seed` and each contact's key.

    `baseline` is the rate that is expected without the campaign's change (0.05 is 5 in a hundred)
    and `difference` the change in it that should be seen, in the same unit; both 0 where nobody
    said. `power` is the chance to see it where it is there, `significance` that of seeing one where
    there is none.
    """

    shares: tuple[tuple[str, float], ...]
    seed: str = ""
    baseline: float = 0.0
    difference: float = 0.0
    power: float = 0.8
    significance: float = 0.05

    def __post_init__(self) -> None:
        object.__setattr__(self, "shares", _shares(self.shares))
        if not isinstance(self.seed, str) or len(self.seed) > 120 or not _printable(self.seed):
            raise CampaignError("The seed of a split is a text of up to 120 printable characters.")
        for name in ("baseline", "difference", "power", "significance"):
            object.__setattr__(self, name, _rate(name, getattr(self, name)))
        if not 0 < self.power < 1 or not 0 < self.significance < 1:
            raise CampaignError("Power and significance lie between 0 and 1.")
        if bool(self.baseline) != bool(self.difference):
            raise CampaignError("Give both the baseline rate and the difference to detect.")
        if self.baseline + self.difference >= 1:
            raise CampaignError("The baseline rate and the difference add up to less than 1.")

    @property
    def names(self) -> tuple[str, ...]:
        """The groups in their order."""
        return tuple(name for name, _ in self.shares)


def _shares(given: object) -> tuple[tuple[str, float], ...]:
    pairs = given.items() if isinstance(given, Mapping) else given
    try:
        found = [(" ".join(str(name).split()), _share(share)) for name, share in pairs]  # type: ignore[attr-defined]
    except (TypeError, ValueError):
        raise CampaignError("A split is names with their shares, such as A=50, B=50.") from None
    if not 2 <= len(found) <= MOST_GROUPS:
        raise CampaignError(f"A split has 2 to {MOST_GROUPS} groups, not {len(found)}.")
    names = [name.casefold() for name, _ in found]
    for name, share in found:
        if not name or len(name) > LONGEST_GROUP or not _printable(name):
            raise CampaignError(f"A group of a split is called by 1 to {LONGEST_GROUP} characters.")
        if names.count(name.casefold()) > 1:
            raise CampaignError(f"A split has the group {name!r} twice.")
        if not 0 < share < 100:
            raise CampaignError(f"The share of {name!r} is more than 0 and less than 100 per cent.")
    total = sum(Fraction(str(share)) for _, share in found)
    if total != 100:
        raise CampaignError(f"The shares of a split add up to 100 per cent, not {float(total):g}.")
    return tuple((HOLD_OUT if n.casefold() == HOLD_OUT else n, share) for n, share in found)


def _share(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError(value)
    return float(value)


def _rate(name: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < 1:
        raise CampaignError(f"The {name} of a split is a number from 0 to 1, such as 0.05.")
    return float(value)


def _printable(text: str) -> bool:
    return not text or text.isprintable()
