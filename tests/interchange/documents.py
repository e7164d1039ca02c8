"""Documents of other tools, drawn by hypothesis: sound ones, damaged ones, and any JSON at all.

Each leaf of a sound document names a property of its own, so that it can be found again.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from typing import Any

from hypothesis import strategies as st

any_json: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)
pick = st.sampled_from
days = st.integers(1, 400)
texts = pick(["DE", "de", "a,b", "", " ", "Ä", "\\,"])
numbers = st.integers(-5, 50) | pick([0.5, 1e9])
flags = st.booleans()


def numbered(document: Any, key: str, prefix: str) -> tuple[Any, list[str]]:
    """The document with each empty entry of that key filled with a name of its own."""
    names: list[str] = []

    def fill(node: Any) -> None:
        if isinstance(node, list):
            for each in node:
                fill(each)
        elif isinstance(node, dict):
            for name, value in node.items():
                if name == key and value == "?":
                    names.append(f"{prefix}{len(names)}-")
                    node[name] = names[-1]
                else:
                    fill(value)

    fill(document := copy.deepcopy(document))
    return document, names


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    entries: Any = ()
    if isinstance(value, dict):
        entries = value.items()
    elif isinstance(value, list):
        entries = enumerate(value)
    for key, each in entries:
        yield from places(each, (*path, key))


@st.composite
def damaged(draw: st.DrawFn, documents: st.SearchStrategy[Any]) -> Any:
    """A sound document with some of its values replaced by any others."""
    document = copy.deepcopy(draw(documents))
    for _ in range(draw(st.integers(0, 3))):
        path = draw(pick([place for place in places(document) if place] or [()]))
        if not path:
            return draw(any_json)
        node = document
        for key in path[:-1]:
            node = node[key]
        if draw(st.booleans()) or isinstance(node, list):
            node[path[-1]] = draw(any_json)
        else:
            del node[path[-1]]
    return document


def sources(documents: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """What a reader may be given: values, texts of them, or any text or bytes."""
    some = damaged(documents) | any_json
    return st.one_of(some, some.map(json.dumps), st.text(), st.binary())


# react-querybuilder

RQB_FIELDS = {"t": "text", "n": "number", "b": "boolean", "d": "date", "w": "datetime", "l": "list"}
_OPS = (
    *("=", "!=", "<", ">", "<=", ">=", "contains", "beginsWith", "endsWith", "doesNotContain"),
    *("doesNotBeginWith", "doesNotEndWith", "null", "notNull", "in", "notIn", "between"),
    *("notBetween", "regex"),
)
_relative = st.fixed_dictionaries(
    {
        "mode": pick(["relative", "absolute"]),
        "anchor": pick(["now", "startOfDay", "endOfMonth", "startOfYear", "dawn"]),
        "offset": st.integers(-40, 40),
        "unit": pick(["day", "month", "hour", "year", "eon"]),
    }
)
_value = texts | numbers | flags | _relative | pick(["2026-01-31", "2026-01-31T10:00:00", None])
rqb_values = _value | st.lists(_value, max_size=3)


def rqb_rule(field: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    inner = st.fixed_dictionaries(
        {"field": pick(["", "x"]), "operator": pick(_OPS), "value": texts}
    )
    query = st.fixed_dictionaries(
        {"combinator": pick(["and", "or"]), "rules": st.lists(inner, max_size=2)}
    )
    plain = st.fixed_dictionaries(
        {"field": field, "operator": pick(_OPS), "value": rqb_values},
        optional={"muted": flags, "disabled": flags, "valueSource": pick(["value", "field"])},
    )
    match = st.fixed_dictionaries(
        {"mode": pick(["all", "some", "none", "atLeast", "atMost", "exactly"])},
        optional={"threshold": pick([0, 1, 2, 0.5, -1])},
    )
    matched = st.fixed_dictionaries(
        {"field": field, "operator": pick(["=", "!="]), "value": query, "match": match}
    )
    return plain | plain | matched


def rqb_group(member: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    joined = st.fixed_dictionaries(
        {"combinator": pick(["and", "or", "AND", "xor"]), "rules": st.lists(member, max_size=4)},
        optional={"not": flags, "muted": flags, "id": st.just("i")},
    )
    return joined | st.lists(member, min_size=1, max_size=4).flatmap(alternating)


@st.composite
def alternating(draw: st.DrawFn, members: list[Any]) -> Any:
    rules = members[:1]
    for member in members[1:]:
        rules += [draw(pick(["and", "or"])), member]
    return {"rules": rules}


def nested(group: Callable[[Any], Any], leaf: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return group(leaf | group(leaf | group(leaf)))


rqb = nested(rqb_group, rqb_rule(pick([*RQB_FIELDS, "unknown", "orders"])))

# HubSpot

_point = st.one_of(
    st.fixed_dictionaries(
        {
            "timeType": st.just("DATE"),
            "year": st.just(2026),
            "zoneId": pick(["UTC", "Mars"]),
            "month": st.integers(0, 13),
            "day": st.integers(1, 31),
        },
        optional={"hour": st.just(5)},
    ),
    st.fixed_dictionaries(
        {
            "timeType": st.just("INDEXED"),
            "indexReference": st.fixed_dictionaries(
                {"referenceType": pick(["NOW", "TODAY", "WEEK", "FISCAL_YEAR"])}
            ),
        },
        optional={"offset": st.dictionaries(pick(["days", "weeks", "eons"]), st.integers(-9, 9))},
    ),
)
_EVERY_OP = (
    *("IS_EQUAL_TO", "IS_NOT_EQUAL_TO", "CONTAINS", "DOES_NOT_CONTAIN", "STARTS_WITH", "IS_ANY_OF"),
    *("IS_NONE_OF", "IS_BETWEEN", "IS_NOT_BETWEEN", "IS_KNOWN", "IS_UNKNOWN", "IS_BEFORE"),
    *("IS_AFTER", "IS_GREATER_THAN", "IS_LESS_THAN_X_DAYS_AGO", "HAS_EVER_BEEN_EQUAL_TO"),
)
_entries: dict[str, dict[str, Any]] = {
    "STRING": {"value": texts},
    "MULTISTRING": {"values": st.lists(texts, max_size=3)},
    "NUMBER": {"value": numbers},
    "NUMBER_RANGED": {"lowerBound": numbers, "upperBound": numbers},
    "BOOL": {"value": flags},
    "ENUMERATION": {"values": st.lists(texts, max_size=3)},
    "ALL_PROPERTY": {},
    "TIME_POINT": {"timePoint": _point, "endpointBehavior": pick(["INCLUSIVE", "EXCLUSIVE"])},
    "TIME_RANGED": {"lowerBoundTimePoint": _point, "upperBoundTimePoint": _point},
    "ROLLING_DATE_RANGE": {"numberOfDays": days},
    "CALENDAR_DATE": {"timeUnit": st.just("MONTH")},
}
_operations = pick(list(_entries)).flatmap(
    lambda kind: st.fixed_dictionaries(
        {
            "operationType": st.just(kind),
            "operator": pick(_EVERY_OP),
            "includeObjectsWithNoValueSet": flags,
            **_entries[kind],
        }
    )
)
_property = st.fixed_dictionaries(
    {"filterType": st.just("PROPERTY"), "property": st.just("?"), "operation": _operations}
)
_offset = st.fixed_dictionaries(
    {"amount": days, "offsetDirection": pick(["PAST", "FUTURE"]), "timeUnit": st.just("DAYS")}
)
_pruning = st.fixed_dictionaries(
    {
        "type": pick(["RELATIVE_COMPARATIVE", "ALL_HISTORY", "ABSOLUTE_RANGED"]),
        "comparison": pick(["AFTER", "BEFORE"]),
        "timeOffset": _offset,
    }
)
_coalescing = st.fixed_dictionaries(
    {"type": pick(["NUM_OCCURRENCES", "SET_OCCURRENCES"])},
    optional={"minOccurrences": st.integers(0, 4), "maxOccurrences": st.integers(0, 9)},
)
_form = st.fixed_dictionaries(
    {
        "filterType": st.just("FORM_SUBMISSION"),
        "formId": st.just("?"),
        "operator": pick(["FILLED_OUT", "NOT_FILLED_OUT"]),
    },
    optional={"pruningRefineBy": _pruning, "coalescingRefineBy": _coalescing},
)
_email = st.fixed_dictionaries(
    {
        "filterType": st.just("EMAIL_EVENT"),
        "emailId": st.just("?"),
        "operator": pick(["OPENED", "SENT_BUT_NOT_RECEIVED", "MARKED_SPAM", "ATE"]),
    },
    optional={"pruningRefineBy": _pruning, "level": st.just("X")},
)
_in_list = st.fixed_dictionaries(
    {
        "filterType": pick(["IN_LIST", "PRIVACY"]),
        "listId": st.just("?"),
        "operator": pick(["IN_LIST", "NOT_IN_LIST"]),
    }
)
_filters = st.lists(_property | _property | _form | _email | _in_list, max_size=3)


def _branch(below: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    events = st.fixed_dictionaries(
        {
            "filterBranchType": st.just("UNIFIED_EVENTS"),
            "eventTypeId": st.just("6-1"),
            "operator": pick(["HAS_COMPLETED", "HAS_NOT_COMPLETED"]),
            "filters": st.lists(_property, max_size=2),
            "filterBranches": st.just([]),
        }
    )
    plain = st.fixed_dictionaries(
        {
            "filterBranchType": pick(["AND", "OR", "NOT_ANY", "ASSOCIATION"]),
            "filters": _filters,
            "filterBranches": below,
        }
    )
    return plain | plain | events


hubspot = _branch(st.lists(_branch(st.lists(_branch(st.just([])), max_size=2)), max_size=3))
hubspot_names = ("property", "formId", "emailId", "listId")
