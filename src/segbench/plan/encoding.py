"""Logic and the facts about its atoms as clauses over numbers, ready to be searched."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, assert_never

from segbench.plan.atoms import Atom
from segbench.plan.logic import AllOf, AnyOf, Everyone, Leaf, Logic, Not, Nothing, atoms
from segbench.plan.occurrences import Implies
from segbench.plan.satisfiability import STEPS, Literal, Solver
from segbench.plan.theory import facts


class Encoding:
    """A solver that knows some logic: each part has a literal that is true where the part is.

    `steps` is what all searches together may cost; with none left every answer is None.
    """

    def __init__(self, known: Iterable[Logic[Any]], implies: Implies, steps: int = STEPS) -> None:
        self.solver = Solver()
        self.steps = steps
        self.variables: dict[Atom, Literal] = {}
        self._parts: dict[int, tuple[Logic[Any], Literal]] = {}
        self._about: dict[int, tuple[Logic[Any], frozenset[int]]] = {}
        self._wholes: dict[frozenset[Literal], Literal] = {}
        self._above: list[int] = []
        self._true = self._variable()
        self.solver.add((self._true,))
        for atom in dict.fromkeys(atom for logic in known for atom in atoms(logic)):
            self.atom(atom)
        for clause in facts(tuple(self.variables), implies):
            literals = [self.atom(atom) ^ (not true) for atom, true in clause]
            for literal in literals[1:]:
                self._above[self._root(literal >> 1)] = self._root(literals[0] >> 1)
            self.solver.add(literals)
        self._subjects: dict[int, list[int]] = {}
        for literal in self.variables.values():
            self._subjects.setdefault(self._root(literal >> 1), []).append(literal >> 1)

    def atom(self, atom: Atom) -> Literal:
        """The literal of an atom."""
        literal = self.variables.get(atom)
        if literal is None:
            literal = self.variables[atom] = self._variable()
        return literal

    def literal(self, logic: Logic[Any]) -> Literal:
        """The literal of logic over atoms that are known."""
        found = self._parts.get(id(logic))
        if found is None:
            # The logic is kept, so that nothing else can take its id.
            found = self._parts[id(logic)] = (logic, self._encoded(logic))
        return found[1]

    def subjects(self, logic: Logic[Any]) -> frozenset[int]:
        """What the logic is about; logic about different things is independent."""
        found = self._about.get(id(logic))
        if found is None:
            about = frozenset(self._root(self.variables[atom] >> 1) for atom in atoms(logic))
            found = self._about[id(logic)] = (logic, about)
        return found[1]

    def possible(self, logics: Sequence[Logic[Any]]) -> bool | None:
        """Whether some contact may be held by all of them; None where that was not settled."""
        about = frozenset[int]().union(*map(self.subjects, logics))
        return self.satisfiable([self.literal(logic) for logic in logics], about)

    def satisfiable(self, literals: Sequence[Literal], about: Iterable[int]) -> bool | None:
        """Whether the literals of logic about these subjects can be true together."""
        if self.steps <= 0:
            return None
        among = [variable for subject in about for variable in self._subjects[subject]]
        answer = self.solver.solve(literals, among, self.steps)
        self.steps = self.solver.steps_left
        return answer

    def model(self) -> dict[Atom, bool]:
        """The atoms that the last search settled, and how."""
        values = {atom: self.solver.value(literal) for atom, literal in self.variables.items()}
        return {atom: value for atom, value in values.items() if value is not None}

    def _encoded(self, logic: Logic[Any]) -> Literal:
        match logic:
            case Everyone():
                return self._true
            case Nothing():
                return self._true ^ 1
            case Leaf(atom):
                return self.variables[atom]
            case Not(inner):
                return self.literal(inner) ^ 1
            case AllOf(parts):
                return self._all([self.literal(part) for part in parts])
            case AnyOf(parts):
                return self._all([self.literal(part) ^ 1 for part in parts]) ^ 1
            case _:
                assert_never(logic)

    def _all(self, literals: Sequence[Literal]) -> Literal:
        """The literal of all of these, the same one in whatever order they come."""
        parts = frozenset(literals)
        whole = self._wholes.get(parts)
        if whole is None:
            whole = self._wholes[parts] = self._variable()
            for each in parts:
                self.solver.add((whole ^ 1, each))
            self.solver.add((whole, *(each ^ 1 for each in parts)))
        return whole

    def _variable(self) -> Literal:
        literal = self.solver.literal()
        self._above.append(literal >> 1)
        return literal

    def _root(self, variable: int) -> int:
        above = self._above
        while above[variable] != variable:
            above[variable] = above[above[variable]]
            variable = above[variable]
        return variable
