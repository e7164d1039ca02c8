"""The view “Profile” in Python: what it shows, what clicks do, whatever a browser sends."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import workbenches

from segbench.errors import RuleError, UnknownName
from segbench.lake.editing import edit_fields
from segbench.model.ask import field, in_segment
from segbench.model.rules import Group, as_group
from segbench.model.segment import Segment
from segbench.ui.explore_panel import ExplorePanel
from segbench.ui.history import Page
from segbench.ui.notebook import NotebookWorkbench
from segbench.ui.session import Session
from segbench.ui.views.adding import with_row
from segbench.ui.views.profile_controls import TIME, VALUES
from segbench.ui.views.profile_view import ProfileView
from segbench.workbench.profiling import profile_segment
from segbench.workbench.workbench import Workbench

CUSTOMERS = as_group(in_segment("Customers"))
GERMAN = field("country").is_any_of("DE")


@pytest.fixture
def workbench(tmp_path: Path) -> Iterator[Workbench]:
    with Workbench.open(workbenches.copied(tmp_path), clock=lambda: workbenches.NOW) as workbench:
        yield workbench


def opened(workbench: Workbench, tree: Group) -> ExplorePanel:
    session = Session(workbench, Page(tree))
    session.wait()
    panel = ExplorePanel(session, "light")
    panel.offer([ProfileView(session, panel.draw)])
    panel.open("Profile")
    panel.wait()
    return panel


def closed(panel: ExplorePanel) -> None:
    panel.close()
    panel.session.close()


@pytest.fixture
def panel() -> Iterator[ExplorePanel]:
    """Over the shared workspace: what is on screen changes nothing in it."""
    panel = opened(workbenches.opened(), CUSTOMERS)
    yield panel
    closed(panel)


def view_of(panel: ExplorePanel) -> ProfileView:
    view = panel.views["Profile"]
    assert isinstance(view, ProfileView)
    return view


def send(panel: ExplorePanel, **message: object) -> None:
    panel.links._receive(panel.links, message, [])
    panel.session.wait()
    panel.wait()


def heading(panel: ExplorePanel) -> str:
    text = str(panel.figure.layout.annotations[0].text)
    return " ".join(html.unescape(re.sub("<[^>]*>", " ", text)).split())


def marks(panel: ExplorePanel) -> dict[str, tuple[float, float]]:
    """The share here and there of each pick in the chart."""
    here, there = (trace for trace in panel.figure.data if trace.name in ("dot 1", "dot 2"))
    picks = list(there.customdata)
    return dict(zip(picks, zip(list(there.x), list(here.x), strict=True), strict=True))


def test_the_chart_shows_the_shares_that_the_rules_have(panel: ExplorePanel) -> None:
    view, workbench = view_of(panel), panel.session.workbench
    whole, everybody = workbench.count(CUSTOMERS), workbench.contacts_total
    shown = marks(panel)
    assert len(shown) == len(view._rows) > 5
    for pick, (_, value) in zip(shown, view._rows, strict=True):
        here = workbench.count(Group(rules=(CUSTOMERS, value.rule)))
        there = workbench.count(value.rule)
        assert shown[pick] == pytest.approx((here / whole, there / everybody))
    assert "Unlike all contacts: Lifecycle stage customer 98.2 % (17 % of all)" in heading(panel)


@pytest.mark.parametrize("act", ["pick", "add"])
def test_a_click_on_a_value_adds_it_as_a_row_that_undo_takes_back(
    panel: ExplorePanel, act: str
) -> None:
    view = view_of(panel)
    pick = next(iter(marks(panel)))
    _, value = view._rows[0]
    send(panel, act=act, pick=pick)
    answer = panel.session.state.answer
    assert answer is not None
    assert answer.tree == Group(rules=(*CUSTOMERS.rules, value.rule))
    assert answer.evaluation.total == value.here
    assert "Added as a row" in view.message.value
    panel.session.undo()
    assert panel.session.page.tree == CUSTOMERS


def test_a_click_on_what_is_not_on_screen_any_more_is_refused(panel: ExplorePanel) -> None:
    old = next(iter(marks(panel)))
    panel.session.write(CUSTOMERS & GERMAN)
    panel.session.wait()
    panel.wait()
    before = panel.session.page.tree
    send(panel, act="add", pick=old)
    assert "has changed meanwhile" in panel.message.value
    assert panel.session.page.tree == before


STRANGE = (
    {"act": "add", "pick": "value:1,999"},
    {"act": "add", "pick": "region:0"},
    {"act": "add", "pick": "value:1"},
    {"act": "add", "pick": "<b>"},
    {"act": "erase", "pick": "value:1,0"},
    {"act": "show", "pick": "value:1,0"},
    {"act": "add", "pick": "field:1,0"},
)


def test_what_no_chart_could_have_sent_is_refused_with_a_sentence(panel: ExplorePanel) -> None:
    for message in STRANGE:
        panel.message.clear()
        send(panel, **message)
        assert "sbp-wrong" in panel.message.value, message
    assert panel.session.page.tree == CUSTOMERS


def test_a_field_of_the_table_is_shown_with_all_its_values(panel: ExplorePanel) -> None:
    view = view_of(panel)
    found = profile_segment(panel.session.workbench, CUSTOMERS)
    place = [each.name for each in found.fields].index("country")
    send(panel, act="show", pick=f"field:{view._drawing},{place}")
    assert view.controls.field.value == "country"
    assert view.controls.field.label == "Country"
    assert len(marks(panel)) == len(found.field("Country").values)
    assert heading(panel).startswith("Country")


def test_a_field_that_is_not_offered_is_refused_with_a_sentence(panel: ExplorePanel) -> None:
    controls = view_of(panel).controls
    before = controls.chosen
    with pytest.raises(RuleError, match="'gone' is not in the profile"):
        controls.show_field("gone")
    assert controls.chosen == before


def test_another_segment_is_the_other_side_and_the_overlap_is_said(panel: ExplorePanel) -> None:
    view, workbench = view_of(panel), panel.session.workbench
    view.controls.against.value = "Lapsed buyers"
    panel.wait()
    both = workbench.count(Group(rules=(CUSTOMERS, in_segment("Lapsed buyers"))))
    assert f"{both} contacts are in both" in heading(panel)
    assert "Unlike “Lapsed buyers”" in heading(panel)
    view.controls.against.value = "Customers"
    panel.wait()
    assert "nothing tells them apart" in heading(panel)
    assert view.words.value == ""


def test_over_time_the_lines_are_shares_of_each_side(panel: ExplorePanel) -> None:
    view, workbench = view_of(panel), panel.session.workbench
    view.controls.show.value = TIME
    view.controls.event.value = "order_placed"
    view.controls.every.value = "month"
    panel.wait()
    there, here = (trace for trace in panel.figure.data if trace.name in ("line 1", "line 2"))
    assert len(here.x) == len(there.x) == 13
    active = view._found
    assert active is not None
    assert active.activity is not None
    whole, everybody = workbench.count(CUSTOMERS), workbench.contacts_total
    points = active.activity.points
    assert list(here.y) == pytest.approx([point.here / whole for point in points])
    assert list(there.y) == pytest.approx([point.there / everybody for point in points])
    assert heading(panel).startswith("Order placed: ")
    assert "Months as a table" in view.words.value
    assert "Average order value" in view.words.value
    view.controls.show.value = VALUES
    panel.wait()
    assert marks(panel)


def test_hostile_texts_are_shown_as_texts(workbench: Workbench) -> None:
    bad = '<img src=x onerror="alert(1)">'
    keys = workbench.contacts(GERMAN, ["key"])["key"].tolist()
    edit_fields(workbench.lake, keys, {"country": bad}, now=workbench.clock())
    workbench.refresh()
    workbench.save(Segment(f"{bad} all", as_group(field("plan").is_not_empty())))
    panel = opened(workbench, as_group(field("country").is_any_of(bad)))
    view = view_of(panel)
    view.controls.against.value = f"{bad} all"
    panel.wait()
    assert "<img" not in view.words.value
    assert "&lt;img" in view.words.value
    assert "<img" not in str(panel.figure.to_plotly_json())
    closed(panel)


def test_a_segment_that_nobody_is_in_says_so(panel: ExplorePanel) -> None:
    panel.session.write(as_group(field("country").is_any_of("Atlantis")))
    panel.session.wait()
    panel.wait()
    assert "Nobody is in the segment now" in heading(panel)


def test_a_broken_segment_on_the_other_side_is_told_and_another_can_be_chosen(
    workbench: Workbench,
) -> None:
    broken = as_group(field("no_such_field").is_any_of("x"))
    workbench.library.save(Segment("Broken", broken), now=workbenches.NOW)
    panel = opened(workbench, CUSTOMERS)
    view = view_of(panel)
    view.controls.against.value = "Broken"
    panel.wait()
    assert "no_such_field" in heading(panel)
    assert view.words.value == ""
    view.controls.against.value = ""
    panel.wait()
    assert marks(panel)
    closed(panel)


def test_a_row_is_added_so_that_the_segment_gets_no_larger() -> None:
    either = GERMAN | field("plan").is_any_of("pro")
    row = field("city").is_any_of("Ulm")
    assert with_row(either, row) == Group(rules=(either, row))
    assert with_row(~CUSTOMERS, row) == Group(rules=(~CUSTOMERS, row))
    assert with_row(CUSTOMERS, row) == Group(rules=(*CUSTOMERS.rules, row))
    assert with_row(with_row(CUSTOMERS, row), row) == with_row(CUSTOMERS, row)
    assert with_row(Group(), row) == Group(rules=(row,))


def test_in_a_notebook_a_profile_has_a_chart_a_table_and_words() -> None:
    segment = workbenches.opened().saved("Customers")
    found = segment.profile()
    assert found.sides.here == segment.count()
    assert found.text.startswith("Unlike all contacts: Lifecycle stage customer")
    assert set(found.to_frame()["field"]) == {each.label for each in found.fields}
    assert found.plot().data
    assert len(found.plot("Country").data[0].y) == len(found.field("Country").values)
    assert "“Lapsed buyers”" in segment.profile("Lapsed buyers").text
    assert segment.profile(GERMAN).sides.there == workbenches.opened().count(GERMAN)
    with pytest.raises(UnknownName, match="Country"):
        found.plot("Contry")
    assert isinstance(segment.workbench, NotebookWorkbench)
