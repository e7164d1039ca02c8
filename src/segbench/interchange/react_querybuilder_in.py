"""react-querybuilder's `RuleGroupType` read as a group."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from segbench.errors import FormatError
from segbench.interchange.ledger import Ledger, unknown_entries
from segbench.interchange.react_querybuilder_lists import match_mode, matched_events, matched_list
from segbench.interchange.react_querybuilder_rules import by_field, in_their_case, sound, type_of
from segbench.interchange.react_querybuilder_words import valued
from segbench.interchange.report import Imported, NoMeaning
from segbench.interchange.untrusted import (
    Source,
    at,
    entry_flag,
    entry_list,
    entry_record,
    entry_text,
    kind_of,
    record,
    record_of,
)
from segbench.model.catalog import ValueType
from segbench.model.codec import from_data
from segbench.model.rules import FieldRule, Group, RuleOrGroup
from segbench.model.values import Combinator

OURS = "segbench"
"""The field of a rule that only segbench can read, and the entry with a rule's own options."""
_RULE = frozenset(
    {"id", "path", "field", "operator", "value", "valueSource", "match", "muted", "disabled", OURS}
)
_GROUP = frozenset({"id", "path", "combinator", "rules", "not", "muted", "disabled", OURS})
_COMBINATORS: dict[str, Combinator] = {"and": "and", "or": "or"}
Events = Mapping[str, Mapping[str, ValueType]]


def from_react_querybuilder(
    data: Source,
    types: Mapping[str, ValueType],
    *,
    names: Mapping[str, str] | None = None,
    events: Events | None = None,
) -> Imported:
    """The group that a `RuleGroupType` or `RuleGroupTypeIC` describes.

    `types` has the type of each field; `events` the types of the properties of each event, which
    are lists of objects there. `names` translates their names into ours.
    """
    reading = _Reading(types, names or {}, events or {})
    root = reading.group(record_of(data), "")
    return reading.ledger.finish(root if isinstance(root, Group) else Group(rules=(root,)))


@dataclass(frozen=True)
class _Reading:
    types: Mapping[str, ValueType]
    names: Mapping[str, str]
    events: Events
    ledger: Ledger = field(default_factory=lambda: Ledger("react-querybuilder"))

    def node(self, value: object, place: str) -> RuleOrGroup:
        node = record(value, place)
        return self.group(node, place) if "rules" in node else self.rule(node, place)

    def group(self, node: dict[str, Any], place: str) -> RuleOrGroup:
        listed = entry_list(node, "rules", place)
        flags = (entry_flag(node, name, place) for name in ("not", "muted", "disabled"))
        negated, muted, locked = flags
        self._extras(node, place, _GROUP)
        options = self._options(node, place)
        whole = at(place, "rules")
        try:
            found = (
                self._joined(node, listed, place)
                if "combinator" in node
                else self._alternating(listed, whole)
            )
        except NoMeaning as reason:
            return self.ledger.set_aside(place, node, str(reason), active=not muted)
        if not listed and not muted:
            why = "An empty group is ignored here; there it holds everybody."
            self.ledger.remark(place, node, why, "differs")
        only = found.rules[0] if len(found.rules) == 1 else found
        marked = negated and options.get("negated") == "rule"
        if marked and isinstance(only, FieldRule) and only.enabled and not only.negated:
            return replace(only, negated=True, enabled=not muted, locked=locked)
        said = {"note": options.get("note", ""), "locked": locked}
        return replace(found, negated=negated, enabled=not muted, **said)

    def _joined(self, node: dict[str, Any], listed: list[Any], place: str) -> Group:
        combinator = _combinator(entry_text(node, "combinator", place))
        whole = at(place, "rules")
        return Group(
            combinator,
            tuple(self.node(each, at(whole, index)) for index, each in enumerate(listed)),
        )

    def _alternating(self, listed: list[Any], place: str) -> Group:
        """Rules with `and` and `or` between them; AND binds tighter."""
        if len(listed) % 2 == 0 and listed:
            raise FormatError(f"At {place}: rules and combinators must alternate.")
        for index, each in enumerate(listed):
            if isinstance(each, str) != (index % 2 == 1):
                raise FormatError(f"At {place}.{index}: rules and combinators must alternate.")
        joins = [_combinator(each) for each in listed[1::2]]
        nodes = [
            self.node(each, at(place, index)) for index, each in enumerate(listed) if index % 2 == 0
        ]
        if "or" not in joins:
            return Group("and", tuple(nodes))
        parts: list[list[RuleOrGroup]] = [nodes[:1]]
        for join, node in zip(joins, nodes[1:], strict=True):
            if join == "or":
                parts.append([node])
            else:
                parts[-1].append(node)
        members = (part[0] if len(part) == 1 else Group("and", tuple(part)) for part in parts)
        return Group("or", tuple(members))

    def rule(self, node: dict[str, Any], place: str) -> RuleOrGroup:
        name, op = entry_text(node, "field", place), entry_text(node, "operator", place)
        muted, locked = (entry_flag(node, flag, place) for flag in ("muted", "disabled"))
        if name == OURS:
            return replace(self._ours(node, place), enabled=not muted, locked=locked)
        self._extras(node, place, _RULE)
        options = self._options(node, place)
        remarks: list[str] = []
        try:
            found = self._meaning(node, self.names.get(name, name), op, remarks)
        except NoMeaning as reason:
            return self.ledger.set_aside(place, node, str(reason), active=not muted)
        for remark in remarks:
            self.ledger.remark(place, node, remark, "differs")
        if isinstance(found, FieldRule) and "match_case" in options:
            found = replace(found, match_case=options["match_case"])
        return replace(found, enabled=not muted, locked=locked, note=options.get("note", ""))

    def _meaning(
        self, node: Mapping[str, Any], name: str, op: str, remarks: list[str]
    ) -> RuleOrGroup:
        if "match" in node:
            return self._matched(node, name)
        return self._compared(node, name, op, self.types, remarks)

    def _compared(
        self,
        node: Mapping[str, Any],
        name: str,
        op: str,
        types: Mapping[str, ValueType],
        remarks: list[str],
    ) -> RuleOrGroup:
        kind = type_of(name, types)
        if node.get("valueSource", "value") not in ("value", "field"):
            raise NoMeaning("There is no such source of values here.")
        if node.get("valueSource") == "field":
            other = node.get("value")
            if not isinstance(other, str):
                raise NoMeaning(f"The name of a field is needed, not {kind_of(other)}.")
            other = self.names.get(other, other)
            if type_of(other, types) != kind:
                raise NoMeaning("The two fields are not of the same type.")
            found: RuleOrGroup = by_field(name, op, kind, other)
        else:
            found = valued(name, kind, op, node.get("value"), remarks)
        return sound(in_their_case(found, kind), types)

    def _matched(self, node: Mapping[str, Any], name: str) -> RuleOrGroup:
        mode, query = match_mode(node["match"]), node.get("value")
        if not isinstance(query, dict) or node["operator"] not in ("", "="):
            raise NoMeaning("A match needs a group of rules about the items.")
        if name in self.events:
            return matched_events(name, mode, query, self.events[name], self._condition)
        if type_of(name, self.types) != "list":
            raise NoMeaning("This field is no list, and no event of that name is known.")
        found = replace(matched_list(name, mode, query), match_case=True)
        return sound(found, self.types)

    def _condition(self, node: Mapping[str, Any], types: Mapping[str, ValueType]) -> RuleOrGroup:
        name, op = node.get("field"), node.get("operator")
        if not isinstance(name, str) or not isinstance(op, str) or "match" in node:
            raise NoMeaning("A condition needs a field and an operator.")
        remarks: list[str] = []
        found = self._compared(node, self.names.get(name, name), op, types, remarks)
        if remarks:
            raise NoMeaning(remarks[0])
        return found

    def _ours(self, node: dict[str, Any], place: str) -> RuleOrGroup:
        try:
            found = from_data(entry_record(node, "value", place))
        except FormatError as error:
            raise FormatError(f"At {at(place, 'value')}: {error}") from None
        if isinstance(found, Group):
            raise FormatError(f"At {at(place, 'value')}: a rule is needed, not a group.")
        return found

    def _extras(self, node: dict[str, Any], place: str, known: frozenset[str]) -> None:
        for extra in unknown_entries(node, known):
            why = f"The entry {extra[:40]!r} has no meaning here."
            self.ledger.remark(at(place, extra[:40]), node[extra], why, "differs")

    def _options(self, node: dict[str, Any], place: str) -> dict[str, Any]:
        if OURS not in node:
            return {}
        options, here = entry_record(node, OURS, place), at(place, OURS)
        if "match_case" in options:
            entry_flag(options, "match_case", here)
        entry_text(options, "note", here, "")
        entry_text(options, "negated", here, "")
        return options


def _combinator(given: str) -> Combinator:
    found = _COMBINATORS.get(given.lower())
    if found is None:
        raise NoMeaning(f"There is no combinator {given[:40]!r} here, only AND and OR.")
    return found
