"""The book that a reader keeps of what it could not map, and the rows that stand in its place."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from segbench.errors import FormatError
from segbench.interchange.report import EFFECTS, Effect, Imported, NoMeaning, Unmapped
from segbench.model.codec import DEEPEST, MOST_RULES
from segbench.model.rules import FieldRule, Group, RuleOrGroup
from segbench.model.tree import walk

LONGEST_ORIGINAL = 8_000
"""How much of an original a row's note holds, in characters."""
LONGEST_WHAT = 300


@dataclass(frozen=True, slots=True)
class _Entry:
    said: Unmapped
    row: FieldRule | None = None
    original: str = ""
    active: bool = True


class Ledger:
    """Collects what does not map while one document is read."""

    def __init__(self, tool: str) -> None:
        self._tool = tool
        self._entries: list[_Entry] = []

    def remark(self, path: str, what: object, why: str, effect: Effect = "none") -> None:
        """Notes a detail that did not map, of a rule that did."""
        self._entries.append(_Entry(Unmapped(path, _shortened(what), why, effect)))

    def set_aside(self, path: str, original: object, why: str, *, active: bool = True) -> FieldRule:
        """A disabled row to stand where the original did; its note is written at the end."""
        row = FieldRule("", "", enabled=False)
        said = Unmapped(path, _shortened(original), why)
        self._entries.append(_Entry(said, row, _as_text(original), active))
        return row

    def finish(self, root: Group) -> Imported:
        """The group with its notes written, and the report; `FormatError` where it is too large."""
        _require_limits(root)
        effects = _effects(root, {id(e.row) for e in self._entries if e.row is not None})
        rows: dict[int, FieldRule] = {}
        report: list[Unmapped] = []
        for entry in self._entries:
            said = entry.said
            if entry.row is not None:
                effect = effects.get(id(entry.row), "none") if entry.active else "none"
                said = replace(said, effect=effect)
                note = self._note(said, entry.original)
                rows[id(entry.row)] = replace(entry.row, note=note)
            report.append(said)
        return Imported(_with_rows(root, rows), tuple(report))

    def _note(self, said: Unmapped, original: str) -> str:
        kept = original[:LONGEST_ORIGINAL]
        cut = " (cut)" if len(kept) < len(original) else ""
        why = said.why[:LONGEST_WHAT]
        return f"Not imported from {self._tool}: {why} {EFFECTS[said.effect]} Original{cut}: {kept}"


def _require_limits(root: Group) -> None:
    for count, (path, node) in enumerate(walk(root)):
        if count > MOST_RULES:
            raise FormatError(f"A segment holds at most {MOST_RULES:,} rules and groups.")
        if isinstance(node, Group) and len(path) >= DEEPEST:
            raise FormatError(f"Groups can be nested at most {DEEPEST} deep.")


def _effects(root: Group, wanted: set[int]) -> dict[int, Effect]:
    """What leaving out each of the wanted rows does to the segment."""
    found: dict[int, Effect] = {}
    waiting: list[tuple[Group, tuple[Group, ...]]] = [(root, ())]
    while waiting:
        group, above = waiting.pop()
        chain = (*above, group)
        for member in group.rules:
            if isinstance(member, Group):
                waiting.append((member, chain))
            elif id(member) in wanted:
                found[id(member)] = _effect(chain)
    return found


def _effect(chain: tuple[Group, ...]) -> Effect:
    """What a row that is missing from the last group of the chain does to the first."""
    if not all(group.enabled for group in chain[1:]):
        return "none"
    for depth in range(len(chain) - 1, -1, -1):
        group = chain[depth]
        if any(_is_active(member) for member in group.rules):
            negations = sum(outer.negated for outer in chain[: depth + 1])
            return "wider" if (group.combinator == "and") == (negations % 2 == 0) else "narrower"
    return "nobody"


def _is_active(node: RuleOrGroup) -> bool:
    if not node.enabled or not isinstance(node, Group):
        return node.enabled
    return any(map(_is_active, node.rules))


def _with_rows(root: Group, rows: Mapping[int, FieldRule]) -> Group:
    members = tuple(
        _with_rows(member, rows) if isinstance(member, Group) else rows.get(id(member), member)
        for member in root.rules
    )
    return replace(root, rules=members)


def _as_text(original: object) -> str:
    return original if isinstance(original, str) else json.dumps(original, ensure_ascii=False)


def _shortened(what: object) -> str:
    text = _as_text(what)
    return text if len(text) <= LONGEST_WHAT else text[: LONGEST_WHAT - 1] + "…"


def unknown_entries(node: Mapping[str, Any], known: frozenset[str]) -> list[str]:
    """The entries that are not among the known ones."""
    return sorted(key for key in node if key not in known)


def require_known(node: Mapping[str, Any], known: frozenset[str] | set[str]) -> None:
    """`NoMeaning` where an object has an entry that is not among the known ones."""
    extra = [key for key in unknown_entries(node, frozenset(known)) if node[key] is not None]
    if extra:
        raise NoMeaning(f"The entry {extra[0][:40]!r} has no meaning here.")
