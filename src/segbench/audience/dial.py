"""Dials: the numbers of a segment's rows that can be turned to see what would come of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from segbench.errors import RuleError
from segbench.model.edit import put
from segbench.model.prebuilt import with_defaults
from segbench.model.rules import EventRule, FieldRule, Group, Params, Path, PrebuiltRule, Rule
from segbench.model.tree import node_at, walk
from segbench.model.windows import Last, Unit

What = Literal["window", "times", "bound"]
Number = int | float
CAN = (
    "What can be turned: the length of a window “in the last …” of an event or of “engaged”, "
    "“at least” or “at most” so many times of an event, and the bound of a number "
    "(at least, at most, greater than, less than)."
)
MOST_OF: dict[Unit, int] = {
    "minutes": 120,
    "hours": 168,
    "days": 365,
    "weeks": 104,
    "months": 36,
    "years": 10,
}
MOST_TIMES = 50
_FAR = 50
"""So many places lead from the usual ones to a number that lies beyond them."""
_LEAST = ("did", "at_least")
_TIMES = (*_LEAST, "did_not", "at_most")
_BOUNDS = {"at_least": False, "greater_than": False, "at_most": True, "less_than": True}


@dataclass(frozen=True, slots=True)
class Dial:
    """One number of the row at `path`, whose operator is `op`: what it is, and where it is now.

    `unit` is that of a window, the field of a bound, else empty. `places` are the whole numbers
    that it is looked at, rising; none of a bound, whose places are in the data. `widens` says that
    a larger number lets more in: a longer window, a higher upper bound.
    """

    path: Path
    op: str
    what: What
    now: Number
    unit: str
    places: tuple[int, ...]
    widens: bool


def dials(root: Group, counts: Iterable[Path]) -> tuple[Dial, ...]:
    """All that can be turned in the rows that count, in reading order."""
    known = set(counts)
    return tuple(
        dial
        for path, node in walk(root)
        if path in known and not isinstance(node, Group)
        for dial in _dials(path, node)
    )


def turned(root: Group, dial: Dial, number: Number) -> Group:
    """The tree with the number in its place."""
    row = node_at(root, dial.path)
    assert not isinstance(row, Group)
    return put(root, dial.path, turned_row(row, dial.what, number))


def turned_row(row: Rule, what: What, number: Number) -> Rule:
    """The row with another length of its window, another count or another bound."""
    match row, what:
        case EventRule(window=Last() as window), "window":
            return replace(row, window=replace(window, amount=int(number)))
        case PrebuiltRule(), "window":
            return replace(row, params=Params({**row.params, "days": int(number)}))
        case EventRule(op="did"), "times" if number == 1:
            return row
        case EventRule(op="did_not"), "times" if number == 0:
            return row
        case EventRule(op=op), "times" if op in _TIMES:
            least = "at_least" if op in _LEAST else "at_most"
            return replace(row, op=least, values=(int(number),))
        case FieldRule(), "bound":
            return replace(row, values=(number,))
        case _:
            raise RuleError(CAN)


def _dials(path: Path, row: Rule) -> Iterable[Dial]:
    match row:
        case EventRule():
            window, op = row.window, row.op
            # How many zones differ depends on the number of months: no two numbers are alike.
            local = row.clock == "contact" and getattr(window, "unit", "") in ("months", "years")
            if isinstance(window, Last) and window.unit in MOST_OF and not local:
                yield _window(path, op, window.amount, window.unit)
            if op in _TIMES:
                first = int(op in _LEAST)
                times = row.values[0] if row.values else int(op == "did")
                if times >= first:
                    places = _with(range(first, MOST_TIMES + 1), times)
                    yield Dial(path, op, "times", times, "", places, False)
        case PrebuiltRule(prebuilt="engaged", op="is_in"):
            yield _window(path, row.op, int(with_defaults(row)["days"]), "days")
        case FieldRule(op=op, values=(int() | float() as bound,), other="") if op in _BOUNDS:
            yield Dial(path, op, "bound", bound, row.field, (), _BOUNDS[op])


def _window(path: Path, op: str, amount: int, unit: Unit) -> Dial:
    return Dial(path, op, "window", amount, unit, _with(range(1, MOST_OF[unit] + 1), amount), True)


def _with(usual: range, now: int) -> tuple[int, ...]:
    """The usual places and the present one and, where that lies beyond, some on the way to it."""
    last = usual[-1]
    way = (last + (now - last) * step // _FAR for step in range(1, _FAR)) if now > last else ()
    return tuple(sorted({*usual, *way, now}))
