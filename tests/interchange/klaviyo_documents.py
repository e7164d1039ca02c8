"""Sound documents of Klaviyo, drawn by hypothesis."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from interchange.documents import flags, numbers, pick, texts

_VALUED: dict[str, tuple[list[str], st.SearchStrategy[Any]]] = {
    "string": (["equals", "not-equals", "not-contains", "regex", "ends-with", "near"], texts),
    "numeric": (["equals", "not-equals", "greater-than", "less-than", "in"], numbers),
    "boolean": (["equals", "not-equals"], flags),
    "list": (["contains", "not-contains", "contains-substring", "near"], texts),
    "existence": (["is-set", "not-set", "maybe-set"], st.nothing()),
}
_MANY = {
    "string": (["in", "not-in"], st.lists(texts, max_size=2)),
    "list": (["contains-any", "contains-all", "not-contains-any"], st.lists(texts, max_size=2)),
}
_SIZED = {"list": (["length-greater-than", "length-less-than"], st.integers(-1, 3))}


def _valued(kind: str, ops: list[str], value: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    entries = {"type": st.just(kind), "operator": pick(ops)}
    return st.fixed_dictionaries({**entries, **({} if value.is_empty else {"value": value})})


def _dated(ops: list[str], **entries: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.fixed_dictionaries({"type": st.just("date"), "operator": pick(ops), **entries})


_units = pick(["day", "hour", "week", "eon"])
_filter = st.one_of(
    *(_valued(kind, *row) for table in (_VALUED, _MANY, _SIZED) for kind, row in table.items()),
    _dated(
        ["in-the-last", "in-the-next", "at-least", "anniversary-next"],
        unit=_units,
        quantity=st.integers(-1, 90),
    ),
    _dated(["between"], unit=_units, start=st.integers(0, 9), end=st.integers(0, 9)),
    _dated(["before", "after"], date=pick(["2026-01-01T00:00:00+00:00", "2026-01-01", "then"])),
    _dated(["alltime", "anniversary", "anniversary-month"]),
)
_profile = st.fixed_dictionaries(
    {"type": st.just("profile-property"), "property": st.just("?"), "filter": _filter}
)
_metric = st.fixed_dictionaries(
    {
        "type": st.just("profile-metric"),
        "metric_id": st.just("?"),
        "measurement": pick(["count", "sum", "unique"]),
        "measurement_filter": st.fixed_dictionaries(
            {
                "type": st.just("numeric"),
                "operator": pick(["equals", "less-than"]),
                "value": numbers,
            }
        ),
        "timeframe_filter": _filter | st.just({"type": "date", "operator": "alltime"}),
    }
)
_consent = st.fixed_dictionaries(
    {"type": st.just("profile-marketing-consent"), "consent": st.just({}), "property": st.just("?")}
)
_conditions = st.lists(_profile | _metric | _consent, max_size=3)
klaviyo = st.fixed_dictionaries(
    {"condition_groups": st.lists(st.fixed_dictionaries({"conditions": _conditions}), max_size=3)}
)
klaviyo_names = ("property", "metric_id")
