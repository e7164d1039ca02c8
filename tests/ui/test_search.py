"""A slow answer on a thread of its own: the newest question, and nothing that nobody wants."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable

import pytest

from segbench.errors import RuleError
from segbench.lake.snapshot import Interrupted
from segbench.ui.views.search import Search
from segbench.workbench.history import Going


class Asker:
    """Somebody who waits for the answer to one question."""

    def __init__(self) -> None:
        self.waits_for: Hashable = "one"
        self.told = 0
        self.search: Search[str] = Search(self.changed, lambda asked: asked == self.waits_for)

    def changed(self) -> None:
        self.told += 1


@pytest.fixture
def asker() -> Asker:
    return Asker()


def answers(text: str) -> Callable[[Going], str]:
    return lambda _going: text


def test_an_answer_is_kept_and_not_looked_for_again(asker: Asker) -> None:
    asked = []

    def find(_going: Going) -> str:
        asked.append(1)
        return "found"

    for _ in range(3):
        asker.search.ask("one", find)
        asker.search.wait()
    assert (asker.search.found, asker.search.knows("one"), asked) == ("found", True, [1])
    assert not asker.search.knows("two")


def test_what_nobody_wants_any_more_is_given_up_and_can_be_asked_again(asker: Asker) -> None:
    started, seen = threading.Event(), list[bool]()
    gone = threading.Event()

    def find(going: Going) -> str:
        started.set()
        assert gone.wait(10)
        seen.append(going(1, 2))
        if not seen[-1]:
            raise Interrupted
        return "found"

    asker.search.ask("one", find)
    assert started.wait(10)
    asker.waits_for = None
    gone.set()
    asker.search.wait()
    assert (seen, asker.search.found, asker.search.knows("one")) == ([False], None, False)
    asker.waits_for = "one"
    asker.search.ask("one", find)
    asker.search.wait()
    assert asker.search.found == "found"


def test_an_answer_that_comes_too_late_is_dropped(asker: Asker) -> None:
    def find(_going: Going) -> str:
        asker.waits_for = "two"
        asker.search.ask("two", answers("second"))
        return "first"

    asker.search.ask("one", find)
    asker.search.wait()
    asker.search.wait()
    assert (asker.search.found, asker.search.knows("one")) == ("second", False)


def test_the_clock_starts_no_search_anew_and_an_older_answer_stays_until_there_is_a_newer_one(
    asker: Asker,
) -> None:
    asked: list[str] = []

    def at(moment: str) -> None:
        def find(_going: Going) -> str:
            asked.append(moment)
            assert asker.search.knows("one") == (moment == "ten past")
            if moment == "noon":
                at("a minute past")
            return moment

        asker.search.ask("one", find, moment)

    at("noon")
    asker.search.wait()
    assert (asked, asker.search.found, asker.search.found_at) == (["noon"], "noon", "noon")
    at("noon")
    at("ten past")
    asker.search.wait()
    assert (asked, asker.search.found) == (["noon", "ten past"], "ten past")


def test_a_query_that_somebody_else_stopped_is_asked_again(asker: Asker) -> None:
    tries = []

    def find(_going: Going) -> str:
        tries.append(1)
        if len(tries) < 3:
            raise Interrupted
        return "found"

    asker.search.ask("one", find)
    asker.search.wait()
    assert (asker.search.found, len(tries)) == ("found", 3)


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (RuleError("No such field."), "No such field."),
        (KeyError("x"), "That failed: KeyError: 'x'"),
    ],
)
def test_why_there_is_no_answer_is_said(asker: Asker, error: Exception, says: str) -> None:
    def find(_going: Going) -> str:
        raise error

    asker.search.ask("one", answers("found"))
    asker.search.wait()
    asker.waits_for = "two"
    asker.search.ask("two", find)
    asker.search.wait()
    assert (asker.search.problem, asker.search.knows("two")) == (says, True)
    assert asker.search.found == "found"


def test_how_far_it_is_is_told_in_quarters(asker: Asker) -> None:
    parts = []

    def find(going: Going) -> str:
        for number in range(31):
            assert going(number, 31)
            parts.append(asker.search.part)
        return "found"

    asker.search.ask("one", find)
    asker.search.wait()
    assert sorted(set(parts)) == [0, 1, 2, 3]
    assert asker.told == 4
