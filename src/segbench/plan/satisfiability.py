"""Whether clauses can be true together: conflict-driven search that learns, with bounded steps."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence

Literal = int
"""A variable `v` as `2 * v`, its complement as `2 * v + 1`."""
STEPS = 1_000_000
"""How many clauses a search may look at before it gives up: about a second."""


class Solver:
    """Clauses over variables, asked again and again under different assumptions."""

    def __init__(self) -> None:
        self.sound = True
        self._values: list[bool | None] = []
        self._watches: list[list[list[Literal]]] = []
        self._reasons: list[list[Literal] | None] = []
        self._levels: list[int] = []
        self._activity: list[float] = []
        self._phases: list[Literal] = []
        self._trail: list[Literal] = []
        self._limits: list[int] = []
        self._head = 0
        self.steps_left = 0
        self._bump = 1.0
        self._waiting: list[tuple[float, int]] = []
        self._among: set[int] = set()

    def literal(self) -> Literal:
        """A new variable's positive literal."""
        variable = len(self._levels)
        self._values += (None, None)
        self._watches += ([], [])
        self._reasons.append(None)
        self._levels.append(0)
        self._activity.append(0.0)
        self._phases.append(2 * variable + 1)
        return 2 * variable

    def add(self, literals: Iterable[Literal]) -> None:
        """One more clause: at least one of the literals is true."""
        self._back(0)
        values = self._values
        clause = list(dict.fromkeys(literals))
        if any(values[each] or each ^ 1 in clause for each in clause):
            return
        clause = [each for each in clause if values[each] is None]
        if not clause:
            self.sound = False
        elif len(clause) == 1:
            self._set(clause[0], None)
        else:
            self._watch(clause)

    def solve(
        self,
        assumptions: Sequence[Literal] = (),
        among: Iterable[int] | None = None,
        steps: int = STEPS,
    ) -> bool | None:
        """Whether all clauses and assumptions can be true; None where the steps ran out.

        Only the variables of `among` are decided: the others must follow from them, or be free of
        them. Where the answer is yes, `value` tells the values found.
        """
        self._back(0)
        self.steps_left = steps
        self.sound = self.sound and self._propagate() is None
        if not self.sound:
            return False
        self._among = set(range(len(self._levels)) if among is None else among)
        self.steps_left -= len(self._among)
        self._waiting = [(-self._activity[variable], variable) for variable in self._among]
        heapq.heapify(self._waiting)
        return self._search(assumptions)

    def value(self, literal: Literal) -> bool | None:
        """The value found by the last search, if it found one."""
        return self._values[literal]

    def _search(self, assumptions: Sequence[Literal]) -> bool | None:
        while True:
            conflict = self._propagate()
            if self.steps_left <= 0:
                return None
            if conflict is not None:
                if not self._limits:
                    self.sound = False
                    return False
                self._learn(conflict)
                continue
            decided = self._decision(assumptions)
            if decided is None or decided is False:
                return decided is None
            self._limits.append(len(self._trail))
            if self._values[decided] is None:
                self._set(decided, None)

    def _decision(self, assumptions: Sequence[Literal]) -> Literal | bool | None:
        """What to try next; None where all is decided, False where an assumption is false."""
        if len(self._limits) < len(assumptions):
            wanted = assumptions[len(self._limits)]
            return False if self._values[wanted] is False else wanted
        while self._waiting:
            _, variable = heapq.heappop(self._waiting)
            if self._values[2 * variable] is None:
                return self._phases[variable]
        return None

    def _propagate(self) -> list[Literal] | None:
        """Sets what follows; the clause that cannot be true, if there is one."""
        values, trail = self._values, self._trail
        while self._head < len(trail):
            false = trail[self._head] ^ 1
            self._head += 1
            watching = self._watches[false]
            kept: list[list[Literal]] = []
            self._watches[false] = kept
            self.steps_left -= len(watching) + 1
            for position, clause in enumerate(watching):
                if clause[0] == false:
                    clause[0], clause[1] = clause[1], false
                first = clause[0]
                if values[first] or not self._moved(clause):
                    kept.append(clause)
                    if values[first] is False:
                        kept.extend(watching[position + 1 :])
                        return clause
                    if values[first] is None:
                        self._set(first, clause)
        return None

    def _moved(self, clause: list[Literal]) -> bool:
        """Whether the second watch could go to a literal that is not false."""
        for place in range(2, len(clause)):
            if self._values[clause[place]] is not False:
                clause[1], clause[place] = clause[place], clause[1]
                self._watches[clause[1]].append(clause)
                return True
        return False

    def _learn(self, conflict: list[Literal]) -> None:
        """Adds the clause that says why, and goes back to where it says something new."""
        clause, back = self._reason_of(conflict)
        self._back(back)
        if len(clause) > 1:
            self._watch(clause)
        self._set(clause[0], clause if len(clause) > 1 else None)
        self._bump *= 1.05
        if self._bump > 1e100:
            self._activity = [each / 1e100 for each in self._activity]
            self._bump /= 1e100

    def _reason_of(self, conflict: list[Literal]) -> tuple[list[Literal], int]:
        """The first point through which all of this level's reasons go, with what else it took."""
        seen: set[int] = set()
        others: list[Literal] = []
        here, pending, place = len(self._limits), 0, len(self._trail)
        reason, pivot = conflict, -1
        while True:
            for each in reason:
                variable = each >> 1
                if each == pivot or variable in seen or self._levels[variable] == 0:
                    continue
                seen.add(variable)
                self._activity[variable] += self._bump
                if self._levels[variable] == here:
                    pending += 1
                else:
                    others.append(each)
            while True:
                place -= 1
                pivot = self._trail[place]
                if pivot >> 1 in seen:
                    break
            pending -= 1
            if pending == 0:
                break
            reason = self._reasons[pivot >> 1] or []
        others.sort(key=lambda each: -self._levels[each >> 1])
        return [pivot ^ 1, *others], self._levels[others[0] >> 1] if others else 0

    def _watch(self, clause: list[Literal]) -> None:
        self._watches[clause[0]].append(clause)
        self._watches[clause[1]].append(clause)

    def _set(self, literal: Literal, reason: list[Literal] | None) -> None:
        variable = literal >> 1
        self._values[literal], self._values[literal ^ 1] = True, False
        self._reasons[variable], self._levels[variable] = reason, len(self._limits)
        self._phases[variable] = literal
        self._trail.append(literal)

    def _back(self, level: int) -> None:
        if len(self._limits) <= level:
            return
        start = self._limits[level]
        for literal in self._trail[start:]:
            self._values[literal] = self._values[literal ^ 1] = None
            variable = literal >> 1
            if variable in self._among:
                heapq.heappush(self._waiting, (-self._activity[variable], variable))
        del self._trail[start:], self._limits[level:]
        self._head = start
