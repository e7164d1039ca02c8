"""The operator table: one row per operator feeds menu, sentence, check, evaluation and docs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from segbench.model.catalog import ValueType

Subject = Literal["field", "tag", "event", "measure", "sequence", "segment", "prebuilt", "sample"]
Shape = Literal["none", "one", "many", "two", "window", "compare"]
"""What an operator takes: no value, one, a list, a low and a high one, a window, a comparison."""
Takes = Literal["value", "text", "pattern", "count", "percent", "hour", "weekday", "month"]
"""What its values are: of the field's own type, or of another one."""

TEXT: frozenset[ValueType] = frozenset({"text"})
NUMBER: frozenset[ValueType] = frozenset({"number"})
BOOLEAN: frozenset[ValueType] = frozenset({"boolean"})
DATES: frozenset[ValueType] = frozenset({"date", "datetime"})
TIMES: frozenset[ValueType] = frozenset({"datetime"})
LIST: frozenset[ValueType] = frozenset({"list"})
SINGLE: frozenset[ValueType] = TEXT | NUMBER | BOOLEAN | DATES
EVERY: frozenset[ValueType] = SINGLE | LIST

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)


@dataclass(frozen=True, slots=True)
class Operator:
    """How a rule compares.

    `negates` names the operator of which this one is the exact complement.
    `phrase` is the sentence part; `{0}`, `{1}` are values, `{list}` and `{all}` the whole
    list, `{window}` the window. `types` are the value types it applies to, empty where the subject
    has no type. `windows` are the kinds of window it takes. `by_field` says that another field may
    stand in the place of its value, `ranked` that it ranks all contacts, so that it has no
    meaning for the properties of one event.
    """

    subject: Subject
    key: str
    label: str
    shape: Shape
    phrase: str
    types: frozenset[ValueType] = frozenset()
    negates: str | None = None
    takes: Takes = "value"
    windows: tuple[str, ...] = ()
    by_field: bool = False
    ranked: bool = False


def _field(
    key: str,
    label: str,
    shape: Shape,
    types: frozenset[ValueType],
    phrase: str,
    negates: str | None = None,
    *,
    takes: Takes = "value",
    windows: tuple[str, ...] = (),
    by_field: bool = False,
    ranked: bool = False,
) -> Operator:
    return Operator(
        "field", key, label, shape, phrase, types, negates, takes, windows, by_field, ranked
    )


def _measure(
    key: str, label: str, phrase: str, types: frozenset[ValueType] = frozenset()
) -> Operator:
    return Operator("measure", key, label, "compare", phrase, types)


# fmt: off
_TEXTS = (
    _field("is_any_of", "is any of", "many", TEXT, "is {list}"),
    _field("is_none_of", "is none of", "many", TEXT, "is not {list}", "is_any_of"),
    _field("is", "is", "one", TEXT, "is {0}", by_field=True),
    _field("is_not", "is not", "one", TEXT, "is not {0}", "is", by_field=True),
    _field("contains", "contains", "one", TEXT, "contains {0}", by_field=True),
    _field("does_not_contain", "does not contain", "one", TEXT, "does not contain {0}",
           "contains", by_field=True),
    _field("starts_with", "starts with", "one", TEXT, "starts with {0}", by_field=True),
    _field("does_not_start_with", "does not start with", "one", TEXT, "does not start with {0}",
           "starts_with", by_field=True),
    _field("ends_with", "ends with", "one", TEXT, "ends with {0}", by_field=True),
    _field("does_not_end_with", "does not end with", "one", TEXT, "does not end with {0}",
           "ends_with", by_field=True),
    _field("matches", "matches regex", "one", TEXT, "matches the pattern {0}", takes="pattern"),
    _field("does_not_match", "does not match regex", "one", TEXT,
           "does not match the pattern {0}", "matches", takes="pattern"),
    _field("length_at_least", "is at least … characters long", "one", TEXT,
           "is at least {0} characters long", takes="count"),
    _field("length_at_most", "is at most … characters long", "one", TEXT,
           "is at most {0} characters long", takes="count"),
    _field("length_equals", "is exactly … characters long", "one", TEXT,
           "is exactly {0} characters long", takes="count"),
)
_LISTS = (
    _field("has_any_of", "has any of", "many", LIST, "has {list}", takes="text"),
    _field("has_all_of", "has all of", "many", LIST, "has {all}", takes="text"),
    _field("has_none_of", "has none of", "many", LIST, "does not have {list}", "has_any_of",
           takes="text"),
    _field("item_contains", "has an item that contains", "one", LIST,
           "has an item that contains {0}", takes="text"),
    _field("no_item_contains", "has no item that contains", "one", LIST,
           "has no item that contains {0}", "item_contains", takes="text"),
    _field("size_at_least", "has at least … items", "one", LIST, "has at least {0} items",
           takes="count"),
    _field("size_at_most", "has at most … items", "one", LIST, "has 1 to {0} items",
           takes="count"),
    _field("size_equals", "has exactly … items", "one", LIST, "has exactly {0} items",
           takes="count"),
)
_NUMBERS = (
    _field("at_least", "≥ at least", "one", NUMBER, "is at least {0}", by_field=True),
    _field("at_most", "≤ at most", "one", NUMBER, "is at most {0}", by_field=True),
    _field("greater_than", "> greater than", "one", NUMBER, "is greater than {0}", by_field=True),
    _field("less_than", "< less than", "one", NUMBER, "is less than {0}", by_field=True),
    _field("equals", "= equals", "one", NUMBER, "equals {0}", by_field=True),
    _field("does_not_equal", "≠ does not equal", "one", NUMBER, "does not equal {0}", "equals",
           by_field=True),
    _field("in_top", "in the top … %", "one", NUMBER, "is in the top {0} %", takes="percent",
           ranked=True),
    _field("in_bottom", "in the bottom … %", "one", NUMBER, "is in the bottom {0} %",
           takes="percent", ranked=True),
)
_DATES = (
    _field("in_last", "in the last", "window", DATES, "is {window}", windows=("last",)),
    _field("not_in_last", "not in the last", "window", DATES, "is not {window}", "in_last",
           windows=("last",)),
    _field("in_next", "in the next", "window", DATES, "is {window}", windows=("next",)),
    _field("more_than_ago", "more than … ago", "window", DATES, "is {length} or more ago",
           windows=("last",)),
    _field("more_than_ahead", "more than … from now", "window", DATES,
           "is more than {length} from now", windows=("next",)),
    _field("between_ago", "between … and … ago", "window", DATES, "is {window}", windows=("ago",)),
    _field("in_period", "in (today, this week, …)", "window", DATES, "is {window}",
           windows=("calendar",)),
    _field("not_in_period", "not in (today, this week, …)", "window", DATES, "is not {window}",
           "in_period", windows=("calendar",)),
    _field("before_period", "before (today, this week, …)", "window", DATES, "is before {window}",
           windows=("calendar",)),
    _field("after_period", "after (today, this week, …)", "window", DATES, "is after {window}",
           windows=("calendar",)),
    _field("before", "before", "one", DATES, "is before {0}", by_field=True),
    _field("after", "after", "one", DATES, "is after {0}", by_field=True),
    _field("on", "on", "one", DATES, "is on {0}", by_field=True),
    _field("between", "between", "two", NUMBER | DATES, "is between {0} and {1}"),
    _field("not_between", "not between", "two", NUMBER | DATES, "is not between {0} and {1}",
           "between"),
    _field("weekday_is", "weekday is", "many", DATES, "falls on {list}", takes="weekday"),
    _field("month_is", "month is", "many", DATES, "falls in {list}", takes="month"),
    _field("hour_between", "hour is between", "two", TIMES, "has a time of day from {0} to {1}",
           takes="hour"),
    _field("anniversary_today", "anniversary is today", "none", DATES, "has its anniversary today"),
    _field("anniversary_next", "anniversary in the next", "window", DATES,
           "has its anniversary {window}", windows=("next",)),
    _field("anniversary_last", "anniversary in the last", "window", DATES,
           "has its anniversary {window}", windows=("last",)),
)
_OTHERS = (
    _field("is_true", "is true", "none", BOOLEAN, "is true"),
    _field("is_false", "is false", "none", BOOLEAN, "is false"),
    _field("is_not_empty", "is not empty", "none", EVERY, "is not empty"),
    _field("is_empty", "is empty", "none", EVERY, "is empty", "is_not_empty"),
)
_TAGS = (
    Operator("tag", "has_any_of", "has any of", "many", "tag is {list}"),
    Operator("tag", "has_all_of", "has all of", "many", "tags include {all}"),
    Operator("tag", "has_none_of", "has none of", "many", "tag is not {list}",
             negates="has_any_of"),
)
_EVENTS = (
    Operator("event", "did", "happened", "none", "happened"),
    Operator("event", "did_not", "did not happen", "none", "did not happen", negates="did"),
    Operator("event", "at_least", "at least … times", "one", "happened at least {0} times"),
    Operator("event", "at_most", "at most … times", "one", "happened at most {0} times"),
    Operator("event", "exactly", "exactly … times", "one", "happened exactly {0} times"),
    Operator("event", "between", "between … times", "two", "happened {0} to {1} times"),
)
_MEASURES = (
    _measure("sum", "sum of", "the sum of {property} of {events}", NUMBER),
    _measure("average", "average of", "the average {property} of {events}", NUMBER),
    _measure("smallest", "smallest", "the smallest {property} of {events}", NUMBER),
    _measure("largest", "largest", "the largest {property} of {events}", NUMBER),
    _measure("distinct", "number of different values of",
             "the number of different values of {property} of {events}", SINGLE),
    _measure("first_value", "first value of", "the first {property} of {events}", SINGLE),
    _measure("last_value", "most recent value of", "the most recent {property} of {events}",
             SINGLE),
    _measure("share", "share (in %) with the conditions",
             "the share (in %) of {all_events} that are {events}"),
    _measure("active_days", "number of different days",
             "the number of different days with {events}"),
    _measure("active_weeks", "number of different weeks",
             "the number of different weeks with {events}"),
    _measure("active_months", "number of different months",
             "the number of different months with {events}"),
    _measure("first_time", "first time", "the first time of {events}"),
    _measure("last_time", "most recent time", "the most recent time of {events}"),
)
_REST = (
    Operator("sequence", "in_order", "happened in this order", "none", "{steps}"),
    Operator("sequence", "not_followed", "… and then did not happen", "none", "{steps}"),
    Operator("segment", "is_in", "is in segment", "none", "segment is"),
    Operator("segment", "is_not_in", "is not in segment", "none", "segment is not",
             negates="is_in"),
    Operator("prebuilt", "is_in", "is", "none", "is"),
    Operator("prebuilt", "is_not_in", "is not", "none", "is not", negates="is_in"),
    Operator("sample", "is_in", "is in the sample", "none", "contact is in the sample"),
    Operator("sample", "is_not_in", "is not in the sample", "none", "contact is not in the sample",
             negates="is_in"),
)
# fmt: on

ROWS: tuple[Operator, ...] = (
    *(*_TEXTS, *_LISTS, *_NUMBERS, *_DATES, *_OTHERS),
    *(*_TAGS, *_EVENTS, *_MEASURES, *_REST),
)
"""Every operator, in menu order."""
