"""Segments and times that the tests of the library share."""

from __future__ import annotations

import datetime as dt

from segbench.library.library import Library
from segbench.library.saved import SavedSegment
from segbench.model.ask import field, in_segment, tag
from segbench.model.rules import Group
from segbench.model.segment import Segment

MONDAY = dt.datetime(2026, 10, 19, 9, 30, tzinfo=dt.UTC)
TUESDAY = MONDAY + dt.timedelta(days=1)
GERMAN, FRENCH = field("country").is_any_of("DE"), field("country").is_any_of("FR")
VIP = tag("vip")


def save(library: Library, name: str, *rules: object, **how: object) -> SavedSegment:
    """Save a segment of these rules, over the one of its name unless told otherwise."""
    group = Group(rules=rules or (GERMAN,))  # type: ignore[arg-type]
    told = {"now": MONDAY, "replace": True} | how
    return library.save(Segment(name, group), **told)  # type: ignore[arg-type]


def asking(*names: str) -> tuple[object, ...]:
    """Rows that refer to saved segments."""
    return tuple(in_segment(name) for name in names)
