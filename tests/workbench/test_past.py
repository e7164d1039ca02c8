"""Answers as of a past moment: events by their times, fields as far as snapshots reach."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest
from population import AS_OF, batch, order
from stories import DAY, Story, backdate, opened, standard, tell

from segbench.audience.history import Flow
from segbench.engine.memory import Contact, Event
from segbench.errors import LakeError, RuleError
from segbench.lake.importing import import_files
from segbench.lake.lake import Lake
from segbench.library.library import Library
from segbench.model.ask import did, did_not, field, in_segment, sample, tag
from segbench.model.rules import as_group
from segbench.model.segment import Segment
from segbench.workbench.workbench import Workbench
from segbench.workbench.workspace import Workspace

VISITED = Event("page_visited", AS_OF - 40 * DAY, {"page": "/"})
ANNA = Contact(
    "anna", {"country": "FR", "age": 30}, frozenset({"vip"}), (order(AS_OF - 20 * DAY), VISITED)
)
BERT = Contact("bert", {"country": "DE"}, events=(order(AS_OF - 3 * DAY),))
CARL = Contact("carl", {"country": "DE"})
FIRST, SECOND = AS_OF - 10 * DAY, AS_OF - 5 * DAY
MOVED = replace(ANNA, fields={"country": "DE"})
STORY = Story(((FIRST, (ANNA, BERT)), (SECOND, (CARL, BERT, MOVED))))
GERMANS = as_group(field("country").is_("DE"))


@pytest.fixture(scope="module")
def workbench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    with opened(STORY, tmp_path_factory.mktemp("past") / "w") as workbench:
        yield workbench


def keys(workbench: Workbench, at: dt.datetime, node: object) -> set[str]:
    return set(workbench.at(at).contacts(node, ["key"])["key"])


def test_fields_are_those_of_the_newest_snapshot_by_then(workbench: Workbench) -> None:
    assert keys(workbench, FIRST, GERMANS) == {"bert"}
    assert keys(workbench, SECOND - dt.timedelta(microseconds=1), GERMANS) == {"bert"}
    assert keys(workbench, SECOND, GERMANS) == {"anna", "bert", "carl"}
    assert workbench.at(SECOND - DAY).contacts_total == 2


def test_tags_are_those_of_the_snapshot_too(workbench: Workbench) -> None:
    assert keys(workbench, FIRST, tag("vip")) == {"anna"}
    assert "vip" in MOVED.tags


def test_before_the_first_snapshot_its_fields_are_used_and_the_answer_says_so(
    workbench: Workbench,
) -> None:
    past = workbench.at(FIRST - 30 * DAY)
    assert past.count(GERMANS) == 1
    assert past.history_begins == FIRST
    assert past.notes(GERMANS) == (
        "Fields are known from 16 Oct 2026 on; earlier counts use their values of that day.",
    )
    assert past.notes(GERMANS & tag("vip")) == (
        "Fields and tags are known from 16 Oct 2026 on; "
        "earlier counts use their values of that day.",
    )
    assert past.notes(tag("vip")) == (
        "Tags are known from 16 Oct 2026 on; earlier counts use those of that day.",
    )
    assert workbench.at(FIRST).notes(GERMANS) == ()


def test_events_carry_their_times_and_need_no_note(workbench: Workbench) -> None:
    past = workbench.at(AS_OF - 20 * DAY)
    assert past.count(did("order_placed")) == 1
    assert past.notes(did("order_placed")) == ()
    assert workbench.at(AS_OF - 20 * DAY - dt.timedelta(seconds=1)).count(did("order_placed")) == 0


def test_who_is_a_contact_at_all_is_noted_where_it_matters(workbench: Workbench) -> None:
    past = workbench.at(AS_OF - 20 * DAY)
    assert past.count(did_not("order_placed")) == 1
    note = ("Contacts are known from 16 Oct 2026 on; earlier counts are of those of that day.",)
    assert past.notes(did_not("order_placed")) == note
    assert past.notes(sample(0, 50)) == note


def test_events_that_came_late_count_at_their_times(tmp_path: Path) -> None:
    early = replace(ANNA, events=(VISITED,))
    story = Story(((FIRST, (early, BERT)), (SECOND, (ANNA, BERT))))
    with opened(story, tmp_path / "w") as workbench:
        assert keys(workbench, FIRST, did("order_placed")) == {"anna"}


def test_a_contact_that_is_gone_has_the_events_of_its_snapshot(tmp_path: Path) -> None:
    story = Story(((FIRST, (ANNA, BERT)), (SECOND, (CARL, BERT))))
    with opened(story, tmp_path / "w") as workbench:
        assert keys(workbench, FIRST, did("order_placed")) == {"anna"}
        assert keys(workbench, SECOND, did("order_placed")) == set()
        history = workbench.history(did("order_placed"), since=FIRST, until=SECOND)
        assert history.left(len(history.points) - 1, "data") == ("anna",)


def test_the_present_is_what_the_workbench_says(shared: Workbench) -> None:
    """Also where the clock is pinned to a time before all snapshots."""
    for node in (did("order_placed").within(days=30), field("country").is_("DE"), tag("VIP")):
        assert shared.at(shared.as_of).count(node) == shared.count(node)
        assert shared.at(shared.as_of).notes(node) == ()
        assert shared.at(shared.as_of).waterfall(node) == shared.waterfall(node)


def test_a_field_that_came_later_has_no_value_before(tmp_path: Path) -> None:
    place = Workspace(tell(Story(((FIRST, (ANNA, BERT)),)), tmp_path / "w"))
    (tmp_path / "more.csv").write_text("key,shoe_size,country\nbert,43,AT\ndora,38,DE\n", "utf-8")
    with Lake.open(place.lake) as lake:
        id = import_files(lake, contacts=tmp_path / "more.csv").snapshot
        first = min(entry.id for entry in lake.snapshots() if entry.message == "loaded")
    assert id is not None
    backdate(place.lake, {first: FIRST, id: SECOND})
    with Workbench.open(place.root) as workbench:
        large, unknown = field("shoe_size") > 40, field("shoe_size").is_empty()
        assert keys(workbench, FIRST, large) == set()
        assert keys(workbench, FIRST, unknown) == {"anna", "bert"}
        assert keys(workbench, FIRST, field("shoe_size").at_least(field("age"))) == set()
        assert keys(workbench, SECOND, large) == {"bert"}
        either = large | field("country").is_("DE")
        history = workbench.history(either, since=FIRST, until=SECOND)
        assert [point.count for point in history.points] == [1, 1, 1, 1, 1, 1, 2]
        assert history.entered(-1, "data") == ("dora",)
        with pytest.raises(RuleError, match=r"no field 'shoe_size'; it has key, name"):
            workbench.at(FIRST).contacts(large, ["shoe_size"])


def test_a_field_of_another_type_then_has_no_value_then(tmp_path: Path) -> None:
    """Whether the rules are those of now or those of then; neither history breaks."""
    place = Workspace(tell(Story(((FIRST, (ANNA, BERT)),)), tmp_path / "w"))
    with Lake.open(place.lake) as lake:
        old = lake.snapshot().id
        anna = pa.table({"key": ["anna"], "age": ["about thirty"]})
        new = lake.load([replace(batch((ANNA,)), contacts=anna)]).snapshot
    backdate(place.lake, {old: FIRST, new: SECOND})
    number, text = as_group(field("age") > 20), as_group(field("age").contains("about"))
    with Library.open(place.library) as library:
        for at, group in ((FIRST, number), (SECOND + DAY, text)):
            library.save(Segment("S", group), now=at.replace(tzinfo=dt.UTC), replace=True)
    with Workbench.open(place.root) as workbench:
        assert keys(workbench, FIRST, number) == {"anna"}
        assert keys(workbench, FIRST, text) == set()
        with pytest.raises(RuleError, match="does not apply to a text field"):
            workbench.at(SECOND).count(number)
        history = workbench.history("S", since=SECOND - DAY, every="month")
        assert [point.count for point in history.points] == [1, 1]
        flows = history.points[-1].causes
        assert (flows["data"], flows["rules"]) == (Flow(0, 1), Flow(1, 0))


def test_saved_segments_have_the_rules_of_then(tmp_path: Path) -> None:
    saves = standard(
        (
            (FIRST, Segment("S", GERMANS)),
            (FIRST, Segment("Outer", as_group(in_segment("S")))),
            (SECOND, Segment("S", as_group(tag("vip")))),
        )
    )
    with opened(replace(STORY, saves=saves), tmp_path / "w") as workbench:
        for asked in ("S", "Outer", in_segment("S")):
            assert keys(workbench, SECOND - DAY, asked) == {"bert"}
            assert keys(workbench, SECOND, asked) == {"anna"}
        before = workbench.at(FIRST - DAY)
        assert before.count("S") == 1
        assert before.notes("S")[1:] == (
            "The rules are known from 16 Oct 2026 on; earlier counts use the first ones.",
        )


def test_a_moment_that_is_not_past_is_refused(workbench: Workbench) -> None:
    with pytest.raises(RuleError, match=r"lies after 2026-10-26 11:30 UTC.*ask for a forecast"):
        workbench.at(AS_OF + DAY)
    with pytest.raises(RuleError, match="the years 1900 to 9000"):
        workbench.at(dt.datetime(1066, 10, 14))


def test_an_aware_moment_is_taken_as_the_instant_it_is(workbench: Workbench) -> None:
    zone = dt.timezone(dt.timedelta(hours=5))
    assert workbench.at(SECOND.replace(tzinfo=dt.UTC).astimezone(zone)).as_of == SECOND


def test_closed_means_closed(tmp_path: Path) -> None:
    with opened(STORY, tmp_path / "w") as workbench:
        past = workbench.at(FIRST)
        past.count(GERMANS)
        history = workbench.history(GERMANS, since=FIRST)
        workbench.refresh()
        assert past.count(GERMANS) == 1
    with pytest.raises(LakeError, match=r"The workbench is closed\."):
        past.count(GERMANS)
    with pytest.raises(LakeError, match=r"The workbench is closed\."):
        history.entered(-1)


def test_a_history_knows_its_keys_until_the_workbench_is_closed(tmp_path: Path) -> None:
    """Also where the workbench has moved on to other data since."""
    with opened(STORY, tmp_path / "w") as workbench:
        history = workbench.history(GERMANS, since=FIRST)
        forecast = workbench.forecast(GERMANS, days=1)
        workbench.lake.load([batch((CARL,))])
        assert workbench.refresh()
        gone = history.steps[-1].moved.entered
        assert history.keys_of(gone) == ()
    for found in (history, forecast):
        with pytest.raises(LakeError, match=r"The workbench is closed\."):
            found.keys_of(gone)
