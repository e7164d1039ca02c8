"""What a profile says in sentences: the finding, the remarks, and the numbers in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from segbench.audience.activity import Activity
from segbench.audience.profile import FieldProfile, Profile, Value, most_telling
from segbench.ui.theme import LONGEST
from segbench.ui.wording import contacts, number, percent, plain, short

ALL = "all contacts"
NOBODY = "Nobody is in the segment now, so there is nobody to profile."
APART = (
    "Apart: how many of 100 contacts of the segment would need another value of the field for both "
    "sides to have the same shares. 0 % is no difference, 100 % is nothing in common. Where a "
    "contact may have several values, it is that of the value that differs most."
)
INDEX = "Index: 100 is the same share as on the other side, 200 is twice as much, 50 is half."
CHANCE = (
    "May be chance: as many contacts drawn at random differ as much in more than about one of a "
    "thousand draws."
)
SHOWN = 12
_Told = Sequence[tuple[FieldProfile, Value]]


def other_side(name: str) -> str:
    """What the other side is called: all contacts, or a saved segment."""
    return f"“{plain(name)}”" if name else ALL


def nothing_to_tell(found: Profile, name: str) -> str:
    """Why there is nothing to compare; empty where there is."""
    sides, other = found.sides, other_side(name)
    if not sides.here:
        return NOBODY
    if not sides.there:
        return f"Nobody is in {other} now, so there is nobody to compare with."
    if not sides.apart:
        return f"The segment holds the same contacts as {other}: nothing tells them apart."
    return ""


def values_finding(
    found: Profile, name: str, field: FieldProfile | None, *, most_values: int = 3
) -> str:
    """What tells most: of one field, or of all, where up to so many values are named."""
    other = other_side(name)
    if field is not None:
        if field.chance:
            return f"{short(field.label, LONGEST)} differs from {other} no more than chance may."
        most = max(field.values, key=lambda value: abs(value.difference))
        return f"{short(field.label, LONGEST)}, unlike {other}: {_told(most, name)}"
    told = most_telling(found, most_values, of_field=1)
    if not told:
        return f"Nothing tells the segment from {other} by more than chance."
    return f"Unlike {other}: " + ", ".join(
        f"{short(field.label, LONGEST)} {_told(value, name)}" for field, value in told
    )


def values_remark(found: Profile, name: str) -> str:
    """What the marks of the chart stand for, and how many contacts are on both sides."""
    sides = found.sides
    words = (
        f"Dot: share of the segment ({number(sides.here)}). "
        f"Ring: share of {other_side(name)} ({number(sides.there)})."
    )
    return f"{words} {shared(found, name)}".strip()


def shared(found: Profile, name: str) -> str:
    """How far the two sides are the same contacts; of all contacts that goes without saying."""
    if not name:
        return ""
    if not found.sides.both:
        return "Nobody is in both."
    be = "is" if found.sides.both == 1 else "are"
    return f"{contacts(found.sides.both)} {be} in both."


def values_summary(name: str, rows: _Told) -> str:
    """The chart in words."""
    lines = [
        f"{plain(field.label)}, {plain(value.words)}: {number(value.here)} of "
        f"{number(value.sides.here)} here ({percent(value.here, value.sides.here)}), "
        f"{number(value.there)} of {number(value.sides.there)} there "
        f"({percent(value.there, value.sides.there)}), index {index_text(value)}"
        f"{', may be chance' if value.chance else ''}."
        for field, value in rows
    ]
    return " ".join([f"The segment here, {other_side(name)} there.", *lines])


def index_text(value: Value) -> str:
    """The index of a value; a dash where the other side has none."""
    return "–" if value.index is None else f"{value.index:,.0f}"


def share_text(share: float) -> str:
    """A share from 0 to 1, written as other shares are."""
    return percent(round(share * 10**9), 10**9)


def time_finding(found: Activity, event: str, every: str, name: str) -> str:
    """How active both sides are on average."""
    here, there = found.means()
    rather = "as much as" if here == there else "more than" if here > there else "less than"
    return (
        f"{short(event, LONGEST)}: {share_text(here)} of the segment in an average {every}, "
        f"{rather} {other_side(name)} with {share_text(there)}"
    )


def time_remark(found: Activity, every: str, name: str) -> str:
    """What the lines are, and when the segment was most active."""
    words = (
        f"Solid line: the segment. Dashed: {other_side(name)}. The last {every} is not over yet."
    )
    top = max(found.points, key=lambda point: point.here, default=None)
    if top is None or not top.here:
        return words
    share = percent(top.here, found.sides.here)
    return f"{words} The segment was most active in {span_text(top.period.start, every)}: {share}."


def time_summary(found: Activity, every: str, name: str) -> str:
    """The lines in words."""
    sides = found.sides
    lines = [
        f"{span_text(point.period.start, every)}: {number(point.here)} here "
        f"({percent(point.here, sides.here)}), {number(point.there)} there "
        f"({percent(point.there, sides.there)})."
        for point in found.points
    ]
    return " ".join([f"The segment here, {other_side(name)} there.", *lines])


def span_text(start: dt.date, every: str) -> str:
    """A week or month by its first day."""
    if every == "month":
        return f"{start:%b} {start.year}"
    return f"the week of {start.day} {start:%b} {start.year}"


def _told(value: Value, name: str) -> str:
    """A value and both shares, after words that fit in a title."""
    sides = value.sides
    here, there = percent(value.here, sides.here), percent(value.there, sides.there)
    whom = f"of {'them' if name else 'all'}"
    return f"{short(value.words, LONGEST)} {here} ({there} {whom})"
