"""The tiles: what they say, when, and of which count."""

from __future__ import annotations

import datetime as dt
import html
import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import workbenches

from segbench.audience.evaluation import Evaluation, NodeCount
from segbench.audience.reachability import Reach
from segbench.lake.importing import import_files
from segbench.lake.lake import Lake
from segbench.lake.snapshot import Interrupted
from segbench.model.ask import field, tag
from segbench.model.rules import Group, PrebuiltRule, as_group
from segbench.ui import tiles
from segbench.ui.count_changes import CountChanges, noted
from segbench.ui.history import Page
from segbench.ui.news import News
from segbench.ui.session import Session
from segbench.ui.state import Answer, State
from segbench.ui.tiles import Tiles, TilesPanel, tiles_html
from segbench.workbench.reaching import find_reach
from segbench.workbench.workbench import Workbench

GERMANS = as_group(field("country").is_any_of("DE"))
VIPS = as_group(tag("compliant"))
REACHABLE = ~PrebuiltRule("unreachable")
AT = dt.datetime(2026, 10, 23)


def read(shown: str) -> dict[str, tuple[str, str]]:
    """The tiles by name: number and note."""
    found = re.findall(r"<dt>(.*?)</dt><dd><span[^>]*>(.*?)</span> <span[^>]*>(.*?)</span>", shown)
    return {html.unescape(name): (count, html.unescape(note)) for name, count, note in found}


def test_tiles_are_a_list_of_terms_with_numbers_and_what_they_are() -> None:
    shown = tiles_html(Tiles(1204, 20_000, 1101, "", -31, 12, True))
    assert read(shown) == {
        "Matching": ("1,204", "contacts"),
        "Share of all": ("6.0\N{NO-BREAK SPACE}%", "of 20,000"),
        "Reachable by e-mail": ("1,101", "91.4\N{NO-BREAK SPACE}% of matching"),
        "Change: last edit": ("−31", "since the last edit"),
        "Change: new data": ("+12", "since the last data update"),
    }
    assert shown.startswith("<dl")
    assert "aria-live" not in shown
    assert "role=" not in shown


def test_what_is_not_known_is_said() -> None:
    shown = read(tiles_html(Tiles(1, 5)))
    assert shown["Matching"] == ("1", "contact")
    assert shown["Reachable by e-mail"] == ("…", "being worked out")
    assert shown["Change: last edit"] == ("–", "no edit to compare with yet")
    assert shown["Change: new data"] == ("–", "no new data since it was opened")
    other = read(tiles_html(Tiles(0, 0, 0, updates=True)))
    assert other["Share of all"][0] == "–"
    assert other["Reachable by e-mail"] == ("0", "")
    assert other["Change: new data"] == ("–", "not known for these filters")


def test_why_nobody_knows_who_can_be_reached_is_text() -> None:
    shown = tiles_html(Tiles(3, 9, None, "<b>there</b> is none."))
    assert "<b>" not in shown
    assert read(shown)["Reachable by e-mail"] == ("–", "cannot be told: <b>there</b> is none")


def answer(revision: int, tree: Group, total: int, snapshot: int = 2) -> Answer:
    found = Evaluation(100, total, {(): NodeCount(total, total)})
    return Answer(revision, tree, found, AT, snapshot)


def state(found: Answer | None, news: News | None = None, *, waits: bool = False) -> State:
    tree = found.tree if found else Group()
    revision = (found.revision if found else 0) + waits
    status = "updating" if waits else "ready"
    return State(
        *(revision, 0, tree, tree, (), status, "", found), False, False, "", False, news=news
    )


def heard(*states: State) -> CountChanges:
    changes = CountChanges()
    for each in states:
        changes = noted(changes, each)
    return changes


def test_an_edit_is_compared_with_the_count_before_it_and_so_is_an_undo() -> None:
    first, second = state(answer(0, GERMANS, 40)), state(answer(1, VIPS, 25))
    assert heard(first).by_edit is None
    assert heard(first, second).by_edit == -15
    assert heard(first, second, state(answer(2, GERMANS, 40))).by_edit == 15


def test_a_count_that_is_still_awaited_is_no_count() -> None:
    first = state(answer(0, GERMANS, 40))
    waiting = state(answer(0, GERMANS, 40), waits=True)
    before = heard(first)
    assert noted(before, waiting) is before
    assert heard(state(None)).answer is None


def test_what_the_last_edit_did_stays_when_data_moves_on_and_is_not_mixed_with_it() -> None:
    first, second = state(answer(0, GERMANS, 40)), state(answer(1, VIPS, 25))
    newer = state(answer(1, VIPS, 31, snapshot=3))
    assert heard(first, second, newer).by_edit == -15
    both = state(answer(2, GERMANS, 44, snapshot=3))
    assert heard(first, second, both).by_edit is None


NEWS = News(1, AT.replace(tzinfo=dt.UTC), True, 37, 5, {})


def test_the_change_since_an_update_is_from_just_before_it_to_now() -> None:
    updated = state(answer(0, GERMANS, 45, snapshot=3), NEWS)
    found = heard(state(answer(0, GERMANS, 40)), updated)
    assert (found.updates, found.since_update()) == (True, 5)
    # The clock moves on and takes two of them away again.
    ticked = replace(NEWS, number=2, data=False, contacts=0, segment=-2)
    assert noted(found, state(answer(0, GERMANS, 43, snapshot=3), ticked)).since_update() == 3


def test_of_other_rules_the_change_is_not_known_until_they_are_back() -> None:
    updated = state(answer(0, GERMANS, 45, snapshot=3), NEWS)
    edited = heard(state(answer(0, GERMANS, 40)), updated, state(answer(1, VIPS, 9, 3), NEWS))
    assert (edited.updates, edited.since_update()) == (True, None)
    assert noted(edited, state(answer(2, GERMANS, 45, 3), NEWS)).since_update() == 5


def test_an_update_that_came_with_an_edit_has_no_change_to_show() -> None:
    mixed = replace(NEWS, segment=None)
    found = heard(state(answer(0, GERMANS, 40)), state(answer(1, VIPS, 9, 3), mixed))
    assert (found.updates, found.since_update(), found.by_edit) == (True, None, None)


@pytest.fixture
def workbench(tmp_path: Path) -> Iterator[Workbench]:
    folder = workbenches.copied(tmp_path)
    with Workbench.open(folder, clock=lambda: workbenches.NOW) as workbench:
        yield workbench


@pytest.fixture
def session(workbench: Workbench) -> Iterator[Session]:
    session = Session(workbench, Page(GERMANS))
    session.wait()
    yield session
    session.close()


@pytest.fixture
def panel(session: Session) -> Iterator[TilesPanel]:
    panel = TilesPanel(session)
    panel.start()
    panel.wait()
    yield panel
    panel.close()


def shown(panel: TilesPanel) -> dict[str, str]:
    panel.session.wait()
    panel.wait()
    assert panel.message.value == ""
    return {name: count for name, (count, _) in read(panel.words.value).items()}


def test_the_tiles_of_a_segment_have_the_counts_of_its_workbench(
    panel: TilesPanel, workbench: Workbench
) -> None:
    assert shown(panel)["Matching"] == f"{workbench.count(GERMANS):,}"
    assert shown(panel)["Reachable by e-mail"] == f"{workbench.count(GERMANS & REACHABLE):,}"
    panel.session.show(VIPS)
    found, by = shown(panel), workbench.count(VIPS) - workbench.count(GERMANS)
    assert found["Reachable by e-mail"] == f"{workbench.count(VIPS & REACHABLE):,}"
    assert found["Change: last edit"] == f"{by:+,}".replace("-", "−")
    panel.session.undo()
    assert shown(panel)["Change: last edit"] == f"{-by:+,}".replace("-", "−")


def test_a_segment_without_filters_reaches_nobody(panel: TilesPanel) -> None:
    panel.session.show(Group())
    found = shown(panel)
    assert (found["Matching"], found["Reachable by e-mail"]) == ("0", "0")


def test_new_data_is_counted_apart_from_edits(panel: TilesPanel, workbench: Workbench) -> None:
    file = workbench.workspace.root / "more.csv"
    lines = [f"new-{n},DE,new{n}@example.com\n" for n in range(7)]
    file.write_text("key,country,email\n" + "".join(lines), "utf-8")
    with Lake.open(workbench.workspace.lake) as lake:
        import_files(lake, contacts=file)
    before = shown(panel)
    panel.session.move_on().result()
    found = shown(panel)
    assert found["Change: new data"] == "+7"
    assert found["Change: last edit"] == "–"
    assert int(found["Matching"].replace(",", "")) == 7 + int(before["Matching"].replace(",", ""))
    assert found["Reachable by e-mail"] == f"{workbench.count(GERMANS & REACHABLE):,}"


def test_until_it_is_known_who_can_be_reached_the_tile_waits_and_the_newest_tree_wins(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, gate, drawn = threading.Event(), threading.Event(), []

    def slowly(workbench: Workbench) -> Reach:
        asked.set()
        gate.wait(20)
        return find_reach(workbench)

    monkeypatch.setattr(tiles, "find_reach", slowly)
    panel = TilesPanel(session)
    panel.words.observe(lambda change: drawn.append(read(change["new"])), "value")
    panel.start()
    asked.wait(20)
    waiting = read(panel.words.value)
    assert waiting["Reachable by e-mail"] == ("…", "being worked out")
    session.show(VIPS)
    session.wait()
    gate.set()
    panel.wait()
    count = session.workbench.count(VIPS & REACHABLE)
    assert read(panel.words.value)["Reachable by e-mail"][0] == f"{count:,}"
    old = f"{session.workbench.count(GERMANS):,}"
    assert not [each for each in drawn[1:] if each["Matching"][0] == old]
    panel.close()


def test_what_a_newer_edit_stopped_is_asked_again(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    times = iter([True, False])

    def stopped(workbench: Workbench) -> Reach:
        if next(times, False):
            raise Interrupted
        return find_reach(workbench)

    monkeypatch.setattr(tiles, "find_reach", stopped)
    panel = TilesPanel(session)
    panel.start()
    assert shown(panel)["Reachable by e-mail"] not in ("…", "–")
    panel.close()


def test_tiles_of_older_data_wait_for_the_next_answer(panel: TilesPanel) -> None:
    before = shown(panel)
    written = panel.words.value
    panel.words.value = ""
    # Somebody moves the workbench on; the session has not counted yet.
    panel.session.workbench.as_of += dt.timedelta(days=1)
    panel.draw()
    panel.wait()
    assert panel.words.value == ""
    panel.session.recount()
    assert shown(panel)["Matching"] == before["Matching"]
    assert read(panel.words.value).keys() == read(written).keys()


def test_a_failure_is_told(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(workbench: Workbench) -> Reach:
        raise RuntimeError("no memory")

    monkeypatch.setattr(tiles, "find_reach", failing)
    panel = TilesPanel(session)
    panel.start()
    panel.wait()
    assert "no memory" in panel.message.value
    panel.close()
