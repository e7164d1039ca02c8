"""Why so few: what each row of a segment costs, and the same rows with the steepest step first."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from segbench.audience.evaluation import Evaluation, Table
from segbench.audience.explain import Step, Waterfall
from segbench.engine.tally import Tally
from segbench.model.rules import Combinator, Group
from segbench.plan.atoms import Atom
from segbench.plan.logic import Logic, all_of, any_of, complement
from segbench.plan.lower import Plan


@dataclass(frozen=True, slots=True)
class RowCost:
    """What one row of the outermost group does; all numbers are contacts.

    `step` is its step in row order. `only_here` is how far the segment's count is from `without`,
    the count with this row switched off. `otherwise` is the count if just this row were joined to
    the others with OR instead of AND, or the reverse; None where it is the only one.
    """

    step: Step
    without: int
    only_here: int
    otherwise: int | None


@dataclass(frozen=True)
class Narrowing:
    """The rows' costs, and the waterfall in row order and with the steepest step first.

    `swapped` is the count if AND were OR between all rows, or the reverse; None of a single row.
    """

    rows: tuple[RowCost, ...]
    falls: Waterfall
    steepest: Waterfall
    swapped: int | None

    @property
    def decisive(self) -> RowCost | None:
        """The row whose absence changes the count most; None where no single one changes it."""
        most = max(self.rows, key=lambda row: row.only_here, default=None)
        return most if most is not None and most.only_here else None


def narrowing(
    root: Group, plan: Plan, table: Table, evaluation: Evaluation, falls: Waterfall
) -> Narrowing:
    """What each row does; the table must answer the plan's atoms, `falls` are in row order."""
    run = _Run(root, plan, table, falls)
    steps = run.steps
    counts = run.counts([*map(run.otherwise, range(len(steps))), run.swapped()])
    rows = []
    for at, step in enumerate(steps):
        without = evaluation.nodes[step.path].without
        otherwise = counts[at] if len(steps) > 1 else None
        rows.append(RowCost(step, without, abs(without - evaluation.total), otherwise))
    swapped = counts[-1] if len(steps) > 1 else None
    return Narrowing(tuple(rows), falls, run.steepest(), swapped)


class _Run:
    """One look at the rows of one group."""

    def __init__(self, root: Group, plan: Plan, table: Table, falls: Waterfall) -> None:
        self.root, self.table, self.falls = root, table, falls
        self.steps = [step for step in falls.steps if step.path]
        self.rows = [plan.nodes[step.path] for step in self.steps]

    @cached_property
    def other(self) -> Combinator:
        return "or" if self.root.combinator == "and" else "and"

    def counts(self, wanted: list[Logic[Atom]]) -> list[int]:
        tally: Tally = self.table.tally()
        places = [tally.total(tally.holds(logic)) for logic in wanted]
        numbers = tally.run()
        return [numbers[place] for place in places]

    def otherwise(self, at: int) -> Logic[Atom]:
        """The segment with the row at that place joined to all others the other way."""
        others = _joined(self.root.combinator, [*self.rows[:at], *self.rows[at + 1 :]])
        return self._turned(_joined(self.other, [others, self.rows[at]]))

    def swapped(self) -> Logic[Atom]:
        return self._turned(_joined(self.other, self.rows))

    def steepest(self) -> Waterfall:
        """The steps, each time with the row next that changes the count most; ties in order."""
        level = self.falls.contacts if self.root.combinator == "and" else 0
        waiting = list(zip(self.steps, self.rows, strict=True))
        taken: list[Logic[Atom]] = []
        steps: list[Step] = []
        while waiting:
            joined = [_joined(self.root.combinator, [*taken, row]) for _, row in waiting]
            lefts = self.counts(joined)
            at = max(range(len(waiting)), key=lambda at: (abs(lefts[at] - level), -at))
            step, row = waiting.pop(at)
            taken.append(row)
            steps.append(replace(step, left=lefts[at], change=lefts[at] - level))
            level = lefts[at]
        turned = (step for step in self.falls.steps if not step.path)
        steps += [replace(step, change=step.left - level) for step in turned]
        return replace(self.falls, steps=tuple(steps))

    def _turned(self, logic: Logic[Atom]) -> Logic[Atom]:
        return complement(logic) if self.root.negated else logic


def _joined(combinator: Combinator, parts: list[Logic[Atom]]) -> Logic[Atom]:
    return all_of(parts) if combinator == "and" else any_of(parts)
