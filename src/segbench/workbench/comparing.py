"""Two segments compared: their rules, whether they hold the same contacts, and why not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from segbench.audience.comparison import Line, Reasons, aligned, deciding, row_words
from segbench.engine.membership import Membership
from segbench.errors import RuleError
from segbench.model.describe import phrase
from segbench.model.rules import Group, Path, RuleOrGroup, as_group
from segbench.plan.lower import Plan
from segbench.workbench.reasoning import Sameness

if TYPE_CHECKING:
    import pandas as pd

    from segbench.workbench.workbench import Workbench

NOBODY = Reasons()


@dataclass(frozen=True)
class Comparison:
    """Two segments beside each other.

    `sameness` has the counts and the proof; None where one cannot be evaluated: `problem` says
    why. `first_only` and `second_only` say why contacts are in that one alone.
    """

    first: str
    second: str
    lines: tuple[Line, ...]
    sameness: Sameness | None = None
    first_only: Reasons = NOBODY
    second_only: Reasons = NOBODY
    problem: str = ""

    def to_frame(self) -> pd.DataFrame:
        """One row per line of the rules."""
        import pandas as pd

        rows = [(line.state, line.depth, line.first, line.second) for line in self.lines]
        return pd.DataFrame(rows, columns=["state", "depth", "first", "second"])


def compare_segments(
    workbench: Workbench,
    first: RuleOrGroup,
    second: RuleOrGroup,
    *,
    names: tuple[str, str] = ("the first", "the second"),
) -> Comparison:
    """Two segments compared over the present data; one that cannot be evaluated is told of."""
    one, other = as_group(first), as_group(second)
    lines = aligned(one, other, workbench.wording)
    plans: list[Plan] = []
    for name, root in zip(names, (one, other), strict=True):
        try:
            plans.append(workbench.plan(root))
        except RuleError as error:
            problem = f"“{name}” cannot be evaluated any more. {error}"
            return Comparison(*names, lines, problem=problem)
    sameness = workbench.compare(one, other)
    left, right = (workbench.engine.members(plan.root) for plan in plans)
    return Comparison(
        *names,
        lines,
        sameness,
        _reasons(workbench, left - right, (one, plans[0]), (other, plans[1])),
        _reasons(workbench, right - left, (other, plans[1]), (one, plans[0])),
    )


def _reasons(
    workbench: Workbench,
    contacts: Membership,
    inside: tuple[Group, Plan],
    outside: tuple[Group, Plan],
) -> Reasons:
    """Why contacts are in one segment and not in the other one."""
    if not contacts:
        return NOBODY
    root, plan = outside
    rows = dict(_rows(workbench, root, plan))
    ways = dict(_rows(workbench, *inside)) if _is_any(inside[0]) else {}
    let_in = deciding(contacts, ways)
    if _is_any(root) or len(rows) == 0:
        return Reasons(len(contacts), (), len(rows), let_in)
    failing = {path: (words, ~held) for path, (words, held) in rows.items()}
    return Reasons(len(contacts), deciding(contacts, failing), 0, let_in)


def _is_any(root: Group) -> bool:
    """Whether any one of the group's rows lets a contact in."""
    return (root.combinator == "or") is not root.negated


def _rows(
    workbench: Workbench, root: Group, plan: Plan
) -> Iterator[tuple[Path, tuple[str, Membership]]]:
    """The rows of a segment and who meets each; those of a negated one are met by all others."""
    for at, node in enumerate(root.rules):
        if (at,) not in plan.nodes:
            continue
        words = phrase(node, workbench.wording) or row_words(node, workbench.wording)
        held = workbench.engine.members(plan.nodes[(at,)])
        yield (at,), ((f"not ({words})", ~held) if root.negated else (words, held))
