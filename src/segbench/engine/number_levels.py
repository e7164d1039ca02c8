"""Levels of a bound that moves over a field of numbers, and where it can be put."""

from __future__ import annotations

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


def _levels(numbers: NDArray[Any], edges: list[Any], low: bool, is_open: bool) -> Levels:
    whole = all(isinstance(edge, int) and abs(edge) <= LARGEST for edge in edges)
    dtype = np.int64 if whole and numbers.dtype.kind == "i" else np.float64
    none = np.isnan(numbers) if numbers.dtype.kind == "f" else numbers == missing(numbers.dtype)
    compared = numbers.astype(dtype, copy=False)
    if low:
        rising = np.array(edges[::-1], dtype)
        found = len(edges) - np.searchsorted(rising, compared, "left" if is_open else "right")
    else:
        found = np.searchsorted(np.array(edges, dtype), compared, "right" if is_open else "left")
    levels: Levels = found.astype(np.uint16)
    levels[none] = len(edges)
    return levels
