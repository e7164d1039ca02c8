"""What HubSpot's property operations mean here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, cast

from segbench.interchange.hubspot_times import side
from segbench.interchange.ledger import require_known
from segbench.interchange.moments import Sign
from segbench.interchange.report import NoMeaning
from segbench.interchange.untrusted import (
    at,
    entry_flag,
    entry_number,
    entry_record,
    entry_text,
    entry_texts,
    entry_whole,
)
from segbench.model.catalog import ValueType
from segbench.model.operators import operator
from segbench.model.rules import FieldRule, Group, RuleOrGroup
from segbench.model.values import Combinator
from segbench.model.windows import Last, Next

EMPTY = "includeObjectsWithNoValueSet"
_COMMON = frozenset({"operationType", "operator", "propertyType", "type", EMPTY})
_KNOWN = {
    "STRING": {"value"},
    "MULTISTRING": {"values"},
    "NUMBER": {"value"},
    "NUMBER_RANGED": {"lowerBound", "upperBound"},
    "BOOL": {"value"},
    "ENUMERATION": {"values"},
    "ALL_PROPERTY": set[str](),
    "TIME_POINT": {"timePoint", "endpointBehavior", "propertyParser"},
    "TIME_RANGED": {
        "lowerBoundTimePoint",
        "upperBoundTimePoint",
        "lowerBoundEndpointBehavior",
        "upperBoundEndpointBehavior",
        "propertyParser",
    },
    "ROLLING_DATE_RANGE": {"numberOfDays", "requiresTimeZoneConversion"},
    "COMPARATIVE_DATE": {"comparisonPropertyName"},
}
_TEXTS = {
    "IS_EQUAL_TO": "is_any_of",
    "IS_NOT_EQUAL_TO": "is_none_of",
    "CONTAINS": "contains",
    "DOES_NOT_CONTAIN": "does_not_contain",
    "STARTS_WITH": "starts_with",
    "ENDS_WITH": "ends_with",
}
_NUMBERS = {
    "IS_EQUAL_TO": "equals",
    "IS_NOT_EQUAL_TO": "does_not_equal",
    "IS_GREATER_THAN": "greater_than",
    "IS_GREATER_THAN_OR_EQUAL_TO": "at_least",
    "IS_LESS_THAN": "less_than",
    "IS_LESS_THAN_OR_EQUAL_TO": "at_most",
}
_CHOICES = {"IS_ANY_OF": "is_any_of", "IS_NONE_OF": "is_none_of"}
_LISTS = {"IS_ANY_OF": "has_any_of", "IS_NONE_OF": "has_none_of", "CONTAINS_ALL": "has_all_of"}
_RANGES = {"IS_BETWEEN": "between", "IS_NOT_BETWEEN": "not_between"}
_PRESENCE = {
    "IS_KNOWN": "is_not_empty",
    "IS_NOT_BLANK": "is_not_empty",
    "IS_UNKNOWN": "is_empty",
    "IS_BLANK": "is_empty",
}
_ROLLING = {
    "IS_LESS_THAN_X_DAYS_AGO": ("in_last", Last),
    "IS_MORE_THAN_X_DAYS_AGO": ("more_than_ago", Last),
    "IS_LESS_THAN_X_DAYS_FROM_NOW": ("in_next", Next),
    "IS_MORE_THAN_X_DAYS_FROM_NOW": ("more_than_ahead", Next),
}


def property_meaning(
    field: str,
    operation: Mapping[str, Any],
    place: str,
    kind: ValueType | None,
    remarks: list[str],
) -> RuleOrGroup:
    """The meaning of an operation on a property; adds to the remarks what is not exact about it.

    `kind` is the type of our field, where it is known.
    """
    name = entry_text(operation, "operationType", place)
    if name not in _KNOWN:
        raise NoMeaning(f"The operation {name[:40]!r} has no meaning here.")
    require_known(operation, _COMMON | _KNOWN[name])
    if operation.get("propertyParser", "VALUE") not in ("VALUE", None):
        raise NoMeaning("Only the value of a property can be asked for, not its history.")
    return _READERS[name](_Asked(field, operation, place, kind, remarks))


class _Asked:
    """One operation on one field."""

    def __init__(
        self,
        field: str,
        given: Mapping[str, Any],
        place: str,
        kind: ValueType | None,
        remarks: list[str],
    ) -> None:
        self.field, self.given, self.place, self.remarks = field, given, place, remarks
        self.of_days, self.is_list = kind == "date", kind == "list"
        self.operator = entry_text(given, "operator", place)

    def op(self, table: Mapping[str, str]) -> str:
        if self.operator not in table:
            raise NoMeaning(f"The operator {self.operator[:40]!r} has no meaning here.")
        return table[self.operator]

    def rule(self, op: str, *values: Any) -> FieldRule:
        """The rule, with contacts without a value where the operation puts them."""
        rule = FieldRule(self.field, op, values)
        included, negative = self.empties, operator("field", op).negates is not None
        if included == negative:
            return rule
        return replace(rule, unknown="include" if included else "exclude")

    @property
    def empties(self) -> bool:
        return entry_flag(self.given, EMPTY, self.place)


def _string(asked: _Asked) -> RuleOrGroup:
    return _several(asked, (entry_text(asked.given, "value", asked.place),))


def _multistring(asked: _Asked) -> RuleOrGroup:
    return _several(asked, entry_texts(asked.given, "values", asked.place))


def _several(asked: _Asked, values: tuple[str, ...]) -> RuleOrGroup:
    """One rule for a list of values; a rule for each part of a text."""
    op = asked.op(_TEXTS)
    if op in ("is_any_of", "is_none_of"):
        return asked.rule(op, *values)
    if len(values) == 1:
        return asked.rule(op, *values)
    joined: Combinator = "and" if operator("field", op).negates else "or"
    return Group(joined, tuple(asked.rule(op, value) for value in values))


def _number(asked: _Asked) -> RuleOrGroup:
    return asked.rule(asked.op(_NUMBERS), entry_number(asked.given, "value", asked.place))


def _number_range(asked: _Asked) -> RuleOrGroup:
    bounds = (entry_number(asked.given, key, asked.place) for key in ("lowerBound", "upperBound"))
    return asked.rule(asked.op(_RANGES), *bounds)


def _bool(asked: _Asked) -> RuleOrGroup:
    equal = asked.op({"IS_EQUAL_TO": "yes", "IS_NOT_EQUAL_TO": ""}) == "yes"
    wanted = entry_flag(asked.given, "value", asked.place, None) == equal
    return asked.rule("is_true" if wanted else "is_false")


def _enumeration(asked: _Asked) -> RuleOrGroup:
    op = asked.op(_LISTS if asked.is_list else _CHOICES)
    return asked.rule(op, *entry_texts(asked.given, "values", asked.place))


def _presence(asked: _Asked) -> RuleOrGroup:
    return FieldRule(asked.field, asked.op(_PRESENCE))


def _time_point(asked: _Asked) -> RuleOrGroup:
    before = asked.op({"IS_BEFORE": "<", "IS_AFTER": ">"}) == "<"
    inclusive = asked.given.get("endpointBehavior") == "INCLUSIVE"
    sign = ("<=" if inclusive else "<") if before else (">=" if inclusive else ">")
    return _side(asked, cast(Sign, sign), "timePoint")


def _time_range(asked: _Asked) -> RuleOrGroup:
    lower = asked.given.get("lowerBoundEndpointBehavior") == "INCLUSIVE"
    upper = asked.given.get("upperBoundEndpointBehavior") == "INCLUSIVE"
    low: Sign = ">=" if lower else ">"
    high: Sign = "<=" if upper else "<"
    joined: Combinator = "and"
    if asked.op(_RANGES) == "not_between":
        # The opposites of both sides, so that contacts without a value stay out.
        joined, low, high = "or", "<" if lower else "<=", ">" if upper else ">="
    ends = _side(asked, low, "lowerBoundTimePoint"), _side(asked, high, "upperBoundTimePoint")
    return Group(joined, ends)


def _side(asked: _Asked, sign: Sign, key: str) -> FieldRule:
    if asked.empties:
        raise NoMeaning("A time of which contacts without one count has no meaning here.")
    point = entry_record(asked.given, key, asked.place)
    if point.get("timeType") == "PROPERTY_REFERENCED":
        raise NoMeaning("A time that another property gives has no meaning here.")
    rule, remark = side(asked.field, sign, point, at(asked.place, key), of_days=asked.of_days)
    if remark:
        asked.remarks.append(remark)
    return rule


def _rolling(asked: _Asked) -> RuleOrGroup:
    if asked.operator not in _ROLLING:
        raise NoMeaning(f"The operator {asked.operator[:40]!r} has no meaning here.")
    op, window = _ROLLING[asked.operator]
    amount = entry_whole(asked.given, "numberOfDays", asked.place)
    if amount < 1:
        raise NoMeaning("A length of time is at least 1.")
    return replace(asked.rule(op), window=window(amount, "days"))


def _comparative(asked: _Asked) -> RuleOrGroup:
    op = asked.op({"IS_BEFORE": "before", "IS_AFTER": "after"})
    other = entry_text(asked.given, "comparisonPropertyName", asked.place)
    if not other:
        raise NoMeaning("The other property has no name.")
    return replace(asked.rule(op), other=other)


_READERS: dict[str, Callable[[_Asked], RuleOrGroup]] = {
    "STRING": _string,
    "MULTISTRING": _multistring,
    "NUMBER": _number,
    "NUMBER_RANGED": _number_range,
    "BOOL": _bool,
    "ENUMERATION": _enumeration,
    "ALL_PROPERTY": _presence,
    "TIME_POINT": _time_point,
    "TIME_RANGED": _time_range,
    "ROLLING_DATE_RANGE": _rolling,
    "COMPARATIVE_DATE": _comparative,
}
