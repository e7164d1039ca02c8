"""Round numbers for an axis of shares."""

from __future__ import annotations


def round_shares(most: float, count: float) -> list[float]:
    """At most so many round shares, from 0 up to the largest one that is not above `most`."""
    steps = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5)
    step = next((step for step in steps if most / step <= max(count - 1, 1)), 0.5)
    return [round(step * at, 6) for at in range(int(min(most, 1) / step + 1e-9) + 1)]
