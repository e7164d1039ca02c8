"""Levels of a bound that moves over a field of numbers, and where it can be put."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segbench.engine.columns import Columns
from segbench.engine.cube import Levels
from segbench.engine.encoded import missing
from segbench.model.moments import Bounds
from segbench.plan.atoms import Atom, Within

LARGEST = 2**63 - 1


def number_levels(growing: Sequence[Atom], columns: Columns) -> Levels | None:
    """For each contact the first of the atoms that is true of it.

    The atoms must ask whether the number of one field is above bounds that fall, or below ones that
    rise; None where they do not.
    """
    asked = [atom for atom in growing if isinstance(atom, Within) and atom.type == "number"]
    if not asked or len(asked) < len(growing) or len({atom.field for atom in asked}) > 1:
        return None
    edges = _edges([atom.bounds for atom in asked])
    if edges is None:
        return None
    numbers = columns.numbers(asked[0].field)
    return None if numbers is None else _levels(numbers, *edges)


def cut_points(field: str, columns: Columns, most: int) -> tuple[int | float, ...]:
    """Up to `most` of the numbers that contacts have in a field, rising.

    All of them where there are so few, else those at equal shares of the contacts that have one;
    never an infinite one.
    """
    numbers = columns.numbers(field)
    if numbers is None:
        return ()
    known = numbers[np.isfinite(numbers) & (numbers != missing(numbers.dtype))]
    known.sort()
    if not len(known):
        return ()
    kept = known[np.append(True, known[1:] != known[:-1])]
    if len(kept) > most:
        kept = np.unique(known[np.linspace(0, len(known) - 1, most).round().astype(np.int64)])
    return tuple(kept.tolist())


def _edges(bounds: Sequence[Bounds]) -> tuple[list[Any], bool, bool] | None:
    """The edges as they come, whether they are low ones, and whether they are left out."""
    lows, highs = [each.low for each in bounds], [each.high for each in bounds]
    if None not in lows and set(highs) == {None} and len({b.low_open for b in bounds}) == 1:
        return (lows, True, bounds[0].low_open) if _falls(lows) else None
    if None not in highs and set(lows) == {None} and len({b.high_open for b in bounds}) == 1:
        return (highs, False, bounds[0].high_open) if _falls(highs[::-1]) else None
    return None


def _falls(edges: Sequence[Any]) -> bool:
    return all(one > other for one, other in pairwise(edges))


def _levels(numbers: NDArray[Any], edges: list[Any], low: bool, is_open: bool) -> Levels | None:
    if numbers.dtype.kind == "i":
        # Beside floats whole numbers become floats, and large ones the same float.
        whole = [_whole(edge, up=low != is_open) for edge in edges]
        if None in whole:
            return None
        edges = whole
    none = np.isnan(numbers) if numbers.dtype.kind == "f" else numbers == missing(numbers.dtype)
    if low:
        rising = np.array(edges[::-1], numbers.dtype)
        found = len(edges) - np.searchsorted(rising, numbers, "left" if is_open else "right")
    else:
        rising = np.array(edges, numbers.dtype)
        found = np.searchsorted(rising, numbers, "right" if is_open else "left")
    levels: Levels = found.astype(np.uint16)
    levels[none] = len(edges)
    return levels


def _whole(edge: float, *, up: bool) -> int | None:
    """The whole number that means the same to whole numbers; None of one beyond the 64-bit ones."""
    if not math.isfinite(edge):
        return None
    found = math.ceil(edge) if up else math.floor(edge)
    return found if abs(found) <= LARGEST else None
