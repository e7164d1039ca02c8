"""A tree as somebody else left it: a few edits anywhere in it, at random."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import trees
from hypothesis import strategies as st

from segbench.model.rules import Group, Path, RuleOrGroup
from segbench.model.tree import walk


@st.composite
def edited(draw: st.DrawFn, group: Group, most: int = 3) -> Group:
    """The group after up to so many edits."""
    for _ in range(draw(st.integers(0, most))):
        places = [path for path, node in walk(group) if isinstance(node, Group)]
        group = _at(group, draw(st.sampled_from(places)), draw(_EDIT), draw)
    return group


def _at(group: Group, path: Path, edit: str, draw: st.DrawFn) -> Group:
    if not path:
        return _edited(group, edit, draw)
    rules = list(group.rules)
    inner = rules[path[0]]
    assert isinstance(inner, Group)
    rules[path[0]] = _at(inner, path[1:], edit, draw)
    return replace(group, rules=tuple(rules))


def _edited(group: Group, edit: str, draw: st.DrawFn) -> Group:
    rules = list(group.rules)
    at = draw(st.integers(0, max(0, len(rules) - 1)))
    match edit:
        case "add":
            rules.insert(at, draw(trees.rules))
        case "remove" if rules:
            del rules[at]
        case "change" if rules:
            rules[at] = draw(trees.rules)
        case "switch" if rules:
            rules[at] = replace(rules[at], enabled=not rules[at].enabled)
        case "note" if rules:
            rules[at] = replace(rules[at], note=draw(st.sampled_from(("", "agreed", "why"))))
        case "lock" if rules:
            rules[at] = replace(rules[at], locked=not rules[at].locked)
        case "turn":
            rules.reverse()
        case "join":
            return replace(group, combinator="or" if group.combinator == "and" else "and")
        case "negate":
            return replace(group, negated=not group.negated)
    return replace(group, rules=tuple(rules))


_EDIT = st.sampled_from(
    ("add", "remove", "change", "switch", "note", "lock", "turn", "join", "negate")
)


@st.composite
def two_edits(draw: st.DrawFn) -> tuple[Group, Group, Group]:
    """A group, and what two people made of it."""
    base = draw(trees.groups)
    return base, draw(edited(base)), draw(edited(base))


def leaves(group: Group) -> list[Any]:
    """Every row of a group, sorted, whatever its place."""
    found: list[RuleOrGroup] = [n for _, n in walk(group) if not isinstance(n, Group)]
    return sorted(found, key=repr)
