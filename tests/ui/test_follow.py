"""Following the lake: what is looked at, when the session moves on, and what is said of it."""

from __future__ import annotations

import dataclasses
import datetime as dt
import threading
import zoneinfo
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import workbenches

from segbench.errors import LakeLocked
from segbench.lake.history import MAINTAINED
from segbench.lake.importing import import_files
from segbench.lake.lake import Lake
from segbench.model.ask import did, field, tag
from segbench.model.rules import as_group
from segbench.ui import follow
from segbench.ui.audience import AudienceApp
from segbench.ui.dashboards import show_audience
from segbench.ui.follow import Follower
from segbench.ui.history import Page
from segbench.ui.news import News, words
from segbench.ui.session import Session
from segbench.ui.state import State
from segbench.ui.wire import state_data
from segbench.workbench.workbench import Workbench
from segbench.workbench.workspace import ENVIRONMENT

GERMANS = as_group(field("country").is_any_of("DE"))
NOW = dt.datetime(2026, 10, 23, 12, tzinfo=dt.UTC)


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> dt.datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def workbench(tmp_path: Path, clock: Clock) -> Iterator[Workbench]:
    """A workspace of the test's own, whose moment follows the clock."""
    folder = workbenches.copied(tmp_path)
    with Workbench.open(folder, clock=clock) as workbench:
        yield workbench


@pytest.fixture
def session(workbench: Workbench) -> Iterator[Session]:
    session = Session(workbench, Page(GERMANS))
    session.wait()
    yield session
    session.close()


@pytest.fixture
def follower(session: Session) -> Follower:
    return Follower(session, lambda: None)


def arrive(workbench: Workbench, germans: int = 5, others: int = 32) -> None:
    """Another process imports contacts."""
    arrive.number += 1  # type: ignore[attr-defined]
    file = workbench.workspace.lake.parent / "more.csv"
    countries = ["DE"] * germans + ["AT"] * others
    lines = [f"new-{arrive.number}-{n},{c}\n" for n, c in enumerate(countries)]  # type: ignore[attr-defined]
    file.write_text("key,country\n" + "".join(lines), "utf-8")
    with Lake.open(workbench.workspace.lake) as lake:
        import_files(lake, contacts=file)


arrive.number = 0  # type: ignore[attr-defined]


def maintain(workbench: Workbench) -> int:
    """Another process takes a step of a maintenance, which leaves every row as it was."""
    with Lake.open(workbench.workspace.lake) as lake:
        order = "ALTER TABLE lake.tags SET SORTED BY (ordinal)"
        return lake.write(lambda cursor: cursor.execute(order), f"{MAINTAINED}order of tags")


# The data.


def test_a_look_moves_on_to_newer_data_and_says_what_changed(
    session: Session, follower: Follower, workbench: Workbench
) -> None:
    before = session.state
    arrive(workbench)
    follower.look()
    state = session.state
    assert (state.status, state.tree, state.revision) == ("ready", before.tree, before.revision)
    assert state.answer.evaluation.contacts == before.answer.evaluation.contacts + 37
    assert state.answer.evaluation.total == before.answer.evaluation.total + 5
    news = state.news
    assert (news.number, news.data, news.contacts, news.segment) == (1, True, 37, 5)
    assert news.nodes == {(): 5, (0,): 5}
    assert news.at == workbench.engine.snapshot.committed


def test_without_newer_data_a_look_changes_nothing(session: Session, follower: Follower) -> None:
    before, told = session.state, []
    session.listen(told.append)
    follower.look()
    assert (session.state, told) == (before, [])


def test_the_screen_goes_from_one_whole_state_to_the_next(
    session: Session, follower: Follower, workbench: Workbench
) -> None:
    told: list[State] = []
    session.listen(told.append)
    arrive(workbench)
    follower.look()
    assert [(state.status, state.answer.snapshot) for state in told] == [
        ("ready", workbench.engine.snapshot.id)
    ]


def test_what_is_sent_belongs_to_the_numbers_and_not_to_newer_data(
    session: Session, workbench: Workbench
) -> None:
    before = state_data(session.state, workbench)
    arrive(workbench)
    workbench.refresh()
    after = state_data(session.state, workbench)
    assert (after["contacts"], after["total"]) == (before["contacts"], before["total"])
    assert workbench.contacts_total == before["contacts"] + 37


def test_an_edit_made_while_newer_data_is_counted_is_counted_on_it(
    session: Session, follower: Follower, workbench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrive(workbench)
    real = workbench.refresh

    def edited_meanwhile() -> None:
        session.show(as_group(tag("VIP")))
        real()

    monkeypatch.setattr(workbench, "refresh", edited_meanwhile)
    follower.look()
    state = session.wait()
    assert state.answer.tree == as_group(tag("VIP"))
    assert state.answer.evaluation == workbench.evaluate(as_group(tag("VIP")))
    assert state.answer.snapshot == workbench.engine.snapshot.id
    assert (state.news.contacts, state.news.segment) == (37, None)


def test_a_count_under_way_is_finished_before_the_data_moves_on(
    session: Session, follower: Follower, workbench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrive(workbench)
    engine, order = workbench.engine, []
    asked, gate, real = threading.Event(), threading.Event(), engine.patterns
    refresh = workbench.refresh

    def slow(atoms: Any) -> Any:
        asked.set()
        assert gate.wait(30)
        order.append("counted")
        return real(atoms)

    monkeypatch.setattr(engine, "patterns", slow)
    monkeypatch.setattr(workbench, "refresh", lambda: order.append("moved on") or refresh())
    session.show(as_group(field("email").contains("nobody has this, 4711")))
    assert asked.wait(30)
    moving = session.move_on()
    gate.set()
    assert moving.result(60) == ""
    assert order[:2] == ["counted", "moved on"]


def test_a_workbench_that_somebody_moved_on_is_followed_too(
    session: Session, follower: Follower, workbench: Workbench
) -> None:
    arrive(workbench)
    workbench.refresh()
    follower.look()
    assert session.state.answer.evaluation.contacts == workbench.contacts_total


def test_an_empty_segment_has_no_difference_to_tell(workbench: Workbench) -> None:
    session = Session(workbench)
    arrive(workbench)
    Follower(session, lambda: None).look()
    news = session.state.news
    assert (news.contacts, news.segment, news.nodes) == (37, None, {})
    session.close()


def test_a_maintenance_is_moved_on_to_and_is_no_news(
    session: Session, follower: Follower, workbench: Workbench
) -> None:
    before = session.state
    newest = maintain(workbench)
    follower.look()
    assert session.state.answer.snapshot == workbench.engine.snapshot.id == newest
    assert session.state.news is None
    assert session.state.answer.evaluation == before.answer.evaluation
    arrive(workbench)
    maintain(workbench)
    follower.look()
    assert (session.state.news.data, session.state.news.contacts) == (True, 37)


# Switched off, and in trouble.


def test_switched_off_it_only_says_that_there_is_newer_data(
    session: Session, workbench: Workbench
) -> None:
    told: list[bool] = []
    follower = Follower(session, lambda: told.append(follower.available), on=False)
    before = session.state
    follower.look()
    assert told == []
    arrive(workbench)
    follower.look()
    follower.look()
    assert (told, session.state) == ([True], before)
    assert workbench.engine.snapshot.id == before.answer.snapshot
    follower.on = True
    follower.look()
    assert told == [True, False]
    assert session.state.news.contacts == 37


def test_switched_off_it_does_not_announce_a_maintenance(
    session: Session, workbench: Workbench
) -> None:
    told: list[bool] = []
    follower = Follower(session, lambda: told.append(follower.available), on=False)
    maintain(workbench)
    follower.look()
    assert told == []
    arrive(workbench)
    follower.look()
    assert told == [True]


def test_trouble_is_told_once_and_following_goes_on(
    session: Session, workbench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    follower = Follower(session, lambda: told.append(follower.problem))
    arrive(workbench)
    with monkeypatch.context() as patched:

        def locked() -> int:
            raise LakeLocked("Another process is writing.")

        patched.setattr(workbench, "newest_snapshot_id", locked)
        follower.look()
        follower.look()
    assert told == ["Another process is writing."]
    follower.look()
    assert told == ["Another process is writing.", ""]
    assert session.state.news.contacts == 37


def test_newer_data_that_cannot_be_counted_is_tried_again(
    session: Session, workbench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    follower = Follower(session, lambda: None)
    before = session.state
    arrive(workbench)
    with monkeypatch.context() as patched:

        def broken(*_: object) -> None:
            raise OSError("a file is missing")

        patched.setattr("segbench.engine.local.LocalEngine.patterns", broken)
        follower.look()
    assert follower.problem == "The count failed: a file is missing"
    state = session.state
    assert (state.status, state.answer) == ("error", before.answer)
    follower.look()
    assert (follower.problem, session.state.status) == ("", "ready")
    assert session.state.news.segment == 5


# The time.


def test_where_the_moment_is_not_pinned_windows_move_on_with_the_time(
    workbench: Workbench, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbench, "settings", unpinned(workbench))
    workbench.refresh()
    recent = as_group(did("email_opened").at_least(1).within(days=30))
    session = Session(workbench, Page(recent))
    session.wait()
    follower = Follower(session, lambda: None, every=60)
    before = session.state.answer
    clock.now += dt.timedelta(seconds=59)
    follower.look()
    assert session.state.answer == before
    clock.now += dt.timedelta(days=20)
    follower.look()
    after = session.state
    assert after.answer.as_of == clock.now.replace(tzinfo=None)
    assert after.answer.evaluation.total < before.evaluation.total
    assert (after.news.data, after.news.contacts) == (False, 0)
    assert after.news.segment == after.answer.evaluation.total - before.evaluation.total
    session.close()


def test_time_that_changes_nothing_is_no_news(
    workbench: Workbench, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbench, "settings", unpinned(workbench))
    workbench.refresh()
    session = Session(workbench, Page(GERMANS))
    session.wait()
    clock.now += dt.timedelta(hours=1)
    Follower(session, lambda: None).look()
    assert session.state.answer.as_of == clock.now.replace(tzinfo=None)
    assert session.state.news is None
    session.close()


def test_a_pinned_moment_stays(session: Session, follower: Follower, clock: Clock) -> None:
    before = session.state
    clock.now += dt.timedelta(days=1)
    follower.look()
    assert session.state == before


def unpinned(workbench: Workbench) -> Any:
    """The workspace's settings, with the clock's time in the place of its own."""
    return dataclasses.replace(workbench.settings, as_of=None)


# The thread.


def test_it_looks_from_the_first_page_on_until_it_is_closed(session: Session) -> None:
    looked = threading.Semaphore(0)
    follower = Follower(session, lambda: None, poll=0.001)
    follower.look = looked.release  # type: ignore[method-assign]
    assert not looked.acquire(timeout=0.1)
    follower.seen()
    follower.seen()
    assert looked.acquire(timeout=30)
    thread = follower._thread
    follower.close()
    thread.join(30)
    assert not thread.is_alive()
    follower.seen()
    assert follower._thread is thread


def test_it_stops_looking_when_no_page_shows_it_and_goes_on_with_the_next(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(follow, "UNSEEN", 3)
    follower = Follower(session, lambda: None, poll=0.001)
    looks: list[int] = []
    follower.look = lambda: looks.append(1)  # type: ignore[method-assign]
    follower.seen()
    first = follower._thread
    first.join(30)
    assert len(looks) == 3
    follower.seen()
    second = follower._thread
    second.join(30)
    assert (len(looks), first is second) == (6, False)
    follower.close()


# What is said.


@pytest.mark.parametrize(
    ("contacts", "segment", "said"),
    [
        (37, 5, "Data updated 14:03 · +37 contacts · this segment +5"),
        (-1, 0, "Data updated 14:03 · −1 contact · this segment unchanged"),
        (0, None, "Data updated 14:03 · ±0 contacts"),
        (1_200, -1_000, "Data updated 14:03 · +1,200 contacts · this segment −1,000"),
    ],
)
def test_news_is_one_line_in_local_time(contacts: int, segment: int | None, said: str) -> None:
    at = dt.datetime(2026, 7, 1, 12, 3, tzinfo=dt.UTC)
    berlin = zoneinfo.ZoneInfo("Europe/Berlin")
    assert words(News(1, at, True, contacts, segment, {}), berlin) == said


# The dashboard around it.


@pytest.fixture
def app(workbench: Workbench) -> Iterator[AudienceApp]:
    app = AudienceApp(workbench)
    app.session.show(GERMANS)
    app.session.wait()
    yield app
    app.close()


def test_the_dashboard_shows_the_new_total_the_line_and_the_marks(
    app: AudienceApp, workbench: Workbench
) -> None:
    arrive(workbench)
    app.follow.follower.look()
    assert f"{workbench.contacts_total:,} contacts" in app.head.value
    assert "· +37 contacts · this segment +5" in app.follow.line.value
    assert app.builder.state["news"]["nodes"] == {"": 5, "0": 5}
    assert app.builder.catalog["contacts"] == workbench.contacts_total
    assert "sbp-new-a" in app.falls._dom_classes
    arrive(workbench, germans=1, others=0)
    app.follow.follower.look()
    assert "sbp-new-b" in app.falls._dom_classes
    assert "sbp-new-a" not in app.falls._dom_classes


def test_the_overlap_is_drawn_anew_and_marked_where_it_changed(
    app: AudienceApp, workbench: Workbench
) -> None:
    app.overlap.choices.tick(None, "Customers")
    app.overlap.wait()
    before = app.overlap.table.value
    arrive(workbench)
    app.follow.follower.look()
    app.overlap.wait()
    assert app.overlap.table.value != before
    assert "sbp-new-a" in app.overlap.box._dom_classes


def test_the_button_to_update_is_there_while_newer_data_is_not_followed(
    app: AudienceApp, workbench: Workbench
) -> None:
    app.follow.switch.value = False
    assert app.follow.update.layout.display == "none"
    arrive(workbench)
    app.follow.follower.look()
    assert app.follow.update.layout.display is None
    app.follow.update.click()
    app.session.wait()
    assert app.session.state.news.contacts == 37
    assert app.follow.update.layout.display == "none"


def test_the_switch_says_what_off_means(app: AudienceApp, workbench: Workbench) -> None:
    switch, stays = app.follow.switch, app.follow.stays
    assert (switch.description, switch.value) == ("Follow new data", True)
    assert stays.layout.display == "none"
    switch.value = False
    assert "Off: the numbers stay as they are" in stays.value
    assert stays.layout.display is None
    arrive(workbench)
    app.follow.follower.look()
    assert stays.layout.display == "none"
    before = app.session.state.answer.evaluation.contacts
    switch.value = True
    app.follow.follower.look()
    assert app.session.state.answer.evaluation.contacts == before + 37


def test_trouble_is_on_screen_until_it_is_over(
    app: AudienceApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:

        def locked() -> int:
            raise LakeLocked("<Another> process is writing.")

        patched.setattr(app.workbench, "newest_snapshot_id", locked)
        app.follow.follower.look()
    assert "The newest data is not shown: &lt;Another&gt; process" in app.follow.message.value
    app.follow.follower.look()
    assert app.follow.message.value == ""


def confirm(app: AudienceApp) -> None:
    app.campaign.campaign.value = "Spring"
    app.campaign.recipient.value = "Customers"
    app.campaign.ask()


def test_what_was_agreed_to_holds_as_time_goes_by(
    workbench: Workbench, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbench, "settings", unpinned(workbench))
    app = AudienceApp(workbench)
    confirm(app)
    clock.now += dt.timedelta(minutes=2)
    app.follow.follower.look()
    assert app.campaign.agreed.as_of == clock.now.replace(tzinfo=None)
    assert not app.campaign.export.disabled
    app.campaign.write()
    assert "Exported" in app.campaign.message.value
    app.close()


def test_what_was_agreed_to_ends_with_newer_data(app: AudienceApp, workbench: Workbench) -> None:
    confirm(app)
    arrive(workbench)
    app.follow.follower.look()
    assert (app.campaign.agreed, app.campaign.export.disabled) == (None, True)
    assert "confirm the count again" in app.campaign.message.value


def test_what_was_agreed_to_holds_through_a_maintenance(
    app: AudienceApp, workbench: Workbench
) -> None:
    confirm(app)
    newest = maintain(workbench)
    app.follow.follower.look()
    assert app.campaign.agreed.snapshot == newest
    app.campaign.write()
    assert "Exported" in app.campaign.message.value
    assert workbench.library.campaign("Spring").exports[-1].snapshot == newest


def test_the_snapshot_that_an_export_cites_expired_in_words(
    app: AudienceApp, workbench: Workbench
) -> None:
    confirm(app)
    app.campaign.write()
    cited = workbench.engine.snapshot.id
    assert "expired" not in app.campaign.exports.value
    workbench.library.mark_expired([cited], now=dt.datetime(2026, 11, 3, 9, tzinfo=dt.UTC))
    app.campaign.refresh()
    said = f"Snapshot {cited}, which this export was taken from, expired on 3 Nov 2026."
    assert said in app.campaign.exports.value
    assert "The files are complete as they were written" in app.campaign.exports.value


def test_a_closed_dashboard_looks_no_more(workbench: Workbench) -> None:
    app = AudienceApp(workbench)
    app.follow.follower.seen()
    thread = app.follow.follower._thread
    app.close()
    thread.join(30)
    assert not thread.is_alive()


def test_two_screens_of_one_workbench_both_move_on(workbench: Workbench) -> None:
    first, second = (AudienceApp(workbench) for _ in range(2))
    assert first.session.standstill is second.session.standstill
    arrive(workbench)
    for app in (first, second):
        app.follow.follower.look()
        assert app.session.state.news.contacts == 37
        app.close()


def test_dashboards_follow_and_notebooks_wait_to_be_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(ENVIRONMENT, str(workbenches.copied(tmp_path)))
    dashboard, cell = show_audience(), workbenches.opened().show()
    assert (dashboard.follow.switch.value, cell.follow.switch.value) == (True, False)
    dashboard.close()
    cell.close()
