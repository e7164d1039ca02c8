"""How the count on screen has changed: by the last edit, and since the data last moved on."""

from __future__ import annotations

from dataclasses import dataclass, replace

from segbench.model.rules import Group
from segbench.ui.state import Answer, State


@dataclass(frozen=True)
class CountChanges:
    """What the tiles know of earlier counts; made by `noted`, one state after another.

    `by_edit` is what the last edit did to the count, undo and redo being edits too. It stays when
    data or time move on, since that is not what the edit did. It is None before the first edit of a
    segment, and where data moved on with the edit, so that nobody can tell the two apart.

    `before_update` is the count of these rules just before the lake's data last changed; what is on
    screen less that is the change since then, also what the clock has done meanwhile. It belongs to
    the rules that were counted before and after: for other rules it is not known, and with those
    rules back (by undo) it is again. `updates` says that there was an update at all.
    """

    answer: Answer | None = None
    by_edit: int | None = None
    before_update: int | None = None
    rules: Group | None = None
    updates: bool = False
    number: int = 0

    def since_update(self) -> int | None:
        """The change of the count since the data last moved on; None where it is not known."""
        answer = self.answer
        if answer is None or self.before_update is None or answer.tree != self.rules:
            return None
        return answer.evaluation.total - self.before_update


def noted(changes: CountChanges, state: State) -> CountChanges:
    """The changes with a new state; those that wait for numbers change nothing."""
    answer = state.answer
    if answer is None or state.status == "updating" or answer.revision != state.revision:
        return changes
    later = replace(changes, answer=answer, by_edit=_by_edit(changes, answer))
    news = state.news
    if news is None or news.number == changes.number:
        return later
    if not news.data:
        return replace(later, number=news.number)
    before = None if news.segment is None else answer.evaluation.total - news.segment
    return replace(later, number=news.number, updates=True, before_update=before, rules=answer.tree)


def _by_edit(changes: CountChanges, answer: Answer) -> int | None:
    before = changes.answer
    if before is None or before.tree == answer.tree:
        return changes.by_edit
    # The first row, or a segment that is opened on an empty page, changes no segment.
    if not before.evaluation.nodes or _data_of(before) != _data_of(answer):
        return None
    return answer.evaluation.total - before.evaluation.total


def _data_of(answer: Answer) -> tuple[object, object]:
    return answer.snapshot, answer.as_of
