"""How the values of one field are divided in a profile; counted among two sets of contacts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from segbench.audience.profile import NO_VALUE, OTHER
from segbench.audience.scale import Part, Scale
from segbench.engine.encoded import Codes, missing, numbers_of
from segbench.engine.field_column import FieldColumn
from segbench.engine.histogram import count_values, numbers_among, values_of
from segbench.engine.membership import Membership
from segbench.model.rules import FieldRule, RuleOrGroup

LISTED = 10
"""How many values of a text field, a list or of the tags a profile shows: the most frequent."""
Counted = tuple[Part, int, int]
"""A part of a field's values, and how many have it on either side."""
Ask = Callable[[RuleOrGroup], Membership]
"""Who a rule holds; what was asked before is known, as far as there is room for it."""


class Division(Protocol):
    """The values of one field; counts them among two sets of contacts."""

    def count(self, here: Membership, there: Membership, ask: Ask) -> Sequence[Counted]:
        """How many contacts on each side have each value."""
        ...


@dataclass(frozen=True)
class TextDivision:
    """A text field: `folds` says for each of its values which of `spellings` it is compared as."""

    field: str
    column: FieldColumn
    folds: NDArray[np.int64]
    spellings: tuple[str, ...]

    def count(self, here: Membership, there: Membership, _: Ask) -> Sequence[Counted]:
        """The most frequent values on either side, the others together, and no value."""
        a, b = self._counts(here), self._counts(there)
        shares = np.maximum(a / max(len(here), 1), b / max(len(there), 1))
        order = [int(at) for at in np.argsort(-shares, kind="stable") if shares[at]]
        shown = order if len(order) <= LISTED + 1 else order[:LISTED]
        words = [self.spellings[at] for at in shown]
        rules = [FieldRule(self.field, "is_any_of", (word,)) for word in words]
        found = [
            (Part(word, rule), int(a[at]), int(b[at]))
            for at, word, rule in zip(shown, words, rules, strict=True)
        ]
        none = FieldRule(self.field, "is_none_of", tuple(words), unknown="exclude")
        rest, others = (int(side.sum() - side[shown].sum()) for side in (a, b))
        empty = Part(NO_VALUE, FieldRule(self.field, "is_empty"))
        found.append((Part(OTHER, none), rest, others))
        return [*found, (empty, len(here) - int(a.sum()), len(there) - int(b.sum()))]

    def _counts(self, members: Membership) -> NDArray[np.int64]:
        found = np.zeros(len(self.spellings) + 1, np.int64)
        np.add.at(found, self.folds, count_values(self.column, members))
        return found[:-1]


@dataclass(frozen=True)
class ScaleDivision:
    """A field of numbers, days, moments or yes and no, cut by a scale."""

    field: str
    column: FieldColumn
    scale: Scale

    def count(self, here: Membership, there: Membership, _: Ask) -> Sequence[Counted]:
        """Each part, and no value."""
        a, b = self._counts(here), self._counts(there)
        empty = Part(NO_VALUE, FieldRule(self.field, "is_empty"))
        parts = zip(self.scale.parts, a.tolist(), b.tolist(), strict=True)
        return [*parts, (empty, len(here) - int(a.sum()), len(there) - int(b.sum()))]

    def _counts(self, members: Membership) -> NDArray[np.int64]:
        total = np.zeros(len(self.scale.parts), np.int64)
        for numbers, counts in each_number(self.column, members):
            total += self.scale.count(numbers, counts)
        return total


@dataclass(frozen=True)
class SetDivision:
    """Values that are asked for as the sets of contacts that have each; `most` are shown."""

    parts: tuple[Part, ...]
    most: int

    def count(self, here: Membership, there: Membership, ask: Ask) -> Sequence[Counted]:
        """The most frequent values on either side."""
        asked = ((part, ask(part.rule)) for part in self.parts)
        found = [(part, len(here & held), len(there & held)) for part, held in asked]
        sizes = max(len(here), 1), max(len(there), 1)
        found.sort(key=lambda one: -max(one[1] / sizes[0], one[2] / sizes[1]))
        return found[: self.most]


def each_number(
    column: FieldColumn, members: Membership
) -> Iterator[tuple[NDArray[Any], NDArray[np.int64] | None]]:
    """The known numbers of the members, or different ones and how many members have each.

    Days count from 1970, moments are microseconds since then, yes is 1 and no is 0.
    """
    if isinstance(column.encoded, Codes):
        numbers = _as_numbers(values_of(column))
        counts = count_values(column, members)
        known = _known(numbers) & (counts > 0)
        yield numbers[known], counts[known]
        return
    for numbers in numbers_among(column, members):
        yield numbers[_known(numbers)], None


def _as_numbers(values: pa.ChunkedArray) -> NDArray[Any]:
    if pa.types.is_date32(values.type):
        values = values.cast(pa.int32()).cast(pa.int64())
    elif pa.types.is_boolean(values.type):
        values = values.cast(pa.int64())
    numbers = numbers_of(values)
    if numbers is None:
        # A number that says that there is none would be taken for no value.
        return np.array([np.nan if v is None else float(v) for v in values.to_pylist()])
    return numbers


def _known(numbers: NDArray[Any]) -> NDArray[np.bool_]:
    none = np.isnan(numbers) if numbers.dtype.kind == "f" else numbers == missing(numbers.dtype)
    known: NDArray[np.bool_] = ~none
    return known
