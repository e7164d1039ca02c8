"""The view "Contact": who is found, why they are in or out, and the way to the row that says so."""

from __future__ import annotations

import datetime as dt
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from html import escape, unescape
from typing import Any

import pytest
import workbenches

from segbench.engine.finding import Match
from segbench.engine.memory import Contact, Event
from segbench.model.ask import engaged, field, tag
from segbench.model.rules import Path as Place
from segbench.model.rules import as_group
from segbench.ui.explore_panel import ExplorePanel
from segbench.ui.history import Page
from segbench.ui.session import Session
from segbench.ui.views import contact_view
from segbench.ui.views.contact_tables import inspection_html, matches_html
from segbench.ui.views.contact_view import EMPTY, ContactView
from segbench.workbench.inspecting import example_key, inspect
from segbench.workbench.workbench import Workbench

RULES = as_group(engaged(days=30) & (field("country").is_any_of("DE") | tag("imported")))
EVIL = "<script>alert(1)</script>"


class Screen:
    """The card with the view open."""

    def __init__(self, workbench: Workbench) -> None:
        self.workbench = workbench
        self.session = Session(workbench, Page(RULES))
        self.session.wait()
        self.focused: list[Place] = []
        self.panel = ExplorePanel(self.session, "light")
        self.view = ContactView(self.panel.draw, self.focused.append)
        self.panel.offer([self.view])
        self.panel.open("Contact")
        self.panel.wait()

    def type(self, text: str) -> None:
        self.view.input.value = text
        if self.view._timer is not None:
            self.view._timer.join(10)
        self.panel.wait()

    def send(self, **message: str) -> None:
        self.panel.links._receive(self.panel.links, message, [])
        self.panel.wait()

    def press(self, place: int) -> None:
        self.view.box.children[0].children[place].click()
        self.panel.wait()

    @property
    def text(self) -> str:
        words = re.sub(r"<(/tr|/p|/h3|/li)>", "\n", self.view.words.value)
        return unescape(re.sub(r"<[^>]*>", " ", words))


@pytest.fixture(scope="module")
def workbench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    with Workbench.open(workbenches.copied(tmp_path_factory.mktemp("contact"))) as opened:
        yield opened


@pytest.fixture
def screen(workbench: Workbench) -> Iterator[Screen]:
    made = Screen(workbench)
    yield made
    made.panel.close()
    made.session.close()


def test_nothing_typed_says_what_can_be_typed(screen: Screen) -> None:
    assert screen.text.strip() == EMPTY
    assert screen.panel.pane.layout.display == "none"


def test_who_is_not_found_is_said_with_what_was_searched(screen: Screen) -> None:
    screen.type("nobody is called so")
    assert "Nobody was found for “nobody is called so”" in screen.text
    assert "Searched: keys, E-mail, First name, Last name." in screen.text


def test_several_are_listed_and_one_is_chosen_at_a_click(screen: Screen) -> None:
    screen.type("müller")
    keys = re.findall(r'data-name="([^"]*)"', screen.view.words.value)
    assert len(keys) == 10
    assert "There are more" in screen.text
    screen.send(act="look", name=keys[4])
    assert screen.view.input.value == keys[4]
    assert screen.text.strip().startswith(keys[4])


def test_each_row_says_how_it_stands_in_words_with_the_contacts_value(screen: Screen) -> None:
    key = "c0000004"
    screen.type(key)
    why = screen.workbench.why(key, RULES)
    assert ("✓ is in the segment" if why.held else "✗ is not in the segment") in screen.text
    group = why.reason.parts[1]
    for reason in (*why.reason.parts, *group.parts):
        place = ".".join(str(at + 1) for at in reason.path)
        line = next(line for line in screen.text.split("\n") if line.split()[:1] == [place])
        assert reason.asks in line
        assert ("✓ holds" if reason.held else "✗ does not hold") in line
        assert reason.value in line


def test_a_row_is_gone_to_in_the_builder(screen: Screen) -> None:
    screen.type("c0000004")
    picks = re.findall(r'data-act="row" data-pick="([^"]*)"', screen.view.words.value)
    assert picks == ["row:0", "row:1", "row:1,0", "row:1,1"]
    for pick in picks:
        screen.send(act="row", pick=pick)
    assert screen.focused == [(0,), (1,), (1, 0), (1, 1)]


def test_the_same_contact_stays_while_the_segment_changes(screen: Screen) -> None:
    screen.type("c0000004")
    verdicts = set()
    for country in ("DE", "FR", "AT", "US"):
        rules = as_group(field("country").is_any_of(country))
        screen.session.show(rules)
        screen.session.wait()
        screen.panel.wait()
        held = screen.workbench.why("c0000004", rules).held
        assert screen.text.strip().startswith("c0000004")
        assert ("✓ is in the segment" in screen.text) is held
        verdicts.add(held)
    assert verdicts == {True, False}


def test_examples_are_in_and_out_one_after_another(screen: Screen) -> None:
    members = list(screen.workbench.contacts(RULES, ["key"])["key"])
    for wanted in members[:3]:
        screen.press(1)
        assert screen.view.input.value == wanted
        assert "✓ is in the segment" in screen.text
    screen.press(2)
    assert screen.view.input.value not in members
    assert "✗ is not in the segment" in screen.text


def test_there_is_nobody_to_show_of_an_empty_segment(screen: Screen) -> None:
    screen.session.show(as_group(field("country").is_("nowhere")))
    screen.session.wait()
    screen.press(1)
    assert "Nobody is in this segment now." in screen.text
    screen.panel.refresh()
    screen.panel.wait()
    assert "Nobody is in this segment now." in screen.text
    screen.type("c0000004")
    assert screen.text.strip().startswith("c0000004")


@pytest.fixture
def while_looking(
    screen: Screen, monkeypatch: pytest.MonkeyPatch
) -> Callable[[Callable[[], None]], None]:
    """Presses "Somebody who is in" and does something while that is being looked up."""
    started, done = threading.Event(), threading.Event()

    def slowly(*args: Any, **named: Any) -> str | None:
        found = example_key(*args, **named)
        if not started.is_set():
            started.set()
            assert done.wait(30)
        return found

    monkeypatch.setattr(contact_view, "example_key", slowly)

    def press(act: Callable[[], None]) -> None:
        screen.view.box.children[0].children[1].click()
        assert started.wait(30)
        act()
        done.set()
        screen.panel.wait()

    return press


def test_the_other_example_asked_for_meanwhile_is_shown(
    screen: Screen, while_looking: Callable[[Callable[[], None]], None]
) -> None:
    while_looking(lambda: screen.view.box.children[0].children[2].click())
    assert "✗ is not in the segment" in screen.text


def test_what_is_typed_meanwhile_stays(
    screen: Screen, while_looking: Callable[[Callable[[], None]], None]
) -> None:
    def write() -> None:
        screen.view.input.value = "c0000004"

    while_looking(write)
    assert screen.view.input.value == "c0000004"
    assert screen.view._timer is not None
    screen.view._timer.join(10)
    screen.panel.wait()
    assert screen.text.strip().startswith("c0000004")


def test_what_was_typed_just_before_an_example_does_not_take_it_away(screen: Screen) -> None:
    screen.view.input.value = "c0000004"
    screen.press(1)
    assert screen.view._timer is not None
    screen.view._timer.join(10)
    screen.panel.wait()
    assert screen.view.input.value in set(screen.workbench.contacts(RULES, ["key"])["key"])
    assert "✓ is in the segment" in screen.text


def test_what_is_known_of_contacts_is_text(workbench: Workbench) -> None:
    event = Event(EVIL, workbench.as_of, {EVIL: EVIL})
    contact = Contact(EVIL, {"last_name": EVIL}, frozenset({EVIL}), (event,))
    known = inspect(workbench, "c0000004", RULES)
    found = replace(known, contact=contact, inside=(EVIL,), uncounted=(EVIL,))
    html = inspection_html(found, workbench.catalog, workbench.zone, workbench.as_of)
    assert html.count(escape(EVIL)) == 8
    html += matches_html((Match(EVIL, (EVIL,)),), (EVIL,), more=True)
    assert "<script" not in html


def test_events_ahead_of_the_clock_have_not_happened(workbench: Workbench) -> None:
    later = Event("order_placed", workbench.as_of + dt.timedelta(seconds=1))
    known = inspect(workbench, "c0000004", RULES)
    found = replace(known, contact=replace(known.contact, events=(later,)))
    html = inspection_html(found, workbench.catalog, workbench.zone, workbench.as_of)
    assert "Nothing is known to have happened." in html


@pytest.mark.parametrize(
    "message", [{"act": "erase", "name": "x"}, {"act": "row", "pick": "step:1"}]
)
def test_what_the_page_never_sends_is_refused(screen: Screen, message: dict[str, str]) -> None:
    screen.type("c0000004")
    screen.send(**message)
    assert "sbp-wrong" in screen.panel.message.value
    assert screen.focused == []
