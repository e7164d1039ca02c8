"""The overlap card in Python: what clicks do, whatever a browser sends, and what stays chosen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import workbenches

from segbench.audience.partition import partition
from segbench.engine.membership import Membership
from segbench.model.ask import field
from segbench.model.rules import as_group
from segbench.ui.history import Page
from segbench.ui.overlap_panel import OverlapPanel
from segbench.ui.partition_part import ACT, EVERYBODY, partition_finding
from segbench.ui.session import Session
from segbench.workbench.workbench import Workbench

GERMANS = as_group(field("country").is_any_of("DE"))
NAMES = ("Compliant in DACH", "Customers", "Lapsed buyers")


@pytest.fixture
def panel(tmp_path: Path) -> Iterator[OverlapPanel]:
    with Workbench.open(workbenches.copied(tmp_path), clock=lambda: workbenches.NOW) as workbench:
        session = Session(workbench, Page(GERMANS))
        session.wait()
        panel = OverlapPanel(session, "light")
        panel.choices.tick(*NAMES)
        panel.wait()
        yield panel
        panel.close()
        session.close()


def send(panel: OverlapPanel, **message: object) -> None:
    panel.links._receive(panel.links, message, [])
    panel.wait()


@pytest.mark.parametrize(
    "pick", ["region:0", "region:1,2", "region:", "all:0,1", "pair:1,2", "many:"]
)
def test_a_segment_made_of_a_part_counts_what_the_part_says(panel: OverlapPanel, pick: str) -> None:
    send(panel, act="make", pick=pick)
    made = panel.session.wait().answer
    result = panel.session.workbench.overlap(NAMES)
    kind, _, list_of = pick.partition(":")
    at = tuple(int(one) for one in list_of.split(",") if one)
    wanted = {
        "region": result.exactly(*at) if at else result.outside,
        "all": result.within(*at),
        "pair": result.within(*at),
        "many": sum(region.count for region in result.regions if len(region.inside) > 1),
    }
    assert made is not None
    assert made.evaluation.total == wanted[kind]


@pytest.mark.parametrize("pick", ["region:0", "region:", "many:", "pair:0,1", "beside:"])
def test_a_line_of_the_partition_is_made_within_its_base(panel: OverlapPanel, pick: str) -> None:
    panel.partition.base.value = "Customers"
    panel.wait()
    send(panel, act=ACT, pick=pick)
    made = panel.session.wait().answer
    workbench = panel.session.workbench
    held = {
        name: workbench.members(workbench.library.segment(name).segment.group) for name in NAMES
    }
    found = partition(held, held["Customers"])
    shared = {(pair.first, pair.second): pair.count for pair in found.shared}
    wanted = {
        "region:0": found.alone[0],
        "region:": found.none,
        "many:": found.many,
        "pair:0,1": shared.get((0, 1), 0),
        "beside:": found.beside,
    }
    assert made is not None
    assert made.evaluation.total == wanted[pick]


@pytest.mark.parametrize(
    "message",
    [
        {"act": "pick", "pick": "region:9"},
        {"act": "pick", "pick": "region:0,0"},
        {"act": "pick", "pick": "pair:1"},
        {"act": "pick", "pick": "row:0"},
        {"act": "pick", "pick": "segment:7"},
        {"act": "pick", "pick": "<b>"},
        {"act": "erase", "pick": "region:0"},
        {"act": "make", "pick": "beside:"},
        {"act": "compare", "name": "Nobody knows this one"},
    ],
)
def test_what_no_chart_could_have_sent_is_refused_with_a_sentence(
    panel: OverlapPanel, message: dict[str, str]
) -> None:
    before = panel.session.state.tree, list(panel.choices.chosen())
    send(panel, **message)
    assert "sbp-wrong" in panel.message.value
    assert (panel.session.state.tree, list(panel.choices.chosen())) == before
    assert panel.acts.picked is None


@pytest.mark.parametrize("message", [None, {}, {"act": 5}, {"act": "x" * 999, "pick": "region:0"}])
def test_what_is_no_message_is_ignored(panel: OverlapPanel, message: object) -> None:
    panel.links._receive(panel.links, message, [])
    assert panel.message.value == ""


def test_a_renamed_segment_stays_chosen_and_keeps_its_colour(panel: OverlapPanel) -> None:
    panel.choices.lines["Customers"].colour.value = 7
    workbench = panel.session.workbench
    workbench.library.rename("Customers", "Buyers", workbenches.NOW)
    panel.refresh()
    panel.wait()
    assert panel.choices.chosen()["Buyers"] == 7
    assert "Customers" not in panel.choices.lines
    assert "Buyers" in panel.table.value
    assert "Customers" not in panel.table.value


def test_similar_segments_are_ranked_and_compared_at_a_click(panel: OverlapPanel) -> None:
    panel.choices.box.children[1].children[1].value = False
    panel.similar._ask()
    panel.wait()
    first = panel.similar.words.value.index("Compliant in DACH")
    assert "Jaccard" in panel.similar.words.value
    assert all(first <= panel.similar.words.value.index(name) for name in NAMES)
    send(panel, act="compare", name="Compliant in DACH")
    assert list(panel.choices.chosen())[:2] == [None, "Compliant in DACH"]


@pytest.mark.parametrize(
    ("sets", "says"),
    [
        (([0, 1], [2, 3]), "A partition of all contacts: no contact is in two of them, and every"),
        (([0, 1], [1, 2, 3]), "as it is not disjoint: 1 contact is in two or more, but every"),
        (([0], [2]), "as it is not complete: no contact is in two of them, but 2 of 4 are in none"),
        (([0, 1], [1]), "as it is not disjoint and not complete: 1 contact is in two or more, and"),
    ],
)
def test_the_partition_check_says_what_stands_in_the_way(
    sets: tuple[list[int], list[int]], says: str
) -> None:
    members = {name: Membership.of(ids, 4) for name, ids in zip("AB", sets, strict=True)}
    assert says in partition_finding(partition(members), EVERYBODY)
