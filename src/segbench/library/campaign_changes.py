"""A change of a campaign as a value, and what others changed since somebody last saw it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from segbench.errors import LibraryError
from segbench.library.campaign_steps import steps_of
from segbench.library.saved import shown
from segbench.model.campaign import Campaign, CampaignStep
from segbench.model.campaign_states import STATE_WORDS
from segbench.model.recipe import RecipientSource, Role, require_sources
from segbench.model.send_settings import LABELS, SendSettings
from segbench.model.send_settings_form import changed_settings

WORDS = {**LABELS, "name": "name", "include": "Recipient (To)", "exclude": "excluded"}


@dataclass(frozen=True, slots=True)
class CampaignChange:
    """What is to be other about a campaign; None stays as it is."""

    name: str | None = None
    settings: SendSettings | None = None
    include: tuple[RecipientSource, ...] | None = None
    exclude: tuple[RecipientSource, ...] | None = None

    def __post_init__(self) -> None:
        for _, sources in self.sources:
            require_sources(sources)

    @property
    def sources(self) -> Iterator[tuple[Role, tuple[RecipientSource, ...]]]:
        """The roles whose sources are to be other."""
        if self.include is not None:
            yield "include", self.include
        if self.exclude is not None:
            yield "exclude", self.exclude

    def differs(self, before: Campaign) -> tuple[str, ...]:
        """What it changes of the campaign: names of settings, `name`, `include`, `exclude`."""
        found = []
        if self.name is not None and " ".join(self.name.split()) != before.name:
            found.append("name")
        for role, sources in self.sources:
            if sources != getattr(before, role):
                found.append(role)
        if self.settings is not None:
            found += changed_settings(before.settings, self.settings)
        return tuple(found)


def refuse_unseen(connection: sa.Connection, row: sa.Row[Any], seen: int | None) -> None:
    """`LibraryError` with who changed what, where the campaign is newer than what was seen."""
    if seen is None or seen == row.revision:
        return
    later = [step for step in steps_of(connection, row.id) if step.detail.get("revision", 0) > seen]
    told = "; ".join(map(_told, later)) or f"revision {row.revision}, you saw {seen}"
    raise LibraryError(
        f"The campaign {row.name!r} was changed meanwhile: {told}. Nothing was overwritten: open "
        "it again and make your change there."
    )


def _told(step: CampaignStep) -> str:
    who, changed = step.author or "somebody", step.detail.get("changed")
    if changed:
        what = "changed " + ", ".join(WORDS.get(name, name) for name in changed)
    else:
        what = f"made it {STATE_WORDS[step.state]}"
    return f"{who} {what} at {shown(step.at)}"
