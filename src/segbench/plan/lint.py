"""What is odd in a tree by logic alone: rows that contradict, repeat or imply each other."""

from __future__ import annotations

from collections.abc import Iterator

from segbench.model.check import Issue
from segbench.model.rules import Group, Path
from segbench.model.tree import walk
from segbench.plan.atoms import ItemIs, TextIs
from segbench.plan.encoding import Encoding
from segbench.plan.logic import atoms, complement
from segbench.plan.lower import Plan
from segbench.plan.neighbours import Member, Neighbours
from segbench.plan.proof import where_implies
from segbench.plan.satisfiability import Literal

LINT_STEPS = 300_000
"""What all questions about one tree may cost: about a third of a second."""

MOST_NODES = 300
MOST_VALUES = 2_000
"""Larger trees, and longer lists, are not looked through: 990 rows took half a minute."""


def logical_issues(root: Group, plan: Plan) -> tuple[Issue, ...]:
    """Warnings about rows and groups that count, in reading order.

    Each one is certain. Where the work would take too long, or the logic is nested too deep, some
    or all are left out.
    """
    if len(plan.nodes) > MOST_NODES or _values(plan) > MOST_VALUES:
        return ()
    try:
        return _logical_issues(root, plan)
    except RecursionError:
        return ()


def _values(plan: Plan) -> int:
    """How many values all lists of texts have together."""
    found = {atom for logic in plan.nodes.values() for atom in atoms(logic)}
    return sum(len(atom.values) for atom in found if isinstance(atom, (TextIs, ItemIs)))


def _logical_issues(root: Group, plan: Plan) -> tuple[Issue, ...]:
    nodes = {path: node for path, node in walk(root) if path in plan.nodes}
    encoding = Encoding(plan.nodes.values(), where_implies, LINT_STEPS)
    found = [
        issue
        for path, node in nodes.items()
        if isinstance(node, Group)
        for issue in _group_issues(path, node, plan, encoding)
    ]
    order = {path: place for place, path in enumerate(nodes)}
    return tuple(sorted(found, key=lambda issue: order[issue.path]))


def _group_issues(path: Path, group: Group, plan: Plan, encoding: Encoding) -> Iterator[Issue]:
    rows = [
        ((*path, place), plan.nodes[(*path, place)])
        for place in range(len(group.rules))
        if (*path, place) in plan.nodes
    ]
    around = Neighbours(encoding, rows)
    yield from _row_issues(group, around)
    if not (around.never if group.combinator == "and" else around.always):
        yield from _settled_issues(path, group, plan, encoding, around)
    single = dict.fromkeys(around.members)
    for member, first in _repeats(around):
        single.pop(member, None)
        is_same = member.literal == first.literal
        same = "repeats" if is_same else "always holds the same contacts as"
        yield _warning(member.path, "repeated", f"{_row(member.path)} {same} {_other(first)}.")
    yield from _needless_issues(group, around, single)


def _row_issues(group: Group, around: Neighbours) -> Iterator[Issue]:
    """The rows that are settled themselves; of a group its own rows tell."""
    for rows, code, what in (
        (around.never, "contradiction", "can never be true"),
        (around.always, "always-true", "is always true"),
    ):
        for member in rows:
            if not isinstance(group.rules[member.path[-1]], Group):
                yield _warning(member.path, code, f"{_row(member.path)} {what}.")


def _settled_issues(
    path: Path, group: Group, plan: Plan, encoding: Encoding, around: Neighbours
) -> Iterator[Issue]:
    """Whether the rows settle the group, though none of them is settled itself."""
    both = around.excludes if group.combinator == "and" else around.covers
    pair = next((pair for pair in around.near if both(*pair)), None)
    logic = plan.nodes[path]
    inner = complement(logic) if group.negated else logic
    never = group.combinator == "and"
    if pair is not None:
        names = f"{_row(pair[0].path)} and {_other(pair[1])}"
        why = f"{names} exclude each other" if never else f"{names} together hold everyone"
    elif encoding.possible((inner if never else complement(inner),)) is False:
        why = "Its rows exclude each other" if never else "Its rows together hold everyone"
    else:
        return
    if group.negated:
        why += ", and the group is negated"
    if never is group.negated:
        yield _warning(path, "always-true", f"{why}: this group is always true.")
    else:
        yield _warning(path, "contradiction", f"{why}: this group can never be true.")


def _repeats(around: Neighbours) -> Iterator[tuple[Member, Member]]:
    """Each row that is the same as an earlier one, with the first such."""
    firsts: dict[Literal, Member] = {}
    seen: set[Member] = set()
    for member in around.members:
        first = firsts.setdefault(member.literal, member)
        if first is not member:
            seen.add(member)
            yield member, first
    for first, second in around.near:
        if first in seen or second in seen:
            continue
        if around.implies(first, second) and around.implies(second, first):
            seen.add(second)
            yield second, first


def _needless_issues(
    group: Group, around: Neighbours, single: dict[Member, None]
) -> Iterator[Issue]:
    """Rows that change nothing beside another one."""
    wider: dict[Member, list[Member]] = {member: [] for member in single}
    for first, second in around.near:
        if first in single and second in single:
            for narrow, wide in ((first, second), (second, first)):
                if around.implies(narrow, wide):
                    wider[narrow].append(wide)
    if group.combinator == "and":
        implied = {wide: narrow for narrow, of in reversed(wider.items()) for wide in of}
        for wide, narrow in implied.items():
            message = f"{_row(wide.path)} adds nothing: {_other(narrow)} implies it."
            yield _warning(wide.path, "implied", message)
        return
    for widest in single:
        others = [member for member in single if member != widest]
        if len(others) > 1 and all(widest in wider[member] for member in others):
            message = (
                f"{_row(widest.path)} holds everyone that the other rows hold: they add nobody."
            )
            yield _warning(widest.path, "wide-or", message)
            return
    for narrow, of in wider.items():
        if of:
            message = f"{_row(narrow.path)} adds nobody: it implies {_other(of[0])}."
            yield _warning(narrow.path, "implied", message)


def _warning(path: Path, code: str, message: str) -> Issue:
    return Issue(path, "warning", code, message)


def _row(path: Path) -> str:
    return f"Row {'.'.join(str(place + 1) for place in path)}"


def _other(member: Member) -> str:
    return _row(member.path).lower()
