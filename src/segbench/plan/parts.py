"""Facts about atoms that ask for one of some values: values that no atom tells apart are one."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from segbench.plan.atoms import Atom
from segbench.plan.lines import Clause

V = TypeVar("V", bound=Hashable)
Signature = tuple[Hashable, ...]
MOST_CLASSES = 2_000
"""With more classes of values than this, they are not told apart."""


def classes(signatures: Mapping[V, Signature]) -> dict[Signature, list[V]]:
    """The values by what is the same of them; empty where there are too many classes."""
    found: dict[Signature, list[V]] = {}
    for value, signature in signatures.items():
        found.setdefault(signature, []).append(value)
        if len(found) > MOST_CLASSES:
            return {}
    return found


def members(sets: Sequence[Iterable[V]]) -> dict[V, tuple[int, ...]]:
    """For each value the numbers of the sets that have it."""
    found: dict[V, list[int]] = {}
    for number, each in enumerate(sets):
        for value in each:
            found.setdefault(value, []).append(number)
    return {value: tuple(numbers) for value, numbers in found.items()}


def exclusive(
    make: Callable[[list[V]], Atom], parts: Sequence[list[V]]
) -> tuple[list[Atom], list[Clause]]:
    """One atom for each part, at most one of which is true, and the facts that say so.

    A tree of halves says it with few clauses; the last atom is the root's: any of the values.
    """
    clauses: list[Clause] = []
    leaves = [make(part) for part in parts]
    floor = list(zip(leaves, parts, strict=True))
    while len(floor) > 1:
        above: list[tuple[Atom, list[V]]] = []
        for (left, some), (right, more) in zip(floor[::2], floor[1::2], strict=False):
            both = [*some, *more]
            node = make(both)
            clauses += (
                ((left, False), (right, False)),
                ((left, False), (node, True)),
                ((right, False), (node, True)),
                ((node, False), (left, True), (right, True)),
            )
            above.append((node, both))
        floor = above + (floor[-1:] if len(floor) % 2 else [])
    return [*leaves, *(root for root, _ in floor)], clauses


def union_of(atom: Atom, parts: Iterable[Atom]) -> Iterator[Clause]:
    """The atom is true where one of the parts is, and only there."""
    each = dict.fromkeys(parts)
    for part in each:
        if part != atom:
            yield (part, False), (atom, True)
    if atom not in each:
        yield ((atom, False), *((part, True) for part in each))
