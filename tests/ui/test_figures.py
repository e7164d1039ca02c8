"""The charts say what the results say, in every state, and whatever the names are."""

from __future__ import annotations

import itertools
import json
import math
import random
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import plotly.graph_objects as go
import pytest

from segbench.audience.explain import Step, Waterfall
from segbench.audience.likeness import likeness
from segbench.audience.overlap import Overlap, Region
from segbench.ui.circles import Circle, areas_of
from segbench.ui.figures import overlap_figure, show_in, waterfall_figure
from segbench.ui.findings import overlap_finding, overlap_summary, waterfall_summary
from segbench.ui.picks import Pick, picked
from segbench.ui.tables import overlap_table, pair_table, waterfall_table
from segbench.ui.theme import CONFIG, DARK, LIGHT, Theme, blend, contrast, letter
from segbench.ui.venn_layout import diagram
from segbench.ui.wording import change, fitted, joined, percent, plain, text_width, wrapped

HOSTILE = ("<b>x</b>", "<img src=x onerror=alert(1)>", "R&D <5 %", "$x$")
KINDS = ("venn", "upset", "heatmap")


def overlap(names: Iterable[str], counts: Mapping[tuple[int, ...], int], outside: int) -> Overlap:
    names = tuple(names)
    found = sorted(((i, c) for i, c in counts.items() if c), key=lambda pair: (-pair[1], pair[0]))
    sizes = tuple(sum(c for i, c in found if at in i) for at in range(len(names)))
    total = sum(c for _, c in found) + outside
    return Overlap(names, sizes, tuple(Region(i, c) for i, c in found), total, outside)


def many(segments: int, seed: int = 1) -> Overlap:
    draw = random.Random(seed)
    inside = [
        tuple(at for at in range(segments) if mask >> at & 1) for mask in range(1, 1 << segments)
    ]
    counts = {i: draw.randrange(5_000) for i in inside}
    return overlap([f"Segment {at}" for at in range(segments)], counts, 777)


TWO = overlap(("VIP", "Engaged"), {(0,): 742, (1,): 5120, (0, 1): 1204}, 42_934)
THREE = overlap(
    ("VIP", "Engaged", "New"),
    {(0,): 742, (1,): 5120, (0, 1): 904, (2,): 8800, (0, 2): 60, (1, 2): 2100, (0, 1, 2): 300},
    1_000,
)
FALLING = Waterfall(
    "and",
    50_000,
    (
        Step((0,), "country is DE or AT", 18_796, 18_796, -31_204),
        Step((1,), "VIP", 12_000, 9_120, -9_676),
        Step((2,), "has an address", 49_000, 9_120, 0),
        Step((3,), "not complained", 40_000, 8_201, -919),
    ),
    8_201,
)
RISING = Waterfall(
    "or",
    50_000,
    (
        Step((0,), "country is DE", 12_000, 12_000, 12_000),
        Step((1,), "VIP", 5_000, 13_500, 1_500),
        Step((), "NOT", 36_500, 36_500, 23_000),
    ),
    36_500,
)
DEGENERATE = {
    "two": TWO,
    "three": THREE,
    "a subset": overlap("AB", {(1,): 5120, (0, 1): 1204}, 5),
    "equal": overlap("AB", {(0, 1): 1204}, 5),
    "disjoint": overlap("AB", {(0,): 742, (1,): 5120}, 5),
    "one empty": overlap("AB", {(0,): 742}, 5),
    "nobody inside": overlap("AB", {}, 5),
    "no contacts": overlap("AB", {}, 0),
    "three disjoint": overlap("ABC", {(0,): 5, (1,): 4, (2,): 3}, 5),
    "a chain": overlap("ABC", {(0,): 742, (0, 1): 90, (1,): 800, (1, 2): 50, (2,): 600}, 5),
    "nested": overlap("ABC", {(0,): 7420, (0, 1): 900, (0, 1, 2): 200}, 5),
    "no triple": overlap("ABC", {(0, 1): 500, (1, 2): 400, (0, 2): 300, (0,): 12}, 5),
    "only the triple": overlap("ABC", {(0, 1, 2): 5}, 5),
    "two of three equal": overlap("ABC", {(0, 1): 500, (2,): 400, (0, 1, 2): 300}, 5),
    "one of three empty": overlap("ABC", {(0,): 500, (2,): 400}, 5),
    "very uneven": overlap(
        "ABC",
        {(0,): 3, (0, 1): 12, (1,): 40, (2,): 90_000, (0, 2): 5, (1, 2): 1200, (0, 1, 2): 2},
        5,
    ),
    "one segment": overlap("A", {(0,): 3}, 5),
    "no segment": overlap("", {}, 5),
}


def trace(figure: go.Figure, name: str) -> Any:
    return next(found for found in figure.data if found.name == name)


def region_counts(figure: go.Figure, name: str = "marks") -> dict[tuple[int, ...], int]:
    """Counts by region, read back from what the figure shows."""
    marks = trace(figure, name)
    if marks.visible is False:
        return {}
    found = {}
    for mark, text in zip(marks.customdata, marks.text, strict=True):
        pick = picked(mark)
        assert pick is not None
        digits = text.removeprefix("<b>").removesuffix("</b>").split(":")[-1]
        found[pick.at] = int(digits.replace(",", ""))
    return found


def words(figure: go.Figure) -> list[str]:
    """Every text of a figure that plotly reads as HTML."""
    found = [note.text for note in figure.layout.annotations]
    for axis in figure.select_xaxes(), figure.select_yaxes():
        found += [text for one in axis for text in one.ticktext or ()]
    for one in figure.data:
        for part in ("text", "hovertext"):
            value = getattr(one, part, None)
            found += [value] if isinstance(value, str) else list(() if value is None else value)
    return found


def heading_of(figure: go.Figure) -> str:
    return next(note.text for note in figure.layout.annotations if note.name == "heading")


# Numbers


@pytest.mark.parametrize("case", DEGENERATE)
def test_every_region_of_a_venn_shows_its_exact_count(case: str) -> None:
    given = DEGENERATE[case]
    shown = region_counts(overlap_figure(given, "venn"))
    assert {at: count for at, count in shown.items() if count} == {
        region.inside: region.count for region in given.regions
    }
    assert sum(shown.values()) == given.union


@pytest.mark.parametrize("segments", [2, 4, 6])
def test_upset_shows_every_region_with_its_exact_count_largest_first(segments: int) -> None:
    given = many(segments)
    figure = overlap_figure(given, "upset", top=100)
    assert region_counts(figure, "bars") == {r.inside: r.count for r in given.regions}
    assert sum(trace(figure, "bars").x) == given.union
    assert list(trace(figure, "bars").x) == sorted(trace(figure, "bars").x, reverse=True)


@pytest.mark.parametrize(("top", "least"), [(5, 1), (30, 1), (100, 2_000), (1, 9_999)])
def test_what_upset_leaves_out_is_stated_so_that_the_sums_hold(top: int, least: int) -> None:
    given = many(6)
    figure = overlap_figure(given, "upset", top=top, least=least)
    shown = list(trace(figure, "bars").x) if trace(figure, "bars").visible else []
    rest = given.union - sum(shown)
    text = next(note.text for note in figure.layout.annotations if note.name == "rest")
    assert text == f"{len(given.regions) - len(shown)} smaller regions: {rest:,} contacts"
    assert len(shown) <= top


def test_upset_shows_inclusive_intersections_on_demand() -> None:
    given = many(4)
    figure = overlap_figure(given, "upset", how="all", top=99)
    bars = trace(figure, "bars")
    shown = {picked(mark): x for mark, x in zip(bars.customdata, bars.x, strict=True)}
    assert len(shown) == 15
    for pick, count in shown.items():
        assert pick is not None
        assert pick.kind == "all"
        assert count == given.within(*pick.at)


def test_upset_marks_what_chance_would_give_and_says_how_far_off_a_region_is() -> None:
    figure = overlap_figure(TWO, "upset", order="deviation", none=True)
    bars, chance = trace(figure, "bars"), trace(figure, "chance")
    assert list(bars.customdata)[-1] == "region:"
    for mark, text, x in zip(bars.customdata, bars.text, chance.x, strict=True):
        pick = picked(mark)
        assert pick is not None
        inside = [size / 50_000 for at, size in enumerate(TWO.sizes) if at in pick.at]
        out = [1 - size / 50_000 for at, size in enumerate(TWO.sizes) if at not in pick.at]
        assert x == pytest.approx(50_000 * math.prod([*inside, *out]))
        count = TWO.exactly(*pick.at) if pick.at else TWO.outside
        assert text == f"{count:,} ({change(round(count - x))})"
    assert "Only VIP: 958 fewer than by chance" in heading_of(figure)


@pytest.mark.parametrize(
    ("measure", "says"),
    [
        ("jaccard", lambda pair: round(100 * pair.jaccard)),
        ("lift", lambda pair: float(f"{pair.lift:.2f}" if pair.lift < 1 else f"{pair.lift:.1f}")),
        ("count", lambda pair: pair.both),
    ],
)
def test_the_heat_map_shades_by_other_measures_too(measure: Any, says: Any) -> None:
    marks = trace(overlap_figure(THREE, "heatmap", measure=measure), "marks")
    for row, column in itertools.permutations(range(3), 2):
        text = marks.text[row * 3 + column].split("<br>")[0].replace("\N{NO-BREAK SPACE}", " ")
        assert float(text.split(" ")[0].replace(",", "")) == says(likeness(THREE, row, column))


@pytest.mark.parametrize("kind", KINDS)
def test_ux_60_chosen_colours_are_those_of_every_chart(kind: Any) -> None:
    figure = overlap_figure(THREE, kind, colours=(7, 2, 4))
    wanted = [LIGHT.segments[at] for at in (7, 2, 4)]
    for name in ("sizes", "segments", "heads"):
        marks = trace(figure, name)
        for mark, colour in zip(marks.customdata, marks.marker.color, strict=True):
            assert colour == wanted[picked(mark).at[0]]  # type: ignore[union-attr]


@pytest.mark.parametrize("kind", ["upset", "heatmap"])
def test_a_chart_beside_another_one_has_no_list_of_segments(kind: Any) -> None:
    figure = overlap_figure(THREE, kind, listed=False)
    assert not trace(figure, "sizes").visible
    assert not any(note.name == "segment" for note in figure.layout.annotations)
    assert figure.layout.height < overlap_figure(THREE, kind).layout.height


def test_every_region_of_a_venn_has_an_outline_that_bears_its_pick() -> None:
    figure = overlap_figure(THREE, "venn", selected=(0, 1))
    outlines = {shape.name: shape for shape in figure.layout.shapes if shape.name}
    assert set(outlines) == {str(Pick("region", region.inside)) for region in THREE.regions}
    shown = [name for name, shape in outlines.items() if shape.line.color == LIGHT.ink]
    assert shown == ["region:0,1"]


def test_upset_sorts_by_degree_on_demand() -> None:
    bars = trace(overlap_figure(many(4), "upset", order="degree", top=99), "bars")
    degrees = [len(picked(mark).at) for mark in bars.customdata]  # type: ignore[union-attr]
    assert degrees == sorted(degrees)


def test_the_dots_of_upset_are_the_segments_of_the_regions() -> None:
    given = many(4)
    figure = overlap_figure(given, "upset", top=99)
    heads = [picked(mark).at[0] for mark in trace(figure, "heads").customdata]  # type: ignore
    assert heads == sorted(range(4), key=lambda at: -given.sizes[at])
    dots = trace(figure, "dots")
    for x, mark in zip(dots.x, dots.customdata, strict=True):
        assert heads[x] in picked(mark).at  # type: ignore[union-attr]
    assert len(dots.x) == sum(len(region.inside) for region in given.regions)


def test_the_heat_map_shows_each_pair_as_a_share_of_its_row_and_as_a_count() -> None:
    figure = overlap_figure(THREE, "heatmap")
    cells, marks = trace(figure, "cells"), trace(figure, "marks")
    for row, column in itertools.product(range(3), repeat=2):
        both = THREE.pairs[row][column]
        text = marks.text[row * 3 + column]
        assert f"{both:,}" in text
        if row == column:
            assert cells.z[row][column] is None or math.isnan(cells.z[row][column])
        else:
            assert cells.z[row][column] == pytest.approx(both / THREE.sizes[row])
            assert picked(marks.customdata[row * 3 + column]) == Pick("pair", (row, column))


def test_the_list_of_segments_shows_whole_sizes() -> None:
    for kind in KINDS:
        sizes = trace(overlap_figure(THREE, kind), "sizes")  # type: ignore[arg-type]
        shown = {picked(m).at[0]: x for m, x in zip(sizes.customdata, sizes.x, strict=True)}  # type: ignore
        assert shown == dict(enumerate(THREE.sizes))


def test_hovering_gives_the_count_and_its_share_of_each_segment_and_of_all() -> None:
    marks = trace(overlap_figure(TWO), "marks")
    at = list(marks.customdata).index("region:0,1")
    assert marks.hovertext[at].replace("\N{NO-BREAK SPACE}", " ").split("<br>") == [
        "VIP ∩ Engaged",
        "1,204 in exactly these",
        "62 % of A (1,946)",
        "19 % of B (6,324)",
        "2.4 % of all 50,000",
        "4.9 × as many as by chance (246)",
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_every_mark_says_something_or_stays_silent_and_nothing_covers_it(kind: Any) -> None:
    figure = overlap_figure(THREE, kind)
    assert {one.hoverinfo for one in figure.data if one.visible} <= {"text", "skip"}
    if not trace(figure, "bars").visible:
        low, high = figure.layout.xaxis4.domain
        assert high - low < 0.01


@pytest.mark.parametrize("case", DEGENERATE)
@pytest.mark.parametrize("kind", KINDS)
def test_how_many_are_in_none_is_always_stated(case: str, kind: Any) -> None:
    given = DEGENERATE[case]
    text = heading_of(overlap_figure(given, kind)).replace("\N{NO-BREAK SPACE}", " ")
    assert f"in none: {given.outside:,}" in text


def test_the_waterfall_shows_every_step_in_order_with_signs() -> None:
    figure = waterfall_figure(FALLING)
    bars, numbers = trace(figure, "steps"), trace(figure, "numbers")
    assert list(bars.x) == [50_000, 31_204, 9_676, 0, 919, 8_201]
    assert list(bars.base) == [0, 18_796, 9_120, 9_120, 8_201, 0]
    assert [picked(mark) for mark in bars.customdata[1:-1]] == [
        Pick("row", step.path) for step in FALLING.steps
    ]
    for text, says in zip(
        numbers.text, ["50,000", "−31,204", "−9,676", "±0", "−919", "8,201"], strict=True
    ):
        assert f">{says}</b>" in text
    assert "8,201 of 50,000 contacts" in heading_of(figure)


def test_an_or_starts_at_nobody_and_a_negated_root_ends_with_its_own_step() -> None:
    bars = trace(waterfall_figure(RISING), "steps")
    assert list(bars.x) == [12_000, 1_500, 23_000, 36_500]
    assert list(bars.base) == [0, 12_000, 13_500, 0]
    assert bars.customdata[2] == "row:"
    assert picked("row:") == Pick("row", ())


@pytest.mark.parametrize(
    "given", [Waterfall("and", 50, (), 0), Waterfall("and", 0, (Step((0,), "x", 0, 0, 0),), 0)]
)
def test_a_waterfall_of_nothing_says_so(given: Waterfall) -> None:
    figure = waterfall_figure(given)
    assert not trace(figure, "steps").x
    assert "yet" in heading_of(figure)


def test_the_finding_names_the_row_that_matters_most() -> None:
    assert waterfall_summary(FALLING).startswith(
        "8,201 of 50,000 contacts; country is DE or AT removes the most (−31,204). "
    )
    assert "country is DE adds the most (+12,000)" in waterfall_summary(RISING)


@pytest.mark.parametrize(
    ("case", "says"),
    [
        ("two", "VIP ∩ Engaged: 1,204 contacts, 62 % of VIP"),
        ("a subset", "All 1,204 contacts of A are in B too, 19 % of it."),
        ("equal", "A and B hold the same 1,204 contacts."),
        ("disjoint", "No contact is in two of these segments."),
        ("nobody inside", "Nobody is in these segments."),
        ("one segment", "Choose at least two segments to compare."),
    ],
)
def test_the_finding_of_an_overlap_fits_its_state(case: str, says: str) -> None:
    assert overlap_finding(DEGENERATE[case]).replace("\N{NO-BREAK SPACE}", " ") == says


# Areas


def test_two_circles_are_to_scale() -> None:
    draw = random.Random(3)
    for _ in range(50):
        counts = {
            (0,): draw.randrange(9999),
            (1,): draw.randrange(9999),
            (0, 1): draw.randrange(1, 999),
        }
        given = overlap("AB", counts, 0)
        found = diagram(given.sizes, {r.inside: r.count for r in given.regions})
        assert found.error < 0.001
        assert sum(found.areas.values()) == pytest.approx(1)


def test_areas_agree_with_counting_points() -> None:
    circles = [Circle(0, 0, 1), Circle(0.8, 0.1, 0.7), Circle(0.3, 0.9, 0.9)]
    across, up = np.meshgrid(np.linspace(-2, 3, 2000), np.linspace(-2, 3, 2000))
    mask = sum(
        (np.hypot(across - c.x, up - c.y) < c.radius).astype(int) << at
        for at, c in enumerate(circles)
    )
    counted = np.bincount(np.ravel(mask), minlength=8) * (5 / 1999) ** 2
    areas = areas_of(circles)
    assert [areas.get(at, 0.0) for at in range(1, 8)] == pytest.approx(counted[1:], abs=0.002)


def test_an_area_that_circles_cannot_have_counts_as_error() -> None:
    given = DEGENERATE["no triple"]
    found = diagram(given.sizes, {r.inside: r.count for r in given.regions})
    assert found.error == pytest.approx(
        max(
            abs(found.areas.get(inside, 0) - given.exactly(*inside) / given.union)
            for inside in {*found.areas, *(r.inside for r in given.regions)}
        )
    )
    assert found.error > 0.1
    note = next(n.text for n in overlap_figure(given).layout.annotations if n.name == "note")
    assert f"at most {math.ceil(100 * found.error)} % of the whole off" in note.replace("<br>", " ")


def test_equal_segments_share_a_circle_and_empty_ones_have_none() -> None:
    assert len(set(diagram((5, 5), {(0, 1): 5}).circles.values())) == 1
    assert list(diagram((5, 0), {(0,): 5}).circles) == [0]
    assert diagram((0, 0), {}).circles == {}


def test_circles_show_no_more_than_three_segments() -> None:
    with pytest.raises(ValueError, match="not 4; choose kind='upset'"):
        overlap_figure(many(4), "venn")
    assert trace(overlap_figure(many(4)), "bars").visible


@pytest.mark.parametrize("case", DEGENERATE)
def test_labels_of_a_venn_do_not_touch_at_400_pixels(case: str) -> None:
    figure = overlap_figure(DEGENERATE[case], "venn")
    marks, heads = trace(figure, "marks"), trace(figure, "heads")
    if marks.visible is False:
        return
    low, high = figure.layout.xaxis.range
    scale = 366 / (high - low)
    boxes = [
        (x * scale, y * scale, text_width(t.replace("<b>", "").replace("</b>", "")) / 2, 7)
        for x, y, t in zip(marks.x, marks.y, marks.text, strict=True)
    ] + [(x * scale, y * scale, 8, 8) for x, y in zip(heads.x, heads.y, strict=True)]
    for (a, b, w, h), (c, d, v, g) in itertools.combinations(boxes, 2):
        assert abs(a - c) > w + v - 3 or abs(b - d) > h + g - 3


# Hostile names


def hostile_figures() -> list[go.Figure]:
    four = many(4)
    wild = Overlap(HOSTILE, four.sizes, four.regions, four.contacts, four.outside)
    steps = [Step((at,), name, 5, 5, -1) for at, name in enumerate(HOSTILE)]
    three = Overlap(HOSTILE[:3], THREE.sizes, THREE.regions, THREE.contacts, THREE.outside)
    return [
        overlap_figure(wild, "upset"),
        overlap_figure(wild, "heatmap"),
        overlap_figure(three, "venn"),
        overlap_figure(overlap(HOSTILE[:2], {(0, 1): 3}, 0), "venn"),
        waterfall_figure(Waterfall("and", 9, tuple(steps), 5)),
    ]


@pytest.mark.parametrize("at", range(5))
def test_names_are_shown_as_text(at: int) -> None:
    figure = hostile_figures()[at]
    found = words(figure)
    for text in found:
        assert "<b>x" not in text
        assert "<img" not in text
    assert any("&lt;b&gt;x&lt;/b&gt;" in text for text in found)
    assert all(
        one.hovertemplate is None and one.texttemplate is None
        for one in figure.data
        if one.type != "heatmap"
    )


def test_a_dollar_sign_in_a_name_is_no_formula_and_nothing_leaves_the_page() -> None:
    assert CONFIG["typesetMath"] is False
    assert CONFIG["showSendToCloud"] is False
    assert CONFIG["displaylogo"] is False


def test_a_name_is_one_line_without_hidden_signs() -> None:
    assert plain(" a\n\tb\u202ec\x00 ") == "a bc"
    assert plain("") == "(no name)"
    assert joined(["<i>", "&"]) == "&lt;i&gt;<br>&amp;"


# Updates


def test_an_update_keeps_the_widget_its_traces_and_callbacks_in_one_message() -> None:
    widget = go.FigureWidget(overlap_figure(TWO))
    before, sent = widget.data, []
    widget.observe(lambda c: sent.append(c["new"]) if c["new"] else None, "_py2js_update")
    for figure in [
        overlap_figure(many(5)),
        overlap_figure(THREE, "heatmap", mode="dark"),
        overlap_figure(DEGENERATE["nobody inside"]),
        overlap_figure(THREE, selected=(0, 1)),
    ]:
        sent.clear()
        assert show_in(widget, figure) == ()
        assert len(sent) == 1
        assert [id(one) for one in widget.data] == [id(one) for one in before]
        assert shown_by(widget) == shown_by(figure)


def test_a_waterfall_follows_its_rows_in_place() -> None:
    widget = go.FigureWidget(waterfall_figure(Waterfall("and", 9, (), 0)))
    before = widget.data
    for given in (FALLING, RISING, Waterfall("and", 9, (), 0)):
        assert show_in(widget, waterfall_figure(given)) == ()
        assert widget.data == before
        assert shown_by(widget) == shown_by(waterfall_figure(given))


def test_an_update_of_another_kind_adds_what_is_missing_and_hides_the_rest() -> None:
    widget = go.FigureWidget(waterfall_figure(FALLING))
    added = show_in(widget, overlap_figure(THREE))
    assert added == widget.data[3:]
    assert {one.name for one in widget.data if one.visible} >= {"sizes", "segments", "marks"}
    show_in(widget, waterfall_figure(FALLING))
    assert [one.name for one in widget.data if one.visible is not False] == [
        "steps",
        "links",
        "numbers",
    ]


def test_no_message_sets_a_part_and_something_inside_it() -> None:
    widget, sent = go.FigureWidget(overlap_figure(TWO)), []
    widget.observe(lambda c: sent.append(c["new"]) if c["new"] else None, "_py2js_update")
    for figure in (overlap_figure(many(5)), overlap_figure(TWO, "heatmap"), overlap_figure(TWO)):
        show_in(widget, figure)
    for message in sent:
        for keys in (list(message["style_data"]), list(message["layout_data"])):
            assert not [(a, b) for a in keys for b in keys if b.startswith(a + ".")]
        touched = {key.split(".")[0] for key in message["style_data"]}
        assert not touched & {"type", "orientation", "xaxis", "yaxis"}


def shown_by(figure: go.Figure) -> dict[str, Any]:
    """A figure as plain data, without what is hidden, unset or an identity."""
    data = json.loads(figure.to_json())
    axes = {n: a for n, a in data["layout"].items() if "axis" in n and a.get("domain")}
    return {
        "data": [cleaned(one) for one in data["data"] if one.get("visible", True)],
        "height": data["layout"]["height"],
        "annotations": data["layout"].get("annotations"),
        "shapes": data["layout"].get("shapes") or [],
        "ranges": {name: axis.get("range") for name, axis in axes.items() if name != "xaxis4"},
    }


def cleaned(value: Any) -> Any:
    if isinstance(value, dict):
        kept = {key: cleaned(part) for key, part in value.items() if key not in ("uid", "visible")}
        return {key: part for key, part in kept.items() if part not in (None, {})}
    return value


# Tables, picks, words, colours


def test_the_tables_hold_the_same_numbers() -> None:
    table = overlap_table(THREE)
    assert table["contacts"].sum() == THREE.contacts
    assert table["region"].iloc[-1] == "In none"
    assert list(table["contacts"][:-1]) == [region.count for region in THREE.regions]
    for at, name in enumerate(THREE.names):
        assert table.loc[table[f"in {at + 1}: {name}"], "contacts"].sum() == THREE.sizes[at]
    assert set(pair_table(THREE)["both"]) == {
        THREE.pairs[a][b] for a in range(3) for b in range(3) if a != b
    }
    steps = waterfall_table(FALLING)
    assert list(steps["left"]) == [50_000, 18_796, 9_120, 9_120, 8_201, 8_201]
    assert steps["change"].isna().tolist() == [True, False, False, False, False, True]


@pytest.mark.parametrize("case", DEGENERATE)
def test_there_are_tables_and_sentences_for_every_state(case: str) -> None:
    given = DEGENERATE[case]
    assert overlap_table(given)["contacts"].sum() == given.contacts
    assert len(pair_table(given)) == len(given.names) * (len(given.names) - 1)
    assert f"In none: {given.outside:,}" in overlap_summary(given)


@pytest.mark.parametrize("pick", [Pick("region", (0, 12)), Pick("segment", (3,)), Pick("row", ())])
def test_a_pick_reads_back_what_it_wrote(pick: Pick) -> None:
    assert picked(str(pick)) == pick


@pytest.mark.parametrize("text", ["", None, 5, "region", "other:1", "region:1,", "region:-1"])
def test_what_is_no_pick_is_nothing(text: object) -> None:
    assert picked(text) is None


def test_shares_are_exact_where_they_say_nothing_or_all() -> None:
    said = [percent(*of) for of in [(0, 5), (5, 5), (1, 9999), (9998, 9999), (1, 3), (0, 0)]]
    assert [text.replace("\N{NO-BREAK SPACE}", " ") for text in said] == [
        "0 %",
        "100 %",
        "under 0.1 %",
        "over 99.9 %",
        "33 %",
        "–",
    ]
    assert [change(n) for n in (1234, -1234, 0)] == ["+1,234", "−1,234", "±0"]
    assert [letter(at) for at in (0, 19, 25, 26)] == ["A", "T", "Z", "AA"]


@pytest.mark.parametrize("text", ["a" * 300, "word " * 60, "長い名前" * 30, "x", "<b>" * 50])
def test_texts_fit_where_they_are_put(text: str) -> None:
    assert text_width(fitted(text, 120)) <= 120
    lines = wrapped(text, 120, 3)
    assert 1 <= len(lines) <= 3
    assert all(text_width(line) <= 120 for line in lines)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_text_and_marks_stand_out_from_what_is_behind_them(theme: Theme) -> None:
    for ground in (theme.ground, theme.soft):
        for text in (theme.ink, theme.muted):
            assert contrast(text, ground) >= 4.5
    for text in (theme.gain, theme.loss):
        assert contrast(text, theme.ground) >= 4.5
    for colour in (*theme.segments, theme.total):
        assert contrast(colour, theme.ground) >= 3
        assert contrast(theme.on(colour), colour) >= 4.5
    for low, high in itertools.pairwise(theme.shades):
        for step in range(21):
            shade = blend(low, high, step / 20)
            assert contrast(theme.on(shade), shade) >= 4.5
    for layers in itertools.combinations(theme.segments[:3], 3):
        ground = theme.ground
        for colour in layers:
            ground = blend(ground, colour, theme.glass)
            assert contrast(theme.ink, ground) >= 4.5


@pytest.mark.parametrize("kind", ["upset", "heatmap"])
@pytest.mark.parametrize("width", [None, 360, 1400])
def test_twenty_segments_are_drawn_at_every_width(kind: Any, width: int | None) -> None:
    counts = {(at, (at + 3) % 20): 10 + at for at in range(17)} | {(at,): at for at in range(20)}
    figure = overlap_figure(
        overlap([f"Segment {at} with a long name" for at in range(20)], counts, 9),
        kind,
        width=width,
    )
    assert figure.layout.width == width
    assert figure.layout.autosize is (width is None)
    assert 500 < figure.layout.height < 2_500
