"""What an engine can do, whatever it runs on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol

from segbench.engine.bit_table import BitTable
from segbench.engine.membership import Membership
from segbench.engine.patterns import PatternTable
from segbench.plan.atoms import Atom
from segbench.plan.logic import Logic


class Engine(Protocol):
    """Answers logic over the contacts of one snapshot."""

    @property
    def contacts(self) -> int:
        """How many contacts the snapshot has."""

    def patterns(self, atoms: Iterable[Atom]) -> PatternTable | BitTable:
        """What counts any logic over the atoms."""

    def members(self, logic: Logic[Any]) -> Membership:
        """The contacts that the logic holds."""
