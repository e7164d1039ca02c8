"""Counts from memberships themselves, for more questions than a pattern table is good for."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from typing import Any

from segbench.engine.membership import WORD, Membership
from segbench.plan.logic import Logic, fold

BLOCK = 1 << 20


class BitTable:
    """Answers what a `PatternTable` does, each number from words of one bit per contact."""

    def __init__(self, members: Mapping[Any, Membership], contacts: int) -> None:
        self._members, self.contacts = dict(members), contacts

    def blocks(self) -> Iterator[BitTable]:
        """The table in parts whose words stay in a processor's cache, `BLOCK` contacts each."""
        for start in range(0, max(self.contacts, 1), BLOCK):
            here = min(BLOCK, self.contacts - start)
            words = slice(start // WORD, -(-(start + here) // WORD))
            parts = {
                question: Membership(members.words[words], here)
                for question, members in self._members.items()
            }
            yield BitTable(parts, here)

    def count(self, logic: Logic[Any]) -> int:
        """How many contacts the logic holds; its atoms must be among the questions."""
        return self.total(self.holds(logic))

    def total(self, members: Membership) -> int:
        """How many contacts the membership has."""
        return len(members)

    def holds(self, logic: Logic[Any]) -> Membership:
        """The contacts that the logic holds."""
        found: Membership = fold(
            logic, self._members.__getitem__, lambda: Membership.everyone(self.contacts)
        )
        return found

    def answers(self, questions: tuple[Hashable, ...]) -> bool:
        """Whether all the questions are among the memberships."""
        return all(question in self._members for question in questions)
