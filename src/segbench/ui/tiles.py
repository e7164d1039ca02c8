"""The counts that matter most, side by side: matching, reachable, and how they have changed."""

from __future__ import annotations

import functools
import html
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import ipywidgets as widgets

from segbench.lake.snapshot import Interrupted
from segbench.ui.count_changes import CountChanges, noted
from segbench.ui.panel import Message, guarded
from segbench.ui.session import Session
from segbench.ui.state import Answer, State
from segbench.ui.wording import change, number, percent
from segbench.workbench.reaching import find_reach, known_reach

WAIT = "…"


@dataclass(frozen=True, slots=True)
class Tiles:
    """What the tiles show. `reachable` is None while it is worked out, or where `why` says that it
    cannot be told; `by_edit` and `since_update` are differences, None where `*_note` says why.
    """

    matching: int
    contacts: int
    reachable: int | None = None
    why: str = ""
    by_edit: int | None = None
    since_update: int | None = None
    updates: bool = False


def tiles_html(tiles: Tiles) -> str:
    """The tiles as a list of terms and numbers."""
    matching = tiles.matching
    found = [
        _tile("Matching", number(matching), "contact" if matching == 1 else "contacts"),
        _reachable(tiles),
        _tile("Share of all", percent(matching, tiles.contacts), f"of {number(tiles.contacts)}"),
        _change(
            "Change: last edit", tiles.by_edit, "since the last edit", "no edit to compare with yet"
        ),
        _change(
            "Change: new data",
            tiles.since_update,
            "since the last data update",
            "not known for these filters" if tiles.updates else "no new data since it was opened",
        ),
    ]
    return f'<dl class="sbp-tiles">{"".join(found)}</dl>'


def _reachable(tiles: Tiles) -> str:
    name = "Reachable by e-mail"
    if tiles.why:
        return _tile(name, "–", f"cannot be told: {tiles.why.rstrip('.')}")
    if tiles.reachable is None:
        return _tile(name, WAIT, "being worked out")
    share = percent(tiles.reachable, tiles.matching)
    return _tile(name, number(tiles.reachable), f"{share} of matching" if tiles.matching else "")


def _change(name: str, by: int | None, about: str, why: str) -> str:
    return _tile(name, "–", why) if by is None else _tile(name, change(by), about)


def _tile(name: str, count: str, note: str) -> str:
    return (
        f'<div class="sbp-tile"><dt>{html.escape(name)}</dt>'
        f'<dd><span class="sbp-count">{html.escape(count)}</span> '
        f'<span class="sbp-note">{html.escape(note)}</span></dd></div>'
    )


class TilesPanel:
    """The tiles of the segment on screen, drawn on a thread of their own.

    What an edit waits for is the count in the builder, never these: the newest answer is drawn as
    soon as there is time. Whom e-mail reaches is worked out once for each snapshot and moment; then
    the tiles come with all their numbers at once, and only until then with `…` in one place.
    """

    def __init__(self, session: Session) -> None:
        self.session = session
        self.message = Message()
        self.words = widgets.HTML()
        self.box = widgets.VBox([self.words, self.message], layout=widgets.Layout(min_width="0"))
        self.box.add_class("sbp-counts")
        self._changes = CountChanges()
        self._drawer = ThreadPoolExecutor(1, thread_name_prefix="segbench-tiles")

    def start(self) -> None:
        """Follow the session from now on; screens that follow it already are told before."""
        self._changes = noted(CountChanges(), self.session.state)
        self.session.listen(self.follow)
        self.draw()

    def follow(self, state: State) -> None:
        """Note the new numbers and draw them soon; until there are any, mark the old ones."""
        if state.answer is None or state.answer.revision != state.revision:
            self.box.add_class("sbp-stale")
        before = self._changes
        self._changes = noted(before, state)
        if self._changes is not before:
            self.draw()

    def draw(self) -> None:
        """Draw the tiles as they should be now, soon."""
        self._drawer.submit(guarded(self.message, self._draw))

    def wait(self) -> None:
        """Return once everything is drawn; for scripts and tests."""
        self._drawer.submit(lambda: None).result()

    def close(self) -> None:
        """Stop drawing."""
        self._drawer.shutdown(wait=False, cancel_futures=True)

    def _draw(self) -> None:
        """On the tiles' thread."""
        while True:
            changes = self._changes
            answer = changes.answer
            if answer is None or not self._is_present(answer):
                return
            if known_reach(self.session.workbench) is None:
                self.words.value = tiles_html(_tiles(changes, answer))
            try:
                reachable, why = self.session.steadily(functools.partial(self._reachable, answer))
            except Interrupted:
                # A newer edit stopped the queries under way; they are still wanted.
                continue
            if changes is self._changes:
                if self._is_present(answer):
                    self.words.value = tiles_html(_tiles(changes, answer, reachable, why))
                    self.message.clear()
                if self.session.state.revision == answer.revision:
                    self.box.remove_class("sbp-stale")
                return

    def _is_present(self, answer: Answer) -> bool:
        """Whether the answer is over the workbench's data; else its next one is on the way."""
        workbench = self.session.workbench
        return (workbench.engine.snapshot.id, workbench.as_of) == (answer.snapshot, answer.as_of)

    def _reachable(self, answer: Answer) -> tuple[int | None, str]:
        """How many of the segment e-mail reaches, or why that cannot be told."""
        workbench = self.session.workbench
        reach = find_reach(workbench)
        if reach.members is None or not answer.evaluation.nodes:
            return None if reach.members is None else 0, reach.why
        return reach.count(workbench.members(answer.tree)), ""


def _tiles(
    changes: CountChanges, answer: Answer, reachable: int | None = None, why: str = ""
) -> Tiles:
    found = answer.evaluation
    return Tiles(
        found.total,
        found.contacts,
        reachable,
        why,
        changes.by_edit,
        changes.since_update(),
        changes.updates,
    )
