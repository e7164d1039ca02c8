"""Splitting a membership into groups by a stable hash: A, B and a hold-out."""

from __future__ import annotations

import hashlib
from collections.abc import Hashable, Iterable, Mapping
from fractions import Fraction
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

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
        cuts = _cuts(edges, len(ranked), _offset(salt, stratum))
        for name, start, end in zip(shares, cuts, cuts[1:], strict=False):
            held[name].extend(ordinal for _, ordinal in ranked[start:end])
    return {name: Membership.of(ordinals, contacts) for name, ordinals in held.items()}


def split_keys(
    ordinals: NDArray[np.int64],
    keys: Iterable[str],
    shares: Mapping[str, float],
    contacts: int,
    *,
    salt: str = "",
) -> dict[str, Membership]:
    """What `split` gives for members of one stratum, in a few bytes a contact.

    `keys` are those of the ordinals, in the same order.
    """
    digests = b"".join(hashlib.md5(f"{salt}\x1f{key}".encode()).digest() for key in keys)
    # Big-endian halves sort as the digests do.
    halves = np.frombuffer(digests, dtype=">u8").reshape(-1, 2)
    ranked = ordinals[np.lexsort((ordinals, halves[:, 1], halves[:, 0]))]
    cuts = _cuts(_edges(shares), len(ranked), _offset(salt, None))
    return {
        name: Membership.of(ranked[start:end], contacts)
        for name, start, end in zip(shares, cuts, cuts[1:], strict=False)
    }


def split_sizes(total: int, shares: Mapping[str, float], *, salt: str = "") -> dict[str, int]:
    """How many of so many members of one stratum `split` puts into each group."""
    cuts = _cuts(_edges(shares), total, _offset(salt, None))
    return {name: end - at for name, at, end in zip(shares, cuts, cuts[1:], strict=False)}


def _cuts(edges: list[Fraction], total: int, offset: Fraction) -> list[int]:
    cuts = [int(edge * total + offset) for edge in edges]
    cuts[0], cuts[-1] = 0, total
    return cuts


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
