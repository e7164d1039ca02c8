"""The past and the days to come of what is on screen, in one answer."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from population import AS_OF, order
from stories import DAY, Story, opened

from segbench.audience.history import Flow
from segbench.engine.memory import Contact
from segbench.lake.snapshot import Interrupted
from segbench.model.ask import did, field
from segbench.model.rules import as_group
from segbench.model.segment import Segment
from segbench.workbench.trend import DAYS, find_trend
from segbench.workbench.workbench import Workbench

BUYERS = as_group(did("order_placed").within(days=5))
FRENCH = as_group(field("country").is_("FR"))
FIRST = AS_OF - 20 * DAY
ANNA = Contact("anna", {"country": "DE"}, events=(order(AS_OF - 9 * DAY), order(AS_OF - DAY)))
BERT = Contact("bert", {"country": "FR"}, events=(order(AS_OF - 2 * DAY),))
SAVES = ((FIRST, Segment("S", FRENCH)), (AS_OF - 10 * DAY, Segment("S", BUYERS)))


@pytest.fixture(scope="module")
def workbench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    story = Story(((FIRST, (ANNA, BERT)),), SAVES)
    with opened(story, tmp_path_factory.mktemp("trend") / "w") as workbench:
        yield workbench


def test_all_that_entered_and_left_sums_to_the_change(workbench: Workbench) -> None:
    """Anna is in, out and in again; Bert comes later: three enter, one leaves."""
    trend = find_trend(workbench, BUYERS)
    assert trend.flow == Flow(3, 1)
    points = trend.history.points
    assert trend.flow.net == points[-1].count - points[0].count
    assert trend.causes == {"clock": Flow(0, 1), "data": Flow(3, 0), "rules": Flow()}


def test_the_past_ends_where_the_days_to_come_begin(workbench: Workbench) -> None:
    trend = find_trend(workbench, BUYERS, "week")
    now, coming = trend.history.points[-1], trend.forecast.points
    assert (now.at, now.count) == (coming[0].at, coming[0].count) == (AS_OF, 2)
    assert (trend.forecast.days, trend.soon) == (DAYS, 7)
    assert trend.forecast.after(7) == Flow(0, 2)


def test_a_saved_segment_has_its_rules_of_then_an_edited_one_those_of_now(
    workbench: Workbench,
) -> None:
    saved = find_trend(workbench, BUYERS, name="S")
    assert saved.causes["rules"] != Flow()
    assert saved.history.notes != ()
    edited = as_group(did("order_placed").within(days=6))
    for rules, name in ((edited, "S"), (BUYERS, ""), (BUYERS, "Nobody saved this")):
        assert find_trend(workbench, rules, name=name).causes["rules"] == Flow()


def test_the_largest_change_is_the_latest_of_equals(workbench: Workbench) -> None:
    trend = find_trend(workbench, BUYERS)
    steepest = trend.steepest
    assert steepest is not None
    largest = max(abs(point.flow.net) for point in trend.history.points)
    assert steepest == [p for p in trend.history.points if abs(p.flow.net) == largest][-1]
    assert find_trend(workbench, FRENCH).steepest is None


@pytest.mark.parametrize("last", [1, 3, 40])
def test_what_nobody_wants_any_more_is_given_up_between_two_points(
    workbench: Workbench, last: int
) -> None:
    """40: in the days to come, after the 32 points of the past."""
    told: list[tuple[int, int]] = []

    def going(found: int, points: int) -> bool:
        told.append((found, points))
        return len(told) < last

    with pytest.raises(Interrupted):
        find_trend(workbench, BUYERS, going=going)
    assert len(told) == last
    assert all(found < points for found, points in told)
