"""Watches on the counts of saved segments, and what was found."""

from __future__ import annotations

import pytest

from library.stories import MONDAY, TUESDAY, save
from segbench.errors import LibraryError, NotSaved
from segbench.library.library import Library
from segbench.library.watch import Kind, WatchResult
from segbench.library.watches import MOST_KEPT


def result(number: int, count: int | None, *, holds: bool = True) -> WatchResult:
    return WatchResult(number, TUESDAY, holds, count, None, 7, "told")


@pytest.fixture
def watched(library: Library) -> Library:
    save(library, "VIP")
    save(library, "Rest")
    return library


def test_watches_are_kept_and_follow_their_segment(watched: Library) -> None:
    first = watched.watches.add("vip", "moves", 10, now=MONDAY, author="Anna")
    second = watched.watches.add("Rest", "never_empty", now=MONDAY)
    assert (first.segment, first.words) == ("VIP", "moves by at most 10 %")
    assert watched.watches.all() == (first, second)
    watched.rename("VIP", "Best", TUESDAY)
    assert [watch.segment for watch in watched.watches.all("best")] == ["Best"]
    watched.watches.record([result(first.number, 5)])
    watched.delete("Best")
    assert watched.watches.all() == (second,)
    assert watched.watches.last() == {}


def test_results_are_kept_the_newest_first(watched: Library) -> None:
    number = watched.watches.add("VIP", "at_least", 3, now=MONDAY).number
    watched.watches.record([result(number, 5_000_000_000)])
    watched.watches.record([result(number, None, holds=False)])
    assert [each.count for each in watched.watches.results(number)] == [None, 5_000_000_000]
    assert watched.watches.last()[number] == result(number, None, holds=False)
    assert watched.watches.last_counts() == {number: 5_000_000_000}


def test_old_results_go(watched: Library) -> None:
    number = watched.watches.add("VIP", "never_empty", now=MONDAY).number
    watched.watches.record(result(number, count) for count in range(MOST_KEPT + 3))
    kept = [each.count for each in watched.watches.results(number, MOST_KEPT + 9)]
    assert kept == list(range(MOST_KEPT + 2, 2, -1))


def test_a_result_of_a_watch_that_is_gone_is_left_out(watched: Library) -> None:
    number = watched.watches.add("VIP", "never_empty", now=MONDAY).number
    watched.watches.remove(number)
    watched.watches.record([result(number, 1)])
    assert watched.watches.last() == {}
    with pytest.raises(LibraryError, match=rf"There is no watch {number}; there is none\."):
        watched.watches.remove(number)


@pytest.mark.parametrize(
    ("kind", "amount", "why"),
    [
        ("grows", 1, "one of moves, never_empty"),
        ("moves", None, "needs a number"),
        ("moves", 0, "more than 0 %"),
        ("moves", float("nan"), "needs a number"),
        ("at_least", -1, "needs a number from 0"),
        ("at_most", 1.5, "a whole number"),
        ("never_empty", 3, "takes no number"),
    ],
)
def test_a_watch_that_cannot_be_is_refused(
    kind: Kind, amount: float | None, why: str, watched: Library
) -> None:
    with pytest.raises(LibraryError, match=why):
        watched.watches.add("VIP", kind, amount, now=MONDAY)
    assert watched.watches.all() == ()


def test_the_same_watch_twice_and_one_on_nothing_are_refused(watched: Library) -> None:
    watched.watches.add("VIP", "at_most", 10, now=MONDAY)
    watched.watches.add("VIP", "at_most", 11, now=MONDAY)
    with pytest.raises(LibraryError, match="watched like that already"):
        watched.watches.add("vip", "at_most", 10.0, now=MONDAY)
    with pytest.raises(NotSaved):
        watched.watches.add("never", "never_empty", now=MONDAY)
