"""The counts of the whole library together, and watches on them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
import workbenches
from hypothesis import given
from hypothesis import strategies as st

from segbench.library.library import Library
from segbench.library.saved import LastCount
from segbench.library.watch import Kind, Watch
from segbench.model.ask import did, field, in_segment, tag
from segbench.model.rules import Group
from segbench.model.segment import Segment
from segbench.workbench import refreshing_library
from segbench.workbench.refreshing_library import refresh_counts
from segbench.workbench.watching import check_watches, judged
from segbench.workbench.workbench import Workbench

NOW = workbenches.NOW


@pytest.fixture
def workbench(tmp_path: Path) -> Iterator[Workbench]:
    """The shared data with an empty library of the test's own."""
    with Workbench.open(workbenches.filled(), clock=lambda: NOW) as opened:
        opened.library.close()
        with Library.open(tmp_path / "own.sqlite") as library:
            opened.library = library
            yield opened


def save(workbench: Workbench, name: str, *rules: object) -> None:
    segment = Segment(name, Group("or", rules))  # type: ignore[arg-type]
    workbench.library.save(segment, now=NOW, replace=True)


def test_every_segment_is_counted_and_each_question_is_asked_once(
    workbench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refreshing_library, "MOST_ATOMS", 3)
    german, vip = field("country").is_any_of("DE"), tag("VIP")
    save(workbench, "A", german)
    save(workbench, "B", german, vip)
    save(workbench, "C", in_segment("B"), did("order_placed"), tag("compliant"), tag("lead"))
    save(workbench, "D")
    told: list[int] = []
    found = {each.name: each.count for each in refresh_counts(workbench, told.append)}
    asked = workbench.engine.queries
    groups = workbench.library.groups()
    assert found == {name: workbench.count(group) for name, group in groups.items()}
    assert workbench.engine.queries == asked
    assert (found["D"], told[-1], told == sorted(told)) == (0, 4, True)
    for name, count in found.items():
        last = workbench.library.last_count(name)
        assert last == LastCount(
            count or 0,
            1_000,
            workbench.engine.snapshot.id,
            workbench.as_of.replace(tzinfo=dt.UTC),
            NOW,
        )


def test_what_cannot_be_counted_is_told_with_its_last_count(workbench: Workbench) -> None:
    broken = Segment("Broken", Group(rules=(field("gone").is_any_of("x"),)))
    workbench.library.save(broken, now=NOW)
    last = LastCount(7, 10, 1, NOW, NOW)
    workbench.library.record_count("Broken", last)
    save(workbench, "Sound", tag("VIP"))
    sound, wrong = sorted(refresh_counts(workbench), key=lambda each: each.count is None)
    assert (wrong.name, wrong.count, wrong.before) == ("Broken", None, last)
    assert "gone" in wrong.problem
    assert sound.count == workbench.count(tag("VIP"))
    assert workbench.library.last_count("Broken") == last


def test_watches_find_what_is_not_as_it_should_be_and_the_library_keeps_it(
    workbench: Workbench,
) -> None:
    save(workbench, "VIP", tag("VIP"))
    save(workbench, "Nobody", tag("never given"))
    watches = workbench.library.watches
    total = workbench.count(tag("VIP"))
    watches.add("VIP", "moves", 10, now=NOW)
    watches.add("VIP", "at_most", total, now=NOW)
    watches.add("VIP", "at_least", total + 1, now=NOW)
    watches.add("Nobody", "never_empty", now=NOW)
    found = check_watches(workbench)
    assert [result.holds for _, result in found] == [True, True, False, False]
    assert found[2][1].message == f"holds {total:,} contacts, at least {total + 1:,} wanted"
    assert found[3][1].message == "holds nobody"
    assert {watch.number: result for watch, result in found} == watches.last()
    save(workbench, "VIP", tag("VIP"), did("order_placed"))
    ((watch, moved), *_) = check_watches(workbench, "vip")
    now = workbench.count(Group("or", (tag("VIP"), did("order_placed"))))
    assert (watch.kind, moved.holds, moved.before, moved.count) == ("moves", False, total, now)
    assert moved.message.startswith(f"moved from {total:,} to {now:,} (+")
    assert [len(watches.results(each.number)) for each in watches.all()] == [2, 2, 2, 1]


def test_a_watched_segment_that_cannot_be_counted_does_not_hold(workbench: Workbench) -> None:
    broken = Segment("Broken", Group(rules=(field("gone").is_any_of("x"),)))
    workbench.library.save(broken, now=NOW)
    workbench.library.watches.add("Broken", "at_least", 0, now=NOW)
    ((_, result),) = check_watches(workbench)
    assert (result.holds, result.count) == (False, None)
    assert result.message.startswith("cannot be counted: ")


@pytest.mark.parametrize(
    ("kind", "amount", "count", "before", "holds"),
    [
        ("moves", 10, 110, 100, True),
        ("moves", 10, 111, 100, False),
        ("moves", 10, 90, 100, True),
        ("moves", 10, 89, 100, False),
        ("moves", 10, 5, None, True),
        ("moves", 10, 0, 0, True),
        ("moves", 10, 1, 0, False),
        ("moves", 0.5, 1_005, 1_000, True),
        ("moves", 0.5, 1_006, 1_000, False),
        ("never_empty", None, 1, 5, True),
        ("never_empty", None, 0, 5, False),
        ("at_least", 3, 3, None, True),
        ("at_least", 3, 2, None, False),
        ("at_most", 3, 3, None, True),
        ("at_most", 3, 4, None, False),
    ],
)
def test_a_watch_holds_up_to_its_very_number(
    kind: Kind, amount: float | None, count: int, before: int | None, holds: bool
) -> None:
    watch = Watch(1, "S", kind, amount, NOW)
    assert judged(watch, count, before)[0] is holds


@given(count=st.integers(0, 10**9), amount=st.floats(0.001, 1_000))
def test_a_segment_that_stays_as_it_was_never_moves(count: int, amount: float) -> None:
    assert judged(Watch(1, "S", "moves", amount, NOW), count, count)[0]
