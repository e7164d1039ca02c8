"""What is certain about logic whatever the data: the same contacts, nobody, everyone.

Proven is certain. Refuted is certain too: a contact was made up and `judge` said that it tells the
two apart. Anything else is undecided, and a question for the data.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Any

from segbench.plan.atoms import Atom
from segbench.plan.encoding import Encoding
from segbench.plan.logic import Everyone, Logic, Nothing, all_of, any_of, complement
from segbench.plan.satisfiability import STEPS
from segbench.plan.witness import Witness, witnesses

Judge = Callable[[Logic[Any], Witness], bool]
"""Whether the logic holds a contact that is all alone; the reference engine is meant."""
WHERE_STEPS = 20_000


class Verdict(Enum):
    """How a claim stands."""

    PROVEN = "proven"
    REFUTED = "refuted"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Proof:
    """How a claim stands, why in a sentence, and for a refuted one a contact that shows it."""

    verdict: Verdict
    reason: str
    witness: Witness | None = None

    @property
    def proven(self) -> bool:
        """Whether the claim holds for every contact there can be."""
        return self.verdict is Verdict.PROVEN


def equivalent(a: Logic[Atom], b: Logic[Atom], judge: Judge | None = None) -> Proof:
    """Whether both always hold the same contacts."""
    return _never(lambda: any_of((all_of((a, complement(b))), all_of((complement(a), b)))), judge)


def implies(a: Logic[Atom], b: Logic[Atom], judge: Judge | None = None) -> Proof:
    """Whether every contact that `a` holds is held by `b`."""
    return _never(lambda: all_of((a, complement(b))), judge)


def contradiction(a: Logic[Atom], judge: Judge | None = None) -> Proof:
    """Whether `a` can hold nobody."""
    return _never(lambda: a, judge)


def tautology(a: Logic[Atom], judge: Judge | None = None) -> Proof:
    """Whether `a` holds everyone."""
    return _never(lambda: complement(a), judge)


@lru_cache(maxsize=4096)
def where_implies(a: Logic[Any], b: Logic[Any]) -> bool:
    """Whether it is certain that events or contacts that `a` holds are held by `b`."""
    if a == b or isinstance(a, Nothing) or isinstance(b, Everyone):
        return True
    if isinstance(a, Everyone) and isinstance(b, Nothing):
        return False
    parts = (a, complement(b))
    return Encoding(parts, where_implies, WHERE_STEPS).possible(parts) is False


def _never(made: Callable[[], Logic[Atom]], judge: Judge | None) -> Proof:
    try:
        return _refuted_or_proven(made(), judge)
    except RecursionError:
        return Proof(Verdict.UNDECIDED, "Not proven: the rules are nested too deep. Ask the data.")


def _refuted_or_proven(logic: Logic[Atom], judge: Judge | None) -> Proof:
    encoding = Encoding((logic,), where_implies, STEPS)
    answer = encoding.possible((logic,))
    if answer is False:
        return Proof(Verdict.PROVEN, "It follows from what the rules say, whatever the data.")
    if answer is None:
        return Proof(Verdict.UNDECIDED, "Not proven: too many cases. Ask the data.")
    if judge is not None:
        for witness in witnesses(encoding.model()):
            if judge(logic, witness):
                return Proof(Verdict.REFUTED, "There can be a contact that shows it.", witness)
    return Proof(Verdict.UNDECIDED, "Not proven: ask the data.")
