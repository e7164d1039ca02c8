"""The numbers of the charts as tables, for reading and for download."""

from __future__ import annotations

import pandas as pd

from segbench.audience.explain import Waterfall
from segbench.audience.likeness import likeness
from segbench.audience.narrowing import Narrowing
from segbench.audience.overlap import Overlap
from segbench.audience.region_list import expected


def overlap_table(overlap: Overlap) -> pd.DataFrame:
    """Every region, largest first, and the contacts in no segment: they sum to all contacts.

    Columns: `region` (names, or "In none"), `segments` (how many), `contacts`, `share` of all
    contacts (0 to 1, missing without contacts), `expected` (contacts by chance, were the segments
    independent), then one column `in 1: name`, ... of truth for each
    segment, numbered since two segments may share a name.
    """
    rows = [(overlap.label(r), len(r.inside), r.count, r.inside) for r in overlap.regions]
    rows.append(("In none", 0, overlap.outside, ()))
    table = pd.DataFrame(
        {
            "region": [row[0] for row in rows],
            "segments": [row[1] for row in rows],
            "contacts": [row[2] for row in rows],
            "share": [_share(row[2], overlap.contacts) for row in rows],
            "expected": [expected(overlap, row[3]) for row in rows],
        }
    )
    for at, name in enumerate(overlap.names):
        table[f"in {at + 1}: {name}"] = [at in row[3] for row in rows]
    return table


def pair_table(overlap: Overlap) -> pd.DataFrame:
    """Every ordered pair: `segment`, `other`, `both` (contacts in both), `share` of `segment`.

    `jaccard` is the share of those in either that are in both, `lift` how many times as many are in
    both as by chance; missing where nothing can be said.
    """
    many = range(len(overlap.names))
    places = [(a, b) for a in many for b in many if a != b]
    found = [likeness(overlap, a, b) for a, b in places]
    return pd.DataFrame(
        {
            "segment": [overlap.names[a] for a, _ in places],
            "other": [overlap.names[b] for _, b in places],
            "both": [pair.both for pair in found],
            "share": [pair.of_first for pair in found],
            "jaccard": [pair.jaccard for pair in found],
            "lift": [pair.lift for pair in found],
        }
    )


def waterfall_table(waterfall: Waterfall) -> pd.DataFrame:
    """The steps in order, from where they start to the segment.

    Columns: `step`, `alone` (contacts that the row holds by itself), `change`, `left` (contacts
    with this row and those above); whole numbers, missing where a line has none.
    """
    start = waterfall.contacts if waterfall.combinator == "and" else 0
    first = "All contacts" if waterfall.combinator == "and" else "Nobody"
    rows: list[tuple[str, int | None, int | None, int]] = [(first, None, None, start)]
    rows += [(step.label, step.alone, step.change, step.left) for step in waterfall.steps]
    rows.append(("Segment", None, None, waterfall.total))
    table = pd.DataFrame(rows, columns=["step", "alone", "change", "left"])
    return table.astype({"alone": "Int64", "change": "Int64", "left": "Int64"})


def narrowing_table(narrowing: Narrowing) -> pd.DataFrame:
    """What each row does, in row order.

    Columns: `row`, `alone` (contacts that it holds by itself), `change` (that it makes to those
    above), `without` (the segment's contacts with the row switched off), `otherwise` (with just
    this row joined by the other of AND and OR; missing of a single row), `steepest` (its place from
    1 on, where the row that changes the count most comes first).
    """
    places = [step.path for step in narrowing.steepest.steps]
    table = pd.DataFrame(
        [
            (
                cost.step.label,
                cost.step.alone,
                cost.step.change,
                cost.without,
                cost.otherwise,
                places.index(cost.step.path) + 1,
            )
            for cost in narrowing.rows
        ],
        columns=["row", "alone", "change", "without", "otherwise", "steepest"],
    )
    return table.astype({"otherwise": "Int64"})


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
