"""The members of one group and what each one says about the others."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from segbench.model.rules import Path
from segbench.plan.atoms import Atom
from segbench.plan.encoding import Encoding
from segbench.plan.logic import Logic
from segbench.plan.satisfiability import Literal

MOST_NEAR = 150
"""How many rows about one thing are compared with each other: some ten thousand pairs."""


@dataclass(frozen=True, slots=True, eq=False)
class Member:
    """A row of the group that may hold some contacts and not others."""

    path: Path
    logic: Logic[Atom]
    literal: Literal
    about: frozenset[int]


class Neighbours:
    """The members of a group, compared two by two.

    Each case that was found possible is noted for all members, and saves later questions. `never`
    are the rows that hold nobody and `always` those that hold everyone; `members` are the others.
    """

    def __init__(self, encoding: Encoding, rows: Sequence[tuple[Path, Logic[Atom]]]) -> None:
        self._encoding = encoding
        self._cases: dict[Literal, int] = {}
        self._found = 0
        self._literals: dict[int, list[Literal]] = {}
        members = [
            Member(path, logic, encoding.literal(logic), encoding.subjects(logic))
            for path, logic in rows
        ]
        for member in members:
            for subject in member.about:
                self._literals.setdefault(subject, []).append(member.literal)
        self.never = tuple(m for m in members if self._never((m.literal,), m.about))
        self.always = tuple(m for m in members if self._never((m.literal ^ 1,), m.about))
        settled = {*self.never, *self.always}
        self.members = tuple(member for member in members if member not in settled)
        self.near = self._pairs()

    def implies(self, one: Member, other: Member) -> bool:
        """Whether the other holds whoever the one holds."""
        return self._never((one.literal, other.literal ^ 1), one.about | other.about)

    def excludes(self, one: Member, other: Member) -> bool:
        """Whether nobody is held by both."""
        return self._never((one.literal, other.literal), one.about | other.about)

    def covers(self, one: Member, other: Member) -> bool:
        """Whether everyone is held by one of them."""
        return self._never((one.literal ^ 1, other.literal ^ 1), one.about | other.about)

    def _pairs(self) -> tuple[tuple[Member, Member], ...]:
        """The pairs about something in common, the earlier one first; of very many the first."""
        subjects: dict[int, list[int]] = {}
        for place, member in enumerate(self.members):
            for subject in member.about:
                subjects.setdefault(subject, []).append(place)
        pairs = {
            pair
            for near in subjects.values()
            for pair in itertools.combinations(near[:MOST_NEAR], 2)
        }
        return tuple((self.members[one], self.members[other]) for one, other in sorted(pairs))

    def _never(self, literals: Sequence[Literal], about: frozenset[int]) -> bool:
        cases = self._cases.get(literals[0], 0) & self._cases.get(literals[-1], 0)
        if cases:
            return False
        answer = self._encoding.satisfiable(literals, about)
        if answer:
            self._note(about)
        return answer is False

    def _note(self, about: frozenset[int]) -> None:
        case = 1 << self._found
        self._found += 1
        for subject in about:
            for literal in self._literals[subject]:
                value = self._encoding.solver.value(literal)
                if value is not None:
                    true = literal if value else literal ^ 1
                    self._cases[true] = self._cases.get(true, 0) | case
