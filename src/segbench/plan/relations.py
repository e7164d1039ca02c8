"""Facts about fields that are compared with each other."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Literal

from segbench.plan.atoms import Compared, Known
from segbench.plan.lines import Clause
from segbench.plan.parts import union_of

How = Literal["is", "contains", "starts", "ends", "<", "<=", ">", ">=", "=", "on"]
_SEEN_FROM_THERE: dict[How, How] = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_WEAKER: dict[str, tuple[How, ...]] = {
    "is": ("starts", "ends", "contains"),
    "starts": ("contains",),
    "ends": ("contains",),
}


def relation_facts(atoms: Sequence[Compared]) -> Iterator[Clause]:
    """What is so between two values, whatever they are."""
    ranked: dict[Compared, list[Compared]] = {}
    texts: dict[Compared, list[Compared]] = {}
    for atom in atoms:
        if atom.type == "text":
            texts.setdefault(replace(atom, how="is", match_case=False), []).append(atom)
        else:
            ranked.setdefault(_frame(atom), []).append(atom)
        for known in _both(atom):
            yield (atom, False), (known, True)
    for frame, asked in ranked.items():
        yield from _order_facts(frame, asked)
    for asked in texts.values():
        yield from _text_facts(asked)


def _both(atom: Compared) -> tuple[Known, Known]:
    return Known(atom.field, atom.type), Known(atom.other, atom.other_type)


def _frame(atom: Compared) -> Compared:
    """What is compared with what, the same from both sides."""
    return replace(_seen_from(min(atom.field, atom.other), atom), how="=")


def _seen_from(field: str, atom: Compared) -> Compared:
    if atom.field == field:
        return atom
    return replace(
        atom,
        field=atom.other,
        type=atom.other_type,
        other=atom.field,
        other_type=atom.type,
        how=_SEEN_FROM_THERE.get(atom.how, atom.how),
    )


def _order_facts(frame: Compared, atoms: Sequence[Compared]) -> Iterator[Clause]:
    """Of two values one is less, or more, or they are equal."""
    less, at_most = replace(frame, how="<"), replace(frame, how="<=")
    equal, more = frame, replace(frame, how=">")
    yield (less, False), (equal, False)
    yield from union_of(at_most, (less, equal))
    yield (at_most, False), (more, False)
    mine, other = _both(frame)
    yield (mine, False), (other, False), (at_most, True), (more, True)
    if frame.field == frame.other:
        yield ((less, False),)
        yield ((more, False),)
    for atom in atoms:
        how = _seen_from(frame.field, atom).how
        signs = {"<": less, "=": equal, ">": more}
        each = (at for sign, at in signs.items() if sign in how)
        yield from union_of(atom, (equal,) if how == "on" else each)


def _text_facts(atoms: Sequence[Compared]) -> Iterator[Clause]:
    for one, other in itertools.permutations(atoms, 2):
        same_way = other.how == one.how or other.how in _WEAKER.get(one.how, ())
        if same_way and other.match_case <= one.match_case:
            yield (one, False), (other, True)
    for atom in atoms:
        if atom.field == atom.other:
            yield (Known(atom.field, "text"), False), (atom, True)
