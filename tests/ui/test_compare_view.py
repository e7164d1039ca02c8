"""The view “Compare” in Python: versions, parts, reasons, and what clicks do."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import workbenches

from segbench.errors import RuleError
from segbench.library.saved import SavedSegment
from segbench.model.ask import did, field, in_segment
from segbench.model.rules import Group, RuleOrGroup, as_group
from segbench.model.segment import Segment
from segbench.ui.explore_panel import ExplorePanel
from segbench.ui.history import Page
from segbench.ui.session import Session
from segbench.ui.views.compare_view import CompareView
from segbench.workbench.workbench import Workbench

GERMAN = as_group(field("country").is_any_of("DE"))
DACH = as_group(field("country").is_any_of("DE", "AT", "CH"))
BUYER = did("order_placed").within(days=300)
NAME = "Ours"


class Desk:
    """A session over a workspace of its own, with the view open."""

    def __init__(self, workbench: Workbench, tree: Group, saved: SavedSegment | None) -> None:
        self.workbench = workbench
        self.session = Session(workbench, Page(tree, saved))
        self.session.wait()
        self.panel = ExplorePanel(self.session, "light")
        self.proposed: list[str] = []
        self.view = CompareView(self.session, self.panel.draw, self.proposed.append)
        self.panel.offer([self.view])
        self.panel.open("Compare")
        self.panel.wait()

    def choose(self, label: str) -> None:
        keys = dict(self.view.other.options)
        self.view.other.value = next(key for text, key in keys.items() if label in text)
        self.panel.wait()

    def send(self, **message: object) -> None:
        self.panel.links._receive(self.panel.links, message, [])
        self.session.wait()
        self.panel.wait()

    @property
    def labels(self) -> list[str]:
        return [label for label, _ in self.view.other.options]

    @property
    def heading(self) -> str:
        text = str(self.panel.figure.layout.annotations[0].text)
        return " ".join(html.unescape(re.sub("<[^>]*>", " ", text)).split())

    @property
    def bars(self) -> list[int]:
        return [int(x) for x in next(t for t in self.panel.figure.data if t.name == "row 1").x]

    @property
    def words(self) -> str:
        return html.unescape(re.sub("<[^>]*>", " ", self.view.words.value))

    def close(self) -> None:
        self.panel.close()
        self.session.close()


@pytest.fixture
def workbench(tmp_path: Path) -> Iterator[Workbench]:
    with Workbench.open(workbenches.copied(tmp_path), clock=lambda: workbenches.NOW) as workbench:
        yield workbench


@pytest.fixture
def desk(workbench: Workbench) -> Iterator[Desk]:
    """A segment with two saved versions, changed once more on screen."""
    workbench.save(Segment(NAME, GERMAN))
    saved = workbench.save(Segment(NAME, DACH), replace_saved=True)
    desk = Desk(workbench, DACH & BUYER, saved)
    yield desk
    desk.close()


def counts(workbench: Workbench, first: RuleOrGroup, second: RuleOrGroup) -> list[int]:
    parts = ((first, ~second), (first, second), (~first, second))
    return [workbench.count(Group(rules=part)) for part in parts]


def test_its_versions_come_first_then_the_other_segments(desk: Desk) -> None:
    assert desk.labels[:2] == [
        "Saved now (version 2, 2026-11-02)",
        "Version 1 of 2026-11-02",
    ]
    assert NAME not in desk.labels
    assert "Customers" in desk.labels
    assert desk.bars == counts(desk.workbench, DACH & BUYER, DACH)


def test_an_earlier_version_and_another_segment_are_compared_with_exact_counts(desk: Desk) -> None:
    desk.choose("Version 1 of")
    assert desk.bars == counts(desk.workbench, DACH & BUYER, GERMAN)
    assert "changed" in desk.words
    assert "only here" in desk.words
    desk.choose("Customers")
    assert desk.bars == counts(desk.workbench, DACH & BUYER, in_segment("Customers"))
    assert "What keeps them out of the segment on screen" in desk.words
    desk.send(act="pick", pick="side:0")
    assert "What keeps them out of “Customers”" in desk.words


def test_rules_that_mean_the_same_are_said_to_be_equal_by_proof(desk: Desk) -> None:
    desk.session.write(DACH)
    desk.session.wait()
    desk.panel.wait()
    assert desk.heading.startswith("The same contacts, whatever the data: both hold")
    assert "The rules are equal." in desk.heading


def test_rules_that_hold_the_same_only_now_are_said_to_differ(desk: Desk) -> None:
    desk.session.write(as_group(field("country").is_any_of("DE", "AT", "CH", "Atlantis")))
    desk.session.wait()
    desk.panel.wait()
    assert "now, though the rules differ" in desk.heading
    assert "There can be a contact that only one of them holds." in desk.heading


@pytest.mark.parametrize("side", [0, 1, 2])
def test_a_part_is_shown_and_made_a_segment_of_as_many(desk: Desk, side: int) -> None:
    desk.choose("Customers")
    wanted = counts(desk.workbench, DACH & BUYER, in_segment("Customers"))[side]
    desk.send(act="pick", pick=f"side:{side}")
    assert f"{wanted:,} contact" in desk.words
    sample = desk.words.count("c0000")
    assert sample == min(wanted, 5)
    desk.send(act="make", pick=f"side:{side}")
    answer = desk.session.state.answer
    assert answer is not None
    assert answer.evaluation.total == wanted
    assert len(desk.proposed) == 1
    desk.session.undo()
    assert desk.session.page.tree == DACH & BUYER


def test_a_segment_is_made_of_what_was_counted_not_of_a_later_choice(desk: Desk) -> None:
    desk.choose("Customers")
    wanted = counts(desk.workbench, DACH & BUYER, in_segment("Customers"))[1]
    with desk.view.other.hold_trait_notifications():
        desk.choose("Version 1 of")
        desk.view.act("make", "side:1")
    desk.session.wait()
    answer = desk.session.state.answer
    assert answer is not None
    assert answer.evaluation.total == wanted
    assert "Customers" in desk.proposed[0]


def test_of_a_segment_that_changed_meanwhile_nothing_is_made(desk: Desk) -> None:
    seen = desk.view._found
    desk.session.write(GERMAN)
    desk.session.wait()
    desk.panel.wait()
    desk.view._found = seen
    with pytest.raises(RuleError, match="changed meanwhile; look at the new numbers first"):
        desk.view.act("make", "side:0")
    assert desk.session.page.tree == GERMAN
    assert desk.proposed == []


STRANGE = (
    {"act": "pick", "pick": "side:3"},
    {"act": "make", "pick": "side:0,1"},
    {"act": "make", "pick": "value:0"},
    {"act": "erase", "pick": "side:0"},
    {"act": "pick", "pick": "<b>"},
)


def test_what_no_chart_could_have_sent_is_refused_with_a_sentence(desk: Desk) -> None:
    for message in STRANGE:
        desk.panel.message.clear()
        desk.send(**message)
        assert "sbp-wrong" in desk.panel.message.value, message
    assert desk.session.page.tree == DACH & BUYER


def test_a_segment_that_cannot_be_evaluated_any_more_says_why_and_shows_its_rules(
    desk: Desk,
) -> None:
    broken = as_group(field("no_such_field").is_any_of("x"))
    desk.workbench.library.save(Segment("Broken", broken), now=workbenches.NOW)
    desk.panel.refresh()
    desk.panel.wait()
    desk.choose("Broken")
    assert "“Broken” cannot be evaluated any more" in desk.words
    assert "no_such_field is “x”" in desk.words
    assert desk.panel.pane.layout.display == "none"


def test_without_anything_saved_it_says_what_to_do(workbench: Workbench) -> None:
    for name in [saved.segment.name for saved in workbench.library.segments()][::-1]:
        workbench.library.delete(name)
    desk = Desk(workbench, GERMAN, None)
    assert "Save a segment first" in desk.heading
    desk.close()


def test_hostile_names_and_values_are_shown_as_texts(workbench: Workbench) -> None:
    bad = '<img src=x onerror="alert(1)">'
    workbench.save(Segment(bad, as_group(field("city").is_any_of(bad))))
    desk = Desk(workbench, GERMAN, None)
    desk.choose(bad)
    assert "<img" not in desk.view.words.value
    assert "&lt;img" in desk.view.words.value
    assert "<img" not in str(desk.panel.figure.to_plotly_json())
    desk.close()


def test_in_a_notebook_a_comparison_has_a_chart_a_table_and_words() -> None:
    workbench = workbenches.opened()
    segment = workbench.saved("Customers")
    found = segment.compare("Lapsed buyers")
    wanted = counts(workbench, in_segment("Customers"), in_segment("Lapsed buyers"))
    assert found.sameness is not None
    assert [found.sameness.only_first, found.sameness.both, found.sameness.only_second] == wanted
    bars = next(trace for trace in found.plot().data if trace.name == "row 1")
    assert list(bars.x) == wanted
    assert "Only in “Customers”: " in found.text
    assert "second" in set(found.to_frame()["state"])
    assert segment.compare(in_segment("Nowhere")).problem
    assert segment.compare(in_segment("Nowhere")).plot() is not None
