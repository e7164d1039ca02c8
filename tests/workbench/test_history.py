"""The size of a segment over time, and why it changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from population import AS_OF, ZONE, order
from stories import DAY, Story, opened, standard

from segbench.audience.history import CAUSES, Flow, History
from segbench.engine.memory import Contact, Event
from segbench.errors import RuleError
from segbench.model.ask import did, did_not, field, in_segment, not_followed, sample, tag
from segbench.model.moments import local_day, midnight
from segbench.model.rules import as_group
from segbench.model.segment import Segment
from segbench.workbench.workbench import Workbench

BUYERS = as_group(did("order_placed").within(days=5))
HOUR = dt.timedelta(hours=1)
FIRST, SECOND = AS_OF - 10 * DAY, AS_OF - 3 * DAY
ANNA = Contact("anna", {"country": "DE"}, events=(order(AS_OF - 7 * DAY),))
BERT = Contact("bert", {"country": "FR", "age": 40})
MOVED = Contact("bert", {"country": "DE", "age": 40})
CARL = Contact(
    "carl", {"country": "DE"}, events=(Event("page_visited", AS_OF - 50 * DAY, {"page": "/"}),)
)
STORY = Story(((FIRST, (ANNA, BERT)), (SECOND, (ANNA, MOVED, CARL))))


@pytest.fixture(scope="module")
def workbench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    saves = standard(
        (
            (FIRST, Segment("Germans too", as_group(field("country").is_("DE")))),
            (AS_OF - DAY, Segment("Germans too", as_group(field("age") > 30))),
            (FIRST, Segment("Outer", as_group(in_segment("Germans too")))),
        )
    )
    story = Story(STORY.loads, saves)
    with opened(story, tmp_path_factory.mktemp("history") / "w") as workbench:
        yield workbench


def told(history: History) -> list[tuple]:
    """The steps in which anything moved: the cause, who entered, who left."""
    return [
        (cause, history.entered(number, cause), history.left(number, cause))
        for number, point in enumerate(history.points)
        for cause in point.causes
        if point.causes[cause].entered or point.causes[cause].left
    ]


def test_an_event_is_data_and_the_end_of_its_window_is_the_clock(workbench: Workbench) -> None:
    history = workbench.history(BUYERS, since=FIRST)
    assert told(history) == [("data", ("anna",), ()), ("clock", (), ("anna",))]
    assert history.notes == ()


def test_a_new_value_and_a_new_contact_are_data(workbench: Workbench) -> None:
    history = workbench.history(field("country").is_("DE"), since=FIRST)
    assert told(history) == [("data", ("bert", "carl"), ())]


def test_a_save_is_rules_also_one_of_a_segment_that_is_referred_to(workbench: Workbench) -> None:
    for name in ("Germans too", "Outer"):
        history = workbench.history(name, since=FIRST)
        assert told(history)[1:] == [("rules", (), ("anna", "carl"))]
        assert [point.count for point in history.points][-4:] == [3, 3, 1, 1]


def test_what_ends_by_itself_is_the_clock_though_nothing_happened(tmp_path: Path) -> None:
    """A, but no B within 5 days: true five days after A, which no event marks."""
    rule = not_followed(did("order_placed"), did("page_visited"), days=5)
    with opened(STORY, tmp_path / "w") as workbench:
        assert told(workbench.history(rule, since=FIRST)) == [("clock", ("anna",), ())]


def test_a_contact_in_two_parts_is_not_in_the_flow(tmp_path: Path) -> None:
    """The window ends, and the snapshot of the same step brings it back for another reason."""
    vip = Contact("anna", {"country": "FR"}, frozenset({"vip"}), (order(AS_OF - 6 * DAY),))
    plain = Contact("anna", {"country": "FR"}, frozenset(), vip.events)
    moment = AS_OF - DAY - dt.timedelta(minutes=1)
    story = Story(((FIRST, (plain,)), (moment, (vip,))))
    with opened(story, tmp_path / "w") as workbench:
        history = workbench.history(BUYERS | tag("vip"), since=AS_OF - 2 * DAY, until=AS_OF - DAY)
    last = history.points[-1]
    assert (last.causes["clock"].left, last.causes["data"].entered) == (1, 1)
    assert (last.flow.entered, last.flow.left) == (0, 0)


def test_within_a_step_the_clock_acts_first_then_data_then_rules(tmp_path: Path) -> None:
    """All three in one step: out by the clock, in by the snapshot, out by the save."""
    buyer = Contact("anna", {"country": "FR"}, events=(order(AS_OF - 6 * DAY),))
    moved = Contact("anna", {"country": "DE"}, events=buyer.events)
    story = Story(
        ((FIRST, (buyer,)), (AS_OF - 10 * HOUR, (moved,))),
        (
            (FIRST, Segment("S", BUYERS | field("country").is_("DE"))),
            (AS_OF - 11 * HOUR, Segment("S", BUYERS)),
        ),
    )
    with opened(story, tmp_path / "w") as workbench:
        history = workbench.history("S", since=AS_OF - 2 * DAY, every="month")
        assert told(history) == [
            ("clock", (), ("anna",)),
            ("data", ("anna",), ()),
            ("rules", (), ("anna",)),
        ]
    assert history.points[-1].flow == Flow(0, 1)


def test_nothing_new_is_asked_where_nothing_changed(workbench: Workbench) -> None:
    """Rules without a window cost no query for days without events or snapshots."""
    for node in (field("age") > 39, did("order_placed"), sample(0, 50), did_not("page_visited")):
        before = workbench.engine.queries
        history = workbench.history(node, since=AS_OF - 2 * DAY)
        assert len(history.points) == 4
        assert workbench.engine.queries - before <= 1


def test_points_are_local_midnights_with_both_ends(workbench: Workbench) -> None:
    history = workbench.history(BUYERS)
    days = [local_day(point.at, ZONE) for point in history.points]
    assert [point.at for point in history.points[:-1]] == [midnight(day, ZONE) for day in days[:-1]]
    assert (days[0], days[-2], days[-1]) == (dt.date(2026, 9, 26), *[dt.date(2026, 10, 26)] * 2)
    assert history.points[-1].at == AS_OF
    # The clocks went back on the 25th.
    assert history.points[-2].at - history.points[-3].at == dt.timedelta(hours=25)


def test_weeks_and_months_begin_where_the_calendar_has_them(workbench: Workbench) -> None:
    weeks = workbench.history(BUYERS, every="week", since=dt.date(2026, 10, 8))
    days = [local_day(point.at, ZONE).day for point in weeks.points]
    assert days == [8, 12, 19, 26, 26]
    months = workbench.history(BUYERS, every="month", until=dt.date(2026, 9, 30))
    days = [local_day(point.at, ZONE) for point in months.points]
    assert [(day.month, day.day) for day in days] == [((n + 9) % 12 + 1, 1) for n in range(13)]
    assert (days[0].year, days[-1].year) == (2025, 2026)


def test_without_causes_the_numbers_are_the_same(workbench: Workbench) -> None:
    full = workbench.history("Outer", since=FIRST)
    short = workbench.history("Outer", since=FIRST, attribute=False)
    assert [(p.at, p.count, p.flow) for p in short.points] == [
        (p.at, p.count, p.flow) for p in full.points
    ]
    assert list(short.to_frame().columns) == ["at", "count", "entered", "left"]
    with pytest.raises(RuleError, match="no cause 'rules'; it has none"):
        short.entered(1, "rules")


def test_a_frame_has_one_row_a_point_and_whole_numbers(workbench: Workbench) -> None:
    history = workbench.history("Outer", since=FIRST)
    frame = history.to_frame()
    parts = [f"{cause}_{way}" for cause in CAUSES for way in ("entered", "left")]
    assert list(frame.columns) == ["at", "count", "entered", "left", *parts]
    assert str(frame["at"].dt.tz) == "Europe/Berlin"
    assert {str(kind) for kind in frame.dtypes[1:]} == {"int64"}
    assert frame["count"].diff().iloc[1:].tolist() == (
        (frame[parts[::2]].sum(axis=1) - frame[parts[1::2]].sum(axis=1)).iloc[1:].tolist()
    )


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"since": AS_OF, "until": FIRST}, "cannot end before it starts"),
        ({"until": AS_OF + DAY}, "ends at 2026-10-26 11:30 UTC.*forecast"),
        ({"every": "hour"}, "no step 'hour'; choose 'day', 'week' or 'month'"),
        ({"since": dt.date(2020, 1, 1)}, "more than 1,100 points"),
        ({"since": dt.date(1800, 1, 1)}, "years 1900 to 9000"),
    ],
)
def test_spans_that_make_no_sense_are_refused(workbench: Workbench, asked: dict, said: str) -> None:
    with pytest.raises(RuleError, match=said):
        workbench.history(BUYERS, **asked)


def test_a_point_that_is_not_there_is_refused(workbench: Workbench) -> None:
    history = workbench.history(BUYERS, since=AS_OF - DAY)
    with pytest.raises(RuleError, match="no such point; it has points 0 to 2"):
        history.entered(3)
    assert history.entered(0) == ()
    assert history.entered(history.points[0]) == ()


def test_a_history_of_one_moment_is_one_point(workbench: Workbench) -> None:
    assert len(workbench.history(BUYERS, since=AS_OF).points) == 1


def test_rules_that_cannot_be_asked_are_named(workbench: Workbench) -> None:
    with pytest.raises(RuleError, match=r"no field 'no_such_field'"):
        workbench.history(field("no_such_field") > 1)
    with pytest.raises(RuleError, match="no saved segment 'Germens'"):
        workbench.history("Germens")
