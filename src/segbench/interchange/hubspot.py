"""HubSpot's list filters (`filterBranch`) read as a group."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from segbench.interchange.hubspot_events import event_meaning
from segbench.interchange.hubspot_operations import property_meaning
from segbench.interchange.hubspot_times import count_of, window_of
from segbench.interchange.ledger import Ledger, require_known
from segbench.interchange.report import Imported, NoMeaning
from segbench.interchange.soundness import require_sound
from segbench.interchange.untrusted import (
    Source,
    at,
    entry_list,
    entry_record,
    entry_text,
    record,
    record_of,
)
from segbench.model.catalog import ValueType
from segbench.model.rules import EventRule, FieldRule, Group, RuleOrGroup, SegmentRule
from segbench.model.values import Combinator

_BRANCH = frozenset({"filterBranchType", "filterBranchOperator", "filterBranches", "filters"})
_JOINED: dict[str, tuple[Combinator, bool]] = {
    "AND": ("and", False),
    "OR": ("or", False),
    "NOT_ALL": ("and", True),
    "NOT_ANY": ("or", True),
}
_UNIFIED = _BRANCH | {"eventTypeId", "operator", "pruningRefineBy", "coalescingRefineBy"}


def from_hubspot(
    data: Source,
    *,
    types: Mapping[str, ValueType] | None = None,
    names: Mapping[str, str] | None = None,
) -> Imported:
    """The group that a `filterBranch` describes, bare or inside a list as the API gives it.

    `names` translates properties, events and ids of lists into our fields, events and segments;
    `types` has the types of our fields, where they are known.
    """
    root, place = record_of(data), ""
    for key in ("list", "filterBranch"):
        if "filterBranchType" not in root and key in root:
            root, place = entry_record(root, key, place), at(place, key)
    reading = _Reading(types or {}, names or {})
    found = reading.branch(root, place)
    return reading.ledger.finish(found if isinstance(found, Group) else Group(rules=(found,)))


@dataclass(frozen=True)
class _Reading:
    types: Mapping[str, ValueType]
    names: Mapping[str, str]
    ledger: Ledger = field(default_factory=lambda: Ledger("HubSpot"))

    def branch(self, node: dict[str, Any], place: str) -> RuleOrGroup:
        kind = entry_text(node, "filterBranchType", place)
        try:
            if kind == "UNIFIED_EVENTS":
                return self._events(node, place)
            if kind not in _JOINED:
                raise NoMeaning(f"A branch of the kind {kind[:40]!r} has no meaning here.")
            require_known(node, _BRANCH)
            if kind in ("AND", "OR") and node.get("filterBranchOperator", kind) != kind:
                raise NoMeaning("The type of the branch and its operator contradict each other.")
        except NoMeaning as reason:
            return self.ledger.set_aside(place, node, str(reason))
        combinator, negated = _JOINED[kind]
        members = [self.filter(each, here) for each, here in _entries(node, "filters", place)] + [
            self.branch(each, here) for each, here in _entries(node, "filterBranches", place)
        ]
        if not members:
            self.ledger.remark(place, node, "An empty branch is ignored here.", "differs")
        return Group(combinator, tuple(members), negated=negated)

    def filter(self, node: dict[str, Any], place: str) -> RuleOrGroup:
        remarks: list[str] = []
        try:
            found = self._meaning(node, place, remarks)
        except NoMeaning as reason:
            return self.ledger.set_aside(place, node, str(reason))
        for remark in remarks:
            self.ledger.remark(place, node, remark, "differs")
        return found

    def _meaning(self, node: dict[str, Any], place: str, remarks: list[str]) -> RuleOrGroup:
        match entry_text(node, "filterType", place):
            case "PROPERTY":
                return self._property(node, place, remarks)
            case "IN_LIST":
                return self._in_list(node, place)
            case kind:
                return event_meaning(kind, node, place, self._name, remarks)

    def _property(self, node: dict[str, Any], place: str, remarks: list[str]) -> RuleOrGroup:
        require_known(node, frozenset({"filterType", "property", "operation"}))
        name = self._name(entry_text(node, "property", place))
        operation, kind = entry_record(node, "operation", place), self.types.get(name)
        found = property_meaning(name, operation, at(place, "operation"), kind, remarks)
        found = self._translated(found)
        require_sound(found, kind)
        return found

    def _translated(self, found: RuleOrGroup) -> RuleOrGroup:
        if isinstance(found, FieldRule) and found.other:
            return replace(found, other=self._name(found.other))
        return found

    def _in_list(self, node: dict[str, Any], place: str) -> SegmentRule:
        require_known(node, frozenset({"filterType", "listId", "operator"}))
        ops = {"IN_LIST": "is_in", "NOT_IN_LIST": "is_not_in"}
        op, segment = entry_text(node, "operator", place), entry_text(node, "listId", place)
        if op not in ops or not segment:
            raise NoMeaning("Only whether a contact is in a list has a meaning here.")
        return SegmentRule(self._name(segment), ops[op])

    def _events(self, node: dict[str, Any], place: str) -> EventRule:
        require_known(node, _UNIFIED)
        if entry_list(node, "filterBranches", place):
            raise NoMeaning("The conditions on one event have no groups here.")
        where: list[FieldRule] = []
        remarks: list[str] = []
        for each, here in _entries(node, "filters", place):
            if entry_text(each, "filterType", here) != "PROPERTY":
                raise NoMeaning("Only properties of the event can be asked for here.")
            found = self._property(each, here, remarks)
            if not isinstance(found, FieldRule) or remarks:
                raise NoMeaning("A condition on the event has no exact meaning here.")
            where.append(found)
        done = {"HAS_COMPLETED": False, "HAS_NOT_COMPLETED": True}
        op = entry_text(node, "operator", place)
        if op not in done:
            raise NoMeaning(f"The operator {op[:40]!r} has no meaning here.")
        window = window_of(node.get("pruningRefineBy"), at(place, "pruningRefineBy"))
        how, times = count_of(node.get("coalescingRefineBy"), at(place, "coalescingRefineBy"))
        event = self._name(entry_text(node, "eventTypeId", place))
        rule = EventRule(event, how, times, window, tuple(where))
        return _negated(rule) if done[op] else rule

    def _name(self, given: str) -> str:
        return self.names.get(given, given)


def _negated(rule: EventRule) -> EventRule:
    return replace(rule, op="did_not") if rule.op == "did" else ~rule


def _entries(node: Mapping[str, Any], key: str, place: str) -> list[tuple[dict[str, Any], str]]:
    """The objects in a list that may be missing, each with its place."""
    if node.get(key) is None:
        return []
    here = at(place, key)
    return [
        (record(each, at(here, index)), at(here, index))
        for index, each in enumerate(entry_list(node, key, place))
    ]
