"""What the contacts of the demo CRM say they are interested in: a list, as untidy as the rest."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

INTERESTS = (
    "Running", "Hiking", "Travel", "Yoga", "Cycling", "Camping", "Sale", "Fashion", "Climbing",
    "Photography", "Après-ski", "Fishing", "Trail running", "Sustainability",
)  # fmt: skip
"""Every interest, from the most common on."""

_ODD = ("running ", "HIKING", "Apre\u0300s-ski", "", " ")
"""How a few are typed in instead, the last two being nothing at all."""


def draw_interests(rng: np.random.Generator, n: int) -> pa.Array:
    """A list for each of `n` contacts: null for those never asked, empty for those without any."""
    shares = [0.45 / (rank + 0.5) for rank in range(1, len(INTERESTS) + 1)]
    has = rng.random((n, len(INTERESTS))) < np.minimum(shares, 0.35)
    asked = rng.random(n) < 0.7
    has &= asked[:, np.newaxis]
    _, word = np.nonzero(has)
    odd = rng.random(len(word)) < 0.01
    word = np.where(odd, len(INTERESTS) + rng.integers(0, len(_ODD), len(word)), word)
    items = pa.array([*INTERESTS, *_ODD], pa.string()).take(pa.array(word))
    ends = np.concatenate([[0], np.cumsum(has.sum(axis=1))]).astype(np.int32)
    # A list without a start is null.
    offsets = pa.array(ends, mask=np.concatenate([~asked, [False]]))
    return pa.ListArray.from_arrays(offsets, items)
