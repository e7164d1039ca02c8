"""What a campaign may export, under which name, and what is confirmed before. Pure functions."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass

from segbench.errors import ExportError, near_names, offer
from segbench.model.campaign import Campaign

LONGEST_SLUG = 80
"""The most UTF-8 bytes of a campaign's name in a folder name; file systems allow 255 in all."""

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What somebody agrees to before recipients are exported; equal ones promise the same.

    `snapshot` is the id of the contact data that was counted.
    """

    campaign: str
    segment: str
    sentence: str
    count: int
    snapshot: int

    @property
    def question(self) -> str:
        """The question that the confirm step asks."""
        who = "1 contact" if self.count == 1 else f"{self.count:,} contacts"
        return f"Export {who} of “{self.segment}” to the campaign “{self.campaign}”?"


def recipient(campaign: Campaign, segment: str | None = None) -> str:
    """The name of the recipient segment to export: the one asked for, else the only one.

    `ExportError` where the campaign has no recipients, has several and none was chosen, or the one
    asked for is not among them.
    """
    names = campaign.recipients
    if not names:
        raise ExportError(
            f"The campaign {campaign.name!r} has no recipients yet: choose a segment."
        )
    if segment is None:
        if len(names) > 1:
            listed = ", ".join(map(repr, names))
            raise ExportError(f"The campaign {campaign.name!r} has several recipients: {listed}.")
        return names[0]
    if segment not in names:
        raise ExportError(
            f"{segment!r} is no recipient of the campaign {campaign.name!r}"
            f"{offer(near_names(segment, names))}"
        )
    return segment


def confirmation(
    campaign: Campaign, segment: str, sentence: str, count: int, snapshot: int
) -> Confirmation:
    """What to confirm before exporting; `ExportError` where there is nobody to export."""
    name = recipient(campaign, segment)
    if count < 1:
        raise ExportError(f"The segment {name!r} has nobody to export.")
    return Confirmation(campaign.name, name, sentence, count, snapshot)


def export_folder_name(campaign: str, now: dt.datetime, id: str) -> str:
    """A folder name such as `20261023-093000-spring-sale-ab12cd34`, in UTC: safe on every system.

    The time in front sorts exports and keeps clear of names that Windows reserves; letters of any
    script stay, everything else becomes a hyphen. `ExportError` where the id is not 1 to 64 ASCII
    letters, digits, `-` or `_`.
    """
    if now.tzinfo is None:
        raise ValueError(f"Give an aware time, such as datetime.now(UTC), not {now!r}.")
    if not _ID.fullmatch(id):
        raise ExportError(f"{id[:80]!r} cannot be the id of an export.")
    return f"{now.astimezone(dt.UTC):%Y%m%d-%H%M%S}-{slug(campaign)}-{id}"


def slug(name: str) -> str:
    """The name in lower case with one hyphen for all that is no letter, mark or digit."""
    plain = unicodedata.normalize("NFKC", name).lower()
    kept = "".join(c if unicodedata.category(c)[0] in "LMN" else "-" for c in plain)
    short = kept.encode("utf-8", "ignore")[:LONGEST_SLUG].decode("utf-8", "ignore")
    return re.sub("-+", "-", short).strip("-") or "campaign"
