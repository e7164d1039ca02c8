"""What the library gives back for a segment, and how it compares names and times."""

from __future__ import annotations

import datetime as dt
import unicodedata
from dataclasses import dataclass

from segbench.model.filing import UNFILED, Filing
from segbench.model.segment import Segment


@dataclass(frozen=True, slots=True)
class SavedSegment:
    """A segment as it is stored.

    `revision` goes up by at least one with every change and is never given twice under one name;
    `created` and `updated` are aware UTC. `author` made this version; `note` says why, or what
    was done.
    """

    segment: Segment
    revision: int
    created: dt.datetime
    updated: dt.datetime
    filing: Filing = UNFILED
    author: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class LastCount:
    """What a saved segment counted when it was last counted with the rules that it has now.

    `count` of `contacts` in the lake's `snapshot`, as of `as_of`, counted at `counted`; both times
    are aware UTC.
    """

    count: int
    contacts: int
    snapshot: int
    as_of: dt.datetime
    counted: dt.datetime


def folded(name: str) -> str:
    """The name as it is compared: without case, tidied, composed and decomposed accents equal."""
    composed = unicodedata.normalize("NFC", " ".join(name.split()))
    return unicodedata.normalize("NFC", composed.casefold())


def as_utc(moment: dt.datetime) -> dt.datetime:
    """The moment in UTC; a time without a zone is refused, since it could be any moment."""
    if moment.tzinfo is None:
        raise ValueError(f"Give an aware time, such as datetime.now(UTC), not {moment!r}.")
    return moment.astimezone(dt.UTC)


def shown(moment: dt.datetime) -> str:
    """The moment as messages show it: 2026-10-23 09:30 UTC."""
    return f"{as_utc(moment):%Y-%m-%d %H:%M} UTC"
