"""The review of a campaign in a workbench: what it looks at is gathered here, and judged below."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from segbench.audience.recipients import Audience
from segbench.audience.review import ReviewFacts, ReviewIssue, message_fields, review
from segbench.errors import CampaignError, NotSaved, RuleError, UnknownName
from segbench.model.campaign import Campaign
from segbench.model.recipe import Recipe, RecipientSource, Role
from segbench.model.rules import FieldRule
from segbench.workbench.audiences import find_audience, rules_of
from segbench.workbench.handed_files import file_issues
from segbench.workbench.ladders import count_suppressed_addresses, joined_field

if TYPE_CHECKING:
    from segbench.workbench.workbench import Workbench


@dataclass(frozen=True)
class Reviewed:
    """A campaign with its issues and, where its sources can be evaluated, its audience."""

    campaign: Campaign
    issues: tuple[ReviewIssue, ...]
    audience: Audience | None


def review_campaign(
    workbench: Workbench, campaign: Campaign, *, at_its_time: bool = False
) -> Reviewed:
    """Look a campaign through, as it is given here, saved or not; changes nothing.

    `at_its_time` a schedule that has come is no fault.
    """
    files = file_issues(workbench, campaign.settings)
    sources = (*_source_issues(workbench, campaign.recipe), *files)
    audience = _audience(workbench, campaign.recipe)
    settings = campaign.settings
    snapshot = workbench.engine.snapshot
    now = workbench.clock()
    due = settings.due
    facts = ReviewFacts(
        settings,
        audience,
        sources,
        _lacking(workbench, campaign, audience),
        workbench.settings.sending,
        min(now, due - dt.timedelta(minutes=1)) if at_its_time and due is not None else now,
        snapshot.committed.replace(tzinfo=dt.UTC),
        workbench.pinned_as_of,
        last_sent(workbench, campaign),
        joined_field(workbench) is not None,
        0
        if audience is None
        else count_suppressed_addresses(workbench, audience.final, settings.channel),
    )
    return Reviewed(campaign, review(facts), audience)


def last_sent(workbench: Workbench, campaign: Campaign) -> tuple[str, int] | None:
    """The campaign that was exported last, other than this one, and to how many contacts."""
    found = [
        (record.created, other.name, record.count)
        for other in workbench.library.campaigns()
        if other.number != campaign.number
        for record in other.exports
    ]
    if not found:
        return None
    _, name, count = max(found)
    return name, count


def _audience(workbench: Workbench, recipe: Recipe) -> Audience | None:
    try:
        return find_audience(workbench, recipe)
    except (RuleError, NotSaved):
        return None


def _source_issues(workbench: Workbench, recipe: Recipe) -> Iterator[ReviewIssue]:
    """What is wrong with the sources: rules that cannot be asked or are odd, what is archived."""
    archived = {
        name for name, status in workbench.library.statuses().items() if status == "archived"
    }
    roles: tuple[Role, ...] = ("include", "exclude")
    for role in roles:
        for at, source in enumerate(getattr(recipe, role)):
            yield from _issues_of(workbench, source, f"{role}.{at}", archived)
    try:
        for name in recipe.without:
            workbench.catalog.field(name)
    except UnknownName as error:
        yield ReviewIssue("error", "required-field", str(error), "settings.without")


def _issues_of(
    workbench: Workbench, source: RecipientSource, place: str, archived: set[str]
) -> Iterator[ReviewIssue]:
    try:
        rules = rules_of(workbench, source)
    except (RuleError, NotSaved) as error:
        yield ReviewIssue("error", "source", str(error), place)
        return
    if source.kind == "segment" and source.name in archived:
        message = f"The segment “{source.name}” is archived."
        yield ReviewIssue("warning", "archived", message, place)
    for issue in workbench.issues(rules):
        message = f"“{source.name}”: {issue.message}"
        odd = issue.level == "warning"
        yield ReviewIssue("warning" if odd else "error", issue.code, message, place)


def _lacking(
    workbench: Workbench, campaign: Campaign, audience: Audience | None
) -> dict[str, int | None]:
    try:
        fields = message_fields(campaign.settings)
    except CampaignError:
        return {}
    return {field: _count_lacking(workbench, field, audience) for field in fields}


def _count_lacking(workbench: Workbench, field: str, audience: Audience | None) -> int | None:
    try:
        workbench.catalog.field(field)
    except UnknownName:
        return None
    if audience is None:
        return 0
    return len(workbench.members(FieldRule(field, "is_empty")) & audience.final)
