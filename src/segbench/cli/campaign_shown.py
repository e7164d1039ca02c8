"""What `segbench campaign` prints of a campaign: as a page for people, as JSON for machines."""

from __future__ import annotations

from typing import Any

import click

from segbench.audience.ladder import Rung
from segbench.audience.recipients import Audience, Claim
from segbench.audience.review import ReviewIssue
from segbench.cli.shown import table
from segbench.model.campaign import Campaign, CampaignStep
from segbench.model.campaign_states import STATE_WORDS
from segbench.model.codec import to_data
from segbench.model.recipe import RecipientSource
from segbench.model.send_settings import LABELS
from segbench.model.send_settings_form import settings_data, split_text

LEVELS = {"error": "must be mended", "warning": "look at it", "note": "note"}


def campaign_data(campaign: Campaign) -> dict[str, Any]:
    """The campaign as plain JSON values."""
    return {
        "campaign": campaign.name,
        "state": campaign.state,
        "revision": campaign.revision,
        "author": campaign.author,
        "created": campaign.created.isoformat(),
        "updated": campaign.updated.isoformat(),
        "settings": settings_data(campaign.settings),
        "include": [_source_data(source) for source in campaign.include],
        "exclude": [_source_data(source) for source in campaign.exclude],
        "exports": [
            {
                "export": record.id,
                "created": record.created.isoformat(),
                "segment": record.segment,
                "count": record.count,
                "folder": record.folder,
                "manifest_sha256": record.manifest_sha256,
            }
            for record in campaign.exports
        ],
    }


def audience_data(audience: Audience) -> dict[str, Any]:
    """The numbers of an audience as plain JSON values."""
    ladder = audience.ladder
    return {
        "include": [_claim_data(claim) for claim in audience.chosen.include],
        "exclude": [_claim_data(claim) for claim in audience.chosen.exclude],
        "matching": len(audience.chosen.matching),
        "excluded": len(audience.chosen.excluded),
        "ladder": [
            {
                "reason": rung.key,
                "alone": rung.alone,
                "taken": rung.taken,
                "left": rung.left,
                **({"why": rung.why} if rung.why else {}),
            }
            for rung in ladder.rungs
        ],
        "pairs": [
            {"reasons": list(pair), "contacts": count} for pair, count in ladder.pairs.items()
        ],
        "final": len(audience.final),
        "groups": dict(audience.sizes),
        "sent_to": audience.count,
    }


def issues_data(issues: tuple[ReviewIssue, ...]) -> list[dict[str, str]]:
    """The issues of a review as plain JSON values."""
    return [
        {"level": i.level, "code": i.code, "message": i.message, "place": i.place} for i in issues
    ]


def show_campaign(campaign: Campaign, steps: tuple[CampaignStep, ...]) -> None:
    """Print what a campaign is."""
    by = f" by {campaign.author}" if campaign.author else ""
    click.echo(f"{campaign.name}: {STATE_WORDS[campaign.state]}, revision {campaign.revision}{by}")
    data = settings_data(campaign.settings)
    for name, label in LABELS.items():
        if name in data:
            click.echo(f"  {label}: {_setting(campaign, name)}")
    for role, sources in (("To", campaign.include), ("Not to", campaign.exclude)):
        for source in sources:
            click.echo(f"  {role}: {source.name} ({source.words})")
    for record in campaign.exports:
        click.echo(f"  Export {record.id}: {record.count:,} recipients, {record.folder}")
    for step in steps:
        if held := step.detail.get("held"):
            click.echo(f"  Held on {step.at:%Y-%m-%d %H:%M} UTC: {held}")


def show_audience(audience: Audience) -> None:
    """Print the numbers of an audience."""
    chosen, ladder = audience.chosen, audience.ladder
    rows: list[list[Any]] = []
    for role, claims in (("To", chosen.include), ("Not to", chosen.exclude)):
        rows += [[claim.alone, claim.count, f"{role}: {claim.source.name}"] for claim in claims]
    if rows:
        table(["contacts", "decides", "source"], rows)
        click.echo()
    steps: list[list[Any]] = [[len(chosen.matching), "match"]]
    steps.append([-len(chosen.excluded), "excluded"])
    steps += [[-rung.taken, _rung(rung)] for rung in ladder.rungs]
    steps.append([len(audience.final), "final recipients"])
    steps += [[size, f"in group {name}"] for name, size in audience.sizes.items()]
    table(["contacts", "step"], steps)


def show_issues(issues: tuple[ReviewIssue, ...]) -> None:
    """Print the issues of a review, one a line."""
    for issue in issues:
        click.echo(f"{LEVELS[issue.level]}: {issue.message}")


def _setting(campaign: Campaign, name: str) -> str:
    value = getattr(campaign.settings, name)
    if name == "split":
        return split_text(value)
    if name == "fallbacks":
        return ", ".join(f"{field}={text}" for field, text in value)
    if name == "send_at":
        return f"{value:%Y-%m-%d %H:%M}"
    if name == "personal":
        return "yes" if value else "no"
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def _rung(rung: Rung) -> str:
    return rung.label if rung.alone is not None else f"{rung.label} (not checked: {rung.why})"


def _claim_data(claim: Claim) -> dict[str, Any]:
    source = claim.source
    return {"kind": source.kind, "name": source.name, "alone": claim.alone, "decides": claim.count}


def _source_data(source: RecipientSource) -> dict[str, Any]:
    data: dict[str, Any] = {"kind": source.kind, "name": source.name}
    return data | {"rules": to_data(source.rules)} if source.rules is not None else data
