"""How the values of each field are divided in a profile: found once for a snapshot, then counted.

Where an array of the field can be had, another segment costs one pass over it. Tags, lists and
texts with too many different values are counted by the sets of contacts that have each.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from segbench.audience.profile import NO_VALUE
from segbench.audience.scale import (
    FIRST_DAY,
    LAST_DAY,
    Part,
    Scale,
    date_scale,
    number_scale,
    place_of,
)
from segbench.engine.field_column import FieldColumn
from segbench.engine.histogram import values_of
from segbench.engine.membership import Membership
from segbench.model.catalog import Field
from segbench.model.moments import local_day
from segbench.model.rules import FieldRule, RuleOrGroup, TagRule
from segbench.plan.atoms import comparable
from segbench.workbench.divisions import (
    LISTED,
    Division,
    ScaleDivision,
    SetDivision,
    TextDivision,
    each_number,
)

if TYPE_CHECKING:
    from segbench.workbench.workbench import Workbench

MOST_ASKED = 60
"""How many items of a list, or tags, are looked at: the most frequent of all contacts."""
_EPOCH = dt.datetime(1970, 1, 1)
_EARLY, _LATE = 0.01, 0.99


def divide(workbench: Workbench, field: Field) -> Division | None:
    """How the values of a field are divided; None where no contact has any."""
    if not field.known:
        return None
    column = workbench.engine.columns.column(field.name) if field.type != "list" else None
    if column is None:
        return _by_sets(field)
    if field.type == "text":
        texts = _by_text(field.name, column)
        # Names of one contact each, such as addresses, tell nothing about two sides.
        return texts if 2 * len(texts.spellings) < field.known else _by_sets(field)
    everyone = Membership.everyone(workbench.contacts_total)
    scale = _scale(field, list(each_number(column, everyone)), workbench.zone)
    return ScaleDivision(field.name, column, scale) if scale else None


def divide_tags(workbench: Workbench) -> Division | None:
    """The tags; None where there are none."""
    tags = workbench.catalog.tags[:MOST_ASKED]
    rules = [(tag.value, TagRule("has_any_of", (tag.value,))) for tag in tags]
    return SetDivision(_parts(rules), LISTED) if rules else None


def _by_text(field: str, column: FieldColumn) -> TextDivision:
    places: dict[str, int] = {}
    spellings: list[str] = []
    folds = []
    for value in values_of(column).to_pylist():
        folded = comparable(value, match_case=False) if value is not None else ""
        if folded and folded not in places:
            places[folded] = len(spellings)
            spellings.append(value)
        folds.append(places.get(folded, -1))
    return TextDivision(field, column, np.array(folds, np.int64), tuple(spellings))


def _by_sets(field: Field) -> Division:
    empty = FieldRule(field.name, "is_empty")
    rules: list[tuple[str, RuleOrGroup]] = []
    if field.type == "list":
        items = {comparable(c.value, match_case=False): c.value for c in field.choices[::-1]}
        chosen = list(items.values())[::-1][:MOST_ASKED]
        rules = [(item, FieldRule(field.name, "has_any_of", (item,))) for item in chosen]
    if not rules:
        rules = [("has a value", FieldRule(field.name, "is_not_empty"))]
    return SetDivision(_parts([*rules, (NO_VALUE, empty)]), LISTED + 1)


def _parts(rules: Sequence[tuple[str, RuleOrGroup]]) -> tuple[Part, ...]:
    return tuple(Part(words, rule) for words, rule in rules)


def _scale(
    field: Field,
    found: Sequence[tuple[NDArray[Any], NDArray[np.int64] | None]],
    zone: ZoneInfo,
) -> Scale | None:
    if field.type == "boolean":
        no, yes = (FieldRule(field.name, op) for op in ("is_false", "is_true"))
        return Scale(np.array([1]), (Part("no", no), Part("yes", yes)))
    every = np.concatenate([numbers for numbers, _ in found])
    if not len(every):
        return None
    counts = found[0][1]
    if counts is None:
        every, counts = np.unique(every, return_counts=True)
    else:
        # Of contacts that changed since, a value stands once more for each of them.
        every, at = np.unique(every, return_inverse=True)
        counts = np.bincount(at, weights=counts).astype(np.int64)
    if field.type == "number":
        return number_scale(field.name, every, counts)
    return _of_days(field, every, counts, zone)


def _of_days(field: Field, every: NDArray[Any], counts: NDArray[np.int64], zone: ZoneInfo) -> Scale:
    """The scale of days or moments; those that stand for never do not stretch it."""
    unit = dt.timedelta(microseconds=1) if field.type == "datetime" else dt.timedelta(days=1)
    first, last = (place_of(day) * (dt.timedelta(days=1) // unit) for day in (FIRST_DAY, LAST_DAY))
    usual = (every >= first) & (every <= last)
    if usual.any():
        every, counts = every[usual], counts[usual]
    below = np.cumsum(counts)
    places = np.searchsorted(below, [_EARLY * below[-1], _LATE * below[-1]])
    early, late = (_EPOCH + at * unit for at in np.clip(every[places], first, last).tolist())
    if field.type == "datetime":
        return date_scale(field.name, local_day(early, zone), local_day(late, zone), zone)
    return date_scale(field.name, early.date(), late.date(), None)
