"""Two people's changes to one group, put together: three-way, row by row.

A row that only one of them changed, added or removed is as that one left it. What both changed,
each in another way, is a conflict; so are rows that one changed in a group which the other joined
otherwise, since they would not mean what either of them saw.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from segbench.model.changes import row_name, whole_words
from segbench.model.codec import to_data
from segbench.model.pairing import bare, itself, paired, subject
from segbench.model.rules import Group, Path, RuleOrGroup
from segbench.model.wording import PLAIN, Wording

HEAD = ("combinator", "negated", "enabled", "note", "locked")
REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Conflict:
    """What both changed, each in another way; `row` is where it was before, None is removed."""

    row: Path
    mine: RuleOrGroup | None
    theirs: RuleOrGroup | None

    def words(self, wording: Wording = PLAIN) -> str:
        """Both sides in one sentence."""
        mine, theirs = (
            REMOVED if node is None else whole_words(node, wording)
            for node in (self.mine, self.theirs)
        )
        return f"{row_name(self.row)}: yours is {mine}; theirs is {theirs}"

    def data(self) -> dict[str, Any]:
        """The conflict as plain JSON values; rows are counted from 1."""
        return {
            "row_before": [at + 1 for at in self.row],
            "mine": None if self.mine is None else to_data(self.mine),
            "theirs": None if self.theirs is None else to_data(self.theirs),
            "words": self.words(),
        }


@dataclass(frozen=True, slots=True)
class Merge:
    """The group with both people's changes; at a conflict mine, or theirs where mine is removed."""

    group: Group
    conflicts: tuple[Conflict, ...] = ()


def merge(base: Group, mine: Group, theirs: Group) -> Merge:
    """What both made of `base`, together."""
    conflicts: list[Conflict] = []
    return Merge(_group(base, mine, theirs, (), conflicts), tuple(conflicts))


def _group(base: Group, mine: Group, theirs: Group, path: Path, conflicts: list[Conflict]) -> Group:
    if mine == theirs or theirs == base:
        return mine
    if mine == base:
        return theirs
    if _clash(base, mine, theirs):
        conflicts.append(Conflict(path, mine, theirs))
        return mine
    head = {name: _newer(name, base, mine, theirs) for name in HEAD}
    return replace(mine, **head, rules=_rules(base, mine, theirs, path, conflicts))


def _clash(base: Group, mine: Group, theirs: Group) -> bool:
    """Whether the two groups cannot be put together at all."""
    for told in (_joined, _note):
        if len({told(group) for group in (base, mine, theirs)}) == 3:
            return True
    return any(
        _joined(one) != _joined(base) and _rows(other) != _rows(base)
        for one, other in ((mine, theirs), (theirs, mine))
    )


def _note(node: RuleOrGroup) -> str:
    return node.note


def _joined(group: Group) -> tuple[str, bool]:
    return group.combinator, group.negated


def _rows(group: Group) -> tuple[RuleOrGroup, ...]:
    return tuple(map(bare, group.rules))


def _rules(
    base: Group, mine: Group, theirs: Group, path: Path, conflicts: list[Conflict]
) -> tuple[RuleOrGroup, ...]:
    """The rows of both, in the order of whoever changed it, mine where both or neither did."""
    here = paired(base.rules, mine.rules, itself, bare, subject)
    there = paired(base.rules, theirs.rules, itself, bare, subject)
    settled: dict[int, RuleOrGroup | None] = {
        at: _row(
            node,
            mine.rules[here[at]] if at in here else None,
            theirs.rules[there[at]] if at in there else None,
            (*path, at),
            conflicts,
        )
        for at, node in enumerate(base.rules)
    }
    moved = _is_moved(there) and not _is_moved(here)
    first, second = ((theirs, there), (mine, here)) if moved else ((mine, here), (theirs, there))
    return tuple(_in_order(settled, *first, *second))


def _row(
    base: RuleOrGroup,
    mine: RuleOrGroup | None,
    theirs: RuleOrGroup | None,
    path: Path,
    conflicts: list[Conflict],
) -> RuleOrGroup | None:
    if mine == theirs or theirs == base:
        return mine
    if mine == base:
        return theirs
    if isinstance(base, Group) and isinstance(mine, Group) and isinstance(theirs, Group):
        return _group(base, mine, theirs, path, conflicts)
    if mine is not None and theirs is not None:
        asked = _asked(base, mine, theirs)
        if asked is not None and len({base.note, mine.note, theirs.note}) < 3:
            said = {name: _newer(name, base, mine, theirs) for name in ("note", "locked")}
            return replace(asked, **said)
    conflicts.append(Conflict(path, mine, theirs))
    # A row is not lost by being removed on my side alone.
    return theirs if mine is None else mine


def _asked(base: RuleOrGroup, mine: RuleOrGroup, theirs: RuleOrGroup) -> RuleOrGroup | None:
    """What the row asks where only one changed that, or both alike."""
    if bare(mine) in (bare(theirs), bare(base)):
        return theirs
    return mine if bare(theirs) == bare(base) else None


def _newer(name: str, base: RuleOrGroup, mine: RuleOrGroup, theirs: RuleOrGroup) -> Any:
    """What one of the two made of an attribute that not both changed."""
    mine_is_old = getattr(mine, name) == getattr(base, name)
    return getattr(theirs if mine_is_old else mine, name)


def _in_order(
    settled: dict[int, RuleOrGroup | None],
    first: Group,
    in_first: dict[int, int],
    second: Group,
    in_second: dict[int, int],
) -> Iterator[RuleOrGroup]:
    """The rows in the order of `first`; what `second` alone has comes after what it came after."""
    own = {place: at for at, place in in_first.items()}
    other = {place: at for at, place in in_second.items()}
    known = [node for place, node in enumerate(first.rules) if place not in own]
    follows: dict[int | None, list[RuleOrGroup]] = {}
    last: int | None = None
    for place, node in enumerate(second.rules):
        at = other.get(place)
        if at is None:
            if node in known:
                known.remove(node)
            else:
                follows.setdefault(last, []).append(node)
        elif at in in_first:
            last = at
        elif settled[at] is not None:
            # Gone from the first, kept since the second changed it.
            follows.setdefault(last, []).append(settled[at])  # type: ignore[arg-type]
    waiting = follows.pop(None, [])
    for place, node in enumerate(first.rules):
        at = own.get(place)
        if at is None:
            yield node
            continue
        yield from waiting
        waiting = follows.pop(at, [])
        if (kept := settled[at]) is not None:
            yield kept
    yield from waiting


def _is_moved(places: dict[int, int]) -> bool:
    return any(one > other for one, other in pairwise(places[at] for at in sorted(places)))
