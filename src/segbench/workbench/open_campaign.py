"""One campaign of a workbench, worked on step by step in Python."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from segbench.audience.campaign import Confirmation
from segbench.audience.recipients import Audience
from segbench.errors import CampaignError
from segbench.library.campaign_changes import CampaignChange
from segbench.model.campaign import Campaign, ExportRecord
from segbench.model.campaign_split import Split
from segbench.model.describe import phrase
from segbench.model.recipe import (
    RecipientSource,
    Role,
    list_source,
    rules_source,
    segment_source,
)
from segbench.model.rules import RuleOrGroup, as_group
from segbench.model.segment import LONGEST_NAME, Segment
from segbench.model.smart_list import SmartList
from segbench.workbench import scheduling, sending
from segbench.workbench.audiences import find_audience
from segbench.workbench.reviewing import Reviewed

if TYPE_CHECKING:
    from segbench.workbench.workbench import Workbench

Source = str | SmartList | Segment | RuleOrGroup | RecipientSource
BUILT = "Built here"
"""What rules are called that are more than one row."""


class OpenCampaign:
    """A saved campaign; every change is saved at once, and refused where others changed it.

    `LibraryError` says what they changed; `reload` takes it over.
    """

    def __init__(self, workbench: Workbench, campaign: Campaign) -> None:
        self.workbench, self.campaign = workbench, campaign

    def __repr__(self) -> str:
        known, to = self.campaign, ", ".join(self.campaign.recipients) or "nobody"
        return f"<Campaign {known.name!r}: {known.state}, to {to}>"

    def reload(self) -> OpenCampaign:
        """The same, as the library has it now."""
        self.campaign = self.workbench.library.campaign(self.campaign.name)
        return self

    def set(self, **settings: Any) -> OpenCampaign:
        """With other send settings, such as `subject="Hello"`; `CampaignError` for wrong ones."""
        try:
            new = replace(self.campaign.settings, **settings)
        except TypeError as error:
            raise CampaignError(f"A campaign has no such setting: {error}.") from None
        return self._change(CampaignChange(settings=new))

    def rename(self, name: str) -> OpenCampaign:
        """Under another name."""
        return self._change(CampaignChange(name=name))

    def to(self, *sources: Source) -> OpenCampaign:
        """Sent to these, the most important first, instead of those before.

        A saved segment by its name, a saved smart list, a `Segment` or rules of its own, or a
        recipient source.
        """
        return self._put("include", sources)

    def exclude(self, *sources: Source) -> OpenCampaign:
        """Not sent to these, instead of those before."""
        return self._put("exclude", sources)

    def split(self, shares: Mapping[str, float] | None, **parts: Any) -> OpenCampaign:
        """Split into groups: `{"A": 45, "B": 45, "hold-out": 10}`; None for no split.

        `parts` are those of a `Split`, such as `seed`, `baseline` and `difference`.
        """
        if shares is None:
            return self.set(split=None)
        seed = {"seed": self.campaign.name}
        return self.set(split=Split(tuple(shares.items()), **(seed | parts)))

    def audience(self) -> Audience:
        """Matching, excluded, the reachability ladder and the final recipients, as of now."""
        return find_audience(self.workbench, self.campaign.recipe)

    def review(self) -> Reviewed:
        """What is wrong or odd; where nothing must be mended, the campaign is reviewed."""
        reviewed = sending.mark_reviewed(self.workbench, self.campaign.name, self.campaign.revision)
        self.campaign = reviewed.campaign
        return reviewed

    def confirm(self) -> Confirmation:
        """What somebody agrees to by handing it to `send` or `schedule`: a count and a sentence."""
        if self.campaign.settings.due is not None:
            return scheduling.confirm_schedule(self.workbench, self.campaign.name)
        return sending.confirm_sending(self.workbench, self.campaign.name)

    def send(self, agreed: Confirmation) -> ExportRecord:
        """Hand it off: the final recipients are frozen and attached."""
        record = sending.send(self.workbench, agreed)
        self.reload()
        return record

    def schedule(self, agreed: Confirmation) -> OpenCampaign:
        """Put it on the schedule for its time of sending."""
        self.campaign = scheduling.schedule(self.workbench, agreed)
        return self

    def withdraw(self) -> OpenCampaign:
        """Take it off the schedule."""
        self.campaign = scheduling.withdraw(self.workbench, self.campaign.name)
        return self

    def cancel(self) -> OpenCampaign:
        """Cancel it."""
        self.campaign = scheduling.cancel(self.workbench, self.campaign.name)
        return self

    def _put(self, role: Role, sources: tuple[Source, ...]) -> OpenCampaign:
        chosen = tuple(map(as_source, sources))
        change = CampaignChange(include=chosen) if role == "include" else None
        return self._change(change or CampaignChange(exclude=chosen))

    def _change(self, change: CampaignChange) -> OpenCampaign:
        self.campaign = scheduling.changed(self.workbench, self.campaign, change)
        return self


def as_source(given: Source) -> RecipientSource:
    """The recipient source that somebody means; rules are called by their row."""
    match given:
        case RecipientSource():
            return given
        case str():
            return segment_source(given)
        case SmartList():
            return list_source(given.name)
        case Segment():
            return rules_source(given.name, given.group)
        case _:
            rules = as_group(given)
            name = phrase(rules.rules[0]) if len(rules.rules) == 1 else BUILT
            return rules_source(name[:LONGEST_NAME], rules)


def find_campaign(workbench: Workbench, name: str, create: bool, like: str | None) -> OpenCampaign:
    """The campaign of that name, or a new one."""
    library = workbench.library
    if not create:
        return OpenCampaign(workbench, library.campaign(name))
    now, zone = workbench.clock(), str(workbench.zone)
    made = library.mailings.create(name, now, workbench.author, like, zone)
    return OpenCampaign(workbench, made)
