"""Counts from memberships themselves, for more questions than a pattern table is good for."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

from segbench.engine.membership import Membership
from segbench.engine.tally import BitTally
from segbench.plan.logic import Logic, fold


class BitTable:
    """Answers what a `PatternTable` does, each number from words of one bit per contact."""

    def __init__(self, members: Mapping[Any, Membership], contacts: int) -> None:
        self._members, self.contacts = dict(members), contacts

    def tally(self) -> BitTally:
        """What counts many numbers together."""
        return BitTally(self._members, self.contacts)

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
