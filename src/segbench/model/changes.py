"""What changed from one group to another: row by row, in words and as JSON values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Literal

from segbench.model.codec import to_data
from segbench.model.describe import label, phrase
from segbench.model.pairing import bare, itself, paired, subject
from segbench.model.rules import Group, Path, RuleOrGroup
from segbench.model.wording import PLAIN, Wording, quoted

Kind = Literal["added", "removed", "changed", "joined", "noted", "moved"]


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: at `before` in the earlier group, at `after` in the later one.

    A row is added, removed or changed; a group is joined otherwise (all or any of, NOT, off), its
    rows are moved; a note or a lock is another. A path is None where the row is not in that group.
    """

    kind: Kind
    before: Path | None
    after: Path | None
    was: RuleOrGroup | None
    now: RuleOrGroup | None
    words: str

    def data(self) -> dict[str, Any]:
        """The change as plain JSON values; rows are counted from 1."""
        return {
            "kind": self.kind,
            "row_before": _numbers(self.before),
            "row": _numbers(self.after),
            "before": None if self.was is None else to_data(self.was),
            "after": None if self.now is None else to_data(self.now),
            "words": self.words,
        }


def changes(before: Group, after: Group, wording: Wording = PLAIN) -> tuple[Change, ...]:
    """All that differs between two groups; nothing exactly where they are equal.

    Rows are matched whatever their order: equal ones first, then those about the same field, event
    or segment.
    """
    return tuple(_group(before, after, (), (), wording))


def row_words(node: RuleOrGroup, wording: Wording = PLAIN) -> str:
    """A row as a line shows it: its NOT and that it is off included; of a group its head alone."""
    if isinstance(node, Group):
        words = "all of" if node.combinator == "and" else "any of"
        words = f"not {words}" if node.negated else words
    else:
        words = f"not ({label(node, wording)})" if node.negated else label(node, wording)
    return words if node.enabled else f"{words} (off)"


def whole_words(node: RuleOrGroup, wording: Wording = PLAIN) -> str:
    """A row as a sentence shows it; a group with what is in it."""
    if not isinstance(node, Group):
        return row_words(node, wording)
    words = phrase(replace(node, enabled=True), wording) or "a group without a row"
    return words if node.enabled else f"{words} (off)"


def row_name(path: Path) -> str:
    """Which row a path is: Row 2.1; the outermost group is the segment."""
    return f"Row {'.'.join(str(at + 1) for at in path)}" if path else "The segment"


def _group(was: Group, now: Group, before: Path, after: Path, wording: Wording) -> Iterator[Change]:
    yield from _head(was, now, before, after, wording)
    pairs = paired(was.rules, now.rules, itself, bare, subject)
    for at, node in enumerate(was.rules):
        here = (*before, at)
        if at in pairs:
            place = pairs[at]
            yield from _row(node, now.rules[place], here, (*after, place), wording)
        else:
            words = f"{row_name(here)} was removed: {whole_words(node, wording)}"
            yield Change("removed", here, None, node, None, words)
    taken = set(pairs.values())
    for at, node in enumerate(now.rules):
        if at not in taken:
            there = (*after, at)
            words = f"{row_name(there)} is new: {whole_words(node, wording)}"
            yield Change("added", None, there, None, node, words)
    if any(one > other for one, other in pairwise(pairs[at] for at in sorted(pairs))):
        inside = f" of {_inside(after)}" if after else ""
        words = f"The rows{inside} are in another order"
        yield Change("moved", before, after, None, None, words)


def _row(
    was: RuleOrGroup, now: RuleOrGroup, before: Path, after: Path, wording: Wording
) -> Iterator[Change]:
    if isinstance(was, Group) and isinstance(now, Group):
        yield from _group(was, now, before, after, wording)
        return
    if bare(was) != bare(now):
        old, new = whole_words(was, wording), whole_words(now, wording)
        told = f"{old} became {new}" if old != new else f"{new}, written otherwise"
        yield Change("changed", before, after, was, now, f"{row_name(after)}: {told}")
    yield from _notes(was, now, before, after)


def _head(was: Group, now: Group, before: Path, after: Path, wording: Wording) -> Iterator[Change]:
    """What differs in a group itself, whatever its rows are."""
    one, other = replace(was, rules=()), replace(now, rules=())
    if bare(one) != bare(other):
        old, new = row_words(one, wording), row_words(other, wording)
        words = f"{row_name(after)}: {old} became {new}"
        yield Change("joined", before, after, one, other, words)
    yield from _notes(one, other, before, after)


def _notes(was: RuleOrGroup, now: RuleOrGroup, before: Path, after: Path) -> Iterator[Change]:
    said = []
    if was.note != now.note:
        old, new = quoted(was.note) if was.note else "none", quoted(now.note)
        said.append(f"its note {old} became {new}" if now.note else f"its note {old} is gone")
    if was.locked != now.locked:
        said.append("it is locked now" if now.locked else "it is not locked any more")
    if said:
        words = f"{row_name(after)}: {' and '.join(said)}"
        yield Change("noted", before, after, was, now, words)


def _inside(path: Path) -> str:
    return row_name(path).replace("Row", "row", 1)


def _numbers(path: Path | None) -> list[int] | None:
    return None if path is None else [at + 1 for at in path]
