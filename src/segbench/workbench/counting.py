"""What saved segments count, and what they last counted once they cannot be counted any more."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING

from segbench.errors import LibraryError, RuleError, Uncountable
from segbench.library.saved import LastCount
from segbench.model.wording import day

if TYPE_CHECKING:
    from segbench.workbench.workbench import Workbench


def count_saved(workbench: Workbench, name: str) -> int:
    """How many contacts a saved segment holds; the library remembers it."""
    saved = workbench.library.segment(name).segment
    with telling_last_count(workbench, saved.name):
        total = workbench.count(saved.group)
    remember_count(workbench, saved.name, total)
    return total


@contextlib.contextmanager
def telling_last_count(workbench: Workbench, name: str) -> Iterator[None]:
    """`Uncountable` with the last known count where a saved segment cannot be evaluated."""
    try:
        yield
    except RuleError as error:
        last = workbench.library.last_count(name)
        if last is None:
            raise
        told = f"{error} {_stale(workbench, last)}"
        raise Uncountable(told, str(error), last) from error


def last_count_words(workbench: Workbench, name: str) -> str:
    """What a saved segment last counted, marked stale; "" where that is not known."""
    last = workbench.library.last_count(name)
    return _stale(workbench, last) if last is not None else ""


def _stale(workbench: Workbench, last: LastCount) -> str:
    when = day(last.counted.astimezone(workbench.zone).date())
    return f"Last count {last.count:,} on {when} (stale)."


def remember_count(workbench: Workbench, name: str, total: int) -> None:
    """Have the library remember what a saved segment counts in this snapshot, as of this time."""
    found = counted_now(workbench, total)
    # A count is right also where the library is read-only, or busy for long.
    with contextlib.suppress(LibraryError):
        workbench.library.record_count(name, found)


def counted_now(workbench: Workbench, total: int) -> LastCount:
    """A count in this snapshot, as of this time."""
    return LastCount(
        total,
        workbench.contacts_total,
        workbench.engine.snapshot.id,
        workbench.as_of.replace(tzinfo=dt.UTC),
        workbench.clock(),
    )
