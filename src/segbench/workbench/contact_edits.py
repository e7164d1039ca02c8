"""Edits of contacts, one or all that match: seen before they are made, made, and taken back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from segbench.engine.holding import holders
from segbench.engine.membership import Membership
from segbench.errors import LakeError, RuleError
from segbench.lake.chosen import EditReport, Ordinals
from segbench.lake.edit_log import By, one_edit, parts_of
from segbench.lake.editing import edit_contacts
from segbench.lake.undoing import undo_edit
from segbench.model.rules import Group
from segbench.plan.atoms import HasTag
from segbench.plan.lower import lower
from segbench.workbench.consequences import Change, Effect, find_consequences, segments_touched
from segbench.workbench.contact_pages import Choice
from segbench.workbench.contact_values import stored_tag, stored_values

if TYPE_CHECKING:
    from segbench.workbench.workbench import Workbench

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Preview:
    """What an edit would do: to how many of the chosen, and to which saved segments.

    `already` counts the chosen who are as they would be. The segments of `later` compare or rank
    what changes, so their counts are known only afterwards.
    """

    choice: Choice
    change: Change
    would_change: int
    already: int
    effects: tuple[Effect, ...]
    later: tuple[str, ...]

    @property
    def matching(self) -> int:
        """How many contacts were chosen."""
        return len(self.choice.members)


@dataclass(frozen=True)
class Made:
    """What an edit did: its number (None where nothing changed), to how many, and to segments.

    `left` counts contacts that an undo left alone, since they were changed again.
    """

    edit: int | None
    contacts: int
    said: str
    effects: tuple[Effect, ...] = ()
    left: int = 0


def change_of(
    workbench: Workbench,
    add: Iterable[str] = (),
    remove: Iterable[str] = (),
    values: Mapping[str, object] | None = None,
) -> Change:
    """A checked change, as the lake would hold it."""
    if isinstance(add, str) or isinstance(remove, str):
        raise LakeError("Tags are a list of tags.")
    given, taken = (tuple(dict.fromkeys(map(stored_tag, tags))) for tags in (add, remove))
    if "" in (*given, *taken):
        raise LakeError("A tag must not be blank.")
    if both := set(given).intersection(taken):
        raise LakeError(f"The tag {min(both)!r} cannot be both added and removed.")
    change = Change(given, taken, stored_values(workbench, values or {}))
    if not (given or taken or change.values):
        raise LakeError("Say which tags to add or to remove, or which fields to set.")
    return change


def preview_edit(workbench: Workbench, choice: Choice, change: Change) -> Preview:
    """What the change would do; nothing is written."""
    found = find_consequences(workbench, choice.members, change)
    would = len(_changed(workbench, choice.members, change))
    return Preview(choice, change, would, len(choice.members) - would, found.effects, found.later)


def make_edit(workbench: Workbench, preview: Preview, progress: Progress = lambda _: None) -> Made:
    """Do what was previewed, as one transaction of the lake, and move on to its snapshot.

    `LakeError` where the data has changed since; nothing is written then.
    """
    choice, change = preview.choice, preview.change
    before = {name: _held(workbench, name) for name in preview.later}
    as_of = workbench.as_of
    report = edit_contacts(
        workbench.lake,
        Ordinals(choice.snapshot, choice.members.ids()),
        now=workbench.clock(),
        add=change.add,
        remove=change.remove,
        values=change.values,
        by=By(workbench.author, choice.words, choice.rules),
        progress=progress,
    )
    if report.edit is None:
        return Made(None, 0, "Nothing changed: all of them are so already.")
    progress("Showing the new data")
    workbench.refresh()
    late = (_effect(workbench, name, held, as_of) for name, held in before.items())
    effects = (*preview.effects, *(each for each in late if each.entered or each.left))
    return _made(workbench, report, effects)


def take_back(workbench: Workbench, edit: int, progress: Progress = lambda _: None) -> Made:
    """Take an edit back, as a new edit, and move on to its snapshot."""
    parts = parts_of(workbench.engine.snapshot, edit)
    asked = Change(parts["tag"], (), dict.fromkeys(parts["field"]))
    before = {name: _held(workbench, name) for name in segments_touched(workbench, asked)}
    as_of = workbench.as_of
    by = By(workbench.author, f"The contacts of edit {edit}.")
    report = undo_edit(workbench.lake, edit, now=workbench.clock(), by=by, progress=progress)
    progress("Showing the new data")
    workbench.refresh()
    found = (_effect(workbench, name, held, as_of) for name, held in before.items())
    return _made(workbench, report, tuple(each for each in found if each.entered or each.left))


def _made(workbench: Workbench, report: EditReport, effects: tuple[Effect, ...]) -> Made:
    assert report.edit is not None
    said = one_edit(workbench.engine.snapshot, report.edit).said
    return Made(report.edit, report.contacts, said, effects, report.left)


def _held(workbench: Workbench, name: str) -> Membership | None:
    """Who a saved segment holds now; None where it cannot be answered."""
    return _held_at(workbench, name, workbench.as_of)


def _held_at(workbench: Workbench, name: str, as_of: dt.datetime) -> Membership | None:
    group: Group = workbench.library.segment(name).segment.group
    try:
        workbench.plan(group)
        context = replace(workbench.context(), as_of=as_of)
        return workbench.engine.members(lower(group, context).root)
    except RuleError:
        return None


def _effect(
    workbench: Workbench, name: str, before: Membership | None, as_of: dt.datetime
) -> Effect:
    """What the new data changed in a segment, at the moment before; ordinals stay in an edit."""
    after = _held_at(workbench, name, as_of)
    if before is None or after is None or before.contacts != after.contacts:
        return Effect(name, 0, 0, 0)
    return Effect(name, len(before), len(after - before), len(before - after))


def _changed(workbench: Workbench, chosen: Membership, change: Change) -> Membership:
    """Those of the chosen that are not yet as they would be."""
    engine, found = workbench.engine, chosen - chosen
    for tag in change.add:
        found |= chosen - engine.atom(HasTag((tag,)))
    for tag in change.remove:
        found |= chosen & engine.atom(HasTag((tag,)))
    for name, value in change.values.items():
        found |= chosen - holders(engine.snapshot, name, value)
    return found
