"""Pattern tables: how many contacts have each true/false pattern of some questions.

Every number on a screen is a sum over such a table, whatever the number of contacts, so that
AND/OR, NOT, disabling and reordering never ask the data again.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segbench.engine.membership import Membership
from segbench.plan.logic import Logic, fold

CHUNK = 16
"""Questions coded at once: 2^16 codes still fit a table for counting."""


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
        return int(self.counts[self.holds(logic)].sum())

    def holds(self, logic: Logic[Any]) -> NDArray[np.bool_]:
        """One flag per pattern: whether the logic holds its contacts."""
        flags: NDArray[np.bool_] = fold(logic, self.truth.__getitem__, self._everyone)
        return flags

    def answers(self, questions: tuple[Hashable, ...]) -> bool:
        """Whether the table has all the questions."""
        return all(question in self.truth for question in questions)

    def _everyone(self) -> NDArray[np.bool_]:
        return np.ones(len(self.counts), dtype=np.bool_)


def tabulate(members: Mapping[Any, Membership], contacts: int) -> PatternTable:
    """The pattern table of memberships by question, each over the same `contacts` contacts."""
    questions = list(members)
    truth: dict[Any, NDArray[np.bool_]] = {}
    group: NDArray[np.int64] | None = None
    for start in range(0, len(questions), CHUNK):
        chunk = questions[start : start + CHUNK]
        code = _codes([members[question] for question in chunk], contacts)
        if group is not None:
            code = group * (1 << len(chunk)) + code
        kept, group = _renumber(code)
        before = kept >> len(chunk)
        truth = {question: flags[before] for question, flags in truth.items()}
        for bit, question in enumerate(chunk):
            truth[question] = (kept >> bit & 1).astype(np.bool_)
    if group is None:
        return PatternTable({}, np.array([contacts], dtype=np.int64), contacts)
    counts = np.bincount(group, minlength=len(kept)).astype(np.int64)
    return PatternTable(truth, counts, contacts)


def _codes(members: list[Membership], contacts: int) -> NDArray[np.int64]:
    """One number per contact whose bit k says whether member k holds it."""
    code = np.zeros(contacts, dtype=np.uint16)
    for bit, member in enumerate(members):
        code |= member.flags().view(np.uint8).astype(np.uint16) << np.uint16(bit)
    return code.astype(np.int64)


def _renumber(code: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The distinct codes, ascending, and each contact's place among them."""
    # A table over all codes is the fast way while it is not much larger than the contacts are.
    if code.size and int(code.max()) < max(1 << CHUNK, 4 * code.size):
        seen = np.zeros(int(code.max()) + 1, dtype=np.bool_)
        seen[code] = True
        kept = np.flatnonzero(seen)
        place = np.cumsum(seen) - 1
        return kept, place[code]
    kept, group = np.unique(code, return_inverse=True)
    return kept, group.astype(np.int64)
