"""Who leaves and who enters in the next days if nothing happens."""

from __future__ import annotations

import datetime as dt
import os
import random
from dataclasses import replace
from pathlib import Path

import pytest
import trees
from population import AS_OF, CLOCKS, CONTACTS, SEGMENTS, Clock, order
from stories import DAY, SHORT, Judge, Story, opened, standard

from segbench.audience.forecast import Turn
from segbench.audience.history import Flow
from segbench.engine.memory import Contact, Event
from segbench.errors import RuleError
from segbench.model.ask import did, did_not, field, tag
from segbench.model.rules import Group
from segbench.model.segment import Segment
from segbench.workbench.workbench import Workbench

TREES = 20 if os.environ.get("SEGBENCH_SOAK") else 12
DAYS = 6


def near(chance: random.Random, clock: Clock, contact: Contact) -> Contact:
    """The contact with its last weeks before another clock, so that windows have something."""
    there = clock.as_of - AS_OF
    moved = tuple(
        replace(event, at=event.at + there)
        for event in contact.events
        if event.at > AS_OF - 400 * DAY and there
    )
    return replace(contact, events=(*contact.events, *moved))


@pytest.mark.parametrize("clock", CLOCKS, ids=lambda clock: clock.zone.key)
def test_every_day_is_what_the_judge_says_of_it(clock: Clock, tmp_path: Path) -> None:
    """Over clocks at ends of months and years, and where the clocks of the zone change."""
    chance = random.Random(clock.zone.key)
    pool = [*SHORT, *(trees.random_rule(chance) for _ in range(40))]
    contacts = tuple(near(chance, clock, contact) for contact in CONTACTS)
    story = Story(((AS_OF, contacts),), standard(), clock.as_of, clock.zone, clock.week_start)
    judge = Judge(story)
    turned = 0
    with opened(story, tmp_path / "w") as workbench:
        for _ in range(TREES):
            root = trees.any_group(chance.choice, lambda pick: pick(pool), 1)
            forecast = workbench.forecast(root, days=DAYS)
            now, later = (
                judge.keys(root, SEGMENTS, 0, clock.as_of + day * DAY) for day in (0, DAYS)
            )
            for day in range(DAYS + 1):
                held = judge.keys(root, SEGMENTS, 0, clock.as_of + day * DAY)
                assert forecast.points[day].count == len(held), (day, root)
                assert {turn.key for turn in forecast.leaving(day)} == now - held
                assert {turn.key for turn in forecast.entering(day)} == held - now
            flow = forecast.after(DAYS)
            assert (flow.entered, flow.left) == (len(later - now), len(now - later))
            turned += flow.entered + flow.left
    assert turned > 10


ANNA = Contact("anna", {"birthday": dt.date(1990, 10, 29)}, events=(order(AS_OF - 28 * DAY),))
BERT = Contact("bert", {}, events=(order(AS_OF - 25 * DAY),))
CARL = Contact("carl", {}, events=(order(AS_OF - DAY),))
DORA = Contact("dora", {}, events=(Event("page_visited", AS_OF + 3 * DAY, {"page": "/"}),))
BUYERS = did("order_placed").within(days=30)


@pytest.fixture(scope="module")
def workbench(tmp_path_factory: pytest.TempPathFactory):  # type: ignore[no-untyped-def]
    saves = ((AS_OF - DAY, Segment("Buyers", Group(rules=(BUYERS,)))),)
    story = Story(((AS_OF, (BERT, ANNA, CARL, DORA)),), saves)
    with opened(story, tmp_path_factory.mktemp("forecast") / "w") as workbench:
        yield workbench


def test_who_leaves_comes_in_the_order_of_leaving(workbench: Workbench) -> None:
    forecast = workbench.forecast("Buyers")
    assert forecast.leaving() == (
        Turn("anna", AS_OF + 2 * DAY),
        Turn("bert", AS_OF + 5 * DAY),
        Turn("carl", AS_OF + 29 * DAY),
    )
    assert [turn.key for turn in forecast.leaving(7)] == ["anna", "bert"]
    assert [turn.key for turn in forecast.leaving(limit=1)] == ["anna"]
    assert forecast.after(7).left == 2
    assert forecast.points[7].count == 1


def test_a_contact_that_comes_back_is_not_among_those_who_leave(workbench: Workbench) -> None:
    """In on all days but one: the steps show it, the end does not."""
    rule = ~field("birthday").anniversary_today() & field("birthday").is_not_empty()
    forecast = workbench.forecast(rule, days=7)
    assert [point.count for point in forecast.points] == [1, 1, 1, 0, 1, 1, 1, 1]
    assert (forecast.points[3].flow.left, forecast.points[4].flow.entered) == (1, 1)
    assert forecast.leaving() == forecast.entering() == ()
    assert [turn.key for turn in forecast.leaving(3)] == ["anna"]


def test_what_is_dated_ahead_does_happen(workbench: Workbench) -> None:
    forecast = workbench.forecast(did("page_visited"), days=5)
    assert forecast.entering() == (Turn("dora", AS_OF + 3 * DAY),)


def test_a_forecast_of_one_day_is_the_part_of_the_clock(tmp_path: Path) -> None:
    """What the history of the next day says that the clock did was known the day before."""
    loads = ((AS_OF - 9 * DAY, (BERT, ANNA, CARL)),)
    known = ((AS_OF - 9 * DAY, (BERT, ANNA, replace(CARL, events=()))),)
    node = did("order_placed").within(days=24)
    with opened(Story(known, as_of=AS_OF - 4 * DAY), tmp_path / "early") as workbench:
        forecast = workbench.forecast(node, days=4)
    with opened(Story(loads), tmp_path / "late") as workbench:
        history = workbench.history(node, since=AS_OF - 4 * DAY, every="month")
    point = history.points[-1]
    assert forecast.after(4) == point.causes["clock"] == Flow(0, 1)
    assert point.causes["data"] == Flow(1, 0)
    assert point.count == forecast.points[-1].count + 1


def test_rules_without_a_window_are_asked_once(workbench: Workbench) -> None:
    for node in (did("order_placed").at_least(2), tag("vip"), did_not("order_placed")):
        before = workbench.engine.queries
        counts = {point.count for point in workbench.forecast(node).points}
        assert len(counts) == 1
        assert workbench.engine.queries - before <= 2


def test_a_frame_has_one_row_a_day(workbench: Workbench) -> None:
    frame = workbench.forecast("Buyers", days=7).to_frame()
    assert list(frame.columns) == ["at", "day", "count", "entered", "left"]
    assert frame["count"].tolist() == [3, 3, 2, 2, 2, 1, 1, 1]
    assert frame["left"].sum() == 2


@pytest.mark.parametrize("days", [0, -1, 1_100])
def test_a_forecast_needs_a_length_that_makes_sense(workbench: Workbench, days: int) -> None:
    with pytest.raises(RuleError, match=r"1 to 1,099 days ahead, not"):
        workbench.forecast("Buyers", days=days)
    with pytest.raises(RuleError, match="reaches 0 to 7 days ahead, not 8"):
        workbench.forecast("Buyers", days=7).after(8)
