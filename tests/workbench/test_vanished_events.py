"""Rules about events that only an older snapshot has, or one that has expired."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from population import AS_OF, order
from stories import DAY, Story, opened, standard

from segbench.engine.memory import Contact, Event
from segbench.errors import LakeError, RuleError, Uncountable
from segbench.library.saved import LastCount
from segbench.model.ask import did, did_not
from segbench.model.rules import as_group
from segbench.model.segment import Segment
from segbench.workbench.workbench import Workbench

FIRST, SECOND = AS_OF - 6 * DAY, AS_OF - 3 * DAY
VISITED = Event("page_visited", AS_OF - 7 * DAY, {"page": "/"})
ANNA = Contact("anna", {"country": "DE"}, events=(VISITED,))
BERT = Contact("bert", {"country": "FR"}, events=(order(AS_OF - 8 * DAY),))
STORY = Story(
    ((FIRST, (ANNA, BERT)), (SECOND, (BERT,))),
    standard(((FIRST, Segment("Visitors", as_group(did("page_visited")))),)),
)
NOBODY = r"There is no event 'page_visited'"


@pytest.fixture(scope="module")
def workbench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    with opened(STORY, tmp_path_factory.mktemp("vanished") / "w") as workbench:
        yield workbench


def test_the_past_that_had_the_event_answers(workbench: Workbench) -> None:
    history = workbench.history("Visitors", since=FIRST)
    assert (history.points[0].count, history.points[-1].count) == (1, 0)
    assert history.left(-1) == ()
    assert workbench.at(FIRST).count("Visitors") == 1
    assert workbench.at(FIRST).count(did_not("page_visited")) == 1


def test_the_present_and_a_past_without_it_say_that_there_is_no_such_event(
    workbench: Workbench,
) -> None:
    for ask in (
        lambda: workbench.count(did("page_visited")),
        lambda: workbench.at(SECOND).count("Visitors"),
        lambda: workbench.history("Visitors", since=SECOND),
        lambda: workbench.forecast("Visitors", days=2),
    ):
        with pytest.raises(RuleError, match=NOBODY):
            ask()


def test_the_saved_segment_says_what_it_last_counted(workbench: Workbench) -> None:
    with pytest.raises(RuleError, match=NOBODY) as error:
        workbench.count_saved("Visitors")
    assert not isinstance(error.value, Uncountable)
    then = SECOND.replace(tzinfo=dt.UTC)
    workbench.library.record_count("Visitors", LastCount(1, 2, 2, then, then))
    with pytest.raises(Uncountable, match=rf"{NOBODY}.* Last count 1 on .*\(stale\)\."):
        workbench.count_saved("Visitors")


def test_once_its_snapshot_has_expired_nothing_knows_the_event(tmp_path: Path) -> None:
    with opened(STORY, tmp_path / "w") as workbench:
        first = workbench.at(FIRST).snapshot
        workbench.lake.rows(f"CALL ducklake_expire_snapshots('lake', versions => [{first}])")
        workbench.past_data.close()
        with pytest.raises(LakeError, match=rf"no snapshot {first}; it has expired"):
            workbench.history("Visitors", since=FIRST)
    with Workbench.open(tmp_path / "w") as workbench:
        assert workbench.past_data.begins == SECOND
        with pytest.raises(RuleError, match=NOBODY):
            workbench.history("Visitors", since=FIRST)
