"""The numbers of the overlap charts as HTML tables, with the same actions as the charts."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence

from segbench.audience.likeness import likeness
from segbench.audience.overlap import Overlap
from segbench.audience.region_list import Line, RegionList
from segbench.ui.chance import rounded, times
from segbench.ui.csv_link import csv_link
from segbench.ui.findings import overlap_summary
from segbench.ui.picks import Pick
from segbench.ui.tables import overlap_table, pair_table
from segbench.ui.theme import letter
from segbench.ui.wording import number, percent, plain

ROW = "row"
"""What the page says when a row is to be shown in the builder."""
_MAKE = "Make a segment"


def overlap_tables(overlap: Overlap, regions: RegionList, charts: Sequence[str]) -> str:
    """The segments, the regions that UpSet shows, the pairs, all of it in words, and as files.

    `charts` are the names of those that stand above, in their order.
    """
    names = [f"{letter(at)} {plain(name)}" for at, name in enumerate(overlap.names)]
    title = "Regions" if regions.how == "exactly" else "Intersections"
    return (
        folded("regions", f"{title} as a table", _regions(overlap, regions))
        + folded("segments", "Segments as a table", _segments(overlap, names))
        + folded("pairs", "Pairs as a table", _pairs(overlap, names))
        + folded("words", "In words", f"<p>{html.escape(overlap_summary(overlap))}</p>")
        + f'<div class="sbp-acts">{_files(overlap, charts)}</div>'
    )


def folded(key: str, title: str, inner: str) -> str:
    """A part that opens on demand; the page remembers by the key that it was open."""
    # What scrolls must be reached by keyboard: at its buttons, or itself where it has none.
    focus = "" if "<button" in inner else ' tabindex="0"'
    return (
        f'<details data-key="{key}"><summary>{html.escape(title)}</summary>'
        f'<div class="sbp-wide sbp-tall"{focus}>{inner}</div></details>'
    )


def table(heads: Sequence[str], rows: Iterable[str], foot: str = "") -> str:
    """A table of rows; the heads of all columns but the first stand over numbers."""
    first, *others = (html.escape(head) for head in heads)
    cells = f'<th scope="col">{first}</th>'
    cells += "".join(f'<th scope="col" class="sbp-number">{head}</th>' for head in others)
    end = f"<tfoot>{foot}</tfoot>" if foot else ""
    return (
        f'<table class="sbp-table"><thead><tr>{cells}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody>{end}</table>"
    )


def row(name: str, numbers: Iterable[str], pick: Pick | None = None, action: str = "") -> str:
    """A line: the name (HTML), numbers (texts), and the action (HTML) in a column of its own."""
    cells = "".join(f'<td class="sbp-number">{html.escape(text)}</td>' for text in numbers)
    mark = f' data-pick="{pick}"' if pick else ""
    last = f"<td>{action}</td>" if action else ""
    return f'<tr{mark}><th scope="row">{name}</th>{cells}{last}</tr>'


def act_button(act: str, pick: Pick, text: str, says: str = "", *, small: bool = False) -> str:
    """A button that the page tells of; `says` is its name for those who cannot see its line."""
    named = f' aria-label="{html.escape(says)}"' if says else ""
    kind = "sbp-act sbp-small" if small else "sbp-act"
    return (
        f'<button type="button" class="{kind}" data-act="{act}" data-pick="{pick}"{named}>'
        f"{html.escape(text)}</button>"
    )


def make_button(pick: Pick, of: str, act: str = "make") -> str:
    """The button that makes a segment of a line."""
    return act_button(act, pick, _MAKE, f"{_MAKE}: {of}", small=True)


def row_button(pick: Pick, of: str) -> str:
    """The button that shows a line's row in the builder."""
    return act_button(ROW, pick, "Go to row", f"Go to row: {of}", small=True)


def _regions(overlap: Overlap, regions: RegionList) -> str:
    exclusive = regions.how == "exactly"
    lines = [line for line in regions.lines if line.inside]
    rows = [_region(overlap, line, "region" if exclusive else "all") for line in lines]
    if regions.rest:
        rest = [number(regions.rest_count), percent(regions.rest_count, overlap.contacts)]
        rows.append(row(f"{number(regions.rest)} smaller regions", [*rest, "", ""], None, " "))
    foot = ""
    if exclusive:
        union = [number(overlap.union), percent(overlap.union, overlap.contacts), "", ""]
        foot = row("Sum of these = in at least one", union, None, " ")
    none = Pick("region", ())
    foot += row(
        act_button("pick", none, "In none of them"),
        [number(overlap.outside), percent(overlap.outside, overlap.contacts), "", ""],
        none,
        make_button(none, "in none of them"),
    )
    note = "" if exclusive else '<p class="sbp-note">These share contacts: they have no sum.</p>'
    head = "In exactly" if exclusive else "In all of, whatever else"
    heads = [head, "Contacts", "Of all", "By chance", "Times chance", ""]
    return note + table(heads, rows, foot)


def _region(overlap: Overlap, line: Line, kind: str) -> str:
    pick = Pick("region" if kind == "region" else "all", line.inside)
    name = " ∩ ".join(plain(overlap.names[at]) for at in line.inside)
    lift = "–" if line.lift is None else times(line.lift)
    numbers = [number(line.count), percent(line.count, overlap.contacts)]
    return row(
        act_button("pick", pick, name),
        [*numbers, rounded(line.expected), lift],
        pick,
        make_button(pick, name),
    )


def _segments(overlap: Overlap, names: Sequence[str]) -> str:
    rows = []
    for at in sorted(range(len(names)), key=lambda at: (-overlap.sizes[at], at)):
        pick, size = Pick("segment", (at,)), overlap.sizes[at]
        action = act_button("pick", pick, "Open in the builder", f"Open {names[at]}", small=True)
        cells = [number(size), percent(size, overlap.contacts)]
        rows.append(row(html.escape(names[at]), cells, pick, action))
    return table(["Segment", "Contacts", "Of all", ""], rows)


def _pairs(overlap: Overlap, names: Sequence[str]) -> str:
    many = range(len(names))
    pairs = [(likeness(overlap, a, b), a, b) for a in many for b in many if a < b]
    pairs.sort(key=lambda pair: (-(pair[0].jaccard or 0.0), pair[1:]))
    rows = []
    for found, a, b in pairs:
        pick, said = Pick("pair", (a, b)), f"{names[a]} ∩ {names[b]}"
        numbers = [
            number(found.both),
            percent(found.both, found.first),
            percent(found.both, found.second),
            percent(found.both, found.either),
            "–" if found.lift is None else times(found.lift),
        ]
        rows.append(row(act_button("pick", pick, said), numbers, pick, make_button(pick, said)))
    heads = ["Pair", "In both", "Of the first", "Of the second", "Jaccard", "Lift", ""]
    return table(heads, rows)


def _files(overlap: Overlap, charts: Sequence[str]) -> str:
    pictures = "".join(
        f'<button type="button" class="sbp-act sbp-small" data-act="png" data-name="{at}">'
        f"{html.escape(name)} as PNG</button>"
        for at, name in enumerate(charts)
    )
    return (
        pictures
        + csv_link(overlap_table(overlap), "overlap-regions.csv", "Regions as CSV")
        + csv_link(pair_table(overlap), "overlap-pairs.csv", "Pairs as CSV")
    )
