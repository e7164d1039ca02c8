"""Two segments side by side: which rows they share, and which rows decide where they differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from segbench.engine.membership import Membership
from segbench.model.changes import row_words as row_words
from segbench.model.pairing import bare, paired
from segbench.model.rules import Group, Path, RuleOrGroup
from segbench.model.wording import PLAIN, Wording

State = Literal["same", "changed", "first", "second"]


@dataclass(frozen=True, slots=True)
class Line:
    """A row or the head of a group in both segments, or in one; `depth` is how far it is nested."""

    state: State
    depth: int
    first: str
    second: str


@dataclass(frozen=True, slots=True)
class Deciding:
    """A row and how many contacts it decides of; `alone` counts those whom no other row decides."""

    path: Path
    words: str
    count: int
    alone: int


@dataclass(frozen=True, slots=True)
class Reasons:
    """Why `contacts` contacts are in one segment and not in the other.

    `out` are rows of the segment that does not hold them: each keeps out so many. Where any one of
    its rows would do, it is empty and `none_of` says how many rows there are. `let_in` are the rows
    of the segment that holds them, where any one of them lets a contact in.
    """

    contacts: int = 0
    out: tuple[Deciding, ...] = ()
    none_of: int = 0
    let_in: tuple[Deciding, ...] = ()


def aligned(first: Group, second: Group, wording: Wording = PLAIN) -> tuple[Line, ...]:
    """The rows of two segments beside each other.

    Rows are matched whatever their order, which has no meaning: equal ones first, then those about
    the same field, event or tag, which are changed. Notes and locks make no difference.
    """
    return tuple(_lines(first, second, 0, wording))


def deciding(
    contacts: Membership, rows: Mapping[Path, tuple[str, Membership]]
) -> tuple[Deciding, ...]:
    """How many of the contacts each row decides of, who is given with it; the most first."""
    once = more = Membership.nobody(contacts.contacts)
    held = {path: contacts & decided for path, (_, decided) in rows.items()}
    for decided in held.values():
        more |= once & decided
        once |= decided
    found = [
        Deciding(path, rows[path][0], len(decided), len(decided - more))
        for path, decided in held.items()
    ]
    return tuple(sorted(found, key=lambda row: (-row.count, -row.alone, row.path)))


def _lines(first: Group, second: Group, depth: int, wording: Wording) -> Iterator[Line]:
    one, other = row_words(first, wording), row_words(second, wording)
    yield Line("same" if one == other else "changed", depth, one, other)
    for mine, theirs in _pairs(first.rules, second.rules):
        if mine is None or theirs is None:
            yield from _single(mine, theirs, depth + 1, wording)
        elif isinstance(mine, Group) and isinstance(theirs, Group):
            yield from _lines(mine, theirs, depth + 1, wording)
        else:
            words = row_words(mine, wording), row_words(theirs, wording)
            state: State = "same" if bare(mine) == bare(theirs) else "changed"
            yield Line(state, depth + 1, *words)


def _single(
    mine: RuleOrGroup | None, theirs: RuleOrGroup | None, depth: int, wording: Wording
) -> Iterator[Line]:
    """What only one of the segments has, with all in it."""
    node = mine if mine is not None else theirs
    assert node is not None
    words = row_words(node, wording)
    yield Line("first", depth, words, "") if mine is not None else Line("second", depth, "", words)
    for child in node.rules if isinstance(node, Group) else ():
        one, other = (child, None) if mine is not None else (None, child)
        yield from _single(one, other, depth + 1, wording)


def _pairs(
    first: Sequence[RuleOrGroup], second: Sequence[RuleOrGroup]
) -> list[tuple[RuleOrGroup | None, RuleOrGroup | None]]:
    found = paired(first, second)
    pairs: list[tuple[RuleOrGroup | None, RuleOrGroup | None]] = [
        (node, second[found[at]] if at in found else None) for at, node in enumerate(first)
    ]
    taken = set(found.values())
    return [*pairs, *((None, node) for at, node in enumerate(second) if at not in taken)]
