"""Campaigns: whom a message goes to, how, and what was exported for it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from segbench.errors import LibraryError
from segbench.model.campaign_states import CampaignState
from segbench.model.recipe import Recipe, RecipientSource
from segbench.model.segment import LONGEST_NAME
from segbench.model.send_settings import SendSettings


@dataclass(frozen=True, slots=True)
class ExportRecord:
    """One frozen export of a campaign, as the library remembers it.

    `created` is aware UTC, `count` the contacts exported, `folder` where the files were written,
    and `segment` the recipient segment's name at that time, or how several are called together.
    The SHA-256 sums (hex) hold its rules and its `manifest.json`, so later changes to either show.

    `snapshot` is the id of the data that it was taken from, None where an earlier version exported;
    `expired` (aware UTC) says since when the lake does not have that snapshot any more.
    """

    id: str
    created: dt.datetime
    folder: str
    segment: str
    count: int
    rules_sha256: str
    manifest_sha256: str
    snapshot: int | None = None
    expired: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class CampaignStep:
    """Something that was done to a campaign: the state it came to, when, and by whom.

    `detail` says more, such as the settings that changed, or why a scheduled campaign was held.
    """

    at: dt.datetime
    author: str
    state: CampaignState
    detail: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Campaign:
    """A campaign: whom it goes to (To), its send settings and its state; times are aware UTC.

    `include` is in the order of priority, `exports` in the order in which they were made.
    `revision` goes up with every change, by whoever is the `author` of the last one; `number` is
    the library's own and stays.
    """

    name: str
    include: tuple[RecipientSource, ...]
    created: dt.datetime
    updated: dt.datetime
    exports: tuple[ExportRecord, ...] = ()
    exclude: tuple[RecipientSource, ...] = ()
    settings: SendSettings = field(default_factory=SendSettings)
    state: CampaignState = "draft"
    revision: int = 1
    author: str = ""
    number: int = field(default=0, compare=False)

    @property
    def recipients(self) -> tuple[str, ...]:
        """The names of what it goes to."""
        return tuple(source.name for source in self.include)

    @property
    def recipe(self) -> Recipe:
        """All that decides who its final recipients are."""
        settings = self.settings
        return Recipe(
            self.include,
            self.exclude,
            settings.channel,
            settings.keep,
            settings.without,
            settings.split,
        )


def campaign_name(name: str) -> str:
    """The name with its white space tidied; `LibraryError` where it cannot name a campaign."""
    clean = " ".join(name.split())
    if not clean or len(clean) > LONGEST_NAME or not clean.isprintable():
        raise LibraryError(
            f"A campaign needs a name of 1 to {LONGEST_NAME} printable characters, "
            f"not {name[:LONGEST_NAME]!r}."
        )
    return clean
