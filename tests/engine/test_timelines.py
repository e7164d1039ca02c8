"""Timelines give the answers that the data gives, and take no more memory than they may."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import trees
from hypothesis import given, settings
from hypothesis import strategies as st

from segbench.engine.local import LocalEngine
from segbench.engine.memory import MemoryEngine
from segbench.engine.occurrences import TooMany, gather
from segbench.engine.timelines import Timelines
from segbench.lake.lake import Lake
from segbench.model.ask import did, measure
from segbench.model.rules import Group, RuleOrGroup
from segbench.plan.atoms import Atom, Happened, Measured
from segbench.plan.logic import Leaf, atoms
from segbench.plan.lower import Context, lower

ROWS = [
    *(
        did("email_opened").at_least(times).within(days=days)
        for times in (1, 2)
        for days in (9, 90)
    ),
    did("order_placed").exactly(1),
    measure("last_time", "email_opened").more_than_ago(days=3),
]


@pytest.fixture(scope="module")
def local(lake: Lake) -> Iterator[LocalEngine]:
    with lake.snapshot() as snapshot:
        yield LocalEngine(snapshot)


def atom_of(rule: RuleOrGroup, context: Context) -> Atom:
    return next(iter(atoms(lower(Group(rules=(rule,)), context).root)))


@settings(max_examples=200)
@given(root=trees.groups)
def test_a_timeline_answers_as_the_judge_does(
    root: Group, local: LocalEngine, context: Context, memory_engine: MemoryEngine
) -> None:
    for atom in atoms(lower(root, context).root):
        if isinstance(atom, (Happened, Measured)) and local.timelines.prepare(atom):
            assert local.timelines.answer(atom) == memory_engine.members(Leaf(atom)), atom


@given(
    st.lists(st.tuples(st.integers(0, 5), st.integers(-4, 4)), max_size=30),
    st.integers(1, 4),
    st.integers(0, 31),
)
def test_the_latest_place_is_that_of_the_kth_last_event(
    events: list[tuple[int, int]], times: int, end: int
) -> None:
    owners, moments = (np.array([e[i] for e in events], dtype=np.int64) for i in (0, 1))
    found = gather(iter([(owners[:7], moments[:7]), (owners[7:], moments[7:])]), 6, 1_000_000)
    end = min(end, len(events))
    ordered = sorted(range(len(events)), key=lambda place: (moments[place], place))
    latest = found.latest(times, end)
    for contact in range(6):
        mine = [place for place, event in enumerate(ordered) if owners[event] == contact]
        before = [place for place in mine if place < end]
        assert latest[contact] == (before[-times] + 1 if len(before) >= times else 0)


def test_the_second_question_about_events_prepares_the_third(
    lake: Lake, context: Context, memory_engine: MemoryEngine
) -> None:
    with lake.snapshot() as snapshot:
        engine = LocalEngine(snapshot)
        started = []
        aside = engine.timelines.prepare_aside
        engine.timelines.prepare_aside = lambda atom: started.append(aside(atom))  # type: ignore
        asked = [atom_of(rule, context) for rule in ROWS[:4]]
        for number, atom in enumerate(asked):
            assert engine.atom(atom) == memory_engine.members(Leaf(atom))
            for thread in started:
                thread.join()
            assert engine.queries == min(number + 1, 2)
        assert len(started) == 1


def test_what_would_take_too_many_bytes_is_asked_of_the_data(lake: Lake, context: Context) -> None:
    with lake.snapshot() as snapshot:
        timelines = Timelines(snapshot, most_bytes=16)
        atom = atom_of(ROWS[0], context)
        assert not timelines.prepare(atom)
        assert timelines.answer(atom) is None
        assert timelines.nbytes == 0
    with pytest.raises(TooMany):
        gather(iter([(np.zeros(9, np.int64),) * 2]), contacts=1, most_bytes=40)


def test_older_timelines_go_when_there_are_too_many_bytes(lake: Lake, context: Context) -> None:
    first, last = atom_of(ROWS[0], context), atom_of(ROWS[4], context)
    with lake.snapshot() as snapshot:
        roomy = Timelines(snapshot)
        assert roomy.prepare(first)
        timelines = Timelines(snapshot, most_bytes=roomy.nbytes + 8)
        assert timelines.prepare(first)
        assert timelines.prepare(last)
        assert timelines.answer(first) is None
        assert timelines.answer(last) is not None
        timelines.clear()
        assert timelines.answer(last) is None
        assert timelines.nbytes == 0


@pytest.mark.filterwarnings("error::pytest.PytestUnhandledThreadExceptionWarning")
@pytest.mark.parametrize("closed", ["snapshot", "lake"])
def test_what_is_closed_leaves_no_error_behind(
    tmp_path: Path, context: Context, closed: str
) -> None:
    lake = Lake.create(tmp_path / "lake")
    snapshot = lake.snapshot()
    timelines = Timelines(snapshot)
    (snapshot if closed == "snapshot" else lake).close()
    timelines.prepare_aside(atom_of(ROWS[0], context)).join()
    assert timelines.nbytes == 0
    lake.close()
