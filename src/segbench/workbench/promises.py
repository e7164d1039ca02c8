"""What exporting would hand over now, exactly to whom, and the files of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from segbench.audience.campaign import Confirmation, confirmation
from segbench.audience.export import USUAL, ExportOptions, write_export
from segbench.audience.manifest import Manifest
from segbench.audience.recipient_rows import RecipientRows, Told, told_names
from segbench.audience.recipients import Audience, Claim
from segbench.engine.membership import Membership
from segbench.errors import ExportError
from segbench.model.campaign import Campaign, campaign_name
from segbench.model.campaign_split import HOLD_OUT
from segbench.model.recipe import Recipe
from segbench.model.rules import Group
from segbench.model.segment import Segment
from segbench.workbench.audiences import (
    ResolvedRecipe,
    find_audience,
    recipe_sentence,
    resolve,
    sources_label,
    split_audience,
)
from segbench.workbench.promise_facts import manifest_facts

if TYPE_CHECKING:
    from segbench.workbench.workbench import Workbench


@dataclass(frozen=True)
class Promise:
    """What is agreed to, and all that is needed to write it.

    `segment` is the rules of who is included and not excluded, `saved` what they refer to.
    `audience` is None where all who match are exported.
    """

    agreed: Confirmation
    segment: Segment
    saved: Mapping[str, Group]
    members: Membership
    audience: Audience | None = None
    groups: Mapping[str, Membership] | None = None
    resolved: ResolvedRecipe | None = None


def promise_segment(workbench: Workbench, campaign: str, segment: str) -> Promise:
    """All contacts of a saved segment, reachable or not."""
    groups = workbench.library.groups()
    saved = workbench.library.segment(segment).segment
    members = workbench.members(saved.group, groups)
    agreed = confirmation(
        campaign=campaign_name(campaign),
        segment=saved.name,
        sentence=workbench.describe(saved.group),
        count=len(members),
        members_sha256=members.sha256,
        snapshot=workbench.engine.snapshot.id,
        as_of=workbench.as_of,
    )
    return Promise(agreed, saved, groups, members)


def promise_recipe(
    workbench: Workbench, campaign: str, recipe: Recipe, revision: int | None = None
) -> Promise:
    """The final recipients of a recipe, less those held out; `ExportError` where that is nobody."""
    resolved = resolve(workbench, recipe)
    audience = find_audience(workbench, recipe, resolved)
    groups = split_audience(workbench, audience)
    held_out = groups.get(HOLD_OUT)
    members = audience.final if held_out is None else audience.final - held_out
    label = sources_label(recipe)
    if not members:
        raise ExportError(f"The campaign {campaign!r} has nobody to send to.")
    agreed = Confirmation(
        campaign_name(campaign),
        label,
        _sentence(workbench, recipe, resolved),
        len(members),
        members.sha256,
        workbench.engine.snapshot.id,
        workbench.as_of,
        recipe,
        len(audience.chosen.matching),
        len(audience.chosen.excluded),
        audience.ladder.unreachable,
        0 if held_out is None else len(held_out),
        revision,
    )
    segment = Segment(label, resolved.group)
    return Promise(agreed, segment, resolved.saved, members, audience, groups, resolved)


def promise_campaign(workbench: Workbench, campaign: Campaign) -> Promise:
    """What handing the campaign off would hand over now."""
    return promise_recipe(workbench, campaign.name, campaign.recipe, campaign.revision)


def write_promise(
    workbench: Workbench,
    promise: Promise,
    folder: Path,
    now: dt.datetime,
    columns: Sequence[str] | None,
    progress: Callable[[int], None] | None = None,
    options: ExportOptions = USUAL,
) -> Manifest:
    """Write the files of a promise: the columns that were chosen, and what the campaign tells."""
    chosen = workbench.columns(columns)
    told = _told(workbench, promise, chosen)
    return write_export(
        folder=folder,
        engine=RecipientRows(workbench.engine, told),
        members=promise.members,
        columns=(*chosen, *(each.name for each in told)),
        manifest_facts=manifest_facts(workbench, promise, now),
        progress=progress,
        options=options,
    )


def _told(workbench: Workbench, promise: Promise, chosen: Sequence[str]) -> list[Told]:
    """The list that claimed each recipient, where there are several, and its group of a split."""
    audience = promise.audience
    if audience is None:
        return []
    include = audience.chosen.include
    claimed = {label: claim.members for label, claim in zip(_labels(include), include, strict=True)}
    parts = [claimed] * (len(include) > 1) + [dict(promise.groups or {})] * bool(promise.groups)
    fields = [*chosen, *(field.name for field in workbench.catalog.fields)]
    names = told_names(fields, claimed=len(include) > 1, split=bool(promise.groups))
    total = workbench.contacts_total
    return [Told.of(name, part, total) for name, part in zip(names, parts, strict=True)]


def _labels(claims: Sequence[Claim]) -> list[str]:
    """The names of sources; those of the same name with their kind behind it."""
    names = [claim.source.name.casefold() for claim in claims]
    return [
        source.name
        if names.count(source.name.casefold()) == 1
        else f"{source.name} ({source.words})"
        for source in (claim.source for claim in claims)
    ]


def _sentence(workbench: Workbench, recipe: Recipe, resolved: ResolvedRecipe) -> str:
    if len(recipe.include) == 1 and not recipe.exclude:
        return workbench.describe(resolved.rules[recipe.include[0]])
    return recipe_sentence(workbench, resolved)
