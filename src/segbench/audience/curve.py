"""Curves: what a segment would hold if one number of one of its rows were another."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from segbench.audience.dial import Dial, Number, turned_row
from segbench.audience.reachability import Reach
from segbench.engine.local import LocalEngine
from segbench.engine.membership import Membership
from segbench.engine.number_levels import cut_points
from segbench.engine.spans import Span, span_of
from segbench.errors import RuleError
from segbench.model.rules import Group, Path, Rule
from segbench.model.tree import node_at
from segbench.plan.atoms import Atom
from segbench.plan.logic import Everyone, Logic, Not, Nothing, all_of, any_of, complement
from segbench.plan.lower import Plan

if TYPE_CHECKING:
    import pandas as pd

MOST_CUTS = 200
"""A bound is looked at so many of the numbers that contacts have."""


@dataclass(frozen=True)
class Curve:
    """The contacts of a segment for each number that a dial may be set to, all exact.

    `reachable` are those of the `totals` that e-mail reaches; None where that cannot be told, and
    `why` says why not. `otherwise` are the totals with another row in that one's place, by name;
    `own` is the name of the one that means what the row itself does, "" where none does.
    """

    dial: Dial
    numbers: tuple[Number, ...]
    totals: tuple[int, ...]
    reachable: tuple[int, ...] | None
    why: str = ""
    otherwise: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    own: str = ""

    @property
    def now(self) -> int:
        """The place of the number that is set."""
        return self.numbers.index(self.dial.now)

    @property
    def beside(self) -> int:
        """The place to compare the present one with; the same where there is no other.

        Twice the window, else half of it; one time more, else one less; a bound that a twentieth of
        the looked at numbers lies further.
        """
        last, now = len(self.numbers) - 1, self.now
        match self.dial.what:
            case "window":
                wanted = 2 * self.dial.now
                if wanted > self.numbers[last]:
                    wanted = max(1, self.dial.now // 2)
                return min(range(last + 1), key=lambda at: abs(self.numbers[at] - wanted))
            case "times":
                return now + 1 if now < last else max(now - 1, 0)
            case "bound":
                step = max(1, last // 20)
                return now + step if now + step <= last else max(now - step, 0)

    @property
    def steepest(self) -> int | None:
        """The place after which the total changes most; None where it never does."""
        steps = np.abs(np.diff(self.totals))
        return int(steps.argmax()) if len(steps) and steps.any() else None

    def to_frame(self) -> pd.DataFrame:
        """One line a number: it, `matching`, `reachable` where known, then the other rows'."""
        import pandas as pd

        columns: dict[str, Sequence[Number]] = {
            self.dial.unit or self.dial.what: self.numbers,
            "matching": self.totals,
        }
        if self.reachable is not None:
            columns["reachable"] = self.reachable
        return pd.DataFrame(columns | dict(self.otherwise))


def curve(
    root: Group,
    dial: Dial,
    plan: Plan,
    lowered: Callable[[Rule], Logic[Atom]],
    engine: LocalEngine,
    reach: Reach,
    otherwise: Mapping[str, Rule] | None = None,
) -> Curve:
    """What the tree holds for each number of the dial, in one pass over the contacts.

    `plan` is the tree's own; `lowered` makes the logic of a row, its own NOT included. The rows in
    `otherwise` are turned alike in the place of the dial's.
    """
    row = node_at(root, dial.path)
    if isinstance(row, Group) or dial.path not in plan.nodes:
        raise RuleError("This row is switched off, so its number changes nothing.")
    numbers = _numbers(dial, engine)
    whole, without = (
        engine.members(around(root, plan, dial.path, each)) for each in (Everyone(), Nothing())
    )
    everybody = Membership.everyone(engine.contacts)
    among = [everybody] if reach.members is None else [everybody, reach.members]

    def counted(each: Rule) -> list[tuple[int, ...]]:
        logics = [lowered(turned_row(each, dial.what, number)) for number in numbers]
        # A row that holds all but an interval of positions: the two sets change places.
        against = all(isinstance(logic, Not) for logic in logics)
        if against:
            logics = [complement(logic) for logic in logics]
        span = span_of(logics, engine, rising=dial.widens)
        return _totals(span, *((without, whole) if against else (whole, without)), among)

    totals, *reachable = counted(row)
    others = {name: counted(each)[0] for name, each in (otherwise or {}).items()}
    return Curve(dial, numbers, totals, reachable[0] if reachable else None, reach.why, others)


def around(root: Group, plan: Plan, path: Path, instead: Logic[Atom]) -> Logic[Atom]:
    """The logic of the tree with other logic in the place of the node at the path."""
    while path:
        path, place = path[:-1], path[-1]
        group = node_at(root, path)
        assert isinstance(group, Group)
        places = ((at, (*path, at)) for at in range(len(group.rules)))
        members = [
            instead if at == place else plan.nodes[child]
            for at, child in places
            if child in plan.nodes
        ]
        instead = all_of(members) if group.combinator == "and" else any_of(members)
        instead = complement(instead) if group.negated else instead
    return instead


def _numbers(dial: Dial, engine: LocalEngine) -> tuple[Number, ...]:
    if dial.what != "bound":
        return dial.places
    found = {*cut_points(dial.unit, engine.columns, MOST_CUTS)}
    # What is set stays as it is written: 18 is not 18.0 in a row.
    return tuple(sorted({*found} - {dial.now} | {dial.now}))


def _totals(
    span: Span, inside: Membership, outside: Membership, among: Sequence[Membership]
) -> list[tuple[int, ...]]:
    """How many the tree holds at each position, of each of `among`.

    It holds those of `inside` where the span holds them, and those of `outside` where it does not.
    """
    gained, lost = inside - outside, outside - inside
    counts = span.counts([gained, lost, *among])
    patterns = np.arange(counts.shape[1])
    weight = (patterns & 1) - (patterns >> 1 & 1)
    found = []
    for bit, each in enumerate(among, 2):
        change = counts @ (weight * (patterns >> bit & 1))
        found.append(tuple((len(outside & each) + change).tolist()))
    return found
