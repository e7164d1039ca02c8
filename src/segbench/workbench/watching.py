"""Looking at watched segments: what they count now, and whether that is what it should be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from segbench.library.watch import Watch, WatchResult
from segbench.workbench.refreshing_library import count_together

if TYPE_CHECKING:
    from segbench.workbench.workbench import Workbench

Found = tuple[Watch, WatchResult]


def check_watches(workbench: Workbench, segment: str | None = None) -> tuple[Found, ...]:
    """What each watch finds now, of one segment or of all; the library keeps the results.

    A segment that cannot be counted does not hold.
    """
    library = workbench.library
    watches = library.watches.all(segment)
    watched = {watch.segment for watch in watches}
    saved = [each for each in library.segments() if each.segment.name in watched]
    counts = {name: (count, why) for name, count, why in count_together(workbench, saved)}
    before = library.watches.last_counts()
    # Whoever deletes a segment meanwhile takes its watches along.
    there = [watch for watch in watches if watch.segment in counts]
    found = tuple((watch, _look(workbench, watch, counts, before)) for watch in there)
    library.watches.record(result for _, result in found)
    return found


def judged(watch: Watch, count: int, before: int | None) -> tuple[bool, str]:
    """Whether a count is what the watch wants, and what is to be told."""
    amount = 0 if watch.amount is None else watch.amount
    match watch.kind:
        case "never_empty":
            return count > 0, f"holds {_contacts(count)}"
        case "at_least":
            return count >= amount, f"holds {_contacts(count)}, at least {amount:,.0f} wanted"
        case "at_most":
            return count <= amount, f"holds {_contacts(count)}, at most {amount:,.0f} wanted"
    if before is None:
        return True, f"holds {_contacts(count)}; the next look is compared with that"
    if not before:
        return not count, f"moved from 0 to {count:,}" if count else "holds nobody, as before"
    # Whole numbers: a move of exactly so much is none by more.
    moved = abs(count - before) * 100 > amount * before
    change = 100 * (count - before) / before
    return not moved, f"moved from {before:,} to {count:,} ({change:+.1f} %, {amount:g} % allowed)"


def _look(
    workbench: Workbench,
    watch: Watch,
    counts: Mapping[str, tuple[int | None, str]],
    before: Mapping[int, int],
) -> WatchResult:
    count, problem = counts[watch.segment]
    earlier = before.get(watch.number)
    if count is None:
        holds, told = False, f"cannot be counted: {problem}"
    else:
        holds, told = judged(watch, count, earlier)
    at, snapshot = workbench.clock(), workbench.engine.snapshot.id
    return WatchResult(watch.number, at, holds, count, earlier, snapshot, told)


def _contacts(count: int) -> str:
    return "1 contact" if count == 1 else f"{count:,} contacts" if count else "nobody"
