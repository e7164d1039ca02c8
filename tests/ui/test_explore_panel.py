"""The card “Explore”: what it shows belongs to the segment on screen, or is marked."""

from __future__ import annotations

import threading
from collections.abc import Hashable, Iterator
from typing import Any

import ipywidgets as widgets
import plotly.graph_objects as go
import pytest
import workbenches

from segbench.errors import RuleError
from segbench.model.ask import field
from segbench.model.rules import as_group
from segbench.ui.explore_panel import ExplorePanel
from segbench.ui.history import Page
from segbench.ui.session import Session
from segbench.ui.state import Answer
from segbench.ui.views.frame import framed

GERMANS = as_group(field("country").is_any_of("DE"))
AMERICANS = as_group(field("country").is_any_of("US"))


class Stub:
    """A view that finds when it is let."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.box = widgets.HTML()
        self.let, self.asked = threading.Event(), threading.Event()
        self.let.set()
        self.error: Exception | None = None
        self.acts: list[tuple[str, str]] = []
        self.closed = False

    def wants(self) -> Hashable:
        return self.title

    def find(self, _workbench: Any, answer: Answer) -> None:
        self.asked.set()
        assert self.let.wait(20)
        if self.error is not None:
            raise self.error
        self.box.value = f"{self.title} of {answer.evaluation.total}"

    def figure(self, mode: Any, width: Any) -> go.Figure:
        return framed(self.box.value, "", {}, {}, height=100, mode=mode, width=width)

    def act(self, act: str, what: str) -> None:
        self.acts.append((act, what))
        if act == "refuse":
            raise RuleError("Not now.")

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def panel() -> Iterator[ExplorePanel]:
    session = Session(workbenches.opened(), Page(GERMANS))
    session.wait()
    panel = ExplorePanel(session, "light")
    panel.offer([Stub("A"), Stub("B")])
    yield panel
    panel.close()
    session.close()


def stub(panel: ExplorePanel, title: str) -> Any:
    return panel.views[title]


def title(panel: ExplorePanel) -> str:
    return str(panel.figure.layout.annotations[0].text)


def is_stale(panel: ExplorePanel) -> bool:
    return "sbp-stale" in panel.box._dom_classes


def test_nothing_is_looked_for_until_a_view_is_opened(panel: ExplorePanel) -> None:
    panel.session.show(AMERICANS)
    panel.session.wait()
    panel.wait()
    assert not stub(panel, "A").asked.is_set()
    panel.open("A")
    panel.wait()
    assert f"A of {panel.session.state.answer.evaluation.total}" in title(panel)  # type: ignore[union-attr]


def test_the_card_is_marked_until_the_numbers_of_the_new_segment_are_drawn(
    panel: ExplorePanel,
) -> None:
    panel.open("A")
    panel.wait()
    assert not is_stale(panel)
    view = stub(panel, "A")
    view.let.clear()
    view.asked.clear()
    panel.session.show(AMERICANS)
    state = panel.session.wait()
    assert view.asked.wait(20)
    assert is_stale(panel)
    view.let.set()
    panel.wait()
    assert not is_stale(panel)
    assert state.answer is not None
    assert f"A of {state.answer.evaluation.total}" in title(panel)


def test_a_slow_view_never_draws_above_the_controls_of_another_one(panel: ExplorePanel) -> None:
    slow, other = stub(panel, "A"), stub(panel, "B")
    slow.let.clear()
    other.let.clear()
    panel.open("A")
    assert slow.asked.wait(20)
    panel.open("B")
    slow.let.set()
    assert other.asked.wait(20)
    assert "A of" not in title(panel)
    assert panel.place.children == (other.box,)
    other.let.set()
    panel.wait()
    assert "B of" in title(panel)


@pytest.mark.parametrize("error", [RuleError("There is no such field."), ValueError("boom")])
def test_an_error_takes_the_place_of_numbers_that_are_old(
    panel: ExplorePanel, error: Exception
) -> None:
    view = stub(panel, "A")
    panel.open("A")
    panel.wait()
    view.error = error
    panel.session.show(AMERICANS)
    panel.session.wait()
    panel.wait()
    assert str(error) in title(panel)
    assert view.box.layout.display == "none"
    assert not is_stale(panel)
    view.error = None
    panel.session.show(GERMANS)
    panel.session.wait()
    panel.wait()
    assert view.box.layout.display == ""
    assert "A of" in title(panel)


def test_what_was_refused_is_said_until_something_else_is_done(panel: ExplorePanel) -> None:
    panel.open("A")
    panel.wait()
    panel.links._acted("refuse", "x")
    assert "Not now." in panel.message.value
    panel.links._acted("pick", "x")
    assert panel.message.value == ""
    panel.links._acted("refuse", "x")
    panel.session.show(AMERICANS)
    panel.session.wait()
    assert panel.message.value == ""


def test_hide_closes_what_is_open_and_close_ends_what_goes_on(panel: ExplorePanel) -> None:
    panel.open("A")
    panel.wait()
    panel.hide.click()
    assert panel.place.children == ()
    assert panel.pane.layout.display == "none"
    panel.close()
    assert stub(panel, "A").closed
    panel.open("B")
