"""Klaviyo's segment definitions (`condition_groups`) read as a group."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from segbench.interchange.klaviyo_filters import NUMBERS, filter_meaning, time_frame
from segbench.interchange.ledger import Ledger, require_known
from segbench.interchange.report import Imported, NoMeaning
from segbench.interchange.soundness import require_sound
from segbench.interchange.untrusted import (
    Source,
    at,
    entry_flag,
    entry_list,
    entry_number,
    entry_record,
    entry_text,
    entry_texts,
    record,
    record_of,
)
from segbench.model.catalog import ValueType
from segbench.model.rules import (
    Comparison,
    EventRule,
    FieldRule,
    Group,
    MeasureRule,
    RuleOrGroup,
    SegmentRule,
)

VALUE = "$value"
"""The property of a metric that Klaviyo sums."""
_METRIC = {
    *("type", "metric_id", "measurement", "measurement_filter", "timeframe_filter"),
    "metric_filters",
}
_LOCAL = ("month_is", "anniversary_today", "anniversary_next", "anniversary_last")
_ZONE = "Its days are those of UTC, here those of the workspace."
_WITHIN = ("data", "attributes", "definition")


def from_klaviyo(
    data: Source,
    *,
    types: Mapping[str, ValueType] | None = None,
    names: Mapping[str, str] | None = None,
) -> Imported:
    """The group that a segment definition describes, bare or inside a segment as the API gives it.

    `names` translates properties, ids of metrics and ids of groups into our fields, events and
    segments; `types` has the types of our fields, where they are known.
    """
    root, place = record_of(data), ""
    for key in _WITHIN:
        if "condition_groups" not in root and key in root:
            root, place = entry_record(root, key, place), at(place, key)
    reading = _Reading(types or {}, names or {})
    return reading.ledger.finish(reading.definition(root, place))


@dataclass(frozen=True)
class _Reading:
    types: Mapping[str, ValueType]
    names: Mapping[str, str]
    ledger: Ledger = field(default_factory=lambda: Ledger("Klaviyo"))

    def definition(self, node: dict[str, Any], place: str) -> Group:
        """The groups of conditions, which are joined by AND."""
        self._remark_others(node, {"condition_groups"}, place)
        here, members = at(place, "condition_groups"), []
        for index, each in enumerate(entry_list(node, "condition_groups", place)):
            members.append(self.conditions(record(each, at(here, index)), at(here, index)))
        return Group("and", tuple(members))

    def conditions(self, node: dict[str, Any], place: str) -> Group:
        """The conditions of one group, which are joined by OR."""
        self._remark_others(node, {"conditions"}, place)
        here = at(place, "conditions")
        listed = entry_list(node, "conditions", place)
        if not listed:
            self.ledger.remark(place, node, "An empty group is ignored here.", "differs")
        return Group(
            "or",
            tuple(
                self.condition(record(each, at(here, index)), at(here, index))
                for index, each in enumerate(listed)
            ),
        )

    def condition(self, node: dict[str, Any], place: str) -> RuleOrGroup:
        try:
            return self._meaning(node, place)
        except NoMeaning as reason:
            return self.ledger.set_aside(place, node, str(reason))

    def _meaning(self, node: dict[str, Any], place: str) -> RuleOrGroup:
        match entry_text(node, "type", place):
            case "profile-property":
                require_known(node, {"type", "property", "filter"})
                return self._filtered(node, place, self.types)
            case "profile-metric":
                return self._metric(node, place)
            case "profile-group-membership":
                return self._membership(node, place)
            case kind:
                raise NoMeaning(f"A condition of the kind {kind[:60]!r} has no meaning here.")

    def _filtered(
        self, node: dict[str, Any], place: str, types: Mapping[str, ValueType]
    ) -> FieldRule:
        name = self._name(_property(entry_text(node, "property", place)))
        given = entry_record(node, "filter", place)
        rule = filter_meaning(name, given, at(place, "filter"))
        require_sound(rule, types.get(name))
        if rule.op in _LOCAL and types.get(name) != "date":
            self.ledger.remark(place, given, _ZONE, "differs")
        return rule

    def _metric(self, node: dict[str, Any], place: str) -> RuleOrGroup:
        require_known(node, _METRIC)
        event = self._name(entry_text(node, "metric_id", place))
        window = time_frame(entry_record(node, "timeframe_filter", place), place)
        where = self._where(node, place)
        here = at(place, "measurement_filter")
        compared = entry_record(node, "measurement_filter", place)
        require_known(compared, {"type", "operator", "value"})
        op, value = entry_text(compared, "operator", here), entry_number(compared, "value", here)
        if op not in NUMBERS or compared.get("type") != "numeric":
            raise NoMeaning(f"The operator {op[:40]!r} has no meaning here.")
        match entry_text(node, "measurement", place):
            case "count":
                return _counted(EventRule(event, window=window, where=where), op, value)
            case "sum":
                test = Comparison(NUMBERS[op], (value,))
                return MeasureRule(event, "sum", test, self._name(VALUE), window, where)
            case figure:
                raise NoMeaning(f"The figure {figure[:40]!r} has no meaning here.")

    def _where(self, node: dict[str, Any], place: str) -> tuple[FieldRule, ...]:
        if node.get("metric_filters") is None:
            return ()
        here = at(place, "metric_filters")
        where = []
        for index, each in enumerate(entry_list(node, "metric_filters", place)):
            condition = record(each, at(here, index))
            require_known(condition, {"property", "filter"})
            where.append(self._filtered(condition, at(here, index), {}))
        return tuple(where)

    def _membership(self, node: dict[str, Any], place: str) -> RuleOrGroup:
        require_known(node, {"type", "is_member", "group_ids"})
        within = entry_flag(node, "is_member", place, None)
        ids = entry_texts(node, "group_ids", place)
        if not ids or not all(ids):
            raise NoMeaning("It names no list or segment.")
        if len(ids) > 1:
            raise NoMeaning("It is not said whether any or all of the lists and segments count.")
        return SegmentRule(self._name(ids[0]), "is_in" if within else "is_not_in")

    def _remark_others(self, node: dict[str, Any], known: set[str], place: str) -> None:
        for key in sorted(set(node) - known):
            why = f"The entry {key[:40]!r} has no meaning here."
            self.ledger.remark(at(place, key[:40]), node[key], why, "differs")

    def _name(self, given: str) -> str:
        return self.names.get(given, given)


def _property(given: str) -> str:
    """The name of a custom property out of `properties['Favourite colour']`."""
    for quote in ("'", '"'):
        start, end = f"properties[{quote}", f"{quote}]"
        if given.startswith(start) and given.endswith(end) and len(given) > len(start) + 1:
            return given[len(start) : -len(end)]
    return given


def _counted(rule: EventRule, op: str, value: int | float) -> EventRule:
    if isinstance(value, float):
        if not value.is_integer():
            raise NoMeaning("How many times is a whole number.")
        value = int(value)
    match op:
        case "greater-than-or-equal" | "greater-than":
            return rule.at_least(_times(value + (op == "greater-than")))
        case "less-than-or-equal" | "less-than":
            return rule.at_most(_times(value - (op == "less-than")))
        case _:
            found = rule.exactly(_times(value))
            return found if op == "equals" else ~found


def _times(value: int) -> int:
    if not 0 <= value <= 1_000_000_000:
        raise NoMeaning("How many times is 0 to 1,000,000,000.")
    return value
