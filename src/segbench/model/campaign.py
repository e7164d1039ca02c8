"""Campaigns: whom a message goes to, and what was exported for it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from segbench.errors import LibraryError
from segbench.model.segment import LONGEST_NAME


@dataclass(frozen=True, slots=True)
class ExportRecord:
    """One frozen export of a campaign, as the library remembers it.

    `created` is aware UTC, `count` the contacts exported, `folder` where the files were written,
    and `segment` the recipient segment's name at that time. The SHA-256 sums (hex) hold its rules
    and its `manifest.json`, so later changes to either show.

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
class Campaign:
    """A campaign: its recipients (To) are names of saved segments; times are aware UTC.

    `exports` are in the order in which they were made.
    """

    name: str
    recipients: tuple[str, ...]
    created: dt.datetime
    updated: dt.datetime
    exports: tuple[ExportRecord, ...] = ()


def campaign_name(name: str) -> str:
    """The name with its white space tidied; `LibraryError` where it cannot name a campaign."""
    clean = " ".join(name.split())
    if not clean or len(clean) > LONGEST_NAME or not clean.isprintable():
        raise LibraryError(
            f"A campaign needs a name of 1 to {LONGEST_NAME} printable characters, "
            f"not {name[:LONGEST_NAME]!r}."
        )
    return clean
