"""What moving on to newer data, or to a later moment, has changed on screen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from segbench.model.rules import Path
from segbench.ui.state import Answer
from segbench.ui.wording import change


@dataclass(frozen=True)
class News:
    """The newest of them, by number: when (aware), and the differences.

    `segment` is None where there is nothing to compare: another tree, or one without filters.
    `nodes` holds the differences of what nodes hold by themselves, where there are any.
    """

    number: int
    at: dt.datetime
    data: bool
    contacts: int
    segment: int | None
    nodes: Mapping[Path, int]


class NewsDesk:
    """Notes the answer before data or time moved on, and says what is different in the next one.

    The next one may be that of an edit made meanwhile: its tree is another one.
    """

    def __init__(self) -> None:
        self.news: News | None = None
        self._before: Answer | None = None

    def leave(self, answer: Answer | None) -> None:
        """Note what is on screen, before the data moves on."""
        self._before = self._before or answer

    def arrive(
        self, after: Answer, committed: dt.datetime, is_other: Callable[[int, int], bool]
    ) -> None:
        """Compare with what was left, once the answer is over other data or at another moment.

        `is_other` says whether the data of two snapshots differs; where only maintenance came in
        between, there is no news of it.
        """
        before = self._before
        if before is None or (before.snapshot, before.as_of) == (after.snapshot, after.as_of):
            return
        self._before = None
        moved = is_other(before.snapshot, after.snapshot)
        at = committed if moved else after.as_of.replace(tzinfo=dt.UTC)
        news = difference(self.news.number + 1 if self.news else 1, at, moved, before, after)
        if moved or news.segment:
            self.news = news


def difference(number: int, at: dt.datetime, data: bool, before: Answer, after: Answer) -> News:
    """What changed from one answer to the next."""
    old, new = before.evaluation, after.evaluation
    contacts = new.contacts - old.contacts
    if before.tree != after.tree or not new.nodes:
        return News(number, at, data, contacts, None, {})
    nodes = {
        path: counts.alone - old.nodes[path].alone
        for path, counts in new.nodes.items()
        if path in old.nodes and counts.alone != old.nodes[path].alone
    }
    return News(number, at, data, contacts, new.total - old.total, nodes)


def words(news: News, zone: dt.tzinfo) -> str:
    """The news on one line: `Data updated 14:03 · +37 contacts · this segment +5`."""
    local = f"{news.at.astimezone(zone):%H:%M}"
    parts = [f"Data updated {local}" if news.data else f"Counted again {local}"]
    if news.data:
        parts.append(f"{change(news.contacts)} contact{'' if abs(news.contacts) == 1 else 's'}")
    if news.segment is not None:
        said = "unchanged" if news.segment == 0 else change(news.segment)
        parts.append(f"this segment {said}")
    return " · ".join(parts)


def news_data(news: News | None, zone: dt.tzinfo) -> dict[str, Any] | None:
    """The news as the builder marks them; None before the first."""
    if news is None:
        return None
    return {
        "number": news.number,
        "text": words(news, zone),
        "segment": news.segment or 0,
        "nodes": {".".join(map(str, path)): by for path, by in news.nodes.items()},
    }
