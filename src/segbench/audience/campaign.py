"""What a campaign may export, under which name, and what is confirmed before. Pure functions."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass

from segbench.errors import ExportError
from segbench.model.recipe import Recipe

LONGEST_SLUG = 80
"""The most UTF-8 bytes of a campaign's name in a folder name; file systems allow 255 in all."""

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What somebody agrees to before recipients are exported; equal ones promise the same.

    `members_sha256` stands for exactly these contacts of that snapshot, whatever the sentence
    leaves out of long lists; `as_of` is naive UTC.

    With a `recipe` they are its final recipients: of those `matching`, some are `excluded`, some
    `unreachable`, some `held_out`. Without one they are all who match, reachable or not. `revision`
    is that of the campaign, where it is handed off with this.
    """

    campaign: str
    segment: str
    sentence: str
    count: int
    members_sha256: str
    snapshot: int
    as_of: dt.datetime
    recipe: Recipe | None = None
    matching: int = 0
    excluded: int = 0
    unreachable: int = 0
    held_out: int = 0
    revision: int | None = None

    @property
    def question(self) -> str:
        """The question that the confirm step asks."""
        if self.recipe is None:
            return f"Export {_contacts(self.count)} of “{self.segment}” to the campaign " + (
                f"“{self.campaign}”?"
            )
        act = "Hand off" if self.revision is not None else "Export"
        to = f"{act} {_recipients(self.count)} of “{self.segment}” "
        return f"{to}{'for' if self.revision is not None else 'to'} the campaign “{self.campaign}”?"

    @property
    def account(self) -> str:
        """How the number came about, in one sentence; "" where all who match are exported."""
        if self.recipe is None:
            return ""
        parts = [f"{self.matching:,} match"]
        if self.recipe.exclude:
            parts.append(f"{self.excluded:,} are excluded")
        parts.append(f"{self.unreachable:,} cannot be reached")
        if self.held_out:
            parts.append(f"{self.held_out:,} are held out")
        return f"{', '.join(parts[:-1])} and {parts[-1]}: {_recipients(self.count)}."


def confirmation(
    *,
    campaign: str,
    segment: str,
    sentence: str,
    count: int,
    members_sha256: str,
    snapshot: int,
    as_of: dt.datetime,
) -> Confirmation:
    """What to confirm before exporting all who match; `ExportError` where that is nobody."""
    if count < 1:
        raise ExportError(f"The segment {segment!r} has nobody to export.")
    return Confirmation(campaign, segment, sentence, count, members_sha256, snapshot, as_of)


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


def _contacts(count: int) -> str:
    return "1 contact" if count == 1 else f"{count:,} contacts"


def _recipients(count: int) -> str:
    return "1 recipient" if count == 1 else f"{count:,} recipients"
