"""Splitting a membership into groups by a stable hash: A, B and a hold-out."""

from __future__ import annotations

import hashlib
from collections.abc import Hashable, Iterable, Mapping
from fractions import Fraction
from itertools import accumulate

from segbench.engine.membership import Membership
from segbench.errors import RuleError

MOST_GROUPS = 100


def split(
    members: Iterable[tuple[int, str, Hashable]],
    shares: Mapping[str, float],
    contacts: int,
    *,
    salt: str = "",
) -> dict[str, Membership]:
    """The members in groups, each its share of every stratum, exact to one contact.

    `members` gives ordinal, key and stratum (the same for all where there is one only). `shares`
    are per cent by name and add up to 100. Within a stratum contacts are ordered by a hash of salt
    and key, so the same contacts fall into the same groups on every machine, whatever their order.
    """
    edges = _edges(shares)
    strata: dict[Hashable, list[tuple[str, int]]] = {}
    for ordinal, key, stratum in members:
        digest = hashlib.md5(f"{salt}\x1f{key}".encode()).hexdigest()
        strata.setdefault(stratum, []).append((digest, ordinal))
    held: dict[str, list[int]] = {name: [] for name in shares}
    for stratum in sorted(strata, key=repr):
        ranked = sorted(strata[stratum])
        # Where the rounding falls is drawn for each stratum: else small ones all favour one group.
        offset = _offset(salt, stratum)
        cuts = [int(edge * len(ranked) + offset) for edge in edges]
        cuts[0], cuts[-1] = 0, len(ranked)
        for name, start, end in zip(shares, cuts, cuts[1:], strict=False):
            held[name].extend(ordinal for _, ordinal in ranked[start:end])
    return {name: Membership.of(ordinals, contacts) for name, ordinals in held.items()}


def _edges(shares: Mapping[str, float]) -> list[Fraction]:
    if not 1 < len(shares) <= MOST_GROUPS:
        raise RuleError(f"A split has 2 to {MOST_GROUPS} groups, not {len(shares)}.")
    for name, share in shares.items():
        if isinstance(share, bool) or not isinstance(share, (int, float)) or not 0 < share < 100:
            raise RuleError(
                f"The share of {name!r} must be more than 0 and less than 100 per cent."
            )
    parts = [Fraction(str(share)) / 100 for share in shares.values()]
    if sum(parts) != 1:
        total = float(sum(parts) * 100)
        raise RuleError(f"The shares of a split add up to 100 per cent, not {total:g}.")
    return [Fraction(0), *accumulate(parts)]


def _offset(salt: str, stratum: Hashable) -> Fraction:
    digest = hashlib.md5(f"{salt}\x1fstratum\x1f{stratum!r}".encode()).hexdigest()
    return Fraction(int(digest[:8], 16), 2**32)
