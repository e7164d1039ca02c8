"""Pattern tables: how many contacts have each true/false pattern of some questions.

Every number on a screen is a sum over such a table, whatever the number of contacts, so that
AND/OR, NOT, disabling and reordering never ask the data again.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segbench.engine.codes import MOST, each_codes
from segbench.engine.membership import Membership
from segbench.engine.tally import PatternTally
from segbench.plan.logic import Logic, fold


class PatternTable:
    """The patterns in use over `questions` (atoms, or names of segments) and their counts.

    `truth[q]` is one flag per pattern, `counts` the contacts per pattern; they sum to `contacts`.
    """

    def __init__(
        self, truth: Mapping[Any, NDArray[np.bool_]], counts: NDArray[np.int64], contacts: int
    ) -> None:
        self.truth, self.counts, self.contacts = dict(truth), counts, contacts

    def __len__(self) -> int:
        return len(self.counts)

    def count(self, logic: Logic[Any]) -> int:
        """How many contacts the logic holds; its atoms must be among the questions."""
        return self.total(self.holds(logic))

    def total(self, flags: NDArray[np.bool_]) -> int:
        """How many contacts have the patterns that are flagged."""
        return int(self.counts @ flags)

    def holds(self, logic: Logic[Any]) -> NDArray[np.bool_]:
        """One flag per pattern: whether the logic holds its contacts."""
        flags: NDArray[np.bool_] = fold(logic, self.truth.__getitem__, self._everyone)
        return flags

    def answers(self, questions: tuple[Hashable, ...]) -> bool:
        """Whether the table has all the questions."""
        return all(question in self.truth for question in questions)

    def tally(self) -> PatternTally:
        """What counts many numbers together."""
        return PatternTally(self._masks, self.counts, self.contacts)

    @cached_property
    def _masks(self) -> dict[Any, int]:
        packed = {q: np.packbits(flags, bitorder="little") for q, flags in self.truth.items()}
        return {q: int.from_bytes(bits.tobytes(), "little") for q, bits in packed.items()}

    def _everyone(self) -> NDArray[np.bool_]:
        return np.ones(len(self.counts), dtype=np.bool_)


def tabulate(members: Mapping[Any, Membership], contacts: int) -> PatternTable:
    """The pattern table of memberships by question, each over the same `contacts` contacts."""
    questions = list(members)
    if not questions:
        return PatternTable({}, np.array([contacts], dtype=np.int64), contacts)
    if len(questions) <= MOST:
        return _counted(members, contacts)
    truth: dict[Any, NDArray[np.bool_]] = {}
    group: NDArray[np.int64] | None = None
    for start in range(0, len(questions), MOST):
        chunk = questions[start : start + MOST]
        parts = list(each_codes([members[question] for question in chunk], contacts))
        code = np.concatenate([*parts, np.empty(0, np.uint16)]).astype(np.int64)
        if group is not None:
            code += group << len(chunk)
        kept, group = _renumber(code)
        before = kept >> len(chunk)
        truth = {question: flags[before] for question, flags in truth.items()}
        truth |= _bits(chunk, kept)
    assert group is not None
    return PatternTable(truth, np.bincount(group, minlength=len(kept)), contacts)


def _counted(members: Mapping[Any, Membership], contacts: int) -> PatternTable:
    """The table of few memberships, whose codes are counted as they come."""
    size = 1 << len(members)
    counts = np.zeros(size, dtype=np.int64)
    for codes in each_codes(list(members.values()), contacts):
        counts += np.bincount(codes, minlength=size)
    kept = np.flatnonzero(counts)
    return PatternTable(_bits(list(members), kept), counts[kept], contacts)


def _bits(questions: list[Any], codes: NDArray[np.int64]) -> dict[Any, NDArray[np.bool_]]:
    """What each code says of every question."""
    return {question: (codes >> bit & 1).astype(np.bool_) for bit, question in enumerate(questions)}


def _renumber(code: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The distinct codes, ascending, and each contact's place among them."""
    # A table over all codes is the fast way while it is not much larger than the contacts are.
    if code.size and int(code.max()) < max(1 << MOST, 4 * code.size):
        seen = np.zeros(int(code.max()) + 1, dtype=np.bool_)
        seen[code] = True
        kept = np.flatnonzero(seen)
        place = np.cumsum(seen) - 1
        return kept, place[code]
    kept, group = np.unique(code, return_inverse=True)
    return kept, group.astype(np.int64)
