"""The view "Sensitivity" in Python: what it says, draws and sets, and what it refuses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import workbenches

from segbench.audience.curve import Curve
from segbench.audience.dial import Dial
from segbench.model.ask import did, field, tag
from segbench.model.rules import EventRule, Group, as_group
from segbench.ui.explore_panel import ExplorePanel
from segbench.ui.history import Page
from segbench.ui.session import Session
from segbench.ui.views import sensitivity_view
from segbench.ui.views.sensitivity_figure import curve_figure
from segbench.ui.views.sensitivity_tables import MOST_LINES, sensitivity_html, shown
from segbench.ui.views.sensitivity_view import SensitivityView
from segbench.ui.views.sensitivity_words import (
    axis_words,
    curve_finding,
    curve_remark,
    curve_summary,
    place,
)
from segbench.ui.wording import SPACE
from segbench.workbench.curves import find_curve
from segbench.workbench.workbench import Workbench

OPENED = did("email_opened").at_least(2).within(days=30)
TREE = field("country").is_any_of("DE", "US") & OPENED & (field("lead_score") >= 40)
DAYS = Dial((1,), "at_least", "window", 30, "days", tuple(range(1, 61)), True)

BELOW = replace(DAYS, what="bound", op="less_than", unit="a<b")


def days(*totals: int, now: int = 30, **more: object) -> Curve:
    numbers = tuple(range(1, len(totals) + 1))
    return Curve(replace(DAYS, now=now), numbers, totals, None, "it is not known", **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("curve", "said"),
    [
        (days(4, 9, 9, 13, now=2), "At 2 days 9 match; 4 days would add 4 (+44 %)."),
        (days(4, 9, 9, 9, now=2), "At 2 days 9 match; 4 days would change nothing."),
        (days(0, 3, now=1), "At 1 day nobody matches; 2 days would add 3."),
        (days(1, 4, now=2), "At 2 days 4 match; 1 day would take 3 away (−75 %)."),
        (days(1, now=1), "At 1 day 1 matches; there is no other number to compare with."),
    ],
)  # fmt: skip
def test_the_title_says_what_matches_and_what_another_number_would_change(
    curve: Curve, said: str
) -> None:
    assert curve_finding(curve).replace(SPACE, " ") == said


def test_the_remark_names_the_reachable_and_the_steepest_place() -> None:
    curve = replace(days(4, 9, 9, 13, now=2), reachable=(3, 7, 7, 9), why="")
    steep = "Steepest from 1 day to 2 days: +5."
    assert curve_remark(curve).replace(SPACE, " ") == f"7 of them can be reached by e-mail. {steep}"
    assert "cannot be told: it is not known." in curve_remark(days(4, 9, now=2))
    assert curve_remark(days(4, 4, now=2)).endswith("No number changes the count.")
    summary = curve_summary(replace(curve, otherwise={"all opens": (5, 9, 9, 14)}))
    assert "4 match." in summary
    assert "With all opens 9 match now." in summary


@pytest.mark.parametrize(
    ("dial", "at", "said", "axis"),
    [
        (DAYS, 1, "1 day", "Length of the window in days"),
        (replace(DAYS, unit="weeks"), 3, "3 weeks", "Length of the window in weeks"),
        (replace(DAYS, what="times", op="did"), 1, "at least 1 time", "At least so many times"),
        (replace(DAYS, what="times", op="at_most"), 0, "at most 0 times", "At most so many times"),
        (BELOW, 1.5, "less than 1.5", "a<b: less than"),
    ],
)  # fmt: skip
def test_a_number_is_said_with_what_it_is(dial: Dial, at: float, said: str, axis: str) -> None:
    assert place(dial, at).replace(SPACE, " ") == said
    assert axis_words(dial) == axis


def test_the_chart_has_every_number_and_marks_the_present_one() -> None:
    curve = find_curve(workbenches.opened(), TREE)
    figure = curve_figure(curve, workbenches.opened().wording, width=900)
    drawn = {trace.name: trace for trace in figure.data if trace.visible}
    assert list(drawn) == [
        "with clicks only",
        "with no machine opens",
        "Reachable by e-mail",
        "Matching (all opens)",
        "line 7",
    ]
    assert tuple(drawn["Matching (all opens)"].y) == curve.totals
    assert tuple(drawn["Reachable by e-mail"].y) == curve.reachable
    assert tuple(drawn["with clicks only"].y) == curve.otherwise["clicks only"]
    assert tuple(drawn["Matching (all opens)"].customdata[:2]) == ("turn:1", "turn:2")
    assert tuple(drawn["line 7"].x) == (30, 30)
    assert (figure.layout.shapes[0].x0, figure.layout.shapes[0].x1) == (30, 30)
    assert "At 30" in figure.layout.annotations[0].text


def test_names_in_the_chart_are_text() -> None:
    dial = replace(DAYS, what="bound", op="at_least", unit="<b>x</b>", now=1)
    figure = curve_figure(Curve(dial, (1, 2), (4, 3), None, "<i>no</i>"))
    assert figure.layout.xaxis.title.text == "&lt;b&gt;x&lt;/b&gt;: at least"
    assert "<i>" not in figure.layout.annotations[0].text
    assert "<i>" not in sensitivity_html(Curve(dial, (1, 2), (4, 3), None, "<i>no</i>"))


def test_the_axis_ends_where_nothing_changes_any_more() -> None:
    numbers = tuple(range(1, 51))
    totals = tuple(max(0, 40 - 10 * n) for n in numbers)
    times = replace(DAYS, what="times", op="at_least", now=2)
    figure = curve_figure(Curve(times, numbers, totals, None))
    assert figure.layout.xaxis.range[1] < 12
    bound = replace(DAYS, what="bound", op="at_least", unit="spent", now=3)
    spread = (*range(1, 100), 10_000)
    figure = curve_figure(Curve(bound, spread, tuple(range(100, 0, -1)), None))
    assert figure.layout.xaxis.range[1] < 150
    far = curve_figure(Curve(replace(bound, now=10_000), spread, tuple(range(100, 0, -1)), None))
    assert far.layout.xaxis.range[1] > 10_000


def test_the_table_has_the_places_that_are_spoken_of() -> None:
    curve = find_curve(workbenches.opened(), TREE)
    lines = shown(curve)
    assert {0, curve.now, curve.beside, curve.steepest, len(curve.numbers) - 1} <= {*lines}
    assert len(lines) <= MOST_LINES + 5
    page = sensitivity_html(curve)
    found = re.findall(r"<tr><th scope=\"row\">(.*?)</th>(.*?)</tr>", page)
    assert len(found) == len(lines)
    for at, (name, cells) in zip(lines, found, strict=True):
        numbers = re.findall(r'class="sbp-number">(.*?)</td>', cells)
        assert name == place(curve.dial, curve.numbers[at])
        assert numbers[0] == f"{curve.totals[at]:,}"
        assert curve.reachable is not None
        assert numbers[2] == f"{curve.reachable[at]:,}"
    assert page.count('data-act="turn"') == len(lines) - 1
    assert shown(days(1, 2, 3, now=2)) == [0, 1, 2]


@pytest.fixture
def panel(tmp_path: Path) -> Iterator[ExplorePanel]:
    folder = workbenches.copied(tmp_path)
    with Workbench.open(folder, clock=lambda: workbenches.NOW) as workbench:
        session = Session(workbench, Page(TREE))
        session.wait()
        panel = ExplorePanel(session, "light")
        panel.offer([SensitivityView(session, panel.draw)])
        panel.open("Sensitivity")
        panel.wait()
        yield panel
        panel.close()
        session.close()


def view_of(panel: ExplorePanel) -> SensitivityView:
    view = panel.views["Sensitivity"]
    assert isinstance(view, SensitivityView)
    return view


def send(panel: ExplorePanel, **message: object) -> None:
    panel.links._receive(panel.links, message, [])
    panel.session.wait()
    panel.wait()


def title(panel: ExplorePanel) -> str:
    return str(panel.figure.layout.annotations[0].text)


def test_the_first_number_of_the_first_row_that_has_one_is_shown(panel: ExplorePanel) -> None:
    choice = view_of(panel).choice
    assert choice.value == ((1,), "window")
    assert [label.split(" · ")[1] for label, _ in choice.options] == [
        "window length",
        "how many times",
        "bound",
    ]
    assert choice.options[0][0].startswith("Row 2: ")
    assert "At 30" in title(panel)


@pytest.mark.parametrize(
    "message", [{"act": "pick", "pick": "turn:45"}, {"act": "turn", "name": "45"}]
)
def test_a_click_sets_the_number_in_one_step_of_undo(
    panel: ExplorePanel, message: dict[str, str]
) -> None:
    session = panel.session
    send(panel, **message)
    row = session.state.tree.rules[1]
    assert row == OPENED.within(days=45)
    assert "At 45" in title(panel)
    answer = session.state.answer
    assert answer is not None
    assert f"{answer.evaluation.total:,} match" in title(panel).replace("<br>", " ")
    session.undo()
    session.wait()
    panel.wait()
    assert session.state.tree == TREE
    assert "At 30" in title(panel)


def test_what_varies_can_be_chosen_and_stays_chosen(panel: ExplorePanel) -> None:
    choice = view_of(panel).choice
    choice.value = ((2,), "bound")
    panel.wait()
    assert "With at least 40" in title(panel)
    send(panel, act="turn", name="41")
    assert panel.session.state.tree.rules[2] == (field("lead_score") >= 41)
    assert choice.value == ((2,), "bound")
    assert "With at least 41" in title(panel)
    choice.value = ((1,), "times")
    panel.wait()
    send(panel, act="pick", pick="turn:1")
    row = panel.session.state.tree.rules[1]
    assert isinstance(row, EventRule)
    assert (row.op, row.values) == ("at_least", (1,))


def test_a_segment_whose_numbers_cannot_be_turned_says_which_can(panel: ExplorePanel) -> None:
    panel.session.show(as_group(tag("compliant")))
    panel.session.wait()
    panel.wait()
    view = view_of(panel)
    assert "can be turned" in view.words.value
    assert (view.choice.options, view.choice.value) == ((), None)
    assert panel.pane.layout.display == "none"
    panel.session.undo()
    panel.session.wait()
    panel.wait()
    assert panel.pane.layout.display == ""
    assert "At 30" in title(panel)


def test_where_contacts_have_one_number_only_it_is_said_in_words(
    panel: ExplorePanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    lone = Curve(replace(DAYS, what="bound", unit="x", now=7), (7,), (5,), None, "no")
    monkeypatch.setattr(sensitivity_view, "find_curve", lambda *_: lone)
    panel.refresh()
    panel.wait()
    assert "With at least 7, 5 match; there is no other number" in view_of(panel).words.value
    assert panel.pane.layout.display == "none"
    assert 'data-act="png"' not in view_of(panel).words.value


@pytest.mark.parametrize(
    "message",
    [
        {"act": "pick", "pick": "turn:9999"},
        {"act": "pick", "pick": "turn:"},
        {"act": "pick", "pick": "region:0"},
        {"act": "turn", "name": "<b>"},
        {"act": "erase", "name": "45"},
    ],
)
def test_what_no_chart_could_have_sent_is_refused(
    panel: ExplorePanel, message: dict[str, str]
) -> None:
    send(panel, **message)
    assert "sbp-wrong" in panel.message.value
    assert panel.session.state.tree == TREE


def test_a_row_that_has_become_another_is_not_changed(panel: ExplorePanel) -> None:
    view, session = view_of(panel), panel.session
    found = view._found
    session.show(Group(rules=TREE.rules[::-1]))
    session.wait()
    panel.wait()
    view._found = found
    session.show(Group(rules=(TREE.rules[0], OPENED.within(days=3))))
    with pytest.raises(Exception, match="changed meanwhile"):
        view.act("turn", "45")


def test_a_locked_row_keeps_its_number_and_says_why(panel: ExplorePanel) -> None:
    session = panel.session
    session.handle({"edit": "lock", "path": [1], "on": True, "shape": session.state.shape})
    session.wait()
    panel.wait()
    before = session.state.tree
    send(panel, act="turn", name="45")
    assert "sbp-wrong" in panel.message.value
    assert session.state.tree == before


def test_a_notebook_has_the_curve_as_chart_and_table() -> None:
    segment = workbenches.opened().segment("Opened", TREE)
    window, times, bound = segment.dials()
    found = segment.curve(times)
    assert found.totals[found.now] == segment.count()
    assert found.plot().layout.annotations[0].text
    assert segment.curve().dial == window
    assert "lead_score" in segment.curve(bound).to_frame()
    reached = segment.curve().reachable
    assert reached is not None
    assert segment.reachable() == reached[29]
