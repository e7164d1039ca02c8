"""References between saved segments: who refers to whom, loops, new spellings. Pure functions.

Names are compared as `folded` has them. Disabled references count too: one click makes them real.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from segbench.errors import ReferenceCycle
from segbench.library.saved import folded
from segbench.model.rules import Group, RuleOrGroup, SegmentRule
from segbench.model.tree import walk


def references(group: Group) -> frozenset[str]:
    """The folded names of the segments that the rules refer to."""
    return frozenset(
        folded(node.segment) for _, node in walk(group) if isinstance(node, SegmentRule)
    )


def respelt(group: Group, names: Mapping[str, str]) -> Group:
    """The group with each reference spelt as `names` (by folded name) has it."""

    def spell(node: RuleOrGroup) -> RuleOrGroup:
        match node:
            case SegmentRule():
                return replace(node, segment=names.get(folded(node.segment), node.segment))
            case Group():
                return replace(node, rules=tuple(map(spell, node.rules)))
            case _:
                return node

    return replace(group, rules=tuple(map(spell, group.rules)))


def users_of(name: str, groups: Mapping[str, Group]) -> tuple[str, ...]:
    """The names of the segments that refer to `name`, sorted."""
    wanted = folded(name)
    return tuple(sorted(user for user, group in groups.items() if wanted in references(group)))


def refuse_loop(name: str, groups: Mapping[str, Group]) -> None:
    """`ReferenceCycle` where following references from `name` leads back to it.

    `groups` are all saved segments by name, with `name` as it would be saved. It is enough to
    follow one segment: the others made no loop before.
    """
    spelling = {folded(known): known for known in groups}
    below = {folded(known): references(group) for known, group in groups.items()}
    start = folded(name)
    parent: dict[str, str] = {}
    waiting = [start]
    while waiting:
        here = waiting.pop()
        if start in below.get(here, ()):
            chain = _chain(here, start, parent)
            raise ReferenceCycle(tuple(spelling[link] for link in (*chain, start)))
        for there in _known(below.get(here, ()), below, parent):
            parent[there] = here
            waiting.append(there)


def _known(names: Iterable[str], below: Mapping[str, object], parent: dict[str, str]) -> list[str]:
    """The saved ones among `names` that were not visited yet, in a set order."""
    return sorted(name for name in names if name in below and name not in parent)


def _chain(end: str, start: str, parent: Mapping[str, str]) -> tuple[str, ...]:
    chain = [end]
    while chain[-1] != start:
        chain.append(parent[chain[-1]])
    return tuple(reversed(chain))
