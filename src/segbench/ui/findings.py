"""What a result says in a sentence: the titles of the charts, and what is read aloud for them."""

from __future__ import annotations

from itertools import combinations

from segbench.audience.explain import Step, Waterfall
from segbench.audience.likeness import Measure, likeness
from segbench.audience.narrowing import Narrowing
from segbench.audience.overlap import Overlap
from segbench.audience.region_list import Order, RegionList
from segbench.ui.chance import rounded, times
from segbench.ui.theme import LONGEST
from segbench.ui.wording import SPACE, change, contacts, number, percent, plain, short


def overlap_finding(overlap: Overlap, most: int | None = None) -> str:
    """The largest overlap of two segments, as plain text; names of `most` signs where given."""
    if len(overlap.names) < 2:
        return "Choose at least two segments to compare."
    if not overlap.union:
        return "Nobody is in these segments."
    pairs = overlap.pairs
    a, b = max(
        combinations(range(len(overlap.names)), 2),
        key=lambda pair: (pairs[pair[0]][pair[1]], -min(overlap.sizes[at] for at in pair)),
    )
    both = pairs[a][b]
    if not both:
        return "No contact is in two of these segments."
    small, large = sorted((a, b), key=lambda index: (overlap.sizes[index], index))
    first, second = short(overlap.names[small], most), short(overlap.names[large], most)
    if overlap.sizes[small] == overlap.sizes[large] == both:
        return f"{first} and {second} hold the same {contacts(both)}."
    if overlap.sizes[small] == both:
        share = percent(both, overlap.sizes[large])
        return f"All {contacts(both)} of {first} are in {second} too, {share} of it."
    return f"{first} ∩ {second}: {contacts(both)}, {percent(both, overlap.sizes[small])} of {first}"


def regions_finding(
    overlap: Overlap, regions: RegionList, order: Order, most: int | None = None
) -> str:
    """The line of a list of regions that stands out, by what the list is sorted by."""
    lines = [line for line in regions.lines if line.inside and line.count]
    if len(overlap.names) < 2 or not lines:
        return overlap_finding(overlap, most)
    if order == "deviation":
        line = max(lines, key=lambda line: abs(line.deviation))
        where = " ∩ ".join(short(overlap.names[at], most) for at in line.inside)
        only = "Only " if regions.how == "exactly" else ""
        more = "more" if line.deviation > 0 else "fewer"
        apart = rounded(abs(line.deviation))
        return f"{only}{where}: {apart} {more} than by chance"
    if regions.how == "all":
        return overlap_finding(overlap, most)
    line = max(lines, key=lambda line: line.count)
    where = " ∩ ".join(short(overlap.names[at], most) for at in line.inside)
    share = percent(line.count, overlap.union)
    return f"{number(line.count)} are only in {where}, {share} of those in any"


def pairs_finding(overlap: Overlap, measure: Measure, most: int | None = None) -> str:
    """The pair of segments with the highest measure."""
    pairs = [(likeness(overlap, a, b), a, b) for a, b in combinations(range(len(overlap.names)), 2)]
    pairs = [pair for pair in pairs if pair[0].both]
    if measure in ("share", "count") or not pairs:
        return overlap_finding(overlap, most)
    if measure == "jaccard":
        found, a, b = max(pairs, key=lambda pair: (pair[0].jaccard or 0, -pair[1], -pair[2]))
        said = f"{percent(found.both, found.either)} of either are in both"
    else:
        found, a, b = max(pairs, key=lambda pair: (pair[0].lift or 0, -pair[1], -pair[2]))
        said = f"{times(found.lift or 0)} as many in both as by chance"
    first, second = (short(overlap.names[at], most) for at in (a, b))
    return f"{first} ∩ {second}: {said}"


def overlap_remark(overlap: Overlap) -> str:
    """How many contacts are in at least one segment, and in none."""
    parts = (
        f"In at least one: {number(overlap.union)}",
        f"in none: {number(overlap.outside)}",
        f"all contacts: {number(overlap.contacts)}",
    )
    return " · ".join(part.replace(" ", SPACE) for part in parts)


def overlap_summary(overlap: Overlap, regions: int = 5) -> str:
    """The overlap in plain sentences, for a screen reader; exact counts."""
    names = [plain(name) for name in overlap.names]
    parts = [overlap_finding(overlap).rstrip(".")]
    parts += [f"{n}: {contacts(size)}" for n, size in zip(names, overlap.sizes, strict=True)]
    for region in overlap.regions[:regions]:
        where = " and ".join(names[index] for index in region.inside)
        parts.append(f"Only in {where}: {number(region.count)}")
    rest = overlap.regions[regions:]
    if rest:
        parts.append(f"{len(rest)} smaller regions: {number(sum(r.count for r in rest))}")
    parts.append(f"In at least one segment: {number(overlap.union)}")
    parts.append(f"In none: {number(overlap.outside)} of {contacts(overlap.contacts)}")
    return ". ".join(parts) + "."


def waterfall_finding(waterfall: Waterfall, longest: int | None = None) -> str:
    """The segment's count and the row that matters most, as plain text; labels cut to `longest`."""
    if not waterfall.contacts:
        return "There are no contacts yet."
    if not waterfall.steps:
        return "No rule is enabled yet, so the segment holds nobody."
    count = f"{number(waterfall.total)} of {contacts(waterfall.contacts)}"
    rows = [step for step in waterfall.steps if step.path]
    losing = waterfall.combinator == "and"
    most = max(rows, key=lambda step: abs(step.change), default=None)
    if most is None or not most.change:
        return f"{count}; no row {'removes' if losing else 'adds'} anybody"
    verb = "removes" if most.change < 0 else "adds"
    return f"{count}; {short(most.label, longest)} {verb} the most ({change(most.change)})"


def narrowing_finding(narrowing: Narrowing) -> str:
    """The one row to look at, in a plain sentence."""
    row, falls = narrowing.decisive, narrowing.falls
    if len(narrowing.rows) < 2:
        # Without it the segment would have no rule, and hold nobody.
        return "There is but one row: it alone decides."
    if row is None:
        return "No single row is decisive: without any one of them the count stays as it is."
    what = f"Look at “{short(row.step.label, LONGEST)}”: without it there would be "
    there = f"{contacts(row.without)} instead of {number(falls.total)}"
    return f"{what}{there}."


def waterfall_summary(waterfall: Waterfall) -> str:
    """The waterfall in plain sentences, for a screen reader; exact counts."""
    parts = [waterfall_finding(waterfall).rstrip(".")]
    if waterfall.steps:
        start = waterfall.contacts if waterfall.combinator == "and" else 0
        parts.append(f"Start: {contacts(start)}")
        parts += [_step(step) for step in waterfall.steps]
        parts.append(f"Segment: {contacts(waterfall.total)}")
    return ". ".join(parts) + "."


def _step(step: Step) -> str:
    return (
        f"{plain(step.label)}: {change(step.change)}, leaves {number(step.left)}, "
        f"{number(step.alone)} by itself"
    )
