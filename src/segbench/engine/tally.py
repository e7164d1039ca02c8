"""Tallies: numbers asked of a table one by one and counted together.

What is to be counted is told by `holds`, whose results know `&`, `|` and `~`, and `total`, which
gives the place of the number among those that `run` returns.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from segbench.engine.membership import Membership, Words
from segbench.plan.logic import Logic, fold

BLOCK = 1 << 14
"""Words taken at once. On two threads it is no faster: each step hands Python's lock over."""
_SUMMED = 3
"""So many blocks' counts of bits, 64 at most, are added in a byte each before they are summed."""
_TOGETHER = 1 << 17


class Tally(Protocol):
    """Asks for numbers and then counts them."""

    contacts: int

    def holds(self, logic: Logic[Any]) -> Any:
        """What the logic holds; knows `&`, `|` and `~`."""

    def total(self, held: Any) -> int:
        """The place of how many contacts that are."""

    def run(self) -> list[int]:
        """The numbers, by place."""


class PatternTally:
    """Over patterns: what holds is one bit a pattern in a whole number of any length."""

    def __init__(self, masks: Mapping[Any, int], counts: NDArray[np.int64], contacts: int) -> None:
        self.contacts, self._masks, self._counts = contacts, masks, counts
        self._wanted: list[int] = []

    def holds(self, logic: Logic[Any]) -> int:
        """What the logic holds; all bits of -1 are set."""
        found: int = fold(logic, self._masks.__getitem__, lambda: -1)
        return found

    def total(self, held: int) -> int:
        """The place of how many contacts that are."""
        self._wanted.append(held)
        return len(self._wanted) - 1

    def run(self) -> list[int]:
        """The numbers, by place."""
        patterns = len(self._counts)
        size, everyone = -(-patterns // 8), (1 << patterns) - 1
        packed = b"".join((held & everyone).to_bytes(size, "little") for held in self._wanted)
        rows = np.frombuffer(packed, np.uint8).reshape(len(self._wanted), size)
        flags = np.unpackbits(rows, axis=1, count=patterns, bitorder="little")
        if flags.size > _TOGETHER:
            return [int(self._counts @ row) for row in flags]
        # Whole numbers are exact in floats up to 2**53, and only floats have a fast product.
        return (flags.astype(np.float64) @ self._counts).astype(np.int64).tolist()  # type: ignore[no-any-return]


class Bits:
    """A step of a `BitTally`."""

    __slots__ = ("place", "tally")

    def __init__(self, tally: BitTally, place: int) -> None:
        self.tally, self.place = tally, place

    def __and__(self, other: Bits) -> Bits:
        return self.tally.step(np.bitwise_and, self.place, other.place)

    def __or__(self, other: Bits) -> Bits:
        return self.tally.step(np.bitwise_or, self.place, other.place)

    def __invert__(self) -> Bits:
        return self.tally.step(np.bitwise_xor, self.place, self.tally.everyone)


class BitTally:
    """Over memberships: steps over packed words, each done once, some words at a time."""

    everyone = 0

    def __init__(self, members: Mapping[Any, Membership], contacts: int) -> None:
        self.contacts = contacts
        self._inputs = [Membership.everyone(contacts)]
        self._leaves: dict[Any, Bits] = {}
        self._members = members
        self._steps: dict[tuple[np.ufunc, int, int], Bits] = {}
        self._order: list[int] = []

    def holds(self, logic: Logic[Any]) -> Bits:
        """What the logic holds."""
        found: Bits = fold(logic, self._leaf, lambda: Bits(self, self.everyone))
        return found

    def step(self, operation: np.ufunc, one: int, other: int) -> Bits:
        """The result of an operation, the same one for the same operands."""
        key = (operation, min(one, other), max(one, other))
        if key not in self._steps:
            self._steps[key] = Bits(self, -1 - len(self._steps))
        return self._steps[key]

    def total(self, held: Bits) -> int:
        """The place of how many contacts that are."""
        self._order.append(held.place)
        return len(self._order) - 1

    def run(self) -> list[int]:
        """The numbers, by place."""
        counted = {place: 0 for place in self._order if place < 0}
        inputs = [members.words for members in self._inputs]
        results = np.empty((len(self._steps), BLOCK), np.uint64)
        ones = {place: np.empty(BLOCK, np.uint8) for place in counted}
        spare, words = np.empty(BLOCK, np.uint8), len(inputs[0])
        for start in range(0, words, _SUMMED * BLOCK):
            end = min(start + _SUMMED * BLOCK, words)
            for first in range(start, end, BLOCK):
                here = [each[first : min(first + BLOCK, end)] for each in inputs]
                size = len(here[0])
                # Negative places count from the end: the first step is the last of the list.
                registers = [*here, *(each[:size] for each in results)]
                self._work(registers, ones, spare[:size], fresh=first == start)
            for place, each in ones.items():
                counted[place] += int(np.add.reduce(each[: end - start], dtype=np.uint32))
        return [counted[place] if place < 0 else len(self._inputs[place]) for place in self._order]

    def _leaf(self, question: Any) -> Bits:
        if question not in self._leaves:
            self._leaves[question] = Bits(self, len(self._inputs))
            self._inputs.append(self._members[question])
        return self._leaves[question]

    def _work(
        self,
        registers: list[Words],
        ones: Mapping[int, NDArray[np.uint8]],
        spare: NDArray[np.uint8],
        *,
        fresh: bool,
    ) -> None:
        """Do the steps for one block, and add what is to be counted to the `ones` of each word."""
        size = len(spare)
        for place, (operation, one, other) in enumerate(self._steps, 1):
            result = operation(registers[one], registers[other], out=registers[-place])
            if -place not in ones:
                continue
            if fresh:
                np.bitwise_count(result, out=ones[-place][:size])
            else:
                held = ones[-place][:size]
                np.add(held, np.bitwise_count(result, out=spare), out=held)
