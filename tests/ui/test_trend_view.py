"""The view "Trend": its numbers are those of the history, and what is clicked says who moved."""

from __future__ import annotations

import csv
import io
import re
from base64 import b64decode
from collections.abc import Iterator
from html import unescape

import pytest
import workbenches

from segbench.model.ask import did, engaged, field
from segbench.model.rules import as_group
from segbench.ui.explore_panel import ExplorePanel
from segbench.ui.history import Page
from segbench.ui.picks import Pick
from segbench.ui.session import Session
from segbench.ui.views import trend_tables
from segbench.ui.views.trend_axes import count_scale, moves_scale
from segbench.ui.views.trend_figure import trend_figure
from segbench.ui.views.trend_tables import moved_html
from segbench.ui.views.trend_view import TrendView
from segbench.workbench.workbench import Workbench

ENGAGED = as_group(engaged(days=30))
GERMANS = as_group(field("country").is_any_of("DE"))


class Screen:
    """The card with the view open, over a workbench of its own."""

    def __init__(self, workbench: Workbench) -> None:
        self.session = Session(workbench, Page(ENGAGED))
        self.session.wait()
        self.looked: list[str] = []
        self.panel = ExplorePanel(self.session, "light")
        self.view = TrendView(self.session, self.panel.draw, self.panel.is_open, self.looked.append)
        self.panel.offer([self.view])
        self.panel.open("Trend")
        self.wait()

    def wait(self) -> None:
        self.session.wait()
        self.panel.wait()
        self.view.search.wait()
        self.panel.wait()

    def act(self, act: str, what: str) -> None:
        self.panel.links._receive(self.panel.links, {"act": act, "pick": what}, [])
        self.wait()

    @property
    def heading(self) -> str:
        text = self.panel.figure.layout.annotations[0].text
        return unescape(re.sub(r"<[^>]*>", "", text.replace("<br>", " ")))

    def file(self, name: str) -> list[dict[str, str]]:
        html = self.view.words.value + self.view.moved.value + self.view.leaving.value
        data = re.search(rf'download="{name}" href="data:[^"]*base64,([^"]*)"', html)
        assert data is not None
        return list(csv.DictReader(io.StringIO(b64decode(data[1]).decode())))


@pytest.fixture(scope="module")
def workbench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    with Workbench.open(workbenches.copied(tmp_path_factory.mktemp("trend"))) as opened:
        yield opened


@pytest.fixture
def screen(workbench: Workbench) -> Iterator[Screen]:
    made = Screen(workbench)
    yield made
    made.panel.close()
    made.session.close()


def test_the_chart_the_table_and_the_file_have_the_numbers_of_the_history(screen: Screen) -> None:
    workbench = screen.session.workbench
    history, forecast = workbench.history(ENGAGED), workbench.forecast(ENGAGED)
    line, ahead = (next(t for t in screen.panel.figure.data if t.name == n) for n in LINES)
    assert list(line.y) == [point.count for point in history.points]
    assert list(ahead.y) == [point.count for point in forecast.points]
    rows = screen.file("trend.csv")
    for name in ("count", "entered", "left", "clock_left", "data_entered"):
        assert [int(row[name]) for row in rows] == list(history.to_frame()[name])
    table = re.sub(r"<[^>]*>", " ", screen.view.words.value)
    for point in history.points[1:]:
        assert f"{point.count:,}" in table
    first, last = history.points[0].count, history.points[-1].count
    entered = sum(point.flow.entered for point in history.points)
    left = sum(point.flow.left for point in history.points)
    said = f"from {first} to {last} in 30 days: +{entered} entered, −{left} left; "
    assert said + f"{forecast.after(7).left} will leave in the next 7 days" in screen.heading


LINES = ("line 1", "line 2")


def test_bars_are_up_for_who_entered_and_down_for_who_left_by_cause(screen: Screen) -> None:
    history = screen.session.workbench.history(ENGAGED)
    looks = set()
    for name, cause in (("Time passing", "clock"), ("New data", "data")):
        up, down = (trace for trace in screen.panel.figure.data if trace.name == name)
        flows = [point.causes[cause] for point in history.points[1:]]
        assert list(up.y) == [flow.entered or None for flow in flows]
        assert list(down.y) == [-flow.left or None for flow in flows]
        assert up.customdata == down.customdata
        looks.add((up.marker.pattern.shape, up.marker.color))
    assert len({shape for shape, _ in looks}) == len({colour for _, colour in looks}) == 2


@pytest.mark.parametrize(
    ("pick", "cause"), [("step:9", None), ("clock:9", "clock"), ("data:9", "data")]
)
def test_a_click_says_who_moved_and_by_what(screen: Screen, pick: str, cause: str | None) -> None:
    history = screen.session.workbench.history(ENGAGED)
    screen.act("pick", pick)
    found = [(row["contact"], row["way"]) for row in screen.file("moved.csv")]
    wanted = [(key, "entered") for key in history.entered(9, cause)]
    assert found == wanted + [(key, "left") for key in history.left(9, cause)]
    assert found
    screen.act("pick", pick)
    assert screen.view.part.layout.display == "none"


def test_a_file_that_has_not_all_says_so(screen: Screen, monkeypatch: pytest.MonkeyPatch) -> None:
    trend = screen.view.search.found
    assert trend is not None
    assert "These as CSV" in moved_html(trend, Pick("step", (9,)))
    monkeypatch.setattr(trend_tables, "LISTED", 1)
    assert "The first 1 of each as CSV" in moved_html(trend, Pick("step", (9,)))


def test_dates_over_a_year_have_their_year(screen: Screen) -> None:
    screen.view.span.value = "12 months"
    screen.wait()
    dates = screen.panel.figure.layout.xaxis2.ticktext
    assert "now" in dates
    assert all(re.fullmatch(r"now|\d{1,2} \w{3} 202[56]", date) for date in dates)


def test_a_day_to_come_says_who_leaves_then(screen: Screen) -> None:
    forecast = screen.session.workbench.forecast(ENGAGED)
    screen.act("who", "day:1")
    keys = [row["contact"] for row in screen.file("moved.csv")]
    assert keys == list(forecast.keys_of(forecast.steps[0].moved.left))


@pytest.mark.parametrize("days", [7, 30])
def test_those_who_leave_are_listed_in_the_order_of_leaving(screen: Screen, days: int) -> None:
    screen.view.reach.value = f"{days} days"
    screen.wait()
    forecast = screen.session.workbench.forecast(ENGAGED)
    rows = screen.file("leaving.csv")
    assert [row["contact"] for row in rows] == [turn.key for turn in forecast.leaving(days)]
    assert f"{forecast.after(days).left} will leave in the next {days}" in screen.view.leaving.value


def test_it_follows_the_segment_and_the_span(screen: Screen) -> None:
    workbench = screen.session.workbench
    screen.session.show(GERMANS)
    screen.wait()
    assert f"Stayed at {workbench.count(GERMANS)} in 30 days: nobody" in screen.heading
    assert "Fields are known from" in screen.view.words.value
    screen.view.span.value = "12 weeks"
    screen.wait()
    rows = workbench.history(GERMANS, every="week").rows()
    assert len(screen.file("trend.csv")) == len(rows)
    assert "in 12 weeks" in screen.heading


def test_a_segment_that_is_not_wanted_any_more_leaves_no_trace(screen: Screen) -> None:
    for days in range(1, 6):
        screen.session.show(as_group(did("order_placed").within(days=days)))
    screen.session.show(GERMANS)
    screen.wait()
    count = screen.session.workbench.count(GERMANS)
    assert f"Stayed at {count}" in screen.heading
    assert "sbp-stale" not in screen.view.box._dom_classes


def test_while_it_looks_the_older_chart_is_faded_under_words_that_say_so(screen: Screen) -> None:
    found = screen.view.search.found
    assert found is not None
    faded = trend_figure(found, "in 30 days", width=600, looking="Looking back …")
    assert "Looking back …" in faded.layout.annotations[0].text
    assert "Grew" not in faded.layout.annotations[0].text
    assert {trace.opacity for trace in faded.data if trace.visible} == {0.25}


def test_while_another_view_is_open_it_does_not_look(screen: Screen) -> None:
    screen.panel.tabs.value = None
    screen.session.show(GERMANS)
    screen.wait()
    answer = screen.session.state.answer
    assert answer is not None
    assert not screen.view.search.knows(screen.view._question(answer))
    screen.panel.open("Trend")
    screen.wait()
    assert screen.view.search.knows(screen.view._question(answer))


@pytest.mark.parametrize(
    "pick",
    ["step:0", "step:32", "step:-1", "rule:3", "step:1,2", "day:0", "day:31", "<b>", "row:0"],
)
def test_what_no_chart_could_have_sent_is_refused(screen: Screen, pick: str) -> None:
    screen.act("pick", pick)
    assert "sbp-wrong" in screen.panel.message.value
    assert screen.view.moved.value == ""


def test_a_key_is_looked_up(screen: Screen) -> None:
    screen.panel.links._receive(screen.panel.links, {"act": "look", "name": "c0000001"}, [])
    assert screen.looked == ["c0000001"]


@pytest.mark.parametrize("low", [0, 1, 7, 950, 12_345])
@pytest.mark.parametrize("width", [0, 1, 9, 333, 1_000_000])
def test_scales_hold_all_counts_on_whole_numbers(low: int, width: int) -> None:
    scale = count_scale(low, low + width)
    assert scale.low <= low <= low + width <= scale.high
    assert scale.low == 0 or low > 0.6 * (low + width)
    assert (scale.ticks[0], scale.ticks[-1]) == (scale.low, scale.high)
    assert 2 <= len(scale.ticks) <= 6
    flows = moves_scale(low, width)
    assert flows.low <= -width <= 0 <= low <= flows.high
    assert 0 in flows.ticks
    assert 2 <= len(flows.ticks) <= 6
