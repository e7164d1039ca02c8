"""Two segments side by side: which rows they share, and which rows decide where they differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from segbench.engine.membership import Membership
from segbench.model.describe import label
from segbench.model.rules import (
    EventRule,
    FieldRule,
    Group,
    MeasureRule,
    Path,
    PrebuiltRule,
    RuleOrGroup,
    SegmentRule,
    SequenceRule,
    TagRule,
)
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


def row_words(node: RuleOrGroup, wording: Wording = PLAIN) -> str:
    """A row as a line shows it: its NOT and that it is off included."""
    if isinstance(node, Group):
        words = "all of" if node.combinator == "and" else "any of"
        words = f"not {words}" if node.negated else words
    else:
        words = f"not ({label(node, wording)})" if node.negated else label(node, wording)
    return words if node.enabled else f"{words} (off)"


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
            state: State = "same" if _bare(mine) == _bare(theirs) else "changed"
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
    left = list(range(len(second)))
    found: dict[int, int] = {}
    for alike in (_equal, _about_the_same):
        for at, node in enumerate(first):
            place = next((p for p in left if at not in found and alike(node, second[p])), None)
            if place is not None:
                found[at] = place
                left.remove(place)
    pairs: list[tuple[RuleOrGroup | None, RuleOrGroup | None]] = [
        (node, second[found[at]] if at in found else None) for at, node in enumerate(first)
    ]
    return [*pairs, *((None, second[place]) for place in left)]


def _equal(one: RuleOrGroup, other: RuleOrGroup) -> bool:
    return _bare(one) == _bare(other)


def _about_the_same(one: RuleOrGroup, other: RuleOrGroup) -> bool:
    return _subject(one) == _subject(other)


def _bare(node: RuleOrGroup) -> RuleOrGroup:
    """The node without what only people read."""
    if isinstance(node, Group):
        return replace(node, note="", locked=False, rules=tuple(map(_bare, node.rules)))
    return replace(node, note="", locked=False)


def _subject(node: RuleOrGroup) -> tuple[str, str]:
    match node:
        case FieldRule():
            return node.kind, node.field
        case EventRule() | MeasureRule():
            return "event", node.event
        case SequenceRule():
            return node.kind, node.steps[0].event if node.steps else ""
        case SegmentRule():
            return node.kind, node.segment
        case PrebuiltRule():
            return node.kind, node.prebuilt
        case TagRule() | Group():
            return node.kind, ""
        case _:
            return node.kind, ""
