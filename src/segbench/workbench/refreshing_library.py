"""The counts of many saved segments, taken together: each question is asked of the data once."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from segbench.errors import LibraryError, RuleError
from segbench.library.saved import LastCount, SavedSegment
from segbench.model.check import require_sound
from segbench.model.rules import Group
from segbench.plan.logic import atoms
from segbench.plan.lower import Context, Plan, lower
from segbench.workbench.counting import counted_now

if TYPE_CHECKING:
    from segbench.workbench.workbench import Workbench

MOST_ATOMS = 256
"""So many questions are held in memory at once: 320 MB of 10 million contacts."""

Done = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Counted:
    """What a saved segment counts; None where it cannot be counted, and `problem` says why.

    `before` is what it last counted with the same rules, if it was: stale where there is no count.
    """

    name: str
    count: int | None
    before: LastCount | None = None
    problem: str = ""


def refresh_counts(workbench: Workbench, done: Done = lambda _: None) -> tuple[Counted, ...]:
    """Count every saved segment and have the library remember it; sorted by name.

    `done` is told how many segments are counted so far.
    """
    before = workbench.library.last_counts()
    found = tuple(
        Counted(name, count, before.get(name), problem)
        for name, count, problem in count_together(workbench, workbench.library.segments(), done)
    )
    counts = {each.name: each.count for each in found if each.count is not None}
    workbench.library.record_counts(
        {name: counted_now(workbench, count) for name, count in counts.items()}
    )
    return tuple(sorted(found, key=lambda each: each.name.casefold()))


def remember_counts(workbench: Workbench) -> None:
    """Have the library remember what every saved segment counts that can be counted."""
    # What is counted is right also where the library is read-only, or busy for long.
    with contextlib.suppress(LibraryError):
        refresh_counts(workbench)


def count_together(
    workbench: Workbench, segments: Iterable[SavedSegment], done: Done = lambda _: None
) -> Iterator[tuple[str, int | None, str]]:
    """The name and count of each segment, or why it has none."""
    context = workbench.context()
    plans: dict[str, Plan] = {}
    told = 0
    for saved in segments:
        try:
            plans[saved.segment.name] = _plan(saved.segment.group, context)
        except RuleError as error:
            told += 1
            yield saved.segment.name, None, str(error)
    for batch in _batches(plans):
        table = workbench.engine.patterns(a for plan in batch.values() for a in atoms(plan.root))
        for name, plan in batch.items():
            yield name, table.count(plan.root), ""
        told += len(batch)
        done(told)


def _batches(plans: dict[str, Plan]) -> Iterator[dict[str, Plan]]:
    """The plans in parts that have not too many atoms together; one alone may have more."""
    batch: dict[str, Plan] = {}
    wanted: set[object] = set()
    for name, plan in plans.items():
        asked = set(atoms(plan.root))
        if batch and len(wanted | asked) > MOST_ATOMS:
            yield batch
            batch, wanted = {}, set()
        batch[name] = plan
        wanted |= asked
    if batch:
        yield batch


def _plan(group: Group, context: Context) -> Plan:
    require_sound(
        group,
        context.catalog,
        context.segments,
        vocabulary=context.vocabulary,
        contact_zone=context.contact_zone,
        deleted=context.deleted,
    )
    return lower(group, context)
