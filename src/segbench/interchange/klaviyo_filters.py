"""What Klaviyo's filters of a value mean here, and its time frames of events."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from segbench.interchange.ledger import require_known
from segbench.interchange.moments import is_moment
from segbench.interchange.report import NoMeaning
from segbench.interchange.untrusted import (
    entry_flag,
    entry_number,
    entry_text,
    entry_texts,
    entry_whole,
)
from segbench.model.operators import MONTHS, operator
from segbench.model.rules import FieldRule
from segbench.model.windows import Ago, Last, Next, Unit, Window

_TEXTS = {
    "equals": "is",
    "not-equals": "is_not",
    "contains": "contains",
    "not-contains": "does_not_contain",
    "starts-with": "starts_with",
    "not-starts-with": "does_not_start_with",
    "ends-with": "ends_with",
    "not-ends-with": "does_not_end_with",
}
_SETS = {"in": "is_any_of", "not-in": "is_none_of"}
NUMBERS = {
    "equals": "equals",
    "not-equals": "does_not_equal",
    "greater-than": "greater_than",
    "greater-than-or-equal": "at_least",
    "less-than": "less_than",
    "less-than-or-equal": "at_most",
}
_LISTS = {
    "contains-any": "has_any_of",
    "contains-all": "has_all_of",
    "not-contains-any": "has_none_of",
}
_SIZES = {
    "length-equals": ("size_equals", 0),
    "length-greater-than": ("size_at_least", 1),
    "length-greater-than-or-equal": ("size_at_least", 0),
    "length-less-than": ("size_at_most", -1),
    "length-less-than-or-equal": ("size_at_most", 0),
}
_RELATIVE: dict[str, tuple[str, type[Last] | type[Next]]] = {
    "in-the-last": ("in_last", Last),
    "in-the-next": ("in_next", Next),
    "at-least": ("more_than_ago", Last),
    "anniversary-last": ("anniversary_last", Last),
    "anniversary-next": ("anniversary_next", Next),
}
_UNITS: dict[str, Unit] = {"day": "days", "hour": "hours", "week": "weeks"}


def filter_meaning(field: str, given: Mapping[str, Any], place: str) -> FieldRule:
    """The meaning of a filter of a property; contacts that have none of it are never in."""
    kind = entry_text(given, "type", place)
    if kind not in _READERS:
        raise NoMeaning(f"A filter of the kind {kind[:40]!r} has no meaning here.")
    rule = _READERS[kind](field, given, entry_text(given, "operator", place), place)
    row = operator("field", rule.op)
    if kind == "existence" or row.negates is None:
        return rule
    return replace(rule, unknown="exclude")


def _string(field: str, given: Mapping[str, Any], op: str, place: str) -> FieldRule:
    require_known(given, {"type", "operator", "value"})
    if op in _SETS:
        values = entry_texts(given, "value", place)
        return FieldRule(field, _SETS[op], values, match_case=True)
    if op not in _TEXTS:
        raise _no_operator(op)
    return FieldRule(field, _TEXTS[op], (entry_text(given, "value", place),), match_case=True)


def _numeric(field: str, given: Mapping[str, Any], op: str, place: str) -> FieldRule:
    if op == "between":
        require_known(given, {"type", "operator", "start", "end"})
        bounds = tuple(entry_number(given, key, place) for key in ("start", "end"))
        return FieldRule(field, "between", bounds)
    require_known(given, {"type", "operator", "value"})
    if op not in NUMBERS:
        raise _no_operator(op)
    return FieldRule(field, NUMBERS[op], (entry_number(given, "value", place),))


def _boolean(field: str, given: Mapping[str, Any], op: str, place: str) -> FieldRule:
    require_known(given, {"type", "operator", "value"})
    if op != "equals":
        raise _no_operator(op)
    return FieldRule(field, "is_true" if entry_flag(given, "value", place, None) else "is_false")


def _existence(field: str, given: Mapping[str, Any], op: str, _: str) -> FieldRule:
    require_known(given, {"type", "operator"})
    if op not in ("is-set", "not-set"):
        raise _no_operator(op)
    return FieldRule(field, "is_not_empty" if op == "is-set" else "is_empty")


def _list(field: str, given: Mapping[str, Any], op: str, place: str) -> FieldRule:
    require_known(given, {"type", "operator", "value"})
    if op in _SIZES:
        size, more = _SIZES[op]
        return FieldRule(field, size, (entry_whole(given, "value", place) + more,))
    if op in _LISTS:
        return FieldRule(field, _LISTS[op], entry_texts(given, "value", place), match_case=True)
    texts = {
        "contains": "has_any_of",
        "not-contains": "has_none_of",
        "contains-substring": "item_contains",
        "not-contains-substring": "no_item_contains",
    }
    if op not in texts:
        raise _no_operator(op)
    if not isinstance(given.get("value"), str):
        raise NoMeaning("The items of a list are texts here.")
    return FieldRule(field, texts[op], (entry_text(given, "value", place),), match_case=True)


def _date(field: str, given: Mapping[str, Any], op: str, place: str) -> FieldRule:
    if op in _RELATIVE:
        require_known(given, {"type", "operator", "unit", "quantity"})
        ours, window = _RELATIVE[op]
        amount = entry_whole(given, "quantity", place)
        return FieldRule(field, ours, window=window(amount, _unit(given, place)))
    match op:
        case "before" | "after":
            require_known(given, {"type", "operator", "date"})
            return FieldRule(field, op, (_instant(given, "date", place),))
        case "between-static":
            require_known(given, {"type", "operator", "start", "end"})
            ends = tuple(_instant(given, key, place) for key in ("start", "end"))
            return FieldRule(field, "between", ends)
        case "between":
            return FieldRule(field, "between_ago", window=_ago(given, place))
        case "calendar-month":
            require_known(given, {"type", "operator", "value"})
            month = entry_whole(given, "value", place)
            if not 1 <= month <= 12:
                raise NoMeaning(f"There is no month {month}.")
            return FieldRule(field, "month_is", (MONTHS[month - 1],))
        case "anniversary":
            require_known(given, {"type", "operator"})
            return FieldRule(field, "anniversary_today")
        case _:
            raise _no_operator(op)


def time_frame(given: Mapping[str, Any], place: str) -> Window | None:
    """The window that a time frame of events stands for; None where it is all time."""
    op = entry_text(given, "operator", place)
    if entry_text(given, "type", place) != "date":
        raise NoMeaning("A time frame is a filter of dates.")
    if op == "alltime":
        require_known(given, {"type", "operator"})
        return None
    if op == "in-the-last":
        require_known(given, {"type", "operator", "unit", "quantity"})
        return Last(_length(entry_whole(given, "quantity", place)), _unit(given, place))
    if op == "between":
        return _ago(given, place)
    raise NoMeaning(f"The time frame {op[:40]!r} cannot be said of events here.")


def _ago(given: Mapping[str, Any], place: str) -> Ago:
    require_known(given, {"type", "operator", "start", "end", "unit"})
    ends = sorted(_length(entry_whole(given, key, place)) for key in ("start", "end"))
    if ends[0] == ends[1]:
        raise NoMeaning("The period between the two has no length.")
    return Ago(ends[0], ends[1], _unit(given, place))


def _length(amount: int) -> int:
    if amount < 1:
        raise NoMeaning("A length of time is at least 1.")
    return amount


def _unit(given: Mapping[str, Any], place: str) -> Unit:
    unit = entry_text(given, "unit", place)
    if unit not in _UNITS:
        raise NoMeaning(f"There is no unit of time {unit[:40]!r} here.")
    return _UNITS[unit]


def _instant(given: Mapping[str, Any], key: str, place: str) -> str:
    value = entry_text(given, key, place)
    if len(value) <= 10 or not is_moment(value):
        raise NoMeaning("An instant is needed, such as 2026-10-23T00:00:00+00:00.")
    return value


def _no_operator(op: str) -> NoMeaning:
    return NoMeaning(f"The operator {op[:40]!r} has no meaning here.")


_READERS: dict[str, Callable[[str, Mapping[str, Any], str, str], FieldRule]] = {
    "string": _string,
    "numeric": _numeric,
    "boolean": _boolean,
    "existence": _existence,
    "list": _list,
    "date": _date,
}
