"""How a count compares with what chance would give, in words."""

from __future__ import annotations

from segbench.ui.wording import SPACE


def times(lift: float) -> str:
    """A factor with two figures, such as `2.9 ×`; `0 ×` only where it is exact."""
    if not lift:
        text = "0"
    elif lift < 0.01:
        text = "under 0.01"
    elif lift < 1:
        text = f"{lift:.2f}"
    else:
        text = f"{lift:.1f}" if lift < 9.95 else f"{lift:,.0f}"
    return f"{text}{SPACE}×"


def rounded(expected: float) -> str:
    """About how many contacts chance gives: whole, below 10 with one decimal."""
    if 0 < expected < 0.05:
        return "under 0.1"
    return f"{expected:.1f}" if expected < 9.95 else f"{expected:,.0f}"


def surplus(deviation: float) -> str:
    """How many more or fewer than by chance, with its sign: `+310`, `−42`, `±0`."""
    whole = round(deviation)
    sign = "+" if whole > 0 else "\N{MINUS SIGN}" if whole < 0 else "±"
    return f"{sign}{abs(whole):,}"
