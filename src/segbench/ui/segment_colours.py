"""Which colour a segment has: a place in the palette of each theme, with a name to choose by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from segbench.ui.theme import Theme

NAMES: Final = ("Blue", "Orange", "Green", "Pink", "Ochre", "Grey", "Sky", "Violet")
"""The palette's colours, in the order of `Theme.segments`."""


def coloured(theme: Theme, places: Sequence[int]) -> Theme:
    """The theme in which the segment at each position has the colour at that palette place."""
    if not places:
        return theme
    return replace(theme, segments=tuple(theme.segments[at % len(NAMES)] for at in places))


def free_place(taken: Sequence[int]) -> int:
    """The first place of the palette that is taken least often."""
    return min(range(len(NAMES)), key=lambda at: (list(taken).count(at), at))
